//! Keys of a word: what all words that [`compare`](super::compare()) takes for it by sound or custom have in common.
//!
//! Two words that differ in every key are no romanisations and no forms of one given name of each other. Equal keys
//! promise nothing: they lead to words worth comparing.

use super::korean;
use super::national::each_form;
use super::skeleton::{skeleton, vowel_or};
use super::syllables::syllables;
use super::tables::{Tables, WordKinds};
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// The keys of a word; 0 where it has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Of the consonants as romanisations write them.
    pub skeleton: u32,
    /// How many those are.
    pub consonants: u8,
    /// Of a line of Chinese syllables, in pinyin or Wade-Giles.
    pub syllables: u32,
    /// How many those are.
    pub syllable_count: u8,
    /// Of one Korean syllable, however it is spelt.
    pub korean: u32,
}

/// The keys of a folded word.
pub fn keys(word: &str) -> Keys {
    if !word.is_ascii() || word.len() < 2 || word.len() > 24 {
        return Keys::default();
    }
    let (skeleton, consonants) = skeleton_key(word.as_bytes());
    let (syllables, syllable_count) = syllable_key(word.as_bytes());
    Keys { skeleton, consonants, syllables, syllable_count, korean: korean::key(word) }
}

/// Calls `key` with the consonants, and the word, of each reading that another orthography gives a word.
pub fn each_national_key(word: &str, mut key: impl FnMut(Keys, &str)) {
    each_form(word.as_bytes(), |form| {
        let (skeleton, consonants) = if form.len() <= 24 { skeleton_key(form) } else { (0, 0) };
        if let Ok(form) = std::str::from_utf8(form) {
            key(Keys { skeleton, consonants, ..Keys::default() }, form);
        }
    });
}

/// The groups of words that stand for one another, the forms of a given name or a trade word in several languages, that
/// the word is one of.
pub fn word_groups(word: &str) -> &'static [u16] {
    Tables::get().groups_of(word)
}

/// Whether a folded word is a form of a known given name.
pub fn is_given_name(word: &str) -> bool {
    Tables::get().kinds(word).has(WordKinds::GIVEN)
}

fn skeleton_key(word: &[u8]) -> (u32, u8) {
    let mut letters = [0; 24];
    if word.len() < 4 {
        return (0, 0);
    }
    let length = skeleton(word, &mut letters);
    if length < 2 {
        return (0, 0);
    }
    (hash(std::iter::once(vowel_or(word[0])).chain(letters[..length].iter().copied())), length as u8)
}

/// Sounds that one system writes with one letter are one key, whichever of them is meant.
fn syllable_key(word: &[u8]) -> (u32, u8) {
    let mut keys = [0; 32];
    let Some(length) = syllables(word, &mut keys) else { return (0, 0) };
    let of_all_systems = |key: u8| match key {
        b'j' | b'q' | b'Z' => b'C',
        b'z' | b'c' => b't',
        b'p' => b'b',
        b'T' => b'D',
        b'k' => b'g',
        other => other,
    };
    // Initials and finals share letters: only the initials, at even places, are made one.
    let sounds = keys[..length].iter().enumerate();
    let key = hash(sounds.map(|(at, key)| if at % 2 == 0 { of_all_systems(*key) } else { *key }));
    (key, (length / 2) as u8)
}

/// Never 0.
fn hash(bytes: impl Iterator<Item = u8>) -> u32 {
    let mut hasher = FxHasher::default();
    bytes.for_each(|b| hasher.write_u8(b));
    let hash = hasher.finish();
    ((hash >> 32) as u32 ^ hash as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_sound_share_a_key() {
        for (left, right) in [("mohamed", "muhammad"), ("chruschtschow", "chruschtschew"), ("yusuf", "yousef")] {
            assert_eq!(keys(left).skeleton, keys(right).skeleton, "{left} {right}");
        }
        for (left, right) in [("zhang", "chang"), ("xi", "hsi"), ("zedong", "tsetung"), ("jinping", "chinping")] {
            assert_eq!(keys(left).syllables, keys(right).syllables, "{left} {right}");
        }
        assert_ne!(keys("shenzhen").skeleton, keys("beijing").skeleton);
        assert_eq!(keys("кронштадт"), Keys::default());
        assert!(is_given_name("bill") && !is_given_name("zavod") && !word_groups("zavod").is_empty());
        assert!(word_groups("bill").iter().any(|g| word_groups("william").contains(g)));
    }
}
