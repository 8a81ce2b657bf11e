//! What Tidewaiter speaks of: countries, listed entries, shipments, findings and the snapshot of all lists.
//!
//! The lowest room of the house: it uses nothing of the other rooms, has no clock and reads no file.

pub mod country;
pub mod entry;
pub mod finding;
pub mod shipment;
pub mod snapshot;

mod fingerprint;
mod score;
