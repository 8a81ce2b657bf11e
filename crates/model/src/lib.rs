//! The data of Tidewaiter: countries, listed entries, shipments, findings and the snapshot of all lists.
//!
//! The lowest crate of the workspace: it uses none of the others, has no clock and reads no file.

pub mod country;
pub mod entry;
pub mod finding;
pub mod ids;
pub mod shipment;
pub mod snapshot;

mod fingerprint;
