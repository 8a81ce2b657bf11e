//! The tables, made by migrations.

use postgres::{Client, Error};

/// Each is done once, in this order; what has shipped never changes. The number of a migration is its place, from 1.
const MIGRATIONS: [&str; 2] = ["
CREATE TABLE tidewaiter_ledger.tip (
    one boolean PRIMARY KEY DEFAULT true CHECK (one), size bigint NOT NULL, last_time bigint NOT NULL,
    root bytea NOT NULL, heads bigint NOT NULL, files bigint NOT NULL
);
CREATE TABLE tidewaiter_ledger.chunk (first bigint PRIMARY KEY, count bigint NOT NULL CHECK (count > 0), frames bytea NOT NULL);
CREATE TABLE tidewaiter_ledger.head (at bigint PRIMARY KEY, size bigint NOT NULL, note text NOT NULL);
CREATE TABLE tidewaiter_ledger.file (at bigint PRIMARY KEY, name text NOT NULL UNIQUE, bytes bytea NOT NULL);
-- What is encrypted or compressed does not get smaller again.
ALTER TABLE tidewaiter_ledger.chunk ALTER frames SET STORAGE EXTERNAL;
ALTER TABLE tidewaiter_ledger.file ALTER bytes SET STORAGE EXTERNAL;
", "
-- Whether the index is in the schema `tidewaiter_index`, which is made again from the log whenever it does not fit.
ALTER TABLE tidewaiter_ledger.tip ADD COLUMN has_index boolean NOT NULL DEFAULT false;
"];

/// The migrations that this version knows.
pub(crate) const KNOWN: i32 = MIGRATIONS.len() as i32;

/// Whoever makes or migrates the tables holds this lock: the beginning of "tidewaiter" in ASCII.
const LOCK: i64 = 0x7469_6465_7761_6974;

/// The last migration that was done; 0: there are no tables.
pub(crate) fn version(client: &mut Client) -> Result<i32, Error> {
    let there = "SELECT to_regclass('tidewaiter_ledger.migration') IS NOT NULL";
    if !client.query_one(there, &[])?.get::<_, bool>(0) {
        return Ok(0);
    }
    let last = "SELECT coalesce(max(version), 0) FROM tidewaiter_ledger.migration";
    Ok(client.query_one(last, &[])?.get(0))
}

/// Does the migrations that are missing, all or none, while nobody else does.
pub(crate) fn migrate(client: &mut Client) -> Result<(), Error> {
    let mut turn = client.transaction()?;
    turn.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])?;
    turn.batch_execute(
        "CREATE SCHEMA IF NOT EXISTS tidewaiter_ledger;
         CREATE TABLE IF NOT EXISTS tidewaiter_ledger.migration (
             version integer PRIMARY KEY, done timestamptz NOT NULL DEFAULT now()
         );",
    )?;
    let last = "SELECT coalesce(max(version), 0) FROM tidewaiter_ledger.migration";
    let done: i32 = turn.query_one(last, &[])?.get(0);
    for (number, migration) in (1..).zip(MIGRATIONS).filter(|(number, _)| *number > done) {
        turn.batch_execute(migration)?;
        turn.execute("INSERT INTO tidewaiter_ledger.migration (version) VALUES ($1)", &[&number])?;
    }
    turn.commit()
}
