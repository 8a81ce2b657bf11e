//! Reads Canada's autonomous sanctions list, XML with the root `data-set` and a flat `record` for each party.
//!
//! Elements are called in English, or in English and French ("Country-Pays"); the English part counts. `Country` is the
//! regulation that lists the party, not its nationality. There are no ids: regulation, schedule and item make one.
//!
//! Aliases are free text: separators are commas, semicolons and line ends, a label may say the language, and "or" joins
//! spellings.

use crate::build::{EntryBuilder, ParsedFile, day, slug};
use crate::catalogue::Format;
use crate::error::{Error, ValueError};
use crate::input::{Event, Xml};
use jiff::civil::Date;
use model::entry::{EntryKind, NameKind};
use std::collections::BTreeMap;
use std::io::BufRead;

const LIST: &str = "ca-sema";

/// Reads every entry.
///
/// # Errors
/// When the XML is damaged, cut short or too deep, an entry lacks regulation or name, or a date is invalid.
pub(super) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut xml = Xml::new(file, input);
    let mut parsed = ParsedFile::new(file);
    let mut record: BTreeMap<String, String> = BTreeMap::new();
    let mut line = 0;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start("record") => {
                record.clear();
                line = xml.line();
            }
            Event::End { name: "record", .. } => {
                entry(file, line, &record)?.finish(file, "EntityOrShip", &mut parsed)?
            }
            Event::End { parent: "record", name, text } if !text.is_empty() => {
                let english = name.split('-').next().unwrap_or(name).to_owned();
                record.insert(english, text);
            }
            _ => {}
        }
    }
    parsed.unknown_elements(LIST, Format::CaSemaXml, &xml.fields());
    Ok(parsed)
}

fn entry(file: &str, line: u64, record: &BTreeMap<String, String>) -> Result<EntryBuilder, Error> {
    let get = |name: &str| record.get(name).map_or("", |t| t.trim());
    let regulation = get("Country");
    if regulation.is_empty() {
        return Err(ValueError::missing("the regulation").at(file, line, "Country"));
    }
    let (given, last, other) = (get("GivenName"), get("LastName"), get("EntityOrShip"));
    let (imo, title) = (get("ShipIMONumber"), [get("TitleOrShip"), get("TitleOrShipType")].concat());
    let kind = if !imo.is_empty() || (!other.is_empty() && !title.is_empty()) {
        EntryKind::Vessel
    } else if !given.is_empty() || !last.is_empty() {
        EntryKind::Person
    } else {
        EntryKind::Company
    };
    let name = if other.is_empty() { format!("{given} {last}") } else { other.to_owned() };
    let name = name.trim();
    let (schedule, item) = (get("Schedule"), get("Item"));
    let place = if item.is_empty() { slug(name) } else { slug(item) };
    let english = regulation.split('/').next().unwrap_or(regulation).trim();
    let id = format!("{}:{}:{place}", slug(english), slug(schedule));
    let mut one = EntryBuilder::new(LIST, &id, kind, line);
    one.name(name, NameKind::Primary, false);
    for alias in aliases(get("Aliases"), kind) {
        one.name(alias, NameKind::Alias, false);
    }
    one.weaken_parts_of_names();
    one.programme(english);
    let citation = [("Schedule", schedule), ("item", item)]
        .map(|(l, t)| if t.is_empty() { String::new() } else { format!("{l} {t}") });
    let citation = citation.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ");
    one.citation(&format!("{english}: {citation}"));
    one.imo(imo);
    one.note(if kind == EntryKind::Vessel { "Vessel type" } else { "Title" }, &title);
    let born = date_text(get("DateOfBirthOrShipBuildDate"));
    if kind == EntryKind::Person {
        one.birth(&born);
    } else {
        one.note("Built", &born);
    }
    one.entry.effective =
        match get("DateOfListing") {
            "" => None,
            text => Some(day(&date_text(text), &["%Y-%m-%d"]).ok_or_else(|| {
                ValueError::unexpected("a date like 2020-09-28", text).at(file, line, "DateOfListing")
            })?),
        };
    Ok(one)
}

/// The aliases of a field. Semicolons separate; commas do so for persons only, as names of companies hold them.
fn aliases(field: &str, kind: EntryKind) -> Vec<&str> {
    let at_commas = kind == EntryKind::Person && !field.contains(';');
    let pieces = field.split(move |c: char| c == ';' || c == '\n' || (at_commas && c == ',')).map(|piece| {
        let piece = piece.trim().trim_start_matches("a.k.a.").trim();
        // "Russian: ..."
        match piece.split_once(':') {
            Some((label, rest)) if label.trim().bytes().all(|b| b.is_ascii_alphabetic()) => rest.trim(),
            _ => piece,
        }
    });
    pieces.flat_map(|piece| if kind == EntryKind::Person { alternatives(piece) } else { vec![piece] }).collect()
}

/// Whole names that "or" or a slash joins. Where a side has one word only it may be a part of the other's name, and the
/// text stays as it is.
fn alternatives(piece: &str) -> Vec<&str> {
    for mark in [" or ", "/"] {
        let sides: Vec<&str> = piece.split(mark).map(str::trim).collect();
        if sides.len() > 1 && sides.iter().all(|side| side.split_whitespace().count() > 1) {
            return sides;
        }
    }
    vec![piece]
}

/// A date; the serial numbers of Excel are such dates as well.
fn date_text(text: &str) -> String {
    let serial = text.parse::<i64>().ok().filter(|n| (10_000..=60_000).contains(n));
    let date = serial.and_then(|n| Date::constant(1899, 12, 30).checked_add(jiff::Span::new().days(n)).ok());
    date.map_or_else(
        || text.get(..10).filter(|d| d.parse::<Date>().is_ok()).unwrap_or(text).to_owned(),
        |d| d.to_string(),
    )
}
