//! The owners that the lists and the policy's ownership file name, compiled for look-up.

use crate::link::Parties;
use crate::matcher::{Field, Index, Scratch};
use crate::name::budgets::SAME_PARTY;
use crate::policy::Policy;
use crate::rule::Ownership;
use model::ids::EntryId;
use text::Reading;

/// The owners that the lists and the policy's ownership file name.
pub(super) fn compile(index: &Index, parties: &Parties, policy: &Policy) -> Ownership {
    let entries = index.snapshot().entries();
    let mut scratch = Scratch::default();
    Ownership::build(entries, policy.ownership(), |name, known| {
        let mut ids: Vec<EntryId> = known.to_vec();
        if ids.is_empty() {
            index.find(name, Field::Name, Reading::Plain, SAME_PARTY, &mut scratch);
            ids.extend(scratch.hits().iter().filter(|h| h.is_whole).map(|h| index.name(h.name).entry));
        }
        let linked: Vec<EntryId> = ids.iter().flat_map(|id| parties.listings(*id)).map(|(id, _)| *id).collect();
        ids.extend(linked);
        ids
    })
}
