//! Names known by their first letters: `NDMA` and National Defence Manufacturing Authority.
//!
//! A line of initials takes the first letter of every distinctive word, in order. Small words, titles and numbers may be
//! left out, one trade word may (`CETC` of China Electronics Technology Group Corporation), and a legal form may be left
//! out, give its first letter, or stand as it is (`DUASA` of Desarrollo Urbanistico del Atlantico, S.A.).

use super::word::{Class, View, Word};
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// Letters of a line of initials; fewer are shared by too many names, more are a word.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=8;
/// Words of a name that is abbreviated.
const MOST_WORDS: usize = 16;
/// Trade words that may be left out.
const MOST_LEFT_OUT: u32 = 1;

/// The letters of a name that may be initials: one short word, or single letters, beside legal forms.
pub fn acronym<'a>(view: &View<'a>) -> Option<&'a str> {
    let mut core = view.words.iter().filter(|w| !matches!(w.class, Class::LegalForm(_)));
    let (first, second) = (core.next()?, core.next());
    let letters = match second {
        None => view.letters(first),
        Some(_) if view.words.iter().all(|w| w.end - w.start == 1) => view.squeezed(),
        Some(_) => return None,
    };
    let may = LENGTHS.contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_lowercase());
    (may && !matches!(first.class, Class::Number(_))).then_some(letters)
}

/// How a word takes part in a line of initials.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Gives its first letter.
    Needed,
    /// Gives its first letter, or is the one left out.
    Trade,
    /// Gives its first letter or nothing.
    Small,
    /// Gives its first letter, all of them, or nothing.
    Form,
}

fn part(word: &Word) -> Part {
    match word.class {
        Class::LegalForm(_) => Part::Form,
        Class::Generic => Part::Trade,
        Class::Particle | Class::Title | Class::Number(_) => Part::Small,
        Class::Distinctive | Class::Everyday | Class::Place | Class::Initial => Part::Needed,
    }
}

/// Whether the letters are initials of the whole name.
pub(super) fn are_initials(letters: &str, view: &View<'_>) -> bool {
    let letters = letters.as_bytes();
    let words = view.words;
    if !is_abbreviated(words) || !LENGTHS.contains(&letters.len()) {
        return false;
    }
    // The first word gives the first letter, or the first that is not small.
    let first = words.iter().position(|w| part(w) != Part::Small).map_or(1, |at| at + 1).min(words.len());
    words[..first].iter().any(|w| initial(view, w) == Some(letters[0]))
        && spells(letters, view, words, MOST_LEFT_OUT)
        && words.iter().filter(|w| part(w) != Part::Small && part(w) != Part::Form).count() >= 2
}

/// Whether a name is of a sort that is known by its initials: not a person's, which has no word of trade, no place and no
/// legal form.
fn is_abbreviated(words: &[Word]) -> bool {
    let of_trade = |w: &Word| matches!(w.class, Class::Generic | Class::Everyday | Class::Place | Class::LegalForm(_));
    (2..=MOST_WORDS).contains(&words.len()) && words.iter().any(of_trade)
}

/// Every word leaves at most three ways to go on, and letters and words both run out: 16 words and 8 letters bound it.
fn spells(letters: &[u8], view: &View<'_>, words: &[Word], may_leave_out: u32) -> bool {
    let Some((word, rest)) = words.split_first() else { return letters.is_empty() };
    let part = part(word);
    let gives = letters.first().is_some_and(|l| initial(view, word) == Some(*l));
    if gives && spells(&letters[1..], view, rest, may_leave_out) {
        return true;
    }
    match part {
        Part::Needed => false,
        Part::Trade => may_leave_out > 0 && spells(letters, view, rest, may_leave_out - 1),
        Part::Small => spells(letters, view, rest, may_leave_out),
        Part::Form => {
            let form = view.letters(word).as_bytes();
            (form.len() <= 4 && letters.starts_with(form) && spells(&letters[form.len()..], view, rest, may_leave_out))
                || spells(letters, view, rest, may_leave_out)
        }
    }
}

fn initial(view: &View<'_>, word: &Word) -> Option<u8> {
    view.letters(word).bytes().next().filter(u8::is_ascii_lowercase)
}

