//! OFAC's advanced XML (root `Sanctions`, files `SDN_ADVANCED.XML` and `CONS_ADVANCED.XML`): the entries of the classic
//! form with scripts, relations and legal bases, in sections that refer to each other by number.
//!
//! Not tried on a whole real file. The layout is that of entries which several public programs quote from the files,
//! and of the programs that read them. A number that no section defines is an error: a reference that leads nowhere is
//! a sign of a damaged file. Only what is not part of a party is counted instead: a document of an identity
//! that no party has (`stray_document`), and a party without an entry of `SanctionsEntries` (`no_listing`), which stays
//! in and counts as one of the list that most of the file belongs to.

mod party;
mod period;
mod tables;

use super::entry::add_entries;
use super::lists::{SDN, listed_as};
use super::record::relation_kind;
use crate::build::ParsedFile;
use crate::catalogue::Format;
use crate::error::{Error, ValueError};
use crate::input::{Event, Xml};
use jiff::civil::Date;
use model::entry::{Relation, RelationKind};
use party::{FinishedParty, Party};
use period::DateParts;
use rustc_hash::FxHashMap;
use std::io::BufRead;
use tables::Tables;

/// The sections that a file must have; `Locations`, `IDRegDocuments` and `ProfileRelationships` may be empty or absent.
const NEEDED: [&str; 3] = ["ReferenceValueSets", "DistinctParties", "SanctionsEntries"];

/// A link between two profiles.
struct ProfileLink {
    line: u64,
    from: String,
    to: String,
    word: String,
    is_former: bool,
}

/// One entry of `SanctionsEntries`.
#[derive(Default)]
struct Listing {
    line: u64,
    profile: String,
    list: String,
    since: Option<Date>,
    bases: Vec<String>,
    programmes: Vec<String>,
    notes: Vec<String>,
    measure: String,
    /// What the file gives for a day of listing that is not a day of the calendar.
    invalid_dates: Vec<String>,
}

/// The file as far as it was read.
#[derive(Default)]
struct AdvancedFile {
    section: Option<&'static str>,
    seen: Vec<&'static str>,
    tables: Tables,
    party: Party,
    parties: Vec<FinishedParty>,
    links: Vec<ProfileLink>,
    listing: Listing,
    listings: Vec<Listing>,
    date: DateParts,
    issued: Option<Date>,
}

/// Reads every entry.
///
/// # Errors
/// When the XML is damaged, cut short or too deep, a section is missing, a number refers to nothing, an entry lacks id,
/// type or name, or a date is invalid.
pub(crate) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut xml = Xml::with_attributes(file, input);
    let mut open_file = AdvancedFile::default();
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(name) => {
                let name = name.to_owned();
                open_file.begin(&name, &xml).map_err(|error| xml.wrong(&name, error.to_string()))?;
            }
            Event::End { parent, name, text } => {
                let (parent, name) = (parent.to_owned(), name.to_owned());
                open_file.end(&parent, &name, text).map_err(|error| xml.wrong(&name, error.to_string()))?;
            }
        }
    }
    if let Some(missing) = NEEDED.into_iter().find(|section| !open_file.seen.contains(section)) {
        return Err(xml.wrong(missing, "expected this section, which is missing"));
    }
    let fields = xml.fields();
    open_file.into_parsed(file, &fields)
}

impl AdvancedFile {
    fn begin(&mut self, name: &str, xml: &Xml<'_>) -> Result<(), ValueError> {
        let attribute = |key: &str| xml.attribute(key).to_owned();
        match self.section {
            None => {
                const SECTIONS: [&str; 7] = [
                    "DateOfIssue",
                    "ReferenceValueSets",
                    "Locations",
                    "IDRegDocuments",
                    "DistinctParties",
                    "ProfileRelationships",
                    "SanctionsEntries",
                ];
                self.section = SECTIONS.into_iter().find(|section| *section == name);
                self.seen.extend(self.section);
                Ok(())
            }
            Some("ReferenceValueSets") => {
                self.tables.begin_value(attribute);
                Ok(())
            }
            Some("Locations") => self.tables.begin_location(name, attribute),
            Some("IDRegDocuments") => self.tables.begin_document(name, attribute),
            Some("DistinctParties") => self.party.begin(name, attribute, xml.line(), &self.tables),
            Some("ProfileRelationships") if name == "ProfileRelationship" => {
                let word = match attribute("RelationTypeID") {
                    none if none.is_empty() => String::new(),
                    id => self.tables.text("RelationType", &id)?.to_owned(),
                };
                self.links.push(ProfileLink {
                    line: xml.line(),
                    from: attribute("From-ProfileID"),
                    to: attribute("To-ProfileID"),
                    word,
                    is_former: attribute("Former") == "true",
                });
                Ok(())
            }
            Some("SanctionsEntries") => self.begin_listing(name, attribute, xml.line()),
            Some(_) => Ok(()),
        }
    }

