//! Signatures of words: what is known of a word without comparing letters, and what two words can be by it.

use crate::name::{
    InSignature, Keys, NotInSignature, Sounds, Traits, edits_in_word, keys, letter_bit, letter_set, word_groups,
};
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// By how many more or fewer letters words that are joined may differ from the word that they make.
pub(super) const JOINED_APART: u32 = 2;

/// What is known of a word without its letters in order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signature {
    /// Of the letters; equal words have equal ones.
    hash: u32,
    /// A bit for each letter, letters that writers confuse sharing one.
    pub(super) letters: u32,
    /// A bit for each pair of neighbouring letters, several pairs sharing one.
    pairs: u64,
    pub(super) sounds: Sounds,
    /// Keys of a line of Chinese syllables and of one Korean syllable; 0 where the word is none.
    syllables: u32,
    korean: u32,
    /// A bit for each group of words that stand for one another, several groups sharing one.
    groups: u32,
    /// In characters.
    pub(super) length: u8,
    /// First byte.
    pub(super) first: u8,
}

model::binary_fields!(Signature { hash, letters, pairs, sounds, syllables, korean, groups, length, first });

impl Signature {
    /// Of a folded word.
    pub(super) fn of(word: &str) -> Self {
        let mut hasher = FxHasher::default();
        hasher.write(word.as_bytes());
        let hash = (hasher.finish() >> 32) as u32 ^ hasher.finish() as u32;
        Self::new(word, hash, letter_set(word), Sounds::of(word), word.chars().count().min(255) as u8)
    }

    /// Of a word whose traits are known.
    pub(super) fn of_listed(word: &str, traits: &Traits) -> Self {
        let InSignature { hash, letters, sounds, length } = traits.in_signature();
        Self::new(word, hash, letters, sounds, length)
    }

    fn new(word: &str, hash: u32, letters: u32, sounds: Sounds, length: u8) -> Self {
        let Keys { syllables, korean, .. } = keys(word);
        Self {
            hash,
            letters,
            pairs: pairs(word),
            sounds,
            syllables,
            korean,
            groups: word_groups(word).iter().fold(0, |mask, group| mask | 1 << (group % 32)),
            length,
            first: word.as_bytes().first().copied().unwrap_or_default(),
        }
    }

    /// The traits of the word again, with those that a signature does not have.
    pub(super) fn traits(&self, rest: NotInSignature) -> Traits {
        let Self { hash, letters, sounds, length, .. } = *self;
        Traits::of_parts(InSignature { hash, letters, sounds, length }, rest)
    }

    /// Whether the two can be one word as the comparison sees it.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        let least = self.length.min(other.length);
        if least == 1 {
            return self.first == other.first;
        }
        self.hash == other.hash
            || self.groups & other.groups != 0
            || self.sounds.may_be(&other.sounds)
            || (self.syllables != 0 && self.syllables == other.syllables)
            || (self.korean != 0 && self.korean == other.korean)
            // In three or four letters another first letter is another name.
            || ((least > 4 || self.first == other.first) && self.is_within(other, edits_in_word(least)))
    }

    /// Whether that many edits could turn one into the other.
    fn is_within(&self, other: &Self, edits: u8) -> bool {
        edits > 0
            && self.length.abs_diff(other.length) <= edits
            && (self.letters ^ other.letters).count_ones() <= 2 * u32::from(edits)
            // Two letters exchanged change three pairs for three others; no edit changes more.
            && (self.pairs ^ other.pairs).count_ones() <= 6 * u32::from(edits)
    }

    /// Whether the word may be a short form of a longer one: some of its letters, the first among them.
    pub(super) fn may_shorten(&self, long: &Self) -> bool {
        self.length >= 3
            && long.length >= self.length + 2
            && self.first == long.first
            && self.letters & !long.letters == 0
    }

    /// Whether more letters may differ than a typo explains, when all else agrees: another letter anywhere in a short
    /// word, more letters in a long one, or a word that the other begins with.
    pub(super) fn may_be_distant(&self, other: &Self) -> bool {
        if self.length.max(other.length) <= 4 {
            return self.is_within(other, 1);
        }
        let (short, long) = if self.length < other.length { (self, other) } else { (other, self) };
        self.first == other.first && (self.is_within(other, 3) || short.letters & !long.letters == 0)
    }

    /// Whether this word may be several others written as one, of these letters. `sounds` are those of the words, one after the
    /// other, without what two of them make together where they meet.
    pub(super) fn may_hold(&self, letters: u32, length: u32, sounds: impl Fn() -> Sounds) -> bool {
        u32::from(self.length).abs_diff(length) <= JOINED_APART
            && ((self.letters ^ letters).count_ones() <= 4 || self.sounds.may_be(&sounds()))
    }
}

/// A bit for each pair of neighbouring letters.
fn pairs(word: &str) -> u64 {
    let letters = word.chars().map(letter_bit);
    letters.clone().zip(letters.skip(1)).fold(0, |mask, (a, b)| mask | 1 << ((a * 27 + b) % 64))
}
