//! Entities of FollowTheMoney as JSON lines (`entities.ftm.json`; also `targets.nested.json`, where the neighbours of an
//! entity are inside it). A party is an entry when it is a target or has a topic; sanctions, passports, addresses and
//! links are other lines, in any order, and are put together at the end.

use super::schema::{LIST, kind};
use crate::build::{EntryBuilder, ParsedFile};
use crate::error::{Error, ValueError};
use crate::input::{from_io, json_error};
use model::country::Country;
use model::entry::{Effect, EntryKind, IdentifierType, NameKind, Relation, RelationKind};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, Read};

/// Bytes of one line; the largest published entity has about 500,000.
const MAX_LINE: u64 = 16 << 20;

/// How deep entities may be inside each other.
const MAX_NESTED: usize = 4;

#[derive(Deserialize)]
struct Entity {
    id: String,
    schema: String,
    #[serde(default)]
    caption: Option<String>,
    #[serde(default)]
    target: bool,
    #[serde(default)]
    datasets: Vec<String>,
    properties: BTreeMap<String, Vec<Value>>,
}

/// A link between two parties, both by id.
struct EntityLink {
    from: String,
    to: String,
    is_ownership: bool,
    share: Option<u16>,
}

#[derive(Default)]
struct EntityFile {
    /// In the order of the file.
    order: Vec<EntryBuilder>,
    at: FxHashMap<String, usize>,
    /// Names of all parties, for links.
    names: FxHashMap<String, String>,
    addresses: FxHashMap<String, (String, String)>,
    /// Place in `order`, and address by id.
    addressed: Vec<(usize, String)>,
    /// Sanctions and documents, with the party they belong to.
    about: Vec<(String, Entity)>,
    links: Vec<EntityLink>,
    context: u32,
}

