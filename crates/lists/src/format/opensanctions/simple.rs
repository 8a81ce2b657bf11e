//! `targets.simple.csv`: a record for each target; semicolons separate several values of a field.

use super::schema::{LIST, kind, untyped};
use crate::build::{EntryBuilder, ParsedFile, semicolon_parts};
use crate::catalogue::Format;
use crate::error::Error;
use crate::input::{Shape, Table};
use model::entry::{Effect, EntryKind, NameKind};
use std::io::Read;

pub(crate) const SHAPE: Shape = Shape {
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

/// Reads every entry.
///
/// # Errors
/// When a column is missing, a record is not of its shape, or an id or name is missing.
pub(crate) fn read(file: &str, input: impl Read) -> Result<ParsedFile, Error> {
    let (mut table, _) = Table::open(file, &SHAPE, input, 0)?;
    let mut parsed = ParsedFile::new(file);
    parsed.unknown_columns(LIST, Format::OpenSanctionsCsv, &table.unknown);
    while let Some(row) = table.next()? {
        let id = row.need("id")?;
        let Some(kind) = kind(row.need("schema")?) else {
            // Wallets, securities and the like are not parties.
            parsed.skipped_record(LIST, "no_party");
            continue;
        };
        let mut one = EntryBuilder::new(LIST, id, kind, row.line);
        one.entry.effect = if row.get("sanctions").is_empty() { Effect::Watch } else { Effect::Blocking };
        one.name(row.get("name"), NameKind::Primary, false);
        semicolon_parts(row.get("aliases")).for_each(|text| one.name(text, NameKind::Alias, false));
        for text in semicolon_parts(row.get("birth_date")) {
            if kind == EntryKind::Person {
                one.birth(text);
            } else {
                one.note("Founded", text);
            }
        }
        semicolon_parts(row.get("countries")).for_each(|text| one.country("Country", text));
        semicolon_parts(row.get("addresses")).for_each(|text| one.address_line(text));
        semicolon_parts(row.get("identifiers")).for_each(|text| untyped(&mut one, text));
        semicolon_parts(row.get("program_ids")).for_each(|text| one.programme(text));
        semicolon_parts(row.get("sanctions")).for_each(|text| one.citation(text));
        one.note("Data sets", row.get("dataset"));
        one.finish(file, "name", &mut parsed)?;
    }
    Ok(parsed)
}
