//! The wire: generated protobuf types and the only code that turns them into the house's own types and back.
//!
//! The same types give the proto3 JSON form, so the service, the command line and batch files cannot drift apart.
//! What comes in is taken by value and its texts are moved, never copied; what does not fit the house's types is
//! named field by field. What goes out is only carried over: nothing here judges or words anything.
//!
//! The feature `service` adds clients and servers of the gRPC services and their codec. Without it the crate builds
//! without tonic, so that bindings can use the types alone.

#[cfg(feature = "service")]
pub mod codec;
mod entry;
mod screening;
mod shipment;
pub mod weight;

pub use entry::{
    delta_to_wire, effect_to_wire, entry_kind_from_wire, entry_kind_to_wire, entry_to_wire, list_age_to_wire,
    list_info_to_wire,
};
pub use screening::{
    evidence_to_wire, findings_to_wire, lists_to_wire, outcome_to_wire, reason_to_wire, screening_to_wire,
    severity_to_wire,
};
pub use shipment::{MAX_PROBLEMS, is_blank, role_from_wire, shipment_from_wire};

/// Types of package `tidewaiter.v1`, generated from `proto/`.
#[allow(
    missing_docs,
    unreachable_pub,
    rust_2018_idioms,
    clippy::all,
    clippy::unwrap_used,
    clippy::iter_over_hash_type,
    clippy::allow_attributes_without_reason,
    reason = "generated code; the protos carry the documentation"
)]
pub mod v1 {
    include!(concat!(env!("OUT_DIR"), "/tidewaiter.v1.rs"));
    include!(concat!(env!("OUT_DIR"), "/tidewaiter.v1.serde.rs"));

    /// The compiled descriptors, for reflection.
    pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/tidewaiter.v1.bin"));
}
