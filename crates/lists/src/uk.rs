//! Reads the two lists of the United Kingdom: OFSI's consolidated list in the format of 2022, and the UK Sanctions List
//! of the FCDO. Both are CSV with a first line that gives the day and a header on the second; the latter is XML as well.
//!
//! A party has a row for each spelling, address and so on; rows of one id become one entry, wherever they stand.
//! `Name 6` is the surname or the whole name of a company; `Name 1` to `Name 5` stand in front of it.

mod layout;
mod numbers;
mod xml;

pub(super) use layout::{FCDO, OFSI};
pub(super) use xml::read as read_xml;

use super::build::{Building, day, enumerated};
use super::draft::Draft;
use super::error::Error;
use super::table::{Row, Table};
use jiff::civil::Date;
use layout::{FCDO_LAYOUT, Layout, OFSI_LAYOUT};
use model::entry::{Effect, EntryKind, NameKind, RelationKind};
use rustc_hash::FxHashMap;
use std::io::Read;

const DATE: &[&str] = &["%d/%m/%Y", "%Y-%m-%d"];

/// Reads OFSI's consolidated list.
///
/// # Errors
/// When a column is missing, a row is not of its shape, an id or name is missing, or a word or date is none of its kind.
pub(super) fn read_ofsi(file: &str, input: impl Read) -> Result<Draft, Error> {
    read(file, input, &OFSI_LAYOUT)
}

/// Reads the UK Sanctions List.
///
/// # Errors
/// As [`read_ofsi`].
pub(super) fn read_fcdo(file: &str, input: impl Read) -> Result<Draft, Error> {
    read(file, input, &FCDO_LAYOUT)
}

fn read(file: &str, input: impl Read, layout: &Layout) -> Result<Draft, Error> {
    let (mut table, first) = Table::open(file, layout.shape, input, 1)?;
    let mut draft = Draft::new(file);
    draft.unknown_columns(layout.list, &table.unknown);
    // "Last Updated,10/04/2025" and "Report Date: 13-Feb-2026".
    let stated = first.iter().flat_map(|f| [f.as_str(), f.trim_start_matches("Report Date:").trim()]);
    if let Some(date) = stated.into_iter().find_map(|t| day(t, &["%d/%m/%Y", "%d-%b-%Y", "%Y-%m-%d"])) {
        draft.set_published(date);
    }
    let mut order: Vec<Building> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    while let Some(row) = table.next()? {
        let id = row.need(layout.id)?;
        let kind = entry_kind(row.get(layout.kind)).map_err(|problem| row.wrong(layout.kind, problem))?;
        let one = match known.get(id) {
            Some(&at) => {
                let one = &mut order[at];
                one.records += 1;
                if one.entry.kind != kind {
                    let problem = format!("expected the kind of the other rows of `{id}`, found another");
                    return Err(row.wrong(layout.kind, problem));
                }
                one
            }
            None => {
                known.insert(id.to_owned(), order.len());
                order.push(Building::new(layout.list, id, kind, row.line));
                order.last_mut().expect("one was pushed")
            }
        };
        take(one, &row, layout)?;
    }
    for one in order {
        one.finish(file, "Name 6", &mut draft)?;
    }
    Ok(draft)
}

fn take(one: &mut Building, row: &Row<'_>, layout: &Layout) -> Result<(), Error> {
    let parts = ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"].map(|c| row.get(c));
    let name = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ");
    let kind = name_kind(row.get(layout.name_type)).map_err(|problem| row.wrong(layout.name_type, problem))?;
    let weak = is_weak(row.get(layout.strength));
    one.name(&name, kind, weak);
    one.name(row.get(layout.native), NameKind::Alias, false);
    one.programme(row.get(layout.regime));
    one.in_force_from(date(row.get(layout.listed)).map_err(|problem| row.wrong(layout.listed, problem))?);
    one.address(layout.address.map(|c| row.get(c)), row.get(layout.country).trim_end_matches(" (previous address)"));
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
    if layout.list == "uk-ofsi" {
        // Repeated on every row of a party.
        if one.records == 1 {
            numbers::other_information(one, row.get("Other Information"));
        }
        one.note("UK Sanctions List date designated", row.get("UK Sanctions List Date Designated"));
        one.note("Last updated", row.get("Last Updated"));
        return Ok(());
    }
    if one.records == 1 {
        one.entry.effect = imposed(row.get("Sanctions Imposed"), one.entry.kind);
        one.citation(&format!("UK Sanctions List, reference {}", row.get(layout.id)));
    }
    for (column, kind) in [
        ("Parent company", RelationKind::SubsidiaryOf),
        ("Subsidiaries", RelationKind::OwnerOf),
        ("Current owner/operator (s)", RelationKind::VesselOwner),
    ] {
        numbers::parties(one, kind, row.get(column));
    }
    numbers::registrations(one, row.get("Business registration number (s)"));
    for number in enumerated(row.get("IMO number")) {
        one.imo(number);
    }
    for flag in enumerated(row.get("Current believed flag of ship")) {
        one.country("Flag", flag);
    }
    for column in [
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
    ] {
        one.note(column, row.get(column));
    }
    Ok(())
}

