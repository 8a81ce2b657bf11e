//! One party while it is read.

use super::names::{NamePart, add_names};
use crate::build::{EntryBuilder, day, on_one_line};
use crate::error::Error;
use crate::input::Xml;
use jiff::civil::Date;
use model::country::Country;
use model::entry::{EntryKind, NameKind, Relation, RelationKind};
use rustc_hash::FxHashMap;

/// The parts of an address or place, in the order in which they are written.
const PLACE: &[&str] = &["c-o", "address-details", "p-o-box", "zip-code", "location", "area"];

#[derive(Clone, Default)]
pub(super) struct ChPlace {
    pub(super) parts: Vec<String>,
    pub(super) country: String,
    pub(super) id: String,
}

#[derive(Default)]
struct ChDocument {
    kind: String,
    number: String,
    issuer: String,
    remark: String,
}

/// A party while it is read.
pub(super) struct ChTarget {
    one: EntryBuilder,
    set: String,
    addresses: Vec<ChPlace>,
    births: Vec<ChPlace>,
    /// Effective day and kind of the latest change.
    last: Option<(Option<Date>, String)>,
}

/// What is open inside a party.
#[derive(Default)]
pub(super) struct OpenParts {
    name_kind: Option<NameKind>,
    is_weak: bool,
    parts: Vec<NamePart>,
    variant: String,
    pub(super) place: ChPlace,
    document: ChDocument,
    relation: Option<String>,
}

impl ChTarget {
    /// A party begins.
    ///
    /// # Errors
    /// When it has no id.
    pub(super) fn begin(list: &str, xml: &Xml<'_>) -> Result<Self, Error> {
        let id = xml.attribute("ssid");
        if id.is_empty() {
            return Err(xml.wrong("ssid", "expected the id of the target, found nothing"));
        }
        Ok(Self {
            one: EntryBuilder::new(list, id, EntryKind::Unknown, xml.line()),
            set: xml.attribute("sanctions-set-id").to_owned(),
            addresses: Vec::new(),
            births: Vec::new(),
            last: None,
        })
    }

    /// Whether its latest change took it off the list.
    pub(super) fn is_delisted(&self) -> bool {
        self.last.as_ref().is_some_and(|(_, kind)| kind == "de-listed")
    }

    /// The entry with its programme, and its places looked up.
    pub(super) fn into_builder(
        self,
        programmes: &FxHashMap<String, String>,
        places: &FxHashMap<String, ChPlace>,
    ) -> EntryBuilder {
        let mut one = self.one;
        if let Some(programme) = programmes.get(&self.set) {
            one.programme(programme);
        }
        for address in self.addresses {
            let (parts, country) = resolved(address, places);
            one.address(parts.iter().map(String::as_str), &country);
        }
        for birth in self.births {
            let (mut parts, country) = resolved(birth, places);
            parts.extend(Some(country).filter(|c| !c.is_empty()));
            one.note("Place of birth", &parts.join(", "));
        }
        one
    }
}

pub(super) fn date(xml: &Xml<'_>, attribute: &str) -> Result<Option<Date>, Error> {
    match xml.attribute(attribute) {
        "" => Ok(None),
        text => match day(text, &["%Y-%m-%d"]) {
            Some(date) => Ok(Some(date)),
            None => Err(xml.wrong(attribute, format!("expected a date like 2022-03-16, found `{text}`"))),
        },
    }
}

/// A change of the party: the day of listing, or its end.
pub(super) fn changed(xml: &Xml<'_>, target: &mut ChTarget) -> Result<(), Error> {
    let kind = xml.attribute("modification-type").to_owned();
    let effective = date(xml, "effective-date")?;
    let published = date(xml, "publication-date")?;
    if kind == "listed" {
        target.one.in_force_from(effective);
        if let Some(date) = published {
            let known = target.one.entry.published;
            target.one.entry.published = Some(known.map_or(date, |k| k.min(date)));
        }
    }
    // Of two changes on one day the later in the file is the latest.
    if target.last.as_ref().is_none_or(|(last, _)| *last <= effective) {
        target.last = Some((effective, kind));
    }
    Ok(())
}

/// An element of a party begins.
///
/// # Errors
/// When the type or quality of a name is unknown.
pub(super) fn start(xml: &Xml<'_>, name: &str, target: &mut ChTarget, open: &mut OpenParts) -> Result<(), Error> {
    let one = &mut target.one;
    match name {
        "individual" => {
            one.entry.kind = EntryKind::Person;
            one.note("Gender", xml.attribute("sex"));
        }
        "entity" => one.entry.kind = EntryKind::Company,
        "object" => {
            one.entry.kind = match xml.attribute("object-type") {
                "vessel" => EntryKind::Vessel,
                "aircraft" => EntryKind::Aircraft,
                _ => EntryKind::Unknown,
            };
        }
        "name" => begin_name(xml, open)?,
        "name-part" => open.parts.push(NamePart {
            order: xml.attribute("order").parse().unwrap_or(u32::MAX),
            is_title: xml.attribute("name-part-type") == "title",
            ..NamePart::default()
        }),
        "spelling-variant" => open.variant = xml.attribute("script").to_owned(),
        "address" | "place-of-birth" => {
            open.place = ChPlace { id: xml.attribute("place-id").to_owned(), ..ChPlace::default() };
        }
        "day-month-year" => one.birth(&birth(xml)),
        "country" => {
            let code = xml.attribute("iso-code");
            open.place.country = Country::from_code(code).map_or_else(String::new, |c| c.code().to_owned());
        }
        "identification-document" => {
            open.document = ChDocument { kind: xml.attribute("document-type").to_owned(), ..ChDocument::default() };
        }
        "relation" => {
            open.relation = Some(xml.attribute("target-id").to_owned());
        }
        _ => {}
    }
    Ok(())
}

