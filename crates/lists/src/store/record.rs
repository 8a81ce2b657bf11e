//! The history of one publication, as JSON.

use super::error::HistoryError;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use model::entry::ListId;
use model::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The form of the file; a program that knows only older ones refuses it.
const VERSION: u32 = 1;

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

/// What became of a fetched publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is the one in force.
    Unchanged,
    /// It came into force.
    InForce {
        /// Entries that are new against the publication before; all of them for the first.
        added: usize,
        /// Entries that are gone.
        removed: usize,
        /// Entries that differ.
        changed: usize,
        /// Entries now.
        entries: usize,
        /// Day of publication.
        published: Option<Date>,
    },
    /// It is quarantined, for these reasons.
    Quarantined(Vec<String>),
}

/// The history of one publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    version: u32,
    /// Id of the publication.
    pub publication: String,
    /// Digest of the one in force.
    pub in_force: Option<String>,
    /// When the publisher last confirmed it, or brought out a new one that was taken.
    pub checked_at: Option<Timestamp>,
    /// Failures since.
    pub failures: u32,
    /// The last attempt.
    pub last: Option<Attempt>,
    /// What to ask the publisher again with.
    pub validators: Validators,
    /// Every publication kept, oldest first.
    pub publications: Vec<Held>,
}

/// Per file, what the publisher gave to ask again with.
pub type Validators = BTreeMap<String, Validator>;

/// What a publisher gives to ask again with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validator {
    /// The address asked.
    pub url: String,
    /// Entity tag.
    pub etag: Option<String>,
    /// Date of the last change, as the server writes it.
    pub last_modified: Option<String>,
}

/// One attempt to fetch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: Outcome,
    /// In one line.
    pub line: String,
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Nothing newer.
    Unchanged,
    /// A new publication is in force.
    Updated,
    /// A new publication is quarantined.
    Quarantined,
    /// There was no whole publication.
    Failed,
}

/// One publication kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// SHA-256 of its file, or over the names and digests of its files.
    pub digest: String,
    /// Its files.
    pub files: Vec<HeldFile>,
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// Day of publication as the file gives it.
    pub published: Option<Date>,
    /// The lists in it; empty when it could not be read.
    pub lists: Vec<HeldList>,
    /// Whether it may be used.
    pub state: State,
    /// Why it was quarantined.
    pub reasons: Vec<String>,
    /// What the person said who brought it, or accepted it all the same.
    pub accepted: Option<Note>,
    /// From when it was in force here.
    pub in_force_from: Option<Timestamp>,
    /// Who took it out of force again, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<Note>,
}

/// A file of a publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldFile {
    /// Name.
    pub name: String,
    /// SHA-256 as fetched.
    pub sha256: String,
    /// Size as fetched.
    pub bytes: u64,
}

/// A list of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldList {
    /// List id.
    pub id: ListId,
    /// Entries.
    pub entries: u32,
    /// Names.
    pub names: u32,
}

/// Whether a publication may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It passed the guard, or a person accepted it.
    Accepted,
    /// It is quarantined.
    Quarantined,
}

/// What a person noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// The note.
    pub text: String,
}

// A list id is a text in the file.
#[derive(Serialize, Deserialize)]
struct HeldListJson {
    id: String,
    entries: u32,
    names: u32,
}

impl Serialize for HeldList {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let Self { id, entries, names } = self;
        HeldListJson { id: id.as_str().to_owned(), entries: *entries, names: *names }.serialize(out)
    }
}

impl<'de> Deserialize<'de> for HeldList {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let HeldListJson { id, entries, names } = HeldListJson::deserialize(input)?;
        Ok(Self { id: ListId::new(&id), entries, names })
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

    /// Takes over what a parsed publication says about itself.
    pub(super) fn describe(&mut self, snapshot: &Snapshot) {
        let lists = snapshot.lists();
        self.published = lists.iter().filter_map(|l| l.published).max();
        self.lists = lists.iter().map(|l| HeldList { id: l.id.clone(), entries: l.entries, names: l.names }).collect();
    }
}

impl Record {
    pub(super) fn new(publication: &str) -> Self {
        Self {
            version: VERSION,
            publication: publication.to_owned(),
            in_force: None,
            checked_at: None,
            failures: 0,
            last: None,
            validators: Validators::new(),
            publications: Vec::new(),
        }
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, HistoryError> {
        let record: Self = serde_json::from_slice(bytes)?;
        if record.version != VERSION {
            return Err(HistoryError::Version { found: record.version, known: VERSION });
        }
        if let Some(digest) = &record.in_force
            && record.publications.iter().all(|h| h.digest != *digest)
        {
            return Err(HistoryError::NotInHistory { digest: digest.clone() });
        }
        Ok(record)
    }

    pub(super) fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a record has no keys that JSON cannot have");
        text.push('\n');
        text
    }

    /// The publication in force.
    pub fn in_force(&self) -> Option<&Held> {
        let digest = self.in_force.as_deref()?;
        self.publications.iter().find(|h| h.digest == digest)
    }

    /// Quarantined publications that are newer than the one in force, oldest first.
    pub fn quarantined(&self) -> impl Iterator<Item = &Held> {
        let in_force = self.in_force().and_then(|h| h.in_force_from);
        self.publications
            .iter()
            .filter(move |h| h.state == State::Quarantined && in_force.is_none_or(|at| h.fetched_at > at))
    }

    /// The last publication that was known on a day.
    pub fn known_on(&self, day: Date) -> Option<&Held> {
        let is_known = |h: &&Held| h.state == State::Accepted && h.undone.is_none() && h.known_from() <= day;
        let known = self.publications.iter().filter(is_known);
        known.max_by_key(|h| (h.known_from(), h.fetched_at))
    }

    pub(super) fn checked(&mut self, at: Timestamp, fate: &Fate, validators: Option<&Validators>) {
        let (outcome, line) = match fate {
            Fate::Unchanged => (Outcome::Unchanged, "unchanged".to_owned()),
            Fate::InForce { entries, .. } => (Outcome::Updated, format!("{entries} entries")),
            Fate::Quarantined(reasons) => (Outcome::Quarantined, reasons.join("; ")),
        };
        // A quarantined publication says that the one in force is no longer the newest, so its age counts on.
        if outcome != Outcome::Quarantined {
            self.checked_at = Some(at);
        }
        self.failures = 0;
        self.last = Some(Attempt { at, outcome, line });
        if let Some(validators) = validators {
            self.validators.clone_from(validators);
        }
    }

    pub(super) fn prune(&mut self, retention: Retention, quarantined: usize, now: Timestamp) {
        let since = now - SignedDuration::from_hours(24 * i64::from(retention.days));
        let accepted: Vec<&Held> = self.publications.iter().filter(|h| h.state == State::Accepted).collect();
        let mut keep: BTreeSet<String> = self.in_force.iter().cloned().collect();
        for (at, held) in accepted.iter().enumerate() {
            // It was in force until the next one came.
            let until = accepted.get(at + 1).and_then(|next| next.in_force_from);
            if accepted.len() - at <= retention.at_least || until.is_none_or(|until| until >= since) {
                keep.insert(held.digest.clone());
            }
        }
        let quarantined_now: Vec<&Held> = self.publications.iter().filter(|h| h.state == State::Quarantined).collect();
        keep.extend(quarantined_now.iter().rev().take(quarantined).map(|h| h.digest.clone()));
        self.publications.retain(|h| keep.contains(&h.digest));
    }
}
