//! Reads the tables of Part 744 of the Export Administration Regulations in the eCFR's XML: the Entity List (Supplement
//! No. 4), the Unverified List (No. 6) and the Military End-User List (No. 7), as the law has them.
//!
//! A supplement is a `DIV9` whose attribute `N` names it, with a table in it: country, entity, for the Entity List licence
//! requirement and review policy, and the Federal Register notice. A row without a country continues that of the row
//! before. The entity is a running text with name, aliases and addresses, which [`cell`] takes apart. There are no ids:
//! country and name make one, as in the lists inside the program.

mod cell;
mod row;

use crate::build::{EntryBuilder, ParsedFile};
use crate::catalogue::Format;
use crate::error::Error;
use crate::input::{Event, Xml};
use row::Row;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

/// The supplements, their lists, and the columns of their tables.
const SUPPLEMENTS: [(&str, &str, usize); 3] = [
    ("Supplement No. 4 to Part 744", "us-bis-el", 5),
    ("Supplement No. 6 to Part 744", "us-bis-uvl", 3),
    ("Supplement No. 7 to Part 744", "us-bis-meu", 3),
];

/// Elements that set the words of a text.
const INLINE: [&str; 12] = ["E", "I", "B", "SU", "FR", "AC", "em", "strong", "sup", "sub", "span", "a"];

/// Elements that end a line of a text.
const LINE_ENDS: [&str; 4] = ["br", "BR", "P", "FP"];

/// Of a hundred rows of a table, how many may be other than its columns: notes at the end.
const OTHER_ROWS_PERCENT: usize = 2;

/// Reads every entry.
///
/// # Errors
/// When the XML is damaged, cut short or too deep, it has none of the supplements, a table has other columns or too many
/// rows with other columns, or a row lacks country, entity or notice.
pub(super) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut xml = Xml::with_attributes(file, input).with_inline(&INLINE, &LINE_ENDS);
    let mut parsed = ParsedFile::new(file);
    let mut table: Option<Table> = None;
    let mut read: Vec<Table> = Vec::new();
    while let Some(event) = xml.next()? {
        match event {
            Event::Start("DIV9") => {
                let supplement = xml.attribute("N").to_owned();
                table = SUPPLEMENTS.iter().find(|(name, ..)| *name == supplement).map(|s| Table::new(s.1, s.2));
            }
            Event::End { name: "DIV9", .. } => read.extend(table.take()),
            Event::Start("TR") => {
                let line = xml.line();
                if let Some(table) = &mut table {
                    (table.line, table.headings, table.cells) = (line, Vec::new(), Vec::new());
                }
            }
            Event::End { name: "TH", text, .. } => {
                if let Some(table) = &mut table {
                    table.headings.push(text);
                }
            }
            Event::End { name: "TD", text, .. } => {
                if let Some(table) = &mut table {
                    table.cells.push(text);
                }
            }
            Event::End { name: "TR", .. } => {
                if let Some(table) = &mut table {
                    table.end_row(file, &mut parsed)?;
                }
            }
            Event::End { parent: "TD", name, text } if !text.is_empty() => {
                let name = name.to_owned();
                if let Some(table) = &mut table {
                    table.others.insert(name);
                }
            }
            _ => {}
        }
    }
    if read.is_empty() {
        let names = SUPPLEMENTS.map(|(name, ..)| name).join("`, `");
        let problem = format!("expected a DIV9 with one of `{names}`, found none");
        return Err(Error::Header { file: file.into(), line: 1, problem });
    }
    for table in read {
        table.finish(file, &mut parsed)?;
    }
    Ok(parsed)
}

/// The table of a supplement while it is read.
struct Table {
    list: &'static str,
    columns: usize,
    /// The line that the row began on.
    line: u64,
    headings: Vec<String>,
    cells: Vec<String>,
    /// Of the last row that named one.
    country: String,
    rows: usize,
    /// Rows with other columns.
    other_rows: usize,
    /// Elements in cells that are not known, whose text is not read.
    others: BTreeSet<String>,
    entries: Vec<EntryBuilder>,
}

impl Table {
    fn new(list: &'static str, columns: usize) -> Self {
        Self {
            list,
            columns,
            line: 0,
            headings: Vec::new(),
            cells: Vec::new(),
            country: String::new(),
            rows: 0,
            other_rows: 0,
            others: BTreeSet::new(),
            entries: Vec::new(),
        }
    }

    fn end_row(&mut self, file: &str, parsed: &mut ParsedFile) -> Result<(), Error> {
        let headings = std::mem::take(&mut self.headings);
        let cells = std::mem::take(&mut self.cells);
        if !headings.is_empty() && cells.is_empty() {
            return self.check_headings(file, &headings);
        }
        if cells.len() != self.columns {
            // A note under the table, or a row that only keeps its place.
            self.other_rows += 1;
            parsed
                .skipped_record(self.list, if cells.iter().all(String::is_empty) { "blank_row" } else { "other_row" });
            return Ok(());
        }
        self.rows += 1;
        let row = Row { file, line: self.line, list: self.list, cells: &cells };
        if !row.country().is_empty() {
            self.country = row.country();
        }
        match row.entries(&self.country)? {
            entries if entries.is_empty() => parsed.skipped_record(self.list, "blank_row"),
            entries => self.entries.extend(entries),
        }
        Ok(())
    }

    /// The first and the last of the headings tell the columns.
    fn check_headings(&self, file: &str, headings: &[String]) -> Result<(), Error> {
        let is = |text: Option<&String>, word: &str| text.is_some_and(|text| text.to_lowercase().contains(word));
        if headings.len() == self.columns && is(headings.first(), "country") && is(headings.last(), "federal register")
        {
            return Ok(());
        }
        let found = headings.join(", ");
        let expected = self.columns;
        let problem =
            format!("expected {expected} columns from the country to the Federal Register notice, found `{found}`");
        Err(Error::Header { file: file.into(), line: self.line, problem })
    }

    /// Makes ids unique: entries of one id get the number of their first notice, then a number.
    fn finish(mut self, file: &str, parsed: &mut ParsedFile) -> Result<(), Error> {
        if self.other_rows * 100 > self.rows * OTHER_ROWS_PERCENT + 100 {
            let (list, rows, columns) = (self.list, self.other_rows, self.columns);
            let problem = format!("expected {columns} columns in the rows of {list}, found others in {rows} of them");
            return Err(Error::Header { file: file.into(), line: self.line, problem });
        }
        for attempt in 0..2 {
            let mut times: BTreeMap<String, usize> = BTreeMap::new();
            self.entries.iter().for_each(|one| *times.entry(one.entry.id.clone()).or_default() += 1);
            let mut seen: BTreeMap<String, usize> = BTreeMap::new();
            for one in self.entries.iter_mut().filter(|one| times[&one.entry.id] > 1) {
                let count = seen.entry(one.entry.id.clone()).or_default();
                *count += 1;
                match (attempt, one.entry.citations.first()) {
                    (0, Some(citation)) => {
                        let numbers = citation.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
                        one.entry.id += &format!("@{}", numbers.take(2).collect::<Vec<_>>().join("-"));
                    }
                    (1, _) if *count > 1 => one.entry.id += &format!("-{count}"),
                    _ => {}
                }
            }
        }
        let others: Vec<String> = self.others.into_iter().collect();
        parsed.unknown_elements(self.list, Format::UsEcfrXml, &others);
        self.entries.into_iter().try_for_each(|one| one.finish(file, "TD[2]", parsed))
    }
}

#[cfg(test)]
mod tests;
