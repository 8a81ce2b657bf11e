//! The words of the loaded lists and how rare each is.

use super::signatures::Signature;
use super::word_table::WordTable;
use crate::name::{NotInSignature, Rarity, Traits};
use model::ids::EntryId;
use rayon::prelude::*;

pub(super) use super::word_table::WordId;

/// Every word of every listed name, with the number of entries that carry it.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: WordTable,
    /// Entries that carry the word.
    carriers: Vec<u32>,
    signatures: Vec<Signature>,
    /// What the signatures do not have of the words' traits.
    traits: Vec<NotInSignature>,
    entries: u32,
}

model::binary_fields!(Vocabulary { words, carriers, signatures, traits, entries });

/// The words of some entries while they are counted.
#[derive(Debug, Default)]
pub(super) struct WordCount {
    words: WordTable,
    carriers: Vec<u32>,
    /// The entry counted last, so that an entry counts once.
    last_entry: Vec<EntryId>,
    entries: u32,
}

impl WordCount {
    /// Counts a word of an entry; the words of one entry come together.
    pub(super) fn count(&mut self, word: &str, entry: EntryId) {
        self.entries = self.entries.max(entry.index() as u32 + 1);
        let (id, is_known) = self.words.id_or_add(word);
        if !is_known {
            self.carriers.push(1);
            self.last_entry.push(entry);
        } else if self.last_entry[id as usize] != entry {
            self.last_entry[id as usize] = entry;
            self.carriers[id as usize] += 1;
        }
    }

    /// Adds the words of other entries, which come behind these. Words keep the order in which they came first.
    pub(super) fn append(&mut self, more: Self) {
        self.entries = self.entries.max(more.entries);
        for (id, (carriers, entry)) in more.carriers.into_iter().zip(more.last_entry).enumerate() {
            let (id, is_known) = self.words.id_or_add(more.words.word(id as WordId));
            if is_known {
                self.carriers[id as usize] += carriers;
            } else {
                self.carriers.push(carriers);
                self.last_entry.push(entry);
            }
        }
    }

    /// The words with their signatures.
    pub(super) fn finish(self) -> Vocabulary {
        let Self { mut words, mut carriers, last_entry, entries } = self;
        drop(last_entry);
        words.shrink();
        carriers.shrink_to_fit();
        let known = (0..words.len()).into_par_iter().map(|id| {
            let word = words.word(id as WordId);
            let traits = Traits::of(word);
            (Signature::of_listed(word, &traits), traits.not_in_signature())
        });
        let (signatures, traits) = known.unzip();
        Vocabulary { words, carriers, signatures, traits, entries }
    }
}

impl Vocabulary {
    /// The number of a word, if any listed name carries it.
    pub(super) fn id(&self, word: &str) -> Option<WordId> {
        self.words.id(word)
    }

    /// A word by its number.
    pub(super) fn word(&self, id: WordId) -> &str {
        self.words.word(id)
    }

    /// The signatures of the words, by their numbers.
    pub(super) fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// What the letters of a word tell.
    pub(super) fn traits(&self, id: WordId) -> Traits {
        self.signatures[id as usize].traits(self.traits[id as usize])
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
        let mut words = WordCount::default();
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
        let words = words.finish();
        let weight = |w| words.rarity(w);
        assert!(weight("technology") < 150 && weight("technology") < weight("shenzhen"));
        assert!(weight("shenzhen") < weight("dji") && weight("dji") == 1000 && weight("unheard") == 1000);
    }
}
