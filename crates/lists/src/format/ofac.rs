//! OFAC's lists in four forms: classic, enhanced and advanced XML, and the three legacy tables.
//!
//! Every form is read into an [`record::OfacEntry`], and `entry` makes entries of these, so that all forms give the
//! same entries.

mod advanced;
mod classic;
mod enhanced;
mod entry;
mod legacy;
mod lists;
mod record;

pub(super) use advanced::read as read_advanced;
pub(super) use classic::read as read_classic;
pub(super) use enhanced::read as read_enhanced;
pub(crate) use legacy::{Legacy, LegacyTable};

#[cfg(test)]
mod tests;
