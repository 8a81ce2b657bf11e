//! What an agreement of two names is worth: the chance that a stranger's name is as close as this.
//!
//! The score says how alike two names are. It does not say how many other parties are as alike: `ECS` is letter for
//! letter the name of a hundred companies, `Huafei Technology` is one letter from `Huawei Technology` and another
//! company. The [`Weight`] of an agreement says that, as the logarithm of the odds: what agrees counts by how rare it is,
//! what differs counts against it by how rarely one party's name is written so.

pub(crate) mod budgets;
pub(crate) mod charges;
mod costs;
mod counts;
mod features;
pub(crate) mod found;
pub(crate) mod likeness;
mod people;
pub(super) mod sounds;
pub(crate) mod words;

pub(super) use costs::WORTH;
pub use costs::{Weight, corroboration_weight, points};
pub(super) use counts::Counts;
pub use features::{Feature, Features};
pub(super) use people::People;

/// Reads the counts that words are weighed by.
pub(super) fn read_tables() {
    Counts::get();
    People::get();
}
