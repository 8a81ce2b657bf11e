//! Reads the BIS Denied Persons List, text with tabs and a header.
//!
//! The file has a record for each address and no ids. An entry id is made of what stays the same from one publication to
//! the next: the name and the first Federal Register notice of the order, so that a renewed order keeps its id. The
//! list does not say whether a party is a person or a company, and neither do we.

use super::name_repair;
use super::us_details::citations;
use crate::build::{EntryBuilder, ParsedFile, day, slug};
use crate::catalogue::Format;
use crate::error::Error;
use crate::input::{Shape, Table, TableRow};
use model::entry::EntryKind;
use rustc_hash::FxHashMap;
use std::io::Read;

const LIST: &str = "us-bis-dpl";

pub(crate) const SHAPE: Shape = Shape {
    delimiter: b'\t',
    required: &[
        "Name",
        "Street_Address",
        "City",
        "State",
        "Country",
        "Postal_Code",
        "Effective_Date",
        "Expiration_Date",
        "FR_Citation",
    ],
    optional: &["Standard_Order", "Last_Update", "Action"],
    closed: false,
};

const STATES: &[&str] = &[
    "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS", "KY", "LA",
    "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR",
    "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
];

/// Reads every entry.
///
/// # Errors
/// When a column is missing, a record is not of its shape, a name is missing, or a date is invalid.
pub(super) fn read(file: &str, input: impl Read) -> Result<ParsedFile, Error> {
    let (mut table, _) = Table::open(file, &SHAPE, input, 0)?;
    let mut parsed = ParsedFile::new(file);
    parsed.unknown_columns(LIST, Format::BisDpl, &table.unknown);
    let mut order: Vec<EntryBuilder> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    while let Some(row) = table.next()? {
        let id = id(&row)?;
        match known.get(&id) {
            Some(&at) => again(&mut order[at], &row)?,
            None => {
                order.push(first(&id, &row)?);
                known.insert(id, order.len() - 1);
            }
        }
    }
    for one in order {
        one.finish(file, "Name", &mut parsed)?;
    }
    Ok(parsed)
}

/// The first record of a party.
fn first(id: &str, row: &TableRow<'_>) -> Result<EntryBuilder, Error> {
    let mut one = EntryBuilder::new(LIST, id, EntryKind::Unknown, row.line);
    add_rest(&mut one, row);
    one.in_force_from(date(row, "Effective_Date")?);
    one.entry.ends = date(row, "Expiration_Date")?;
    let mut notes = Vec::new();
    // "SMITH, JOHN" is as often a company as a person: left as listed.
    for name in name_repair::read(row.get("Name"), "", &one.entry.addresses, &mut one.repairs, &mut notes) {
        one.name(&name.text, name.kind, name.weak);
    }
    notes.iter().for_each(|n| one.remark(n));
    Ok(one)
}

/// A further record of a party, with another address or notice.
fn again(one: &mut EntryBuilder, row: &TableRow<'_>) -> Result<(), Error> {
    one.records += 1;
    // An order that ends on several days, or on none, is in force until the last.
    one.entry.ends = match (one.entry.ends, date(row, "Expiration_Date")?) {
        (Some(a), Some(b)) => Some(a.max(b)),
        _ => None,
    };
    one.in_force_from(date(row, "Effective_Date")?);
    add_rest(one, row);
    Ok(())
}

fn add_rest(one: &mut EntryBuilder, row: &TableRow<'_>) {
    let state = row.get("State");
    let code = row.get("Postal_Code");
    let mut country = row.get("Country");
    let digits = code.bytes().take_while(u8::is_ascii_digit).count();
    if country.is_empty() && digits == 5 && STATES.contains(&state) {
        one.repairs.add("country_from_state");
        country = "US";
    }
    one.address([row.get("Street_Address"), row.get("City"), state, code], country);
    for citation in citations(row.get("FR_Citation")) {
        one.citation(&citation);
    }
    one.note("Standard order", row.get("Standard_Order"));
    one.note("Action", row.get("Action"));
    one.note("Last update", row.get("Last_Update"));
}

/// Name and first notice, in lower-case letters, digits and hyphens.
fn id(row: &TableRow<'_>) -> Result<String, Error> {
    let name = row.need("Name")?;
    let slug = slug(name);
    if slug.is_empty() {
        return Err(row.wrong("Name", format!("expected a name, found `{name}`")));
    }
    let mut numbers = row.get("FR_Citation").split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
    Ok(match (numbers.next(), numbers.next()) {
        (Some(volume), Some(page)) => format!("{slug}@{volume}-{page}"),
        _ => slug,
    })
}

fn date(row: &TableRow<'_>, column: &str) -> Result<Option<jiff::civil::Date>, Error> {
    match row.get(column) {
        "" => Ok(None),
        text => match day(text, &["%m/%d/%Y", "%Y-%m-%d"]) {
            Some(date) => Ok(Some(date)),
            None => Err(row.wrong(column, format!("expected a date like 08/24/2022, found `{text}`"))),
        },
    }
}
