//! An alignment of two names: which words of one stand for which words of the other.

use super::similar::Likeness;
use super::word::{Class, Traits, View, Word};

/// Words of one name that are aligned; further ones count as unmatched.
pub(super) const MAX_WORDS: usize = 24;

/// Words `left.0..left.1` of one side stand for `right.0..right.1` of the other, with how alike they are (1..=1000).
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) left: (u8, u8),
    pub(super) right: (u8, u8),
    pub(super) alike: u16,
    pub(super) how: Likeness,
}

impl Pair {
    /// Whether words were split or joined.
    pub(super) fn is_respaced(&self) -> bool {
        self.left.1 - self.left.0 > 1 || self.right.1 - self.right.0 > 1
    }
}

/// The words of one side that take part: everything but legal forms.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    words: [&'a Word; MAX_WORDS],
    taken: [bool; MAX_WORDS],
    len: usize,
}

/// Fills the places of a side that has fewer words.
static BLANK: Word = Word { start: 0, end: 0, class: Class::Particle, weight: 0, traits: Traits::NONE };

impl<'a> Side<'a> {
    /// The words of a name that take part; all of them free.
    pub(super) fn of(view: &View<'a>) -> Self {
        let mut side = Self { words: [&BLANK; MAX_WORDS], taken: [false; MAX_WORDS], len: 0 };
        for word in view.words.iter().filter(|w| !matches!(w.class, Class::LegalForm(_))).take(MAX_WORDS) {
            side.words[side.len] = word;
            side.len += 1;
        }
        side
    }

    /// The words, in the order of the name.
    pub(super) fn words(&self) -> &[&'a Word] {
        &self.words[..self.len]
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// One word.
    pub(super) fn word(&self, at: usize) -> &'a Word {
        self.words[at]
    }

    /// The places of the words without a counterpart.
    pub(super) fn free(&self) -> impl Iterator<Item = usize> + Clone {
        self.taken[..self.len].iter().enumerate().filter(|(_, taken)| !**taken).map(|(at, _)| at)
    }

    /// The words without a counterpart.
    pub(super) fn left_over(&self) -> impl Iterator<Item = &'a Word> {
        self.words().iter().zip(&self.taken).filter(|(_, taken)| !**taken).map(|(word, _)| *word)
    }

    /// Whether a word has its counterpart.
    pub(super) fn is_taken(&self, at: usize) -> bool {
        self.taken[at]
    }

    /// Marks words as having their counterpart.
    pub(super) fn take(&mut self, range: (u8, u8)) {
        self.taken[usize::from(range.0)..usize::from(range.1)].fill(true);
    }

    /// Whether all these words exist and none has its counterpart.
    pub(super) fn is_free(&self, range: (usize, usize)) -> bool {
        range.1 <= self.len && !self.taken[range.0..range.1].contains(&true)
    }

    /// The bytes from the start of the first of these words to the end of the last; `None` when there are fewer.
    pub(super) fn bytes(&self, range: (usize, usize)) -> Option<u32> {
        (range.1 <= self.len).then(|| self.words[range.1 - 1].end - self.words[range.0].start)
    }

    /// The consonants of several words, as [`Traits`] has them.
    pub(super) fn consonants(&self, range: (usize, usize)) -> u32 {
        self.words[range.0..range.1].iter().fold(0, |all, word| all | word.traits.consonants)
    }

    /// The letters of adjacent words, or `None` when a legal form stands between them.
    pub(super) fn letters<'t>(&self, text: &'t str, range: (usize, usize)) -> Option<&'t str> {
        let words = &self.words[range.0..range.1];
        words
            .windows(2)
            .all(|w| w[0].end == w[1].start)
            .then(|| &text[words[0].start as usize..words[words.len() - 1].end as usize])
    }
}

/// The pairs found, in no particular order.
pub(super) struct Alignment<'a> {
    pub(super) left: Side<'a>,
    pub(super) right: Side<'a>,
    pairs: [Option<Pair>; MAX_WORDS],
    len: usize,
    /// One name is nothing but the initials of the other.
    pub(super) is_whole_acronym: bool,
    /// The left name is the initials of the right one, rather than the other way about.
    pub(super) is_left_acronym: bool,
}

impl<'a> Alignment<'a> {
    /// Of two names, without any pair.
    pub(super) fn of(left: &View<'a>, right: &View<'a>) -> Self {
        Self {
            left: Side::of(left),
            right: Side::of(right),
            pairs: [None; MAX_WORDS],
            len: 0,
            is_whole_acronym: false,
            is_left_acronym: false,
        }
    }

    /// Whether there is no room for another pair.
    pub(super) fn is_full(&self) -> bool {
        self.len == MAX_WORDS
    }

    /// The pairs, in the order they were found.
    pub(super) fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.pairs[..self.len].iter().flatten()
    }

    /// Whether no word has a counterpart.
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a pair and takes its words; beyond [`MAX_WORDS`] pairs it is dropped.
    pub(super) fn push(&mut self, pair: Pair) {
        if self.len < MAX_WORDS {
            self.left.take(pair.left);
            self.right.take(pair.right);
            self.pairs[self.len] = Some(pair);
            self.len += 1;
        }
    }
}

/// The range of one word.
pub(super) fn one(at: usize) -> (u8, u8) {
    (at as u8, at as u8 + 1)
}

/// A range of words as it is kept in a [`Pair`].
pub(super) fn range(range: (usize, usize)) -> (u8, u8) {
    (range.0 as u8, range.1 as u8)
}

/// The words of a kept range.
pub(super) fn words_of<'s, 'a>(words: &'s [&'a Word], range: (u8, u8)) -> &'s [&'a Word] {
    &words[usize::from(range.0)..usize::from(range.1)]
}