/// Reads every entry.
///
/// # Errors
/// When a line is not such an entity, is too long or not UTF-8, or an entry has no name.
pub(crate) fn read(file: &str, mut input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut entities = EntityFile::default();
    let mut line = Vec::new();
    let mut number = 0_u64;
    loop {
        line.clear();
        number += 1;
        let read = Read::take(&mut input, MAX_LINE + 1).read_until(b'\n', &mut line).map_err(|e| from_io(file, e))?;
        if read == 0 {
            break;
        }
        if line.len() as u64 > MAX_LINE {
            let problem = format!("expected at most {MAX_LINE} bytes in a line");
            return Err(Error::Syntax { file: file.into(), line: number, column: None, problem });
        }
        if let Err(cause) = std::str::from_utf8(&line) {
            let place = format!("byte {}", cause.valid_up_to());
            return Err(Error::Encoding { file: file.into(), line: number, place });
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let entity: Entity = serde_json::from_slice(&line).map_err(|e| match json_error(file, e) {
            Error::Syntax { file, column, problem, .. } => Error::Syntax { file, line: number, column, problem },
            other => other,
        })?;
        entities.take(entity, number, 0).map_err(|error| error.at(file, number, "properties"))?;
    }
    entities.finish(file)
}

impl EntityFile {
    /// Takes an entity, and those inside it.
    fn take(&mut self, mut raw: Entity, line: u64, depth: usize) -> Result<(), ValueError> {
        if depth > MAX_NESTED {
            return Err(ValueError::TooDeep { limit: MAX_NESTED });
        }
        for value in raw.properties.values_mut().flatten().filter(|value| value.is_object()) {
            let inner: Entity =
                serde_json::from_value(value.take()).map_err(|e| ValueError::NotAnEntity(e.to_string()))?;
            *value = Value::String(inner.id.clone());
            self.take(inner, line, depth + 1)?;
        }
        let one = |raw: &Entity, name: &str| texts(raw, name).next().unwrap_or_default().to_owned();
        match raw.schema.as_str() {
            "Address" => {
                let country = one(&raw, "country");
                self.addresses.insert(raw.id.clone(), (one(&raw, "full"), country));
            }
            "Sanction" => {
                let whose = one(&raw, "entity");
                self.about.push((whose, raw));
            }
            "Passport" | "Identification" => {
                let whose = one(&raw, "holder");
                self.about.push((whose, raw));
            }
            "Ownership" => {
                let share = texts(&raw, "percentage").find_map(thousandths);
                self.link(one(&raw, "owner"), one(&raw, "asset"), true, share);
            }
            "UnknownLink" | "Succession" => {
                let (from, to) = match raw.schema.as_str() {
                    "Succession" => ("successor", "predecessor"),
                    _ => ("subject", "object"),
                };
                self.link(one(&raw, from), one(&raw, to), false, None);
            }
            "Directorship" => self.link(one(&raw, "director"), one(&raw, "organization"), false, None),
            "Family" => self.link(one(&raw, "person"), one(&raw, "relative"), false, None),
            "Associate" => self.link(one(&raw, "person"), one(&raw, "associate"), false, None),
            "Representation" => self.link(one(&raw, "agent"), one(&raw, "client"), false, None),
            "Membership" => self.link(one(&raw, "member"), one(&raw, "organization"), false, None),
            "Employment" => self.link(one(&raw, "employee"), one(&raw, "employer"), false, None),
            schema => match kind(schema) {
                Some(kind) => self.party(&raw, kind, line),
                None => self.context += 1,
            },
        }
        Ok(())
    }

    fn link(&mut self, from: String, to: String, is_ownership: bool, share: Option<u16>) {
        if !from.is_empty() && !to.is_empty() {
            self.links.push(EntityLink { from, to, is_ownership, share });
        }
    }

    fn party(&mut self, raw: &Entity, kind: EntryKind, line: u64) {
        let caption = raw.caption.as_deref().or_else(|| texts(raw, "name").next()).unwrap_or_default();
        self.names.insert(raw.id.clone(), caption.to_owned());
        let topics: Vec<&str> = texts(raw, "topics").collect();
        if !raw.target && topics.is_empty() {
            self.context += 1;
            return;
        }
        // In the nested form a party may be inside several others.
        if self.at.contains_key(&raw.id) {
            return;
        }
        self.addressed.extend(texts(raw, "addressEntity").map(|id| (self.order.len(), id.to_owned())));
        self.at.insert(raw.id.clone(), self.order.len());
        self.order.push(party(raw, kind, caption, &topics, line));
    }

    fn finish(mut self, file: &str) -> Result<ParsedFile, Error> {
        for (at, id) in &self.addressed {
            if let Some((full, country)) = self.addresses.get(id) {
                self.order[*at].address([full.as_str()], country);
            }
        }
        for (whose, raw) in &self.about {
            if let Some(&at) = self.at.get(whose) {
                about(&mut self.order[at], raw);
            }
        }
        for link in std::mem::take(&mut self.links) {
            self.relate(&link);
        }
        let mut parsed = ParsedFile::new(file);
        for one in self.order {
            one.finish(file, "name", &mut parsed)?;
        }
        for _ in 0..self.context {
            parsed.skipped_record(LIST, "context_only");
        }
        Ok(parsed)
    }

    /// Adds a link to the entries at both ends of it.
    fn relate(&mut self, link: &EntityLink) {
        let named = |id: &String| self.names.get(id).cloned().unwrap_or_default();
        let relation =
            |kind, other: &String| Relation { kind, name: named(other), id: Some(other.clone()), share: link.share };
        if let Some(&at) = self.at.get(&link.from) {
            let kind = if link.is_ownership { RelationKind::OwnerOf } else { RelationKind::LinkedTo };
            let relation = relation(kind, &link.to);
            self.order[at].related(relation);
        }
        if let Some(&at) = self.at.get(&link.to) {
            let kind = match (link.is_ownership, self.order[at].entry.kind) {
                (true, EntryKind::Vessel | EntryKind::Aircraft) => RelationKind::VesselOwner,
                (true, _) => RelationKind::SubsidiaryOf,
                (false, _) => RelationKind::LinkedTo,
            };
            let relation = relation(kind, &link.from);
            self.order[at].related(relation);
        }
    }
}

/// Properties that are numbers of a known type.
const NUMBERS: [(&str, IdentifierType); 12] = [
    ("mmsi", IdentifierType::Mmsi),
    ("uscCode", IdentifierType::Uscc),
    ("innCode", IdentifierType::Inn),
    ("ogrnCode", IdentifierType::Ogrn),
    ("leiCode", IdentifierType::Lei),
    ("taxNumber", IdentifierType::Tax),
    ("vatCode", IdentifierType::Tax),
    ("registrationNumber", IdentifierType::Registration),
    ("serialNumber", IdentifierType::Registration),
    ("passportNumber", IdentifierType::Passport),
    ("idNumber", IdentifierType::NationalId),
    ("swiftBic", IdentifierType::Bic),
];

/// Properties that become remarks, with their labels.
const REMARKS: [(&str, &str); 7] = [
    ("birthPlace", "Place of birth"),
    ("position", "Position"),
    ("title", "Title"),
    ("gender", "Gender"),
    ("type", "Type"),
    ("callSign", "Call sign"),
    ("notes", ""),
];

/// The entry of a party, without what other entities say of it.
fn party(raw: &Entity, kind: EntryKind, caption: &str, topics: &[&str], line: u64) -> EntryBuilder {
    let mut one = EntryBuilder::new(LIST, &raw.id, kind, line);
    one.entry.effect = effect(topics);
    names(&mut one, raw, caption);
    for property in ["country", "nationality", "citizenship", "flag", "jurisdiction"] {
        texts(raw, property).for_each(|text| one.country("Country", text));
    }
    for (property, found) in NUMBERS {
        // The registration of an aircraft is its tail number.
        let is_tail_number = kind == EntryKind::Aircraft && found == IdentifierType::Registration;
        let found = if is_tail_number { IdentifierType::Aircraft } else { found };
        texts(raw, property).for_each(|value| one.typed(found, value, None));
    }
    texts(raw, "imoNumber").for_each(|value| one.imo(value));
    texts(raw, "birthDate").for_each(|text| one.birth(text));
    texts(raw, "address").for_each(|text| one.address_line(text));
    texts(raw, "programId").for_each(|text| one.programme(text));
    for (property, label) in REMARKS {
        texts(raw, property).for_each(|text| one.note(label, text));
    }
    one.note("Topics", &topics.join(", "));
    one.note("Data sets", &raw.datasets.join(", "));
    one.entry.source_url = texts(raw, "sourceUrl").next().unwrap_or_default().to_owned();
    one
}

fn names(one: &mut EntryBuilder, raw: &Entity, caption: &str) {
    for text in texts(raw, "name") {
        one.name(text, if text == caption { NameKind::Primary } else { NameKind::Alias }, false);
    }
    if !one.has_name() {
        one.name(caption, NameKind::Primary, false);
    }
    for (property, kind, weak) in [
        ("alias", NameKind::Alias, false),
        ("weakAlias", NameKind::Alias, true),
        ("previousName", NameKind::Former, false),
        ("abbreviation", NameKind::Acronym, false),
    ] {
        texts(raw, property).for_each(|text| one.name(text, kind, weak));
    }
}

/// Takes a sanction or document into its party.
fn about(one: &mut EntryBuilder, raw: &Entity) {
    if raw.schema != "Sanction" {
        let country = texts(raw, "country").find_map(Country::parse);
        let is_passport =
            raw.schema == "Passport" || texts(raw, "type").any(|t| t.to_ascii_lowercase().contains("passport"));
        let kind = if is_passport { IdentifierType::Passport } else { IdentifierType::NationalId };
        texts(raw, "number").for_each(|number| one.typed(kind, number, country));
        return;
    }
    texts(raw, "program").for_each(|text| one.programme(text));
    let authority = texts(raw, "authority").next().unwrap_or_default();
    match texts(raw, "authorityId").next() {
        Some(id) => one.citation(&format!("{authority} {id}")),
        None => one.citation(authority),
    }
    texts(raw, "reason").for_each(|text| one.note("Reason", text));
    for property in ["startDate", "listingDate"] {
        texts(raw, property).for_each(|text| one.in_force_from(text.get(..10).and_then(|d| d.parse().ok())));
    }
}

/// What the topics of an entity mean, the strictest first.
fn effect(topics: &[&str]) -> Effect {
    let has = |topic: &str| topics.contains(&topic);
    if has("sanction") {
        Effect::Blocking
    } else if has("export.control") {
        Effect::Licence
    } else if has("debarment") {
        Effect::Procurement
    } else {
        Effect::Watch
    }
}

/// The texts of a property.
fn texts<'a>(raw: &'a Entity, property: &str) -> impl Iterator<Item = &'a str> {
    raw.properties.get(property).into_iter().flatten().filter_map(Value::as_str).filter(|t| !t.trim().is_empty())
}

/// A share in thousandths: "50", "50%", "33.4".
fn thousandths(text: &str) -> Option<u16> {
    let text = text.trim().trim_end_matches('%').trim();
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    let whole: u16 = whole.parse().ok().filter(|w| *w <= 100)?;
    let tenth = u16::from(tenth.bytes().next().filter(u8::is_ascii_digit)? - b'0');
    Some((whole * 10 + tenth).min(1000))
}
