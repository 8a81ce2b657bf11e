//! Reads the US Consolidated Screening List, CSV with 29 columns: thirteen lists of three departments in one file.
//!
//! Columns are found by name. Row ids are the publisher's `_id`. A blank `type` stays unknown. Dates that cannot be
//! (the year 0097) are dropped, counted and noted, never corrected.

mod json;

pub(super) use json::{explain as explain_json, read as read_json};

use super::catalogue;
use super::details;
use super::draft::{Draft, Repairs};
use super::error::Error;
use super::names;
use super::ofac;
use super::table::{Unix, check_text, next};
use csv::{ByteRecord, ReaderBuilder};
use jiff::civil::Date;
use model::country::Country;
use model::entry::{Address, Entry, EntryKind, Relation, RelationKind};
use std::io::Read;

/// The columns of the format, in the order the publisher writes them.
pub(super) const COLUMNS: [&str; 29] = [
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
];

/// The years a date of a listing can have; the oldest list began in 1940.
const YEARS: std::ops::RangeInclusive<i16> = 1940..=2200;

/// Reads every row.
///
/// # Errors
/// When a column is missing or unknown, a row has another number of fields, a text is not UTF-8, a source is
/// unknown, an id or name is missing, or a date is no date.
pub(super) fn read(file: &str, input: impl Read) -> Result<Draft, Error> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(Unix::new(input));
    let mut record = ByteRecord::new();
    let mut draft = Draft::new(file);
    if !next(file, &mut reader, &mut record)? {
        return Err(Error::Empty { file: file.into() });
    }
    let places = header(file, &record)?;
    while next(file, &mut reader, &mut record)? {
        let row = Row::new(file, &record, &places)?;
        let (entry, repairs) = entry(&row)?;
        draft.push(entry, row.line, repairs);
    }
    Ok(draft)
}

/// Where each of [`COLUMNS`] stands.
fn header(file: &str, record: &ByteRecord) -> Result<[usize; 29], Error> {
    let found: Vec<String> = record.iter().map(|f| String::from_utf8_lossy(f).trim().to_owned()).collect();
    let problem = |problem| Error::Header { file: file.into(), line: 1, problem };
    let mut places = [0; 29];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let mut at = found.iter().enumerate().filter(|(_, f)| *f == column).map(|(i, _)| i);
        *place = at.next().ok_or_else(|| problem(format!("expected column `{column}`, which is missing")))?;
        if at.next().is_some() {
            return Err(problem(format!("expected column `{column}` once, found it twice")));
        }
    }
    let extra: Vec<_> = found.iter().filter(|f| !COLUMNS.contains(&f.as_str())).map(|f| format!("`{f}`")).collect();
    if !extra.is_empty() {
        return Err(problem(format!("expected the 29 columns of the list and no other, found {}", extra.join(", "))));
    }
    Ok(places)
}

/// One row as text.
struct Row<'a> {
    file: &'a str,
    line: u64,
    /// Where the columns stand, for messages.
    within: String,
    fields: [&'a str; 29],
}

impl<'a> Row<'a> {
    fn new(file: &'a str, record: &'a ByteRecord, places: &[usize; 29]) -> Result<Self, Error> {
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != COLUMNS.len() {
            let problem = format!("expected {} fields, found {}", COLUMNS.len(), record.len());
            return Err(Error::Syntax { file: file.into(), line, column: None, problem });
        }
        let mut fields = [""; 29];
        for ((field, &place), column) in fields.iter_mut().zip(places).zip(COLUMNS) {
            check_text(file, line, &record[place], || format!("column `{column}`"))?;
            *field = std::str::from_utf8(&record[place]).unwrap_or_default();
        }
        Ok(Self { file, line, within: String::new(), fields })
    }

    fn get(&self, column: &str) -> &'a str {
        let at = COLUMNS.iter().position(|c| *c == column).expect("the reader asks for columns of the format only");
        self.fields[at]
    }

    fn wrong(&self, field: &str, problem: impl Into<String>) -> Error {
        let field = format!("{}{field}", self.within);
        Error::Field { file: self.file.into(), line: self.line, field, problem: problem.into() }
    }

    /// A date; one in an impossible year is noted and counted instead.
    fn date(&self, column: &str, repairs: &mut Repairs, notes: &mut Vec<String>) -> Result<Option<Date>, Error> {
        let text = self.get(column).trim();
        if text.is_empty() {
            return Ok(None);
        }
        let date: Date = (text.len() == 10)
            .then(|| text.parse().ok())
            .flatten()
            .ok_or_else(|| self.wrong(column, format!("expected a date like 2020-12-18, found `{text}`")))?;
        if YEARS.contains(&date.year()) {
            return Ok(Some(date));
        }
        repairs.add("impossible_date");
        details::note(notes, &format!("Unreadable {column}"), text);
        Ok(None)
    }
}

