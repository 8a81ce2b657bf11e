//! Where entries come from: a file, a folder, the binary itself. Opens, unpacks, recognises and reads.

mod builtin;
mod open;
mod read;
mod recognise;
mod siblings;
mod unpack;

pub(crate) use open::LIMITS;
pub use read::{format_of, probe};
pub(crate) use read::{read_builtin, read_path, snapshot_of_path};

#[cfg(test)]
mod tests;
