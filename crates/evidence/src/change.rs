//! Asks the past against what changed in the lists: an engine over the entries that came or changed alone.

use engine::policy::Policy;
use engine::rule::Rules;
use engine::screen::{Engine, Limits, Scratch};
use ledger::index::Card;
use ledger::keep::{keep_snapshot, kept_snapshot};
use ledger::rescreen::{Change, Rescreening};
use ledger::{Error, Ledger, Result};
use lists::Delta;
use model::entry::Entry;
use model::snapshot::Snapshot;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::{findings_to_wire, shipment_from_wire};

/// The lists up to which the past of a ledger has been asked: those of the last rescreening, or else of the last screening.
///
/// # Errors
/// When there is none, or its lists are not kept.
pub fn before_of(ledger: &Ledger) -> Result<Snapshot> {
    let none = || Error::Refused("the ledger has no screening whose lists could be compared".to_owned());
    kept_snapshot(ledger.layout(), &ledger.asked_up_to()?.ok_or_else(none)?)
}

/// Asks every party, vessel and goods text of the ledger against the entries that came or changed between two states
/// of the lists. `goes_on` hears how many are done, of how many, and says whether anybody still waits.
///
/// # Errors
/// When the entries cannot be compiled, the ledger not read or written, or nobody waits any more.
pub fn rescreen(
    ledger: &Ledger,
    (before, after): (&Snapshot, &Snapshot),
    policy: Arc<Policy>,
    (day, by): (String, String),
    goes_on: impl FnMut(u64, u64) -> bool,
) -> Result<Rescreening> {
    let delta = Delta::between(before, after, None);
    let entries = changed(&delta, after);
    let removed = delta.lists.iter().flat_map(|l| &l.removed).map(|e| (e.list.to_string(), e.id.clone())).collect();
    let change = Change {
        from: delta.from.clone(),
        to: delta.to,
        lists: keep_snapshot(ledger.layout(), after)?,
        day,
        entries: entries.len() as u64,
        removed,
        by,
    };
    let few = Snapshot::from_entries(entries, after.lists().to_vec()).map_err(|e| Error::Refused(e.to_string()))?;
    // What the rules say rests on no entry, so no change of the lists changes it.
    let policy = Arc::new(Policy::clone(&policy).without(&Rules::REASONS));
    let engine = Engine::build_with(Arc::new(few), policy, Limits::default(), Rules::builtin());
    let engine = engine.map_err(|e| Error::Refused(format!("the changed entries cannot be compiled: {e}")))?;
    let screen = |cards: &[Card]| {
        let findings = |scratch: &mut Scratch, card: &Card| {
            findings_to_wire(engine.screen(&shipment_from_wire(card.shipment.clone()), scratch).findings)
        };
        Ok(cards.par_iter().map_init(Scratch::default, findings).collect())
    };
    ledger.rescreen(change, screen, goes_on)
}

/// The entries that came or changed, as they are now.
fn changed(delta: &Delta, after: &Snapshot) -> Vec<Entry> {
    let mut entries = Vec::new();
    for list in &delta.lists {
        entries.extend(list.added.iter().cloned());
        let ids: BTreeSet<&str> = list.changed.iter().map(|change| change.id.as_str()).collect();
        entries.extend(after.entries_of(&list.list).iter().filter(|e| ids.contains(e.id.as_str())).cloned());
    }
    entries
}
