//! Reads a CSV of the user's own, for in-house lists: columns found by their header, in any order and case, separated
//! by commas, semicolons or tabs. A column that we do not know is an error, so that a misspelt one is not passed over.
//!
//! Only `name` is needed. Without `id` the entry id is made of the name; without `list` the entries are on the list `own`;
//! without `effect` an entry blocks, as that is what a list of one's own is for. Rows above the header may say what holds
//! for the whole list, and what the columns of a spreadsheet are called; see [`settings`].

mod columns;
mod settings;

use crate::build::{EntryBuilder, ParsedFile, day, slug};
use crate::catalogue::Heading;
use crate::error::Error;
use crate::input::{Shape, Table, TableRow, from_io};
use columns::COLUMNS;
use jiff::civil::Date;
use model::country::Country;
use model::entry::{Effect, EntryKind, IdentifierType, ListId, NameKind, RelationKind};
use settings::{Settings, is_setting, title};
use std::io::{BufRead, Read};

const SHAPES: [Shape; 3] = [shape(b','), shape(b';'), shape(b'\t')];

const fn shape(delimiter: u8) -> Shape {
    Shape { delimiter, required: &["name"], optional: COLUMNS, closed: true }
}

const NUMBERS: &[(&str, IdentifierType)] = &[
    ("imo", IdentifierType::Imo),
    ("mmsi", IdentifierType::Mmsi),
    ("uscc", IdentifierType::Uscc),
    ("inn", IdentifierType::Inn),
    ("ogrn", IdentifierType::Ogrn),
    ("lei", IdentifierType::Lei),
    ("tax", IdentifierType::Tax),
    ("registration", IdentifierType::Registration),
    ("passport", IdentifierType::Passport),
    ("national_id", IdentifierType::NationalId),
    ("bic", IdentifierType::Bic),
    ("aircraft", IdentifierType::Aircraft),
    ("other_id", IdentifierType::Other),
];

/// Whether a line is such a header: it has `name`, and at least half of its columns are ours.
pub(crate) fn is_header(line: &str) -> bool {
    if is_setting(line) {
        return true;
    }
    let (_, titles) = split(line);
    let known = titles.iter().filter(|t| *t == "name" || COLUMNS.contains(&t.as_str())).count();
    titles.iter().any(|t| t == "name") && known * 2 >= titles.len()
}

/// The separator that gives most columns, and the columns as we write them.
fn split(line: &str) -> (usize, Vec<String>) {
    let line = line.trim_end_matches(['\r', '\n']);
    let count = |shape: &Shape| line.bytes().filter(|b| *b == shape.delimiter).count();
    let at = (0..SHAPES.len()).rev().max_by_key(|&at| count(&SHAPES[at])).unwrap_or(0);
    (at, line.split(char::from(SHAPES[at].delimiter)).map(title).collect())
}

/// Reads every entry.
///
/// # Errors
/// When a column is missing or unknown, a record is not of its shape or has no name, or a word or date is invalid.
pub(super) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut settings = Settings::default();
    // The header in our own writing, and the rest as it is.
    let mut first;
    let mut above = 0;
    loop {
        let mut line = Vec::new();
        Read::take(&mut *input, 1 << 16).read_until(b'\n', &mut line).map_err(|e| from_io(file, e))?;
        first = String::from_utf8_lossy(&line).into_owned();
        if !first.starts_with(['#', '"']) || !is_setting(&first) {
            break;
        }
        above += 1;
        settings.take(file, above, &first)?;
    }
    let (at, titles) = split(&first);
    if let Some(missing) = settings.missing(&titles) {
        let problem = format!("expected the column `{missing}`, which a row above the header names");
        return Err(Error::Header { file: file.into(), line: above + 1, problem });
    }
    let delimiter = char::from(SHAPES[at].delimiter).to_string();
    let columns: Vec<String> = titles.iter().map(|t| settings.column(t)).collect();
    // Blank lines for the rows above, so that every record keeps its line.
    let header = format!("{}{}\n", "\n".repeat(usize::try_from(above).unwrap_or(0)), columns.join(&delimiter));
    let whole = std::io::Cursor::new(header.into_bytes()).chain(input);
    let (mut table, _) = Table::open(file, &SHAPES[at], whole, 0).map_err(|error| match error {
        Error::Header { file, problem, .. } => Error::Header { file, line: above + 1, problem },
        other => other,
    })?;
    let mut parsed = ParsedFile::new(file);
    let given = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    let heading = Heading { title: given(&settings.title, "In-house list"), publisher: settings.owner.clone() };
    parsed.name_list(ListId::new(&given(&settings.list, "own")), heading);
    while let Some(row) = table.next()? {
        entry(&row, &settings)?.finish(file, "name", &mut parsed)?;
    }
    Ok(parsed)
}

