//! The two lists of the United Kingdom: OFSI's consolidated list in the format of 2022, and the UK Sanctions List of the
//! FCDO. Both are CSV with a first line that gives the day and a header on the second; the latter is XML as well.

mod columns;
mod fields;
mod free_text;
mod table;
mod xml;

pub(crate) use columns::{FCDO, OFSI};
pub(super) use table::{read_fcdo, read_ofsi};
pub(super) use xml::read as read_xml;
