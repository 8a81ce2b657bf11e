//! Reads the UK Sanctions List in XML (root `Designations`): the records of its CSV, each in one element.
//!
//! Not tried on a whole real file. The elements are those of entries that several public programs quote from the
//! publications of July to September 2026. What we do not know is counted as `unknown_element` and goes to the remarks.

use super::fields::{DATE, birth, date, entry_kind, imposed, is_weak, name_kind};
use super::free_text;
use crate::build::{EntryBuilder, ParsedFile, day};
use crate::catalogue::Format;
use crate::error::{Error, ValueError};
use crate::input::{Event, Xml};
use jiff::civil::Date;
use model::entry::{EntryKind, NameKind, RelationKind};
use std::io::BufRead;

const LIST: &str = "uk-fcdo";

/// Elements whose text goes to the remarks, and the label they have in the CSV.
const REMARKS: &[(&str, &str)] = &[
    ("OtherInformation", "Other Information"),
    ("UKStatementofReasons", "UK Statement of Reasons"),
    ("UNReferenceNumber", "UN Reference Number"),
    ("OFSIGroupID", "OFSI Group ID"),
    ("DesignationSource", "Designation source"),
    ("Title", "Title"),
    ("Position", "Position"),
    ("Gender", "Gender"),
    ("TypeOfEntity", "Type of entity"),
    ("PhoneNumber", "Phone number"),
    ("Website", "Website"),
    ("EmailAddress", "Email address"),
    ("PassportAdditionalInformation", "Passport"),
    ("NationalIdentifierAdditionalInformation", "National ID No."),
    ("PreviousOwnerOperator", "Previous owner/operator (s)"),
    ("PreviousFlag", "Previous flags"),
    ("TypeOfShip", "Type of ship"),
    ("TonnageOfShip", "Tonnage of ship"),
    ("LengthOfShip", "Length of ship"),
    ("YearBuilt", "Year Built"),
    ("HullIdentificationNumber", "Hull identification number (HIN)"),
    ("LastUpdated", "Last Updated"),
];

/// One spelling, with the parts in front of the surname.
#[derive(Default)]
struct NameElement {
    parts: [String; 6],
    kind: String,
    strength: String,
}

/// What a designation says, until all of it is known.
#[derive(Default)]
struct Designation {
    line: u64,
    id: String,
    kind: Option<EntryKind>,
    from: Option<Date>,
    imposed: String,
    regime: String,
    names: Vec<(String, NameKind, bool)>,
    addresses: Vec<(Vec<String>, String)>,
    /// Everything else: element and text.
    rest: Vec<(String, String)>,
}

/// What is open while a designation is read.
#[derive(Default)]
struct OpenDesignation {
    one: Designation,
    name: NameElement,
    lines: Vec<String>,
    country: String,
    birth_place: [String; 2],
}

/// Reads every designation.
///
/// # Errors
/// When the XML is damaged, cut short or too deep, an id, kind or name is missing, or a word or date is invalid.
pub(crate) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut xml = Xml::new(file, input);
    let mut parsed = ParsedFile::new(file);
    let mut open = OpenDesignation::default();
    while let Some(event) = xml.next()? {
        match event {
            Event::Start("Designation") => {
                open = OpenDesignation {
                    one: Designation { line: xml.line(), ..Designation::default() },
                    ..OpenDesignation::default()
                };
            }
            Event::Start(_) => {}
            Event::End { parent: "Designations", name: "DateGenerated", text } => {
                let date = day(&text, DATE).ok_or_else(|| {
                    xml.wrong("DateGenerated", format!("expected a date like 31/12/2026, found `{text}`"))
                })?;
                parsed.set_published(date);
            }
            Event::End { parent: "Designations", name: "Designation", .. } => {
                let one = std::mem::take(&mut open.one);
                let missing = [("UniqueID", one.id.is_empty()), ("IndividualEntityShip", one.kind.is_none())];
                if let Some((field, _)) = missing.into_iter().find(|(_, is_missing)| *is_missing) {
                    return Err(xml.wrong(field, "expected a value in every designation, found none"));
                }
                one.into_builder().finish(file, "Name6", &mut parsed)?;
            }
            Event::End { parent, name, text } => {
                if let Err(error) = open.end(parent, name, text) {
                    let name = name.to_owned();
                    return Err(xml.wrong(&name, error.to_string()));
                }
            }
        }
    }
    parsed.unknown_elements(LIST, Format::UkFcdoXml, &xml.fields());
    Ok(parsed)
}

