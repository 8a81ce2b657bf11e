//! Ownership: what listed owners make of a party that is not listed itself.

use super::fields::Place;
use super::judge::{row_finding, span};
use super::{Engine, MatcherScratch};
use crate::explain::{self, OwnershipFacts};
use crate::link::Parties;
use crate::matcher::{Field, Index};
use crate::policy::{Policy, Switch};
use crate::rule::{Owned, Ownership, Regime, State};
use model::entry::Entry;
use model::finding::{Evidence, EvidenceKind, Finding, Reason, Score, Severity};
use model::ids::EntryId;
use model::shipment::{Party, Shipment};
use text::{Folded, Reading};

/// A name of the ownership file is a listed party's from this score on, in thousandths.
const SAME_PARTY: u16 = 900;

/// The owners that the lists and the policy's ownership file name.
pub(super) fn compile(index: &Index, parties: &Parties, policy: &Policy) -> Ownership {
    let entries = index.snapshot().entries();
    let mut scratch = MatcherScratch::default();
    Ownership::build(entries, policy.ownership(), |name, known| {
        let mut ids: Vec<EntryId> = known.iter().map(|row| EntryId::from_index(*row as usize)).collect();
        if ids.is_empty() {
            index.find(name, Field::Name, Reading::Plain, SAME_PARTY, &mut scratch);
            ids.extend(scratch.hits().iter().filter(|h| h.is_whole).map(|h| index.name(h.name).entry));
        }
        let linked: Vec<EntryId> = ids.iter().flat_map(|id| parties.listings(*id)).map(|(id, _)| *id).collect();
        ids.extend(linked);
        ids.into_iter().map(|id| id.index() as u32).collect()
    })
}

/// Findings on the owners of every party, and what cut the work short.
pub(super) fn judge(engine: &Engine, shipment: &Shipment) -> (Vec<(Place, Finding)>, Vec<String>) {
    let (mut findings, mut cut) = (Vec::new(), Vec::new());
    if !engine.policy().is_on(Reason::PartyOwnership) || engine.ownership().is_empty() {
        return (findings, cut);
    }
    let entries = engine.snapshot().entries();
    let counts = |regime: &Regime, row: u32| {
        let entry = &entries[row as usize];
        regime.counts(entry) && entry.in_force(shipment.as_of, shipment.known_on)
    };
    let mut folded = Folded::default();
    for (at, party) in shipment.parties.iter().enumerate() {
        let mut seen: Vec<usize> = Vec::new();
        for (place, name) in names(at as u32, party) {
            match engine.ownership().judge(name, shipment.as_of, counts, &mut folded) {
                Ok(all) => {
                    for owned in all {
                        // Several names of one party lead to the same owners.
                        if !seen.contains(&owned.regime) {
                            seen.push(owned.regime);
                            findings.extend(finding(engine, shipment, party, place, name, &owned).map(|f| (place, f)));
                        }
                    }
                }
                Err(_) => cut.push(format!("{place}: more owners stand above this party than are looked at")),
            }
        }
    }
    (findings, cut)
}

fn names(at: u32, party: &Party) -> impl Iterator<Item = (Place, &str)> {
    let others =
        party.other_names.iter().enumerate().map(move |(m, n)| (Place::PartyOtherName(at, m as u32), n.as_str()));
    std::iter::once((Place::PartyName(at), party.name.as_str())).chain(others).filter(|(_, name)| !name.is_empty())
}

fn finding(
    engine: &Engine,
    shipment: &Shipment,
    party: &Party,
    place: Place,
    name: &str,
    owned: &Owned,
) -> Option<Finding> {
    let regime = &Regime::all()[owned.regime];
    let (state, note) = match engine.policy().bis_affiliates() {
        Switch::InForce if regime.is_dated() => (State::InForce, "set by the policy"),
        Switch::Suspended if regime.is_dated() => (State::Suspended, "set by the policy"),
        _ => regime.state(shipment.as_of),
    };
    let severity = match (state, owned.is_certain) {
        (State::NotYet, _) => return None,
        (State::Suspended, _) => Severity::Info,
        (State::InForce, true) => Severity::High,
        // Whether the rule applies, or whether the threshold is reached, is for a person to find out.
        (State::InForce, false) | (State::Unknown, _) => Severity::Medium,
    };
    let entry: &Entry = &engine.snapshot().entries()[owned.row as usize];
    let severity = severity.min(engine.policy().ceiling(regime.effect));
    let list_title = engine.snapshot().title(&entry.list);
    let listed = |row: u32| {
        let entry = &engine.snapshot().entries()[row as usize];
        format!("{} [{}/{}]", entry.primary_name(), entry.list, entry.id)
    };
    let evidence = owned
        .owners
        .iter()
        .map(|owner| {
            let share = owner.share.map_or("an unknown share".to_owned(), explain::percent);
            let mut detail = format!("{} owns {share} ({})", owner.name, owner.source);
            if !owner.through.is_empty() {
                detail.push_str(&format!("; it is owned by {}", owner.through.join(", owned by ")));
            }
            if let Some(row) = owner.row {
                detail.push_str(&format!("; listed: {}", listed(row)));
            }
            Evidence { kind: EvidenceKind::Owner, points: owner.share.map_or(0, i32::from), detail }
        })
        .collect();
    let explanation =
        explain::ownership(&OwnershipFacts { role: party.role, name, owned, regime, state, note, entry, list_title });
    let score = if owned.is_certain { Score::FULL } else { Score::clamped(700) };
    let mut finding = Finding {
        spans: vec![span(name, 0, name.len() as u32)],
        matched_name: owned.owners.first().map(|o| o.name.clone()).unwrap_or_default(),
        evidence,
        explanation,
        ..row_finding(Reason::PartyOwnership, severity, score, place, entry, list_title)
    };
    finding.citations.insert(0, regime.citation.clone());
    Some(finding)
}
