//! The ownership file that a user gives: CSV with `owner,owned,share` and, where known, `source,date`.

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// One line of the file: who owns how much of whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The owner's name, or `list/id` of an entry.
    pub owner: String,
    /// The name of what is owned, or `list/id`.
    pub owned: String,
    /// Share in thousandths, rounded down to a thousandth; `None` when it is not known.
    pub share: Option<u16>,
    /// Who says so.
    pub source: String,
    /// Since when; `None` when not said.
    pub date: Option<Date>,
    /// Line in the file, from 1.
    pub line: u64,
}

/// A checked ownership file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnershipFile {
    edges: Vec<Edge>,
    fingerprint: String,
}

/// Why the file was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    origin: String,
    line: u64,
    column: &'static str,
    what: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, line, column, what } = self;
        let column = if column.is_empty() { String::new() } else { format!(", column {column}") };
        write!(f, "{origin} line {line}{column}: {what}")
    }
}

impl std::error::Error for FileError {}

/// Rows of one file at most.
const MAX_EDGES: usize = 5_000_000;

impl OwnershipFile {
    /// Reads the text of a file; `origin` names it in errors.
    ///
    /// The header names the columns, in any order; `owner`, `owned` and `share` must be there. A share is a percentage
    /// such as `30`, `33.3` or `50%`; blank or `unknown` means that it is not known.
    ///
    /// # Errors
    /// An unknown column, a missing owner, an invalid share or date, the same pair twice under one date, and an owner
    /// of itself.
    pub fn read(text: &str, origin: &str) -> Result<Self, FileError> {
        let named = |fault: Fault| FileError {
            origin: origin.to_owned(),
            line: fault.line,
            column: fault.column,
            what: fault.what,
        };
        let edges = edges(text).map_err(named)?;
        said_twice(&edges).map_err(named)?;
        let digest = Sha256::digest(text.as_bytes());
        let fingerprint = digest.iter().fold("sha256:".to_owned(), |out, byte| format!("{out}{byte:02x}"));
        Ok(Self { edges, fingerprint })
    }

    /// The rows, in the order of the file.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// SHA-256 of the file's text; empty when there is no file.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// What is wrong and where in the file.
struct Fault {
    line: u64,
    /// Empty: the whole line.
    column: &'static str,
    what: String,
}

fn fault(line: u64, column: &'static str, what: impl Into<String>) -> Fault {
    Fault { line, column, what: what.into() }
}

const COLUMNS: [&str; 5] = ["owner", "owned", "share", "source", "date"];
const OWNER: usize = 0;
const OWNED: usize = 1;
const SHARE: usize = 2;
const SOURCE: usize = 3;
const DATE: usize = 4;

/// Where each of `COLUMNS` stands in the file.
struct Places([Option<usize>; COLUMNS.len()]);

impl Places {
    fn of(header: &csv::StringRecord) -> Result<Self, Fault> {
        let mut places = [None; COLUMNS.len()];
        for (at, cell) in header.iter().enumerate() {
            let name = cell.trim().to_ascii_lowercase();
            let Some(column) = COLUMNS.iter().position(|c| *c == name) else {
                return Err(fault(1, "", format!("unknown column {cell:?}, expected {}", COLUMNS.join(", "))));
            };
            if places[column].replace(at).is_some() {
                return Err(fault(1, COLUMNS[column], "is given twice in the header"));
            }
        }
        match [OWNER, OWNED, SHARE].into_iter().find(|&column| places[column].is_none()) {
            Some(column) => Err(fault(1, COLUMNS[column], "is missing from the header")),
            None => Ok(Self(places)),
        }
    }

