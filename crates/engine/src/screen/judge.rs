//! From hits to findings: what a hit means in its place, how severe it is, and what is left out as said already.

mod brands;
mod names;
mod numbers;

use super::fields::Place;
use super::{Engine, addresses, listings, order, owners};
use crate::explain;
use crate::matcher::{Field, Scratch};
use crate::policy::Mode;
use crate::rule::{Part, Prepared};
use brands::{drop_brands_of_listed_names, is_brand};
use model::entry::Entry;
use model::finding::{EntryReference, Evidence, EvidenceKind, Finding, Reason, Score, Severity, Span};
use model::ids::EntryId;
use model::shipment::Shipment;
use model::snapshot::Snapshot;
use names::Found;
use std::ops::Range;
use text::{Folded, Reading};

/// Spans given for one finding, at most.
const MAX_SPANS: usize = 16;

/// The readings worth a search beside the one as written, by the letters of the text.
pub(super) fn other_readings(as_written: &Folded) -> impl Iterator<Item = Reading> + use<> {
    let look_alike = as_written.has_look_alikes().then_some(Reading::LookAlike);
    let romanised = as_written.is_foreign().then_some(Reading::Romanised);
    look_alike.into_iter().chain(romanised)
}

/// Judges one shipment.
pub(super) struct Judge<'a> {
    engine: &'a Engine,
    shipment: &'a Shipment,
    /// What the rules read, gathered on the way.
    prepared: &'a mut Prepared,
    findings: Vec<(Place, Finding)>,
    cut: Vec<String>,
    found: Vec<Found>,
    /// Clauses of the rule findings, by number.
    clauses: Vec<String>,
    ran: Vec<(Reason, Option<&'static str>)>,
}

/// What became of a shipment.
pub(super) struct Judged {
    /// Strongest first.
    pub(super) findings: Vec<Finding>,
    /// The clause of each finding in the summary.
    pub(super) clauses: Vec<String>,
    /// Bounds that cut the work short.
    pub(super) cut: Vec<String>,
    /// The rules that are on, and why those that could not run could not.
    pub(super) ran: Vec<(Reason, Option<&'static str>)>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(engine: &'a Engine, shipment: &'a Shipment, prepared: &'a mut Prepared) -> Self {
        prepared.start(shipment);
        Self {
            engine,
            shipment,
            prepared,
            findings: Vec::new(),
            cut: Vec::new(),
            found: Vec::new(),
            clauses: Vec::new(),
            ran: Vec::new(),
        }
    }

    /// Searches one field and judges what it holds.
    pub(super) fn field(&mut self, place: Place, text: &'a str, scratch: &mut Scratch) {
        if matches!(place, Place::VesselImo(_)) {
            return;
        }
        let index = self.engine.index();
        let field = if place.is_name() { Field::Name } else { Field::Text };
        let floor = self.engine.policy().floor(!place.is_name());
        self.found.clear();
        let whole = 0..text.len();
        self.search(place, text, whole.clone(), (field, Reading::Plain, floor), scratch);
        if field == Field::Text {
            self.numbers_in_text(place, text, scratch);
        }
        if place.is_goods() {
            self.brands(place, text, scratch.folded());
        }
        for reading in other_readings(scratch.folded()) {
            self.search(place, text, whole.clone(), (field, reading, floor), scratch);
        }
        if place.is_name() {
            self.names_given(place, text, floor, scratch);
        }
        self.names(place, text, scratch);
        match place {
            Place::PartyName(at) => self.prepared.keep_name(at as usize, index.take_folded(text, scratch)),
            Place::GoodsDescription(at) => {
                self.prepared.keep_description(at as usize, index.take_folded(text, scratch));
            }
            _ => {}
        }
    }

    /// Searches the bytes `within` of one field in one way, and keeps what was found.
    fn search(
        &mut self,
        place: Place,
        text: &str,
        within: Range<usize>,
        (field, reading, floor): (Field, Reading, u16),
        scratch: &mut Scratch,
    ) {
        let index = self.engine.index();
        if index.find(&text[within.clone()], field, reading, floor, scratch) {
            self.cut.push(format!("{place}: more listed names came into question than are compared"));
        }
        let (offset, end) = (within.start as u32, within.end as u32);
        for hit in scratch.hits() {
            let entry = index.name(hit.name).entry;
            let (from, to) = scratch.folded().original(hit.start as usize, hit.end as usize);
            self.found.push(Found { hit: *hit, entry, span: (from + offset, to + offset), within: (offset, end) });
        }
    }

    fn is_in_force(&self, entry: EntryId) -> bool {
        let shipment = self.shipment;
        self.engine.snapshot().entry_at(entry).in_force(shipment.as_of, shipment.known_on)
    }

    /// The findings of rules that need no name; they may combine with what names and brands have brought. What is in the
    /// shadow or suppressed takes no part in a combination.
    pub(super) fn rules(&mut self) {
        let (engine, policy, shipment) = (self.engine, self.engine.policy(), self.shipment);
        let settle = |finding: &mut Finding| {
            policy.settle(finding, shipment, |row| row_now(engine, row));
            explain::settled(finding);
            counts(finding)
        };
        let known: Vec<Part> = self
            .findings
            .iter()
            .filter(|(_, f)| counts(f) && (f.entry.is_none() || f.severity > Severity::Info))
            .map(|(_, f)| Part { reason: f.reason, clause: explain::clause(f) })
            .collect();
        let report = self.engine.rules().screen(shipment, self.prepared, |reason| policy.is_on(reason), settle, &known);
        for (number, ruled) in report.findings.into_iter().enumerate() {
            self.findings.push((Place::Rule(number as u32), ruled.finding));
            self.clauses.push(ruled.clause);
        }
        self.ran = report.ran;
    }

