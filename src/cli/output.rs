//! What every subcommand prints with: the form asked for, standard output, and lines on standard error.

use clap::ValueEnum;
use std::io::{self, Write};

/// Form of what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading.
    #[default]
    Table,
    /// Proto3 JSON, one value a line.
    Json,
}

/// Standard output could not be written.
#[derive(Debug, thiserror::Error)]
#[error("write to standard output: {0}")]
pub(super) struct OutputError(#[from] pub(super) io::Error);

/// One value in its proto3 JSON form, on a line of its own.
pub(super) fn json_line(out: &mut dyn Write, value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}

/// One line on standard error. That nobody reads it is no failure.
pub(super) fn say(line: std::fmt::Arguments<'_>) {
    let _nobody_listens = writeln!(anstream::stderr().lock(), "{line}");
}
