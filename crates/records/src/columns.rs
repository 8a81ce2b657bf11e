//! CSV columns: what a header means, and a row turned into a shipment as it would come over the wire.
//!
//! A header is understood by rule from the words of `lists/columns.toml`, not from a list of headers. A cell is taken as
//! written, because findings point into it; only codes and countries are trimmed. Rows that share a reference are
//! screened one by one and never merged. `docs/input.md` is the text for users.

mod cells;
mod encoding;
mod explain;
mod field;
mod header;
mod mapping;
mod recognise;
mod row;
mod shape;
mod words;

pub use encoding::likely_encoding;
pub use field::{DateField, Field, GoodsField, PartyField, PlaceField, Use, VesselField};
pub use header::{Header, HeaderError, Unread};
pub use header::{delimiter, known_columns};
pub use mapping::{Mapping, MappingError};
pub use recognise::{Meaning, meaning};
pub use row::role_number;
#[cfg(feature = "arrow")]
pub(crate) use shape::asks;
pub use shape::{Shape, strongest};

#[cfg(test)]
mod tests;
