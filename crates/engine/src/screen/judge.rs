//! From hits to findings: what a hit means in its place, how severe it is, and what is left out as said already.

mod brands;
mod cells;
mod covered;
mod fields;
mod finish;
mod names;
mod numbers;
mod problems;
mod state;

pub(super) use state::Judge;
