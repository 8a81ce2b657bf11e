//! OFAC's advanced XML (root `Sanctions`, files `SDN_ADVANCED.XML` and `CONS_ADVANCED.XML`): the rows of the classic
//! form with scripts, relations and legal bases, taken apart into sections that refer to each other by number.
//!
//! Not tried on a whole real file. The layout is that of entries which several public programs quote from the files,
//! and of the programs that read them. A number that no section defines is an error: a reference that leads nowhere is
//! a sign of a damaged file. Only what stands loosely beside the parties is counted instead: a document of an identity
//! that no party has (`stray_document`), and a party without an entry of `SanctionsEntries` (`no_listing`), which stays
//! in and counts as one of the list that most of the file belongs to.

mod party;
mod period;
mod tables;

use super::super::draft::Draft;
use super::super::error::Error;
use super::super::xml::{Event, Xml};
use super::{Id, Raw, into_draft, listed_as, relation_kind};
use jiff::civil::Date;
use model::entry::{Relation, RelationKind};
use party::Party;
use period::Parts;
use rustc_hash::FxHashMap;
use std::io::BufRead;
use tables::Tables;

/// The sections that a file must have; `Locations`, `IDRegDocuments` and `ProfileRelationships` may be empty or absent.
const NEEDED: [&str; 3] = ["ReferenceValueSets", "DistinctParties", "SanctionsEntries"];

/// A link between two profiles.
struct Link {
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
    /// What stands where a day of listing belongs and is none.
    no_dates: Vec<String>,
}

/// Everything read so far.
#[derive(Default)]
struct State {
    section: Option<&'static str>,
    seen: Vec<&'static str>,
    tables: Tables,
    party: Party,
    parties: Vec<(String, Vec<String>, Raw)>,
    links: Vec<Link>,
    listing: Listing,
    listings: Vec<Listing>,
    date: Parts,
    issued: Option<Date>,
}

/// Reads every row.
///
/// # Errors
/// When the XML is broken, cut short or too deep, a section is missing, a number refers to nothing, a row lacks id,
/// type or name, or a date is none.
pub(in super::super) fn read(file: &str, input: &mut dyn BufRead) -> Result<Draft, Error> {
    let mut xml = Xml::with_attributes(file, input);
    let mut state = State::default();
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(name) => {
                let name = name.to_owned();
                state.begin(&name, &xml).map_err(|problem| xml.wrong(&name, problem))?;
            }
            Event::End { parent, name, text } => {
                let (parent, name) = (parent.to_owned(), name.to_owned());
                state.end(&parent, &name, text).map_err(|problem| xml.wrong(&name, problem))?;
            }
        }
    }
    if let Some(missing) = NEEDED.into_iter().find(|section| !state.seen.contains(section)) {
        return Err(xml.wrong(missing, "expected this section, which is missing"));
    }
    state.into_draft(file)
}

impl State {
    fn begin(&mut self, name: &str, xml: &Xml<'_>) -> Result<(), String> {
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
                self.links.push(Link {
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

    fn begin_listing(&mut self, name: &str, attribute: impl Fn(&str) -> String, line: u64) -> Result<(), String> {
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
            "Date" => self.date = Parts::default(),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, parent: &str, name: &str, text: String) -> Result<(), String> {
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

    fn end_listing(&mut self, parent: &str, name: &str, text: String) -> Result<(), String> {
        let one = &mut self.listing;
        match (parent, name) {
            ("Date", "Year" | "Month" | "Day") => self.date.take(name, &text)?,
            ("EntryEvent", "Date") => {
                let date = std::mem::take(&mut self.date);
                match date.date() {
                    Ok(day) => one.since = Some(one.since.map_or(day, |known| known.min(day))),
                    Err(_) => one.no_dates.push(date.numbers()),
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
    fn into_draft(mut self, file: &str) -> Result<Draft, Error> {
        let mut draft = Draft::new(file);
        if let Some(day) = self.issued {
            draft.set_published(day);
        }
        let wrong = |line: u64, field: &str, id: &str| Error::Field {
            file: file.into(),
            line,
            field: field.into(),
            problem: format!("expected the id of a profile of this file, found `{id}`"),
        };
        let mut places: FxHashMap<String, usize> = FxHashMap::default();
        for (at, (profile, _, _)) in self.parties.iter().enumerate() {
            places.insert(profile.clone(), at);
        }
        let mut is_listed = vec![false; self.parties.len()];
        let mut on: Vec<Vec<&'static str>> = vec![Vec::new(); self.parties.len()];
        for listing in self.listings {
            let Some(&at) = places.get(&listing.profile) else {
                return Err(wrong(listing.line, "ProfileID", &listing.profile));
            };
            let raw = &mut self.parties[at].2;
            is_listed[at] = true;
            on[at].extend(listed_as(&listing.list));
            raw.published = match (raw.published, listing.since) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            add_new(&mut raw.programmes, listing.programmes);
            add_new(&mut raw.citations, listing.bases);
            raw.notes.extend(listing.notes);
            for text in listing.no_dates {
                raw.repairs.add("impossible_date");
                raw.notes.push(format!("Listing date: {text}"));
            }
        }
        for link in self.links {
            let Some(&from) = places.get(&link.from) else {
                return Err(wrong(link.line, "From-ProfileID", &link.from));
            };
            let Some(&to) = places.get(&link.to) else { return Err(wrong(link.line, "To-ProfileID", &link.to)) };
            let (name, id) = (self.parties[to].2.last.clone(), self.parties[to].2.uid.clone());
            let raw = &mut self.parties[from].2;
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
        let mut rows = Vec::with_capacity(self.parties.len());
        for (at, (_, identities, mut raw)) in self.parties.into_iter().enumerate() {
            for identity in identities {
                raw.ids.extend::<Vec<Id>>(self.tables.documents_of(&identity));
            }
            // A party on the SDN list stands there, whatever other list names it as well.
            raw.list = on[at].iter().copied().min_by_key(|list| *list != super::SDN);
            if !is_listed[at] {
                raw.repairs.add("no_listing");
            }
            rows.push(raw);
        }
        let stray = self.tables.documents_left();
        let list = rows.first().and_then(|r| r.list).unwrap_or(super::SDN);
        into_draft(file, rows, &mut draft)?;
        draft.repaired(list, "stray_document", stray);
        Ok(draft)
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