fn entry(row: &Row<'_>) -> Result<(Entry, Repairs), Error> {
    let known = catalogue::by_source(row.get("source")).ok_or_else(|| Error::UnknownSource {
        file: row.file.into(),
        line: row.line,
        found: row.get("source").into(),
        known: catalogue::codes(),
    })?;
    let id = row.get("_id").trim();
    if id.is_empty() {
        return Err(row.wrong("_id", "expected the id of the row, found nothing"));
    }
    if row.get("name").trim().is_empty() {
        return Err(row.wrong("name", "expected a name, found nothing"));
    }
    let kind = match row.get("type").trim() {
        "" => EntryKind::Unknown,
        "Individual" => EntryKind::Person,
        "Entity" => EntryKind::Company,
        "Vessel" => EntryKind::Vessel,
        "Aircraft" => EntryKind::Aircraft,
        other => {
            let problem = format!("expected Individual, Entity, Vessel, Aircraft or nothing, found `{other}`");
            return Err(row.wrong("type", problem));
        }
    };
    let (mut repairs, mut notes) = (Repairs::default(), Vec::new());
    let mut entry = Entry::new(known.id.clone(), id, kind, known.effect);
    if !row.get("remarks").trim().is_empty() {
        notes.push(row.get("remarks").trim().to_owned());
    }
    entry.addresses = parts(row.get("addresses")).map(|text| address(text, &mut repairs)).collect();
    entry.names = names::read(row.get("name"), row.get("alt_names"), &entry.addresses, &mut repairs, &mut notes);
    if entry.names[0].text.is_empty() {
        return Err(row.wrong("name", "expected a name, found punctuation"));
    }
    for column in ["citizenships", "nationalities", "vessel_flag"] {
        for text in parts(row.get(column)) {
            match Country::parse(text) {
                Some(country) if entry.countries.contains(&country) => {}
                Some(country) => entry.countries.push(country),
                None => {
                    repairs.add("unknown_country");
                    details::note(&mut notes, column, text);
                }
            }
        }
    }
    let home: Vec<Country> = entry.addresses.iter().filter_map(|a| a.country).collect();
    entry.effective = row.date("start_date", &mut repairs, &mut notes)?;
    entry.ends = row.date("end_date", &mut repairs, &mut notes)?;
    for text in parts(row.get("ids")) {
        let (country, value, label) = number(text);
        details::add_number(&mut entry, &mut notes, label, value, country, &home);
    }
    entry.programmes = parts(row.get("programs")).map(str::to_owned).collect();
    entry.citations = details::citations(row.get("federal_register_notice"));
    entry.licence_requirement = verbatim(row.get("license_requirement"));
    entry.licence_policy = verbatim(row.get("license_policy"));
    entry.births.extend(parts(row.get("dates_of_birth")).map(str::to_owned));
    for (column, label) in [
        ("title", "Title"),
        ("places_of_birth", "Place of birth"),
        ("vessel_type", "Vessel type"),
        ("vessel_owner", "Vessel owner"),
        ("call_sign", "Call sign"),
        ("gross_tonnage", "Gross tonnage"),
        ("gross_registered_tonnage", "Gross registered tonnage"),
        ("standard_order", "Standard order"),
    ] {
        details::note(&mut notes, label, row.get(column));
    }
    ofac::in_remarks(&mut entry, row.get("remarks"));
    if !row.get("vessel_owner").trim().is_empty() {
        entry.relations.push(Relation::named(RelationKind::VesselOwner, row.get("vessel_owner").trim()));
    }
    entry.remarks = notes.join("; ");
    let urls = ["source_information_url", "source_list_url"].map(|c| row.get(c).trim());
    entry.source_url = urls.into_iter().find(|u| !u.is_empty()).unwrap_or_default().to_owned();
    Ok((entry, repairs))
}

/// The members of a field, which the list separates by "; ".
fn parts(field: &str) -> impl Iterator<Item = &str> {
    field.split(';').map(str::trim).filter(|p| !p.is_empty())
}

fn verbatim(field: &str) -> Option<String> {
    let text = field.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// An address ends with the code of its country, or is that code alone; some rows write the country's name.
fn address(text: &str, repairs: &mut Repairs) -> Address {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(rest) = text.strip_prefix("and ") {
        repairs.add("address_stray_and");
        text = rest.to_owned();
    }
    if names::lost_characters(&text) {
        repairs.add("address_lost_characters");
    }
    let (rest, last) = text.rsplit_once(',').map_or(("", text.as_str()), |(rest, last)| (rest, last.trim()));
    let capitals = last.len() == 2 && last.bytes().all(|b| b.is_ascii_uppercase());
    if capitals && let Some(country) = Country::from_code(last) {
        return Address { text: rest.trim_end_matches([',', ' ']).to_owned(), country: Some(country) };
    }
    let country = (last.len() > 3).then(|| Country::parse(last)).flatten();
    Address { text, country }
}

/// Country, value and label of one number: "CN, 914403007954257495, Unified Social Credit Code (USCC)". Between
/// country and value may stand the dates of expiry and issue, which identify nobody.
fn number(text: &str) -> (Option<Country>, &str, &str) {
    let (mut value, label) = text.rsplit_once(", ").unwrap_or(("", text));
    let mut country = None;
    if let Some((first, rest)) = value.split_once(", ")
        && first.len() == 2
        && let Some(found) = Country::from_code(first)
    {
        (country, value) = (Some(found), rest);
    }
    while let Some((first, rest)) = value.split_once(", ")
        && first.len() == 10
        && first.parse::<Date>().is_ok()
    {
        value = rest;
    }
    (country, value, label)
}

#[cfg(test)]
mod tests;
