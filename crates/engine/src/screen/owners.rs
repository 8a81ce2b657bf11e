//! Ownership: what listed owners make of a party that is not listed itself.

use super::engine::Engine;
use super::spans::span;
use crate::explain;
use crate::fact::{Fact, Found, OwnersFact};
use crate::matcher::StopCheck;
use crate::name::found::STAYS_IN_SIGHT;
use crate::place::Place;
use crate::policy::Switch;
use crate::rule::{Owned, Owner, Prepared, Regime, State};
use model::finding::{Evidence, EvidenceKind, Finding, Reason, Score, Severity};
use model::ids::EntryId;
use model::shipment::{Party, Shipment};
use text::{Folded, Reading};

/// Findings on the owners of every party, and the limits that were reached.
pub(super) fn judge(
    engine: &Engine,
    shipment: &Shipment,
    prepared: &Prepared,
    stop: &mut StopCheck,
) -> (Vec<Found>, Vec<String>) {
    let (mut findings, mut truncated) = (Vec::new(), Vec::new());
    if !engine.policy().is_on(Reason::PartyOwnership) || engine.ownership().is_empty() {
        return (findings, truncated);
    }
    let counts = |regime: &Regime, entry: EntryId| {
        let entry = engine.snapshot().entry_at(entry);
        regime.counts(entry) && entry.in_force(shipment.as_of, shipment.known_on)
    };
    for (at, party) in shipment.parties.iter().enumerate() {
        let mut seen: Vec<usize> = Vec::new();
        for (place, name) in names(at as u32, party) {
            if stop.is_due() {
                return (findings, truncated);
            }
            let other = matches!(place, Place::PartyOtherName(..)).then(|| Folded::of(name, Reading::Plain));
            let folded = other.as_ref().unwrap_or_else(|| prepared.name(at));
            match engine.ownership().judge(name, shipment.as_of, counts, folded) {
                Ok(all) => {
                    for owned in all {
                        // Several names of one party lead to the same owners.
                        if !seen.contains(&owned.regime) {
                            seen.push(owned.regime);
                            findings.extend(finding(engine, shipment, place, name, owned));
                        }
                    }
                }
                Err(_) => truncated
                    .push(format!("{place}: the party has more owners above it than are looked at; not all were")),
            }
        }
    }
    (findings, truncated)
}

fn names(at: u32, party: &Party) -> impl Iterator<Item = (Place, &str)> {
    let others =
        party.other_names.iter().enumerate().map(move |(m, n)| (Place::PartyOtherName(at, m as u32), n.as_str()));
    std::iter::once((Place::PartyName(at), party.name.as_str())).chain(others).filter(|(_, name)| !name.is_empty())
}

fn finding(engine: &Engine, shipment: &Shipment, place: Place, name: &str, owned: Owned) -> Option<Found> {
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
    let entry = engine.snapshot().entry_at(owned.entry);
    let severity = severity.min(engine.policy().ceiling(regime.effect));
    let list_title = engine.snapshot().title(&entry.list);
    let mut finding = Finding {
        score: if owned.is_certain { Score::FULL } else { Score::clamped(i32::from(STAYS_IN_SIGHT)) },
        spans: vec![span(name, 0, name.len() as u32)],
        matched_name: owned.owners.first().map(|o| o.name.clone()).unwrap_or_default(),
        evidence: owned.owners.iter().map(|owner| evidence(engine, owner)).collect(),
        ..Finding::new(Reason::PartyOwnership, severity, place.to_string()).on_entry(entry, list_title)
    };
    finding.citations.insert(0, regime.citation.clone());
    let fact = OwnersFact { name: name.to_owned(), owned, state, note: note.to_owned() };
    Some(Found { place, finding, fact: Fact::Owners(fact) })
}

fn evidence(engine: &Engine, owner: &Owner) -> Evidence {
    let share = owner.share.map_or("an unknown share".to_owned(), explain::percent);
    let mut detail = format!("{} owns {share} ({})", owner.name, owner.source);
    if !owner.through.is_empty() {
        detail.push_str(&format!("; it is owned by {}", owner.through.join(", owned by ")));
    }
    if let Some(entry) = owner.entry {
        let entry = engine.snapshot().entry_at(entry);
        detail.push_str(&format!("; listed: {} [{}/{}]", entry.primary_name(), entry.list, entry.id));
    }
    Evidence::new(EvidenceKind::Owner, owner.share.map_or(0, i32::from), detail)
}
