//! What is done to a data directory: a fetched publication taken in, quarantined or accepted, attempts noted, old
//! publications removed. Each step is one change of a history under the lock.

use super::digest::{hex, sha256_of};
use super::directory::{Store, Stored};
use super::disk;
use super::error::StoreError;
use super::record::{Attempt, Fate, Held, HeldFile, Note, Outcome, Record, Retention, State, Validators};
use crate::delta;
use crate::guard::{self, Expected, Limits};
use crate::source::snapshot_of_path;
use jiff::{SignedDuration, Timestamp};
use model::snapshot::Snapshot;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Quarantined publications that are kept; older ones are removed.
const MAX_QUARANTINED: usize = 3;

/// Files that belong to nothing are removed after this; before it another process may be about to use them.
const ORPHAN_AGE: SignedDuration = SignedDuration::from_hours(24);

/// What the download says about the files.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// When.
    pub at: Timestamp,
    /// What the publisher gave to ask again with.
    pub validators: Validators,
}

impl Store {
    /// Changes a history, while no other process does.
    fn change<T>(
        &self,
        publication: &str,
        change: impl FnOnce(&Self, &mut Record) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let lock = self.lock_file()?;
        lock.lock().map_err(|cause| StoreError::Io { path: self.root.join("lock"), cause })?;
        let mut record = self.record(publication)?;
        let before = record.clone();
        let done = change(self, &mut record)?;
        if record != before {
            let path = self.record_path(publication);
            disk::write(&self.steps, &path, record.to_json().as_bytes())
                .map_err(|cause| StoreError::Io { path, cause })?;
        }
        Ok(done)
    }

    /// Takes in the files of a publication, whole and in the order of their names, and says what becomes of it. The
    /// files are moved.
    ///
    /// # Errors
    /// When the directory cannot be written, or the publication in force cannot be read; then nothing has changed.
    /// A publication that cannot be read is quarantined, which is not an error.
    pub fn take(
        &self,
        publication: &str,
        files: &[(String, PathBuf)],
        fetched: &Fetched,
        expected: &Expected,
        limits: Limits,
    ) -> Result<Fate, StoreError> {
        self.take_noted(publication, files, fetched, None, (expected, limits))
    }

