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
    len: usize,
    free: Places,
}

/// Places of words, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places(pub(super) u32);

impl Places {
    /// The places in a range.
    fn of((from, to): (usize, usize)) -> Self {
        Self(((1 << to) - 1) & !((1 << from) - 1))
    }

    pub(super) fn has(self, at: usize) -> bool {
        self.0 & 1 << at != 0
    }

    fn has_all(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    /// Whether there are so many words from the first on, and all of these places are among these.
    pub(super) fn has_range(self, range: (usize, usize)) -> bool {
        range.1 <= MAX_WORDS && self.has_all(Self::of(range))
    }
}

impl Iterator for Places {
    type Item = usize;

    /// The first place, which is taken out.
    fn next(&mut self) -> Option<usize> {
        let at = (self.0 != 0).then(|| self.0.trailing_zeros() as usize);
        self.0 &= self.0.wrapping_sub(1);
        at
    }
}

/// Fills the places of a side that has fewer words.
static BLANK: Word = Word { start: 0, end: 0, class: Class::Particle, weight: 0, traits: Traits::NONE };

impl<'a> Side<'a> {
    /// The words of a name that take part; all of them free.
    pub(super) fn of(view: &View<'a>) -> Self {
        let mut side = Self { words: [&BLANK; MAX_WORDS], len: 0, free: Places::default() };
        for word in view.words.iter().filter(|w| !matches!(w.class, Class::LegalForm(_))).take(MAX_WORDS) {
            side.words[side.len] = word;
            side.len += 1;
        }
        side.free = Places::of((0, side.len));
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
    pub(super) fn free(&self) -> Places {
        self.free
    }

    /// The words without a counterpart.
    pub(super) fn left_over(&self) -> impl Iterator<Item = &'a Word> {
        self.free.map(|at| self.words[at])
    }

    /// Whether a word has its counterpart.
    pub(super) fn is_taken(&self, at: usize) -> bool {
        !self.free.has(at)
    }

    /// Marks words as having their counterpart.
    pub(super) fn take(&mut self, range: (u8, u8)) {
        self.free.0 &= !Places::of((usize::from(range.0), usize::from(range.1))).0;
    }

    /// Whether all these words exist and none has its counterpart.
    pub(super) fn is_free(&self, range: (usize, usize)) -> bool {
        self.free.has_range(range)
    }

    /// The bytes from the start of the first of these words to the end of the last; `None` when there are fewer.
    pub(super) fn bytes(&self, range: (usize, usize)) -> Option<u32> {
        (range.1 <= self.len).then(|| self.words[range.1 - 1].end - self.words[range.0].start)
    }

    /// The consonants and the letters of several words, as [`Traits`] has them.
    pub(super) fn sets(&self, range: (usize, usize)) -> (u32, u32) {
        let words = &self.words[range.0..range.1];
        words.iter().fold((0, 0), |all, word| (all.0 | word.traits.consonants, all.1 | word.traits.letters))
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
