//! Reads OFAC's classic XML (root `sdnList`), the SDN list and the consolidated non-SDN list alike.
//!
//! Streams; nothing is expanded: a DOCTYPE or an entity that XML does not define is an error, and depth and text of
//! an element are bounded. `Record_Count` must equal the rows read. Namespaces are ignored, as OFAC changed them.
//!
//! Both lists share root and elements and say nowhere which of them they are. A file is the consolidated list when
//! most of its rows bear a mark of a non-SDN list ([`non_sdn`]); then each row goes to the list its mark names, and
//! a row without one to `us-ofac-cons`. In the files of May 2024 all 443 consolidated rows bear one, and fewer than
//! 100 of 14,966 SDN rows do. A consolidated row under several programmes (SSI and CAPTA) stands on the first only.

mod advanced;
mod enhanced;
mod legacy;
mod relations;

pub(super) use advanced::read as read_advanced;
pub(super) use enhanced::read as read_enhanced;
pub(super) use legacy::{Legacy, Part};
pub(super) use relations::in_remarks;

use super::catalogue;
use super::details;
use super::draft::{Draft, Repairs};
use super::error::Error;
use super::markers::is_acronym_of;
use super::names::unquoted;
use super::xml::{Event, Xml};
use jiff::civil::Date;
use model::country::Country;
use model::entry::{Address, Entry, EntryKind, ListId, Name, NameKind, Relation, RelationKind};
use std::io::BufRead;

const SDN: &str = "us-ofac-sdn";
const CONSOLIDATED: &str = "us-ofac-cons";

/// One row as OFAC writes it in any of its formats, before its list is known.
#[derive(Default)]
struct Raw {
    line: u64,
    uid: String,
    first: String,
    last: String,
    title: String,
    kind: String,
    remarks: String,
    programmes: Vec<String>,
    akas: Vec<Aka>,
    addresses: Vec<Place>,
    ids: Vec<Id>,
    births: Vec<String>,
    birth_places: Vec<String>,
    countries: Vec<String>,
    vessel: Vec<(&'static str, String)>,
    /// What only the enhanced and advanced forms give: the list itself, relations with ids, legal bases, the day of
    /// publication, notes on the listing, and repairs made before the row is known.
    list: Option<&'static str>,
    relations: Vec<Relation>,
    citations: Vec<String>,
    published: Option<Date>,
    notes: Vec<String>,
    repairs: Repairs,
}

#[derive(Default)]
struct Aka {
    kind: String,
    category: String,
    first: String,
    last: String,
}

#[derive(Clone, Default)]
struct Place {
    parts: Vec<String>,
    country: String,
}

#[derive(Default)]
struct Id {
    label: String,
    value: String,
    country: String,
}

/// Reads every row.
///
/// # Errors
/// When the XML is broken, cut short or too deep, a row lacks uid or name, a word or date is unknown, or the rows
/// are not as many as the file states.
pub(super) fn read(file: &str, input: &mut dyn BufRead) -> Result<Draft, Error> {
    let mut xml = Xml::new(file, input);
    let mut draft = Draft::new(file);
    let mut rows: Vec<Raw> = Vec::new();
    let mut row = Raw::default();
    let mut stated = None;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start("sdnEntry") => row = Raw { line: xml.line(), ..Raw::default() },
            Event::Start("aka") => row.akas.push(Aka::default()),
            Event::Start("address") => row.addresses.push(Place::default()),
            Event::Start("id") => row.ids.push(Id::default()),
            Event::Start(_) => {}
            Event::End { parent: _, name: "sdnEntry", .. } => rows.push(std::mem::take(&mut row)),
            Event::End { parent: "publshInformation", name: "Publish_Date", text } => {
                let date = Date::strptime("%m/%d/%Y", &text).map_err(|_| {
                    xml.wrong("Publish_Date", format!("expected a date like 05/07/2024, found `{text}`"))
                })?;
                draft.set_published(date);
            }
            Event::End { parent: "publshInformation", name: "Record_Count", text } => {
                let count: u64 = text
                    .parse()
                    .map_err(|_| xml.wrong("Record_Count", format!("expected a number, found `{text}`")))?;
                stated = Some(count);
            }
            Event::End { parent, name, text } if !text.is_empty() => row.take(parent, name, text),
            Event::End { .. } => {}
        }
    }
    let stated = stated.ok_or_else(|| xml.wrong("Record_Count", "expected the number of rows, found none"))?;
    if stated != rows.len() as u64 {
        return Err(Error::Count { file: file.into(), stated, found: rows.len() as u64 });
    }
    into_draft(file, rows, &mut draft)?;
    Ok(draft)
}

/// Gives each row its list, and hands them to the draft.
fn into_draft(file: &str, rows: Vec<Raw>, draft: &mut Draft) -> Result<(), Error> {
    let marked = rows.iter().filter(|r| non_sdn(r).is_some()).count();
    let consolidated = marked * 2 > rows.len();
    for raw in rows {
        let list = match raw.list {
            Some(list) => list,
            None if consolidated => non_sdn(&raw).unwrap_or(CONSOLIDATED),
            None => SDN,
        };
        let (entry, line, repairs) = entry(file, raw, list)?;
        draft.push(entry, line, repairs);
    }
    Ok(())
}

