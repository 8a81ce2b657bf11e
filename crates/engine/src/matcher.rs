//! Matcher: from a snapshot to the compiled [`Index`], and from folded text to the listed names in it.
//!
//! Two stages find names. The exact stage passes the squeezed text through an Aho-Corasick automaton: other case,
//! punctuation, line breaks, stray blanks and glued words are all one pass. The near stage looks each word up in a
//! deletion index over the words of the lists and follows the rarest words of each name; a name field also leads to the
//! names that share most of its runs of letters, and to those that have its initials. What passes is decided by
//! [`crate::name::compare()`]. Identifiers have an index of their own. Nothing here knows what a finding is.

mod acronyms;
mod anchors;
mod bound;
mod candidates;
mod collect;
mod compile;
mod deletions;
mod edges;
mod exact;
mod find;
mod hit;
mod identifiers;
mod index;
mod kept;
mod letter_pairs;
mod letter_runs;
mod listed_words;
mod memo;
mod name_record;
mod nearest;
mod readings;
mod recent;
mod score;
mod scratch;
mod signatures;
mod sounds;
mod stop;
mod typos;
mod vocabulary;
mod word_table;

pub use compile::CompileError;
pub use hit::{Field, Hit, How};
pub use identifiers::{IdentifierHit, is_specific as is_specific_identifier, key as identifier_key};
pub use index::Index;
pub(crate) use kept::part;
pub use kept::{ReadPart, WritePart};
pub use listed_words::ListedName;
pub use name_record::{NameRecord, Strength};
pub(crate) use readings::alternatives;
pub use recent::Asked;
pub(crate) use score::reading_cost;
pub use scratch::Scratch;
pub use stop::{Stop, StopCheck};
