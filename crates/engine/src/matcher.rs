//! Matcher: from a snapshot to the compiled [`Index`], and from folded text to the listed names in it.
//!
//! Two stages find names. The exact stage looks names up in the squeezed text where words start and end: other case,
//! punctuation, line breaks, stray blanks and glued words are all one pass. The near stage looks each word up in a
//! deletion index over the words of the lists and follows the rarest words of each name; what passes is decided by
//! [`crate::name::compare()`]. Identifiers have an index of their own. Nothing here knows what a finding is.

mod acronyms;
mod anchors;
mod candidates;
mod compile;
mod deletions;
mod exact;
mod find;
mod halt;
mod identifiers;
mod memo;
mod nearest;
mod recent;
mod score;
mod signs;
mod slips;
mod sounds;
mod vocabulary;

pub(crate) use compile::alternatives;
pub use compile::{CompileError, Index, NameRecord, Strength};
pub use find::{Field, Hit, How, Scratch};
pub use halt::{Halt, Stop};
pub use identifiers::{IdentifierHit, key as identifier_key};
pub use recent::Asked;
