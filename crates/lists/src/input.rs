//! The content of a file as readers see it: bounded streams, tables, XML and JSON, every fault with its line.

mod bounds;
mod json;
mod table;
mod xml;

pub(crate) use bounds::{Bounded, Counting, Growth, Held, UnpackLimits, from_io};
pub(crate) use json::{LineCounter, each_object, json_error, scalar};
pub(crate) use table::{Shape, Table, TableRow, Unix, check_text, next_record};
pub(crate) use xml::{Event, LINE_END, Xml};
