//! The CSV form of both lists.
//!
//! A party has a record for each spelling, address and so on; records of one id become one entry, wherever they are.
//! `Name 6` is the surname or the whole name of a company; `Name 1` to `Name 5` come before it.

use super::columns::{FCDO_LAYOUT, Layout, OFSI_LAYOUT};
use super::fields::{birth, date, entry_kind, imposed, is_weak, name_kind};
use super::free_text;
use crate::build::{EntryBuilder, ParsedFile, day, enumerated};
use crate::error::Error;
use crate::input::{Table, TableRow};
use model::entry::{NameKind, RelationKind};
use rustc_hash::FxHashMap;
use std::io::Read;

/// Columns of the UK Sanctions List that become remarks, in this order.
const REMARKS: [&str; 19] = [
    "Other Information",
    "UK Statement of Reasons",
    "UN Reference Number",
    "OFSI Group ID",
    "Designation source",
    "Sanctions Imposed",
    "Gender",
    "Type of entity",
    "Phone number",
    "Website",
    "Email address",
    "Previous owner/operator (s)",
    "Previous flags",
    "Type of ship",
    "Tonnage of ship",
    "Length of ship",
    "Year Built",
    "Hull identification number (HIN)",
    "Last Updated",
];

/// Reads OFSI's consolidated list.
///
/// # Errors
/// When a column is missing, a record is not of its shape, an id or name is missing, or a word or date is invalid.
pub(crate) fn read_ofsi(file: &str, input: impl Read) -> Result<ParsedFile, Error> {
    read(file, input, &OFSI_LAYOUT)
}

/// Reads the UK Sanctions List.
///
/// # Errors
/// As [`read_ofsi`].
pub(crate) fn read_fcdo(file: &str, input: impl Read) -> Result<ParsedFile, Error> {
    read(file, input, &FCDO_LAYOUT)
}

fn read(file: &str, input: impl Read, layout: &Layout) -> Result<ParsedFile, Error> {
    let (mut table, first) = Table::open(file, layout.shape, input, 1)?;
    let mut parsed = ParsedFile::new(file);
    parsed.unknown_columns(layout.list, layout.format, &table.unknown);
    // "Last Updated,10/04/2025" and "Report Date: 13-Feb-2026".
    let stated = first.iter().flat_map(|f| [f.as_str(), f.trim_start_matches("Report Date:").trim()]);
    if let Some(date) = stated.into_iter().find_map(|t| day(t, &["%d/%m/%Y", "%d-%b-%Y", "%Y-%m-%d"])) {
        parsed.set_published(date);
    }
    let mut order: Vec<EntryBuilder> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    while let Some(row) = table.next()? {
        let id = row.need(layout.id)?;
        let kind = entry_kind(row.get(layout.kind)).map_err(|error| row.wrong(layout.kind, error.to_string()))?;
        let one = match known.get(id) {
            Some(&at) => {
                let one = &mut order[at];
                one.records += 1;
                if one.entry.kind != kind {
                    let problem = format!("expected the kind that the other records of `{id}` have, found another");
                    return Err(row.wrong(layout.kind, problem));
                }
                one
            }
            None => {
                known.insert(id.to_owned(), order.len());
                order.push(EntryBuilder::new(layout.list, id, kind, row.line));
                order.last_mut().expect("one was pushed")
            }
        };
        take(one, &row, layout)?;
    }
    for one in order {
        one.finish(file, "Name 6", &mut parsed)?;
    }
    Ok(parsed)
}

/// Adds what a record says.
fn take(one: &mut EntryBuilder, row: &TableRow<'_>, layout: &Layout) -> Result<(), Error> {
    names(one, row, layout)?;
    one.programme(row.get(layout.regime));
    let listed = date(row.get(layout.listed)).map_err(|error| row.wrong(layout.listed, error.to_string()))?;
    one.in_force_from(listed);
    one.address(layout.address.map(|c| row.get(c)), row.get(layout.country).trim_end_matches(" (previous address)"));
    person(one, row, layout);
    if layout.list == "uk-ofsi" {
        // Repeated on every record of a party.
        if one.records == 1 {
            free_text::other_information(one, row.get("Other Information"));
        }
        one.note("UK Sanctions List date designated", row.get("UK Sanctions List Date Designated"));
        one.note("Last updated", row.get("Last Updated"));
    } else {
        designation(one, row, row.get(layout.id));
    }
    Ok(())
}

fn names(one: &mut EntryBuilder, row: &TableRow<'_>, layout: &Layout) -> Result<(), Error> {
    let parts = ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"].map(|c| row.get(c));
    let name = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ");
    let kind = name_kind(row.get(layout.name_type)).map_err(|error| row.wrong(layout.name_type, error.to_string()))?;
    one.name(&name, kind, is_weak(row.get(layout.strength)));
    one.name(row.get(layout.native), NameKind::Alias, false);
    Ok(())
}

/// Births, nationalities, numbers and positions, which both lists have.
fn person(one: &mut EntryBuilder, row: &TableRow<'_>, layout: &Layout) {
    for text in enumerated(row.get(layout.birth)) {
        one.birth(&birth(text));
    }
    for text in enumerated(row.get(layout.nationality)) {
        one.country("Nationality", text);
    }
    let place = [row.get(layout.town), row.get(layout.birth_country)];
    one.note("Place of birth", &place.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", "));
    for (columns, label) in [(layout.passport, "Passport"), (layout.national, "National ID No.")] {
        for number in enumerated(row.get(columns[0])) {
            one.number(label, number, None);
        }
        one.note(label, row.get(columns[1]));
    }
    one.note("Title", row.get("Title"));
    one.note("Position", row.get("Position"));
}

/// What only the UK Sanctions List has.
fn designation(one: &mut EntryBuilder, row: &TableRow<'_>, id: &str) {
    if one.records == 1 {
        one.entry.effect = imposed(row.get("Sanctions Imposed"));
        one.citation(&format!("UK Sanctions List, reference {id}"));
    }
    for (column, kind) in [
        ("Parent company", RelationKind::SubsidiaryOf),
        ("Subsidiaries", RelationKind::OwnerOf),
        ("Current owner/operator (s)", RelationKind::VesselOwner),
    ] {
        free_text::parties(one, kind, row.get(column));
    }
    free_text::registrations(one, row.get("Business registration number (s)"));
    for number in enumerated(row.get("IMO number")) {
        one.imo(number);
    }
    for flag in enumerated(row.get("Current believed flag of ship")) {
        one.country("Flag", flag);
    }
    for column in REMARKS {
        one.note(column, row.get(column));
    }
}
