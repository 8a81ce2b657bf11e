//! Which names a word leads to: the heaviest words of a name are its anchors.

use super::vocabulary::WordId;
use model::binary::{Binary, BytesIn, BytesOut, Malformed};
use model::binary_fields;
use model::ids::NameId;

/// Anchors of a name, at most.
pub(super) const MAX_ANCHORS: usize = 4;

/// A name that a word is an anchor of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AnchoredName {
    pub(super) name: NameId,
    /// Which of the name's anchors the word is.
    pub(super) anchor: u8,
    /// The part of the name's anchor weight that the word has, in thousandths, rounded up.
    pub(super) share: u16,
}

binary_fields!(AnchoredName { name, anchor, share });

impl AnchoredName {
    /// Whether the name has no other anchor.
    pub(super) fn is_only_one(&self) -> bool {
        self.share == 1000
    }
}

/// For each word, the names that it is an anchor of.
#[derive(Debug, Default)]
pub(super) struct Anchors<T = AnchoredName> {
    starts: Vec<u32>,
    names: Vec<T>,
}

impl<T: Binary> Binary for Anchors<T> {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        let Self { starts, names } = self;
        starts.write_to(out);
        names.write_to(out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        Ok(Self { starts: Binary::read_from(bytes)?, names: Binary::read_from(bytes)? })
    }
}

impl<T: Copy + Default> Anchors<T> {
    /// Builds from pairs of an anchor and its name, of which `keep` says what is kept; the pairs are iterated twice.
    pub(super) fn build<N>(
        words: usize,
        anchored: impl Iterator<Item = (WordId, N)> + Clone,
        keep: impl Fn(N) -> T,
    ) -> Self {
        let mut starts = vec![0u32; words + 1];
        let mut count = 0;
        for (word, _) in anchored.clone() {
            count += 1;
            starts[word as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut names = vec![T::default(); count];
        for (word, name) in anchored {
            let slot = &mut next[word as usize];
            names[*slot as usize] = keep(name);
            *slot += 1;
        }
        Self { starts, names }
    }

    /// The names that a word is an anchor of.
    pub(super) fn of(&self, word: WordId) -> &[T] {
        &self.names[self.starts[word as usize] as usize..self.starts[word as usize + 1] as usize]
    }
}
