//! What is reported: findings, the outcome, and what they rest on.
//!
//! The fields mirror `proto/tidewaiter/v1/screening.proto`. Everything is an integer or text in a defined
//! order, so that a screening can be replayed and compared byte for byte.

mod evidence;
mod reason;
mod report;
mod screening;

pub use crate::score::Score;
pub use evidence::{Evidence, EvidenceKind};
pub use reason::{Reason, Severity};
pub use report::{EntryReference, Finding, Listing, Span, Suppression};
pub use screening::{ListUsed, ListsInForce, Oldest, Outcome, Screening, SkippedRule, StaleList, UsedPublication};
