//! What a word of a text leads to in the lists, kept from field to field: the words of texts repeat.

use super::index::Index;
use super::signatures::Signature;
use super::vocabulary::WordId;
use rustc_hash::FxHashMap;

/// Words of a memo before it is emptied; text tokens repeat, hostile ones do not.
const MAX_WORDS: usize = 200_000;

/// What is known of a word of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Range of the memo's listed words.
    near: (u32, u32),
    pub(super) signature: Signature,
}

/// Word of a text to the words of the lists that are equal or near to it.
#[derive(Debug, Default)]
pub(super) struct Memo {
    words: FxHashMap<Box<str>, Known>,
    /// Listed words, each with whether it equals the word of the text.
    near: Vec<(WordId, bool)>,
}

impl Memo {
    /// Drops all words.
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.near.clear();
    }

    /// What is known of a word; looked up in the index at its first appearance.
    pub(super) fn of(&mut self, word: &str, index: &Index) -> Known {
        match self.words.get(word) {
            Some(known) => *known,
            None => self.remember(word, index),
        }
    }

    /// The words of the lists that a word leads to, each with whether it is the word itself.
    pub(super) fn near(&self, known: Known) -> &[(WordId, bool)] {
        &self.near[known.near.0 as usize..known.near.1 as usize]
    }

    #[cold]
    fn remember(&mut self, word: &str, index: &Index) -> Known {
        if self.words.len() >= MAX_WORDS {
            self.clear();
        }
        let start = self.near.len();
        let same = index.vocabulary.id(word);
        self.near.extend(same.map(|id| (id, true)));
        if !word.bytes().all(|b| b.is_ascii_digit()) {
            let near = &mut self.near;
            let mut add = |id: WordId| {
                if Some(id) != same {
                    near.push((id, false));
                }
            };
            index.deletions.look_up(word, &mut add);
            index.sounds.look_up(word, &mut add);
            sort_and_dedup_from(near, start + usize::from(same.is_some()));
        }
        let known = Known { near: (start as u32, self.near.len() as u32), signature: Signature::of(word) };
        self.words.insert(word.into(), known);
        known
    }
}

/// Puts what stands from `first` on in order, each once.
fn sort_and_dedup_from(near: &mut Vec<(WordId, bool)>, first: usize) {
    near[first..].sort_unstable();
    let mut kept = first;
    for from in first..near.len() {
        if kept == first || near[kept - 1] != near[from] {
            near[kept] = near[from];
            kept += 1;
        }
    }
    near.truncate(kept);
}
