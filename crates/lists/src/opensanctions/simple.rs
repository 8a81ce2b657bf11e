//! `targets.simple.csv`: a row for each target, fields with several members separated by semicolons.

use super::super::build::Building;
use super::super::draft::Draft;
use super::super::error::Error;
use super::super::table::{Shape, Table};
use super::{LIST, kind, untyped};
use model::entry::{Effect, EntryKind, NameKind};
use std::io::Read;

pub(in super::super) const SHAPE: Shape = Shape {
    delimiter: b',',
    required: &[
        "id",
        "schema",
        "name",
        "aliases",
        "birth_date",
        "countries",
        "addresses",
        "identifiers",
        "sanctions",
        "dataset",
    ],
    optional: &["phones", "emails", "program_ids", "first_seen", "last_seen", "last_change"],
    closed: false,
};

/// Reads every row.
///
/// # Errors
/// When a column is missing, a row is not of its shape, or an id or name is missing.
pub(in super::super) fn read(file: &str, input: impl Read) -> Result<Draft, Error> {
    let (mut table, _) = Table::open(file, &SHAPE, input, 0)?;
    let mut draft = Draft::new(file);
    draft.unknown_columns(LIST, &table.unknown);
    while let Some(row) = table.next()? {
        let id = row.need("id")?;
        let Some(kind) = kind(row.need("schema")?) else {
            // Wallets, securities and the like are no parties.
            draft.passed_over(LIST, "no_party");
            continue;
        };
        let mut one = Building::new(LIST, id, kind, row.line);
        one.entry.effect = if row.get("sanctions").is_empty() { Effect::Watch } else { Effect::Blocking };
        one.name(row.get("name"), NameKind::Primary, false);
        parts(row.get("aliases")).for_each(|text| one.name(text, NameKind::Alias, false));
        for text in parts(row.get("birth_date")) {
            if kind == EntryKind::Person {
                one.birth(text);
            } else {
                one.note("Founded", text);
            }
        }
        parts(row.get("countries")).for_each(|text| one.country("Country", text));
        parts(row.get("addresses")).for_each(|text| one.address_line(text));
        parts(row.get("identifiers")).for_each(|text| untyped(&mut one, text));
        parts(row.get("program_ids")).for_each(|text| one.programme(text));
        parts(row.get("sanctions")).for_each(|text| one.citation(text));
        one.note("Data sets", row.get("dataset"));
        one.finish(file, "name", &mut draft)?;
    }
    Ok(draft)
}

fn parts(field: &str) -> impl Iterator<Item = &str> {
    field.split(';').map(str::trim).filter(|p| !p.is_empty())
}