fn entry(row: &TableRow<'_>, settings: &Settings) -> Result<EntryBuilder, Error> {
    let name = row.need("name")?;
    let mut one = EntryBuilder::new(list(row, &settings.list)?, &id(row, name)?, kind(row)?, row.line);
    one.entry.effect = effect(row, settings.effect)?;
    one.name(name, NameKind::Primary, false);
    for (column, kind, weak) in [
        ("aliases", NameKind::Alias, false),
        ("weak_aliases", NameKind::Alias, true),
        ("former", NameKind::Former, false),
        ("acronyms", NameKind::Acronym, false),
    ] {
        parts(row.get(column)).for_each(|text| one.name(text, kind, weak));
    }
    places(&mut one, row)?;
    for &(column, kind) in NUMBERS {
        parts(row.get(column)).for_each(|value| one.typed(kind, value, None));
    }
    for (column, kind) in [
        ("parent", RelationKind::SubsidiaryOf),
        ("owner_of", RelationKind::OwnerOf),
        ("branch_of", RelationKind::BranchOf),
        ("vessel_owner", RelationKind::VesselOwner),
        ("linked_to", RelationKind::LinkedTo),
    ] {
        parts(row.get(column)).for_each(|name| one.relation(kind, name));
    }
    parts(row.get("programme")).for_each(|text| one.programme(text));
    parts(row.get("citation")).for_each(|text| one.citation(text));
    parts(row.get("births")).for_each(|text| one.birth(text));
    let text = |column| Some(row.get(column)).filter(|t| !t.is_empty()).map(str::to_owned);
    one.entry.licence_requirement = text("licence_requirement");
    one.entry.licence_policy = text("licence_policy");
    one.entry.source_url = row.get("source_url").to_owned();
    one.entry.effective = date(row, "effective")?;
    one.entry.published = date(row, "published")?;
    one.entry.ends = date(row, "ends")?.or(date(row, "expires")?).or(settings.expires);
    one.remark(row.get("remarks"));
    say_why(&mut one, row, settings);
    Ok(one)
}

/// Why the party is listed, and who answers for it: remarks, and without another citation what an answer cites.
fn say_why(one: &mut EntryBuilder, row: &TableRow<'_>, settings: &Settings) {
    let given = |column, other| Some(row.get(column)).filter(|t| !t.is_empty()).unwrap_or(other);
    let (reason, owner) = (given("reason", &settings.reason), given("owner", &settings.owner));
    one.note("Reason", reason);
    one.note("Owner", owner);
    if one.entry.citations.is_empty() && !reason.is_empty() {
        let owner = if owner.is_empty() { String::new() } else { format!(" ({owner})") };
        one.citation(&format!("{reason}{owner}"));
    }
}

fn list<'a>(row: &TableRow<'a>, of_file: &'a str) -> Result<&'a str, Error> {
    match row.get("list") {
        "" if of_file.is_empty() => Ok("own"),
        "" => checked_list(row, of_file),
        list => checked_list(row, list),
    }
}

fn checked_list<'a>(row: &TableRow<'_>, list: &'a str) -> Result<&'a str, Error> {
    match list {
        list if list.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') => Ok(list),
        other => {
            let problem = format!("expected a list id of lower-case letters, digits and hyphens, found `{other}`");
            Err(row.wrong("list", problem))
        }
    }
}

/// The id given, or one made of the name.
fn id(row: &TableRow<'_>, name: &str) -> Result<String, Error> {
    match row.get("id") {
        "" => match slug(name) {
            empty if empty.is_empty() => {
                Err(row.wrong("name", format!("expected a name with letters or digits, found `{name}`")))
            }
            id => Ok(id),
        },
        id if id.contains(char::is_whitespace) => {
            Err(row.wrong("id", format!("expected an id without blanks, found `{id}`")))
        }
        id => Ok(id.to_owned()),
    }
}

fn kind(row: &TableRow<'_>) -> Result<EntryKind, Error> {
    const KINDS: [EntryKind; 5] =
        [EntryKind::Unknown, EntryKind::Person, EntryKind::Company, EntryKind::Vessel, EntryKind::Aircraft];
    match row.get("kind") {
        "" => Ok(EntryKind::Unknown),
        word => KINDS.into_iter().find(|k| k.as_str() == word).ok_or_else(|| {
            row.wrong("kind", format!("expected person, company, vessel, aircraft or unknown, found `{word}`"))
        }),
    }
}

fn effect(row: &TableRow<'_>, of_file: Option<Effect>) -> Result<Effect, Error> {
    match row.get("effect") {
        "" => Ok(of_file.unwrap_or(Effect::Blocking)),
        word => Effect::parse(word).ok_or_else(|| {
            let words = Effect::ALL.map(Effect::as_str).join(", ");
            row.wrong("effect", format!("expected one of {words}, found `{word}`"))
        }),
    }
}

/// The address with its country, and the other countries.
fn places(one: &mut EntryBuilder, row: &TableRow<'_>) -> Result<(), Error> {
    let of_address = match row.get("country") {
        "" => None,
        text => Some(country(row, "country", text)?),
    };
    if !row.get("address").is_empty() || of_address.is_some() {
        one.address([row.get("address")], of_address.as_ref().map_or("", Country::code));
    }
    for text in parts(row.get("countries")) {
        let country = country(row, "countries", text)?;
        if !one.entry.countries.contains(&country) {
            one.entry.countries.push(country);
        }
    }
    Ok(())
}

/// The members of a field, which semicolons or bars separate.
fn parts(field: &str) -> impl Iterator<Item = &str> {
    field.split([';', '|']).map(str::trim).filter(|p| !p.is_empty())
}

fn country(row: &TableRow<'_>, column: &str, text: &str) -> Result<Country, Error> {
    Country::parse(text)
        .ok_or_else(|| row.wrong(column, format!("expected an ISO 3166 code or an English name, found `{text}`")))
}

fn date(row: &TableRow<'_>, column: &str) -> Result<Option<Date>, Error> {
    match row.get(column) {
        "" => Ok(None),
        text => match day(text, &["%Y-%m-%d"]) {
            Some(date) => Ok(Some(date)),
            None => Err(row.wrong(column, format!("expected a date like 2024-11-30, found `{text}`"))),
        },
    }
}
