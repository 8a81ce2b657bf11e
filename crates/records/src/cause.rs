//! Why a record cannot be read.

use super::adapter::DocumentError;
use std::fmt;

/// Longest CSV record or JSON line in bytes; the service takes no larger message either.
pub const MAX_RECORD: usize = 4 << 20;

/// Why a record cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A quote is opened and never closed.
    OpenQuote,
    /// Text follows a closing quote.
    AfterQuote,
    /// Longer than [`MAX_RECORD`].
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
        error: DocumentError,
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
            Self::TooLong => write!(f, "line too long: more than {} bytes", MAX_RECORD),
            Self::Encoding => f.write_str("not UTF-8; name the encoding with --encoding"),
            Self::ColumnCount { found, expected } => {
                write!(f, "wrong number of columns: {found}, the header has {expected}")
            }
            Self::Document { standard, error } => write!(f, "unreadable {standard} document: {error}"),
            Self::Json(what) => write!(f, "malformed JSON: {what}"),
        }
    }
}
