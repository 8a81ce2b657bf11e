//! Words numbered in the order in which they came, in one text: a map of texts that are each allocated would take several
//! times the memory, and half a million words are looked up at every start.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use model::binary::{Binary, BytesIn, BytesOut, Malformed};
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// Number of a word.
pub(super) type WordId = u32;

/// Words, each once, with their numbers.
#[derive(Debug, Default)]
pub(super) struct WordTable {
    /// All words, one behind the other.
    letters: String,
    /// Where each ends.
    ends: Vec<u32>,
    /// Their numbers, by the hashes of the words.
    numbers: HashTable<WordId>,
}

impl WordTable {
    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A word by its number.
    pub(super) fn word(&self, id: WordId) -> &str {
        word(&self.letters, &self.ends, id)
    }

    /// The number of a word, if it is there.
    pub(super) fn id(&self, sought: &str) -> Option<WordId> {
        self.numbers.find(hash(sought), |id| self.word(*id) == sought).copied()
    }

    /// The number of a word, which is added if it is not there; and whether it was.
    pub(super) fn id_or_add(&mut self, added: &str) -> (WordId, bool) {
        let Self { letters, ends, numbers } = self;
        let is_it = |id: &WordId| word(letters, ends, *id) == added;
        match numbers.entry(hash(added), is_it, |id| hash(word(letters, ends, *id))) {
            Entry::Occupied(there) => (*there.get(), true),
            Entry::Vacant(free) => {
                let id = ends.len() as WordId;
                free.insert(id);
                letters.push_str(added);
                ends.push(letters.len() as u32);
                (id, false)
            }
        }
    }

    /// Gives back memory that was set aside for more words.
    pub(super) fn shrink(&mut self) {
        self.letters.shrink_to_fit();
        self.ends.shrink_to_fit();
        let Self { letters, ends, numbers } = self;
        numbers.shrink_to_fit(|id| hash(word(letters, ends, *id)));
    }
}

impl Binary for WordTable {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        let Self { letters, ends, numbers: _ } = self;
        letters.write_to(out);
        ends.write_to(out);
    }

    /// The numbers are found again by the words.
    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        let (letters, ends) = <(String, Vec<u32>)>::read_from(bytes)?;
        let is_word = |start: u32, end: u32| letters.get(start as usize..end as usize).is_some();
        let mut start = 0;
        if !ends.iter().all(|end| is_word(std::mem::replace(&mut start, *end), *end)) {
            return Err(Malformed { expected: "words in their letters" });
        }
        let mut numbers = HashTable::with_capacity(ends.len());
        for id in 0..ends.len() as WordId {
            numbers.insert_unique(hash(word(&letters, &ends, id)), id, |id| hash(word(&letters, &ends, *id)));
        }
        Ok(Self { letters, ends, numbers })
    }
}

fn word<'l>(letters: &'l str, ends: &[u32], id: WordId) -> &'l str {
    let at = id as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] };
    &letters[start as usize..ends[at] as usize]
}

fn hash(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish()
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
