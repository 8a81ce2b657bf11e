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

mod disk;
mod record;

pub use record::{Attempt, Held, HeldFile, HeldList, Note, Outcome, Record, State, Validator, Validators};

use super::guard::{self, Expected, Limits};
use super::{Error as ListError, ListInfo, Snapshot, Source};
use crate::entry::ListId;
use disk::Steps;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
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

/// Publications kept apart; older ones go.
const MAX_QUARANTINED: usize = 3;

/// Files that belong to nothing are removed after this; before it another process may be about to use them.
const ORPHAN_AGE: SignedDuration = SignedDuration::from_hours(24);

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

/// What became of a fetched publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is the one in force.
    Unchanged,
    /// It came into force.
    InForce {
        /// Rows that came, went and changed against the one before; all rows for the first.
        added: usize,
        /// Rows that went.
        removed: usize,
        /// Rows that differ.
        changed: usize,
        /// Rows now.
        rows: usize,
        /// Day of publication.
        published: Option<Date>,
    },
    /// It is kept apart, for these reasons.
    Quarantined(Vec<String>),
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

    /// Changes a history, alone among all processes.
    fn change<T>(
        &self,
        publication: &str,
        change: impl FnOnce(&Self, &mut Record) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let lock = self.lock_file()?;
        lock.lock().map_err(|cause| Error::Io { path: self.root.join("lock"), cause })?;
        let mut record = self.record(publication)?;
        let before = record.clone();
        let done = change(self, &mut record)?;
        if record != before {
            let path = self.record_path(publication);
            disk::write(&self.steps, &path, record.to_json().as_bytes()).map_err(|cause| Error::Io { path, cause })?;
        }
        Ok(done)
    }

    /// Takes in the files of a publication, whole and in the order of their names, and says what becomes of it. The
    /// files are moved.
    ///
    /// # Errors
    /// When the directory cannot be written, or the publication in force cannot be read; then nothing has changed.
    /// A publication that cannot be read is quarantined, which is no error.
    pub fn take(
        &self,
        publication: &str,
        files: &[(String, PathBuf)],
        fetched: &Fetched,
        expected: &Expected,
        limits: Limits,
    ) -> Result<Fate, Error> {
        let (digest, held_files) = measured(files)?;
        let record = self.record(publication)?;
        if record.in_force.as_deref() == Some(&digest) {
            self.note_success(publication, fetched.at, Outcome::Unchanged, "unchanged", Some(&fetched.validators))?;
            return Ok(Fate::Unchanged);
        }
        let folder = self.root.join("raw").join(&digest);
        disk::move_in(&self.steps, files, &folder).map_err(|cause| Error::Io { path: folder.clone(), cause })?;
        let mut held = Held {
            digest,
            files: held_files,
            fetched_at: fetched.at,
            published: None,
            lists: Vec::new(),
            state: State::Quarantined,
            reasons: Vec::new(),
            accepted: None,
            in_force_from: None,
        };
        let path = self.path_of(&held);
        let after = Snapshot::load(&[Source::Path(path)]);
        let before = self.snapshot_in_force(&record)?;
        let mut sizes = (0, 0, 0);
        match &after {
            Ok(after) => {
                held.describe(after);
                held.reasons = guard::objections(before.as_ref(), after, expected, limits);
                match &before {
                    Some(before) => {
                        for list in super::delta::of_entries(before.entries(), after.entries()) {
                            sizes.0 += list.added.len();
                            sizes.1 += list.removed.len();
                            sizes.2 += list.changed.len();
                        }
                    }
                    None => sizes.0 = after.entries().len(),
                }
            }
            Err(error) => held.reasons.push(error.to_string()),
        }
        if held.reasons.is_empty() {
            held.state = State::Accepted;
            held.in_force_from = Some(fetched.at);
        }
        let fate = if held.reasons.is_empty() {
            let (added, removed, changed) = sizes;
            Fate::InForce {
                added,
                removed,
                changed,
                rows: after.map_or(0, |s| s.entries().len()),
                published: held.published,
            }
        } else {
            Fate::Quarantined(held.reasons.clone())
        };
        self.change(publication, |_, record| {
            // Another process may have been faster.
            if record.in_force.as_deref() == Some(&held.digest) {
                return Ok(());
            }
            record.checked(fetched.at, &fate, Some(&fetched.validators));
            record.publications.retain(|h| h.digest != held.digest);
            if held.state == State::Accepted {
                record.in_force = Some(held.digest.clone());
            }
            record.publications.push(held);
            Ok(())
        })?;
        Ok(fate)
    }

    fn snapshot_in_force(&self, record: &Record) -> Result<Option<Snapshot>, Error> {
        let Some(held) = record.in_force() else { return Ok(None) };
        Ok(Some(Snapshot::load(&[Source::Path(self.path_of(held))])?))
    }

    /// Notes that the publisher has nothing newer.
    ///
    /// # Errors
    /// When the history cannot be written.
    pub fn note_unchanged(&self, publication: &str, at: Timestamp) -> Result<(), Error> {
        self.change(publication, |_, record| {
            record.failures = 0;
            // While the newest publication is kept apart, the one in force grows old.
            if record.quarantined().next().is_none() {
                record.checked_at = Some(at);
                record.last = Some(Attempt { at, outcome: Outcome::Unchanged, line: "not modified".to_owned() });
            }
            Ok(())
        })
    }

    /// Copies a file of the newest publication fetched, because the publisher says that it is still as it was.
    ///
    /// # Errors
    /// When it is not kept any more, or cannot be copied.
    pub fn copy_of(&self, record: &Record, name: &str, to: &Path) -> Result<(), Error> {
        let folder = self.root.join("raw");
        let held = record.publications.iter().max_by_key(|h| h.fetched_at);
        let path = held.map_or_else(|| folder.clone(), |h| folder.join(&h.digest).join(name));
        fs::copy(&path, to).map_err(|cause| Error::Io { path, cause })?;
        Ok(())
    }

    fn note_success(
        &self,
        publication: &str,
        at: Timestamp,
        outcome: Outcome,
        line: &str,
        validators: Option<&Validators>,
    ) -> Result<(), Error> {
        self.change(publication, |_, record| {
            record.checked_at = Some(at);
            record.failures = 0;
            record.last = Some(Attempt { at, outcome, line: line.to_owned() });
            if let Some(validators) = validators {
                record.validators.clone_from(validators);
            }
            Ok(())
        })
    }

    /// Notes that an attempt failed, and says how many have since the last success.
    ///
    /// # Errors
    /// When the history cannot be written.
    pub fn note_failure(&self, publication: &str, at: Timestamp, why: &str) -> Result<u32, Error> {
        self.change(publication, |_, record| {
            record.failures = record.failures.saturating_add(1);
            record.last = Some(Attempt { at, outcome: Outcome::Failed, line: why.to_owned() });
            Ok(record.failures)
        })
    }

    /// Puts the newest quarantined publication into force, by a person's word. It must still be readable.
    ///
    /// # Errors
    /// When nothing is quarantined, the publication cannot be read, or the history cannot be written.
    pub fn accept(&self, publication: &str, note: &str, at: Timestamp) -> Result<Held, Error> {
        let record = self.record(publication)?;
        let Some(held) = record.quarantined().last() else {
            let waiting: Vec<_> = self
                .records()?
                .into_iter()
                .filter(|r| r.quarantined().next().is_some())
                .map(|r| r.publication)
                .collect();
            let waiting = if waiting.is_empty() { "none".to_owned() } else { waiting.join(", ") };
            return Err(Error::NothingToAccept(publication.to_owned(), waiting));
        };
        let digest = held.digest.clone();
        let after = Snapshot::load(&[Source::Path(self.path_of(held))])?;
        self.change(publication, |_, record| {
            let held = record.publications.iter_mut().find(|h| h.digest == digest);
            let held = held.ok_or_else(|| Error::NothingToAccept(publication.to_owned(), "none".to_owned()))?;
            held.describe(&after);
            held.state = State::Accepted;
            held.accepted = Some(Note { at, text: note.to_owned() });
            held.in_force_from = Some(at);
            let held = held.clone();
            record.in_force = Some(digest.clone());
            Ok(held)
        })
    }

    /// Removes what is neither in force nor within the retention, and files that belong to nothing. Gives the bytes
    /// freed.
    ///
    /// # Errors
    /// When the directory cannot be read or written.
    pub fn prune(&self, retention: Retention, now: Timestamp) -> Result<u64, Error> {
        for record in self.records()? {
            self.change(&record.publication, |_, record| {
                record.prune(retention, MAX_QUARANTINED, now);
                Ok(())
            })?;
        }
        let lock = self.lock_file()?;
        lock.lock().map_err(|cause| Error::Io { path: self.root.join("lock"), cause })?;
        let records = self.records()?;
        let used: BTreeSet<&str> = records.iter().flat_map(|r| &r.publications).map(|h| h.digest.as_str()).collect();
        let folder = self.root.join("raw");
        disk::remove_others(&self.steps, &folder, &used, now - ORPHAN_AGE)
            .map_err(|cause| Error::Io { path: folder.clone(), cause })
    }
}