impl OpenDesignation {
    /// An element ends.
    fn end(&mut self, parent: &str, name: &str, text: String) -> Result<(), ValueError> {
        let one = &mut self.one;
        match (parent, name) {
            // Elements that only hold others; an empty one says nothing.
            ("Names", "Name") => {
                let name = std::mem::take(&mut self.name);
                let kind = name_kind(&name.kind)?;
                let parts = name.parts.iter().filter(|p| !p.is_empty()).map(String::as_str);
                one.names.push((parts.collect::<Vec<_>>().join(" "), kind, is_weak(&name.strength)));
            }
            ("Addresses", "Address") => {
                one.addresses.push((std::mem::take(&mut self.lines), std::mem::take(&mut self.country)));
            }
            (_, "Location") => {
                let [town, country] = std::mem::take(&mut self.birth_place);
                let place: Vec<String> = [town, country].into_iter().filter(|p| !p.is_empty()).collect();
                one.rest.push(("PlaceOfBirth".into(), place.join(", ")));
            }
            _ if text.is_empty() => {}
            ("Name", "Name1" | "Name2" | "Name3" | "Name4" | "Name5" | "Name6") => {
                self.name.parts[usize::from(name.as_bytes()[4] - b'1')] = text;
            }
            ("Name", "NameType") => self.name.kind = text,
            ("Name", "AliasStrength") => self.name.strength = text,
            (_, "NameNonLatinScript") => one.names.push((text, NameKind::Alias, false)),
            ("Address", "AddressCountry") => self.country = text,
            ("Address", line) if line.starts_with("AddressLine") || line == "AddressPostalCode" => {
                self.lines.push(text)
            }
            (_, "TownOfBirth") => self.birth_place[0] = text,
            (_, "CountryOfBirth") => self.birth_place[1] = text,
            ("Designation", "UniqueID") => one.id = text,
            ("Designation", "IndividualEntityShip") => one.kind = Some(entry_kind(&text)?),
            ("Designation", "DateDesignated") => one.from = date(&text)?,
            ("Designation", "RegimeName") => one.regime = text,
            ("Designation", "SanctionsImposed") => {
                one.imposed.clone_from(&text);
                one.rest.push((name.into(), text));
            }
            _ => one.rest.push((name.into(), text)),
        }
        Ok(())
    }
}

