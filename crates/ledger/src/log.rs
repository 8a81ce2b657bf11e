//! The log: append-only segment files of checksummed records, written by one thread.

pub(crate) mod frame;
pub(crate) mod reader;
pub(crate) mod segment;
pub(crate) mod store;
pub(crate) mod writer;
