//! Where entries come from: a file, a folder, the program itself. Opens, unpacks, recognises and reads.

mod builtin;
mod open;
mod read;
mod recognise;
mod siblings;
mod unpack;

pub(crate) use builtin::{BUILTIN, CURATED, read_builtin, read_curated};
pub(crate) use open::LIMITS;
pub use read::{format_of, probe};
pub(crate) use read::{read_path, snapshot_of_path};

#[cfg(test)]
mod tests;
