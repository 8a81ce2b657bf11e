//! Names by their pairs of neighbouring letters: a search finds those that share no whole word with it.

use crate::name::budgets::SHARED_PAIRS;
use crate::name::{AsView, Class, View, Word};
use model::ids::NameId;

/// Names that are compared for their letters alone, at most.
const MOST_BY_LETTERS: usize = 300;

/// A set of letter pairs, hashed to 256 places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LetterPairs([u64; 4]);

impl LetterPairs {
    /// The pairs of the words that distinguish a name: without legal forms, titles and particles.
    pub(super) fn of(view: &View<'_>) -> Self {
        let mut pairs = Self::default();
        let counts = |w: &&Word| !matches!(w.class, Class::LegalForm(_) | Class::Title | Class::Particle);
        for word in view.words.iter().filter(counts) {
            let mut before = ' ';
            for c in view.letters(word).chars() {
                // The first letter of a word counts as a pair of its own.
                let hash = (before as u32).wrapping_mul(31).wrapping_add(c as u32).wrapping_mul(0x9e37_79b1) >> 24;
                pairs.0[(hash >> 6) as usize] |= 1 << (hash & 63);
                before = c;
            }
        }
        pairs
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|w| w.count_ones()).sum()
    }

    fn common(&self, other: &Self) -> u32 {
        self.0.iter().zip(other.0).map(|(a, b)| (a & b).count_ones()).sum()
    }
}

/// The letter pairs of every name.
#[derive(Debug, Default)]
pub(super) struct AllLetterPairs(Vec<LetterPairs>);

impl AllLetterPairs {
    /// Of the names given, in the order of their ids.
    pub(super) fn build(names: impl Iterator<Item = impl AsView>) -> Self {
        Self(names.map(|name| LetterPairs::of(&name.view())).collect())
    }

    /// The names whose pairs agree best with these, at most [`MOST_BY_LETTERS`], in no order.
    pub(super) fn nearest(&self, pairs: &LetterPairs) -> Vec<NameId> {
        let count = pairs.count();
        // Twice the common pairs in all pairs of both, in thousandths; earlier names first among equals.
        let agreement = |(at, other): (usize, &LetterPairs)| {
            let both = (count + other.count()).max(1);
            (std::cmp::Reverse(2000 * pairs.common(other) / both), NameId::from_index(at))
        };
        let mut all: Vec<_> =
            self.0.iter().enumerate().map(agreement).filter(|(agree, _)| agree.0 >= SHARED_PAIRS).collect();
        if all.len() > MOST_BY_LETTERS {
            all.select_nth_unstable(MOST_BY_LETTERS);
            all.truncate(MOST_BY_LETTERS);
        }
        all.into_iter().map(|(_, name)| name).collect()
    }
}
