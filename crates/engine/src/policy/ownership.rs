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
    /// An unknown column, a missing owner, a share that is none, a date that is none, the same pair twice under one
    /// date, and an owner of itself.
    pub fn read(text: &str, origin: &str) -> Result<Self, FileError> {
        let fail = |line, column, what: String| FileError { origin: origin.to_owned(), line, column, what };
        let mut reader =
            csv::ReaderBuilder::new().flexible(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let headers = reader.headers().map_err(|e| fail(1, "", e.to_string()))?.clone();
        const COLUMNS: [&str; 5] = ["owner", "owned", "share", "source", "date"];
        let mut places = [None; COLUMNS.len()];
        for (at, header) in headers.iter().enumerate() {
            let name = header.trim().to_ascii_lowercase();
            let Some(column) = COLUMNS.iter().position(|c| *c == name) else {
                let what = format!("column {header:?} is not known, expected {}", COLUMNS.join(", "));
                return Err(fail(1, "", what));
            };
            if places[column].replace(at).is_some() {
                return Err(fail(1, COLUMNS[column], "stands twice in the header".to_owned()));
            }
        }
        for column in 0..3 {
            if places[column].is_none() {
                return Err(fail(1, COLUMNS[column], "is missing from the header".to_owned()));
            }
        }
        let mut edges: Vec<Edge> = Vec::new();
        for row in reader.records() {
            let row = row.map_err(|e| {
                let line = e.position().map_or(0, csv::Position::line);
                fail(line, "", e.to_string())
            })?;
            let line = row.position().map_or(0, csv::Position::line);
            let cell = |column: usize| places[column].and_then(|at| row.get(at)).unwrap_or_default().trim();
            for (column, name) in [(0, "owner"), (1, "owned")] {
                if cell(column).is_empty() {
                    return Err(fail(line, name, "is blank, expected a name or list/id".to_owned()));
                }
            }
            if cell(0) == cell(1) {
                return Err(fail(line, "owned", "is the owner itself".to_owned()));
            }
            let share = share(cell(2)).ok_or_else(|| {
                let what = format!("is {:?}, expected a percentage from 0 to 100 such as 33.3, or unknown", cell(2));
                fail(line, "share", what)
            })?;
            let date = match cell(4) {
                "" => None,
                text if text.len() == 10 => Some(text.parse::<Date>().map_err(|_| bad_date(origin, line, text))?),
                text => return Err(bad_date(origin, line, text)),
            };
            edges.push(Edge {
                owner: cell(0).to_owned(),
                owned: cell(1).to_owned(),
                share,
                source: cell(3).to_owned(),
                date,
                line,
            });
            if edges.len() > MAX_EDGES {
                return Err(fail(line, "", format!("more than {MAX_EDGES} rows")));
            }
        }
        let mut order: Vec<usize> = (0..edges.len()).collect();
        let key = |at: usize| (edges[at].owner.as_str(), edges[at].owned.as_str(), edges[at].date);
        order.sort_by(|a, b| key(*a).cmp(&key(*b)).then(a.cmp(b)));
        if let Some(pair) = order.windows(2).find(|p| key(p[0]) == key(p[1])) {
            let (first, again) = (&edges[pair[0]], &edges[pair[1]]);
            let what = format!("the same owner and owned stand on line {} already, under the same date", first.line);
            return Err(fail(again.line, "", what));
        }
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

fn bad_date(origin: &str, line: u64, text: &str) -> FileError {
    let what = format!("is {text:?}, expected YYYY-MM-DD or nothing");
    FileError { origin: origin.to_owned(), line, column: "date", what }
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
            ("owner,owned,share,percent\n", "o.csv line 1: column \"percent\" is not known"),
            ("owner,owned,share,share\n", "o.csv line 1, column share: stands twice"),
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
