//! Why something about a ledger failed: what, where, and what to do.

use crate::case::Stale;
use jiff::Timestamp;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a ledger could not be opened, written, read or checked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{what} {}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The disk is full. What was not written is not in the ledger.
    #[error("the disk of {} is full: the record was not written; free space or move the ledger", path.display())]
    Full {
        /// The file that could not grow.
        path: PathBuf,
    },
    /// The folder holds no ledger.
    #[error("{} holds no ledger: it has no ledger.json; `tidewaiter ledger init` makes one", path.display())]
    NotALedger {
        /// The folder.
        path: PathBuf,
    },
    /// A new ledger was to be made where something is already.
    #[error("{} is not empty; expected a new or empty folder", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// Another program writes it.
    #[error("the ledger {} is open for writing in another process; stop it, or ask the service (--server)", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The master key is another one than the ledger was made with.
    #[error("wrong master key for the ledger {}: it does not open {file}", path.display())]
    WrongMasterKey {
        /// The folder.
        path: PathBuf,
        /// The file that it does not open.
        file: String,
    },
    /// The master key could not be had.
    #[error("master key from {from}: {why}")]
    MasterKey {
        /// The file or command.
        from: String,
        /// What is wrong and what was expected.
        why: String,
    },
    /// A file is not as it was written.
    #[error("{}: damaged at byte {offset}{}: {why}", path.display(), record.map(|n| format!(" (record {n})")).unwrap_or_default())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first byte of what is damaged.
        offset: u64,
        /// The record that stands there, where that is known.
        record: Option<u64>,
        /// What is wrong.
        why: String,
    },
    /// A file belongs to another ledger.
    #[error("{}: belongs to the ledger {found}; expected {expected}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Whose it is.
        found: String,
        /// Whose it should be.
        expected: String,
    },
    /// The log ends before what was signed.
    #[error("the log of {} ends after {size} records, and a signed tree head covers {signed}: records are lost; restore the log from a copy", path.display())]
    Lost {
        /// The folder.
        path: PathBuf,
        /// Records that are there.
        size: u64,
        /// Records that were.
        signed: u64,
    },
    /// The place of a shared ledger failed.
    #[error("the ledger in {place}: {why}")]
    Database {
        /// The place, without a password.
        place: String,
        /// What failed, and what was expected.
        why: String,
    },
    /// A shared ledger and the copy of it are not the same.
    #[error("the ledger in {place} is not the one that {} is a copy of: {why}; one of them was altered or restored from an older state, and nothing is recorded: verify both, and keep the copy", path.display())]
    Apart {
        /// The folder of the copy.
        path: PathBuf,
        /// The place, without a password.
        place: String,
        /// Where they differ.
        why: String,
    },
    /// What a record would rest on has moved since it was looked at.
    #[error("another {kind} record came meanwhile, and nothing was done: look again")]
    Moved {
        /// The kind of the records that came.
        kind: &'static str,
    },
    /// Another replica made a data key under this number.
    #[error("another replica has made the key {key} meanwhile")]
    KeyTaken {
        /// The number.
        key: u32,
    },
    /// The clock stands before the last record.
    #[error("the clock says {now}, before the last record of {last}: nothing is recorded until the clock is right")]
    ClockBack {
        /// Time of the last record.
        last: Timestamp,
        /// Time now.
        now: Timestamp,
    },
    /// A signed head could not be stamped.
    #[error("the command `{command}` gave no time stamp: {why}")]
    Stamp {
        /// The command.
        command: String,
        /// What is wrong and what was expected.
        why: String,
    },
    /// Nobody waits for it any more.
    #[error("it was given up before it was done")]
    Cancelled,
    /// There is no such record.
    #[error("there is no record {number}; the ledger has {size}, numbered from 0")]
    NoRecord {
        /// The number asked for.
        number: u64,
        /// How many there are.
        size: u64,
    },
    /// The record's key was destroyed.
    #[error("record {number} is erased: its key {key} was destroyed")]
    Erased {
        /// The record.
        number: u64,
        /// Its key.
        key: u32,
    },
    /// The record is of another kind than was asked for.
    #[error("record {number} is a {found} record; expected {expected}")]
    OtherKind {
        /// The record.
        number: u64,
        /// What it is.
        found: &'static str,
        /// What was asked for.
        expected: &'static str,
    },
    /// A file of settings is wrong.
    #[error("{file}: {message}")]
    Settings {
        /// The file.
        file: String,
        /// What is wrong and what was expected.
        message: String,
    },
    /// The index failed.
    #[error("the index {}: {source}; it can be deleted, and is rebuilt from the log", path.display())]
    Index {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// A kept list, policy or other file is missing or not what its name says.
    #[error("{what} {digest} is not kept in the ledger: {why}")]
    NotKept {
        /// What it is.
        what: &'static str,
        /// Its digest.
        digest: String,
        /// Why.
        why: String,
    },
    /// A step in a case came too late, or is not allowed.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// What was asked for cannot be done as the ledger stands.
    #[error("{0}")]
    Refused(String),
    /// The writer has stopped after an earlier fault.
    #[error("the ledger takes no more records: {0}")]
    Stopped(String),
    /// A fault that several waited for.
    #[error(transparent)]
    Shared(Arc<Error>),
}

/// What everything here returns.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of the file system, with what was tried; a full disk has its own.
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full { path }
            }
            _ => Self::Io { what, path, source },
        }
    }

    pub(crate) fn damaged(path: &Path, offset: u64, record: Option<u64>, why: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), offset, record, why: why.into() }
    }
}
