//! The owners that the lists and the policy's ownership file name, compiled for look-up.

use crate::link::Parties;
use crate::matcher::{Field, Index, Scratch};
use crate::policy::Policy;
use crate::rule::Ownership;
use text::Reading;

/// A name of the ownership file is a listed party's from this score on, in thousandths.
const SAME_PARTY: u16 = 900;

/// The owners that the lists and the policy's ownership file name.
pub(super) fn compile(index: &Index, parties: &Parties, policy: &Policy) -> Ownership {
    let entries = index.snapshot().entries();
    let mut scratch = Scratch::default();
    Ownership::build(entries, policy.ownership(), |name, known| {
        let mut rows = known.to_vec();
        if rows.is_empty() {
            index.find(name, Field::Name, Reading::Plain, SAME_PARTY, &mut scratch);
            rows.extend(scratch.hits().iter().filter(|h| h.is_whole).map(|h| index.name(h.name).entry));
        }
        let linked: Vec<u32> = rows.iter().flat_map(|row| parties.listings(*row)).map(|(row, _)| *row).collect();
        rows.extend(linked);
        rows
    })
}
