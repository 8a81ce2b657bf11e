//! What can go wrong while a list is read. Every error names the file, and the line and field where there is one,
//! says what was expected, and carries a stable code.

use model::snapshot::DuplicateEntry;
use std::io;

/// The formats that can be read, for the message about a file in another one.
pub const FORMATS: &str = "US Consolidated Screening List (csv, json), OFAC sdnList (classic xml), sanctionsData \
     (enhanced xml), Sanctions (advanced xml) and the legacy sdn, add, alt (csv), BIS Denied Persons (txt), UN Security \
     Council (xml), EU financial sanctions 1.1 (xml, csv), UK OFSI (csv), UK Sanctions List (csv, xml), Australia (xlsx), Switzerland (xml), Canada (xml), \
     eCFR Part 744 (xml), France (json), Ukraine (xml), World Bank (json), OpenSanctions (ftm json, simple csv), a csv with a column `name`, Tidewaiter list (toml); each plain, gzip or zip";

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
    /// The compressed data is damaged or cut short.
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
    /// The content is in a format that cannot be read.
    #[error("{file}: unknown format: {seen}; expected one of: {FORMATS}")]
    UnknownFormat {
        /// File.
        file: String,
        /// What the content looks like.
        seen: Unrecognised,
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
    /// The list holds more than a list or an entry may.
    #[error("{file}: line {line}: expected at most {limit}; the list is refused, and the one before stays in force")]
    Budget {
        /// File.
        file: String,
        /// Line on which the limit was crossed; 0 where the format has none.
        line: u64,
        /// The limit, with what it counts.
        limit: String,
    },
    /// The lists take more memory than they may.
    #[error("{file}: takes more memory than {limit}; set lists.memory_mib higher if the machine has it")]
    Memory {
        /// File.
        file: String,
        /// The limit, with what it counts.
        limit: String,
    },
    /// The header does not name the columns of the format.
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
    /// The file is not well-formed in its format.
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
    /// The list has no entries; against an empty list every party would pass.
    #[error("{file}: the list has no entries; expected at least one")]
    NoEntries {
        /// File.
        file: String,
    },
    /// Two different entries have one id.
    #[error("{file}: line {line}: entry `{id}` of {list} was already given, differently, on line {first}")]
    Duplicate {
        /// File.
        file: String,
        /// List.
        list: String,
        /// Entry id.
        id: String,
        /// Line of the second entry.
        line: u64,
        /// Line of the first entry.
        first: u64,
    },
    /// The file states another number of entries than it holds.
    #[error("{file}: states {stated} entries and holds {found}; expected a whole list, not a page or a part of one")]
    Count {
        /// File.
        file: String,
        /// Stated.
        stated: u64,
        /// Counted.
        found: u64,
    },
    /// The record names a list that is not in the catalogue, so that its legal effect is unknown.
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
    /// Nothing was ever fetched into the data directory, or nothing of it is in force.
    #[error(
        "data directory {dir}: no list in it is in force; `tidewaiter lists fetch` fetches, `lists status` says what is quarantined"
    )]
    NothingInForce {
        /// The directory.
        dir: String,
    },
    /// The note of a person who accepted a file cannot be read or written.
    #[error("{file}: {problem}")]
    Acceptance {
        /// File of the note.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
    /// No source was given; against no list every party would pass.
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
            Self::NoEntries { .. } => "LIST-011",
            Self::Duplicate { .. } => "LIST-012",
            Self::Count { .. } => "LIST-013",
            Self::UnknownSource { .. } => "LIST-014",
            Self::NoSources => "LIST-015",
            Self::Store { .. } => "LIST-020",
            Self::NothingInForce { .. } => "LIST-021",
            Self::Acceptance { .. } => "LIST-022",
            Self::Budget { .. } => "LIST-023",
            Self::Memory { .. } => "LIST-024",
        }
    }
}

/// What the content of a file looks like instead of a list. What stands in it is not quoted: a path given by mistake, or by
/// an attacker, may name a file of secrets, and errors travel to logs and callers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unrecognised {
    /// UTF-16.
    #[error("text in UTF-16 (save it as UTF-8)")]
    Utf16,
    /// A packed file inside a packed file.
    #[error("an archive inside an archive")]
    NestedArchive,
    /// No text.
    #[error("a binary file")]
    Binary,
    /// HTML.
    #[error("a web page (html), perhaps an error page instead of the list")]
    WebPage,
    /// XML with a document type before its root element.
    #[error("xml with a DOCTYPE")]
    DocType,
    /// XML that ends before its root element.
    #[error("markup without a root element")]
    NoRoot,
    /// XML of another kind.
    #[error("xml with the root element `{0}`")]
    Root(String),
    /// JSON of another kind.
    #[error("json without the keys of a list")]
    Json,
    /// A table with other columns.
    #[error("text with {0} columns, which are not those of a list")]
    Columns(usize),
    /// Any other text.
    #[error("plain text")]
    Text,
}

/// What is wrong with a value; whoever knows file, line and field makes an [`Error::Field`] of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ValueError {
    /// Nothing where something is needed.
    #[error("expected {expected}, found nothing")]
    Missing { expected: String },
    /// Something else than expected.
    #[error("expected {expected}, found `{found}`")]
    Unexpected { expected: &'static str, found: String },
    /// An id that nothing in the file has.
    #[error("expected an id of `{section}`, found `{found}`")]
    UnknownId { section: String, found: String },
    /// Entities inside each other, too many levels of them.
    #[error("expected entities at most {limit} deep inside each other")]
    TooDeep { limit: usize },
    /// An object that is not an entity.
    #[error("expected an entity inside an entity: {0}")]
    NotAnEntity(String),
}

impl From<DuplicateEntry> for Error {
    fn from(error: DuplicateEntry) -> Self {
        Self::Duplicate { file: "entries".into(), list: error.list.to_string(), id: error.id, line: 0, first: 0 }
    }
}

impl ValueError {
    /// Nothing where this is needed.
    pub(crate) fn missing(expected: impl Into<String>) -> Self {
        Self::Missing { expected: expected.into() }
    }

    /// Something else than expected.
    pub(crate) fn unexpected(expected: &'static str, found: impl Into<String>) -> Self {
        Self::Unexpected { expected, found: found.into() }
    }

    /// The error in the field of a file.
    pub(crate) fn at(self, file: &str, line: u64, field: &str) -> Error {
        Error::Field { file: file.into(), line, field: field.into(), problem: self.to_string() }
    }
}

fn column_text(column: &Option<u64>) -> String {
    column.map_or_else(String::new, |c| format!(", column {c}"))
}
