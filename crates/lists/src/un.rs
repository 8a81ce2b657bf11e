//! Reads the UN Security Council's consolidated list, XML with the root `CONSOLIDATED_LIST`.
//!
//! Row ids are the publisher's `DATAID`. Persons are written given name first, in up to four parts. Aliases that the
//! list calls of low quality are weak. Name fields that hold several spellings are taken apart in [`names`].

mod details;
mod names;

use super::catalogue;
use super::details::note;
use super::draft::{Draft, Repairs};
use super::error::Error;
use super::phrases;
use super::spelling::Spellings;
use super::xml::{Event, Xml};
use details::{Birth, Document, imo, without_zone};
use jiff::civil::Date;
use model::country::Country;
use model::entry::{Address, Entry, EntryKind, Identifier, IdentifierType, ListId, NameKind};
use std::io::BufRead;

pub(super) use details::number_in;

const LIST: &str = "un-sc";

/// One `INDIVIDUAL` or `ENTITY` as it is written.
#[derive(Default)]
struct Raw {
    line: u64,
    kind: EntryKind,
    id: String,
    parts: [String; 4],
    script: String,
    programme: String,
    reference: String,
    listed: String,
    comments: String,
    remarks: Vec<(&'static str, String)>,
    nationalities: Vec<String>,
    aliases: Vec<Alias>,
    addresses: Vec<Place>,
    births: Vec<Birth>,
    birth_places: Vec<Place>,
    documents: Vec<Document>,
}

#[derive(Default)]
struct Alias {
    quality: String,
    text: String,
    note: String,
    birth: String,
    birth_place: Vec<String>,
}

#[derive(Default)]
struct Place {
    parts: Vec<String>,
    country: String,
    note: String,
}

/// Reads every row.
///
/// # Errors
/// When the XML is broken, cut short or too deep, a row lacks id or name, or a date is no date.
pub(super) fn read(file: &str, input: &mut dyn BufRead) -> Result<Draft, Error> {
    let mut xml = Xml::with_attributes(file, input);
    let mut draft = Draft::new(file);
    let mut row = Raw::default();
    while let Some(event) = xml.next()? {
        match event {
            Event::Start("CONSOLIDATED_LIST") => {
                let stated = xml.attribute("dateGenerated");
                let date = without_zone(stated).parse().map_err(|_| {
                    xml.wrong(
                        "dateGenerated",
                        format!("expected a date and time like 2026-02-27T00:00:09Z, found `{stated}`"),
                    )
                })?;
                draft.set_published(date);
            }
            Event::Start("INDIVIDUAL") => row = Raw { line: xml.line(), kind: EntryKind::Person, ..Raw::default() },
            Event::Start("ENTITY") => row = Raw { line: xml.line(), kind: EntryKind::Company, ..Raw::default() },
            Event::Start(name) => row.begin(name),
            Event::End { name: "INDIVIDUAL" | "ENTITY", .. } => {
                let line = row.line;
                let (entry, repairs) = entry(file, std::mem::take(&mut row))?;
                draft.push(entry, line, repairs);
            }
            Event::End { parent, name, text } if !text.is_empty() => row.take(parent, name, text),
            Event::End { .. } => {}
        }
    }
    Ok(draft)
}

impl Raw {
    /// Begins a part that may stand several times.
    fn begin(&mut self, name: &str) {
        match name {
            "INDIVIDUAL_ALIAS" | "ENTITY_ALIAS" => self.aliases.push(Alias::default()),
            "INDIVIDUAL_ADDRESS" | "ENTITY_ADDRESS" => self.addresses.push(Place::default()),
            "INDIVIDUAL_DATE_OF_BIRTH" => self.births.push(Birth::default()),
            "INDIVIDUAL_PLACE_OF_BIRTH" => self.birth_places.push(Place::default()),
            "INDIVIDUAL_DOCUMENT" => self.documents.push(Document::default()),
            _ => {}
        }
    }

