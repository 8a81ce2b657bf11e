//! The first sheet of the workbook, row by row.
//!
//! Cells are read one after the other, so that the hundreds of empty columns of the old file cost nothing.

use crate::error::Error;
use calamine::{DataRef, Reader, Xlsx};
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::io::Cursor;

const REQUIRED: [&str; 6] =
    ["Reference", "Name of Individual or Entity", "Type", "Name Type", "Listing Information", "Committees"];

const OPTIONAL: [&str; 13] = [
    "Alias Strength",
    "Date of Birth",
    "Place of Birth",
    "Citizenship",
    "Address",
    "Additional Information",
    "IMO Number",
    "Control Date",
    "Instrument of Designation",
    "Targeted Financial Sanction",
    "Travel Ban",
    "Arms Embargo",
    "Maritime Restriction",
];

/// One row of the sheet: the columns of the header that we know, as text.
pub(super) struct SheetRow {
    /// Row of the sheet, counted from 1.
    pub(super) line: u64,
    cells: [String; REQUIRED.len() + OPTIONAL.len()],
}

impl SheetRow {
    /// A cell, blanks around it cut; empty where the column is not there.
    pub(super) fn get(&self, column: &str) -> &str {
        let at = REQUIRED.iter().chain(&OPTIONAL).position(|c| *c == column);
        at.map_or("", |at| self.cells[at].trim())
    }

    /// An error in a cell.
    pub(super) fn wrong(&self, file: &str, field: &str, problem: impl Into<String>) -> Error {
        Error::Field { file: file.into(), line: self.line, field: field.into(), problem: problem.into() }
    }
}

/// The header: its row, counted from 0, and where each known column is.
struct SheetHeader {
    row: u32,
    titles: Vec<(u32, String)>,
    places: FxHashMap<u32, usize>,
}

/// Hands every row of the first sheet that holds something to `take`, and gives the number of the others and the titles
/// of the columns that are not read.
///
/// # Errors
/// When the workbook is damaged, holds nothing, a column is missing, or the header is repeated; and what `take` returns.
pub(super) fn read_rows(
    file: &str,
    bytes: Vec<u8>,
    take: &mut dyn FnMut(&SheetRow) -> Result<(), Error>,
) -> Result<(u32, Vec<String>), Error> {
    let damaged = |cause: &dyn std::fmt::Display| Error::Damaged {
        file: file.into(),
        container: "xlsx",
        cause: cause.to_string(),
    };
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let sheet = book.sheet_names().first().cloned().ok_or_else(|| damaged(&"no sheet in it"))?;
    let mut reader = book.worksheet_cells_reader(&sheet).map_err(|e| damaged(&e))?;
    let mut header: Option<SheetHeader> = None;
    let mut cells: Vec<(u32, String)> = Vec::new();
    let (mut at, mut taken) = (0, 0);
    loop {
        let cell = reader.next_cell().map_err(|e| damaged(&e))?;
        let place = cell.as_ref().map(|c| c.get_position());
        if place.is_none_or(|(row, _)| row != at) && !cells.is_empty() {
            let cells = std::mem::take(&mut cells);
            match &header {
                None => header = Some(SheetHeader::read(file, at, cells)?),
                Some(header) => {
                    if let Some(row) = header.row(file, at, cells)? {
                        take(&row)?;
                        taken += 1;
                    }
                }
            }
        }
        let (Some(cell), Some((row, column))) = (cell, place) else { break };
        at = row;
        let text = cell_text(cell.get_value());
        if !text.trim().is_empty() {
            cells.push((column, text));
        }
    }
    let header = header.ok_or_else(|| Error::Empty { file: file.into() })?;
    Ok((at.saturating_sub(header.row).saturating_sub(taken), header.unread()))
}

impl SheetHeader {
    fn read(file: &str, row: u32, cells: Vec<(u32, String)>) -> Result<Self, Error> {
        let titles: Vec<_> = cells.into_iter().map(|(column, text)| (column, text.trim().to_owned())).collect();
        let wrong = |problem| Error::Header { file: file.into(), line: u64::from(row) + 1, problem };
        let mut places = FxHashMap::default();
        for (place, name) in REQUIRED.iter().chain(&OPTIONAL).enumerate() {
            let mut found = titles.iter().filter(|(_, t)| t == name);
            match (found.next(), found.next()) {
                (Some((column, _)), None) => {
                    places.insert(*column, place);
                }
                (None, _) if place < REQUIRED.len() => {
                    return Err(wrong(format!("expected column `{name}`, which is missing")));
                }
                (None, _) => {}
                (Some(_), Some(_)) => return Err(wrong(format!("expected column `{name}` once, found it twice"))),
            }
        }
        Ok(Self { row, titles, places })
    }

    /// The titles of columns that are not read.
    fn unread(&self) -> Vec<String> {
        self.titles.iter().filter(|(column, _)| !self.places.contains_key(column)).map(|(_, t)| t.clone()).collect()
    }

    /// The row; `None` when no known column holds anything.
    fn row(&self, file: &str, row: u32, cells: Vec<(u32, String)>) -> Result<Option<SheetRow>, Error> {
        let mut read = SheetRow { line: u64::from(row) + 1, cells: Default::default() };
        let mut is_blank = true;
        for (column, text) in cells {
            if let Some(&place) = self.places.get(&column) {
                read.cells[place] = text;
                is_blank = false;
            }
        }
        if read.get("Reference") == "Reference" && self.titles.iter().any(|(_, t)| t == read.get("Type")) {
            let problem = "expected an entry, found the header again".to_owned();
            return Err(Error::Syntax { file: file.into(), line: read.line, column: None, problem });
        }
        Ok((!is_blank).then_some(read))
    }
}

/// The text of a cell; dates as `2024-11-30`, whole numbers without a point.
fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(date) => serial(date.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// The day of a serial number of Excel; the number itself where it is not a day.
fn serial(number: f64) -> String {
    let days = number.trunc();
    let day = (0.0..200_000.0).contains(&days).then(|| {
        // Excel counts from 1899-12-30, its wrong leap day of 1900 included.
        Date::constant(1899, 12, 30).checked_add(jiff::Span::new().days(days as i64)).ok()
    });
    day.flatten().map_or_else(|| number.to_string(), |d| d.to_string())
}
