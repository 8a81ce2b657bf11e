//! What the index keeps of each listed name.

use super::anchors::MAX_ANCHORS;
use super::vocabulary::WordId;
use crate::name::words::RARE;
use model::ids::EntryId;
use model::{binary_choice, binary_fields};
use text::Reading;

/// How much a name says on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Two or more distinctive words, or a long series of words: unmistakable wherever it stands.
    Strong,
    /// One distinctive word: good for a party, too little for running text.
    SingleWord,
    /// Up to four letters, or an acronym.
    Short,
    /// Nothing but everyday words, trade words and places.
    Everyday,
    /// The publisher calls it weak.
    Weak,
}

binary_choice!(Strength { Strong, SingleWord, Short, Everyday, Weak });

/// One reading of one listed name.
#[derive(Clone, Copy, Debug)]
pub struct NameRecord {
    /// The entry that has the name.
    pub entry: EntryId,
    /// Which of its names.
    pub name: u16,
    /// How the letters were read.
    pub reading: Reading,
    /// How much it says on its own.
    pub strength: Strength,
    /// Whether the entry lists a person.
    pub is_person: bool,
    /// Range of the index's words.
    pub(super) words: (u32, u32),
    /// Letters and digits of the whole name; 0 for a name too long to be followed letter by letter.
    pub(super) letters: u16,
    /// Where in the index's letters the name starts, and how many bytes it has.
    pub(super) at: u32,
    pub(super) bytes: u16,
    /// Bytes of the name between the legal forms and titles at its ends.
    pub(super) core: (u16, u16),
    /// Where in the name the two heaviest anchors start.
    pub(super) anchor_at: [u16; 2],
    /// Weights of the anchors.
    pub(super) anchors: [u16; MAX_ANCHORS],
    /// The anchors, heaviest first, as words of the vocabulary; [`WordId::MAX`] where there are fewer.
    pub(super) anchor_words: [WordId; MAX_ANCHORS],
    /// The sum of the weights, at least 1.
    pub(super) anchor_weight: u32,
}

binary_fields!(NameRecord {
    entry,
    name,
    strength,
    is_person,
    words,
    letters,
    at,
    bytes,
    core,
    anchor_at,
    anchors,
    anchor_words,
    anchor_weight,
} choices { reading: Reading::ALL });

impl NameRecord {
    /// How many words the name has, legal forms included.
    pub fn word_count(&self) -> usize {
        (self.words.1 - self.words.0) as usize
    }

    /// Letters and digits of the whole name.
    pub(crate) fn letter_count(&self) -> usize {
        usize::from(self.letters)
    }

    /// Whether an anchor is a family name so rare that it is looked for with initials.
    pub(super) fn may_have_initials(&self, anchor: u8) -> bool {
        self.is_person && self.anchors[usize::from(anchor)] >= RARE && self.strength == Strength::Strong
    }
}