impl Designation {
    fn into_builder(self) -> EntryBuilder {
        let kind = self.kind.unwrap_or_default();
        let mut one = EntryBuilder::new(LIST, &self.id, kind, self.line);
        for (text, kind, weak) in &self.names {
            one.name(text, *kind, *weak);
        }
        one.programme(&self.regime);
        one.in_force_from(self.from);
        for (parts, country) in &self.addresses {
            one.address(parts.iter().map(String::as_str), country.trim_end_matches(" (previous address)"));
        }
        one.entry.effect = imposed(&self.imposed);
        one.citation(&format!("UK Sanctions List, reference {}", self.id));
        for (element, text) in &self.rest {
            let text = text.as_str();
            match element.as_str() {
                "DOB" => one.birth(&birth(text)),
                "PlaceOfBirth" => one.note("Place of birth", text),
                "Nationality" => one.country("Nationality", text),
                "CurrentBelievedFlagOfShip" => one.country("Flag", text),
                "PassportNumber" => one.number("Passport", text, None),
                "NationalIdentifierNumber" => one.number("National ID No.", text, None),
                "ParentCompany" => free_text::parties(&mut one, RelationKind::SubsidiaryOf, text),
                "Subsidiary" => free_text::parties(&mut one, RelationKind::OwnerOf, text),
                "CurrentOwnerOperator" => free_text::parties(&mut one, RelationKind::VesselOwner, text),
                "BusinessRegistrationNumber" => free_text::registrations(&mut one, text),
                "IMONumber" => one.imo(text),
                "SanctionsImposed" => one.note("Sanctions Imposed", text),
                "NonLatinScriptType" | "NonLatinScriptLanguage" => {}
                other => match REMARKS.iter().find(|(name, _)| *name == other) {
                    Some((_, label)) => one.note(label, text),
                    // Counted as unknown at the end of the file.
                    None => one.note(other, text),
                },
            }
        }
        one
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::country::Country;
    use model::entry::{Effect, IdentifierType};

    const FIXTURE: &str = include_str!("../../../../../tests/lists/uk_fcdo.xml");

    #[test]
    fn a_designation_becomes_the_entry_that_the_table_gives() {
        let xml = read("f", &mut FIXTURE.as_bytes()).unwrap().finish().unwrap();
        let table = include_bytes!("../../../../../tests/lists/uk_fcdo.csv");
        let csv = crate::format::uk::read_fcdo("f", &table[..]).unwrap().finish().unwrap();
        assert_eq!(xml.infos[0].published.map(|d| d.to_string()).as_deref(), Some("2026-02-13"));
        let [person, company, ship] = xml.entries.as_slice() else { panic!("{:?}", xml.entries.len()) };
        for (mine, theirs) in [(company, &csv.entries[0]), (ship, &csv.entries[1])] {
            // The table repeats remarks in the order of its columns, the XML in that of its elements.
            let (mut mine, mut theirs) = (mine.clone(), theirs.clone());
            mine.remarks.clear();
            theirs.remarks.clear();
            assert_eq!(mine, theirs);
        }
        assert_eq!((person.id.as_str(), person.kind, person.effect), ("SYN0000", EntryKind::Person, Effect::Watch));
        let names: Vec<&str> = person.names.iter().map(|n| n.text.as_str()).collect();
        assert_eq!(names, ["OSRIC QUILLFEATHER", "Ossie Quill", "Осрик"]);
        assert!(person.names[1].weak);
        assert_eq!(person.births, ["1945", "1958-03-01"]);
        assert_eq!(person.countries, [Country::from_code("RU").unwrap()]);
        assert_eq!(person.identifiers[0].kind, IdentifierType::Passport);
        assert!(person.remarks.contains("Place of birth: Tver, Russia"), "{}", person.remarks);
        assert!(person.remarks.contains("FavouriteColour: mauve"), "{}", person.remarks);
        assert_eq!(xml.infos[0].repairs, [("unknown_element".into(), 1)]);
    }

    #[test]
    fn a_fault_names_its_line_and_element() {
        for (from, to, says) in [
            ("<UniqueID>SYN0001</UniqueID>", "", "field `UniqueID`: expected a value in every designation"),
            (">Ship<", ">Submarine<", "field `IndividualEntityShip`: expected Individual, Entity or Ship"),
            (">28/02/2022<", ">28.2.22<", "field `DateDesignated`: expected a date like 31/12/2020"),
            (">Alias<", ">Nickname<", "field `Name`: expected Primary name"),
            (">13/02/2026<", ">today<", "field `DateGenerated`"),
            ("<Name6>WANDERING HERON</Name6>", "", "field `Name6`: expected a name for entry SYN0002"),
        ] {
            let text = FIXTURE.replacen(from, to, 1);
            assert_ne!(text, FIXTURE, "{from}");
            let error = read("f", &mut text.as_bytes()).err().unwrap_or_else(|| panic!("{from} was read"));
            assert!(error.to_string().contains(says) && error.to_string().contains("line "), "{error}");
        }
    }
}