    /// Takes the text of an element.
    fn take(&mut self, parent: &str, name: &str, text: String) {
        match (parent, name) {
            ("INDIVIDUAL" | "ENTITY", _) => match name {
                "DATAID" => self.id = text,
                "FIRST_NAME" => self.parts[0] = text,
                "SECOND_NAME" => self.parts[1] = text,
                "THIRD_NAME" => self.parts[2] = text,
                "FOURTH_NAME" => self.parts[3] = text,
                "NAME_ORIGINAL_SCRIPT" => self.script = text,
                "UN_LIST_TYPE" => self.programme = text,
                "REFERENCE_NUMBER" => self.reference = text,
                "LISTED_ON" => self.listed = text,
                "COMMENTS1" => self.comments = text,
                "GENDER" => self.remarks.push(("Gender", text)),
                "SUBMITTED_BY" => self.remarks.push(("Submitted by", text)),
                "SUBMITTED_ON" => self.remarks.push(("Submitted on", text)),
                _ => {}
            },
            ("NATIONALITY", "VALUE") => self.nationalities.push(text),
            ("TITLE", "VALUE") => self.remarks.push(("Title", text)),
            ("DESIGNATION", "VALUE") => self.remarks.push(("Designation", text)),
            ("LAST_DAY_UPDATED", "VALUE") => self.remarks.push(("Last updated", text)),
            ("INDIVIDUAL_ALIAS" | "ENTITY_ALIAS", _) => {
                if let Some(alias) = self.aliases.last_mut() {
                    match name {
                        "QUALITY" => alias.quality = text,
                        "ALIAS_NAME" => alias.text = text,
                        "NOTE" => alias.note = text,
                        "DATE_OF_BIRTH" => alias.birth = text,
                        _ => alias.birth_place.push(text),
                    }
                }
            }
            ("INDIVIDUAL_ADDRESS" | "ENTITY_ADDRESS", _) => place(self.addresses.last_mut(), name, text),
            ("INDIVIDUAL_PLACE_OF_BIRTH", _) => place(self.birth_places.last_mut(), name, text),
            ("INDIVIDUAL_DATE_OF_BIRTH", _) => {
                if let Some(birth) = self.births.last_mut() {
                    match name {
                        "TYPE_OF_DATE" => birth.kind = text,
                        "DATE" => birth.date = text,
                        "YEAR" => birth.year = text,
                        "FROM_YEAR" => birth.from = text,
                        "TO_YEAR" => birth.to = text,
                        _ => birth.note = text,
                    }
                }
            }
            ("INDIVIDUAL_DOCUMENT", _) => {
                if let Some(document) = self.documents.last_mut() {
                    match name {
                        "TYPE_OF_DOCUMENT" => document.kind = text,
                        "TYPE_OF_DOCUMENT2" => document.narrower = text,
                        "NUMBER" => document.number = text,
                        "ISSUING_COUNTRY" => document.issuer = text,
                        "DATE_OF_ISSUE" => document.notes.push(format!("issued {text}")),
                        "CITY_OF_ISSUE" | "COUNTRY_OF_ISSUE" => document.notes.push(format!("issued in {text}")),
                        _ => document.notes.push(text),
                    }
                }
            }
            _ => {}
        }
    }
}

fn place(to: Option<&mut Place>, name: &str, text: String) {
    if let Some(place) = to {
        match name {
            "COUNTRY" => place.country = text,
            "NOTE" => place.note = text,
            _ => place.parts.push(joined(&text)),
        }
    }
}

/// The text without the line ends and indents of the file.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn entry(file: &str, raw: Raw) -> Result<(Entry, Repairs), Error> {
    let wrong =
        |field: &str, problem: String| Error::Field { file: file.into(), line: raw.line, field: field.into(), problem };
    if raw.id.is_empty() {
        return Err(wrong("DATAID", "expected the id of the row, found nothing".into()));
    }
    let mut names = Spellings::new(raw.kind);
    let parts: Vec<&str> = raw.parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
    if parts.is_empty() {
        return Err(wrong("FIRST_NAME", format!("expected a name for row {}, found nothing", raw.id)));
    }
    names::add(&mut names, &parts.join(" "), NameKind::Primary, false);
    if names.is_empty() {
        return Err(wrong("FIRST_NAME", format!("expected a name for row {}, found punctuation", raw.id)));
    }
    if !raw.comments.is_empty() {
        names.notes.insert(0, joined(&raw.comments));
    }
    if !raw.script.is_empty() {
        names::add_original(&mut names, &raw.script);
    }
    let effect = catalogue::effect(LIST);
    let mut entry = Entry::new(ListId::new(LIST), raw.id.clone(), raw.kind, effect);
    if raw.kind != EntryKind::Person {
        phrases::relations(&joined(&raw.comments), |relation| entry.relations.push(relation));
    }
    entry.births = raw.births.iter().filter_map(Birth::text).collect();
    for alias in raw.aliases {
        // A row without aliases has one empty element.
        if alias.text.is_empty() {
            continue;
        }
        let weak = alias.quality == "Low";
        let kind = if alias.quality == "f.k.a." { NameKind::Former } else { NameKind::Alias };
        names::add(&mut names, &alias.text, kind, weak);
        let said = joined(&alias.note);
        if !said.is_empty() && !names::add_noted(&mut names, &alias.text, &said, weak) {
            note(&mut names.notes, &joined(&alias.text), &said);
        }
        let birth = without_zone(&alias.birth).to_owned();
        if !birth.is_empty() && !entry.births.contains(&birth) {
            entry.births.push(birth);
        }
        note(&mut names.notes, &format!("Place of birth as {}", joined(&alias.text)), &alias.birth_place.join(", "));
    }
    for address in raw.addresses {
        note(&mut names.notes, "Address", &joined(&address.note));
        let country = Country::parse(&address.country);
        let mut parts = address.parts;
        if country.is_none() && !address.country.is_empty() {
            names.repairs.add("unknown_country");
            parts.push(address.country);
        }
        if country.is_some() || !parts.is_empty() {
            entry.addresses.push(Address { text: parts.join(", "), country });
        }
    }
    for text in raw.nationalities.iter().filter(|t| !t.eq_ignore_ascii_case("na")) {
        match Country::parse(text) {
            Some(country) if entry.countries.contains(&country) => {}
            Some(country) => entry.countries.push(country),
            None => {
                names.repairs.add("unknown_country");
                note(&mut names.notes, "Nationality", text);
            }
        }
    }
    for mut place in raw.birth_places {
        place.parts.extend([place.country, place.note].into_iter().filter(|t| !t.is_empty()));
        note(&mut names.notes, "Place of birth", &joined(&place.parts.join(", ")));
    }
    for document in raw.documents {
        match document.read(&mut names.notes) {
            Some(identifier) if !entry.identifiers.contains(&identifier) => entry.identifiers.push(identifier),
            _ => {}
        }
    }
    if raw.kind == EntryKind::Company
        && let Some(number) = imo(&raw.comments)
    {
        entry.identifiers.push(Identifier { kind: IdentifierType::Imo, value: number.to_owned(), country: None });
    }
    for (label, text) in raw.remarks {
        note(&mut names.notes, label, &joined(&text));
    }
    entry.effective = match raw.listed.as_str() {
        "" => None,
        text => Some(without_zone(text).parse::<Date>().map_err(|_| Error::Field {
            file: file.into(),
            line: raw.line,
            field: "LISTED_ON".into(),
            problem: format!("expected a date like 2012-12-31, found `{text}`"),
        })?),
    };
    entry.programmes.extend(Some(raw.programme).filter(|p| !p.is_empty()));
    if !raw.reference.is_empty() {
        entry.citations.push(format!("UN Security Council, reference {}", raw.reference));
    }
    entry.names = names.take();
    entry.remarks = names.notes.join("; ");
    Ok((entry, names.repairs))
}

#[cfg(test)]
mod tests;
