//! The data directory: what publishers published, kept as fetched, with what is known about it.
//!
//! ```text
//! DIR/lock                            held shared by readers, alone by writers
//! DIR/raw/<digest>/<file>             the files of a publication as fetched; never changed once there
//! DIR/publications/<id>.json          its history, which one is in force, and how the last attempts went
//! DIR/partial/<id>/                   downloads under way, resumed by the next attempt
//! ```
//! Every step leaves the old state or the new: files are written beside their place, flushed and renamed, and a
//! publication comes into force by the one rename of its history. Several processes may share a directory. Everything
//! here blocks.

mod change;
mod disk;
mod record;

pub use change::{Fate, Fetched};
pub use record::{Attempt, Held, HeldFile, HeldList, Note, Outcome, Record, State, Validator, Validators};

use super::Error as ListError;
use disk::Steps;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::entry::ListId;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Publications kept although a newer one is in force, and the days for which they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Days; what was in force within them is kept.
    pub days: u32,
    /// Publications that are kept however old.
    pub at_least: usize,
}

impl Default for Retention {
    /// Two years and a bit, so that a day of the year before last can be asked for.
    fn default() -> Self {
        Self { days: 800, at_least: 3 }
    }
}

/// A data directory.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
    steps: Steps,
}

/// What cannot be done with a data directory.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("{}: {cause}", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A history is not what this program writes.
    #[error("{}: {problem}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A kept file is not the one that was fetched.
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
    List(#[from] ListError),
    /// Nothing is kept apart that could be accepted.
    #[error("{0}: no publication is quarantined; expected the id of one of: {1}")]
    NothingToAccept(String, String),
}

/// A publication in the directory, ready to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Id of the publication.
    pub publication: String,
    /// What is known about it.
    pub held: Held,
    /// The file, or the folder of its files.
    pub path: PathBuf,
    /// When the publisher last confirmed it.
    pub checked_at: Option<Timestamp>,
}

