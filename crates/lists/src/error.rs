//! What can go wrong while a list is read. Every error names the file, and the line and field where there is one,
//! says what was expected, and carries a stable code.

use std::io;

/// The formats that [`super::Snapshot::load`] reads, for the message about a file that is none of them.
pub const FORMATS: &str = "US Consolidated Screening List (csv, json), OFAC sdnList (classic xml), sanctionsData \
     (enhanced xml), Sanctions (advanced xml) and the legacy sdn, add, alt (csv), BIS Denied Persons (txt), UN Security \
     Council (xml), EU financial sanctions 1.1 (xml, csv), UK OFSI (csv), UK Sanctions List (csv, xml), Australia (xlsx), Switzerland (xml), Canada (xml), \
     OpenSanctions (ftm json, simple csv), a csv with a column `name`, Tidewaiter list (toml); each plain, gzip or zip";

/// Why a list could not be loaded. Nothing of a list that fails is kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be opened or read.
    #[error("{file}: cannot be read: {cause}")]
    Io {
        /// File.
        file: String,
        /// What the system said.
        cause: io::Error,
    },
    /// The compressed data is broken or cut short.
    #[error("{file}: damaged {container} data: {cause}")]
    Damaged {
        /// File.
        file: String,
        /// `gzip`, `zip` or `xlsx`.
        container: &'static str,
        /// What the decoder said.
        cause: String,
    },
    /// There is nothing in the file.
    #[error("{file}: the file is empty; expected one of: {FORMATS}")]
    Empty {
        /// File.
        file: String,
    },
    /// The content is no format that we read.
    #[error("{file}: unknown format: {seen}; expected one of: {FORMATS}")]
    UnknownFormat {
        /// File.
        file: String,
        /// What the content looks like.
        seen: String,
    },
    /// The archive does not hold exactly one list.
    #[error("{file}: {problem}; expected an archive with exactly one list in it")]
    Archive {
        /// File.
        file: String,
        /// What is in it instead.
        problem: String,
    },
    /// The data unpacks to more than a list can be.
    #[error("{file}: unpacks to more than {limit}; refused as a decompression bomb")]
    TooLarge {
        /// File.
        file: String,
        /// The bound that was crossed.
        limit: String,
    },
    /// The first row does not name the columns of the format.
    #[error("{file}: line {line}: {problem}")]
    Header {
        /// File.
        file: String,
        /// Line.
        line: u64,
        /// What was expected.
        problem: String,
    },
    /// The text is not UTF-8.
    #[error("{file}: line {line}: invalid UTF-8 in {place}; expected text in UTF-8")]
    Encoding {
        /// File.
        file: String,
        /// Line.
        line: u64,
        /// Column, element or byte position.
        place: String,
    },
    /// A field does not hold what it must.
    #[error("{file}: line {line}, field `{field}`: {problem}")]
    Field {
        /// File.
        file: String,
        /// Line.
        line: u64,
        /// Column, element or key.
        field: String,
        /// What was expected, and what was found.
        problem: String,
    },
    /// The file breaks the rules of its format.
    #[error("{file}: line {line}{}: {problem}", column_text(.column))]
    Syntax {
        /// File.
        file: String,
        /// Line.
        line: u64,
        /// Column, in characters, where the format's reader knows it.
        column: Option<u64>,
        /// What was expected.
        problem: String,
    },
    /// The list has no rows; an empty list would clear everything.
    #[error("{file}: the list has no rows; expected at least one")]
    NoRows {
        /// File.
        file: String,
    },
    /// Two different rows stand under one id.
    #[error("{file}: line {line}: row `{id}` of {list} was already given, differently, on line {first}")]
    Duplicate {
        /// File.
        file: String,
        /// List.
        list: String,
        /// Row id.
        id: String,
        /// Line of the second row.
        line: u64,
        /// Line of the first row.
        first: u64,
    },
    /// The file states a row count that it does not hold.
    #[error("{file}: Record_Count states {stated} rows; the file holds {found}")]
    Count {
        /// File.
        file: String,
        /// Stated.
        stated: u64,
        /// Counted.
        found: u64,
    },
    /// The row names a list that we do not know, so that its legal effect is unknown.
    #[error("{file}: line {line}, field `source`: unknown list `{found}`; expected one of the codes {known}")]
    UnknownSource {
        /// File.
        file: String,
        /// Line.
        line: u64,
        /// What stood there.
        found: String,
        /// Codes known.
        known: String,
    },
    /// The data directory cannot be read.
    #[error("data directory: {problem}")]
    Store {
        /// What is wrong, with the file.
        problem: String,
    },
    /// No source was given; screening against nothing would clear everything.
    #[error("no list was given; expected at least one")]
    NoSources,
}

impl Error {
    /// The stable code of the error, for documentation and machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "LIST-001",
            Self::Damaged { .. } => "LIST-002",
            Self::Empty { .. } => "LIST-003",
            Self::UnknownFormat { .. } => "LIST-004",
            Self::Archive { .. } => "LIST-005",
            Self::TooLarge { .. } => "LIST-006",
            Self::Header { .. } => "LIST-007",
            Self::Encoding { .. } => "LIST-008",
            Self::Field { .. } => "LIST-009",
            Self::Syntax { .. } => "LIST-010",
            Self::NoRows { .. } => "LIST-011",
            Self::Duplicate { .. } => "LIST-012",
            Self::Count { .. } => "LIST-013",
            Self::UnknownSource { .. } => "LIST-014",
            Self::NoSources => "LIST-015",
            Self::Store { .. } => "LIST-020",
        }
    }
}

fn column_text(column: &Option<u64>) -> String {
    column.map_or_else(String::new, |c| format!(", column {c}"))
}
