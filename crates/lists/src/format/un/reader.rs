//! Reads the UN Security Council's consolidated list, XML with the root `CONSOLIDATED_LIST`.
//!
//! Entry ids are the publisher's `DATAID`. Persons are written given name first, in up to four parts. Aliases that the
//! list calls of low quality are weak. Name fields that hold several spellings are split in `names`.

use super::details::{UnBirth, UnDocument, is_travel_ban_alone, without_zone};
use super::names;
use crate::build::{EntryBuilder, ParsedFile, Spellings, labelled, on_one_line, stated_relations};
use crate::catalogue::Format;
use crate::error::{Error, ValueError};
use crate::input::{Event, Xml};
use jiff::civil::Date;
use model::country::Country;
use model::entry::{Address, Effect, EntryKind, NameKind};
use std::io::BufRead;

const LIST: &str = "un-sc";

/// One `INDIVIDUAL` or `ENTITY` as it is written.
#[derive(Default)]
struct UnEntry {
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
    aliases: Vec<UnAlias>,
    addresses: Vec<UnPlace>,
    births: Vec<UnBirth>,
    birth_places: Vec<UnPlace>,
    documents: Vec<UnDocument>,
}

#[derive(Default)]
struct UnAlias {
    quality: String,
    text: String,
    note: String,
    birth: String,
    birth_place: Vec<String>,
}

#[derive(Default)]
struct UnPlace {
    parts: Vec<String>,
    country: String,
    note: String,
}

/// Reads every entry.
///
/// # Errors
/// When the XML is damaged, cut short or too deep, an entry lacks id or name, or a date is invalid.
pub(crate) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut xml = Xml::with_attributes(file, input);
    let mut parsed = ParsedFile::new(file);
    let mut open = UnEntry::default();
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
                parsed.set_published(date);
            }
            Event::Start("INDIVIDUAL") => {
                open = UnEntry { line: xml.line(), kind: EntryKind::Person, ..UnEntry::default() }
            }
            Event::Start("ENTITY") => {
                open = UnEntry { line: xml.line(), kind: EntryKind::Company, ..UnEntry::default() }
            }
            Event::Start(name) => open.begin(name),
            Event::End { name: "INDIVIDUAL" | "ENTITY", .. } => {
                builder(file, std::mem::take(&mut open))?.finish(file, "FIRST_NAME", &mut parsed)?;
            }
            Event::End { parent, name, text } if !text.is_empty() => open.end(parent, name, text),
            Event::End { .. } => {}
        }
    }
    parsed.unknown_elements(LIST, Format::UnXml, &xml.fields());
    Ok(parsed)
}

impl UnEntry {
    /// An element begins that an entry may have several of.
    fn begin(&mut self, name: &str) {
        match name {
            "INDIVIDUAL_ALIAS" | "ENTITY_ALIAS" => self.aliases.push(UnAlias::default()),
            "INDIVIDUAL_ADDRESS" | "ENTITY_ADDRESS" => self.addresses.push(UnPlace::default()),
            "INDIVIDUAL_DATE_OF_BIRTH" => self.births.push(UnBirth::default()),
            "INDIVIDUAL_PLACE_OF_BIRTH" => self.birth_places.push(UnPlace::default()),
            "INDIVIDUAL_DOCUMENT" => self.documents.push(UnDocument::default()),
            _ => {}
        }
    }

    /// An element with text ends.
    fn end(&mut self, parent: &str, name: &str, text: String) {
        match (parent, name) {
            ("INDIVIDUAL" | "ENTITY", _) => self.end_field(name, text),
            ("NATIONALITY", "VALUE") => self.nationalities.push(text),
            ("TITLE", "VALUE") => self.remarks.push(("Title", text)),
            ("DESIGNATION", "VALUE") => self.remarks.push(("Designation", text)),
            ("LAST_DAY_UPDATED", "VALUE") => self.remarks.push(("Last updated", text)),
            ("INDIVIDUAL_ALIAS" | "ENTITY_ALIAS", _) => end_alias(self.aliases.last_mut(), name, text),
            ("INDIVIDUAL_ADDRESS" | "ENTITY_ADDRESS", _) => end_place(self.addresses.last_mut(), name, text),
            ("INDIVIDUAL_PLACE_OF_BIRTH", _) => end_place(self.birth_places.last_mut(), name, text),
            ("INDIVIDUAL_DATE_OF_BIRTH", _) => end_birth(self.births.last_mut(), name, text),
            ("INDIVIDUAL_DOCUMENT", _) => end_document(self.documents.last_mut(), name, text),
            _ => {}
        }
    }

    /// An element ends that an entry has at most once.
    fn end_field(&mut self, name: &str, text: String) {
        match name {
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
        }
    }
}

fn end_alias(open: Option<&mut UnAlias>, name: &str, text: String) {
    let Some(alias) = open else { return };
    match name {
        "QUALITY" => alias.quality = text,
        "ALIAS_NAME" => alias.text = text,
        "NOTE" => alias.note = text,
        "DATE_OF_BIRTH" => alias.birth = text,
        _ => alias.birth_place.push(text),
    }
}