impl Store {
    /// Opens a directory, making it when it is not there.
    ///
    /// # Errors
    /// When it cannot be made or written to.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let store = Self { root: root.to_owned(), steps: Steps::default() };
        for folder in ["raw", "publications", "partial"] {
            let path = root.join(folder);
            fs::create_dir_all(&path).map_err(|cause| Error::Io { path, cause })?;
        }
        store.lock_file()?;
        Ok(store)
    }

    /// Opens a directory to read it; one that is not there is a misspelt one, not an empty one.
    ///
    /// # Errors
    /// When it is not there.
    pub fn existing(root: &Path) -> Result<Self, Error> {
        match fs::metadata(root.join("publications")) {
            Ok(_) => Self::open(root),
            Err(cause) => Err(Error::Io { path: root.to_owned(), cause }),
        }
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the downloads of a publication are kept until they are whole.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn partial(&self, publication: &str) -> Result<PathBuf, Error> {
        let path = self.root.join("partial").join(publication);
        fs::create_dir_all(&path).map_err(|cause| Error::Io { path: path.clone(), cause })?;
        Ok(path)
    }

    /// Holds a publication for one download at a time, over all processes; `None` when another one has it.
    ///
    /// # Errors
    /// When the lock cannot be made.
    pub fn hold(&self, publication: &str) -> Result<Option<File>, Error> {
        let path = self.partial(publication)?.join("lock");
        let file = disk::open_lock(&path).map_err(|cause| Error::Io { path: path.clone(), cause })?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(cause)) => Err(Error::Io { path, cause }),
        }
    }

    /// The publications in force, those of many lists first, so that a publisher's own file wins over a collection.
    ///
    /// # Errors
    /// When a history cannot be read.
    pub fn current(&self) -> Result<Vec<Stored>, Error> {
        self.select(|record| record.in_force().cloned())
    }

    /// The publications that were known on a day: of each the last that was published by then, or, where it does
    /// not say when, fetched by then. A publication that was first seen later is not among them.
    ///
    /// # Errors
    /// When a history cannot be read.
    pub fn known_on(&self, day: Date) -> Result<Vec<Stored>, Error> {
        self.select(|record| record.known_on(day).cloned())
    }

    fn select(&self, choose: impl Fn(&Record) -> Option<Held>) -> Result<Vec<Stored>, Error> {
        let mut chosen = Vec::new();
        for record in self.records()? {
            if let Some(held) = choose(&record) {
                let path = self.path_of(&held);
                let Record { publication, checked_at, .. } = record;
                chosen.push(Stored { publication, path, held, checked_at });
            }
        }
        chosen.sort_by(|a, b| {
            b.held.lists.len().cmp(&a.held.lists.len()).then_with(|| a.publication.cmp(&b.publication))
        });
        Ok(chosen)
    }

    /// The histories, in order of their ids.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn records(&self) -> Result<Vec<Record>, Error> {
        let folder = self.root.join("publications");
        let mut ids = Vec::new();
        let listing = fs::read_dir(&folder).map_err(|cause| Error::Io { path: folder.clone(), cause })?;
        for item in listing {
            let name = item.map_err(|cause| Error::Io { path: folder.clone(), cause })?.file_name();
            let name = name.to_string_lossy();
            // What is being written has another ending.
            if let Some(id) = name.strip_suffix(".json").filter(|id| !id.starts_with('.')) {
                ids.push(id.to_owned());
            }
        }
        ids.sort_unstable();
        ids.iter().map(|id| self.record(id)).collect()
    }

    /// The history of a publication; an empty one when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn record(&self, publication: &str) -> Result<Record, Error> {
        let path = self.record_path(publication);
        match fs::read(&path) {
            Ok(bytes) => Record::parse(&bytes).map_err(|problem| Error::Damaged { path, problem }),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Record::new(publication)),
            Err(cause) => Err(Error::Io { path, cause }),
        }
    }

    fn record_path(&self, publication: &str) -> PathBuf {
        self.root.join("publications").join(format!("{publication}.json"))
    }

    fn path_of(&self, held: &Held) -> PathBuf {
        let folder = self.root.join("raw").join(&held.digest);
        match &held.files[..] {
            [one] => folder.join(&one.name),
            _ => folder,
        }
    }

    /// Reads publications, all or nothing, after a check that no file was changed. While it reads, no other process
    /// removes or changes anything.
    ///
    /// # Errors
    /// When a file was changed, or a list cannot be read.
    pub(super) fn reading<T>(&self, read: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        let lock = self.lock_file()?;
        lock.lock_shared().map_err(|cause| Error::Io { path: self.root.join("lock"), cause })?;
        read(self)
    }

    /// Checks that the files are those that were fetched.
    pub(super) fn verify(&self, stored: &Stored) -> Result<(), Error> {
        let folder = self.root.join("raw").join(&stored.held.digest);
        for file in &stored.held.files {
            let path = folder.join(&file.name);
            let found = sha256_of(&path)?;
            if found != file.sha256 {
                return Err(Error::Changed { path, expected: file.sha256.clone(), found });
            }
        }
        Ok(())
    }

    fn lock_file(&self) -> Result<File, Error> {
        let path = self.root.join("lock");
        disk::open_lock(&path).map_err(|cause| Error::Io { path, cause })
    }
}

impl Stored {
    /// How it is named as the source of its lists.
    pub(super) fn source(&self) -> String {
        format!("{}, fetched {}", self.publication, self.held.fetched_at)
    }
}

impl Held {
    /// Whether the list is in it.
    pub fn holds(&self, list: &ListId) -> bool {
        self.lists.iter().any(|l| l.id == *list)
    }

    /// The day by which it was known: that of its publication, or of the fetch.
    pub fn known_from(&self) -> Date {
        self.published.unwrap_or_else(|| self.fetched_at.to_zoned(TimeZone::UTC).date())
    }
}

/// SHA-256 of a file, 64 hexadecimal digits.
pub(crate) fn sha256_of(path: &Path) -> Result<String, Error> {
    let io = |cause| Error::Io { path: path.to_owned(), cause };
    let mut file = File::open(path).map_err(io)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 18]);
    loop {
        let read = file.read(&mut buffer).map_err(io)?;
        if read == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut out, byte| {
        out.push_str(&format!("{byte:02x}"));
        out
    })
}

#[cfg(test)]
mod tests;
