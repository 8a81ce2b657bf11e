//! Parquet in and out (feature `parquet`; without it `left_out.rs` stands here).
//!
//! Rows are read as records by their columns, as those of a CSV file are (`records::arrow`). Answers are a table with the
//! columns of the input and those of `records::arrow::Answers`; what they were made with stands in the file's metadata. The
//! file is written in parts, so that a run that was cut short goes on after the last whole one, and put together at the end
//! without encoding anything again.

mod layout;
mod read;
mod target;

pub use layout::{Kept, Layout};
pub use read::{Fault, Reader, Rows};
pub use target::Target;

/// What a Parquet file begins with.
pub(super) const MARK: &[u8] = b"PAR1";
