//! Entries found by name.

use super::compare::names_given;
use super::engine::{Engine, Scratch};
use super::readings::other_readings;
use crate::name::budgets::LEAST_FOUND;
use model::entry::Entry;
use model::finding::Score;
use model::ids::{EntryId, NameId};
use std::collections::BTreeMap;
use text::Reading;

/// One entry found by name.
#[derive(Clone, Debug)]
pub struct SearchHit<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// How well it matches.
    pub score: Score,
    /// The spelling that matched.
    pub matched_name: &'a str,
}

impl Engine {
    /// Finds entries by name, best first; at most `limit`.
    pub fn search(&self, name: &str, limit: usize, scratch: &mut Scratch) -> Vec<SearchHit<'_>> {
        let mut best: BTreeMap<EntryId, (u16, NameId)> = BTreeMap::new();
        let mut search = |name: &str, reading: Reading, scratch: &mut Scratch| {
            self.index().nearest(name, reading, LEAST_FOUND, &mut scratch.matcher);
            for hit in scratch.matcher.hits() {
                let entry = self.index().name(hit.name).entry;
                let known = best.entry(entry).or_insert((hit.score, hit.name));
                *known = (*known).max((hit.score, hit.name));
            }
        };
        for name in names_given(name) {
            search(name, Reading::Plain, scratch);
            for reading in other_readings(name, scratch.matcher.folded()) {
                search(name, reading, scratch);
            }
        }
        let mut found: Vec<_> = best.into_iter().collect();
        found.sort_by_key(|&(entry, (score, _))| (std::cmp::Reverse(score), entry));
        found.truncate(limit);
        found
            .into_iter()
            .map(|(_, (score, name))| {
                let record = self.index().name(name);
                SearchHit {
                    entry: self.index().entry_of(record),
                    score: Score::clamped(i32::from(score)),
                    matched_name: &self.index().spelling(record).text,
                }
            })
            .collect()
    }
}
