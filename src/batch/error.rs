//! Why a run stopped, and why an input cannot be screened.

use records::Cause;
use records::columns::HeaderError;
use std::io;

/// Largest JSON document that is not one shipment a line, in bytes.
pub(super) const MAX_DOCUMENT: usize = 16 << 20;

/// Largest workbook that is read, in bytes.
pub(super) const MAX_WORKBOOK: u64 = 256 << 20;

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
        source: FormError,
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
    /// A Parquet file cannot be written.
    #[error("write {name}")]
    Parquet {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: super::parquet::Fault,
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

/// Why an input cannot be screened.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// It holds nothing.
    #[error("it is empty; expected a CSV header or a JSON shipment (--allow-empty takes an empty input)")]
    Empty,
    /// It holds a header, or an empty list, and no record.
    #[error("it holds no record (--allow-empty takes an input without records)")]
    NoRecords,
    /// The header cannot be used.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The header is not a sound CSV record.
    #[error("the header: {0}")]
    HeaderRecord(Cause),
    /// It begins like a JSON array.
    #[error("it begins like a JSON array, but is not a complete one of at most {MAX_DOCUMENT} bytes")]
    NotJsonArray,
    /// It is not JSON.
    #[error("it is not JSON; expected a DCSA eBL document")]
    NotDcsa,
    /// A file of messages is too long.
    #[error("the Cargo-IMP messages have more than {MAX_DOCUMENT} bytes; split the file")]
    MessagesTooLong,
    /// A file of messages has none.
    #[error("no line begins a Cargo-IMP message; expected for example FWB/16 or FHL/4")]
    NoMessage,
    /// A Parquet file cannot be read.
    #[error(transparent)]
    Parquet(#[from] super::parquet::Fault),
    /// A workbook cannot be read.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
}

/// Why a workbook cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// It is larger than [`MAX_WORKBOOK`].
    #[error("the workbook has more than {MAX_WORKBOOK} bytes; save the sheet as CSV")]
    TooLarge,
    /// It is an archive and not a workbook, or is damaged.
    #[error("it is neither a workbook that can be read (xlsx, xls, ods) nor text: {0}")]
    Unreadable(#[source] calamine::Error),
    /// It has no sheet of this name.
    #[error("the workbook has no sheet {wanted:?}; its sheets are {}", sheets.join(", "))]
    NoSheet {
        /// The sheet asked for.
        wanted: String,
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// It has no sheet at all.
    #[error("the workbook has no sheet")]
    NoSheets,
}
