//! Reads the EU's financial sanctions files, version 1.1: XML with the root `export`, and CSV with semicolons.
//!
//! Row ids are the publisher's `logicalId`; the EU reference number is a citation, beside the regulation. Names stand in
//! one field, in up to 20 languages and scripts. Both forms become the same rows as far as the CSV goes: it repeats a
//! party for every name, address, birth date and number.

mod csv;

pub(super) use self::csv::{SHAPE, read as read_csv};

use super::build::{Building, day};
use super::draft::Draft;
use super::error::Error;
use super::un::number_in;
use super::xml::{Event, Xml};
use model::country::Country;
use model::entry::{EntryKind, IdentifierType, NameKind};
use rustc_hash::FxHashMap;
use std::io::BufRead;

const LIST: &str = "eu-fsf";

/// Reads every row of the XML.
///
/// # Errors
/// When the XML is broken, cut short or too deep, a row lacks id or name, or a word or date is none of its kind.
pub(super) fn read_xml(file: &str, input: &mut dyn BufRead) -> Result<Draft, Error> {
    let mut xml = Xml::with_attributes(file, input);
    let mut draft = Draft::new(file);
    let mut rows: Vec<Building> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    let mut at: Option<usize> = None;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(name) => match (Element::of(name), at) {
                (Element::Export, _) => {
                    let stated = xml.attribute("generationDate");
                    let date = stated.get(..10).and_then(|d| day(d, &["%Y-%m-%d"])).ok_or_else(|| {
                        xml.wrong("generationDate", format!("expected a date like 2024-05-13T17:44, found `{stated}`"))
                    })?;
                    draft.set_published(date);
                }
                (Element::Entity, _) => at = Some(begin(&xml, &mut rows, &mut known)?),
                (element, Some(at)) => start(&xml, element, &mut rows[at])?,
                _ => {}
            },
            Event::End { name: "sanctionEntity", .. } => at = None,
            Event::End { name, text, .. } => {
                let Some(at) = at else { continue };
                match name {
                    "remark" => rows[at].remark(&joined(&text)),
                    "publicationUrl" => rows[at].entry.source_url = text,
                    _ => {}
                }
            }
        }
    }
    for mut one in rows {
        one.relate_by_remarks();
        one.finish(file, "nameAlias", &mut draft)?;
    }
    Ok(draft)
}

/// Begins a party; one that stands under two regulations is in the file twice, and becomes one row.
fn begin(xml: &Xml<'_>, rows: &mut Vec<Building>, known: &mut FxHashMap<String, usize>) -> Result<usize, Error> {
    let id = xml.attribute("logicalId");
    if id.is_empty() {
        return Err(xml.wrong("logicalId", "expected the id of the row, found nothing"));
    }
    let at = match known.get(id) {
        Some(&at) => {
            rows[at].records += 1;
            rows[at].repairs.add("merged_rows");
            at
        }
        None => {
            known.insert(id.to_owned(), rows.len());
            // The kind stands in an element of its own.
            rows.push(Building::new(LIST, id, EntryKind::Unknown, xml.line()));
            rows.len() - 1
        }
    };
    let one = &mut rows[at];
    reference(one, xml.attribute("euReferenceNumber"), xml.attribute("unitedNationId"));
    one.in_force_from(iso(xml, "designationDate")?);
    one.note("Designation", xml.attribute("designationDetails"));
    Ok(at)
}

/// The elements that carry attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Export,
    Entity,
    Regulation,
    SubjectType,
    Name,
    Summary,
    Citizenship,
    Birth,
    Identification,
    Address,
    Contact,
    Other,
}

impl Element {
    fn of(name: &str) -> Self {
        match name {
            "export" => Self::Export,
            "sanctionEntity" => Self::Entity,
            "regulation" => Self::Regulation,
            "subjectType" => Self::SubjectType,
            "nameAlias" => Self::Name,
            "regulationSummary" => Self::Summary,
            "citizenship" => Self::Citizenship,
            "birthdate" => Self::Birth,
            "identification" => Self::Identification,
            "address" => Self::Address,
            "contactInfo" => Self::Contact,
            _ => Self::Other,
        }
    }
}