    /// The findings in order, and what cut the work short. What is in the shadow neither raises nor hides another finding.
    pub(super) fn finish(mut self) -> Judged {
        for (found, cut) in
            [addresses::judge(self.engine, self.shipment, &self.findings), owners::judge(self.engine, self.shipment)]
        {
            self.findings.extend(found);
            self.cut.extend(cut);
        }
        raise_what_is_corroborated(&mut self.findings, self.engine);
        listings::one_a_number(self.engine, self.shipment, &mut self.findings);
        drop_brands_of_listed_names(&mut self.findings, self.engine);
        for (_, finding) in &mut self.findings {
            self.engine.policy().settle(finding, self.shipment, |row| row_now(self.engine, row));
            explain::settled(finding);
        }
        self.rules();
        order(&mut self.findings);
        let clause = |(place, finding): &(Place, Finding)| match *place {
            Place::Rule(number) => self.clauses[number as usize].clone(),
            _ => explain::clause(finding),
        };
        let clauses = self.findings.iter().map(clause).collect();
        let findings = self.findings.into_iter().map(|(_, finding)| finding).collect();
        Judged { findings, clauses, cut: self.cut, ran: self.ran }
    }
}

pub(super) fn row_finding(
    reason: Reason,
    severity: Severity,
    score: Score,
    place: Place,
    entry: &Entry,
    list_title: &str,
) -> Finding {
    Finding {
        reason,
        severity,
        score,
        field_path: place.to_string(),
        spans: Vec::new(),
        entry: Some(EntryReference::new(entry, list_title)),
        matched_name: String::new(),
        citations: entry.citations.clone(),
        licence_requirement: entry.licence_requirement.clone().unwrap_or_default(),
        licence_policy: entry.licence_policy.clone().unwrap_or_default(),
        effective: entry.effective,
        published: entry.published,
        evidence: Vec::new(),
        explanation: String::new(),
        also_listed: Vec::new(),
        is_shadow: false,
        suppressions: Vec::new(),
    }
}

pub(super) fn span(text: &str, start: u32, end: u32) -> Span {
    Span { start, end, text: text[start as usize..end as usize].to_owned() }
}

/// The fingerprint of a row as it is in the loaded lists.
fn row_now(engine: &Engine, row: &EntryReference) -> Option<String> {
    engine.snapshot().entry(Some(row.list.as_str()), &row.id).map(Snapshot::entry_fingerprint)
}

/// A weak name of a row that another field of the record names firmly is no longer weak.
fn raise_what_is_corroborated(findings: &mut [(Place, Finding)], engine: &Engine) {
    let firm: Vec<(Place, EntryReference)> = findings
        .iter()
        .filter(|(_, f)| {
            f.severity >= Severity::Medium
                && f.reason != Reason::PartyOwnership
                && engine.policy().mode(f.reason) == Mode::On
        })
        .filter_map(|(place, f)| f.entry.clone().map(|e| (*place, e)))
        .collect();
    for (place, finding) in findings.iter_mut() {
        let Some(entry) = &finding.entry else { continue };
        // An address or an owner that points to a row is no name of it.
        let is_weak = finding.severity <= Severity::Low
            && !is_brand(finding.reason)
            && !matches!(finding.reason, Reason::PartyAddress | Reason::PartyOwnership);
        if is_weak && firm.iter().any(|(other, e)| other != place && listings::is_same_party(engine, e, entry)) {
            finding.severity = Severity::Medium.min(engine.policy().ceiling(entry.effect));
            finding.evidence.push(Evidence {
                kind: EvidenceKind::Corroborated,
                points: 0,
                detail: "another field of the record names the same row".to_owned(),
            });
        }
    }
}

/// Whether a finding may take part in a combination.
fn counts(finding: &Finding) -> bool {
    !finding.is_shadow && finding.suppressions.iter().all(|s| s.lowered_from.is_none())
}

/// Whose text it is, for the sentence.
fn field_name(place: Place, shipment: &Shipment) -> String {
    let role = |at: u32| shipment.parties[at as usize].role;
    let of = |at: u32, what: &str| match role(at) {
        Some(role) => format!("{}'s {what}", role.as_str().replace('_', " ")),
        None => format!("party's {what}"),
    };
    match place {
        Place::PartyName(at) | Place::PartyOtherName(at, _) => explain::party_field(role(at)),
        Place::PartyIdentifier(at, _) => of(at, "number"),
        Place::PartyAddress(at) | Place::PartyAddressPart(at, _) | Place::PartyStructuredAddress(at) => {
            of(at, "address")
        }
        Place::VesselName(_) => "vessel's name".to_owned(),
        Place::VesselImo(_) => "vessel's IMO number".to_owned(),
        Place::GoodsDescription(_) => "goods description".to_owned(),
        Place::GoodsMarks(_) => "shipping marks".to_owned(),
        Place::GoodsBrand(_) => "goods brand".to_owned(),
        Place::GoodsModel(_) => "goods model".to_owned(),
        Place::Rule(_) => "record".to_owned(),
    }
}
