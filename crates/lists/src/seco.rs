//! Reads Switzerland's sanctions list, XML with the root `swiss-sanctions-list`.
//!
//! Row ids are the publisher's `ssid`. The file keeps delisted parties, and copies of what a change added or removed
//! inside `modification`: the first are passed over and counted, the second are no rows. Places stand in a table of
//! their own and are put in at the end.
//!
//! The layout is that which public programs read from the published file in 2026; no real file was at hand.

use super::build::{Building, day};
use super::draft::Draft;
use super::error::Error;
use super::xml::{Event, Xml};
use jiff::civil::Date;
use model::country::Country;
use model::entry::{EntryKind, NameKind, Relation, RelationKind};
use rustc_hash::FxHashMap;
use std::io::BufRead;

const LIST: &str = "ch-seco";

/// The parts of an address or place, in the order in which they are written.
const PLACE: &[&str] = &["c-o", "address-details", "p-o-box", "zip-code", "location", "area"];

#[derive(Clone, Default)]
struct Place {
    parts: Vec<String>,
    country: String,
    id: String,
}

#[derive(Default)]
struct Part {
    order: u32,
    is_title: bool,
    value: String,
    /// Script and spelling.
    variants: Vec<(String, String)>,
}

#[derive(Default)]
struct Document {
    kind: String,
    number: String,
    issuer: String,
    remark: String,
}

/// A party while it is read.
struct Target {
    one: Building,
    set: String,
    addresses: Vec<Place>,
    births: Vec<Place>,
    /// Effective day and kind of the latest change.
    last: Option<(Option<Date>, String)>,
}

/// What is open inside a party.
#[derive(Default)]
struct Open {
    name_kind: Option<NameKind>,
    is_weak: bool,
    parts: Vec<Part>,
    variant: String,
    place: Place,
    document: Document,
    relation: Option<String>,
}

/// Reads every row.
///
/// # Errors
/// When the XML is broken, cut short or too deep, a row lacks id or name, or a word or date is none of its kind.
pub(super) fn read(file: &str, input: &mut dyn BufRead) -> Result<Draft, Error> {
    let mut xml = Xml::with_attributes(file, input);
    let mut draft = Draft::new(file);
    let mut programmes: FxHashMap<String, String> = FxHashMap::default();
    let (mut programme, mut sets, mut is_english) = (String::new(), Vec::new(), false);
    let mut places: FxHashMap<String, Place> = FxHashMap::default();
    let mut targets: Vec<Target> = Vec::new();
    let mut target: Option<Target> = None;
    let mut open = Open::default();
    let mut changes = 0_usize;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start("modification") => {
                if let (Some(target), 0) = (&mut target, changes) {
                    changed(&xml, target)?;
                }
                changes += 1;
            }
            Event::End { name: "modification", .. } => changes = changes.saturating_sub(1),
            _ if changes > 0 => {}
            Event::Start("swiss-sanctions-list") => {
                if let Some(date) = date(&xml, "date")? {
                    draft.set_published(date);
                }
            }
            Event::Start("sanctions-program") => {
                programme.clear();
                sets.clear();
            }
            Event::Start("program-name") => is_english = xml.attribute("lang") == "eng",
            Event::Start("sanctions-set") => sets.push(xml.attribute("ssid").to_owned()),
            Event::End { parent: "sanctions-program", name: "program-name", text } if is_english => programme = text,
            Event::End { name: "sanctions-program", .. } => {
                sets.drain(..).for_each(|set| {
                    programmes.insert(set, programme.clone());
                });
            }
            Event::Start("target") => {
                let id = xml.attribute("ssid").to_owned();
                if id.is_empty() {
                    return Err(xml.wrong("ssid", "expected the id of the target, found nothing"));
                }
                let one = Building::new(LIST, &id, EntryKind::Unknown, xml.line());
                let set = xml.attribute("sanctions-set-id").to_owned();
                target = Some(Target { one, set, addresses: Vec::new(), births: Vec::new(), last: None });
            }
            Event::Start("place") => {
                open.place = Place { id: xml.attribute("ssid").to_owned(), ..Place::default() };
            }
            Event::End { name: "place", .. } => {
                let place = std::mem::take(&mut open.place);
                places.insert(place.id.clone(), place);
            }
            Event::End { name: "target", .. } => targets.extend(target.take()),
            Event::Start(name) => {
                if let Some(target) = &mut target {
                    let name = name.to_owned();
                    start(&xml, &name, target, &mut open)?;
                }
            }
            Event::End { parent, name, text } => end(parent, name, text, target.as_mut(), &mut open),
        }
    }
    for mut target in targets {
        if target.last.as_ref().is_some_and(|(_, kind)| kind == "de-listed") {
            draft.passed_over(LIST, "delisted");
            continue;
        }
        if let Some(programme) = programmes.get(&target.set) {
            target.one.programme(programme);
        }
        for address in std::mem::take(&mut target.addresses) {
            let (parts, country) = resolved(address, &places);
            target.one.address(parts.iter().map(String::as_str), &country);
        }
        for birth in std::mem::take(&mut target.births) {
            let (mut parts, country) = resolved(birth, &places);
            parts.extend(Some(country).filter(|c| !c.is_empty()));
            target.one.note("Place of birth", &parts.join(", "));
        }
        target.one.finish(file, "name", &mut draft)?;
    }
    Ok(draft)
}

