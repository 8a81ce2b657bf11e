//! A ledger that several replicas write, in a Postgres database: [`open`] gives the ledger its place.
//!
//! The schema `tidewaiter_ledger` holds one ledger. Its table `tip` has one row, which says how far the ledger is; whoever
//! holds the lock of that row has the turn, and gives the lock back with the transaction. Records stand in `chunk`, as many
//! in a row as were written together. Tables change by migrations, each once, and a database of a newer version is refused.
//!
//! The schema `tidewaiter_index` holds the index, where the operator wants it there: in clear, filled by one replica at a time and
//! read by all. It is made again from the log whenever it does not fit, so it has no migrations.
//!
//! Guarantees: a record is there when its transaction is on the server's disk (`fsync` and `synchronous_commit` are checked),
//! and whole or not at all. A replica that stops in the middle of its turn loses it after [`PATIENCE`]. No message holds
//! the address as it was given, because it may hold a password.

mod address;
mod connect;
mod link;
mod on_thread;
mod place;
mod schema;
mod tables;

pub use connect::PATIENCE;
pub use place::open;
