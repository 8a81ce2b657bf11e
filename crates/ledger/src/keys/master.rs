//! The master key: 32 bytes that the operator keeps outside the ledger.

use crate::bytes::{self, hex, random, unhex};
use crate::error::{Error, Result};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

const NONCE: usize = 12;

/// Wraps data keys. Whoever has it can read the ledger.
#[derive(Clone)]
pub struct MasterKey(ChaCha20Poly1305);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(..)")
    }
}

/// Makes a file with a new master key, for its owner alone.
///
/// # Errors
/// When the file is there already or cannot be written.
pub fn new_master_key(path: &Path) -> Result<()> {
    if path.exists() {
        let why = "the file is there already; a master key is never replaced".to_owned();
        return Err(Error::MasterKey { from: path.display().to_string(), why });
    }
    bytes::write_whole(path, format!("{}\n", hex(&random::<32>())).as_bytes(), true)
}

impl MasterKey {
    /// From a file with 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the file cannot be read or holds something else.
    pub fn from_file(path: &Path) -> Result<Self> {
        let from = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|e| Error::MasterKey { from: from.clone(), why: e.to_string() })?;
        Self::from_text(&text, from)
    }

    /// From the output of a command, run by the shell: the way to a key service.
    ///
    /// # Errors
    /// When the command fails or prints something else than 64 hexadecimal digits.
    pub fn from_command(command: &str) -> Result<Self> {
        let wrong = |why: String| Error::MasterKey { from: format!("the command `{command}`"), why };
        let output = Command::new("sh").args(["-c", command]).output().map_err(|e| wrong(e.to_string()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(wrong(format!("it ended with {}: {}", output.status, said.trim())));
        }
        let text = String::from_utf8(output.stdout).map_err(|_| wrong("its output is not text".to_owned()))?;
        Self::from_text(&text, format!("the command `{command}`"))
    }

    /// From 64 hexadecimal digits; `from` names where they stand.
    ///
    /// # Errors
    /// When it is something else.
    pub fn from_text(text: &str, from: String) -> Result<Self> {
        let why = "expected 64 hexadecimal digits and nothing else".to_owned();
        let key: [u8; 32] = unhex(text.trim()).ok_or(Error::MasterKey { from, why })?;
        Ok(Self(ChaCha20Poly1305::new(&Key::from(key))))
    }

    /// Encrypts a key; `about` must be the same when it is opened.
    pub(super) fn wrap(&self, secret: &[u8], about: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = random();
        let sealed = self.0.encrypt(&Nonce::from(nonce), Payload { msg: secret, aad: about });
        let mut wrapped = nonce.to_vec();
        wrapped.extend(sealed.expect("a key is short enough to be encrypted"));
        wrapped
    }

    /// Decrypts a key; `None` when this is not the key that wrapped it, or it was altered.
    pub(super) fn unwrap(&self, wrapped: &[u8], about: &[u8]) -> Option<[u8; 32]> {
        let (nonce, sealed) = wrapped.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        self.0.decrypt(&Nonce::from(nonce), Payload { msg: sealed, aad: about }).ok()?.try_into().ok()
    }
}
