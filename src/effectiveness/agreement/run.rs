//! Compares, screens and searches each pair.

use super::super::kind::Field;
use super::super::run::{is_name_of, shipment};
use super::draw::Pair;
use engine::screen::{Engine, Scratch};
use model::entry::Entry;
use model::ids::EntryId;
use rayon::prelude::*;

/// Entries that a search is asked for.
const SEARCHED: usize = 100;

/// What an answer says of the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It is reported, or another entry of its party, at whatever severity.
    Reported,
    /// It is not, and the answer says that a limit was reached.
    Limited,
    /// Nothing.
    Silent,
}

/// What became of one pair.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) pair: Pair,
    /// How alike the comparison calls the two names, 0..=1000.
    pub(super) compared: u16,
    /// What a screening and a search say, where the comparison reaches the threshold.
    pub(super) told: Option<(Told, Told)>,
}

/// Asks comparison, screening and search about each pair, on all cores; in the order given.
pub(super) fn pairs(engine: &Engine, pairs: Vec<Pair>) -> Vec<Outcome> {
    let threshold = engine.policy().thresholds().party_review;
    pairs
        .into_par_iter()
        .map_init(Scratch::default, |scratch, pair| {
            let id = EntryId::from_index(pair.entry as usize);
            let entry = engine.snapshot().entry_at(id);
            let listed = &entry.names[usize::from(pair.name)].text;
            let compared = engine.compare(&pair.written, listed, entry.kind).score.get();
            let told = (compared >= threshold).then(|| {
                (screened(engine, (id, entry), &pair.written, scratch), searched(engine, entry, &pair.written, scratch))
            });
            Outcome { pair, compared, told }
        })
        .collect()
}

/// One party is reported once: another entry that lists the same party tells of it too.
fn screened(engine: &Engine, (id, entry): (EntryId, &Entry), written: &str, scratch: &mut Scratch) -> Told {
    let screening = engine.screen(&shipment(Field::Party, entry.kind, written), scratch);
    let others = engine.parties().listings(id).iter().map(|(other, _)| engine.snapshot().entry_at(*other));
    let of_party: Vec<&Entry> = others.chain([entry]).collect();
    if screening.findings.iter().any(|finding| of_party.iter().any(|entry| is_name_of(finding, entry))) {
        Told::Reported
    } else if screening.limits_reached.is_empty() {
        Told::Silent
    } else {
        Told::Limited
    }
}

fn searched(engine: &Engine, entry: &Entry, written: &str, scratch: &mut Scratch) -> Told {
    let found = engine.search(written, SEARCHED, scratch);
    if found.iter().any(|hit| hit.entry.list == entry.list && hit.entry.id == entry.id) {
        Told::Reported
    } else if found.len() == SEARCHED {
        Told::Limited
    } else {
        Told::Silent
    }
}
