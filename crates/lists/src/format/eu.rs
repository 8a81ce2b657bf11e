//! The EU's financial sanctions files, version 1.1: XML with the root `export`, and CSV with semicolons.
//!
//! Entry ids are the publisher's `logicalId`; the EU reference number is a citation, beside the regulation. Names are in
//! one field, in up to 20 languages and scripts. Both forms give the same entries as far as the CSV goes: it repeats a
//! party for every name, address, birth date and number.

mod fields;
mod table;
mod xml;

pub(crate) use table::SHAPE;
pub(super) use table::read as read_table;
pub(super) use xml::read as read_xml;
