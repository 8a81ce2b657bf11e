//! What can go wrong with a data directory.

use crate::error::Error;
use std::io;
use std::path::PathBuf;

/// Why something cannot be done with a data directory.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system refused.
    #[error("{}: {cause}", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The directory is not there.
    #[error("{} does not exist; `tidewaiter lists fetch --data-dir DIR` makes one and fills it", path.display())]
    Missing {
        /// The directory.
        path: PathBuf,
    },
    /// It is a file.
    #[error("{} is a file, expected a directory that `tidewaiter lists fetch` has filled", path.display())]
    NotADirectory {
        /// The file.
        path: PathBuf,
    },
    /// The directory is not one of ours.
    #[error("{} is not a data directory: no list was ever fetched into it; `tidewaiter lists fetch --data-dir DIR` fills it", path.display())]
    NotADataDirectory {
        /// The directory.
        path: PathBuf,
    },
    /// A history is not what this program writes.
    #[error("{}: {problem}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: HistoryError,
    },
    /// What was remembered of list files cannot be read.
    #[error("{}: {problem}", path.display())]
    Remembered {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A kept file is no longer the one that was fetched.
    #[error("{}: the file was changed or damaged since it was fetched: expected SHA-256 {expected}, found {found}", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// SHA-256 when it was fetched.
        expected: String,
        /// SHA-256 now.
        found: String,
    },
    /// A publication cannot be read as a list.
    #[error("{0}")]
    List(#[from] Error),
    /// No publication is quarantined that could be accepted.
    #[error("{publication}: no publication is quarantined; expected the id of one of: {quarantined}")]
    NothingToAccept {
        /// Id of the publication asked for.
        publication: String,
        /// Ids of those that have one quarantined, or `none`.
        quarantined: String,
    },
    /// Another publication has come than the one that a person has seen.
    #[error("{publication}: another publication has come since, {found}; look at it first")]
    Newer {
        /// Id of the publication.
        publication: String,
        /// Digest of the one that is there now.
        found: String,
    },
    /// No publication is in force that could be taken out of it.
    #[error("{publication}: no publication of it is in force")]
    NothingInForce {
        /// Id of the publication.
        publication: String,
    },
}

/// What is wrong with the history of a publication.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// It is not JSON of this form.
    #[error("expected the history of a publication as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A newer program wrote it.
    #[error("expected version {known} of the format, found version {found}; a newer program wrote it")]
    Version {
        /// Version in the file.
        found: u32,
        /// Version that this program reads.
        known: u32,
    },
    /// The publication in force is missing.
    #[error("expected the publication in force, {digest}, in the history, where it is missing")]
    NotInHistory {
        /// Its digest.
        digest: String,
    },
}
