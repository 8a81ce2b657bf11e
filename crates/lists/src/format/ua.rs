//! Reads Ukraine's list of persons connected with terrorism or under international sanctions (State Financial Monitoring
//! Service), XML with the root `list-terror` and an `acount-list` for each party; the publisher spells it so.
//!
//! The header says how many entries there are and whether this is the whole list. Names come in four parts, in the order
//! in which they are written; an `aka-list` of type `N` is the name, others are aliases.

use crate::build::{EntryBuilder, ParsedFile, day, semicolon_parts};
use crate::catalogue::Format;
use crate::error::{Error, ValueError};
use crate::input::{Event, Xml};
use jiff::civil::Date;
use model::entry::{EntryKind, IdentifierType, NameKind};
use std::collections::BTreeMap;
use std::io::BufRead;

const LIST: &str = "ua-sfms";

/// Elements that hold others, each of which makes one part of an entry.
const GROUPS: [&str; 4] = ["aka-list", "document-list", "address-list", "bank-list"];

/// Texts that go to the remarks, with their labels.
const NOTES: [(&str, &str); 10] = [
    ("place-of-birth-list", "Place of birth"),
    ("title-list", "Title"),
    ("designation-list", "Designation"),
    ("working-list", "Work"),
    ("noted-on-conviction", "Conviction"),
    ("noted-on-prosecution", "Prosecution"),
    ("comments", "Comments"),
    ("comments-record", "Comments on the record"),
    ("type-record", "Type of record"),
    ("bank-inf", "Bank"),
];

/// Reads every entry.
///
/// # Errors
/// When the XML is damaged, cut short or too deep, it is not the whole list or holds another number of entries than it
/// states, an entry lacks number or name, or a date is invalid.
pub(super) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut xml = Xml::new(file, input);
    let mut parsed = ParsedFile::new(file);
    let mut party = Party::default();
    let (mut stated, mut found, mut is_whole) = (None, 0_u64, None);
    while let Some(event) = xml.next()? {
        match event {
            Event::Start("acount-list") => party = Party { line: xml.line(), ..Party::default() },
            Event::Start(name) if GROUPS.contains(&name) => party.group.clear(),
            Event::End { name: "acount-list", .. } => {
                found += 1;
                std::mem::take(&mut party).entry(file)?.finish(file, "aka-list", &mut parsed)?;
            }
            Event::End { name, text, .. } if GROUPS.contains(&name) => {
                // Older files write some of these as a plain text.
                let kept = std::mem::take(&mut party.group);
                party.add_group(name, kept, &text);
            }
            Event::End { parent, name, text } if GROUPS.contains(&parent) && !text.is_empty() => {
                party.group.insert(name.to_owned(), text);
            }
            Event::End { parent: "acount-list", name, text } if !text.is_empty() => {
                party.fields.entry(name.to_owned()).or_default().push(text);
            }
            Event::End { parent: "list-terror", name: "count-record", text } => {
                stated = Some(text.parse::<u64>().map_err(|_| xml.wrong("count-record", not_a_count(&text)))?);
            }
            Event::End { parent: "list-terror", name: "type-list", text } => is_whole = Some(text),
            Event::End { parent: "list-terror", name: "date-ver-list", text } if !text.is_empty() => {
                parsed.set_published(date(&text).ok_or_else(|| xml.wrong("date-ver-list", not_a_day(&text)))?);
            }
            _ => {}
        }
    }
    if let Some(other) = is_whole.filter(|text| !text.is_empty() && text != "1") {
        return Err(
            xml.wrong("type-list", format!("expected 1, the whole list, found `{other}`; changes alone are no list"))
        );
    }
    if let Some(stated) = stated.filter(|stated| *stated != found) {
        return Err(Error::Count { file: file.into(), stated, found });
    }
    parsed.unknown_elements(LIST, Format::UaSfmsXml, &xml.fields());
    Ok(parsed)
}

fn date(text: &str) -> Option<Date> {
    day(text, &["%Y%m%d"])
}

fn not_a_day(text: &str) -> String {
    format!("expected a day like 20200928, found `{text}`")
}

