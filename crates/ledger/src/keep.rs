//! What records rest on, kept once by digest: lists, policies, settings, attachments.

mod entries;
mod lists;

pub use lists::{keep_snapshot, kept_snapshot};

use crate::bytes::{self, Digest, hex, sha256, unhex};
use crate::error::{Error, Result};
use crate::layout::Layout;
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use std::fs;
use std::io::Read as _;
use std::path::PathBuf;

/// The most bytes of something kept, so that a damaged file does not fill the memory.
const MAX: u64 = 1 << 30;

fn path(layout: &Layout, digest: &Digest) -> PathBuf {
    let name = hex(digest);
    layout.kept().join(&name[..2]).join(name)
}

/// Keeps bytes; gives their digest. What is kept already is not written again.
pub(crate) fn keep(layout: &Layout, bytes: &[u8]) -> Result<String> {
    let digest = sha256(&[bytes]);
    let path = path(layout, &digest);
    if !path.exists() {
        let mut deflated = Vec::with_capacity(bytes.len() / 4 + 64);
        let read = DeflateEncoder::new(bytes, Compression::default()).read_to_end(&mut deflated);
        read.map_err(Error::io("compress for", &path))?;
        // The last byte of compressed bytes has bits that mean nothing: the checksum is over those, too.
        deflated.extend(crc32fast::hash(&deflated).to_le_bytes());
        bytes::make_folder(path.parent().unwrap_or(layout.root()))?;
        bytes::write_whole(&path, &deflated, true)?;
    }
    Ok(hex(&digest))
}

/// Whether something is kept under a digest.
pub(crate) fn is_kept(layout: &Layout, digest: &str) -> bool {
    unhex(digest).is_some_and(|digest| path(layout, &digest).exists())
}

/// What is kept under a digest, as its file has it.
pub(crate) fn stored(layout: &Layout, digest: &str) -> Result<Vec<u8>> {
    let no_digest =
        || Error::NotKept { what: "the file", digest: digest.to_owned(), why: "it is no digest".to_owned() };
    let path = path(layout, &unhex(digest).ok_or_else(no_digest)?);
    fs::read(&path).map_err(Error::io("read", &path))
}

/// Keeps a file as [`stored`] gives it, if it is what its digest says.
pub(crate) fn keep_stored(layout: &Layout, digest: &str, file: &[u8]) -> Result<()> {
    let wrong = |why: String| Error::NotKept { what: "the file", digest: digest.to_owned(), why };
    let wanted = unhex(digest).ok_or_else(|| wrong("it is no digest".to_owned()))?;
    unpacked(file, &wanted).ok_or_else(|| wrong("it was altered".to_owned()))?;
    let path = path(layout, &wanted);
    bytes::make_folder(path.parent().unwrap_or(layout.root()))?;
    bytes::write_whole(&path, file, true)
}

/// What a file holds; `None`: it was altered.
fn unpacked(file: &[u8], wanted: &Digest) -> Option<Vec<u8>> {
    let (deflated, crc) = file.split_last_chunk::<4>()?;
    if crc32fast::hash(deflated).to_le_bytes() != *crc {
        return None;
    }
    let mut bytes = Vec::with_capacity(deflated.len() * 4);
    DeflateDecoder::new(deflated).take(MAX).read_to_end(&mut bytes).ok()?;
    (sha256(&[&bytes]) == *wanted).then_some(bytes)
}

/// What is kept under a digest.
pub(crate) fn kept(layout: &Layout, what: &'static str, digest: &str) -> Result<Vec<u8>> {
    let wrong = |why: String| Error::NotKept { what, digest: digest.to_owned(), why };
    let wanted = unhex(digest).ok_or_else(|| wrong("it is no digest".to_owned()))?;
    let path = path(layout, &wanted);
    let file = fs::read(&path).map_err(|e| wrong(format!("{}: {e}", path.display())))?;
    unpacked(&file, &wanted).ok_or_else(|| wrong(format!("{} was altered", path.display())))
}

/// The digests of everything kept, in order.
pub(crate) fn all(layout: &Layout) -> Result<Vec<String>> {
    let mut digests = Vec::new();
    let read = |folder: &PathBuf| match fs::read_dir(folder) {
        Ok(files) => files.collect::<std::io::Result<Vec<_>>>().map_err(Error::io("read the folder", folder)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(Error::io("read the folder", folder)(e)),
    };
    for folder in read(&layout.kept())? {
        for file in read(&folder.path())? {
            digests.push(file.file_name().to_string_lossy().into_owned());
        }
    }
    digests.sort_unstable();
    Ok(digests)
}
