//! Letters whose romanisation depends on their neighbours: Greek digraphs, and the letters of Arabic, Persian and Hebrew
//! that write a vowel in one place and a consonant in another.
//!
//! Greek follows ELOT 743, the standard of Greek passports and of the United Nations (resolution V/19 of 1987), as in the
//! table of the UNGEGN Working Group on Romanization Systems, version 4.0 (<https://www.eki.ee/wgrs/rom1_el.htm>, read on
//! 2026-11-24). The others are from general knowledge of how publishers write such names: consonants without marks, long
//! vowels where letters stand for them; short ones are not written at all, so that `محمد` is `mhmd`: the comparison
//! knows that such a word lacks its vowels. Letters that are always read alike are left
//! to the table of the Unicode crates.

/// A letter's neighbours within its word, and its number in it, from 0.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) before: Option<char>,
    pub(super) after: Option<char>,
    /// The letter behind that one.
    pub(super) second: Option<char>,
    pub(super) nth: u32,
}

/// Whether the letter is of a script that leaves short vowels out.
pub(super) fn lacks_vowels(c: char) -> bool {
    matches!(c, '\u{621}'..='\u{6d3}' | '\u{5d0}'..='\u{5ea}')
}

/// Whether the letter is a whole syllable of Korean.
pub(super) fn is_hangul_syllable(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

/// Whether the character goes with the letter before it and is no neighbour of its own: points and accents.
pub(super) fn is_silent_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{200c}' | '\u{200d}')
}

/// The letters that `c` stands for in its place, or `None` where its neighbours make no difference. An empty text says
/// that the letter is part of what its neighbour became, or not heard.
pub(super) fn in_context(c: char, place: Place) -> Option<&'static str> {
    let Place { before, after, nth, .. } = place;
    match c {
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => greek(before.map(plain), plain(c), after.map(plain), nth),
        '\u{621}'..='\u{6d3}' => arabic(before, c, after),
        '\u{5d0}'..='\u{5ea}' => hebrew(c, place),
        _ => None,
    }
}

/// Small, without the marks that a Greek letter carries in one code point; the diaeresis, which parts two vowels, stays.
fn plain(c: char) -> char {
    match c.to_lowercase().next().unwrap_or(c) {
        'ά' | 'ὰ' => 'α',
        'έ' | 'ὲ' => 'ε',
        'ή' | 'ὴ' => 'η',
        'ί' | 'ὶ' => 'ι',
        'ό' | 'ὸ' => 'ο',
        'ύ' | 'ὺ' => 'υ',
        'ώ' | 'ὼ' => 'ω',
        'ς' => 'σ',
        other => other,
    }
}

fn greek(before: Option<char>, c: char, after: Option<char>, nth: u32) -> Option<&'static str> {
    // Before these, and at the end of a word, the second part of αυ and ευ has no voice.
    let is_voiceless = |next: Option<char>| next.is_none_or(|n| "θκξπστφχψ".contains(n));
    Some(match (before, c, after) {
        (Some('ο'), 'υ', _) => "u",
        (Some('α' | 'ε' | 'η'), 'υ', next) => {
            if is_voiceless(next) {
                "f"
            } else {
                "v"
            }
        }
        (None, 'μ', Some('π')) => "b",
        (Some('μ'), 'π', _) if nth == 1 => "",
        (_, 'γ', Some('γ' | 'ξ' | 'χ')) => "n",
        (_, 'α', _) => "a",
        (_, 'β', _) => "v",
        (_, 'γ', _) => "g",
        (_, 'ε', _) => "e",
        (_, 'η' | 'ι' | 'ϊ' | 'ΐ', _) => "i",
        (_, 'θ', _) => "th",
        (_, 'ξ', _) => "x",
        (_, 'ο' | 'ω', _) => "o",
        (_, 'υ' | 'ϋ' | 'ΰ', _) => "y",
        (_, 'φ', _) => "f",
        (_, 'χ', _) => "ch",
        (_, 'ψ', _) => "ps",
        _ => return None,
    })
}

fn arabic(before: Option<char>, c: char, after: Option<char>) -> Option<&'static str> {
    let is_vowel = |c: char| matches!(c, 'ا' | 'آ' | 'أ' | 'إ' | 'و' | 'ي' | 'ی' | 'ى');
    Some(match c {
        'ا' | 'آ' | 'أ' | 'إ' | 'ٱ' => "a",
        // `Ayn` begins a word with a vowel and is not heard elsewhere.
        'ع' => {
            if before.is_none() {
                "a"
            } else {
                ""
            }
        }
        'ء' | 'ئ' => "",
        'ؤ' => "u",
        'و' => match (before, after) {
            (None, _) => "w",
            (Some('ا' | 'آ'), _) | (_, Some('ا' | 'آ')) => "w",
            _ => "u",
        },
        'ي' | 'ی' => match (before, after) {
            (None, _) => "y",
            (_, Some('ا' | 'آ')) => "y",
            _ => "i",
        },
        'ى' => "a",
        // Feminine names and Persian `-eh`, as in `zadeh`: behind a consonant the last letter carries a vowel.
        'ة' => "ah",
        'ه' if after.is_none() && before.is_some_and(|b| !is_vowel(b)) => "ah",
        'ح' => "h",
        'خ' => "kh",
        'ش' => "sh",
        'غ' => "gh",
        'ث' => "th",
        'ذ' => "dh",
        'ص' => "s",
        'ض' => "d",
        'ط' => "t",
        'ظ' => "z",
        'پ' => "p",
        'چ' => "ch",
        'ژ' => "zh",
        'گ' => "g",
        _ => return None,
    })
}

fn hebrew(c: char, place: Place) -> Option<&'static str> {
    let Place { before, after, second, .. } = place;
    let is_last_but_one = after.is_some() && second.is_none();
    let is_doubled = |c: char| before == Some(c);
    Some(match c {
        // Vav and yod are consonants at the start of a word and when written twice, vowels elsewhere.
        'ו' if before.is_none() || after == Some('ו') || (after == Some('י') && is_last_but_one) => "v",
        'ו' if is_doubled('ו') => "",
        'ו' => "o",
        'י' if before.is_none() => "y",
        'י' if is_doubled('י') => "",
        'י' => "i",
        'א' => "a",
        'ע' => {
            if before.is_none() {
                "a"
            } else {
                ""
            }
        }
        'ה' if after.is_none() => "a",
        // Twice, so that it makes no sound of its own with the letter before it: `khn` is no Cohen.
        'ה' if before.is_some() => "hh",
        // At the start of a word they are stops: Benjamin, Cohen, Peres.
        'ב' if before.is_none() => "b",
        'כ' if before.is_none() => "k",
        'פ' if before.is_none() => "p",
        'ח' => "h",
        'ט' | 'ת' => "t",
        'צ' | 'ץ' => "ts",
        'ק' => "k",
        'ש' => "sh",
        'ף' => "f",
        'ך' => "kh",
        _ => return None,
    })
}

/// Whether the Arabic article ends with this letter: `ال` at the start of a word that goes on for three letters or more
/// is written apart in Latin letters. `Allah` is one word.
pub(super) fn ends_article(c: char, place: Place, rest: &str) -> bool {
    c == 'ل'
        && place.nth == 1
        && place.before == Some('ا')
        && rest.chars().take_while(|c| lacks_vowels(*c)).count() >= 3
        && !rest.starts_with("له")
}