/// Calls `found` with the key of every usual line of initials of a name; [`acronym_key`] of any of them is the same.
/// Some lines that the comparison takes have no key: a small word given and a trade word left out.
pub fn each_initials(view: &View<'_>, mut found: impl FnMut(u32)) {
    let words = view.words;
    if !is_abbreviated(words) {
        return;
    }
    let mut line = Line::default();
    let mut add = |left_out: Option<usize>, small: bool, form: FormLetters| {
        line.clear();
        for (_, word) in words.iter().enumerate().filter(|&(at, _)| Some(at) != left_out) {
            match (part(word), form) {
                (Part::Small, _) if !small => {}
                (Part::Form, FormLetters::None) => {}
                (Part::Form, FormLetters::All) => line.extend(view.letters(word).as_bytes()),
                _ => line.extend(view.letters(word).as_bytes().get(..1).unwrap_or_default()),
            }
        }
        if let Some(letters) = line.letters() {
            found(key(letters));
        }
    };
    let has_form = words.iter().any(|w| part(w) == Part::Form);
    let has_small = words.iter().any(|w| part(w) == Part::Small);
    add(None, false, FormLetters::None);
    if has_small {
        add(None, true, FormLetters::None);
    }
    if has_form {
        add(None, false, FormLetters::First);
        add(None, false, FormLetters::All);
    }
    for (at, _) in words.iter().enumerate().filter(|(_, w)| part(w) == Part::Trade) {
        add(Some(at), false, FormLetters::None);
        if has_form {
            add(Some(at), false, FormLetters::First);
        }
    }
}

/// The key of letters that may be initials.
pub fn acronym_key(letters: &str) -> u32 {
    key(letters.as_bytes())
}

#[derive(Clone, Copy)]
enum FormLetters {
    None,
    First,
    All,
}

/// A line of initials; one that grows too long is none.
#[derive(Default)]
struct Line {
    letters: [u8; 24],
    length: usize,
}

impl Line {
    fn clear(&mut self) {
        self.length = 0;
    }

    fn extend(&mut self, letters: &[u8]) {
        match self.letters.get_mut(self.length..self.length + letters.len()) {
            Some(room) => {
                room.copy_from_slice(letters);
                self.length += letters.len();
            }
            None => self.length = self.letters.len(),
        }
    }

    fn letters(&self) -> Option<&[u8]> {
        let letters = &self.letters[..self.length];
        (LENGTHS.contains(&letters.len()) && letters.iter().all(u8::is_ascii_lowercase)).then_some(letters)
    }
}

fn key(letters: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(letters);
    (hasher.finish() >> 32) as u32 ^ hasher.finish() as u32
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::super::word::Uniform;
    use super::*;
    use text::{Folded, Reading};

    fn with<T>(name: &str, look: impl FnOnce(&View<'_>) -> T) -> T {
        let folded = Folded::of(name, Reading::Plain);
        let mut words = Vec::new();
        parse(folded.as_text(), false, &Uniform, &mut words);
        look(&View { text: folded.squeezed(), words: &words })
    }

    #[test]
    fn initials_lead_to_names_and_back() {
        for (short, long) in [
            ("NIOC", "National Iranian Oil Company"),
            ("I.R.I.S.L.", "Islamic Republic of Iran Shipping Lines"),
            ("CETC", "China Electronics Technology Group Corporation"),
            ("DUASA", "Desarrollo Urbanistico del Atlantico, S.A."),
            ("ASPMIDR Ltd", "Agency for the Study of Ports, Mines, Inlets, Docks and Roads"),
        ] {
            let letters = with(short, |view| acronym(view).map(str::to_owned));
            let Some(letters) = letters else { panic!("{short} is no acronym") };
            assert!(with(long, |view| are_initials(&letters, view)), "{short} {long}");
            let mut keys = Vec::new();
            with(long, |view| each_initials(view, |key| keys.push(key)));
            assert!(keys.contains(&acronym_key(&letters)), "{short} {long}");
        }
        // Two letters of one word are no initials.
        let komid = with("K O M I D", |view| acronym(view).map(str::to_owned)).expect("single letters may be initials");
        assert!(!with("Korea Mining Development Trading Corporation", |view| are_initials(&komid, view)));
        assert_eq!(with("Autel Robotics", |view| acronym(view).map(str::to_owned)), None);
        let of = |name: &str| with(name, |view| are_initials("nic", view));
        assert!(of("National Iranian Oil Company"), "one trade word is left out");
        assert!(!of("National Iranian Oil Engineering Company") && !of("National Petroleum Iranian Company of Tabriz"));
    }
}