fn not_a_count(text: &str) -> String {
    format!("expected a count, found `{text}`")
}

/// A party while it is read.
#[derive(Default)]
struct Party {
    line: u64,
    fields: BTreeMap<String, Vec<String>>,
    /// The parts of the group that is open.
    group: BTreeMap<String, String>,
    groups: Vec<(String, BTreeMap<String, String>)>,
}

impl Party {
    fn add_group(&mut self, name: &str, mut parts: BTreeMap<String, String>, text: &str) {
        if !text.is_empty() {
            parts.insert(String::new(), text.to_owned());
        }
        if !parts.is_empty() {
            self.groups.push((name.to_owned(), parts));
        }
    }

    fn texts(&self, field: &str) -> impl Iterator<Item = &str> {
        self.fields.get(field).into_iter().flatten().map(String::as_str)
    }

    fn first(&self, field: &str) -> &str {
        self.texts(field).next().unwrap_or_default()
    }

    fn day(&self, file: &str, field: &str) -> Result<Option<Date>, Error> {
        match self.first(field) {
            "" => Ok(None),
            text => {
                let found = date(text).ok_or_else(|| ValueError::unexpected("a day like 20200928", text));
                found.map(Some).map_err(|problem| problem.at(file, self.line, field))
            }
        }
    }

    fn entry(self, file: &str) -> Result<EntryBuilder, Error> {
        let id = self.first("number-entry");
        if id.is_empty() {
            return Err(ValueError::missing("the number of the entry").at(file, self.line, "number-entry"));
        }
        let kind = match self.first("type-entry") {
            "1" => EntryKind::Company,
            "2" => EntryKind::Person,
            _ => EntryKind::Unknown,
        };
        let mut one = EntryBuilder::new(LIST, id, kind, self.line);
        if kind == EntryKind::Unknown {
            one.repairs.add("no_type");
            one.note("Type", self.first("type-entry"));
        }
        one.entry.effective = self.day(file, "date-entry")?;
        one.entry.ends = self.day(file, "noted-off-list")?;
        for text in self.texts("program-entry") {
            one.programme(text);
            one.citation(text);
        }
        for (name, parts) in &self.groups {
            add_group(&mut one, name, parts);
        }
        self.texts("date-of-birth-list").flat_map(semicolon_parts).for_each(|text| one.birth(text));
        for field in ["nationality-list", "citizenchip-list"] {
            let label = if field == "nationality-list" { "Nationality" } else { "Citizenship" };
            self.texts(field).flat_map(semicolon_parts).for_each(|text| one.country(label, text));
        }
        self.texts("id-number-list").flat_map(semicolon_parts).for_each(|text| add_number(&mut one, text));
        for (field, label) in NOTES {
            self.texts(field).for_each(|text| one.note(label, text));
        }
        Ok(one)
    }
}

fn add_group(one: &mut EntryBuilder, name: &str, parts: &BTreeMap<String, String>) {
    let get = |part: &str| parts.get(part).map_or("", |text| text.trim());
    match name {
        "aka-list" => {
            let words = ["aka-name1", "aka-name2", "aka-name3", "aka-name4", ""].map(get);
            let name = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
            let kind = if get("type-aka") == "N" { NameKind::Primary } else { NameKind::Alias };
            one.name(&name, kind, get("quality-aka") == "2");
        }
        "document-list" => {
            for text in [get("document-id"), get("")].into_iter().flat_map(semicolon_parts) {
                let country = [get("code-document-country"), get("document-country")];
                let country = country.into_iter().find_map(model::country::Country::parse);
                match number(text) {
                    Some(number) => one.typed(IdentifierType::Passport, number, country),
                    None => one.note("Document", text),
                }
            }
            one.note("Document issued", get("document-date"));
            one.note("Document issued by", get("document-reg"));
        }
        "address-list" => {
            let parts = ["address", "address1", "address2", "address3", "city", "state-province", "postal-code", ""];
            let country = if get("country").is_empty() { get("country-code") } else { get("country") };
            match (get("address"), country) {
                // One line, which ends with its country.
                (line, "") if !line.is_empty() => semicolon_parts(line).for_each(|line| one.address_line(line)),
                _ => one.address(parts.map(get), country),
            }
        }
        _ => {
            one.note("Bank", get("bank-inf"));
            one.note("Bank account", get("bank-count"));
        }
    }
}

