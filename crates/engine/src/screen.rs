//! The pure function that ties the engine together: compiled lists, policy and shipment in, a screening out.
//!
//! No clock, no I/O, no async; the same input gives the same bytes. [`Engine`] is immutable and shared; each
//! thread brings its own [`Scratch`].

mod addresses;
mod answer;
mod compare;
mod corroborate;
mod engine;
mod graph;
mod ideographs;
mod judge;
mod limits;
mod listings;
mod meaning;
mod owners;
mod ran;
mod readings;
mod search;
mod spans;
mod stale;
#[cfg(test)]
mod tests;

pub use crate::matcher::{Asked, Stop};
pub use crate::place::Place;
pub use answer::{Ages, Now, Stopped};
pub use compare::NameComparison;
pub use engine::{BuildError, ENGINE, Engine, Scratch, Use, read_tables};
pub use limits::Limits;
pub use search::SearchHit;
