//! One party, one finding: entries that list the same party are reported once, with every listing named.
//!
//! The strongest effect among the listings of a party that are in force bounds the severity: who matches the entry of
//! an investment list is held when the same company stands on the Entity List too. The finding itself rests on the
//! entry that asks for most; the others stand beside it, whether or not the text matches a name of theirs.

use super::engine::Engine;
use crate::fact::Found;
use crate::link::{LinkedBy, shares_citation};
use crate::place::Place;
use model::entry::{Effect, Entry};
use model::finding::{Finding, Listing, Reason, Score, Severity};
use model::ids::EntryId;
use model::shipment::Shipment;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as MapEntry;

/// The most that the listings of the party of an entry can ask for.
pub(super) fn ceiling(engine: &Engine, shipment: &Shipment, id: EntryId) -> Severity {
    let own = engine.policy().ceiling(engine.snapshot().entry_at(id).effect);
    let others = engine.parties().listings(id).iter().filter_map(|&(other, _)| in_force(engine, shipment, other));
    others.map(|e| engine.policy().ceiling(e.effect)).chain([own]).max().unwrap_or(own)
}

/// Keeps one finding by name for each party of a field, and names its other listings.
pub(super) fn one_a_party(engine: &Engine, shipment: &Shipment, findings: &mut Vec<Found>) {
    keep_strongest(engine, findings, |_| true);
    for found in findings {
        name_listings(engine, shipment, found);
    }
}

/// Keeps one finding by number for each party and place, and names its other listings.
pub(super) fn one_a_number(engine: &Engine, shipment: &Shipment, findings: &mut Vec<Found>) {
    let is_number = |found: &Found| found.finding.reason == Reason::PartyIdentifier;
    if !findings.iter().any(is_number) {
        return;
    }
    keep_strongest(engine, findings, is_number);
    for found in findings.iter_mut().filter(|found| is_number(found)) {
        name_listings(engine, shipment, found);
    }
}

/// Of the findings that `counts` takes in, keeps one for each party and place: the one of most weight, in the place of
/// the first.
fn keep_strongest(engine: &Engine, findings: &mut Vec<Found>, counts: impl Fn(&Found) -> bool) {
    type Key = (Place, EntryId);
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    let mut kept: Vec<Found> = Vec::with_capacity(findings.len());
    for found in findings.drain(..) {
        let party = if counts(&found) { party_of(engine, &found) } else { None };
        let known = party.map(|party| places.entry((found.place, party)));
        match known {
            Some(MapEntry::Occupied(at)) => {
                let known = &mut kept[*at.get()];
                if weight(engine, &found.finding) > weight(engine, &known.finding) {
                    *known = found;
                }
            }
            new => {
                if let Some(new) = new {
                    new.or_insert(kept.len());
                }
                kept.push(found);
            }
        }
    }
    *findings = kept;
}

/// What decides which finding stands for its party: what it asks for, then what its own entry means, then the score.
fn weight(engine: &Engine, finding: &Finding) -> (Severity, Severity, Reverse<usize>, Score) {
    let effect = finding.entry.as_ref().map(|e| e.effect);
    let own = effect.map_or(Severity::Info, |e| engine.policy().ceiling(e));
    (finding.severity, own, Reverse(effect.map_or(usize::MAX, rank)), finding.score)
}

/// The place of an effect among all, strongest first.
fn rank(effect: Effect) -> usize {
    Effect::ALL.iter().position(|e| *e == effect).unwrap_or(usize::MAX)
}

/// The first entry of the finding's party; `None` for a party with one entry.
fn party_of(engine: &Engine, found: &Found) -> Option<EntryId> {
    engine.parties().listings(found.entry()?).first().map(|&(first, _)| first)
}

fn in_force<'a>(engine: &'a Engine, shipment: &Shipment, id: EntryId) -> Option<&'a Entry> {
    let entry = engine.snapshot().entry_at(id);
    entry.in_force(shipment.as_of, shipment.known_on).then_some(entry)
}

fn name_listings(engine: &Engine, shipment: &Shipment, found: &mut Found) {
    let Some(own) = found.entry() else { return };
    let mut others: Vec<(EntryId, LinkedBy, &Entry)> = engine
        .parties()
        .listings(own)
        .iter()
        .filter(|(id, _)| *id != own)
        .filter_map(|&(id, why)| Some((id, why, in_force(engine, shipment, id)?)))
        .collect();
    others.sort_by_key(|&(id, _, e)| (Reverse(engine.policy().ceiling(e.effect)), rank(e.effect), id));
    let mut named: Vec<&Entry> = vec![engine.snapshot().entry_at(own)];
    for (_, why, entry) in others {
        if named.iter().any(|known| is_same_entry(known, entry)) {
            continue;
        }
        named.push(entry);
        let title = engine.snapshot().title(&entry.list);
        found.finding.also_listed.push(Listing::new(entry, title, why.words(entry)));
    }
}

/// Whether two entries of one list are one: the publisher's, and a curated copy that has an id of its own.
fn is_same_entry(a: &Entry, b: &Entry) -> bool {
    let is_curated = |e: &Entry| e.read_on.is_some();
    let publisher_id = |e: &Entry| e.id.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().to_owned();
    let same_id = || {
        let (x, y) = (publisher_id(a), publisher_id(b));
        x.len() >= 3 && x == y
    };
    a.list == b.list && a.effect == b.effect && is_curated(a) != is_curated(b) && (same_id() || shares_citation(a, b))
}

/// Whether two entries list one party.
pub(super) fn is_same_party(engine: &Engine, a: EntryId, b: EntryId) -> bool {
    party(engine, a) == party(engine, b)
}

/// The first of the entries that list the party of this one.
pub(super) fn party(engine: &Engine, id: EntryId) -> EntryId {
    engine.parties().listings(id).first().map_or(id, |&(first, _)| first)
}
