//! The log: append-only segment files of checksummed records, and where every record is.

pub(crate) mod frame;
pub(crate) mod reader;
pub(crate) mod segment;
pub(crate) mod store;
