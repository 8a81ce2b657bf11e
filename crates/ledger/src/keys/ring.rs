//! The data keys of an open ledger: found by class and period, opened once.

use super::data::{DataKey, KeyFile, KeyId, KeyInfo};
use super::master::MasterKey;
use crate::bytes::{self, Digest};
use crate::error::{Error, Result};
use crate::layout::{Layout, LedgerId};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The data keys.
#[derive(Debug)]
pub(crate) struct KeyRing {
    layout: Layout,
    id: LedgerId,
    master: MasterKey,
    keys: Mutex<Keys>,
}

#[derive(Debug, Default)]
struct Keys {
    /// Every key that is there, with what it is for.
    known: BTreeMap<KeyId, KeyInfo>,
    opened: BTreeMap<KeyId, DataKey>,
    /// The greatest number that was ever given.
    last: u32,
}

impl KeyRing {
    /// Reads which keys there are.
    pub(crate) fn open(layout: &Layout, id: LedgerId, master: MasterKey) -> Result<Self> {
        let folder = layout.keys();
        let mut keys = Keys::default();
        for file in fs::read_dir(&folder).map_err(Error::io("read the folder", &folder))? {
            let name = file.map_err(Error::io("read the folder", &folder))?.file_name();
            let Some((stem, ending)) = name.to_str().and_then(|n| n.split_once('.')) else { continue };
            let Ok(number) = stem.parse() else { continue };
            if ending == "made" {
                continue;
            }
            keys.last = keys.last.max(number);
            if ending == "key" {
                let (key, info) = KeyFile::open(layout, id, &master, KeyId(number))?;
                keys.known.insert(info.key, info);
                keys.opened.insert(KeyId(number), key);
            }
        }
        Ok(Self { layout: layout.clone(), id, master, keys: Mutex::new(keys) })
    }

    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A key by its number; `None` when it was destroyed.
    pub(crate) fn get(&self, key: KeyId) -> Result<Option<DataKey>> {
        let mut keys = self.keys();
        if let Some(key) = keys.opened.get(&key) {
            return Ok(Some(key.clone()));
        }
        // Another process may have made it since.
        if !KeyFile::path(&self.layout, key).exists() {
            return Ok(None);
        }
        let (opened, info) = KeyFile::open(&self.layout, self.id, &self.master, key)?;
        keys.known.insert(key, info);
        keys.opened.insert(key, opened.clone());
        Ok(Some(opened))
    }

    /// The key of a class and period; where there is none, one is made, and `made` records it.
    ///
    /// The file gets its place when the record is written: a crash between the two leaves a key that nothing uses.
    pub(crate) fn of(
        &self,
        class: &str,
        period: &str,
        made: impl FnOnce(&KeyInfo, &Digest) -> Result<()>,
    ) -> Result<(KeyId, DataKey)> {
        let mut keys = self.keys();
        let is_it = |info: &&KeyInfo| info.class == class && info.period == period;
        if let Some(info) = keys.known.values().find(is_it)
            && let Some(key) = keys.opened.get(&info.key)
        {
            return Ok((info.key, key.clone()));
        }
        let info = KeyInfo { key: KeyId(keys.last + 1), class: class.to_owned(), period: period.to_owned() };
        let (key, digest) = KeyFile::make(&self.layout, self.id, &self.master, &info)?;
        keys.last += 1;
        made(&info, &digest)?;
        KeyFile::put(&self.layout, info.key)?;
        keys.opened.insert(info.key, key.clone());
        let id = info.key;
        keys.known.insert(id, info);
        Ok((id, key))
    }

    /// Every key that is there.
    pub(crate) fn known(&self) -> Vec<KeyInfo> {
        self.keys().known.values().cloned().collect()
    }

    /// Destroys a key. A file without anything in it stays, so that the number is never given again.
    pub(crate) fn destroy(&self, key: KeyId) -> Result<()> {
        let mut keys = self.keys();
        bytes::write_whole(&self.gone(key), b"", false)?;
        KeyFile::destroy(&self.layout, key)?;
        keys.known.remove(&key);
        keys.opened.remove(&key);
        Ok(())
    }

    fn gone(&self, key: KeyId) -> PathBuf {
        KeyFile::path(&self.layout, key).with_extension("gone")
    }
}
