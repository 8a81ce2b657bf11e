//! Listed numbers, given as such or standing in running text.

use super::state::Judge;
use crate::fact::{Fact, Found, NumberFact};
use crate::matcher::{Scratch, identifier_key};
use crate::name::found::WHOLE;
use crate::place::Place;
use crate::screen::listings;
use crate::screen::spans::span;
use model::entry::{Entry, Identifier, IdentifierType, has_right_check_digits};
use model::finding::{Evidence, EvidenceKind, Finding, Reason, Severity};
use model::ids::EntryId;

/// Names of an entry that the name beside a number is compared with, at most.
const MAX_NAMES: usize = 100;

impl<'a> Judge<'a> {
    /// Listed numbers in running text.
    pub(super) fn numbers_in_text(&mut self, place: Place, text: &str, scratch: &Scratch) {
        let folded = scratch.folded();
        let mut hits = Vec::new();
        self.engine.index().identifiers_in_text(scratch, |hit| hits.push(hit));
        for hit in hits {
            if self.numbered.contains(&(place, hit.entry)) {
                continue;
            }
            let (start, end) = folded.original(hit.start as usize, hit.end as usize);
            self.number(place, text, (start, end), hit.entry, hit.identifier);
        }
    }

    /// The numbers of the parties and vessels.
    pub(in crate::screen) fn numbers(&mut self) {
        let shipment = self.shipment;
        for (n, party) in shipment.parties.iter().enumerate() {
            for (m, identifier) in party.identifiers.iter().enumerate() {
                self.given_number(Place::PartyIdentifier(n as u32, m as u32), identifier);
            }
        }
        for (n, vessel) in shipment.vessels.iter().enumerate() {
            let imo = Identifier { kind: IdentifierType::Imo, value: vessel.imo.clone(), country: None };
            self.given_number(Place::VesselImo(n as u32), &imo);
        }
    }

    fn given_number(&mut self, place: Place, given: &Identifier) {
        self.check_given(place, given);
        let mut hits = Vec::new();
        self.engine.index().identifiers_of(given, |entry, identifier| hits.push((entry, identifier)));
        for (entry, identifier) in hits {
            self.number(place, &given.value, (0, given.value.len() as u32), entry, identifier);
        }
    }

    pub(super) fn number(&mut self, place: Place, text: &str, at: (u32, u32), id: EntryId, identifier: u16) {
        let policy = self.engine.policy();
        if !self.is_in_force(id) || !policy.is_on(Reason::PartyIdentifier) {
            return;
        }
        let entry = self.engine.snapshot().entry_at(id);
        let listed = &entry.identifiers[usize::from(identifier)];
        let other_name = self.name_beside(place).filter(|given| !self.is_name_of(given, entry));
        let severity = Severity::High.min(listings::ceiling(self.engine, self.shipment, id));
        let list_title = self.engine.snapshot().title(&entry.list);
        let finding = Finding {
            spans: vec![span(text, at.0, at.1)],
            matched_name: listed.value.clone(),
            evidence: number_evidence(listed, entry, other_name),
            ..Finding::new(Reason::PartyIdentifier, severity, place.to_string()).on_entry(entry, list_title)
        };
        if self.numbered.insert((place, id)) {
            let fact = NumberFact {
                entry: id,
                text: text[at.0 as usize..at.1 as usize].to_owned(),
                other_name: other_name.map(str::to_owned),
            };
            self.found.push(Found { place, finding, fact: Fact::Number(fact) });
        }
    }

    /// The name that stands beside a number in the record.
    fn name_beside(&self, place: Place) -> Option<&'a str> {
        let shipment = self.shipment;
        let name = match place {
            Place::PartyIdentifier(at, _) => &shipment.parties[at as usize].name,
            Place::VesselImo(at) => &shipment.vessels[at as usize].name,
            _ => return None,
        };
        Some(name.as_str()).filter(|name| name.chars().any(char::is_alphanumeric))
    }

    /// Whether a name is alike to one of the entry's, by the policy's threshold for parties.
    fn is_name_of(&self, given: &str, entry: &Entry) -> bool {
        let names = entry.names.iter().take(MAX_NAMES);
        let mut compared = names.map(|name| self.engine.compare(given, &name.text, entry.kind));
        compared.any(|found| found.is_match)
    }
}

fn number_evidence(listed: &Identifier, entry: &Entry, other_name: Option<&str>) -> Vec<Evidence> {
    let detail = format!("{} is listed for {}", listed.value, entry.primary_name());
    let mut evidence = vec![Evidence::new(EvidenceKind::Identifier, i32::from(WHOLE), detail)];
    if let Some(is_right) = has_right_check_digits(listed.kind, &identifier_key(&listed.value)) {
        let detail = if is_right { "the check digit is right" } else { "the check digit is wrong, on the list too" };
        evidence.push(Evidence::new(EvidenceKind::CheckDigit, 0, detail));
    }
    if let Some(given) = other_name {
        let detail = format!("the name given is \"{given}\", the entry lists {}", entry.primary_name());
        evidence.push(Evidence::new(EvidenceKind::NameDiffers, 0, detail));
    }
    evidence
}
