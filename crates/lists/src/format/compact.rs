//! Reads the US lists inside the program: tables that `lists/us/build.py` made, their headings and our wording.
//!
//! This is no publisher's format and no file of a user's is read as it. A fault is one of the program; a test reads
//! every table.

mod headings;
mod reader;
mod wording;

pub(crate) use headings::Headings;
pub(crate) use reader::{Piece, pieces, read};
pub(crate) use wording::Wording;
