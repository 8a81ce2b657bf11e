//! The screening engine: compiled lists, policy and shipment in, screening out.
//!
//! Everything here is a pure function of its input: no clock, no files, no async, nothing in the order of a hash map.

#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests may read files"))]

pub mod explain;
pub mod fact;
pub mod link;
pub mod matcher;
pub mod name;
pub mod place;
pub mod policy;
pub mod record;
pub mod rule;
pub mod screen;