/// An identity number; a text about one stays a remark.
fn add_number(one: &mut EntryBuilder, text: &str) {
    let kind = match one.entry.kind {
        EntryKind::Person => IdentifierType::NationalId,
        _ => IdentifierType::Registration,
    };
    match number(text) {
        Some(number) => one.typed(kind, number, None),
        None => one.note("Identity number", text),
    }
}

/// A text that is a number and nothing else: no blank in it, and four digits or more.
fn number(text: &str) -> Option<&str> {
    let text = text.trim().trim_end_matches(['.', ',']);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits >= 4 && text.len() <= 30 && text.chars().all(|c| c.is_alphanumeric() || "-/".contains(c));
    is_number.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::entry::Entry;

    fn read_text(text: &str) -> Result<Vec<Entry>, Error> {
        Ok(read("f", &mut text.as_bytes())?.finish()?.entries)
    }

    const FILE: &str = "<?xml version=\"1.0\"?><list-terror><count-record>1</count-record><type-list>1</type-list>\
        <date-ver-list>20260105</date-ver-list>\n<acount-list><number-entry>12</number-entry>\
        <type-entry>2</type-entry><date-entry>20121231</date-entry><program-entry>UNSC 1267</program-entry>\
        <aka-list><type-aka>A</type-aka><quality-aka>2</quality-aka><aka-name1>Ossie</aka-name1></aka-list>\
        <aka-list><type-aka>N</type-aka><aka-name1>Osric</aka-name1><aka-name4>Quill</aka-name4></aka-list>\
        <document-list><document-id>AB12345; seen in 2010</document-id><document-country>Kenya</document-country>\
        </document-list><address-list><address>1 Mole Road, Mombasa, Kenya</address></address-list>\
        <nationality-list>Kenya; Mars</nationality-list></acount-list></list-terror>";

    #[test]
    fn a_party_becomes_an_entry() {
        let entries = read_text(FILE).unwrap();
        let [entry] = &entries[..] else { panic!("{entries:?}") };
        let names: Vec<_> = entry.names.iter().map(|n| (n.text.as_str(), n.weak)).collect();
        assert_eq!(names, [("Osric Quill", false), ("Ossie", true)]);
        let number = &entry.identifiers[0];
        assert_eq!((number.kind, number.value.as_str()), (IdentifierType::Passport, "AB12345"));
        assert_eq!(number.country.map(|c| c.code().to_owned()).as_deref(), Some("KE"));
        assert_eq!((entry.addresses[0].text.as_str(), entry.countries.len()), ("1 Mole Road, Mombasa", 1));
        assert!(entry.remarks.contains("Document: seen in 2010") && entry.remarks.contains("Nationality: Mars"));
    }

    #[test]
    fn a_part_of_the_list_a_wrong_count_and_wrong_days_are_refused() {
        for (old, new, problem) in [
            ("<type-list>1", "<type-list>2", "expected 1, the whole list, found `2`"),
            ("<count-record>1", "<count-record>2", "2"),
            ("<count-record>1", "<count-record>one", "expected a count, found `one`"),
            ("20260105", "5 January", "expected a day like 20200928, found `5 January`"),
            ("20121231", "2012", "field `date-entry`: expected a day like 20200928, found `2012`"),
            ("<number-entry>12</number-entry>", "", "expected the number of the entry, found nothing"),
            ("<aka-name1>Osric</aka-name1><aka-name4>Quill</aka-name4>", "", "Ossie"),
        ] {
            let text = FILE.replacen(old, new, 1);
            match read_text(&text) {
                // Without a primary name the alias serves.
                Ok(entries) => assert_eq!(entries[0].primary_name(), problem),
                Err(error) => assert!(error.to_string().contains(problem), "{old}: {error}"),
            }
        }
    }
}