fn end_birth(open: Option<&mut UnBirth>, name: &str, text: String) {
    let Some(birth) = open else { return };
    match name {
        "TYPE_OF_DATE" => birth.kind = text,
        "DATE" => birth.date = text,
        "YEAR" => birth.year = text,
        "FROM_YEAR" => birth.from = text,
        "TO_YEAR" => birth.to = text,
        _ => birth.note = text,
    }
}

fn end_document(open: Option<&mut UnDocument>, name: &str, text: String) {
    let Some(document) = open else { return };
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

fn end_place(open: Option<&mut UnPlace>, name: &str, text: String) {
    let Some(place) = open else { return };
    match name {
        "COUNTRY" => place.country = text,
        "NOTE" => place.note = text,
        _ => place.parts.push(on_one_line(&text)),
    }
}

fn builder(file: &str, raw: UnEntry) -> Result<EntryBuilder, Error> {
    let wrong = |field: &str, error: ValueError| error.at(file, raw.line, field);
    if raw.id.is_empty() {
        return Err(wrong("DATAID", ValueError::missing("the id of the entry")));
    }
    let mut one = EntryBuilder::new(LIST, &raw.id, raw.kind, raw.line);
    one.entry.births = raw.births.iter().filter_map(UnBirth::text).collect();
    if raw.kind != EntryKind::Person {
        stated_relations(&on_one_line(&raw.comments), |relation| one.entry.relations.push(relation));
    }
    add_names(&mut one, &raw);
    raw.addresses.into_iter().for_each(|address| add_address(&mut one, address));
    for text in raw.nationalities.iter().filter(|t| !t.eq_ignore_ascii_case("na")) {
        one.country_name("Nationality", text);
    }
    for mut place in raw.birth_places {
        place.parts.extend([place.country, place.note].into_iter().filter(|t| !t.is_empty()));
        one.labelled_remark("Place of birth", &on_one_line(&place.parts.join(", ")));
    }
    for document in raw.documents {
        let mut notes = Vec::new();
        let found = document.read(&mut notes);
        found.into_iter().for_each(|number| one.identifier(number));
        notes.into_iter().for_each(|note| one.verbatim_remark(note));
    }
    if is_travel_ban_alone(&on_one_line(&raw.comments)) {
        one.entry.effect = Effect::Watch;
    }
    for (label, text) in &raw.remarks {
        one.labelled_remark(label, &on_one_line(text));
    }
    one.entry.effective = match raw.listed.as_str() {
        "" => None,
        text => {
            let day = without_zone(text).parse::<Date>();
            Some(day.map_err(|_| wrong("LISTED_ON", ValueError::unexpected("a date like 2012-12-31", text)))?)
        }
    };
    one.programme(&raw.programme);
    if !raw.reference.is_empty() {
        one.citation(&format!("UN Security Council, reference {}", raw.reference));
    }
    Ok(one)
}

/// Adds every spelling with what the list says of it; the comments are the first remark.
fn add_names(one: &mut EntryBuilder, raw: &UnEntry) {
    let mut names = Spellings::new(raw.kind);
    let parts: Vec<&str> = raw.parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
    if !parts.is_empty() {
        names::add(&mut names, &parts.join(" "), NameKind::Primary, false);
    }
    // Without a primary name the others are not read: the entry is refused.
    if names.is_empty() {
        return;
    }
    if !raw.comments.is_empty() {
        names.notes.insert(0, on_one_line(&raw.comments));
    }
    if !raw.script.is_empty() {
        names::add_original(&mut names, &raw.script);
    }
    // An entry without aliases has one empty element.
    for alias in raw.aliases.iter().filter(|alias| !alias.text.is_empty()) {
        let weak = alias.quality == "Low";
        let kind = if alias.quality == "f.k.a." { NameKind::Former } else { NameKind::Alias };
        names::add(&mut names, &alias.text, kind, weak);
        let text = on_one_line(&alias.text);
        let note = on_one_line(&alias.note);
        if !note.is_empty() && !names::add_noted(&mut names, &alias.text, &note, weak) {
            names.notes.extend(labelled(&text, &note));
        }
        one.birth(without_zone(&alias.birth));
        names.notes.extend(labelled(&format!("Place of birth as {text}"), &alias.birth_place.join(", ")));
    }
    one.set_spellings(names);
}

/// Adds an address; a country that we do not know stays part of the text.
fn add_address(one: &mut EntryBuilder, address: UnPlace) {
    one.labelled_remark("Address", &on_one_line(&address.note));
    let country = Country::parse(&address.country);
    let mut parts = address.parts;
    if country.is_none() && !address.country.is_empty() {
        one.repairs.add("unknown_country");
        parts.push(address.country);
    }
    if country.is_some() || !parts.is_empty() {
        one.entry.addresses.push(Address { text: parts.join(", "), country });
    }
}

#[cfg(test)]
mod tests;
