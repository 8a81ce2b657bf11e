//! The runs of three letters of some words, blanks left out, as hashes.

use crate::name::{Class, Tables, View, Word};
use text::{Folded, Token};

/// Names and fields of more runs are left to their words, of which they have many.
pub(super) const MOST_RUNS: usize = 255;

/// Which letters of a name make runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    All,
    Consonants,
}

/// The runs of a listed name, its legal forms left out, each once.
pub(super) fn runs_of_name(view: &View<'_>, letters: Letters, out: &mut Vec<u16>) {
    let is_form = |word: &&Word| matches!(word.class, Class::LegalForm(_));
    // A name of nothing else is made of those.
    let all = view.words.iter().all(|word| is_form(&word));
    let words = view.words.iter().filter(|word| all || !is_form(word));
    runs_of(words.map(|word| view.letters(word)), letters, out);
    out.sort_unstable();
    out.dedup();
}

/// The words of a field whose runs are looked up: those that are no legal forms, or all.
pub(super) fn words_of_field(field: &Folded, out: &mut Vec<Token>) {
    let tables = Tables::get();
    out.clear();
    out.extend(field.tokens().iter().filter(|token| !tables.is_legal_form(field.text(**token))));
    if out.is_empty() {
        out.extend_from_slice(field.tokens());
    }
}

/// Writes the hashes of the runs of some words, in their order; a run may come again.
pub(super) fn runs_of<'w>(words: impl Iterator<Item = &'w str>, letters: Letters, out: &mut Vec<u16>) {
    /// What stands before the first letter and behind the last.
    const END: char = '\u{0}';
    out.clear();
    let mut before = None;
    let mut last = END;
    let mut add = |c: char| {
        let skipped = letters == Letters::Consonants && (is_vowel(c) || c == last || (c == 'h' && last == 's'));
        if skipped {
            return;
        }
        // Ideographs and Hangul say as much in two as letters do in three.
        match before {
            _ if is_sign(c) || is_sign(last) => out.push(hash([END, last, c])),
            Some(before) => out.push(hash([before, last, c])),
            None => {}
        }
        before = Some(last);
        last = c;
    };
    words.flat_map(str::chars).for_each(&mut add);
    add(END);
}

/// A vowel, or a letter that writes one where scripts leave vowels out.
fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w')
}

/// Of a script that writes whole syllables or words: kana, ideographs, Hangul.
fn is_sign(c: char) -> bool {
    ('\u{2e80}'..='\u{d7ff}').contains(&c) || c >= '\u{20000}'
}

fn hash(run: [char; 3]) -> u16 {
    let mixed = run.iter().fold(7u32, |hash, c| hash.rotate_left(9).wrapping_mul(0x9e37_79b1) ^ *c as u32);
    (mixed.wrapping_mul(0x85eb_ca6b) >> 16) as u16
}
