//! The words of the loaded lists and how rare each is.

use super::signatures::Signature;
use crate::name::Rarity;
use model::ids::EntryId;
use rustc_hash::FxHashMap;

/// Number of a word.
pub(super) type WordId = u32;

/// Every word of every listed name, with the number of entries that carry it.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    ids: FxHashMap<Box<str>, WordId>,
    /// Entries that carry the word.
    carriers: Vec<u32>,
    /// The entry counted last, so that an entry counts once.
    last_entry: Vec<EntryId>,
    signatures: Vec<Signature>,
    entries: u32,
}

impl Vocabulary {
    /// Counts a word of an entry; the words of one entry come together.
    pub(super) fn count(&mut self, word: &str, entry: EntryId) {
        self.entries = self.entries.max(entry.index() as u32 + 1);
        match self.ids.get(word) {
            Some(&id) => {
                let id = id as usize;
                if self.last_entry[id] != entry {
                    self.last_entry[id] = entry;
                    self.carriers[id] += 1;
                }
            }
            None => {
                self.ids.insert(word.into(), self.carriers.len() as WordId);
                self.carriers.push(1);
                self.last_entry.push(entry);
                self.signatures.push(Signature::of(word));
            }
        }
    }

    /// The number of a word, if any listed name carries it.
    pub(super) fn id(&self, word: &str) -> Option<WordId> {
        self.ids.get(word).copied()
    }

    /// The signatures of the words, by their numbers.
    pub(super) fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.carriers.len()
    }
}

impl Rarity for Vocabulary {
    fn rarity(&self, word: &str) -> u16 {
        let Some(id) = self.id(word) else { return 1000 };
        let all = log2(self.entries + 1).max(1);
        let of_word = log2(self.carriers[id as usize] + 1) - log2(2);
        (1000 - of_word * 1000 / all).clamp(0, 1000) as u16
    }
}

/// Whether a word of a text is looked up among the words of the lists: neither a single letter nor overlong.
pub(super) fn is_looked_up(letters: &str) -> bool {
    (2..=64).contains(&letters.len())
}

/// The binary logarithm in 1/256ths, the fraction interpolated: integers give the same weights on every machine.
fn log2(n: u32) -> i64 {
    let whole = n.max(1).ilog2();
    let rest = i64::from(n) - (1i64 << whole);
    i64::from(whole) * 256 + ((rest * 256) >> whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_carry_a_word_the_less_it_weighs() {
        let mut words = Vocabulary::default();
        for at in 0..1000 {
            let entry = EntryId::from_index(at);
            words.count("technology", entry);
            if at % 100 == 0 {
                words.count("shenzhen", entry);
            }
        }
        let last = EntryId::from_index(999);
        words.count("dji", last);
        words.count("dji", last);
        let weight = |w| words.rarity(w);
        assert!(weight("technology") < 150 && weight("technology") < weight("shenzhen"));
        assert!(weight("shenzhen") < weight("dji") && weight("dji") == 1000 && weight("unheard") == 1000);
    }
}
