//! Our own format, TOML: entries that a person wrote from a published source, each with a citation or an address where it
//! can be read, and the day it was read.
//!
//! `[list]` names the list that entries without `list` are on and the default day of reading; `[[lists]]` names further
//! lists; `[[entry]]` is an entry. Unknown keys are errors. See `lists/` for examples.

mod keys;
mod reader;

pub(crate) use reader::{read, read_text};
