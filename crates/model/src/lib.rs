//! The data of Tidewaiter: countries, listed entries, shipments, findings and the snapshot of all lists.
//!
//! The lowest crate of the workspace: it uses none of the others, has no clock and reads no file.

#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests may read files"))]

pub mod binary;
pub mod cell;
pub mod country;
pub mod entry;
pub mod finding;
pub mod ids;
pub mod shipment;
pub mod snapshot;

mod evidence_mode;
mod fingerprint;
mod score;

pub use evidence_mode::EvidenceMode;
pub use fingerprint::party_fingerprint;
