//! Words of the lists by their sound: other romanisations and other forms of a given name, whatever their letters.

use super::vocabulary::WordId;
use crate::name::{given_name_groups, keys};

/// Keys of words, in order, each with a word that has it.
#[derive(Debug, Default)]
pub(super) struct Sounds {
    rows: Vec<(u32, WordId)>,
}

impl Sounds {
    /// Indexes the words given.
    pub(super) fn build<'a>(words: impl Iterator<Item = (&'a str, WordId)>) -> Self {
        let mut rows = Vec::new();
        for (word, id) in words {
            each_key(word, |key| rows.push((key, id)));
        }
        rows.sort_unstable();
        rows.dedup();
        Self { rows }
    }

    /// Calls `found` with every indexed word of the sound; a word may come more than once.
    pub(super) fn look_up(&self, word: &str, mut found: impl FnMut(WordId)) {
        each_key(word, |key| {
            let start = self.rows.partition_point(|row| row.0 < key);
            self.rows[start..].iter().take_while(|row| row.0 == key).for_each(|row| found(row.1));
        });
    }
}

/// Keys of one sort may meet those of another: a false companion is found out by the comparison that follows.
///
/// Consonants alone are shared by too many words: romanisations disagree on which vowel is written, hardly ever on
/// whether one is. Of syllables two at least are asked for.
fn each_key(word: &str, mut key: impl FnMut(u32)) {
    let of = keys(word);
    if of.skeleton != 0 && of.consonants >= 3 {
        key(of.skeleton ^ vowels(word) << 20);
    }
    if of.syllables != 0 && of.syllable_count >= 2 {
        key(of.syllables);
    }
    for group in given_name_groups(word) {
        key(u32::from(*group).wrapping_mul(0x9e37_79b9) | 1);
    }
}

/// Runs of vowels behind the first letter.
fn vowels(word: &str) -> u32 {
    let is_vowel = |b: u8| b"aeiouy".contains(&b);
    word.as_bytes().windows(2).filter(|w| !is_vowel(w[0]) && is_vowel(w[1])).count() as u32
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
        assert_eq!(near("bill"), [2]);
        assert_eq!(near("boeing"), [0; 0]);
    }
}
