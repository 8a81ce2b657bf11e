//! The tables.

use super::tables::{Row, Tables, Value, all, one};
use crate::bytes::{hex, sha256};
use crate::error::Result;
use std::borrow::Cow;

/// Changes with the tables and with what is put into them.
pub(super) const VERSION: i64 = 5;

/// As SQLite has them. Another database has its own words for the types, none for `STRICT` and `WITHOUT ROWID`, and reads
/// what stands between `/*+` and `*/`: Postgres orders no text of more than 2,704 bytes. Others that an index is over are
/// [`clipped`].
pub(super) const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
-- Screenings. Numbers grow with time, so that a time is found in the log.
CREATE TABLE record (
    number INTEGER PRIMARY KEY, outcome INTEGER NOT NULL, caller INTEGER NOT NULL, key INTEGER NOT NULL,
    reference TEXT NOT NULL
) STRICT;
CREATE INDEX record_reference ON record /*+ USING hash */ (reference) WHERE reference <> '';
CREATE INDEX record_alert ON record (outcome) WHERE outcome > 1;
-- Screenings by the day on which they were recorded, UTC, and how they ended.
CREATE TABLE day (
    day TEXT NOT NULL, outcome INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, outcome)
) STRICT, WITHOUT ROWID;
-- Distinct parties, vessels and goods texts, each as it stood in a request; found by 48 bits of a digest over it.
CREATE TABLE card (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, card BLOB NOT NULL) STRICT;
CREATE TABLE print (print INTEGER NOT NULL, card INTEGER NOT NULL, PRIMARY KEY (print, card)) STRICT, WITHOUT ROWID;
-- Parties and vessels by their names as they are compared.
CREATE TABLE name (squeezed TEXT NOT NULL, card INTEGER NOT NULL, PRIMARY KEY (squeezed, card)) STRICT, WITHOUT ROWID;
-- The records in which a card stands: a first one, and the distance of each further one from the one before.
CREATE TABLE seen (
    card INTEGER NOT NULL, first INTEGER NOT NULL, more BLOB NOT NULL, PRIMARY KEY (card, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE finding (
    number INTEGER NOT NULL, at INTEGER NOT NULL, reason INTEGER NOT NULL, severity INTEGER NOT NULL,
    list INTEGER NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (number, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_entry ON finding (list, entry) WHERE entry <> '';
CREATE INDEX finding_reason ON finding (reason);
-- `opener` is the record that opened it, with which its id begins.
CREATE TABLE cases (
    id TEXT PRIMARY KEY, opener INTEGER NOT NULL, key BLOB NOT NULL UNIQUE, state TEXT NOT NULL, assignee TEXT NOT NULL,
    queue TEXT NOT NULL, due TEXT NOT NULL, list TEXT NOT NULL, entry TEXT NOT NULL, squeezed TEXT NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_entry ON cases (list, entry);
CREATE INDEX cases_state ON cases (state, due);
-- `linked` is the record that made it an alert of the case; `step` that of the decision about it, 0: none.
CREATE TABLE case_alert (
    id TEXT NOT NULL, number INTEGER NOT NULL, linked INTEGER NOT NULL, step INTEGER NOT NULL DEFAULT 0,
    decision TEXT NOT NULL DEFAULT '', PRIMARY KEY (id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE case_event (
    id TEXT NOT NULL, revision INTEGER NOT NULL, number INTEGER NOT NULL, said TEXT NOT NULL, PRIMARY KEY (id, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE hold (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
";

/// What an index says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Meta {
    /// The version of its tables.
    pub(super) version: i64,
    /// The ledger that it is of.
    pub(super) ledger: String,
    /// The first record that is not in it.
    pub(super) next: u64,
    /// Records that were known when it was begun: what they say was erased before is not in it.
    pub(super) known: u64,
    /// Digest of the settings as of `next`; empty: those that every ledger begins with.
    pub(super) settings: String,
}

impl Meta {
    /// Of an index that is begun.
    pub(super) fn begun(ledger: String, known: u64) -> Self {
        Self { version: VERSION, ledger, next: 0, known, settings: String::new() }
    }

    pub(super) fn read(tables: &mut dyn Tables) -> Result<Self> {
        let pair = |row: &dyn Row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()));
        let mut meta = Self::default();
        for (key, value) in all(tables, "SELECT key, value FROM meta", &[], pair)? {
            // What cannot be read is of another version.
            let number = || value.parse().unwrap_or(0);
            match key.as_str() {
                "version" => meta.version = value.parse().unwrap_or(0),
                "ledger" => meta.ledger = value,
                "next" => meta.next = number(),
                "known" => meta.known = number(),
                "settings" => meta.settings = value,
                _ => {}
            }
        }
        Ok(meta)
    }

    pub(super) fn write(&self, tables: &mut dyn Tables) -> Result<()> {
        put(tables, "version", &self.version.to_string())?;
        put(tables, "ledger", &self.ledger)?;
        put(tables, "known", &self.known.to_string())?;
        put(tables, "next", &self.next.to_string())
    }
}

/// The longest text that is ordered whole, in bytes.
const LONGEST: usize = 1000;

/// A text as an index has it. Of a long one that is its beginning and a digest, so that it equals no other.
pub(super) fn clipped(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{} {}", beginning(text), hex(&sha256(&[text.as_bytes()]))))
}

/// The beginning of a text that all texts have which are clipped and begin with it.
pub(super) fn beginning(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A value of the table `meta`.
pub(super) fn value(tables: &mut dyn Tables, key: &str) -> Result<Option<String>> {
    one(tables, "SELECT value FROM meta WHERE key = ?", &[Value::Text(key)], |row| Ok(row.text(0)?.to_owned()))
}

/// Puts a value into the table `meta`.
pub(super) fn put(tables: &mut dyn Tables, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    tables.run(sql, &[Value::Text(key), Value::Text(value)]).map(drop)
}

/// The id of a word, which is put in where it is new.
pub(super) fn word(tables: &mut dyn Tables, text: &str) -> Result<i64> {
    let text = &*clipped(text);
    if text.is_empty() {
        return Ok(0);
    }
    let number = |row: &dyn Row| row.number(0);
    if let Some(id) = one(tables, "SELECT id FROM word WHERE text = ?", &[Value::Text(text)], number)? {
        return Ok(id);
    }
    let id = one(tables, "SELECT coalesce(max(id), 0) + 1 FROM word", &[], number)?.unwrap_or(1);
    tables.run("INSERT INTO word VALUES (?, ?)", &[Value::Number(id), Value::Text(text)])?;
    Ok(id)
}
