//! How the CSV form holds the findings of a record, and which columns that adds.

/// How the CSV form holds several findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CsvStyle {
    /// One line for each finding; otherwise one for each record.
    pub per_finding: bool,
    /// How a cell holds the values of several findings, where a record is one line.
    pub list_cells: ListCells,
}

/// How a cell holds several values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListCells {
    /// Joined with "; ", for reading. A value may hold a semicolon itself, so that the cell cannot always be split.
    #[default]
    Joined,
    /// A JSON array, for programs: the n-th value of each column belongs to the n-th finding.
    Json,
}

/// Columns added where a record is one line and cells are joined.
pub const ADDED: [&str; 8] =
    ["outcome", "score", "reasons", "lists", "entry_ids", "matched_names", "fields", "explanations"];

/// The same with JSON arrays: problems of the record have a column of their own, and severities are given.
const ADDED_JSON: [&str; 10] = [
    "outcome",
    "score",
    "problems",
    "severities",
    "reasons",
    "lists",
    "entry_ids",
    "matched_names",
    "fields",
    "explanations",
];

/// Columns added where each finding is one line.
pub(super) const ADDED_PER_FINDING: [&str; 11] = [
    "outcome",
    "problems",
    "finding",
    "severity",
    "score",
    "reason",
    "list",
    "entry_id",
    "matched_name",
    "field",
    "explanation",
];

impl CsvStyle {
    /// The columns that are added to those of the input, in order.
    pub fn added(self) -> &'static [&'static str] {
        match (self.per_finding, self.list_cells) {
            (true, _) => &ADDED_PER_FINDING,
            (false, ListCells::Joined) => &ADDED,
            (false, ListCells::Json) => &ADDED_JSON,
        }
    }
}
