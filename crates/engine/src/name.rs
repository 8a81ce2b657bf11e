//! Names: what the words of a name are worth, and how alike two names are.
//!
//! [`parse()`] gives each word of a folded name a [`Class`] and a weight; [`compare()`] aligns two such names and
//! answers with one [`Score`](::model::finding::Score) and, on request, all evidence for and against.
//! Both the screening of parties and the reading of running text end in this one comparison.

mod align;
mod alignment;
mod compare;
mod features;
mod initials;
mod keys;
mod korean;
mod letters;
mod model;
mod national;
mod parse;
mod several;
mod similar;
mod skeleton;
mod sounds;
mod syllables;
mod tables;
mod word;

pub(crate) use self::model::budgets::{LEAST_LETTERS, edits_in_name, edits_in_word};
pub use self::model::{Feature, Features, Weight, corroboration_weight, points};
pub(crate) use self::model::{budgets, charges, found, likeness, words};
pub(crate) use align::may_align_otherwise;
pub use compare::{Compared, Margins, compare};
pub use features::Bearer;
pub use initials::{acronym, acronym_key, each_initials};
pub use keys::{Keys, each_national_key, is_given_name, keys, word_groups};
pub(crate) use letters::{letter_bit, letter_set};
pub use parse::parse;
pub use several::several;
pub use sounds::Sounds;
pub use tables::{FormClass, Tables};
pub(crate) use word::{AsView, InName, InSignature, NotInSignature, Traits};
pub use word::{Class, Rarity, Uniform, View, Word};

/// Reads the tables that names are read and weighed by.
pub(crate) fn read_tables() {
    Tables::get();
    model::read_tables();
}
