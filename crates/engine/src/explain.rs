//! The last stage of a screening, and the only one that writes sentences.
//!
//! Rules and names hand over facts ([`crate::fact`]). [`explain`] words them: a sentence for each finding and one for
//! the shipment. Lists that are too old are facts too, so outcome, findings and summary cannot disagree.

mod address;
mod clause;
mod names;
mod owners;
mod rules;
mod stage;
mod stale;
mod summary;
mod words;

#[cfg(test)]
mod tests;

pub use names::comparison;
pub use stage::{Facts, Words, explain, refused};
pub use words::percent;
