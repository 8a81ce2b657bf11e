//! Manipulations of single letters.

use super::choice::Choice;
use super::tables::{CYRILLIC, GREEK, MARKED, RUSSIAN, UNMARKED, neighbours};
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};

const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// Whether the name is written in another script than Latin.
pub(super) fn is_native(name: &str) -> bool {
    let (native, latin) = name.chars().filter(|c| c.is_alphabetic()).fold((0, 0), |(native, latin), c| {
        if c >= '\u{370}' && !('\u{1e00}'..'\u{1f00}').contains(&c) { (native + 1, latin) } else { (native, latin + 1) }
    });
    native > latin
}

fn places(letters: &[char], is_one: impl Fn(usize) -> bool) -> Vec<usize> {
    (0..letters.len()).filter(|&at| is_one(at)).collect()
}

/// `new` in the case of `old`.
fn like(old: char, new: char) -> char {
    if old.is_uppercase() { new.to_ascii_uppercase() } else { new }
}

pub(super) fn typo(name: &str, choice: &mut Choice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let at = *choice.of(&places(&letters, |at| letters[at].is_ascii_alphabetic()))?;
    let old = letters[at].to_ascii_lowercase();
    let any: Vec<char> = ('a'..='z').filter(|&c| c != old).collect();
    let from = if choice.one_in(2, 3) { neighbours(old) } else { any };
    let new = *choice.of(&from)?;
    letters[at] = like(letters[at], new);
    Some(letters.into_iter().collect())
}

pub(super) fn drop(name: &str, choice: &mut Choice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let all = places(&letters, |at| letters[at].is_alphabetic());
    let at = *choice.of(&all).filter(|_| all.len() > 1)?;
    letters.remove(at);
    Some(letters.into_iter().collect())
}

pub(super) fn swap(name: &str, choice: &mut Choice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let is_pair = |at: usize| {
        letters.get(at + 1).is_some_and(|next| {
            letters[at].is_alphabetic() && next.is_alphabetic() && !letters[at].eq_ignore_ascii_case(next)
        })
    };
    let at = *choice.of(&places(&letters, is_pair))?;
    let (left, right) = (letters[at], letters[at + 1]);
    // The case stays where it was: "Choi" is mistyped "Hcoi", not "hCoi".
    letters[at] = like(left, right.to_ascii_lowercase());
    letters[at + 1] = like(right, left.to_ascii_lowercase());
    Some(letters.into_iter().collect())
}

pub(super) fn double(name: &str, choice: &mut Choice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let at = *choice.of(&places(&letters, |at| letters[at].is_alphabetic()))?;
    let again = if letters.get(at + 1).is_some_and(|c| c.is_lowercase()) {
        letters[at].to_lowercase().next().unwrap_or(letters[at])
    } else {
        letters[at]
    };
    letters.insert(at + 1, again);
    Some(letters.into_iter().collect())
}

pub(super) fn vowel(name: &str, choice: &mut Choice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let at = *choice.of(&places(&letters, |at| VOWELS.contains(&letters[at].to_ascii_lowercase())))?;
    let others: Vec<char> = VOWELS.into_iter().filter(|v| *v != letters[at].to_ascii_lowercase()).collect();
    letters[at] = like(letters[at], *choice.of(&others)?);
    Some(letters.into_iter().collect())
}

pub(super) fn blank(name: &str, choice: &mut Choice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let is_inside = |at: usize| at > 0 && letters[at].is_alphanumeric() && letters[at - 1].is_alphanumeric();
    let at = *choice.of(&places(&letters, is_inside))?;
    letters.insert(at, ' ');
    Some(letters.into_iter().collect())
}

/// Strips every mark; where there is none, adds one or two.
pub(super) fn diacritics(name: &str, choice: &mut Choice) -> Option<String> {
    let stripped = without_marks(name);
    if stripped != name {
        return Some(stripped);
    }
    let mut letters: Vec<char> = name.chars().collect();
    let marked = |c: char| MARKED.iter().find(|(plain, _)| *plain == c.to_ascii_lowercase()).map(|(_, marked)| *marked);
    let all = places(&letters, |at| letters[at].is_ascii_alphabetic() && marked(letters[at]).is_some());
    for _ in 0..=choice.below(2) {
        let at = *choice.of(&all)?;
        let Some(with) = marked(letters[at]) else { continue };
        let new = *choice.of(&with.chars().collect::<Vec<_>>())?;
        letters[at] = if letters[at].is_uppercase() { new.to_uppercase().next().unwrap_or(new) } else { new };
    }
    Some(letters.into_iter().collect())
}

/// Latin letters without their marks; other scripts keep theirs.
fn without_marks(name: &str) -> String {
    let composed = ComposingNormalizer::new_nfc().normalize(name).into_owned();
    let taken_apart = DecomposingNormalizer::new_nfd();
    let mut plain = String::new();
    for letter in composed.chars() {
        if let Some((_, simple)) = UNMARKED.iter().find(|(marked, _)| *marked == letter) {
            plain.push_str(simple);
        } else if letter.is_alphabetic() && (letter < '\u{370}' || ('\u{1e00}'..'\u{1f00}').contains(&letter)) {
            plain.extend(taken_apart.normalize(letter.encode_utf8(&mut [0; 4])).chars().next());
        } else {
            plain.push(letter);
        }
    }
    plain
}

/// Writes letters by their twins: each with a chance of one half, and one at least.
pub(super) fn look_alikes(name: &str, choice: &mut Choice) -> Option<String> {
    let [latin, twins] = if choice.one_in(2, 3) { CYRILLIC } else { GREEK };
    let twin = |c: char| latin.chars().position(|l| l == c).and_then(|at| twins.chars().nth(at));
    let mut letters: Vec<char> = name.chars().collect();
    let all = places(&letters, |at| twin(letters[at]).is_some());
    let sure = *choice.of(&all)?;
    for at in all {
        if let Some(twin) = twin(letters[at]).filter(|_| at == sure || choice.one_in(1, 2)) {
            letters[at] = twin;
        }
    }
    Some(letters.into_iter().collect())
}

/// A name of another script in Latin letters: Cyrillic as passports have it, every other by sound.
pub(super) fn romanised(name: &str) -> String {
    let mut latin = String::new();
    for letter in name.chars() {
        let small = letter.to_lowercase().next().unwrap_or(letter);
        match RUSSIAN.iter().find(|(cyrillic, _)| *cyrillic == small) {
            Some((_, roman)) if letter == small => latin.push_str(roman),
            Some((_, roman)) => {
                let mut roman = roman.chars();
                latin.extend(roman.next().map(|c| c.to_ascii_uppercase()));
                latin.extend(roman);
            }
            None => latin.push_str(any_ascii::any_ascii_char(letter)),
        }
    }
    latin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_stripped_or_added() {
        let mut choice = Choice::new(1, "test");
        assert_eq!(diacritics("Løvås Šeširić", &mut choice).unwrap(), "Lovas Sesiric");
        let marked = diacritics("Carlos", &mut choice).unwrap();
        assert_ne!(marked, "Carlos");
        assert_eq!(without_marks(&marked), "Carlos");
        assert_eq!(without_marks("Калашников й"), "Калашников й");
    }

    #[test]
    fn other_scripts_are_romanised() {
        assert_eq!(romanised("Хрущёв Юрий"), "Khrushchyov Yuriy");
        assert!(is_native("Концерн LLC") && !is_native("Kalashnikov (Концерн)") && !is_native("“Svyaz” 7"));
    }
}
