//! The US Consolidated Screening List, CSV and JSON: thirteen lists of three departments in one file.

mod columns;
mod entry;
mod json;
mod table;

pub(crate) use columns::SHAPE;
pub(super) use json::read as read_json;
pub(super) use table::read as read_table;

#[cfg(test)]
mod tests;
