//! What a run passes from thread to thread: records that were cut, and answers to them.

use super::input::Raw;
use super::output::{CsvStyle, OutputFormat};
use super::parquet;
use super::report::Report;
use records::columns::Mapping;

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Columns under other names.
    pub mapping: Mapping,
    /// Form of the output.
    pub format: OutputFormat,
    /// How the CSV form holds several findings.
    pub csv: CsvStyle,
    /// Whether the JSON form has the rules that ran and those that could not.
    pub verbose: bool,
    /// Date for records that have no `as_of` of their own; may be empty.
    pub as_of: String,
    /// Date for records that have no `known_on` of their own; may be empty.
    pub known_on: String,
}

/// How far a run has come: all inputs before `input`, and `rows` records of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Number of the input, from 0.
    pub input: usize,
    /// Records of it that are done.
    pub rows: u64,
}

/// The answers to some records, in input order.
#[derive(Debug)]
pub struct Answers {
    /// What is to be written.
    pub bytes: Vec<u8>,
    /// What is to be written where the output is a table.
    pub table: Option<parquet::Rows>,
    /// What they amount to.
    pub report: Report,
    /// How far the run has come with them.
    pub position: Position,
}

/// Records on their way to a worker.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Number of the input, from 0.
    pub(super) input: usize,
    pub(super) bytes: Vec<u8>,
    pub(super) records: Vec<Raw>,
    /// The records of a Parquet file, in place of `records`.
    pub(super) rows: Option<parquet::Rows>,
    /// How far the run has come with them.
    pub(super) position: Position,
}

impl Chunk {
    /// Line of a record, from 1; of a Parquet file its row.
    pub(super) fn line(&self, at: usize) -> u64 {
        match &self.rows {
            Some(rows) => self.position.rows - rows.count() as u64 + at as u64 + 1,
            None => self.records.get(at).map_or(0, |raw| raw.line),
        }
    }
}
