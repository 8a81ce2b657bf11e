//! A symmetric-delete index: words within one or two edits of a word, without looking at the others.
//!
//! Two words within `k` edits share a form that both reach by deleting at most `k` letters. Every such form of
//! every indexed word is a key; a look-up makes the forms of the word asked for and collects who shares them.
//! Keys are 32-bit hashes in buckets; the comparison that follows drops words that only share a hash.

use super::vocabulary::WordId;
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// Deletion forms of words, hashed, in buckets by the hash's upper bits.
#[derive(Debug, Default)]
pub(super) struct Deletions {
    /// Where each bucket starts in `forms`; one more than there are buckets.
    starts: Vec<u32>,
    /// Hashes of forms, each with its word.
    forms: Vec<(u32, WordId)>,
    /// How many lower bits of a hash do not count for its bucket.
    shift: u32,
}

/// Deletions by length in letters: none below four, one below nine, then two.
fn budget(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=8 => 1,
        _ => 2,
    }
}

impl Deletions {
    /// Indexes the words given.
    pub(super) fn build<'a>(words: impl Iterator<Item = (&'a str, WordId)>) -> Self {
        let mut forms = Vec::new();
        for (word, id) in words {
            each_form(word, |hash| forms.push((hash, id)));
        }
        let bits = (forms.len().max(2) as u32).ilog2().clamp(1, 24);
        let shift = 32 - bits;
        let mut starts = vec![0u32; (1 << bits) + 1];
        for (hash, _) in &forms {
            starts[(hash >> shift) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut in_buckets = vec![(0, 0); forms.len()];
        for (hash, id) in forms {
            let slot = &mut next[(hash >> shift) as usize];
            in_buckets[*slot as usize] = (hash, id);
            *slot += 1;
        }
        Self { starts, forms: in_buckets, shift }
    }

    /// Calls `found` with every indexed word that may be near; a word may come more than once.
    pub(super) fn look_up(&self, word: &str, mut found: impl FnMut(WordId)) {
        if self.forms.is_empty() {
            return;
        }
        each_form(word, |hash| {
            let bucket = (hash >> self.shift) as usize;
            let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
            for &(other, id) in &self.forms[range] {
                if other == hash {
                    found(id);
                }
            }
        });
    }
}

/// The word itself and what is left of it after each choice of deletions, hashed.
fn each_form(word: &str, mut form: impl FnMut(u32)) {
    let letters = word.chars().count();
    let budget = budget(letters);
    form(hash(word, usize::MAX, usize::MAX));
    if budget == 0 || letters > 40 {
        return;
    }
    for first in 0..letters {
        form(hash(word, first, usize::MAX));
        if budget == 2 {
            for second in first + 1..letters {
                form(hash(word, first, second));
            }
        }
    }
}

fn hash(word: &str, first: usize, second: usize) -> u32 {
    let mut hasher = FxHasher::default();
    for (at, c) in word.chars().enumerate() {
        if at != first && at != second {
            hasher.write_u32(c as u32);
        }
    }
    (hasher.finish() >> 32) as u32 ^ hasher.finish() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_words_within_the_budget() {
        let words = ["technology", "skolkovo", "autel", "dji"];
        let index = Deletions::build(words.iter().zip(0..).map(|(w, id)| (*w, id)));
        let near = |word: &str| {
            let mut found = Vec::new();
            index.look_up(word, |id| found.push(id));
            found.sort_unstable();
            found.dedup();
            found
        };
        assert_eq!(near("tehcnoloyg"), [0]);
        assert_eq!(near("skolcovo"), [1]);
        assert_eq!(near("autl"), [2]);
        assert_eq!(near("djl"), [0; 0]);
    }
}