fn start(xml: &Xml<'_>, element: Element, one: &mut Building) -> Result<(), Error> {
    let get = |name| xml.attribute(name);
    match element {
        Element::Regulation => {
            one.programme(get("programme"));
            one.citation(get("numberTitle"));
            one.in_force_from(iso(xml, "entryIntoForceDate")?);
            published(one, iso(xml, "publicationDate")?);
        }
        Element::SubjectType => {
            one.entry.kind = kind(get("code")).ok_or_else(|| {
                xml.wrong("subjectType", format!("expected person or enterprise, found `{}`", get("code")))
            })?
        }
        Element::Name => {
            let weak = match get("strong") {
                "true" | "" => false,
                "false" => true,
                other => return Err(xml.wrong("strong", format!("expected true or false, found `{other}`"))),
            };
            name(one, get("wholeName"), weak, get("function"), get("title"), get("gender"));
        }
        // The day that a detail was published: the first is the day of the listing.
        Element::Summary => published(one, iso(xml, "publicationDate")?),
        Element::Citizenship => {
            one.country("Citizenship", country_of(get("countryIso2Code"), get("countryDescription")))
        }
        Element::Birth => birth(
            one,
            &Birth {
                date: get("birthdate"),
                year: get("year"),
                month: get("monthOfYear"),
                from: get("yearRangeFrom"),
                to: get("yearRangeTo"),
                circa: get("circa"),
                place: [get("place"), get("city"), get("region")],
                country: country_of(get("countryIso2Code"), get("countryDescription")),
            },
        ),
        Element::Identification => identification(
            one,
            get("identificationTypeCode"),
            get("identificationTypeDescription"),
            get("number"),
            get("countryIso2Code"),
        ),
        Element::Address => address(
            one,
            [get("street"), get("poBox"), get("zipCode"), get("city"), get("region"), get("place")],
            country_of(get("countryIso2Code"), get("countryDescription")),
        ),
        Element::Contact => one.note(get("key"), get("value")),
        Element::Export | Element::Entity | Element::Other => {}
    }
    Ok(())
}

fn iso(xml: &Xml<'_>, attribute: &str) -> Result<Option<jiff::civil::Date>, Error> {
    match xml.attribute(attribute) {
        "" => Ok(None),
        text => match day(text, &["%Y-%m-%d"]) {
            Some(date) => Ok(Some(date)),
            None => Err(xml.wrong(attribute, format!("expected a date like 2022-02-25, found `{text}`"))),
        },
    }
}

fn kind(code: &str) -> Option<EntryKind> {
    match code {
        "person" | "P" => Some(EntryKind::Person),
        "enterprise" | "E" => Some(EntryKind::Company),
        _ => None,
    }
}

fn reference(one: &mut Building, eu: &str, un: &str) {
    if !eu.is_empty() {
        one.citation(&format!("EU reference {eu}"));
    }
    if !un.is_empty() {
        one.citation(&format!("UN Security Council, reference {un}"));
    }
}

fn published(one: &mut Building, date: Option<jiff::civil::Date>) {
    if let Some(date) = date {
        one.entry.published = Some(one.entry.published.map_or(date, |known| known.min(date)));
    }
}

fn name(one: &mut Building, text: &str, weak: bool, function: &str, title: &str, gender: &str) {
    // The first name is the one that the list shows; the others may be in any language.
    let kind = if one.has_name() { NameKind::Alias } else { NameKind::Primary };
    one.name(text, kind, weak);
    one.note("Function", &joined(function));
    one.note("Title", &joined(title));
    one.note("Gender", gender);
}

/// `00` is the publisher's code for a country that is not known.
fn country_of<'t>(code: &'t str, description: &'t str) -> &'t str {
    match code {
        "00" => "",
        "" => description,
        code if Country::from_code(code).is_some() => code,
        _ => description,
    }
}

/// A date of birth as it is written.
struct Birth<'t> {
    date: &'t str,
    year: &'t str,
    month: &'t str,
    from: &'t str,
    to: &'t str,
    circa: &'t str,
    place: [&'t str; 3],
    country: &'t str,
}

fn birth(one: &mut Building, birth: &Birth<'_>) {
    let text = match (birth.date, birth.year, birth.from, birth.to) {
        ("", "", "", "") => String::new(),
        ("", "", from, "") | ("", "", "", from) => from.to_owned(),
        ("", "", from, to) => format!("{from} to {to}"),
        ("", year, ..) if birth.month.is_empty() => year.to_owned(),
        ("", year, ..) => format!("{year}-{:0>2}", birth.month),
        (date, ..) => date.to_owned(),
    };
    if birth.circa == "true" && !text.is_empty() {
        one.birth(&format!("circa {text}"));
    } else {
        one.birth(&text);
    }
    let place = birth.place.into_iter().chain([birth.country]).filter(|p| !p.is_empty()).collect::<Vec<_>>();
    one.note("Place of birth", &joined(&place.join(", ")));
}

fn identification(one: &mut Building, code: &str, description: &str, number: &str, country: &str) {
    let country = Country::from_code(country);
    let value = number_in(number);
    if value != number {
        one.note(description, &joined(number));
    }
    match code {
        "passport" | "travelcardid" => one.number("Passport", value, country),
        "id" | "ssn" | "nationcert" | "residentperm" | "electionid" => one.number("National ID No.", value, country),
        "fiscalcode" => one.number("Tax ID No.", value, country),
        "regnumber" | "tradelic" => one.number("Registration Number", value, country),
        "imo" => one.imo(value),
        "swiftbic" => one.typed(IdentifierType::Bic, value, country),
        _ if value.bytes().any(|b| b.is_ascii_digit()) => one.typed(IdentifierType::Other, value, country),
        _ => one.note(description, &joined(number)),
    }
}

fn address(one: &mut Building, parts: [&str; 6], country: &str) {
    one.address(parts, country);
}

/// The text without the line ends and indents of the file.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
