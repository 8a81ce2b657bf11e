//! The rows of the sheet become entries.
//!
//! A party has a row for each spelling: its reference is a number, and those of further spellings the number and a
//! letter ("8151", "8151a"). Words are read whatever their case and blanks; an unknown word is an error.

use super::sheet::{SheetRow, read_rows};
use crate::build::{EntryBuilder, ParsedFile, enumerated};
use crate::catalogue::Format;
use crate::error::{Error, ValueError};
use jiff::civil::Date;
use model::entry::{Effect, EntryKind, NameKind};
use rustc_hash::FxHashMap;

const LIST: &str = "au-dfat";

const NAME: &str = "Name of Individual or Entity";

/// Reads every entry of the first sheet.
///
/// # Errors
/// When the workbook is damaged, a column is missing, a reference, name or type is missing, or a word is unknown.
pub(crate) fn read(file: &str, bytes: Vec<u8>) -> Result<ParsedFile, Error> {
    let mut entries = AuEntries::default();
    let (blank, unread) = read_rows(file, bytes, &mut |row| entries.take(file, row))?;
    let mut parsed = ParsedFile::new(file);
    parsed.unknown_columns(LIST, Format::AuDfatXlsx, &unread);
    for _ in 0..blank {
        parsed.skipped_record(LIST, "blank_row");
    }
    for one in entries.order {
        one.finish(file, NAME, &mut parsed)?;
    }
    if let Some(day) = entries.changed {
        parsed.set_published(day);
    }
    Ok(parsed)
}

#[derive(Default)]
struct AuEntries {
    /// In the order of the file.
    order: Vec<EntryBuilder>,
    /// Where each reference number is in it.
    known: FxHashMap<String, usize>,
    /// The latest day on which an entry was changed: the file has no other date.
    changed: Option<Date>,
}

impl AuEntries {
    fn take(&mut self, file: &str, row: &SheetRow) -> Result<(), Error> {
        let wrong = |field, error: ValueError| row.wrong(file, field, error.to_string());
        let reference = row.get("Reference");
        let number: String = reference.chars().take_while(char::is_ascii_digit).collect();
        if number.is_empty() {
            return Err(wrong("Reference", ValueError::unexpected("a number like 8151 or 8151a", reference)));
        }
        let name = row.get(NAME);
        if name.is_empty() {
            return Err(wrong(NAME, ValueError::missing("a name")));
        }
        let kind = entry_kind(row.get("Type")).map_err(|e| wrong("Type", e))?;
        let name_kind = name_kind(row.get("Name Type")).map_err(|e| wrong("Name Type", e))?;
        let weak = is_weak(row.get("Alias Strength")).map_err(|e| wrong("Alias Strength", e))?;
        let one = self.entry(&number, kind, row.line);
        if kind == EntryKind::Unknown {
            one.repairs.add("no_type");
        } else if one.entry.kind == EntryKind::Unknown {
            one.entry.kind = kind;
        } else if one.entry.kind != kind {
            let problem = format!("expected the type that the other rows of {number} have, found another");
            return Err(row.wrong(file, "Type", problem));
        }
        one.name(name, name_kind, weak);
        if row.get("Alias Strength").is_empty() {
            one.weaken_parts_of_names();
        }
        // Every other column repeats what the primary row says.
        if name_kind == NameKind::Primary || one.records == 1 {
            details(one, row);
        }
        self.changed = self.changed.max(row.get("Control Date").parse::<Date>().ok());
        Ok(())
    }

    /// The entry with this number, one record more than before.
    fn entry(&mut self, number: &str, kind: EntryKind, line: u64) -> &mut EntryBuilder {
        let at = match self.known.get(number) {
            Some(&at) => {
                self.order[at].records += 1;
                at
            }
            None => {
                self.known.insert(number.to_owned(), self.order.len());
                self.order.push(EntryBuilder::new(LIST, number, kind, line));
                self.order.len() - 1
            }
        };
        &mut self.order[at]
    }
}

fn entry_kind(text: &str) -> Result<EntryKind, ValueError> {
    match text.to_ascii_lowercase().as_str() {
        "individual" => Ok(EntryKind::Person),
        "entity" => Ok(EntryKind::Company),
        "vessel" => Ok(EntryKind::Vessel),
        "" => Ok(EntryKind::Unknown),
        other => Err(ValueError::unexpected("Individual, Entity or Vessel", other)),
    }
}

fn name_kind(text: &str) -> Result<NameKind, ValueError> {
    match text.to_ascii_lowercase().as_str() {
        "primary name" => Ok(NameKind::Primary),
        "aka" | "alias" | "original script" => Ok(NameKind::Alias),
        "fka" | "formerly known as" | "previously listed as" => Ok(NameKind::Former),
        other => Err(ValueError::unexpected("Primary Name, Alias, aka, fka or Original Script", other)),
    }
}

fn is_weak(text: &str) -> Result<bool, ValueError> {
    match text.to_ascii_lowercase().as_str() {
        "weak" => Ok(true),
        "strong" | "" => Ok(false),
        other => Err(ValueError::unexpected("Strong or Weak", other)),
    }
}

fn details(one: &mut EntryBuilder, row: &SheetRow) {
    let is = |column| match row.get(column).to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    };
    let flags = ["Targeted Financial Sanction", "Maritime Restriction", "Arms Embargo", "Travel Ban"].map(is);
    // The old layout has no measures: the assets of all its entries are frozen. Without a freeze a ship may be kept out
    // of ports, or arms may not be supplied; a ban on travel alone is no matter of shipments.
    one.entry.effect = match flags {
        [Some(false), Some(false), Some(false), _] => Effect::Watch,
        [Some(false), _, _, _] if flags.iter().all(Option::is_some) => Effect::Licence,
        _ => Effect::Blocking,
    };
    for text in enumerated(row.get("Date of Birth")).into_iter().flat_map(|t| t.split(">>")).map(str::trim) {
        match text.strip_prefix("Approximately ") {
            _ if text.eq_ignore_ascii_case("na") => {}
            Some(date) => one.birth(&format!("circa {date}")),
            None => one.birth(text),
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
