//! Tidewaiter screens shipments against official denied-party lists and says exactly why.

pub mod batch;
pub mod cli;
pub mod config;
pub mod country;
pub mod current;
pub mod effectiveness;
pub mod entry;
pub mod explain;
pub mod finding;
pub mod grpc;
pub mod list;
pub mod matcher;
pub mod name;
pub mod policy;
pub mod rule;
pub mod screen;
pub mod shipment;
pub mod shutdown;
pub mod telemetry;
pub mod text;
pub mod wire;
