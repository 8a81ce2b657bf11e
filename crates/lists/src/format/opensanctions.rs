//! The data of OpenSanctions: entities as JSON lines, and `targets.simple.csv`.
//!
//! All entries are on the list `opensanctions`, whatever list they come from; the data sets are in the remarks. The
//! topics of an entity say what its listing means. The simple table has none; there an entry with a sanction blocks.

mod ftm;
mod schema;
mod simple;

pub(super) use ftm::read as read_ftm;
pub(crate) use simple::SHAPE as SIMPLE;
pub(super) use simple::read as read_simple;
