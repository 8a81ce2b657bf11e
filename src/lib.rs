//! Tidewaiter screens shipments against official denied-party lists and says exactly why.

pub mod batch;
pub mod country;
pub mod entry;
pub mod finding;
pub mod list;
pub mod policy;
pub mod screen;
pub mod shipment;
pub mod wire;
