//! Which names a word leads to: each name hangs on its heaviest words.

use super::vocabulary::WordId;

/// Words a name hangs on, at most.
pub(super) const MAX_ANCHORS: usize = 4;

/// A name that hangs on a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hang {
    pub(super) name: u32,
    /// Which of the name's anchors the word is.
    pub(super) anchor: u8,
    /// The part of the name's anchor weight that the word has, in thousandths, rounded up.
    pub(super) share: u16,
}

impl Hang {
    /// Whether the name hangs on no other word.
    pub(super) fn is_only_one(&self) -> bool {
        self.share == 1000
    }
}

/// For each word, the names that hang on it.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    starts: Vec<u32>,
    names: Vec<Hang>,
}

impl Anchors {
    /// Builds from words and the names that hang on them, which are gone through twice.
    pub(super) fn build<'a>(words: usize, hangs: impl Iterator<Item = &'a (WordId, Hang)> + Clone) -> Self {
        let mut starts = vec![0u32; words + 1];
        let mut count = 0;
        for (word, _) in hangs.clone() {
            count += 1;
            starts[*word as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut names = vec![Hang::default(); count];
        for (word, hang) in hangs {
            let slot = &mut next[*word as usize];
            names[*slot as usize] = *hang;
            *slot += 1;
        }
        Self { starts, names }
    }

    /// The names that hang on a word.
    pub(super) fn of(&self, word: WordId) -> &[Hang] {
        &self.names[self.starts[word as usize] as usize..self.starts[word as usize + 1] as usize]
    }
}