/// The non-SDN list that a row's programmes and notes name, if any.
fn non_sdn(row: &Raw) -> Option<&'static str> {
    let programme = |start: &str| row.programmes.iter().any(|p| p.starts_with(start));
    let noted = |start: &str| row.ids.iter().any(|id| id.label.starts_with(start));
    if programme("CMIC-") {
        Some("us-ofac-cmic")
    } else if programme("NS-PLC") {
        Some("us-ofac-plc")
    } else if programme("FSE-") {
        Some("us-ofac-fse")
    } else if programme("UKRAINE-EO13662") && noted("Executive Order 13662 Directive Determination") {
        Some("us-ofac-ssi")
    } else if programme("561-") || programme("CAPTA") || noted("Effective Date (EO 14024 Directive 2)") {
        Some("us-ofac-capta")
    } else if programme("MBS")
        || noted("Effective Date (EO 14024 Directive")
        || noted("Effective Date (EO 14014 Directive")
        || (programme("CAATSA - RUSSIA") && noted("CAATSA Section 235"))
    {
        Some("us-ofac-mbs")
    } else {
        None
    }
}

impl Raw {
    /// Takes what the enhanced and advanced forms call a feature.
    fn feature(&mut self, label: &str, value: String) {
        if value.is_empty() {
            return;
        }
        match label {
            "Birthdate" => self.births.push(value),
            "Place of Birth" => self.birth_places.push(value),
            "Nationality Country" | "Citizenship Country" | "Nationality of Registration" | "Vessel Flag" => {
                self.countries.push(value);
            }
            "Vessel Owner" => self.vessel.push(("Vessel owner", value)),
            "Vessel Call Sign" => self.vessel.push(("Call sign", value)),
            "VESSEL TYPE" | "Vessel Type" => self.vessel.push(("Vessel type", value)),
            "Title" => self.title = if self.title.is_empty() { value } else { format!("{}; {value}", self.title) },
            _ => self.ids.push(Id { label: label.to_owned(), value, country: String::new() }),
        }
    }

