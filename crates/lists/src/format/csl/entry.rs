//! One record of the list becomes one entry.
//!
//! Entry ids are the publisher's `_id`. A blank `type` stays unknown. Invalid dates (the year 0097) are dropped, counted
//! and kept as a remark, never corrected.

use super::columns::COLUMNS;
use crate::build::{EntryBuilder, Repairs, has_lost_characters, semicolon_parts};
use crate::catalogue;
use crate::error::Error;
use crate::format::linked_to;
use crate::format::name_repair;
use crate::format::us_details;
use jiff::civil::Date;
use model::country::Country;
use model::entry::{Address, EntryKind, RelationKind};

/// The years a date of a listing can have; the oldest list began in 1940.
const YEARS: std::ops::RangeInclusive<i16> = 1940..=2200;

/// Columns that become remarks, with their labels, in this order.
const REMARKS: [(&str, &str); 8] = [
    ("title", "Title"),
    ("places_of_birth", "Place of birth"),
    ("vessel_type", "Vessel type"),
    ("vessel_owner", "Vessel owner"),
    ("call_sign", "Call sign"),
    ("gross_tonnage", "Gross tonnage"),
    ("gross_registered_tonnage", "Gross registered tonnage"),
    ("standard_order", "Standard order"),
];

/// One record as text, whichever form it comes from.
pub(super) struct CslRow<'a> {
    pub(super) file: &'a str,
    /// The line on which it begins.
    pub(super) line: u64,
    /// Where the fields are, for messages: `results[3].` in JSON, nothing in CSV.
    pub(super) within: String,
    /// The fields in the order of [`COLUMNS`], blanks kept.
    pub(super) fields: [&'a str; 29],
}

impl<'a> CslRow<'a> {
    fn get(&self, column: &str) -> &'a str {
        COLUMNS.iter().zip(self.fields).find(|(c, _)| **c == column).map_or("", |(_, field)| field)
    }

    fn wrong(&self, field: &str, problem: impl Into<String>) -> Error {
        let field = format!("{}{field}", self.within);
        Error::Field { file: self.file.into(), line: self.line, field, problem: problem.into() }
    }

    fn need(&self, column: &str, what: &str) -> Result<&'a str, Error> {
        match self.get(column).trim() {
            "" => Err(self.wrong(column, format!("expected {what}, found nothing"))),
            text => Ok(text),
        }
    }

    /// A date; one in an impossible year is counted and becomes a remark instead.
    fn date(&self, column: &str, one: &mut EntryBuilder) -> Result<Option<Date>, Error> {
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
        one.repairs.add("impossible_date");
        one.labelled_remark(&format!("Unreadable {column}"), text);
        Ok(None)
    }
}

/// Reads one record.
///
/// # Errors
/// When the source is unknown, the id or name is missing, or a type or date is invalid.
pub(super) fn entry(row: &CslRow<'_>) -> Result<EntryBuilder, Error> {
    let known = catalogue::by_source(row.get("source")).ok_or_else(|| Error::UnknownSource {
        file: row.file.into(),
        line: row.line,
        found: row.get("source").into(),
        known: catalogue::codes(),
    })?;
    let id = row.need("_id", "the id of the entry")?;
    row.need("name", "a name")?;
    let mut one = EntryBuilder::new(known.id.as_str(), id, kind(row)?, row.line);
    one.verbatim_remark(row.get("remarks").trim().to_owned());
    one.entry.addresses = semicolon_parts(row.get("addresses")).map(|text| address(text, &mut one.repairs)).collect();
    name_repair::add_names(&mut one, row.get("name"), row.get("alt_names"));
    for column in ["citizenships", "nationalities", "vessel_flag"] {
        semicolon_parts(row.get(column)).for_each(|text| one.country_name(column, text));
    }
    one.entry.effective = row.date("start_date", &mut one)?;
    one.entry.ends = row.date("end_date", &mut one)?;
    let home: Vec<Country> = one.entry.addresses.iter().filter_map(|a| a.country).collect();
    for text in semicolon_parts(row.get("ids")) {
        let (country, value, label) = number(text);
        us_details::add_number(&mut one, label, value, country, &home);
    }
    legal_texts(row, &mut one);
    for (column, label) in REMARKS {
        one.labelled_remark(label, row.get(column));
    }
    linked_to::add_linked(&mut one, row.get("remarks"));
    linked_to::add_party(&mut one, RelationKind::VesselOwner, row.get("vessel_owner"));
    Ok(one)
}

fn kind(row: &CslRow<'_>) -> Result<EntryKind, Error> {
    match row.get("type").trim() {
        "" => Ok(EntryKind::Unknown),
        "Individual" => Ok(EntryKind::Person),
        "Entity" => Ok(EntryKind::Company),
        "Vessel" => Ok(EntryKind::Vessel),
        "Aircraft" => Ok(EntryKind::Aircraft),
        other => {
            let problem = format!("expected Individual, Entity, Vessel, Aircraft or nothing, found `{other}`");
            Err(row.wrong("type", problem))
        }
    }
}

/// Programmes, citations, licence texts, births and the publisher's page.
fn legal_texts(row: &CslRow<'_>, one: &mut EntryBuilder) {
    let verbatim = |column| Some(row.get(column).trim()).filter(|t| !t.is_empty()).map(str::to_owned);
    let entry = &mut one.entry;
    entry.programmes = semicolon_parts(row.get("programs")).map(str::to_owned).collect();
    entry.citations = us_details::citations(row.get("federal_register_notice"));
    entry.licence_requirement = verbatim("license_requirement");
    entry.licence_policy = verbatim("license_policy");
    entry.births.extend(semicolon_parts(row.get("dates_of_birth")).map(str::to_owned));
    entry.source_url = verbatim("source_information_url").or_else(|| verbatim("source_list_url")).unwrap_or_default();
}

/// An address ends with the code of its country, or is that code alone; some entries give the name of the country.
fn address(text: &str, repairs: &mut Repairs) -> Address {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(rest) = text.strip_prefix("and ") {
        repairs.add("address_stray_and");
        text = rest.to_owned();
    }
    if has_lost_characters(&text) {
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
/// country and value there may be dates of expiry and issue, which identify nobody.
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
