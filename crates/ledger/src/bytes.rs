//! Small helpers for bytes: digests, hexadecimal digits, random bytes, files written whole.

use crate::error::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// SHA-256 over several pieces, one behind the other.
pub fn sha256(pieces: &[&[u8]]) -> Digest {
    let mut hash = Sha256::new();
    pieces.iter().for_each(|piece| hash.update(piece));
    hash.finalize().into()
}

/// Hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

/// The bytes of hexadecimal digits; `None` when they are not `N` bytes.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// Base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of base64 with padding.
pub fn unbase64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// Writes a file whole or not at all, and durably: beside it, then renamed. `is_secret`: for its owner alone.
pub(crate) fn write_whole(path: &Path, bytes: &[u8], is_secret: bool) -> Result<()> {
    // The parent of a name alone is no folder that could be opened.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = path.with_extension("new");
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    if is_secret {
        private(&mut options);
    }
    let mut file = options.open(&beside).map_err(Error::io("write", &beside))?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(source) = written {
        drop(file);
        // What is half written is nothing.
        let _gone = fs::remove_file(&beside);
        return Err(Error::io("write", path)(source));
    }
    fs::rename(&beside, path).map_err(Error::io("write", path))?;
    sync_folder(folder)
}

/// Makes names of files durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(Error::io("write the folder", folder))
}

/// Makes a folder with those above it.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))
}

#[cfg(unix)]
pub(crate) fn private(options: &mut fs::OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

#[cfg(not(unix))]
pub(crate) fn private(_options: &mut fs::OpenOptions) {}