    /// Takes the text of an element that ended.
    fn take(&mut self, parent: &str, name: &str, text: String) {
        match (parent, name) {
            ("sdnEntry", "uid") => self.uid = text,
            ("sdnEntry", "firstName") => self.first = text,
            ("sdnEntry", "lastName") => self.last = text,
            ("sdnEntry", "title") => self.title = text,
            ("sdnEntry", "sdnType") => self.kind = text,
            ("sdnEntry", "remarks") => self.remarks = text,
            ("programList", "program") => self.programmes.push(text),
            ("dateOfBirthItem", "dateOfBirth") => self.births.push(text),
            ("placeOfBirthItem", "placeOfBirth") => self.birth_places.push(text),
            ("nationality" | "citizenship", "country") | ("vesselInfo", "vesselFlag") => self.countries.push(text),
            ("vesselInfo", "callSign") => self.vessel.push(("Call sign", text)),
            ("vesselInfo", "vesselType") => self.vessel.push(("Vessel type", text)),
            ("vesselInfo", "vesselOwner") => self.vessel.push(("Vessel owner", text)),
            ("vesselInfo", "tonnage") => self.vessel.push(("Gross tonnage", text)),
            ("vesselInfo", "grossRegisteredTonnage") => self.vessel.push(("Gross registered tonnage", text)),
            ("aka", _) => {
                if let Some(aka) = self.akas.last_mut() {
                    match name {
                        "type" => aka.kind = text,
                        "category" => aka.category = text,
                        "firstName" => aka.first = text,
                        "lastName" => aka.last = text,
                        _ => {}
                    }
                }
            }
            ("address", _) => {
                if let Some(place) = self.addresses.last_mut() {
                    match name {
                        "country" => place.country = text,
                        "uid" => {}
                        _ => place.parts.push(text),
                    }
                }
            }
            ("id", _) => {
                if let Some(id) = self.ids.last_mut() {
                    match name {
                        "idType" => id.label = text,
                        "idNumber" => id.value = text,
                        "idCountry" => id.country = text,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

/// How the enhanced and advanced forms call the lists, and ours, in order: a row of the consolidated list that stands on
/// several is put on the first.
const LISTS: &[(&str, &str)] = &[
    ("Non-SDN CMIC List", "us-ofac-cmic"),
    ("Non-SDN Palestinian Legislative Council List", "us-ofac-plc"),
    ("FSE List", "us-ofac-fse"),
    ("Sectoral Sanctions Identifications List", "us-ofac-ssi"),
    ("CAPTA List", "us-ofac-capta"),
    ("Non-SDN Menu-Based Sanctions List", "us-ofac-mbs"),
    ("SDN List", SDN),
];

/// The list that a file calls so; the consolidated list as a whole is none of them.
fn listed_as(name: &str) -> Option<&'static str> {
    LISTS.iter().find(|(known, _)| *known == name).map(|(_, list)| *list)
}

/// What a link between two rows means, by the publisher's word for it and the type of the row that says it.
fn relation_kind(word: &str, kind: &str) -> RelationKind {
    let is_craft = matches!(kind, "Vessel" | "Aircraft");
    match word {
        "Owned or Controlled By" | "Property in the interest of" if is_craft => RelationKind::VesselOwner,
        "Owned or Controlled By" => RelationKind::SubsidiaryOf,
        "Owns, controls, or operates" => RelationKind::OwnerOf,
        _ => RelationKind::LinkedTo,
    }
}

fn entry(file: &str, raw: Raw, list: &'static str) -> Result<(Entry, u64, Repairs), Error> {
    let line = raw.line;
    let wrong = |field: &str, problem: String| Error::Field { file: file.into(), line, field: field.into(), problem };
    if raw.uid.is_empty() {
        return Err(wrong("uid", "expected the id of the row, found nothing".into()));
    }
    if raw.last.is_empty() {
        return Err(wrong("lastName", format!("expected a name for row {}, found nothing", raw.uid)));
    }
    let kind = match raw.kind.as_str() {
        "Individual" => EntryKind::Person,
        "Entity" => EntryKind::Company,
        "Vessel" => EntryKind::Vessel,
        "Aircraft" => EntryKind::Aircraft,
        other => {
            let problem = format!("expected Individual, Entity, Vessel or Aircraft, found `{other}`");
            return Err(wrong("sdnType", problem));
        }
    };
    let effect = catalogue::effect(list);
    let mut repairs = raw.repairs;
    let mut entry = Entry::new(ListId::new(list), raw.uid, kind, effect);
    entry.names.push(Name::new(full_name(&raw.last, &raw.first, &mut repairs), NameKind::Primary));
    for aka in raw.akas {
        if aka.last.is_empty() {
            repairs.add("empty_alias");
            continue;
        }
        let kind = match aka.kind.as_str() {
            "f.k.a." => NameKind::Former,
            "a.k.a." | "n.k.a." => NameKind::Alias,
            other => return Err(wrong("type", format!("expected a.k.a., f.k.a. or n.k.a., found `{other}`"))),
        };
        let weak = match aka.category.as_str() {
            "weak" => true,
            "strong" => false,
            other => return Err(wrong("category", format!("expected strong or weak, found `{other}`"))),
        };
        let text = full_name(&aka.last, &aka.first, &mut repairs);
        match entry.names.iter_mut().find(|n| n.text == text) {
            Some(known) => {
                // Of two markings the one that screens more holds.
                known.weak &= weak;
                repairs.add("duplicate_alias");
            }
            None => {
                let short = kind == NameKind::Alias && is_acronym_of(&text, entry.primary_name());
                let kind = if short { NameKind::Acronym } else { kind };
                entry.names.push(Name { text, kind, weak });
            }
        }
    }
    let mut notes = Vec::new();
    entry.relations = raw.relations;
    if !raw.remarks.is_empty() {
        in_remarks(&mut entry, &raw.remarks);
        notes.push(raw.remarks);
    }
    notes.extend(raw.notes);
    for place in raw.addresses {
        let country = Country::parse(&place.country);
        let mut parts = place.parts;
        if country.is_none() && !place.country.is_empty() {
            repairs.add("unknown_country");
            parts.push(place.country);
        }
        entry.addresses.push(Address { text: parts.join(", "), country });
    }
    for text in raw.countries {
        match Country::parse(&text) {
            Some(country) if entry.countries.contains(&country) => {}
            Some(country) => entry.countries.push(country),
            None => {
                repairs.add("unknown_country");
                details::note(&mut notes, "Country", &text);
            }
        }
    }
    let home: Vec<Country> = entry.addresses.iter().filter_map(|a| a.country).collect();
    for id in raw.ids {
        let country = Country::parse(&id.country);
        details::add_number(&mut entry, &mut notes, &id.label, &id.value, country, &home);
    }
    details::note(&mut notes, "Title", &raw.title);
    for place in raw.birth_places {
        details::note(&mut notes, "Place of birth", &place);
    }
    for (label, text) in raw.vessel {
        if label == "Vessel owner" {
            relations::add(&mut entry, RelationKind::VesselOwner, &text);
        }
        details::note(&mut notes, label, &text);
    }
    entry.programmes = raw.programmes;
    entry.citations = raw.citations;
    entry.published = entry.published.or(raw.published);
    entry.births.extend(raw.births);
    entry.remarks = notes.join("; ");
    Ok((entry, line, repairs))
}

/// `LASTNAME, First` as in the lists in CSV; quotes around a whole name go.
fn full_name(last: &str, first: &str, repairs: &mut Repairs) -> String {
    let last = match unquoted(last) {
        Some(inner) if first.is_empty() => {
            repairs.add("wrapped_quotes");
            inner
        }
        _ => last,
    };
    if first.is_empty() { last.to_owned() } else { format!("{last}, {first}") }
}

#[cfg(test)]
mod tests;
