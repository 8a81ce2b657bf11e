//! OFAC's enhanced XML (root `sanctionsData`): the rows of the classic form with scripts, relations, legal bases and
//! the lists that each row stands on.
//!
//! A row stands on one of our lists only: on the SDN list where the file is that of the SDN list, else on the first of
//! the non-SDN lists that it names, in the order of [`super::LISTS`]. The tables of reference values are passed over, as every
//! value is written out where it is used.

use super::super::draft::Draft;
use super::super::error::Error;
use super::super::xml::{Event, Xml};
use super::{Aka, Id, LISTS, Place, Raw, into_draft, relation_kind};
use jiff::civil::Date;
use model::entry::Relation;
use std::io::BufRead;

/// What is open while a row is read.
#[derive(Default)]
struct State {
    raw: Raw,
    lists: Vec<(String, Option<Date>)>,
    // The name, address, feature, document or relation that is open.
    is_primary_name: bool,
    alias_type: String,
    is_low_quality: bool,
    is_latin: bool,
    full_name: String,
    country: String,
    is_primary_translation: bool,
    parts: Vec<String>,
    address: Vec<String>,
    label: String,
    value: String,
    issuer: String,
    relation: String,
    other: String,
    other_id: String,
}

/// Reads every row.
///
/// # Errors
/// When the XML is broken, cut short or too deep, a row lacks id or name, or a word or date is none of its kind.
pub(in super::super) fn read(file: &str, input: &mut dyn BufRead) -> Result<Draft, Error> {
    let mut xml = Xml::with_attributes(file, input);
    let mut draft = Draft::new(file);
    let mut rows: Vec<Raw> = Vec::new();
    let mut state = State::default();
    let mut is_sdn_file = false;
    let mut in_entity = false;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start("entity") => {
                let (uid, line) = (xml.attribute("id").to_owned(), xml.line());
                state = State { raw: Raw { uid, line, ..Raw::default() }, ..State::default() };
                in_entity = true;
            }
            Event::Start("sanctionsList") if in_entity => {
                let text = xml.attribute("datePublished");
                let date = match text.get(..10) {
                    None => None,
                    Some(day) => Some(day.parse().map_err(|_| {
                        xml.wrong("datePublished", format!("expected a date like 2021-06-03, found `{text}`"))
                    })?),
                };
                state.lists.push((String::new(), date));
            }
            Event::Start("relatedEntity") => state.other_id = xml.attribute("entityId").to_owned(),
            Event::Start("name") => {
                (state.is_primary_name, state.is_low_quality) = (false, false);
                state.alias_type.clear();
            }
            Event::Start("translation") => {
                (state.is_latin, state.is_primary_translation) = (true, true);
                state.full_name.clear();
                state.parts.clear();
            }
            Event::Start("address") => {
                state.country.clear();
                state.address.clear();
            }
            Event::Start("feature" | "identityDocument") => {
                state.label.clear();
                state.value.clear();
                state.issuer.clear();
            }
            Event::Start(_) => {}
            Event::End { parent: "publicationInfo", name: "dataAsOf", text } => {
                let date = text.get(..10).and_then(|d| d.parse().ok()).ok_or_else(|| {
                    xml.wrong("dataAsOf", format!("expected a date and time like 2025-01-10T00:00:00, found `{text}`"))
                })?;
                draft.set_published(date);
            }
            Event::End { name: "sanctionsList", text, .. } if !in_entity => is_sdn_file |= text == "SDN List",
            Event::End { name: "entity", .. } => {
                in_entity = false;
                rows.push(state.done(is_sdn_file));
            }
            Event::End { parent, name, text } if in_entity => {
                if let Err(problem) = state.take(parent, name, text) {
                    let name = name.to_owned();
                    return Err(xml.wrong(&name, problem));
                }
            }
            Event::End { .. } => {}
        }
    }
    into_draft(file, rows, &mut draft)?;
    Ok(draft)
}

