//! Reads Australia's consolidated list, an Excel workbook, in the layout until 2025 (12 columns) and since (19).
//!
//! A party has a row for each spelling: its reference is a number, and those of further spellings the number and a
//! letter ("8151", "8151a"). Cells are read one after the other, so that the hundreds of empty columns of the old file
//! cost nothing. Words are read whatever their case and blanks; what is none of them is an error.

use super::build::{Building, enumerated};
use super::draft::Draft;
use super::error::Error;
use calamine::{DataRef, Reader, Xlsx};
use jiff::civil::Date;
use model::entry::{Effect, EntryKind, NameKind};
use rustc_hash::FxHashMap;
use std::io::Cursor;

const LIST: &str = "au-dfat";

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

/// Cells of one row: the columns of the header that we know, as text.
struct Row {
    line: u64,
    cells: [String; REQUIRED.len() + OPTIONAL.len()],
}

impl Row {
    fn get(&self, column: &str) -> &str {
        let at = REQUIRED.iter().chain(&OPTIONAL).position(|c| *c == column);
        at.map_or("", |at| self.cells[at].trim())
    }

    fn wrong(&self, file: &str, field: &str, problem: impl Into<String>) -> Error {
        Error::Field { file: file.into(), line: self.line, field: field.into(), problem: problem.into() }
    }
}

/// Reads every row of the first sheet.
///
/// # Errors
/// When the workbook is damaged, a column is missing, a reference, name or type is missing, or a word is unknown.
pub(super) fn read(file: &str, bytes: Vec<u8>) -> Result<Draft, Error> {
    let damaged = |cause: &dyn std::fmt::Display| Error::Damaged {
        file: file.into(),
        container: "xlsx",
        cause: cause.to_string(),
    };
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let sheet = book.sheet_names().first().cloned().ok_or_else(|| damaged(&"no sheet in it"))?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|e| damaged(&e))?;
    let mut rows =
        Rows { file, draft: Draft::new(file), order: Vec::new(), known: FxHashMap::default(), control: None };
    let mut header: Option<Vec<(u32, String)>> = None;
    let mut places: FxHashMap<u32, usize> = FxHashMap::default();
    let mut current: Option<Row> = None;
    let mut titles: Vec<(u32, String)> = Vec::new();
    let mut at = 0_u32;
    let (mut last_with_text, mut last_seen) = (0_u32, 0_u32);
    loop {
        let cell = cells.next_cell().map_err(|e| damaged(&e))?;
        let (row, column) = cell.as_ref().map_or((u32::MAX, 0), |c| c.get_position());
        if row != at || cell.is_none() {
            if header.is_none() && !titles.is_empty() {
                places = columns(file, &titles, u64::from(at) + 1)?;
                header = Some(std::mem::take(&mut titles));
                last_with_text = at;
            } else if let Some(done) = current.take()
                && rows.take(done, header.as_deref().unwrap_or_default())?
            {
                // Rows without cells stand in the file as well.
                for _ in last_with_text + 1..at {
                    rows.draft.passed_over(LIST, "blank_row");
                }
                last_with_text = at;
            }
            at = row;
        }
        let Some(cell) = cell else { break };
        last_seen = row;
        let text = text(cell.get_value());
        if header.is_none() {
            if !text.trim().is_empty() {
                titles.push((column, text.trim().to_owned()));
            }
            continue;
        }
        if let Some(&place) = places.get(&column) {
            let row = current.get_or_insert_with(|| Row { line: u64::from(row) + 1, cells: Default::default() });
            row.cells[place] = text;
        }
    }
    if header.is_none() {
        return Err(Error::Empty { file: file.into() });
    }
    for _ in last_with_text..last_seen {
        rows.draft.passed_over(LIST, "blank_row");
    }
    rows.finish()
}

/// Where each known column stands.
fn columns(file: &str, titles: &[(u32, String)], line: u64) -> Result<FxHashMap<u32, usize>, Error> {
    let mut places = FxHashMap::default();
    for (place, column) in REQUIRED.iter().chain(&OPTIONAL).enumerate() {
        let mut found = titles.iter().filter(|(_, t)| t == column);
        match (found.next(), found.next()) {
            (Some((at, _)), None) => {
                places.insert(*at, place);
            }
            (None, _) if place < REQUIRED.len() => {
                let problem = format!("expected column `{column}`, which is missing");
                return Err(Error::Header { file: file.into(), line, problem });
            }
            (None, _) => {}
            (Some(_), Some(_)) => {
                let problem = format!("expected column `{column}` once, found it twice");
                return Err(Error::Header { file: file.into(), line, problem });
            }
        }
    }
    Ok(places)
}

/// The text of a cell; dates as `2024-11-30`, whole numbers without a point.
fn text(value: &DataRef<'_>) -> String {
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

/// The day of a serial number of Excel; the number itself where it is none.
fn serial(number: f64) -> String {
    let days = number.trunc();
    let day = (0.0..200_000.0).contains(&days).then(|| {
        // Excel counts from 1899-12-30, its wrong leap day of 1900 included.
        Date::constant(1899, 12, 30).checked_add(jiff::Span::new().days(days as i64)).ok()
    });
    day.flatten().map_or_else(|| number.to_string(), |d| d.to_string())
}

struct Rows<'a> {
    file: &'a str,
    draft: Draft,
    order: Vec<Building>,
    known: FxHashMap<String, usize>,
    /// The latest day on which a row was changed: the file has no other date.
    control: Option<Date>,
}