    /// As [`Store::take`], with what the person says who brings it: it stands in the history.
    ///
    /// # Errors
    /// As [`Store::take`].
    pub fn take_noted(
        &self,
        publication: &str,
        files: &[(String, PathBuf)],
        fetched: &Fetched,
        note: Option<&str>,
        (expected, limits): (&Expected, Limits),
    ) -> Result<Fate, StoreError> {
        let (digest, held_files) = measured(files)?;
        let record = self.record(publication)?;
        if record.in_force.as_deref() == Some(&digest) {
            self.note_success(publication, fetched.at, Outcome::Unchanged, "unchanged", Some(&fetched.validators))?;
            return Ok(Fate::Unchanged);
        }
        let folder = self.root.join("raw").join(&digest);
        disk::move_in(&self.steps, files, &folder).map_err(|cause| StoreError::Io { path: folder.clone(), cause })?;
        let mut held = Held {
            digest,
            files: held_files,
            fetched_at: fetched.at,
            published: None,
            lists: Vec::new(),
            state: State::Quarantined,
            reasons: Vec::new(),
            accepted: note.map(|text| Note { at: fetched.at, text: text.to_owned() }),
            in_force_from: None,
            undone: None,
        };
        let after = snapshot_of_path(&self.path_of(&held));
        let before = self.snapshot_in_force(&record)?;
        match &after {
            Ok(after) => {
                held.describe(after);
                held.reasons = guard::objections(before.as_ref(), after, expected, limits);
            }
            Err(error) => held.reasons.push(error.to_string()),
        }
        let fate = match &after {
            Ok(after) if held.reasons.is_empty() => {
                held.state = State::Accepted;
                held.in_force_from = Some(fetched.at);
                in_force(before.as_ref(), after, held.published)
            }
            _ => Fate::Quarantined(held.reasons.clone()),
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

    fn snapshot_in_force(&self, record: &Record) -> Result<Option<Snapshot>, StoreError> {
        let Some(held) = record.in_force() else { return Ok(None) };
        Ok(Some(snapshot_of_path(&self.path_of(held))?))
    }

    /// Notes that the publisher has nothing newer.
    ///
    /// # Errors
    /// When the history cannot be written.
    pub fn note_unchanged(&self, publication: &str, at: Timestamp) -> Result<(), StoreError> {
        self.change(publication, |_, record| {
            record.failures = 0;
            // While the newest publication is quarantined, the one in force grows old.
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
    pub fn copy_of(&self, record: &Record, name: &str, to: &Path) -> Result<(), StoreError> {
        let folder = self.root.join("raw");
        let held = record.publications.iter().max_by_key(|h| h.fetched_at);
        let path = held.map_or_else(|| folder.clone(), |h| folder.join(&h.digest).join(name));
        fs::copy(&path, to).map_err(|cause| StoreError::Io { path, cause })?;
        Ok(())
    }

    fn note_success(
        &self,
        publication: &str,
        at: Timestamp,
        outcome: Outcome,
        line: &str,
        validators: Option<&Validators>,
    ) -> Result<(), StoreError> {
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
    pub fn note_failure(&self, publication: &str, at: Timestamp, why: &str) -> Result<u32, StoreError> {
        self.change(publication, |_, record| {
            record.failures = record.failures.saturating_add(1);
            record.last = Some(Attempt { at, outcome: Outcome::Failed, line: why.to_owned() });
            Ok(record.failures)
        })
    }

    /// Puts the newest quarantined publication into force, because a person accepts it. It must still be readable.
    ///
    /// # Errors
    /// When nothing is quarantined, the publication cannot be read, or the history cannot be written.
    pub fn accept(&self, publication: &str, note: &str, at: Timestamp) -> Result<Held, StoreError> {
        self.accept_seen(publication, None, note, at)
    }

    /// As [`Store::accept`], and only the publication with this digest, which is the one that the person has seen.
    ///
    /// # Errors
    /// As [`Store::accept`], and when another one has come since.
    pub fn accept_seen(
        &self,
        publication: &str,
        seen: Option<&str>,
        note: &str,
        at: Timestamp,
    ) -> Result<Held, StoreError> {
        let record = self.record(publication)?;
        let newest = record.quarantined().last();
        if let (Some(held), Some(seen)) = (newest, seen)
            && held.digest != seen
        {
            return Err(StoreError::Newer { publication: publication.to_owned(), found: held.digest.clone() });
        }
        let Some(held) = newest else {
            let waiting: Vec<_> = self
                .records()?
                .into_iter()
                .filter(|r| r.quarantined().next().is_some())
                .map(|r| r.publication)
                .collect();
            let waiting = if waiting.is_empty() { "none".to_owned() } else { waiting.join(", ") };
            return Err(nothing_to_accept(publication, waiting));
        };
        let digest = held.digest.clone();
        let after = snapshot_of_path(&self.path_of(held))?;
        self.change(publication, |_, record| {
            let held = record.publications.iter_mut().find(|h| h.digest == digest);
            let held = held.ok_or_else(|| nothing_to_accept(publication, "none".to_owned()))?;
            held.describe(&after);
            held.state = State::Accepted;
            held.accepted = Some(Note { at, text: note.to_owned() });
            held.in_force_from = Some(at);
            let held = held.clone();
            record.in_force = Some(digest.clone());
            Ok(held)
        })
    }

    /// Takes the publication in force out of force, because a person says so: the accepted one before it is in force
    /// again, or none where there is none. `seen` is the digest of the one that the person means.
    ///
    /// # Errors
    /// When none is in force, another one has come into force since, the one before cannot be read, or the history cannot
    /// be written.
    pub fn undo(
        &self,
        publication: &str,
        seen: Option<&str>,
        note: &str,
        at: Timestamp,
    ) -> Result<Option<Held>, StoreError> {
        self.change(publication, |store, record| {
            let none = || StoreError::NothingInForce { publication: publication.to_owned() };
            let now = record.in_force.clone().ok_or_else(none)?;
            if seen.is_some_and(|seen| seen != now) {
                return Err(StoreError::Newer { publication: publication.to_owned(), found: now });
            }
            let place = record.publications.iter().position(|h| h.digest == now).unwrap_or_default();
            let usable = |h: &&Held| h.state == State::Accepted && h.undone.is_none();
            let before = record.publications[..place].iter().rev().find(usable).cloned();
            if let Some(before) = &before {
                snapshot_of_path(&store.path_of(before))?;
            }
            record.publications[place].undone = Some(Note { at, text: note.to_owned() });
            record.in_force = before.as_ref().map(|before| before.digest.clone());
            record.checked_at = record.in_force.as_ref().map(|_| at);
            Ok(before)
        })
    }

    /// Puts a publication into force again that was taken out of it by [`Store::undo`], because that led nowhere.
    ///
    /// # Errors
    /// When it is not kept, or the history cannot be written.
    pub fn redo(&self, publication: &str, digest: &str) -> Result<(), StoreError> {
        self.change(publication, |_, record| {
            let none = || StoreError::NothingInForce { publication: publication.to_owned() };
            let held = record.publications.iter_mut().find(|h| h.digest == digest).ok_or_else(none)?;
            held.undone = None;
            record.in_force = Some(digest.to_owned());
            Ok(())
        })
    }

    /// The entries of a publication that is kept, after a check that its files are as they were.
    ///
    /// # Errors
    /// When a file was changed, or the list cannot be read.
    pub fn snapshot_of(&self, publication: &str, held: &Held) -> Result<Snapshot, StoreError> {
        let path = self.path_of(held);
        let stored = Stored { publication: publication.to_owned(), held: held.clone(), path, checked_at: None };
        self.reading(|store| {
            store.verify(&stored)?;
            Ok(snapshot_of_path(&stored.path)?)
        })
    }

    /// Removes what is neither in force nor within the retention, and files that belong to nothing. Gives the bytes
    /// freed.
    ///
    /// # Errors
    /// When the directory cannot be read or written.
    pub fn prune(&self, retention: Retention, now: Timestamp) -> Result<u64, StoreError> {
        for record in self.records()? {
            self.change(&record.publication, |_, record| {
                record.prune(retention, MAX_QUARANTINED, now);
                Ok(())
            })?;
        }
        let lock = self.lock_file()?;
        lock.lock().map_err(|cause| StoreError::Io { path: self.root.join("lock"), cause })?;
        let records = self.records()?;
        let used: BTreeSet<&str> = records.iter().flat_map(|r| &r.publications).map(|h| h.digest.as_str()).collect();
        let folder = self.root.join("raw");
        disk::remove_others(&self.steps, &folder, &used, now - ORPHAN_AGE)
            .map_err(|cause| StoreError::Io { path: folder.clone(), cause })
    }
}

fn nothing_to_accept(publication: &str, quarantined: String) -> StoreError {
    StoreError::NothingToAccept { publication: publication.to_owned(), quarantined }
}

/// How a publication that comes into force differs from the one before; without one every entry is new.
fn in_force(before: Option<&Snapshot>, after: &Snapshot, published: Option<jiff::civil::Date>) -> Fate {
    let entries = after.entries().len();
    let Some(before) = before else {
        return Fate::InForce { added: entries, removed: 0, changed: 0, entries, published };
    };
    let (mut added, mut removed, mut changed) = (0, 0, 0);
    for list in delta::of_entries(before.entries(), after.entries()) {
        added += list.added.len();
        removed += list.removed.len();
        changed += list.changed.len();
    }
    Fate::InForce { added, removed, changed, entries, published }
}

/// The digest of the publication, and each file's own.
fn measured(files: &[(String, PathBuf)]) -> Result<(String, Vec<HeldFile>), StoreError> {
    let mut held = Vec::with_capacity(files.len());
    for (name, path) in files {
        let bytes = fs::metadata(path).map_err(|cause| StoreError::Io { path: path.clone(), cause })?.len();
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
