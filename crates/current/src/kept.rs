//! Compiled lists kept in a file of the data directory, so that the next start reads them back rather than compile them.
//!
//! One file, `compiled/lists`, for one content of the sources and one build of the program. Whatever else it is, other, cut
//! short, changed in one bit or not to be read, it is not used: the lists are read and compiled as if it were not there, and it is
//! written anew. It is written beside its place and renamed, so that it is there whole or not at all. It may be deleted at any
//! time.
//!
//! The file has a beginning ([`MAGIC`] and the key), parts one behind the other, a table of their names, places and checksums,
//! and an end that says where the table begins and gives the checksum of beginning and table.

mod read;
mod write;

pub(super) use read::KeptFile;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// How the file begins; another form gets another number.
const MAGIC: &[u8; 16] = b"tidewaiter-kept1";
/// Bytes before the first part.
const BEGINNING: usize = MAGIC.len() + 32;
/// Bytes behind the table: where it begins, and a checksum.
const END: usize = 8 + 4;
/// Entries of a part: parts are read side by side, and each is in memory twice for a moment.
const ENTRIES: usize = 1 << 13;

/// For what the compiled lists were kept: a digest over the content of the sources and the program itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeptKey([u8; 32]);

/// Where a part stands in the file, its bytes, and their checksum.
type PartPlace = (u64, u64, u32);

/// Why kept lists are not used.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotUsed {
    /// There are none.
    #[error("none are kept yet")]
    Missing,
    /// They are those of other lists or of another build of the program.
    #[error("those kept are of other lists, or of another build of the program")]
    Other,
    /// They are not as they were written.
    #[error("those kept are damaged: {0}")]
    Damaged(#[source] io::Error),
}

impl NotUsed {
    fn damaged(problem: &str) -> Self {
        Self::Damaged(io::Error::new(io::ErrorKind::InvalidData, problem))
    }
}

/// The place of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeptLists {
    folder: PathBuf,
}

impl KeptLists {
    /// In a data directory.
    pub(super) fn of(data_dir: &Path) -> Self {
        Self { folder: data_dir.join("compiled") }
    }

    fn path(&self) -> PathBuf {
        self.folder.join("lists")
    }

    /// What lists compiled of this content by this program are kept for; `None` when the program cannot be read.
    pub(super) fn key(content: [u8; 32]) -> Option<KeptKey> {
        Some(KeptKey(Sha256::new().chain_update(program()?).chain_update(content).finalize().into()))
    }
}

/// The digest of the program that runs: another build may write and read otherwise. `None` when it cannot be read.
fn program() -> Option<[u8; 32]> {
    static PROGRAM: OnceLock<Option<[u8; 32]>> = OnceLock::new();
    *PROGRAM.get_or_init(|| {
        // The one that runs, whatever stands in its place by now.
        let running = File::open("/proc/self/exe").or_else(|_| File::open(std::env::current_exe()?));
        let mut hash = Sha256::new();
        io::copy(&mut running.ok()?, &mut HashWriter(&mut hash)).ok()?;
        Some(hash.finalize().into())
    })
}

/// Reads the program that runs, which takes a while, for whoever asks for a key.
pub(super) fn read_program() {
    program();
}

struct HashWriter<'h>(&'h mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