impl State {
    /// The row with its list.
    fn done(&mut self, is_sdn_file: bool) -> Raw {
        let mut raw = std::mem::take(&mut self.raw);
        let named = LISTS.iter().find(|(name, list)| *list != super::SDN && self.lists.iter().any(|(l, _)| l == name));
        let (name, list) = match named {
            Some(&(name, list)) if !is_sdn_file => (name, list),
            None if !is_sdn_file => ("Consolidated List", super::CONSOLIDATED),
            _ => ("SDN List", super::SDN),
        };
        raw.list = Some(list);
        raw.published = self.lists.iter().find(|(l, _)| l == name).and_then(|(_, date)| *date);
        raw
    }

    /// Takes the text of an element that ended.
    fn take(&mut self, parent: &str, name: &str, text: String) -> Result<(), String> {
        match (parent, name) {
            ("sanctionsLists", "sanctionsList") => {
                if let Some(last) = self.lists.last_mut() {
                    last.0 = text;
                }
            }
            ("generalInfo", "entityType") => self.raw.kind = text,
            ("generalInfo", "remarks") => self.raw.remarks = text,
            ("generalInfo", "title") => self.raw.title = text,
            ("sanctionsPrograms", "sanctionsProgram") => self.raw.programmes.push(text),
            ("legalAuthorities", "legalAuthority") => self.raw.citations.push(text),
            ("name", "isPrimary") => self.is_primary_name = flag(&text)?,
            ("name", "isLowQuality") => self.is_low_quality = flag(&text)?,
            ("name", "aliasType") => self.alias_type = text,
            ("translation", "script") => self.is_latin = text == "Latin",
            ("translation", "isPrimary") => self.is_primary_translation = flag(&text)?,
            ("translation", "formattedFullName") => self.full_name = text,
            ("translations", "translation") => self.translated(),
            ("address", "country") => self.country = text,
            ("addressPart", "value") => self.parts.push(text),
            ("addresses", "address") => {
                let place =
                    Place { parts: std::mem::take(&mut self.address), country: std::mem::take(&mut self.country) };
                if !place.parts.is_empty() || !place.country.is_empty() {
                    self.raw.addresses.push(place);
                }
            }
            ("feature" | "identityDocument", "type") => self.label = text,
            ("feature", "value") | ("identityDocument", "documentNumber") => self.value = text,
            ("identityDocument", "issuingCountry") => self.issuer = text,
            ("features", "feature") => self.feature(),
            ("identityDocuments", "identityDocument") => {
                let [label, value, country] = [&mut self.label, &mut self.value, &mut self.issuer].map(std::mem::take);
                self.raw.ids.push(Id { label, value, country });
            }
            ("relationship", "type") => self.relation = text,
            ("relationship", "relatedEntity") => self.other = text,
            ("relationships", "relationship") => {
                let kind = relation_kind(&self.relation, &self.raw.kind);
                let id = Some(std::mem::take(&mut self.other_id)).filter(|id| !id.is_empty());
                let relation = Relation { kind, name: std::mem::take(&mut self.other), id, share: None };
                if !self.raw.relations.contains(&relation) {
                    self.raw.relations.push(relation);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes a name in one script; addresses have translations without one.
    fn translated(&mut self) {
        if self.full_name.is_empty() {
            // Of an address the main translation counts.
            if self.is_primary_translation {
                self.address = std::mem::take(&mut self.parts);
            }
            return;
        }
        let name = std::mem::take(&mut self.full_name);
        if self.is_primary_name && self.is_latin && self.raw.last.is_empty() {
            self.raw.last = name;
            return;
        }
        let kind = match self.alias_type.as_str() {
            "F.K.A." => "f.k.a.",
            _ => "a.k.a.",
        };
        let category = if self.is_low_quality { "weak" } else { "strong" };
        self.raw.akas.push(Aka { kind: kind.into(), category: category.into(), first: String::new(), last: name });
    }

    fn feature(&mut self) {
        let (label, value) = (std::mem::take(&mut self.label), std::mem::take(&mut self.value));
        self.raw.feature(&label, value);
    }
}

fn flag(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(format!("expected true or false, found `{other}`")),
    }
}
