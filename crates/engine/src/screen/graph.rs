//! The owners that the lists and the policy's ownership file name, compiled for look-up.

use crate::link::Parties;
use crate::matcher::{Field, Index, Scratch};
use crate::name::budgets::SAME_PARTY;
use crate::policy::{OwnershipFile, Policy};
use crate::rule::Ownership;
use model::ids::EntryId;
use std::collections::BTreeMap;
use text::Reading;

/// The entries that are found by the names of owners, as far as somebody asked: to find them is most of the work.
pub(super) type FoundOwners = BTreeMap<Box<str>, Vec<EntryId>>;

/// The owners that the lists and the policy's ownership file name. What is not `found` yet is searched, and found then.
pub(super) fn compile(index: &Index, parties: &Parties, policy: &Policy, found: &mut FoundOwners) -> Ownership {
    let mut scratch = Scratch::default();
    Ownership::build(index.snapshot().entries(), policy.ownership(), |name, known| {
        let mut ids: Vec<EntryId> = known.to_vec();
        if ids.is_empty() {
            let search = || search(index, name, &mut scratch);
            match found.get(name) {
                Some(its) => ids.extend(its),
                None => ids.extend(found.entry(name.into()).or_insert_with(search).iter()),
            }
        }
        let linked: Vec<EntryId> = ids.iter().flat_map(|id| parties.listings(*id)).map(|(id, _)| *id).collect();
        ids.extend(linked);
        ids
    })
}

fn search(index: &Index, name: &str, scratch: &mut Scratch) -> Vec<EntryId> {
    index.find(name, Field::Name, Reading::Plain, SAME_PARTY, scratch);
    scratch.hits().iter().filter(|h| h.is_whole).map(|h| index.name(h.name).entry).collect()
}

/// Of what is found that which the lists alone ask for: an ownership file is somebody's own.
pub(super) fn of_lists(index: &Index, parties: &Parties, found: &FoundOwners) -> FoundOwners {
    let mut asked = FoundOwners::new();
    let entries = index.snapshot().entries();
    let mut scratch = Scratch::default();
    Ownership::build(entries, &OwnershipFile::default(), |name, known| {
        if known.is_empty() {
            let its = found.get(name).cloned().unwrap_or_else(|| search(index, name, &mut scratch));
            asked.insert(name.into(), its);
        }
        known.iter().flat_map(|id| parties.listings(*id)).map(|(id, _)| *id).collect()
    });
    asked
}
