//! Which names a word leads to: each name hangs on its heaviest words.

use super::vocabulary::WordId;

/// Words a name hangs on, at most.
pub(super) const MAX_ANCHORS: usize = 4;

/// For each word, the names that hang on it, each with the number of the anchor.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    starts: Vec<u32>,
    names: Vec<(u32, u8)>,
}

impl Anchors {
    /// Builds from `(word, name, anchor number)` triples.
    pub(super) fn build(words: usize, triples: &[(WordId, u32, u8)]) -> Self {
        let mut starts = vec![0u32; words + 1];
        for (word, _, _) in triples {
            starts[*word as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut names = vec![(0, 0); triples.len()];
        for (word, name, anchor) in triples {
            let slot = &mut next[*word as usize];
            names[*slot as usize] = (*name, *anchor);
            *slot += 1;
        }
        Self { starts, names }
    }

    /// The names that hang on a word.
    pub(super) fn of(&self, word: WordId) -> &[(u32, u8)] {
        &self.names[self.starts[word as usize] as usize..self.starts[word as usize + 1] as usize]
    }
}