impl Rows<'_> {
    /// Takes a row; false when it is blank, which is counted at the next one that is not.
    fn take(&mut self, row: Row, header: &[(u32, String)]) -> Result<bool, Error> {
        if row.cells.iter().all(|c| c.trim().is_empty()) {
            return Ok(false);
        }
        let file = self.file;
        if row.get("Reference") == "Reference" && header.iter().any(|(_, t)| t == row.get("Type")) {
            let problem = "expected a row, found the header again".to_owned();
            return Err(Error::Syntax { file: file.into(), line: row.line, column: None, problem });
        }
        let reference = row.get("Reference");
        let number: String = reference.chars().take_while(char::is_ascii_digit).collect();
        if number.is_empty() {
            let problem = format!("expected a number like 8151 or 8151a, found `{reference}`");
            return Err(row.wrong(file, "Reference", problem));
        }
        let name = row.get("Name of Individual or Entity");
        if name.is_empty() {
            return Err(row.wrong(file, "Name of Individual or Entity", "expected a name, found nothing"));
        }
        let kind = match row.get("Type").to_ascii_lowercase().as_str() {
            "individual" => EntryKind::Person,
            "entity" => EntryKind::Company,
            "vessel" => EntryKind::Vessel,
            "" => EntryKind::Unknown,
            other => {
                let problem = format!("expected Individual, Entity or Vessel, found `{other}`");
                return Err(row.wrong(file, "Type", problem));
            }
        };
        let name_kind = match row.get("Name Type").to_ascii_lowercase().as_str() {
            "primary name" => NameKind::Primary,
            "aka" | "alias" | "original script" => NameKind::Alias,
            "fka" | "formerly known as" | "previously listed as" => NameKind::Former,
            other => {
                let problem = format!("expected Primary Name, Alias, aka, fka or Original Script, found `{other}`");
                return Err(row.wrong(file, "Name Type", problem));
            }
        };
        let weak = match row.get("Alias Strength").to_ascii_lowercase().as_str() {
            "weak" => true,
            "strong" | "" => false,
            other => {
                return Err(row.wrong(file, "Alias Strength", format!("expected Strong or Weak, found `{other}`")));
            }
        };
        let at = match self.known.get(&number) {
            Some(&at) => {
                self.order[at].records += 1;
                at
            }
            None => {
                self.known.insert(number.clone(), self.order.len());
                self.order.push(Building::new(LIST, &number, kind, row.line));
                self.order.len() - 1
            }
        };
        let one = &mut self.order[at];
        if kind == EntryKind::Unknown {
            one.repairs.add("no_type");
        } else if one.entry.kind == EntryKind::Unknown {
            one.entry.kind = kind;
        } else if one.entry.kind != kind {
            let problem = format!("expected the type of the other rows of {number}, found another");
            return Err(row.wrong(file, "Type", problem));
        }
        one.name(name, name_kind, weak);
        // Every other column repeats what the primary row says.
        if name_kind == NameKind::Primary || one.records == 1 {
            details(one, &row);
        }
        let changed = row.get("Control Date").parse::<Date>().ok();
        self.control = self.control.max(changed);
        Ok(true)
    }

    fn finish(mut self) -> Result<Draft, Error> {
        for one in self.order {
            one.finish(self.file, "Name of Individual or Entity", &mut self.draft)?;
        }
        if let Some(day) = self.control {
            self.draft.set_published(day);
        }
        Ok(self.draft)
    }
}

fn details(one: &mut Building, row: &Row) {
    let is = |column| match row.get(column).to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    };
    let flags = ["Targeted Financial Sanction", "Maritime Restriction", "Arms Embargo", "Travel Ban"].map(is);
    // The old layout has no measures: all its rows are frozen.
    one.entry.effect = match flags {
        [Some(false), Some(false), Some(false), _] => Effect::Watch,
        [Some(false), Some(false), Some(true), _] => Effect::Licence,
        _ => Effect::Blocking,
    };
    for birth in enumerated(row.get("Date of Birth")) {
        for text in birth.split(">>") {
            let text = text.trim();
            if !text.eq_ignore_ascii_case("na") {
                one.birth(
                    text.strip_prefix("Approximately ").map_or(text.to_owned(), |t| format!("circa {t}")).as_str(),
                );
            }
        }
    }
    for text in enumerated(row.get("Citizenship")) {
        for text in text.split([',', ';', '/']).flat_map(|t| t.split(" and ")) {
            one.country("Citizenship", text);
        }
    }
    for text in enumerated(row.get("Address")) {
        if !text.eq_ignore_ascii_case("na") {
            one.address_line(text);
        }
    }
    for number in enumerated(row.get("IMO Number")) {
        one.imo(number);
    }
    one.programme(row.get("Committees"));
    one.citation(row.get("Listing Information"));
    one.citation(row.get("Instrument of Designation"));
    let place = row.get("Place of Birth");
    one.note("Place of birth", if place.eq_ignore_ascii_case("na") { "" } else { place });
    one.remark(row.get("Additional Information"));
    for column in ["Control Date", "Travel Ban", "Arms Embargo", "Maritime Restriction"] {
        let text = row.get(column);
        one.note(column, if text == "false" { "" } else { text });
    }
}
