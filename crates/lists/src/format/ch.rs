//! Switzerland's sanctions list, XML with the root `swiss-sanctions-list`.

mod names;
mod reader;
mod target;

pub(super) use reader::read;
