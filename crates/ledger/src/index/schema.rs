//! The tables.

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::path::Path;
use std::time::Duration;

/// Changes with the tables and with what is put into them.
const VERSION: i64 = 4;

const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
-- Screenings. Numbers grow with time, so that a time is found in the log.
CREATE TABLE record (
    number INTEGER PRIMARY KEY, outcome INTEGER NOT NULL, caller INTEGER NOT NULL, key INTEGER NOT NULL,
    reference TEXT NOT NULL
) STRICT;
CREATE INDEX record_reference ON record (reference) WHERE reference <> '';
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
CREATE TABLE cases (
    id TEXT PRIMARY KEY, key BLOB NOT NULL UNIQUE, state TEXT NOT NULL, assignee TEXT NOT NULL, queue TEXT NOT NULL,
    due TEXT NOT NULL, list TEXT NOT NULL, entry TEXT NOT NULL, squeezed TEXT NOT NULL, body TEXT NOT NULL
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

/// Opens the file, and says which record comes next. What is not of this ledger or version is made anew.
pub(super) fn open(path: &Path, ledger: &str, size: u64) -> rusqlite::Result<(Connection, u64)> {
    let ours = || -> rusqlite::Result<Option<(Connection, u64)>> {
        let db = connect(path)?;
        let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let is_ours = version == VERSION && value(&db, "ledger")?.as_deref() == Some(ledger);
        let next = if is_ours { next(&db)? } else { 0 };
        Ok((is_ours && next <= size).then_some((db, next)))
    };
    // A file that is no database is as good as none.
    if let Ok(Some(found)) = ours() {
        return Ok(found);
    }
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let _none = std::fs::remove_file(name);
    }
    let db = connect(path)?;
    db.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;"))?;
    put(&db, "ledger", ledger)?;
    put_next(&db, 0)?;
    Ok((db, 0))
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // Made by us first, so that it is for its owner alone.
    let mut options = std::fs::File::options();
    options.create(true).append(true);
    crate::bytes::private(&mut options);
    let _unwritable = options.open(path);
    let db = Connection::open(path)?;
    db.busy_timeout(Duration::from_secs(60))?;
    // Otherwise SQLite plans a query again whenever its values change: more than half of the time it takes to fill the index.
    // A query that an index `WHERE ...` is for therefore says that condition itself.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // It is rebuilt when it is lost, so nobody waits for the disk.
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536;",
    )?;
    Ok(db)
}

/// A value of the table `meta`.
pub(super) fn value(db: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    db.query_row("SELECT value FROM meta WHERE key = ?", [key], |row| row.get(0)).optional()
}

/// Puts a value into the table `meta`.
pub(super) fn put(db: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", params![key, value]).map(drop)
}

/// The first record that is not in the index.
pub(super) fn next(db: &Connection) -> rusqlite::Result<u64> {
    Ok(value(db, "next")?.and_then(|n| n.parse().ok()).unwrap_or(0))
}

pub(super) fn put_next(db: &Connection, next: u64) -> rusqlite::Result<()> {
    put(db, "next", &next.to_string())
}

/// The id of a word, which is put in where it is new.
pub(super) fn word(db: &Connection, text: &str) -> rusqlite::Result<i64> {
    if text.is_empty() {
        return Ok(0);
    }
    let mut find = db.prepare_cached("SELECT id FROM word WHERE text = ?")?;
    if let Some(id) = find.query_row([text], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    db.prepare_cached("INSERT INTO word (text) VALUES (?)")?.execute([text])?;
    Ok(db.last_insert_rowid())
}
