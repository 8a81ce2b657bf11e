//! Records as people have them, turned into shipments as they would come over the wire: rows of tables, JSON, and
//! documents of other standards.
//!
//! The command line and the bindings for other languages read with the same code, so that the same record is the same
//! shipment wherever it is screened. Nothing here reads files or screens; what cannot be read is said field by field, or
//! is a [`Cause`].

pub mod adapter;
#[cfg(feature = "arrow")]
pub mod arrow;
mod cause;
pub mod columns;
pub mod json;

pub use cause::{Cause, MAX_RECORD};
