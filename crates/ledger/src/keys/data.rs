//! Data keys: one for each class and period, in a file of its own.

use super::master::MasterKey;
use crate::bytes::{self, Digest, base64, random, sha256, unbase64};
use crate::error::{Error, Result};
use crate::layout::{About, Layout, LedgerId};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;

/// Names a data key, from 1; 0 stands for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeyId(pub u32);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a data key is for. A record of the log says so too, with the digest of the key's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyInfo {
    /// Which key.
    pub key: KeyId,
    /// The class of its records.
    pub class: String,
    /// Their period: a day, a month or a year, as `2020-11-30`, `2020-11`, `2020`.
    pub period: String,
}

/// A data key.
#[derive(Clone)]
pub(crate) struct DataKey(ChaCha20Poly1305);

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(..)")
    }
}

impl DataKey {
    fn new(key: [u8; 32]) -> Self {
        Self(ChaCha20Poly1305::new(&Key::from(key)))
    }

    /// Encrypts a payload. `about` must be the same when it is opened.
    pub(crate) fn seal(&self, plain: &[u8], commitment: &Digest, about: &[u8]) -> Vec<u8> {
        let sealed = self.0.encrypt(&nonce(commitment), Payload { msg: plain, aad: about });
        sealed.expect("a payload is short enough to be encrypted")
    }

    /// Decrypts a payload; `None` when it was altered.
    pub(crate) fn open(&self, sealed: &[u8], commitment: &Digest, about: &[u8]) -> Option<Vec<u8>> {
        self.0.decrypt(&nonce(commitment), Payload { msg: sealed, aad: about }).ok()
    }
}

fn nonce(commitment: &Digest) -> Nonce {
    let mut nonce = [0; 12];
    nonce.copy_from_slice(&commitment[..12]);
    Nonce::from(nonce)
}

/// The file of a data key.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyFile {
    key: KeyId,
    class: String,
    period: String,
    wrapped: String,
}

impl KeyFile {
    pub(crate) fn path(layout: &Layout, key: KeyId) -> PathBuf {
        layout.keys().join(format!("{:08}.key", key.0))
    }

    /// Where a key stands until the log has its record. What is left there after a crash was never used.
    pub(crate) fn unrecorded(layout: &Layout, key: KeyId) -> PathBuf {
        Self::path(layout, key).with_extension("made")
    }

    /// Makes a key and its file, not yet in its place; gives the digest of the file, too.
    pub(crate) fn make(layout: &Layout, id: LedgerId, master: &MasterKey, info: &KeyInfo) -> Result<(DataKey, Digest)> {
        let secret: [u8; 32] = random();
        let wrapped = base64(&master.wrap(&secret, &about(id, info)));
        let file = Self { key: info.key, class: info.class.clone(), period: info.period.clone(), wrapped };
        let mut text = serde_json::to_string(&file).expect("texts and numbers have a JSON form");
        text.push('\n');
        bytes::write_whole(&Self::unrecorded(layout, info.key), text.as_bytes(), true)?;
        Ok((DataKey::new(secret), sha256(&[text.as_bytes()])))
    }

    /// Puts a key in its place, when the log has its record.
    pub(crate) fn put(layout: &Layout, key: KeyId) -> Result<()> {
        let path = Self::path(layout, key);
        fs::rename(Self::unrecorded(layout, key), &path).map_err(Error::io("write", &path))?;
        bytes::sync_folder(&layout.keys())
    }

    /// Reads and opens a key.
    pub(crate) fn open(layout: &Layout, id: LedgerId, master: &MasterKey, key: KeyId) -> Result<(DataKey, KeyInfo)> {
        let path = Self::path(layout, key);
        let bytes = fs::read(&path).map_err(Error::io("read the key", &path))?;
        let wrong = |why: &str| Error::damaged(&path, 0, None, why);
        let file: Self = serde_json::from_slice(&bytes).map_err(|e| wrong(&e.to_string()))?;
        let info = KeyInfo { key: file.key, class: file.class, period: file.period };
        if info.key != key {
            return Err(wrong("the file names another key"));
        }
        let wrapped = unbase64(&file.wrapped).ok_or_else(|| wrong("invalid base64 in `wrapped`"))?;
        let secret = master.unwrap(&wrapped, &about(id, &info));
        let secret = secret.ok_or_else(|| wrong("the master key does not open it: it was altered"))?;
        Ok((DataKey::new(secret), info))
    }

    /// Overwrites the file and takes it away.
    pub(crate) fn destroy(layout: &Layout, key: KeyId) -> Result<()> {
        let path = Self::path(layout, key);
        let length = match fs::metadata(&path) {
            Ok(meta) => usize::try_from(meta.len()).unwrap_or(0),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(Error::io("read", &path)(e)),
        };
        let file = File::options().write(true).open(&path);
        let overwritten = file.and_then(|mut f| f.write_all(&vec![0; length]).and_then(|()| f.sync_all()));
        overwritten.map_err(Error::io("overwrite", &path))?;
        fs::remove_file(&path).map_err(Error::io("remove", &path))?;
        bytes::sync_folder(&layout.keys())
    }
}

/// What is bound to a wrapped key.
fn about(id: LedgerId, info: &KeyInfo) -> Vec<u8> {
    let mut about = id.0.to_vec();
    about.extend(info.key.0.to_le_bytes());
    about.extend(info.class.as_bytes());
    about.push(0);
    about.extend(info.period.as_bytes());
    about
}

const SEED: &str = "seal.key";

/// Keeps the seed of the signing key, wrapped; gives what its file holds.
pub(crate) fn seal_seed(layout: &Layout, ledger: &About, master: &MasterKey, seed: &[u8; 32]) -> Result<Vec<u8>> {
    let wrapped = master.wrap(seed, &seed_about(ledger));
    let file = format!("{}\n", base64(&wrapped)).into_bytes();
    bytes::write_whole(&layout.keys().join(SEED), &file, true)?;
    Ok(file)
}

/// Opens the seed of the signing key: the test of the master key.
pub(crate) fn open_seed(layout: &Layout, ledger: &About, master: &MasterKey) -> Result<[u8; 32]> {
    let path = layout.keys().join(SEED);
    let text = fs::read_to_string(&path).map_err(Error::io("read the key", &path))?;
    let wrapped = text.strip_suffix('\n').and_then(unbase64);
    let wrapped = wrapped.ok_or_else(|| Error::damaged(&path, 0, None, "expected base64 and a line feed"))?;
    let seed = master.unwrap(&wrapped, &seed_about(ledger));
    seed.ok_or_else(|| Error::WrongMasterKey { path: layout.root().to_owned(), file: format!("keys/{SEED}") })
}

fn seed_about(ledger: &About) -> Vec<u8> {
    [&ledger.id.0[..], b"seal", &ledger.public_key].concat()
}
