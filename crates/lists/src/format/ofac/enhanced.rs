//! OFAC's enhanced XML (root `sanctionsData`): the entries of the classic form with scripts, relations, legal bases and
//! the lists that each entry is on.
//!
//! An entry is on one of our lists only: on the SDN list where the file is that of the SDN list, else on the first of
//! the non-SDN lists that it names, in the order of [`LISTS`]. The tables of reference values are skipped, as every value
//! is written out where it is used.

use super::entry::add_entries;
use super::lists::{CONSOLIDATED, LISTS, SDN};
use super::record::{Aka, OfacAddress, OfacEntry, OfacNumber, relation_kind};
use crate::build::ParsedFile;
use crate::catalogue::Format;
use crate::error::{Error, ValueError};
use crate::input::{Event, Xml};
use jiff::civil::Date;
use model::entry::Relation;
use std::io::BufRead;

/// An entity while it is read, with what is open in it.
#[derive(Default)]
struct OpenEntity {
    raw: OfacEntry,
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

/// Reads every entry.
///
/// # Errors
/// When the XML is damaged, cut short or too deep, an entry lacks id or name, or a word or date is invalid.
pub(crate) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut xml = Xml::with_attributes(file, input);
    let mut parsed = ParsedFile::new(file);
    let mut entries: Vec<OfacEntry> = Vec::new();
    let mut open: Option<OpenEntity> = None;
    let mut is_sdn_file = false;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start("entity") => {
                let (uid, line) = (xml.attribute("id").to_owned(), xml.line());
                open =
                    Some(OpenEntity { raw: OfacEntry { uid, line, ..OfacEntry::default() }, ..OpenEntity::default() });
            }
            Event::Start(name) => {
                let name = name.to_owned();
                if let Some(open) = &mut open {
                    open.begin(&name, &xml)?;
                }
            }
            Event::End { parent: "publicationInfo", name: "dataAsOf", text } => {
                let date = text.get(..10).and_then(|d| d.parse().ok()).ok_or_else(|| {
                    xml.wrong("dataAsOf", format!("expected a date and time like 2025-01-10T00:00:00, found `{text}`"))
                })?;
                parsed.set_published(date);
            }
            Event::End { name: "entity", .. } => entries.extend(open.take().map(|open| open.done(is_sdn_file))),
            Event::End { parent, name, text } => match &mut open {
                Some(open) => {
                    if let Err(error) = open.end(parent, name, text) {
                        let name = name.to_owned();
                        return Err(xml.wrong(&name, error.to_string()));
                    }
                }
                None => is_sdn_file |= name == "sanctionsList" && text == "SDN List",
            },
        }
    }
    let list = add_entries(file, entries, &mut parsed)?;
    parsed.unknown_elements(list, Format::OfacEnhancedXml, &xml.fields());
    Ok(parsed)
}

impl OpenEntity {
    /// An element begins.
    fn begin(&mut self, name: &str, xml: &Xml<'_>) -> Result<(), Error> {
        match name {
            "sanctionsList" => {
                let text = xml.attribute("datePublished");
                let date = match text.get(..10) {
                    None => None,
                    Some(day) => Some(day.parse().map_err(|_| {
                        xml.wrong("datePublished", format!("expected a date like 2021-06-03, found `{text}`"))
                    })?),
                };
                self.lists.push((String::new(), date));
            }
            "relatedEntity" => self.other_id = xml.attribute("entityId").to_owned(),
            "name" => {
                (self.is_primary_name, self.is_low_quality) = (false, false);
                self.alias_type.clear();
            }
            "translation" => {
                (self.is_latin, self.is_primary_translation) = (true, true);
                self.full_name.clear();
                self.parts.clear();
            }
            "address" => {
                self.country.clear();
                self.address.clear();
            }
            "feature" | "identityDocument" => {
                self.label.clear();
                self.value.clear();
                self.issuer.clear();
            }
            _ => {}
        }
        Ok(())
    }

    /// The entry with its list.
    fn done(self, is_sdn_file: bool) -> OfacEntry {
        let mut raw = self.raw;
        let named = LISTS.iter().find(|(name, list)| *list != SDN && self.lists.iter().any(|(l, _)| l == name));
        let (name, list) = match named {
            Some(&(name, list)) if !is_sdn_file => (name, list),
            None if !is_sdn_file => ("Consolidated List", CONSOLIDATED),
            _ => ("SDN List", SDN),
        };
        raw.list = Some(list);
        raw.published = self.lists.iter().find(|(l, _)| l == name).and_then(|(_, date)| *date);
        raw
    }

    /// An element ends.
    fn end(&mut self, parent: &str, name: &str, text: String) -> Result<(), ValueError> {
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
            ("addresses", "address") => self.address(),
            ("feature" | "identityDocument", "type") => self.label = text,
            ("feature", "value") | ("identityDocument", "documentNumber") => self.value = text,
            ("identityDocument", "issuingCountry") => self.issuer = text,
            ("features", "feature") => self.feature(),
            ("identityDocuments", "identityDocument") => {
                let [label, value, country] = [&mut self.label, &mut self.value, &mut self.issuer].map(std::mem::take);
                self.raw.ids.push(OfacNumber { label, value, country });
            }
            ("relationship", "type") => self.relation = text,
            ("relationship", "relatedEntity") => self.other = text,
            ("relationships", "relationship") => self.relation(),
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

    fn address(&mut self) {
        let address =
            OfacAddress { parts: std::mem::take(&mut self.address), country: std::mem::take(&mut self.country) };
        if !address.parts.is_empty() || !address.country.is_empty() {
            self.raw.addresses.push(address);
        }
    }

    fn relation(&mut self) {
        let kind = relation_kind(&self.relation, &self.raw.kind);
        let id = Some(std::mem::take(&mut self.other_id)).filter(|id| !id.is_empty());
        let relation = Relation { kind, name: std::mem::take(&mut self.other), id, share: None };
        if !self.raw.relations.contains(&relation) {
            self.raw.relations.push(relation);
        }
    }

    fn feature(&mut self) {
        let (label, value) = (std::mem::take(&mut self.label), std::mem::take(&mut self.value));
        self.raw.feature(&label, value);
    }
}

fn flag(text: &str) -> Result<bool, ValueError> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(ValueError::unexpected("true or false", other)),
    }
}
