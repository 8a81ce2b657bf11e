//! The data directory: what publishers published, kept as fetched, with what is known about it.
//!
//! ```text
//! DIR/lock                            held shared by readers, alone by writers
//! DIR/raw/<digest>/<file>             the files of a publication as fetched; never changed once there
//! DIR/publications/<id>.json          its history, which one is in force, and how the last attempts went
//! DIR/files.json                      what list files given by hand held when a service last loaded them
//! DIR/partial/<id>/                   downloads under way, resumed by the next attempt
//! ```
//! Every step leaves the old state or the new: files are written beside their place, flushed and renamed, and a
//! publication comes into force by the one rename of its history. Several processes may share a directory. Everything
//! here blocks.

mod change;
mod digest;
mod directory;
mod disk;
mod error;
mod files;
mod record;

pub use change::Fetched;
pub(crate) use digest::sha256_of;
pub use directory::{Store, Stored};
pub use error::StoreError;
pub use record::{
    Attempt, Fate, Held, HeldFile, HeldList, Note, Outcome, Record, Retention, State, Validator, Validators,
};

#[cfg(test)]
mod tests;
