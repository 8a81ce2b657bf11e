//! The XML form (root `export`): what an entry holds is in attributes.

use super::fields::{EuBirth, LIST, birth, country_of, identification, kind, name, published, reference};
use crate::build::{EntryBuilder, ParsedFile, day, on_one_line};
use crate::catalogue::Format;
use crate::error::Error;
use crate::input::{Event, Xml};
use jiff::civil::Date;
use model::entry::EntryKind;
use rustc_hash::FxHashMap;
use std::io::BufRead;

/// Reads every entry.
///
/// # Errors
/// When the XML is damaged, cut short or too deep, an entry lacks id or name, or a word or date is invalid.
pub(crate) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut xml = Xml::with_attributes(file, input);
    let mut parsed = ParsedFile::new(file);
    let mut entries: Vec<EntryBuilder> = Vec::new();
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
                    parsed.set_published(date);
                }
                (Element::Entity, _) => at = Some(begin(&xml, &mut entries, &mut known)?),
                (element, Some(at)) => start(&xml, element, &mut entries[at])?,
                _ => {}
            },
            Event::End { name: "sanctionEntity", .. } => at = None,
            Event::End { name, text, .. } => {
                let Some(at) = at else { continue };
                match name {
                    "remark" => entries[at].remark(&on_one_line(&text)),
                    "publicationUrl" => entries[at].entry.source_url = text,
                    _ => {}
                }
            }
        }
    }
    parsed.unknown_elements(LIST, Format::EuFsfXml, &xml.fields());
    for mut one in entries {
        one.relate_by_remarks();
        one.finish(file, "nameAlias", &mut parsed)?;
    }
    Ok(parsed)
}

/// Begins a party; one that is listed under two regulations is in the file twice, and becomes one entry.
fn begin(xml: &Xml<'_>, entries: &mut Vec<EntryBuilder>, known: &mut FxHashMap<String, usize>) -> Result<usize, Error> {
    let id = xml.attribute("logicalId");
    if id.is_empty() {
        return Err(xml.wrong("logicalId", "expected the id of the row, found nothing"));
    }
    let at = match known.get(id) {
        Some(&at) => {
            entries[at].records += 1;
            entries[at].repairs.add("merged_rows");
            at
        }
        None => {
            known.insert(id.to_owned(), entries.len());
            // The kind is in an element of its own.
            entries.push(EntryBuilder::new(LIST, id, EntryKind::Unknown, xml.line()));
            entries.len() - 1
        }
    };
    let one = &mut entries[at];
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

fn start(xml: &Xml<'_>, element: Element, one: &mut EntryBuilder) -> Result<(), Error> {
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
            &EuBirth {
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
        Element::Identification => {
            // The number in the letters of the document, and in Latin ones.
            for number in [get("number"), get("latinNumber")].into_iter().filter(|n| !n.is_empty()) {
                identification(
                    one,
                    get("identificationTypeCode"),
                    get("identificationTypeDescription"),
                    number,
                    get("countryIso2Code"),
                );
            }
        }
        Element::Address => one.address(
            [get("street"), get("poBox"), get("zipCode"), get("city"), get("region"), get("place")],
            country_of(get("countryIso2Code"), get("countryDescription")),
        ),
        Element::Contact => one.note(get("key"), get("value")),
        Element::Export | Element::Entity | Element::Other => {}
    }
    Ok(())
}

fn iso(xml: &Xml<'_>, attribute: &str) -> Result<Option<Date>, Error> {
    match xml.attribute(attribute) {
        "" => Ok(None),
        text => match day(text, &["%Y-%m-%d"]) {
            Some(date) => Ok(Some(date)),
            None => Err(xml.wrong(attribute, format!("expected a date like 2022-02-25, found `{text}`"))),
        },
    }
}
