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
    /// Whether other replicas make and destroy keys, too.
    is_shared: bool,
}

#[derive(Debug, Default)]
struct Keys {
    /// Every key that is there, with what it is for.
    known: BTreeMap<KeyId, KeyInfo>,
    opened: BTreeMap<KeyId, DataKey>,
    /// The greatest number that was ever given.
    last: u32,
}

impl Keys {
    /// The key of a class and period.
    fn of(&self, class: &str, period: &str) -> Option<(KeyId, DataKey)> {
        let is_it = |info: &&KeyInfo| info.class == class && info.period == period;
        let info = self.known.values().find(is_it)?;
        Some((info.key, self.opened.get(&info.key)?.clone()))
    }
}

/// Whether another replica made a key under the same number.
fn is_taken(error: &Error) -> bool {
    match error {
        Error::KeyTaken { .. } => true,
        Error::Shared(error) => is_taken(error),
        _ => false,
    }
}

impl KeyRing {
    /// Reads which keys there are.
    pub(crate) fn open(layout: &Layout, id: LedgerId, master: MasterKey) -> Result<Self> {
        let is_shared = layout.shared().exists();
        let keys = Mutex::new(Self::there(layout, id, &master)?);
        Ok(Self { layout: layout.clone(), id, master, keys, is_shared })
    }

    /// Whether other replicas make and destroy keys, too.
    pub(crate) fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// The keys of the folder.
    fn there(layout: &Layout, id: LedgerId, master: &MasterKey) -> Result<Keys> {
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
                let (key, info) = KeyFile::open(layout, id, master, KeyId(number))?;
                keys.known.insert(info.key, info);
                keys.opened.insert(KeyId(number), key);
            }
        }
        Ok(keys)
    }

    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A key by its number; `None` when it was destroyed.
    pub(crate) fn get(&self, key: KeyId) -> Result<Option<DataKey>> {
        let mut keys = self.keys();
        let is_gone = || !KeyFile::path(&self.layout, key).exists();
        if self.is_shared && is_gone() {
            keys.known.remove(&key);
            keys.opened.remove(&key);
        }
        if let Some(key) = keys.opened.get(&key) {
            return Ok(Some(key.clone()));
        }
        // Another process may have made it since.
        if is_gone() {
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
        made: impl Fn(&KeyInfo, &Digest) -> Result<()>,
    ) -> Result<(KeyId, DataKey)> {
        let mut keys = self.keys();
        loop {
            if let Some(found) = keys.of(class, period) {
                return Ok(found);
            }
            let info = KeyInfo { key: KeyId(keys.last + 1), class: class.to_owned(), period: period.to_owned() };
            let (key, digest) = KeyFile::make(&self.layout, self.id, &self.master, &info)?;
            keys.last += 1;
            match made(&info, &digest) {
                // Its number is another replica's now, and its key may be the one that is wanted.
                Err(error) if is_taken(&error) => *keys = Self::there(&self.layout, self.id, &self.master)?,
                done => {
                    done?;
                    KeyFile::put(&self.layout, info.key)?;
                    keys.opened.insert(info.key, key);
                    keys.known.insert(info.key, info);
                }
            }
        }
    }

    /// Every key that is there.
    pub(crate) fn known(&self) -> Result<Vec<KeyInfo>> {
        let mut keys = self.keys();
        if self.is_shared {
            *keys = Self::there(&self.layout, self.id, &self.master)?;
        }
        Ok(keys.known.values().cloned().collect())
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

    /// The file that says that a key was destroyed.
    fn gone(&self, key: KeyId) -> PathBuf {
        KeyFile::path(&self.layout, key).with_extension("gone")
    }
}
