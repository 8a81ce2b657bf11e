//! The data directory, and what readers ask of it.

use super::digest::sha256_of;
use super::disk::{self, Steps};
use super::error::StoreError;
use super::record::{Held, Record};
use jiff::Timestamp;
use jiff::civil::Date;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A data directory.
#[derive(Clone, Debug)]
pub struct Store {
    pub(super) root: PathBuf,
    pub(super) steps: Steps,
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
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        let store = Self { root: root.to_owned(), steps: Steps::default() };
        for folder in ["raw", "publications", "partial"] {
            let path = root.join(folder);
            fs::create_dir_all(&path).map_err(|cause| StoreError::Io { path, cause })?;
        }
        store.lock_file()?;
        Ok(store)
    }

    /// Opens a directory to read it, and makes nothing: one that is not there is a misspelt one, not an empty one.
    ///
    /// # Errors
    /// When it is not there, is not a directory, or no list was ever fetched into it.
    pub fn existing(root: &Path) -> Result<Self, StoreError> {
        let path = || root.to_owned();
        match fs::metadata(root) {
            Ok(found) if !found.is_dir() => return Err(StoreError::NotADirectory { path: path() }),
            Ok(_) => {}
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Err(StoreError::Missing { path: path() }),
            Err(cause) => return Err(StoreError::Io { path: path(), cause }),
        }
        if !root.join("publications").is_dir() {
            return Err(StoreError::NotADataDirectory { path: path() });
        }
        Ok(Self { root: path(), steps: Steps::default() })
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the downloads of a publication are kept until they are whole.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn partial(&self, publication: &str) -> Result<PathBuf, StoreError> {
        let path = self.root.join("partial").join(publication);
        fs::create_dir_all(&path).map_err(|cause| StoreError::Io { path: path.clone(), cause })?;
        Ok(path)
    }

    /// Holds a publication for one download at a time, over all processes; `None` when another one has it.
    ///
    /// # Errors
    /// When the lock cannot be made.
    pub fn hold(&self, publication: &str) -> Result<Option<File>, StoreError> {
        let path = self.partial(publication)?.join("lock");
        let file = disk::open_lock(&path).map_err(|cause| StoreError::Io { path: path.clone(), cause })?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(cause)) => Err(StoreError::Io { path, cause }),
        }
    }

    /// The publications in force, those of many lists first, so that a publisher's own file wins over a collection.
    ///
    /// # Errors
    /// When a history cannot be read.
    pub fn current(&self) -> Result<Vec<Stored>, StoreError> {
        self.select(|record| record.in_force().cloned())
    }

    /// The publications that were known on a day: of each the last that was published by then, or, where it does
    /// not say when, fetched by then. A publication that was first seen later is not among them.
    ///
    /// # Errors
    /// When a history cannot be read.
    pub fn known_on(&self, day: Date) -> Result<Vec<Stored>, StoreError> {
        self.select(|record| record.known_on(day).cloned())
    }

    fn select(&self, choose: impl Fn(&Record) -> Option<Held>) -> Result<Vec<Stored>, StoreError> {
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
    pub fn records(&self) -> Result<Vec<Record>, StoreError> {
        let folder = self.root.join("publications");
        let mut ids = Vec::new();
        let listing = fs::read_dir(&folder).map_err(|cause| StoreError::Io { path: folder.clone(), cause })?;
        for item in listing {
            let name = item.map_err(|cause| StoreError::Io { path: folder.clone(), cause })?.file_name();
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
    pub fn record(&self, publication: &str) -> Result<Record, StoreError> {
        let path = self.record_path(publication);
        match fs::read(&path) {
            Ok(bytes) => Record::parse(&bytes).map_err(|problem| StoreError::Damaged { path, problem }),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Record::new(publication)),
            Err(cause) => Err(StoreError::Io { path, cause }),
        }
    }

    pub(super) fn record_path(&self, publication: &str) -> PathBuf {
        self.root.join("publications").join(format!("{publication}.json"))
    }

    pub(super) fn path_of(&self, held: &Held) -> PathBuf {
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
    pub(crate) fn reading<T>(&self, read: impl FnOnce(&Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let path = self.root.join("lock");
        // A copy without the lock, or on a disk that is read only, has no writer to wait for.
        let lock = match File::open(&path) {
            Ok(lock) => Some(lock),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => None,
            Err(cause) => return Err(StoreError::Io { path, cause }),
        };
        if let Some(lock) = &lock {
            lock.lock_shared().map_err(|cause| StoreError::Io { path, cause })?;
        }
        read(self)
    }

    /// Checks that the files are those that were fetched.
    pub(crate) fn verify(&self, stored: &Stored) -> Result<(), StoreError> {
        let folder = self.root.join("raw").join(&stored.held.digest);
        for file in &stored.held.files {
            let path = folder.join(&file.name);
            let found = sha256_of(&path)?;
            if found != file.sha256 {
                return Err(StoreError::Changed { path, expected: file.sha256.clone(), found });
            }
        }
        Ok(())
    }

    pub(super) fn lock_file(&self) -> Result<File, StoreError> {
        let path = self.root.join("lock");
        disk::open_lock(&path).map_err(|cause| StoreError::Io { path, cause })
    }
}

impl Stored {
    /// How it is named as the source of its lists.
    pub(crate) fn source(&self) -> String {
        format!("{}, fetched {}", self.publication, self.held.fetched_at)
    }
}