    fn begin_listing(&mut self, name: &str, attribute: impl Fn(&str) -> String, line: u64) -> Result<(), ValueError> {
        match name {
            "SanctionsEntry" => {
                let list = match attribute("ListID") {
                    none if none.is_empty() => String::new(),
                    id => self.tables.text("List", &id)?.to_owned(),
                };
                self.listing = Listing { line, profile: attribute("ProfileID"), list, ..Listing::default() };
            }
            "EntryEvent" => {
                let id = attribute("LegalBasisID");
                if !id.is_empty() {
                    let basis = self.tables.text("LegalBasis", &id)?.to_owned();
                    if !self.listing.bases.contains(&basis) && !["", "Unknown"].contains(&basis.as_str()) {
                        self.listing.bases.push(basis);
                    }
                }
            }
            "SanctionsMeasure" => {
                let id = attribute("SanctionsTypeID");
                // Without a type the comment is the programme, as nearly always.
                self.listing.measure = match id.as_str() {
                    "" => "Program".into(),
                    id => self.tables.text("SanctionsType", id)?.to_owned(),
                };
            }
            "Date" => self.date = DateParts::default(),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, parent: &str, name: &str, text: String) -> Result<(), ValueError> {
        if self.section == Some(name) {
            self.section = None;
            if name == "DateOfIssue" {
                self.issued = Some(std::mem::take(&mut self.date).date()?);
            }
            return Ok(());
        }
        match self.section {
            Some("DateOfIssue") if !text.is_empty() => self.date.take(name, &text)?,
            Some("ReferenceValueSets") => self.tables.end_value(parent, name, text)?,
            Some("Locations") => self.tables.end_location(parent, name, text),
            Some("IDRegDocuments") => self.tables.end_document(parent, name, text),
            Some("DistinctParties") => {
                if let Some(done) = self.party.end(parent, name, text)? {
                    self.parties.push(done);
                }
            }
            Some("SanctionsEntries") => self.end_listing(parent, name, text)?,
            _ => {}
        }
        Ok(())
    }

    fn end_listing(&mut self, parent: &str, name: &str, text: String) -> Result<(), ValueError> {
        let one = &mut self.listing;
        match (parent, name) {
            ("Date", "Year" | "Month" | "Day") => self.date.take(name, &text)?,
            ("EntryEvent", "Date") => {
                let date = std::mem::take(&mut self.date);
                match date.date() {
                    Ok(day) => one.since = Some(one.since.map_or(day, |known| known.min(day))),
                    Err(_) => one.invalid_dates.push(date.numbers()),
                }
            }
            ("EntryEvent", "Comment") if !text.is_empty() => one.notes.push(text),
            ("SanctionsMeasure", "Comment") => match one.measure.as_str() {
                _ if text.is_empty() || one.programmes.contains(&text) => {}
                "Program" => one.programmes.push(text),
                measure => one.notes.push(format!("{measure}: {text}")),
            },
            (_, "SanctionsMeasure") if one.measure != "Program" => {
                let measure = format!("Measure: {}", one.measure);
                if !one.notes.contains(&measure) {
                    one.notes.push(measure);
                }
            }
            (_, "SanctionsEntry") => self.listings.push(std::mem::take(one)),
            _ => {}
        }
        Ok(())
    }

    /// Brings the sections together.
    fn into_parsed(mut self, file: &str, fields: &[String]) -> Result<ParsedFile, Error> {
        let mut parsed = ParsedFile::new(file);
        if let Some(day) = self.issued {
            parsed.set_published(day);
        }
        let mut profiles: FxHashMap<String, usize> = FxHashMap::default();
        for (at, party) in self.parties.iter().enumerate() {
            profiles.insert(party.profile.clone(), at);
        }
        let find = |line: u64, field: &str, profile: &String| {
            profiles.get(profile).copied().ok_or_else(|| Error::Field {
                file: file.into(),
                line,
                field: field.into(),
                problem: format!("expected the id of a profile of this file, found `{profile}`"),
            })
        };
        let mut lists: Vec<Vec<Option<&'static str>>> = vec![Vec::new(); self.parties.len()];
        for listing in std::mem::take(&mut self.listings) {
            let at = find(listing.line, "ProfileID", &listing.profile)?;
            lists[at].push(listed_as(&listing.list));
            self.parties[at].add_listing(listing);
        }
        for link in std::mem::take(&mut self.links) {
            let from = find(link.line, "From-ProfileID", &link.from)?;
            let to = find(link.line, "To-ProfileID", &link.to)?;
            self.add_link(from, to, &link);
        }
        let mut entries = Vec::with_capacity(self.parties.len());
        for (party, on) in self.parties.into_iter().zip(lists) {
            let mut raw = party.raw;
            for identity in &party.identities {
                raw.ids.extend(self.tables.documents_of(identity));
            }
            // A party on the SDN list counts as an entry of that, even if another list names it as well.
            raw.list = on.iter().flatten().copied().min_by_key(|list| *list != SDN);
            if on.is_empty() {
                raw.repairs.add("no_listing");
            }
            entries.push(raw);
        }
        let stray = self.tables.documents_left();
        let list = add_entries(file, entries, &mut parsed)?;
        parsed.unknown_elements(list, Format::OfacAdvancedXml, fields);
        parsed.repaired(list, "stray_document", stray);
        Ok(parsed)
    }

    fn add_link(&mut self, from: usize, to: usize, link: &ProfileLink) {
        let (name, id) = (self.parties[to].raw.last.clone(), self.parties[to].raw.uid.clone());
        let raw = &mut self.parties[from].raw;
        let kind = if link.is_former {
            raw.notes.push(format!("Formerly: {} {name}", link.word));
            RelationKind::LinkedTo
        } else {
            relation_kind(&link.word, &raw.kind)
        };
        let relation = Relation { kind, name, id: Some(id), share: None };
        if !raw.relations.contains(&relation) {
            raw.relations.push(relation);
        }
    }
}

impl FinishedParty {
    fn add_listing(&mut self, listing: Listing) {
        let raw = &mut self.raw;
        raw.published = match (raw.published, listing.since) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        add_new(&mut raw.programmes, listing.programmes);
        add_new(&mut raw.citations, listing.bases);
        raw.notes.extend(listing.notes);
        for text in listing.invalid_dates {
            raw.repairs.add("impossible_date");
            raw.notes.push(format!("Listing date: {text}"));
        }
    }
}

fn add_new(known: &mut Vec<String>, more: Vec<String>) {
    for text in more {
        if !known.contains(&text) {
            known.push(text);
        }
    }
}

#[cfg(test)]
mod tests;
