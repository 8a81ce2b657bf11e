//! What the parties of the advanced form refer to: reference values, locations, documents.

use crate::error::ValueError;
use crate::format::ofac::record::{OfacAddress, OfacNumber};
use model::country::Country;
use rustc_hash::FxHashMap;

/// The parts of a location in the order in which the other forms write an address.
const PARTS: &[&str] = &["ADDRESS1", "ADDRESS2", "ADDRESS3", "REGION", "CITY", "STATE/PROVINCE", "POSTAL CODE"];

/// Texts in place of a country that is not known.
const NO_COUNTRY: &[&str] = &["undetermined", "Unknown"];

/// One reference value.
#[derive(Default)]
pub(super) struct ReferenceValue {
    pub(super) text: String,
    /// The attribute that says more: the type of a subtype, the country of an area code.
    pub(super) more: String,
}

/// The sections in front of the parties.
#[derive(Default)]
pub(super) struct Tables {
    /// By kind ("Country"), then by id.
    values: FxHashMap<String, FxHashMap<String, ReferenceValue>>,
    locations: FxHashMap<String, OfacAddress>,
    /// By the identity that they belong to.
    documents: FxHashMap<String, Vec<OfacNumber>>,
    open: OpenElement,
}

/// What is open in one of the sections.
#[derive(Default)]
struct OpenElement {
    id: String,
    more: String,
    place: OfacAddress,
    parts: Vec<(usize, String)>,
    part: String,
    is_primary: bool,
    value: String,
    identity: String,
    document: OfacNumber,
}

impl Tables {
    /// Keeps a reference value.
    pub(super) fn define(&mut self, kind: &str, id: String, value: ReferenceValue) -> Result<(), ValueError> {
        if id.is_empty() {
            return Err(ValueError::missing("the attribute `ID`"));
        }
        self.values.entry(kind.to_owned()).or_default().insert(id, value);
        Ok(())
    }

    /// A reference value.
    pub(super) fn value(&self, kind: &str, id: &str) -> Result<&ReferenceValue, ValueError> {
        let known = self.values.get(kind).and_then(|all| all.get(id));
        known.ok_or_else(|| unknown_id(format!("{kind}Values"), id))
    }

    /// The text of a reference value.
    pub(super) fn text(&self, kind: &str, id: &str) -> Result<&str, ValueError> {
        self.value(kind, id).map(|v| v.text.trim())
    }

    /// A location.
    pub(super) fn location(&self, id: &str) -> Result<&OfacAddress, ValueError> {
        self.locations.get(id).ok_or_else(|| unknown_id("Locations".into(), id))
    }

    /// The documents of an identity, once.
    pub(super) fn documents_of(&mut self, identity: &str) -> Vec<OfacNumber> {
        self.documents.remove(identity).unwrap_or_default()
    }

    /// Documents that nobody asked for.
    pub(super) fn documents_left(&self) -> usize {
        self.documents.values().map(Vec::len).sum()
    }

    /// An element of the section `ReferenceValueSets` begins.
    pub(super) fn begin_value(&mut self, attribute: impl Fn(&str) -> String) {
        self.open.id = attribute("ID");
        self.open.more = match attribute("PartyTypeID") {
            none if none.is_empty() => attribute("Description"),
            party_type => party_type,
        };
    }

    /// An element of the section `ReferenceValueSets` ends.
    pub(super) fn end_value(&mut self, parent: &str, name: &str, text: String) -> Result<(), ValueError> {
        if parent.strip_suffix("Values") != Some(name) {
            return Ok(());
        }
        let (id, more) = (std::mem::take(&mut self.open.id), std::mem::take(&mut self.open.more));
        self.define(name, id, ReferenceValue { text, more })
    }

    /// An element of the section `Locations` begins.
    pub(super) fn begin_location(&mut self, name: &str, attribute: impl Fn(&str) -> String) -> Result<(), ValueError> {
        match name {
            "Location" => {
                self.open.id = attribute("ID");
                self.open.place = OfacAddress::default();
                self.open.parts.clear();
            }
            "LocationCountry" => {
                self.open.place.country = country(self.text("Country", &attribute("CountryID"))?);
            }
            // The area code repeats the country, and is alone where there is no other.
            "LocationAreaCode" if self.open.place.country.is_empty() => {
                self.open.place.country = country(&self.value("AreaCode", &attribute("AreaCodeID"))?.more);
            }
            "LocationPart" => {
                self.open.part = self.text("LocPartType", &attribute("LocPartTypeID"))?.to_owned();
                self.open.value.clear();
            }
            "LocationPartValue" => self.open.is_primary = attribute("Primary") != "false",
            _ => {}
        }
        Ok(())
    }

    /// An element of the section `Locations` ends.
    pub(super) fn end_location(&mut self, parent: &str, name: &str, text: String) {
        match (parent, name) {
            // Of a part in several scripts the main one counts, as in the enhanced form.
            ("LocationPartValue", "Value") if self.open.is_primary || self.open.value.is_empty() => {
                self.open.value = text;
            }
            ("Location", "LocationPart") => {
                let value = std::mem::take(&mut self.open.value);
                if self.open.part == "Unknown" && self.open.place.country.is_empty() && Country::parse(&value).is_some()
                {
                    self.open.place.country = value;
                } else if !value.is_empty() {
                    let order = PARTS.iter().position(|p| *p == self.open.part).unwrap_or(PARTS.len());
                    self.open.parts.push((order, value));
                }
            }
            (_, "Location") => {
                self.open.parts.sort_by_key(|(order, _)| *order);
                let parts = self.open.parts.drain(..).map(|(_, part)| part).collect();
                let place = OfacAddress { parts, country: std::mem::take(&mut self.open.place.country) };
                self.locations.insert(std::mem::take(&mut self.open.id), place);
            }
            _ => {}
        }
    }

    /// An element of the section `IDRegDocuments` begins.
    pub(super) fn begin_document(&mut self, name: &str, attribute: impl Fn(&str) -> String) -> Result<(), ValueError> {
        let issuer = match name {
            "IDRegDocument" => {
                let label = self.text("IDRegDocType", &attribute("IDRegDocTypeID"))?.to_owned();
                self.open.document = OfacNumber { label, ..OfacNumber::default() };
                self.open.identity = attribute("IdentityID");
                attribute("IssuedBy-CountryID")
            }
            "IssuedBy" => attribute("CountryID"),
            _ => String::new(),
        };
        if !issuer.is_empty() {
            self.open.document.country = country(self.text("Country", &issuer)?);
        }
        Ok(())
    }

    /// An element of the section `IDRegDocuments` ends.
    pub(super) fn end_document(&mut self, parent: &str, name: &str, text: String) {
        match (parent, name) {
            ("IDRegDocument", "IDRegistrationNo") => self.open.document.value = text,
            (_, "IDRegDocument") => {
                let document = std::mem::take(&mut self.open.document);
                if !document.value.is_empty() {
                    self.documents.entry(std::mem::take(&mut self.open.identity)).or_default().push(document);
                }
            }
            _ => {}
        }
    }
}

fn unknown_id(section: String, id: &str) -> ValueError {
    ValueError::UnknownId { section, found: id.to_owned() }
}

fn country(text: &str) -> String {
    let text = text.trim();
    if NO_COUNTRY.contains(&text) { String::new() } else { text.to_owned() }
}
