//! CSV columns: what a header means, and a row turned into a shipment as it would come over the wire.
//!
//! A cell is taken as written, because findings point into it; only codes and countries are trimmed. Rows that
//! share a reference are screened one by one and never merged. `docs/input.md` is the text for users.

mod field;
mod header;
mod row;

pub use field::{DateField, Field, GoodsField, PartyField, PlaceField, VesselField};
pub(crate) use header::delimiter;
pub use header::{Header, HeaderError, Mapping};
pub use row::role_number;

use super::Cause;

#[cfg(test)]
mod tests;