/// What the download says about the files.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// When.
    pub at: Timestamp,
    /// What the publisher gave to ask again with.
    pub validators: Validators,
}

impl Stored {
    /// How it is named as the source of its lists.
    pub(super) fn source(&self) -> String {
        format!("{}, fetched {}", self.publication, self.held.fetched_at)
    }
}

impl Held {
    /// Takes over what a parsed publication says about itself.
    fn describe(&mut self, snapshot: &Snapshot) {
        let lists = snapshot.lists();
        self.published = lists.iter().filter_map(|l: &ListInfo| l.published).max();
        self.lists = lists.iter().map(|l| HeldList { id: l.id.clone(), entries: l.entries, names: l.names }).collect();
    }

    /// Whether the list is in it.
    pub fn holds(&self, list: &ListId) -> bool {
        self.lists.iter().any(|l| l.id == *list)
    }

    /// The day by which it was known: that of its publication, or of the fetch.
    pub fn known_from(&self) -> Date {
        self.published.unwrap_or_else(|| self.fetched_at.to_zoned(TimeZone::UTC).date())
    }
}

/// The digest of the publication, and each file's own.
fn measured(files: &[(String, PathBuf)]) -> Result<(String, Vec<HeldFile>), Error> {
    let mut held = Vec::with_capacity(files.len());
    for (name, path) in files {
        let bytes = fs::metadata(path).map_err(|cause| Error::Io { path: path.clone(), cause })?.len();
        held.push(HeldFile { name: name.clone(), sha256: sha256_of(path)?, bytes });
    }
    let digest = match &held[..] {
        [one] => one.sha256.clone(),
        many => {
            let text: String = many.iter().map(|f| format!("{} {}\n", f.sha256, f.name)).collect();
            hex(&Sha256::digest(text.as_bytes()))
        }
    };
    Ok((digest, held))
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
#[path = "store/tests.rs"]
mod tests;
