//! Words of the lists by their sound: other romanisations and other forms of a given name, whatever their letters.

use super::vocabulary::WordId;
use crate::name::{Keys, each_national_key, keys, word_groups};

/// The words of the lists by the keys of their sounds.
#[derive(Debug, Default)]
pub(super) struct Sounds {
    /// Keys, in order, each with the vowels of a word that has it and the word.
    keys: Vec<(u32, u32, WordId)>,
}

model::binary_fields!(Sounds { keys });

impl Sounds {
    /// Indexes the words given.
    pub(super) fn build<'a>(words: impl Iterator<Item = (&'a str, WordId)>) -> Self {
        let mut sorted = Vec::new();
        for (word, id) in words {
            each_key(word, |key, vowels| sorted.push((key, vowels, id)));
        }
        sorted.sort_unstable();
        sorted.dedup();
        sorted.shrink_to_fit();
        Self { keys: sorted }
    }

    /// Calls `found` with every indexed word of the sound; a word may come more than once.
    pub(super) fn look_up(&self, word: &str, mut found: impl FnMut(WordId)) {
        each_key(word, |key, vowels| {
            let start = self.keys.partition_point(|known| known.0 < key);
            let of_key = self.keys[start..].iter().take_while(|known| known.0 == key);
            of_key.filter(|known| are_alike(known.1, vowels)).for_each(|known| found(known.2));
        });
    }
}

/// Calls `key` with each key of a word and its vowels, 0 where they make no difference. Keys of different kinds may
/// collide: the comparison that follows drops the false ones.
///
/// Consonants alone are shared by too many words: romanisations disagree on which of two near vowels is written, but
/// not on whether one is. At least two syllables are needed.
fn each_key(word: &str, mut key: impl FnMut(u32, u32)) {
    let of = keys(word);
    let mut by_consonants = |of: Keys, word: &str| {
        if of.skeleton != 0 && of.consonants >= 3 {
            key(of.skeleton, vowels(word));
        }
    };
    by_consonants(of, word);
    each_national_key(word, by_consonants);
    if of.syllables != 0 && of.syllable_count >= 2 {
        key(of.syllables, 0);
    }
    for group in word_groups(word) {
        key(u32::from(*group).wrapping_mul(0x9e37_79b9) | 1, 0);
    }
}

/// Bits of a run of vowels: near `a`, near `i`, near `u`.
const BITS: u32 = 3;

/// The last ten runs of vowels behind the first letter, [`BITS`] each.
fn vowels(word: &str) -> u32 {
    let near = |b: u8| match b {
        b'a' => 0b001,
        b'e' => 0b011,
        b'i' | b'y' => 0b010,
        b'o' | b'u' => 0b100,
        _ => 0,
    };
    let mut runs = 0u32;
    for pair in word.as_bytes().windows(2) {
        let (before, here) = (near(pair[0]), near(pair[1]));
        match (before, here) {
            (_, 0) => {}
            (0, _) => runs = runs << BITS | here,
            // The first letter of the word begins no run.
            _ if runs == 0 => {}
            _ => runs |= here,
        }
    }
    runs
}

/// Whether the runs are as many and each has a vowel near one of the other's. A word without any comes from a script
/// that leaves vowels out, or is shortened to its consonants: it may be any of those that have them.
fn are_alike(left: u32, right: u32) -> bool {
    if left == 0 || right == 0 {
        return true;
    }
    let mut both = (left, right);
    while both.0 != 0 && both.1 != 0 {
        if both.0 & both.1 & ((1 << BITS) - 1) == 0 {
            return false;
        }
        both = (both.0 >> BITS, both.1 >> BITS);
    }
    both == (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_words_of_one_sound() {
        let words = ["muhammad", "jianping", "william", "autel"];
        let sounds = Sounds::build(words.iter().zip(0..).map(|(w, id)| (*w, id)));
        let near = |word: &str| {
            let mut found = Vec::new();
            sounds.look_up(word, |id| found.push(id));
            found.sort_unstable();
            found.dedup();
            found
        };
        assert_eq!(near("mohamed"), [0]);
        assert_eq!(near("chienping"), [1]);
        assert_eq!(near("mhmd"), [0], "the vowels are left out");
        assert_eq!(near("bill"), [2]);
        assert_eq!(near("boeing"), [0; 0]);
        assert_eq!(near("mehemid"), [0; 0], "no romanisation writes these vowels");
    }
}
