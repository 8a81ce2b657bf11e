//! The command line: one file a subcommand.

pub mod health;
pub mod serve;
