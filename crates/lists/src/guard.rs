//! The guard that a new publication must pass: it must be the list it claims to be, whole, and like the one before.
//!
//! A publication that fails is quarantined with the reasons, and the one before stays in force until a person accepts
//! the new one. The guard knows no numbers of its own: what a list usually has is what it had last time, and the catalogue
//! says what the first one must have. [`of_files`] holds files that are read again to the same limits.

mod files;

pub use files::{Objection, of_files, of_remembered};

use crate::delta::{self, ListDelta};
use jiff::civil::Date;
use model::entry::{Entry, ListId};
use model::snapshot::{ListInfo, Snapshot};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// How much a list may change from one publication to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Percent of the entries that may be gone, 0..=100; one entry always may.
    pub shrink_percent: u32,
    /// Percent that it may grow by; a few new entries are always allowed.
    pub grow_percent: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { shrink_percent: 10, grow_percent: 50 }
    }
}

/// New entries that are allowed however small the list is.
const ALWAYS_ALLOWED: usize = 5;

/// A field that fewer entries have is not checked: too few to judge by.
const MIN_ENTRIES: usize = 20;

/// What a publication must be.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Lists that may be in it; empty for any.
    pub lists: Vec<ListId>,
    /// Entries of a whole publication, for the first one.
    pub entries: Option<RangeInclusive<u32>>,
}

/// What is wrong with a publication, in sentences; empty when nothing is.
pub fn objections(before: Option<&Snapshot>, after: &Snapshot, expected: &Expected, limits: Limits) -> Vec<String> {
    let mut found = Vec::new();
    let lists: BTreeSet<&ListId> = after.lists().iter().map(|l| &l.id).collect();
    for list in lists.iter().filter(|l| !expected.lists.is_empty() && !expected.lists.contains(l)) {
        found.push(format!("it holds the list {list}, which does not belong to this publication"));
    }
    let found_entries = after.entries().len();
    let Some(before) = before else {
        if let Some(range) = &expected.entries
            && !u32::try_from(found_entries).is_ok_and(|n| range.contains(&n))
        {
            found.push(format!("it has {found_entries} entries, expected {} to {}", range.start(), range.end()));
        }
        return found;
    };
    if let (Some(old), Some(new)) = (published(before.lists()), published(after.lists()))
        && new < old
    {
        found.push(format!("it was published {new}, before the one in force ({old})"));
    }
    for list in delta::compare(before.entries(), after.entries()) {
        found.extend(sizes(&list, limits));
    }
    found.extend(fields(before.entries(), after.entries()));
    found
}

fn published(lists: &[ListInfo]) -> Option<Date> {
    lists.iter().filter_map(|l| l.published).max()
}

fn sizes(list: &ListDelta, limits: Limits) -> Option<String> {
    let (before, gone, came) = (list.entries_before(), list.removed.len(), list.added.len());
    let id = &list.list;
    if before == 0 {
        return None;
    }
    if gone == before && came == 0 {
        return Some(format!("the list {id} is missing; it had {before} entries"));
    }
    let percent = |part: usize| part as u64 * 100 / before as u64;
    // One entry may be gone from any list, however small.
    if gone > 1 && gone as u64 * 100 > before as u64 * u64::from(limits.shrink_percent) {
        return Some(format!(
            "{gone} of the {before} entries of {id} are gone ({} %, allowed {} %), {came} are new",
            percent(gone),
            limits.shrink_percent
        ));
    }
    let after = before + came - gone;
    let growth = after.saturating_sub(before);
    if growth > ALWAYS_ALLOWED && growth as u64 * 100 > before as u64 * u64::from(limits.grow_percent) {
        return Some(format!(
            "{id} grows from {before} to {after} entries ({} % more, allowed {} %)",
            percent(growth),
            limits.grow_percent
        ));
    }
    None
}

type Has = fn(&Entry) -> bool;

