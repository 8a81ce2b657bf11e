//! Attacks, each with the bound that it has to keep: docs/reliability.md has what was measured.

mod evasion;
mod fairness;
mod hostile;
mod large_lists;
mod linear;
mod output;
mod pauses;
mod soak;
