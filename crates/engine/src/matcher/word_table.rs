//! Words numbered in the order in which they came, in one text: a map of texts that are each allocated would take several
//! times the memory, and half a million words are looked up at every start.

use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// Number of a word.
pub(super) type WordId = u32;

/// No word.
const FREE: WordId = WordId::MAX;

/// Words, each once, with their numbers.
#[derive(Debug, Default)]
pub(super) struct WordTable {
    /// All words, one behind the other.
    letters: String,
    /// Where each ends.
    ends: Vec<u32>,
    /// The number of a word at a place by its hash, or at the next free one; a power of two of them.
    places: Vec<WordId>,
}

impl WordTable {
    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A word by its number.
    pub(super) fn word(&self, id: WordId) -> &str {
        let at = id as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.letters[start as usize..self.ends[at] as usize]
    }

    /// The number of a word, if it is there.
    pub(super) fn id(&self, word: &str) -> Option<WordId> {
        let place = self.place(word)?;
        Some(self.places[place]).filter(|id| *id != FREE)
    }

    /// The number of a word, which is added if it is not there; and whether it was.
    pub(super) fn id_or_add(&mut self, word: &str) -> (WordId, bool) {
        // A quarter stays free, so that a free place is near.
        if (self.len() + 1) * 4 > self.places.len() * 3 {
            self.grow();
        }
        let place = self.place(word).expect("there are places");
        match self.places[place] {
            FREE => {
                let id = self.len() as WordId;
                self.letters.push_str(word);
                self.ends.push(self.letters.len() as u32);
                self.places[place] = id;
                (id, false)
            }
            id => (id, true),
        }
    }

    /// Gives back memory that was set aside for more words.
    pub(super) fn shrink(&mut self) {
        self.letters.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Where a word is, or would be.
    fn place(&self, word: &str) -> Option<usize> {
        let last = self.places.len().checked_sub(1)?;
        let mut at = hash(word) & last;
        while self.places[at] != FREE && self.word(self.places[at]) != word {
            at = (at + 1) & last;
        }
        Some(at)
    }

    fn grow(&mut self) {
        self.places = vec![FREE; (self.places.len() * 2).max(64)];
        for id in 0..self.len() as WordId {
            let place = self.place(self.word(id)).expect("there are places");
            self.places[place] = id;
        }
    }
}

fn hash(word: &str) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_words_in_their_order_and_finds_them_again() {
        let mut table = WordTable::default();
        assert!(table.id("").is_none() && table.len() == 0);
        let words: Vec<String> = (0..5000).map(|n| format!("w{}", n * 7)).chain([String::new()]).collect();
        for (at, word) in words.iter().enumerate() {
            assert_eq!(table.id_or_add(word), (at as WordId, false));
            assert_eq!(table.id_or_add(word), (at as WordId, true));
        }
        table.shrink();
        for (at, word) in words.iter().enumerate() {
            assert_eq!((table.id(word), table.word(at as WordId)), (Some(at as WordId), word.as_str()));
        }
        assert!(table.id("w1").is_none());
    }
}
