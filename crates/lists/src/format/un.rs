//! The UN Security Council's consolidated list.

mod details;
mod names;
mod reader;

pub(super) use reader::read;