/// Fields that a column lost or moved would take away.
const FIELDS: [(&str, Has); 9] = [
    ("other names", |e| e.names.len() > 1),
    ("identifiers", |e| !e.identifiers.is_empty()),
    ("addresses", |e| !e.addresses.is_empty()),
    ("countries", |e| e.all_countries().next().is_some()),
    ("programmes", |e| !e.programmes.is_empty()),
    ("citations", |e| !e.citations.is_empty()),
    ("births", |e| !e.births.is_empty()),
    ("licence requirements", |e| e.licence_requirement.is_some()),
    ("dates", |e| e.effective.is_some() || e.published.is_some()),
];

/// A field that many entries had and half of them lost.
fn fields(before: &[Entry], after: &[Entry]) -> Vec<String> {
    let mut found = Vec::new();
    for old in before.chunk_by(|a, b| a.list == b.list) {
        let list = &old[0].list;
        let start = after.partition_point(|e| e.list < *list);
        let new = &after[start..start + after[start..].partition_point(|e| e.list == *list)];
        if new.is_empty() {
            continue;
        }
        for (field, has) in FIELDS {
            let count = |entries: &[Entry]| entries.iter().filter(|e| has(e)).count();
            let (had, have) = (count(old), count(new));
            // Shares, so that a list that shrinks within its limit does not lose its fields by it.
            if had >= MIN_ENTRIES && 2 * have as u64 * (old.len() as u64) < had as u64 * new.len() as u64 {
                found.push(format!("{list}: {had} of {} entries had {field}, now {have} of {}", old.len(), new.len()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::entry::{Effect, EntryKind, Name, NameKind};

    fn entries(list: &str, ids: impl Iterator<Item = u32>, programmes: bool) -> Vec<Entry> {
        ids.map(|id| {
            let id = format!("{id:05}");
            let mut entry = Entry::new(ListId::new(list), id.clone(), EntryKind::Company, Effect::Blocking);
            entry.names.push(Name::new(format!("Name {id}"), NameKind::Primary));
            entry.programmes = programmes.then(|| "P".to_owned()).into_iter().collect();
            entry
        })
        .collect()
    }

    fn said(before: Vec<Entry>, after: Vec<Entry>) -> Vec<String> {
        let snapshot = |entries| Snapshot::from_entries(entries, Vec::new()).unwrap();
        let expected = Expected { lists: vec![ListId::new("a"), ListId::new("b")], entries: Some(10..=1000) };
        let before = (!before.is_empty()).then(|| snapshot(before));
        objections(before.as_ref(), &snapshot(after), &expected, Limits::default())
    }

    #[test]
    fn a_list_may_change_within_its_limits_only() {
        let old = || entries("a", 0..100, true);
        assert_eq!(said(old(), entries("a", 10..100, true)), [""; 0]);
        assert_eq!(
            said(old(), entries("a", 11..100, true)),
            ["11 of the 100 entries of a are gone (11 %, allowed 10 %), 0 are new"]
        );
        assert_eq!(said(old(), entries("a", 0..150, true)), [""; 0]);
        assert_eq!(
            said(old(), entries("a", 0..151, true)),
            ["a grows from 100 to 151 entries (51 % more, allowed 50 %)"]
        );
        // As many entries, but other ones.
        assert_eq!(said(old(), entries("a", 50..150, true)).len(), 1);
        assert_eq!(said(old(), entries("a", 0..100, false)), ["a: 100 of 100 entries had programmes, now 0 of 100"]);
        // Small lists change by an entry.
        assert_eq!(said(entries("a", 0..3, true), entries("a", 1..5, true)), [""; 0]);
    }

    #[test]
    fn a_publication_must_be_the_one_it_claims_to_be() {
        assert_eq!(said(vec![], entries("a", 0..9, true)), ["it has 9 entries, expected 10 to 1000"]);
        assert_eq!(said(vec![], entries("a", 0..10, true)), [""; 0]);
        let other = said(entries("a", 0..100, true), entries("c", 0..100, true));
        assert_eq!(
            other,
            [
                "it holds the list c, which does not belong to this publication",
                "the list a is missing; it had 100 entries"
            ]
        );
    }
}
