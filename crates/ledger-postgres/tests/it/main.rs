//! One ledger in a real Postgres, written by several replicas. Where Debian's server is not there (`apt-get install
//! postgresql`), each test says that it is left out.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "what is left out is said, and a replica tells what it wrote"
)]

mod crash;
mod index;
mod places;
mod replicas;
mod server;