fn date(xml: &Xml<'_>, attribute: &str) -> Result<Option<Date>, Error> {
    match xml.attribute(attribute) {
        "" => Ok(None),
        text => match day(text, &["%Y-%m-%d"]) {
            Some(date) => Ok(Some(date)),
            None => Err(xml.wrong(attribute, format!("expected a date like 2022-03-16, found `{text}`"))),
        },
    }
}

/// A change of the party: the day of listing, or its end.
fn changed(xml: &Xml<'_>, target: &mut Target) -> Result<(), Error> {
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

fn start(xml: &Xml<'_>, name: &str, target: &mut Target, open: &mut Open) -> Result<(), Error> {
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
        "name" => {
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
        }
        "name-part" => open.parts.push(Part {
            order: xml.attribute("order").parse().unwrap_or(u32::MAX),
            is_title: xml.attribute("name-part-type") == "title",
            ..Part::default()
        }),
        "spelling-variant" => open.variant = xml.attribute("script").to_owned(),
        "address" | "place-of-birth" => {
            open.place = Place { id: xml.attribute("place-id").to_owned(), ..Place::default() };
        }
        "day-month-year" => {
            let [year, month, day] = ["year", "month", "day"].map(|a| xml.attribute(a));
            let text = match (month, day) {
                ("", _) => year.to_owned(),
                (month, "") => format!("{year}-{month:0>2}"),
                (month, day) => format!("{year}-{month:0>2}-{day:0>2}"),
            };
            if !year.is_empty() {
                one.birth(&text);
            }
        }
        "country" => {
            let code = xml.attribute("iso-code");
            open.place.country = Country::from_code(code).map_or_else(String::new, |c| c.code().to_owned());
        }
        "identification-document" => {
            open.document = Document { kind: xml.attribute("document-type").to_owned(), ..Document::default() };
        }
        "relation" => {
            open.relation = Some(xml.attribute("target-id").to_owned());
        }
        _ => {}
    }
    Ok(())
}

fn end(parent: &str, name: &str, text: String, target: Option<&mut Target>, open: &mut Open) {
    match name {
        "country" => {
            if open.place.country.is_empty() {
                open.place.country = text;
            }
            if parent == "nationality"
                && let Some(target) = target
            {
                target.one.country("Nationality", &std::mem::take(&mut open.place.country));
            }
            return;
        }
        _ if PLACE.contains(&name) && !text.is_empty() => {
            open.place.parts.push(text);
            return;
        }
        _ => {}
    }
    let Some(target) = target else { return };
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
                names(one, std::mem::take(&mut open.parts), kind, open.is_weak);
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
        (_, "justification" | "other-information") => {
            one.remark(&text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        (_, "foreign-identifier") => one.citation(&text),
        _ => {}
    }
}

/// Every spelling of a name whose parts have variants: those of one script together, the first with the first.
fn names(one: &mut Building, mut parts: Vec<Part>, kind: NameKind, weak: bool) {
    parts.sort_by_key(|p| p.order);
    parts.retain(|p| !p.is_title && !p.value.is_empty());
    let whole = |pick: &dyn Fn(&Part) -> String| parts.iter().map(pick).collect::<Vec<_>>().join(" ");
    one.name(&whole(&|p| p.value.clone()), kind, weak);
    let mut scripts: Vec<&str> = parts.iter().flat_map(|p| p.variants.iter().map(|(s, _)| s.as_str())).collect();
    scripts.sort_unstable();
    scripts.dedup();
    for script in scripts {
        let of = |p: &Part| p.variants.iter().filter(|(s, _)| s == script).map(|(_, t)| t.clone()).collect::<Vec<_>>();
        let most = parts.iter().map(|p| of(p).len()).max().unwrap_or(0).min(64);
        for index in 0..most {
            let text = whole(&|p| {
                let variants = of(p);
                variants.get(index).or(variants.last()).unwrap_or(&p.value).clone()
            });
            one.name(&text, if kind == NameKind::Former { kind } else { NameKind::Alias }, weak);
        }
    }
}

/// The parts and the country of an address, with those of the place that it refers to.
fn resolved(mut address: Place, places: &FxHashMap<String, Place>) -> (Vec<String>, String) {
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
