//! What the lists know of the words of texts, kept from field to field: the words of texts repeat.

use super::compile::Index;
use super::signs::Sign;
use super::vocabulary::WordId;
use rustc_hash::FxHashMap;

/// Words of a memo before it is emptied; text tokens repeat, hostile ones do not.
const MAX_WORDS: usize = 200_000;

/// What is known of a word of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Range of [`Memo::near`].
    rows: (u32, u32),
    pub(super) sign: Sign,
}

/// Word of a text to the words of the lists that it is or may be meant for.
#[derive(Debug, Default)]
pub(super) struct Memo {
    words: FxHashMap<Box<str>, Known>,
    rows: Vec<(WordId, bool)>,
}

impl Memo {
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.rows.clear();
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
        &self.rows[known.rows.0 as usize..known.rows.1 as usize]
    }

    #[cold]
    fn remember(&mut self, word: &str, index: &Index) -> Known {
        if self.words.len() >= MAX_WORDS {
            self.clear();
        }
        let start = self.rows.len();
        let same = index.vocabulary.id(word);
        self.rows.extend(same.map(|id| (id, true)));
        if !word.bytes().all(|b| b.is_ascii_digit()) {
            let rows = &mut self.rows;
            let mut near = |id: WordId| {
                if Some(id) != same {
                    rows.push((id, false));
                }
            };
            index.deletions.look_up(word, &mut near);
            index.sounds.look_up(word, &mut near);
            // Each once; the order of the others is that of the vocabulary.
            let others = start + usize::from(same.is_some());
            self.rows[others..].sort_unstable();
            let mut last = None;
            let mut at = others;
            for from in others..self.rows.len() {
                if last != Some(self.rows[from]) {
                    last = Some(self.rows[from]);
                    self.rows[at] = self.rows[from];
                    at += 1;
                }
            }
            self.rows.truncate(at);
        }
        let known = Known { rows: (start as u32, self.rows.len() as u32), sign: Sign::of(word) };
        self.words.insert(word.into(), known);
        known
    }
}
