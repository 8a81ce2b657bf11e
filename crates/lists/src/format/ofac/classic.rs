//! OFAC's classic XML (root `sdnList`), the SDN list and the consolidated non-SDN list alike.
//!
//! Streams; nothing is expanded: a DOCTYPE or an entity that XML does not define is an error, and depth and text of
//! an element are bounded. `Record_Count` must equal the entries read. Namespaces are ignored, as OFAC changed them.

use super::entry::add_entries;
use super::record::{Aka, OfacAddress, OfacEntry, OfacNumber};
use crate::build::ParsedFile;
use crate::catalogue::Format;
use crate::error::Error;
use crate::input::{Event, Xml};
use jiff::civil::Date;
use std::io::BufRead;

/// Reads every entry.
///
/// # Errors
/// When the XML is damaged, cut short or too deep, an entry lacks uid or name, a word or date is invalid, or the entries
/// are not as many as the file states.
pub(crate) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut xml = Xml::new(file, input);
    let mut parsed = ParsedFile::new(file);
    let mut entries: Vec<OfacEntry> = Vec::new();
    let mut open = OfacEntry::default();
    let mut stated = None;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start("sdnEntry") => open = OfacEntry { line: xml.line(), ..OfacEntry::default() },
            Event::Start(name) => begin(&mut open, name),
            Event::End { name: "sdnEntry", .. } => entries.push(std::mem::take(&mut open)),
            Event::End { parent: "publshInformation", name: "Publish_Date", text } => {
                let date = Date::strptime("%m/%d/%Y", &text).map_err(|_| {
                    xml.wrong("Publish_Date", format!("expected a date like 05/07/2024, found `{text}`"))
                })?;
                parsed.set_published(date);
            }
            Event::End { parent: "publshInformation", name: "Record_Count", text } => {
                let count: u64 = text
                    .parse()
                    .map_err(|_| xml.wrong("Record_Count", format!("expected a number, found `{text}`")))?;
                stated = Some(count);
            }
            Event::End { parent, name, text } if !text.is_empty() => end(&mut open, parent, name, text),
            Event::End { .. } => {}
        }
    }
    let stated = stated.ok_or_else(|| xml.wrong("Record_Count", "expected the number of entries, found nothing"))?;
    if stated != entries.len() as u64 {
        return Err(Error::Count { file: file.into(), stated, found: entries.len() as u64 });
    }
    let list = add_entries(file, entries, &mut parsed)?;
    parsed.unknown_elements(list, Format::OfacXml, &xml.fields());
    Ok(parsed)
}

/// An element begins that an entry may have several of.
fn begin(open: &mut OfacEntry, name: &str) {
    match name {
        "aka" => open.akas.push(Aka::default()),
        "address" => open.addresses.push(OfacAddress::default()),
        "id" => open.ids.push(OfacNumber::default()),
        _ => {}
    }
}

/// An element with text ends.
fn end(open: &mut OfacEntry, parent: &str, name: &str, text: String) {
    match (parent, name) {
        ("sdnEntry", "uid") => open.uid = text,
        ("sdnEntry", "firstName") => open.first = text,
        ("sdnEntry", "lastName") => open.last = text,
        ("sdnEntry", "title") => open.title = text,
        ("sdnEntry", "sdnType") => open.kind = text,
        ("sdnEntry", "remarks") => open.remarks = text,
        ("programList", "program") => open.programmes.push(text),
        ("dateOfBirthItem", "dateOfBirth") => open.births.push(text),
        ("placeOfBirthItem", "placeOfBirth") => open.birth_places.push(text),
        ("nationality" | "citizenship", "country") | ("vesselInfo", "vesselFlag") => open.countries.push(text),
        ("vesselInfo", "callSign") => open.vessel.push(("Call sign", text)),
        ("vesselInfo", "vesselType") => open.vessel.push(("Vessel type", text)),
        ("vesselInfo", "vesselOwner") => open.vessel.push(("Vessel owner", text)),
        ("vesselInfo", "tonnage") => open.vessel.push(("Gross tonnage", text)),
        ("vesselInfo", "grossRegisteredTonnage") => open.vessel.push(("Gross registered tonnage", text)),
        ("aka", _) => end_aka(open.akas.last_mut(), name, text),
        ("address", _) => end_address(open.addresses.last_mut(), name, text),
        ("id", _) => end_number(open.ids.last_mut(), name, text),
        _ => {}
    }
}

fn end_aka(open: Option<&mut Aka>, name: &str, text: String) {
    let Some(aka) = open else { return };
    match name {
        "type" => aka.kind = text,
        "category" => aka.category = text,
        "firstName" => aka.first = text,
        "lastName" => aka.last = text,
        _ => {}
    }
}

fn end_address(open: Option<&mut OfacAddress>, name: &str, text: String) {
    let Some(address) = open else { return };
    match name {
        "country" => address.country = text,
        "uid" => {}
        _ => address.parts.push(text),
    }
}

fn end_number(open: Option<&mut OfacNumber>, name: &str, text: String) {
    let Some(number) = open else { return };
    match name {
        "idType" => number.label = text,
        "idNumber" => number.value = text,
        "idCountry" => number.country = text,
        _ => {}
    }
}
