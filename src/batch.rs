//! Batch screening: files of any size in, one answer a record out, in input order and constant memory.
//!
//! ```text
//! input (cuts records) -> bounded queue -> workers (read, screen, render) -> ordered writer -> checkpoint
//! ```
//! A record that cannot be read never stops a run and never disappears: it is answered as `REFUSED` in its place,
//! with file, line and cause. The bytes written depend only on the input, the lists, the policy and the engine:
//! not on threads, on interruptions or on whether a service did the screening.

pub mod adapter;
pub mod checkpoint;
pub mod columns;
pub mod input;
mod json;
pub mod options;
pub mod output;
pub mod report;
pub mod run;
pub mod screener;

use std::fmt;
use std::io;

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An input cannot be read.
    #[error("read {name}")]
    Read {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// An input is not what can be screened.
    #[error("read {name}")]
    Form {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: input::FormError,
    },
    /// The output cannot be written.
    #[error("write {name}")]
    Write {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A checkpoint does not fit.
    #[error("resume from {name}: {what}")]
    Resume {
        /// Which checkpoint.
        name: String,
        /// Why.
        what: String,
    },
    /// The screening itself failed, for example because the service went away.
    #[error("screen the records of {name} from line {line}")]
    Screen {
        /// Which input.
        name: String,
        /// First line of the records in question.
        line: u64,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Whether the reader of our output went away, which is no failure.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Why a record cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A quote is opened and never closed.
    OpenQuote,
    /// Text follows a closing quote.
    AfterQuote,
    /// Longer than [`input::MAX_RECORD`].
    TooLong,
    /// Not UTF-8.
    Encoding,
    /// More or fewer cells than the header has columns.
    ColumnCount {
        /// Cells of the row.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// Not a document of another standard, or not one that is understood.
    Document {
        /// Which standard.
        standard: &'static str,
        /// Where, and what was expected.
        error: adapter::DocumentError,
    },
    /// Not the JSON form of a shipment.
    Json(String),
}

impl Cause {
    /// What the summary counts it under.
    pub fn label(&self) -> &'static str {
        match self {
            Self::OpenQuote | Self::AfterQuote => "malformed CSV",
            Self::TooLong => "line too long",
            Self::Encoding => "not UTF-8",
            Self::ColumnCount { .. } => "wrong number of columns",
            Self::Document { .. } => "unreadable document",
            Self::Json(_) => "malformed JSON",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenQuote => f.write_str("malformed CSV: a quote is opened and never closed"),
            Self::AfterQuote => f.write_str("malformed CSV: text follows a closing quote"),
            Self::TooLong => write!(f, "line too long: more than {} bytes", input::MAX_RECORD),
            Self::Encoding => f.write_str("not UTF-8; name the encoding with --encoding"),
            Self::ColumnCount { found, expected } => {
                write!(f, "wrong number of columns: {found}, the header has {expected}")
            }
            Self::Document { standard, error } => write!(f, "unreadable {standard} document: {error}"),
            Self::Json(what) => write!(f, "malformed JSON: {what}"),
        }
    }
}