/// What the measures of a designation mean for a shipment. Only those that are nothing but a ban on travel or on being
/// a director are less than an asset freeze; what we do not know counts as one.
fn imposed(measures: &str, kind: EntryKind) -> Effect {
    let measures = measures.to_ascii_lowercase();
    if measures.is_empty() || measures.contains("asset freeze") || kind == EntryKind::Vessel {
        return Effect::Blocking;
    }
    let mut all = measures.split('|').map(str::trim).filter(|m| !m.is_empty());
    if all.clone().all(|m| m.contains("travel ban") || m.contains("director")) {
        Effect::Watch
    } else if all.all(|m| m.contains("trade") || m.contains("arms") || m.contains("travel") || m.contains("director")) {
        Effect::Licence
    } else {
        Effect::Blocking
    }
}

/// What is listed, in the words of both lists.
fn entry_kind(text: &str) -> Result<EntryKind, String> {
    match text {
        "Individual" => Ok(EntryKind::Person),
        "Entity" => Ok(EntryKind::Company),
        "Ship" => Ok(EntryKind::Vessel),
        other => Err(format!("expected Individual, Entity or Ship, found `{other}`")),
    }
}

/// What a spelling is, in the words of both lists, which are free with capitals ("ALias").
fn name_kind(text: &str) -> Result<NameKind, String> {
    match text.to_ascii_lowercase().as_str() {
        "primary name" => Ok(NameKind::Primary),
        "primary name variation" | "aka" | "alias" | "" => Ok(NameKind::Alias),
        "fka" => Ok(NameKind::Former),
        other => Err(format!("expected Primary name, Primary name variation, Alias, AKA or FKA, found `{other}`")),
    }
}

/// "Low quality a.k.a".
fn is_weak(strength: &str) -> bool {
    strength.to_ascii_lowercase().starts_with("low")
}

/// A date, where there is one.
fn date(text: &str) -> Result<Option<Date>, String> {
    match day(text, DATE) {
        Some(date) => Ok(Some(date)),
        None if text.is_empty() => Ok(None),
        None => Err(format!("expected a date like 31/12/2020, found `{text}`")),
    }
}

/// A date of birth as the other lists write it; `00`, `dd` and `mm` stand for what is not known.
fn birth(text: &str) -> String {
    let parts: Vec<&str> = text.trim_start_matches('\'').split('/').collect();
    let known = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()) && p.bytes().any(|b| b != b'0');
    match parts.as_slice() {
        [day, month, year] if year.len() == 4 && known(year) => match (known(day), known(month)) {
            (true, true) => format!("{year}-{month:0>2}-{day:0>2}"),
            (false, true) => format!("{year}-{month:0>2}"),
            _ => (*year).to_owned(),
        },
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn births_and_measures_read_as_meant() {
        assert_eq!(birth("22/08/1990"), "1990-08-22");
        assert_eq!(birth("00/00/1994"), "1994");
        assert_eq!(birth("dd/mm/1945"), "1945");
        assert_eq!(birth("00/5/1960"), "1960-05");
        assert_eq!(birth("1951"), "1951");
        assert_eq!(birth("c. 1970"), "c. 1970");
        assert_eq!(imposed("Asset freeze|Travel Ban", EntryKind::Person), Effect::Blocking);
        assert_eq!(imposed("Travel Ban|Director Disqualification Sanction", EntryKind::Person), Effect::Watch);
        assert_eq!(imposed("Something new", EntryKind::Company), Effect::Blocking);
        assert_eq!(imposed("Trade sanctions", EntryKind::Company), Effect::Licence);
        assert_eq!(imposed("", EntryKind::Person), Effect::Blocking);
    }
}
