//! Tidewaiter screens shipments against official denied-party lists and says exactly why.

pub mod country;
pub mod entry;
pub mod explain;
pub mod finding;
pub mod list;
pub mod matcher;
pub mod name;
pub mod policy;
pub mod rule;
pub mod screen;
pub mod shipment;
pub mod text;
pub mod wire;