fn begin_name(xml: &Xml<'_>, open: &mut OpenParts) -> Result<(), Error> {
    open.parts.clear();
    open.is_weak = match xml.attribute("quality") {
        "low" => true,
        "good" | "" => false,
        other => return Err(xml.wrong("quality", format!("expected good or low, found `{other}`"))),
    };
    open.name_kind = Some(match xml.attribute("name-type") {
        "primary-name" => NameKind::Primary,
        "alias" | "" => NameKind::Alias,
        "formerly-known-as" => NameKind::Former,
        other => {
            let problem = format!("expected primary-name, alias or formerly-known-as, found `{other}`");
            return Err(xml.wrong("name-type", problem));
        }
    });
    Ok(())
}

/// A date of birth as far as it is given; empty without a year.
fn birth(xml: &Xml<'_>) -> String {
    let [year, month, day] = ["year", "month", "day"].map(|a| xml.attribute(a));
    match (year, month, day) {
        ("", ..) => String::new(),
        (year, "", _) => year.to_owned(),
        (year, month, "") => format!("{year}-{month:0>2}"),
        (year, month, day) => format!("{year}-{month:0>2}-{day:0>2}"),
    }
}

/// An element inside a party, or inside a place of the table of places, ends.
pub(super) fn end(parent: &str, name: &str, text: String, target: Option<&mut ChTarget>, open: &mut OpenParts) {
    if name == "country" {
        end_country(parent, text, target, open);
    } else if PLACE.contains(&name) && !text.is_empty() {
        open.place.parts.push(text);
    } else if let Some(target) = target {
        end_detail(parent, name, text, target, open);
    }
}

fn end_country(parent: &str, text: String, target: Option<&mut ChTarget>, open: &mut OpenParts) {
    if open.place.country.is_empty() {
        open.place.country = text;
    }
    if let ("nationality", Some(target)) = (parent, target) {
        target.one.country("Nationality", &std::mem::take(&mut open.place.country));
    }
}

fn end_detail(parent: &str, name: &str, text: String, target: &mut ChTarget, open: &mut OpenParts) {
    let one = &mut target.one;
    match (parent, name) {
        (_, "sanctions-set-id") if target.set.is_empty() => target.set = text,
        ("name-part", "value") => {
            if let Some(part) = open.parts.last_mut() {
                part.value = text;
            }
        }
        (_, "spelling-variant") if !text.is_empty() => {
            if let Some(part) = open.parts.last_mut() {
                part.variants.push((std::mem::take(&mut open.variant), text));
            }
        }
        (_, "name") => {
            if let Some(kind) = open.name_kind.take() {
                add_names(one, std::mem::take(&mut open.parts), kind, open.is_weak);
            }
        }
        (_, "address") => target.addresses.push(std::mem::take(&mut open.place)),
        (_, "place-of-birth") => target.births.push(std::mem::take(&mut open.place)),
        ("identification-document", "number") => open.document.number = text,
        ("identification-document", "issuer") => open.document.issuer = text,
        ("identification-document", "remark") => open.document.remark = text,
        (_, "identification-document") => {
            let document = std::mem::take(&mut open.document);
            let label = if document.kind.contains("passport") { "Passport" } else { "National ID No." };
            one.number(label, &document.number, Country::parse(&document.issuer));
            one.note(label, &document.remark);
        }
        (_, "relation") => {
            // The only type seen is `related-to`.
            let id = open.relation.take().filter(|id| !id.is_empty());
            if id.is_some() || !text.is_empty() {
                one.related(Relation { kind: RelationKind::LinkedTo, name: text, id, share: None });
            }
        }
        (_, "justification" | "other-information") => one.remark(&on_one_line(&text)),
        (_, "foreign-identifier") => one.citation(&text),
        _ => {}
    }
}

/// The parts and the country of an address, with those of the place that it refers to.
fn resolved(mut address: ChPlace, places: &FxHashMap<String, ChPlace>) -> (Vec<String>, String) {
    if let Some(place) = places.get(&address.id) {
        for part in &place.parts {
            if !address.parts.contains(part) {
                address.parts.push(part.clone());
            }
        }
        if address.country.is_empty() {
            address.country.clone_from(&place.country);
        }
    }
    (address.parts, address.country)
}