    fn edge(&self, row: &csv::StringRecord, line: u64) -> Result<Edge, Fault> {
        let cell = |column: usize| self.0[column].and_then(|at| row.get(at)).unwrap_or_default().trim();
        if let Some(column) = [OWNER, OWNED].into_iter().find(|&column| cell(column).is_empty()) {
            return Err(fault(line, COLUMNS[column], "is blank, expected a name or list/id"));
        }
        if cell(OWNER) == cell(OWNED) {
            return Err(fault(line, "owned", "is the owner itself"));
        }
        let share = share(cell(SHARE)).ok_or_else(|| {
            let what = format!("is {:?}, expected a percentage from 0 to 100 such as 33.3, or unknown", cell(SHARE));
            fault(line, "share", what)
        })?;
        let date = match cell(DATE) {
            "" => None,
            text => {
                let date = text.parse::<Date>().ok().filter(|_| text.len() == 10);
                let invalid = || fault(line, "date", format!("is {text:?}, expected YYYY-MM-DD or nothing"));
                Some(date.ok_or_else(invalid)?)
            }
        };
        Ok(Edge {
            owner: cell(OWNER).to_owned(),
            owned: cell(OWNED).to_owned(),
            share,
            source: cell(SOURCE).to_owned(),
            date,
            line,
        })
    }
}

/// The rows of a file, each checked on its own.
fn edges(text: &str) -> Result<Vec<Edge>, Fault> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    let places = Places::of(reader.headers().map_err(|e| fault(1, "", e.to_string()))?)?;
    let mut edges: Vec<Edge> = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|e| fault(e.position().map_or(0, csv::Position::line), "", e.to_string()))?;
        let line = row.position().map_or(0, csv::Position::line);
        edges.push(places.edge(&row, line)?);
        if edges.len() > MAX_EDGES {
            return Err(fault(line, "", format!("more than {MAX_EDGES} rows")));
        }
    }
    Ok(edges)
}

/// Refuses two rows of one owner and owned under one date: which of them holds can't be told.
fn said_twice(edges: &[Edge]) -> Result<(), Fault> {
    fn key(edge: &Edge) -> (&str, &str, Option<Date>) {
        (&edge.owner, &edge.owned, edge.date)
    }
    let mut order: Vec<&Edge> = edges.iter().collect();
    order.sort_by(|a, b| key(a).cmp(&key(b)).then(a.line.cmp(&b.line)));
    match order.windows(2).find(|pair| key(pair[0]) == key(pair[1])) {
        Some(pair) => {
            let first = pair[0].line;
            let what = format!("the same owner and owned stand on line {first} already, under the same date");
            Err(fault(pair[1].line, "", what))
        }
        None => Ok(()),
    }
}

/// A percentage in thousandths; `Some(None)` when the cell says that it is not known.
fn share(cell: &str) -> Option<Option<u16>> {
    let text = cell.strip_suffix('%').unwrap_or(cell).trim();
    if text.is_empty() || text.eq_ignore_ascii_case("unknown") {
        return Some(None);
    }
    // 1% is ten thousandths; what is finer than a thousandth is cut off, never rounded up over a threshold.
    let share = model::shipment::Decimal::parse(text)?.billionths() / 100_000_000;
    let is_over = model::shipment::Decimal::parse(text)?.billionths() > 100 * 1_000_000_000;
    (!is_over).then(|| u16::try_from(share).ok().map(Some))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_and_never_rounded_up() {
        for (cell, expected) in [
            ("30", Some(300)),
            ("33.39", Some(333)),
            ("49.99%", Some(499)),
            ("100", Some(1000)),
            ("", None),
            ("Unknown", None),
        ] {
            assert_eq!(share(cell), Some(expected), "{cell}");
        }
        for cell in ["101", "100.0001", "-1", "half", "50,5", "1e1"] {
            assert_eq!(share(cell), None, "{cell}");
        }
    }

    #[test]
    fn mistakes_are_named_by_line_and_column() {
        for (text, expected) in [
            ("owner,owned\na,b\n", "o.csv line 1, column share: is missing"),
            ("owner,owned,share,percent\n", "o.csv line 1: unknown column \"percent\""),
            ("owner,owned,share,share\n", "o.csv line 1, column share: is given twice"),
            ("owner,owned,share\na,b,30\na,,30\n", "o.csv line 3, column owned: is blank"),
            ("owner,owned,share\na,b,130\n", "o.csv line 2, column share: is \"130\""),
            ("owner,owned,share\na,a,10\n", "o.csv line 2, column owned: is the owner itself"),
            ("owner,owned,share,date\na,b,10,2026-1-1\n", "o.csv line 2, column date: is \"2026-1-1\""),
            ("owner,owned,share\na,b,10\nc,d,1\na,b,20\n", "o.csv line 4: the same owner and owned stand on line 2"),
            ("owner,owned,share\na,b\n", "o.csv line 2: CSV error"),
        ] {
            let error = OwnershipFile::read(text, "o.csv").unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let good = OwnershipFile::read("share,owner,owned,source,date\n50%,a,b,Orbis,2026-01-31\n", "o").unwrap();
        assert_eq!(good.edges()[0].date, Some(jiff::civil::date(2026, 1, 31)));
        assert!(good.fingerprint().starts_with("sha256:"));
    }
}
