//! One party, one finding: rows that list the same party are told once, with every listing named.
//!
//! The strongest effect among the listings of a party that are in force bounds the severity: who matches the row of
//! an investment list is held when the same company stands on the Entity List too. The finding itself rests on the
//! row that asks for most; the others stand beside it, whether or not the text matches a name of theirs.

use super::Engine;
use super::fields::Place;
use crate::explain;
use crate::link::{LinkedBy, shares_citation};
use model::entry::{Effect, Entry};
use model::finding::{EntryReference, Finding, Listing, Reason, Severity};
use model::ids::EntryId;
use model::shipment::Shipment;
use std::cmp::Reverse;

/// The most that the listings of a party can ask for.
pub(super) fn ceiling(engine: &Engine, shipment: &Shipment, entry: &Entry) -> Severity {
    let own = engine.policy().ceiling(entry.effect);
    let others = engine.snapshot().id_of(&entry.list, &entry.id).map_or(&[][..], |row| engine.parties().listings(row));
    let in_force = others.iter().filter_map(|&(row, _)| in_force(engine, shipment, row));
    in_force.map(|e| engine.policy().ceiling(e.effect)).chain([own]).max().unwrap_or(own)
}

/// Keeps one finding by name for each party of a field, and names its other listings.
pub(super) fn one_a_party(engine: &Engine, shipment: &Shipment, findings: &mut Vec<Finding>) {
    let mut kept: Vec<(Option<EntryId>, Finding)> = Vec::with_capacity(findings.len());
    for finding in findings.drain(..) {
        let party = party_of(engine, &finding);
        match kept.iter_mut().find(|(known, _)| party.is_some() && *known == party) {
            Some((_, known)) if weight(engine, &finding) > weight(engine, known) => *known = finding,
            Some(_) => {}
            None => kept.push((party, finding)),
        }
    }
    findings.extend(kept.into_iter().map(|(_, mut finding)| {
        name_listings(engine, shipment, &mut finding);
        finding
    }));
}

/// Keeps one finding by number for each party and place.
pub(super) fn one_a_number(engine: &Engine, shipment: &Shipment, findings: &mut Vec<(Place, Finding)>) {
    let is_number = |f: &Finding| f.reason == Reason::PartyIdentifier;
    if !findings.iter().any(|(_, f)| is_number(f)) {
        return;
    }
    let mut kept: Vec<(Place, Finding)> = Vec::with_capacity(findings.len());
    for (place, finding) in findings.drain(..) {
        let party = if is_number(&finding) { party_of(engine, &finding) } else { None };
        let same = |(p, f): &(Place, Finding)| *p == place && is_number(f) && party_of(engine, f) == party;
        match kept.iter_mut().find(|other| party.is_some() && same(other)) {
            Some((_, known)) if weight(engine, &finding) > weight(engine, known) => *known = finding,
            Some(_) => {}
            None => kept.push((place, finding)),
        }
    }
    for (_, finding) in kept.iter_mut().filter(|(_, f)| is_number(f)) {
        name_listings(engine, shipment, finding);
    }
    *findings = kept;
}

/// What decides which finding stands for its party: what it asks for, then what its own row means, then the score.
fn weight(engine: &Engine, finding: &Finding) -> (Severity, Severity, Reverse<usize>, model::finding::Score) {
    let effect = finding.entry.as_ref().map(|e| e.effect);
    let own = effect.map_or(Severity::Info, |e| engine.policy().ceiling(e));
    (finding.severity, own, Reverse(effect.map_or(usize::MAX, rank)), finding.score)
}

/// The place of an effect among all, strongest first.
fn rank(effect: Effect) -> usize {
    Effect::ALL.iter().position(|e| *e == effect).unwrap_or(usize::MAX)
}

/// The first row of the finding's party; `None` for a party with one row.
fn party_of(engine: &Engine, finding: &Finding) -> Option<EntryId> {
    let entry = finding.entry.as_ref()?;
    let row = engine.snapshot().id_of(&entry.list, &entry.id)?;
    engine.parties().listings(row).first().map(|&(first, _)| first)
}

fn in_force<'a>(engine: &'a Engine, shipment: &Shipment, id: EntryId) -> Option<&'a Entry> {
    let entry = engine.snapshot().entry_at(id);
    entry.in_force(shipment.as_of, shipment.known_on).then_some(entry)
}

fn name_listings(engine: &Engine, shipment: &Shipment, finding: &mut Finding) {
    let Some(own) = finding.entry.as_ref().and_then(|e| engine.snapshot().id_of(&e.list, &e.id)) else { return };
    let own_entry = engine.snapshot().entry_at(own);
    let mut others: Vec<(EntryId, LinkedBy, &Entry)> = engine
        .parties()
        .listings(own)
        .iter()
        .filter(|(row, _)| *row != own)
        .filter_map(|&(row, why)| Some((row, why, in_force(engine, shipment, row)?)))
        .collect();
    others.sort_by_key(|&(row, _, e)| (Reverse(engine.policy().ceiling(e.effect)), rank(e.effect), row));
    let mut told: Vec<&Entry> = vec![own_entry];
    for (_, why, entry) in others {
        if told.iter().any(|known| is_same_row(known, entry)) {
            continue;
        }
        told.push(entry);
        finding.also_listed.push(Listing {
            entry: EntryReference::new(entry, engine.snapshot().title(&entry.list)),
            citations: entry.citations.clone(),
            licence_requirement: entry.licence_requirement.clone().unwrap_or_default(),
            licence_policy: entry.licence_policy.clone().unwrap_or_default(),
            effective: entry.effective,
            published: entry.published,
            linked_by: why.words(entry),
        });
    }
    if !finding.also_listed.is_empty() {
        finding.explanation.push(' ');
        finding.explanation.push_str(&explain::also_listed(&finding.also_listed));
    }
}

/// Whether two rows of one list are one row: the publisher's, and a curated copy that has an id of its own.
fn is_same_row(a: &Entry, b: &Entry) -> bool {
    let is_curated = |e: &Entry| e.read_on.is_some();
    let publisher_id = |e: &Entry| e.id.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().to_owned();
    let same_id = || {
        let (x, y) = (publisher_id(a), publisher_id(b));
        x.len() >= 3 && x == y
    };
    a.list == b.list && a.effect == b.effect && is_curated(a) != is_curated(b) && (same_id() || shares_citation(a, b))
}

/// Whether two findings rest on rows of one party.
pub(super) fn is_same_party(engine: &Engine, a: &EntryReference, b: &EntryReference) -> bool {
    let party = |e: &EntryReference| {
        let row = engine.snapshot().id_of(&e.list, &e.id)?;
        Some(engine.parties().listings(row).first().map_or(row, |&(first, _)| first))
    };
    a == b || party(a).is_some_and(|p| Some(p) == party(b))
}
