//! The rows above the header of a list of one's own: what holds for all entries, and what its columns are called.
//!
//! Each begins with `#` and a word, in the first cell: `#list`, `#title`, `#owner`, `#effect`, `#reason` and `#expires` with a
//! value, `#map` with a title of the table and our word for the column, `#ignore` with a title that is not read.

use super::columns::COLUMNS;
use crate::build::day;
use crate::error::Error;
use jiff::civil::Date;
use model::entry::Effect;
use rustc_hash::FxHashMap;

/// The words that a row of settings may begin with.
const WORDS: [&str; 8] = ["list", "title", "owner", "effect", "reason", "expires", "map", "ignore"];

/// What the rows say.
#[derive(Default)]
pub(super) struct Settings {
    /// List id of every entry without one.
    pub(super) list: String,
    pub(super) title: String,
    /// Who answers for the list.
    pub(super) owner: String,
    pub(super) effect: Option<Effect>,
    /// Why a party is listed, where its row does not say.
    pub(super) reason: String,
    /// The last day of entries whose row gives none.
    pub(super) expires: Option<Date>,
    /// Our column by the title of the table; empty for one that is not read.
    columns: FxHashMap<String, String>,
}

/// Whether a line is such a row.
pub(super) fn is_setting(line: &str) -> bool {
    let cell = cells(line).into_iter().next().unwrap_or_default();
    cell.strip_prefix('#').is_some_and(|word| WORDS.contains(&word.trim()))
}

impl Settings {
    /// Takes one row.
    ///
    /// # Errors
    /// When the word is unknown or given twice, or a value is missing or invalid.
    pub(super) fn take(&mut self, file: &str, line: u64, text: &str) -> Result<(), Error> {
        let cells = cells(text);
        let word = cells[0].trim_start_matches('#').trim();
        let wrong = |expected: &str, found: &str| Error::Field {
            file: file.into(),
            line,
            field: word.into(),
            problem: format!("expected {expected}, found `{found}`"),
        };
        let [first, second] = [1, 2].map(|at| cells.get(at).map_or("", String::as_str));
        if first.is_empty() {
            return Err(wrong("a value in the next cell", ""));
        }
        let slot = match word {
            "list" => &mut self.list,
            "title" => &mut self.title,
            "owner" => &mut self.owner,
            "reason" => &mut self.reason,
            "effect" => {
                let words = format!("one of {}", Effect::ALL.map(Effect::as_str).join(", "));
                let found = Effect::parse(first).ok_or_else(|| wrong(&words, first))?;
                self.effect = Some(found);
                return Ok(());
            }
            "expires" => {
                let found = day(first, &["%Y-%m-%d"]);
                self.expires = Some(found.ok_or_else(|| wrong("a date like 2027-12-31", first))?);
                return Ok(());
            }
            "map" if second != "name" && !COLUMNS.contains(&second) => {
                let words = format!("name or one of {}", COLUMNS.join(", "));
                return Err(wrong(&words, second));
            }
            "map" | "ignore" => {
                let ours = if word == "map" { second } else { "" };
                let known = self.columns.insert(title(first), ours.to_owned());
                return match known {
                    Some(_) => Err(wrong("each title once", first)),
                    None => Ok(()),
                };
            }
            other => return Err(wrong(&format!("one of {}", WORDS.join(", ")), other)),
        };
        if !slot.is_empty() {
            return Err(wrong("this setting once", first));
        }
        first.clone_into(slot);
        Ok(())
    }

    /// Our word for the column with this title; the title itself where no row maps it.
    pub(super) fn column(&self, title: &str) -> String {
        self.columns.get(title).cloned().unwrap_or_else(|| title.to_owned())
    }

    /// The titles that a row maps and the table does not have.
    pub(super) fn missing<'a>(&'a self, titles: &[String]) -> Option<&'a str> {
        let mut unused: Vec<&str> = self.columns.keys().filter(|t| !titles.contains(t)).map(String::as_str).collect();
        unused.sort_unstable();
        unused.first().copied()
    }
}

/// A title as both sides are compared: lower case, blanks and hyphens as underscores.
pub(super) fn title(text: &str) -> String {
    text.trim().trim_matches('"').trim().to_lowercase().replace([' ', '-'], "_")
}

/// The cells of a row of settings. What stands behind the word of the first cell separates them: other cells may hold
/// the other separators.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim_end_matches(['\r', '\n']);
    let word = line.trim_start_matches(['"', '#']);
    let behind = word.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches('"');
    let separator = behind.bytes().next().filter(|b| b",;\t".contains(b)).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(line.as_bytes());
    let row = reader.records().next().and_then(Result::ok);
    row.map_or_else(|| vec![String::new()], |row| row.iter().map(|c| c.trim().to_owned()).collect())
}
