//! How alike two words are.

use super::korean::are_one_syllable;
use super::letters::{edits_within, edits_within_if_confused};
use super::model::budgets::edits_in_word;
use super::model::likeness::{self, TypoMarks};
use super::national::each_form;
use super::sounds::{Sounds, may_begin_alike, sound_alike, unvowelled_alike};
use super::syllables::{are_same_syllables, syllable_count};
use super::tables::Tables;
use super::word::Traits;

/// Why two words count as the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Letter for letter.
    Equal,
    /// Forms of one given name.
    Nickname,
    /// One trade word in two languages.
    Translation,
    /// Romanised differently.
    Romanisation,
    /// One is the initial of the other.
    Initial,
    /// One is a short form of the other, as `tech` of `technology`.
    ShortForm,
    /// One is made of the first letters of the other's words.
    Acronym,
    /// One is made of the first syllables of the other's words, as `Kurganmashzavod`.
    Blend,
    /// A typing error or two.
    Typo,
    /// More letters differ than a typo explains: counts only when everything else agrees.
    Distant,
    /// Hardly alike: orders what does not match, and is never a match.
    Faint,
}

/// A word to be compared: its letters and what was computed of them before.
#[derive(Clone, Copy)]
pub(super) struct Letters<'a> {
    pub(super) text: &'a str,
    pub(super) traits: &'a Traits,
}

/// How alike two words are, 1..=1000, or `None` when they are not. `is_long_generic` says that the longer of them is a
/// trade word, which writers shorten.
pub(super) fn likeness(left: Letters<'_>, right: Letters<'_>, is_long_generic: bool) -> Option<(u16, Likeness)> {
    if left.traits.hash == right.traits.hash && left.text == right.text {
        return Some((likeness::SAME, Likeness::Equal));
    }
    let (short, long) = if left.text.len() <= right.text.len() { (left, right) } else { (right, left) };
    if short.traits.length == 1 {
        return long.text.starts_with(short.text).then_some((likeness::INITIAL, Likeness::Initial));
    }
    if is_long_generic && is_short_form(short.text, long.text) {
        return Some((likeness::SHORT_FORM, Likeness::ShortForm));
    }
    if left.traits.is_given_name && right.traits.is_given_name && Tables::get().share_a_group(left.text, right.text) {
        return Some((likeness::NICKNAME, Likeness::Nickname));
    }
    if left.traits.is_translated && right.traits.is_translated && Tables::get().share_a_group(left.text, right.text) {
        return Some((likeness::TRANSLATION, Likeness::Translation));
    }
    let typo = typo(left, right);
    if typo.is_some_and(|alike| alike >= likeness::SURE_TYPO) {
        return typo.map(|alike| (alike, Likeness::Typo));
    }
    more_alike(typo, romanised(left, right))
}

/// The better of two reasons for which words are alike.
fn more_alike(typo: Option<u16>, romanised: Option<u16>) -> Option<(u16, Likeness)> {
    match (typo, romanised) {
        (Some(typo), Some(other)) if typo < other => Some((other, Likeness::Romanisation)),
        (None, Some(other)) => Some((other, Likeness::Romanisation)),
        (Some(typo), _) => Some((typo, Likeness::Typo)),
        (None, None) => None,
    }
}

/// Bytes of words joined from which another spelling may be the same; and from which it is, whatever they are.
const LEAST_JOINED: usize = 6;
const LONG_JOINED: usize = 8;

/// How alike words joined are to one word that is written otherwise. Joined letters are easily alike by accident: eight of
/// them are needed, and lines of Chinese syllables that differ are different names. `joined_letters` is the [`letter_set`]
/// of those joined, and `known` their sounds, if they are known.
///
/// [`letter_set`]: super::letters::letter_set
pub(super) fn joined_likeness(
    (left, right): (&str, &str),
    is_left_joined: bool,
    joined_letters: u32,
    word: &Traits,
    known: &mut Option<Sounds>,
) -> Option<(u16, Likeness)> {
    let is_long = left.len() >= LONG_JOINED;
    if left.len() < LEAST_JOINED {
        return None;
    }
    let joined = if is_left_joined { left } else { right };
    let alone = Letters { text: if is_left_joined { right } else { left }, traits: word };
    let mut outline = Traits::outline(joined, joined_letters);
    let typo = typo(Letters { text: joined, traits: &outline }, alone);
    let may_sound = outline.is_ascii && (word.syllables > 0 || may_begin_alike(joined, &word.sounds));
    let romanised = if may_sound && typo.is_none_or(|alike| alike < likeness::SURE_TYPO) {
        // These cost most, and are asked for last.
        outline.sounds = *known.get_or_insert_with(|| Sounds::of(joined));
        outline.syllables = if word.syllables > 0 { syllable_count(joined).unwrap_or(0) as u8 } else { 0 };
        romanised(Letters { text: joined, traits: &outline }, alone)
    } else {
        None
    };
    let (alike, how) = more_alike(typo, romanised)?;
    let is_firm = match how {
        Likeness::Romanisation => is_long || alike >= likeness::SAME_SYLLABLES,
        _ => is_long && (word.syllables == 0 || syllable_count(joined).is_none()),
    };
    is_firm.then(|| (likeness::joined(alike), how))
}

/// How alike words are that two romanisations may have made of one, 820..=930, or `None`.
fn romanised(left: Letters<'_>, right: Letters<'_>) -> Option<u16> {
    let may = |l: &Traits| l.is_ascii && !l.has_digit;
    if !may(left.traits) || !may(right.traits) {
        return None;
    }
    if left.traits.syllables > 0
        && left.traits.syllables == right.traits.syllables
        && are_same_syllables(left.text, right.text)
    {
        return Some(likeness::SAME_SYLLABLES);
    }
    if left.traits.is_korean && right.traits.is_korean && are_one_syllable(left.text, right.text) {
        return Some(likeness::SAME_SYLLABLES);
    }
    // Two single Chinese syllables that are not the same are two names, however close they sound.
    if left.traits.is_syllable && right.traits.is_syllable {
        return None;
    }
    if !left.traits.sounds.may_be(&right.traits.sounds) {
        return None;
    }
    let as_written = sound_alike(left.text, right.text);
    let has_others = left.traits.sounds.has_other_reading() || right.traits.sounds.has_other_reading();
    let vowelled = if has_others { as_written.max(national_alike(left.text, right.text)) } else { as_written };
    // Of two words without vowels each lacks the same ones.
    if left.traits.lacks_vowels != right.traits.lacks_vowels {
        let (written, other) = if left.traits.lacks_vowels { (left, right) } else { (right, left) };
        return vowelled.max(unvowelled_alike(written.text, other.text));
    }
    vowelled
}

/// How alike the best readings of two words are, where an orthography gives one of them another.
fn national_alike(left: &str, right: &str) -> Option<u16> {
    let mut best = None;
    let mut hear = |one: &[u8], other: &[u8]| {
        let (one, other) = (std::str::from_utf8(one).ok(), std::str::from_utf8(other).ok());
        let (Some(one), Some(other)) = (one, other) else { return };
        let alike = if one == other { Some(likeness::NATIONAL) } else { sound_alike(one, other) };
        best = best.max(alike.map(|alike| alike.min(likeness::NATIONAL)));
    };
    each_form(left.as_bytes(), |form| hear(form, right.as_bytes()));
    each_form(right.as_bytes(), |form| hear(left.as_bytes(), form));
    each_form(left.as_bytes(), |one| each_form(right.as_bytes(), |other| hear(one, other)));
    best
}

/// How alike two words are that differ by more than a typo and begin alike: 500..=780, or `None`. From 600 on they may
/// still be one word badly written, if everything else agrees.
pub(super) fn distant(left: Letters<'_>, right: Letters<'_>) -> Option<u16> {
    let (l, r) = (u16::from(left.traits.length), u16::from(right.traits.length));
    if l.min(r) < 3 || left.traits.has_digit || right.traits.has_digit {
        return None;
    }
    let is_short = l.max(r) <= 4;
    if left.traits.is_syllable && right.traits.is_syllable {
        return None;
    }
    if !is_short && left.text.chars().next() != right.text.chars().next() {
        return None;
    }
    // `Parlin` of `Parlindungan`: the shorter is the beginning of the longer.
    if l.min(r) >= 4 && (left.text.starts_with(right.text) || right.text.starts_with(left.text)) {
        return Some(likeness::of_beginning(l.abs_diff(r)));
    }
    let most = match l.min(r) {
        _ if is_short => 1,
        7.. => 3,
        _ => 2,
    };
    let distance = edits_within(left.text, right.text, most)?;
    likeness::of_distant(distance as u16, l.max(r))
}

/// `tech` of `technology`, `intl` of `international`: the first letters, or some of them with the first and last.
fn is_short_form(short: &str, long: &str) -> bool {
    if short.len() < 3 || long.len() < short.len() + 2 {
        return false;
    }
    if long.starts_with(short) {
        return true;
    }
    // `mfg` of `manufacturing`, but not `tom` of `tourism`: three letters are shortened to consonants.
    let is_vowel = |b: &u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    if short.len() == 3 && short.as_bytes()[1..].iter().any(is_vowel) {
        return false;
    }
    let mut letters = long.chars();
    short.chars().next() == long.chars().next()
        && short.chars().last() == long.chars().last()
        && short.chars().all(|c| letters.any(|l| l == c))
}

/// The edits that may turn words of these lengths and letters into each other, at most; `None` when none can.
fn typo_budget(left: (u8, u32), right: (u8, u32)) -> Option<u8> {
    let budget = edits_in_word(left.0.min(right.0));
    let letters_apart = (left.1 ^ right.1).count_ones();
    (budget > 0 && left.0.abs_diff(right.0) <= budget && letters_apart <= 2 * u32::from(budget)).then_some(budget)
}

/// How alike words are that differ by typos, 10..=1000, or `None`.
fn typo(left: Letters<'_>, right: Letters<'_>) -> Option<u16> {
    let (l, r) = (usize::from(left.traits.length), usize::from(right.traits.length));
    let of = |word: &Traits| (word.length, word.letters);
    let budget = usize::from(typo_budget(of(left.traits), of(right.traits))?);
    if left.traits.has_digit && right.traits.has_digit && is_number(left, right) {
        return None;
    }
    let is_syllabic = left.traits.is_syllable && right.traits.is_syllable;
    let (left, right) = (left.text, right.text);
    let plain = edits_within(left, right, budget).map(|edits| edits * likeness::EDIT);
    let cheap = edits_within_if_confused(left, right, budget).map(|edits| edits * likeness::EDIT + likeness::CONFUSED);
    let distance = plain.into_iter().chain(cheap).min()?;
    let marks = TypoMarks {
        is_syllabic,
        is_transposed: distance == likeness::EDIT && l == r && is_transposed(left, right),
        starts_otherwise: left.chars().next() != right.chars().next(),
    };
    likeness::of_typo(distance, (l.min(r), l.max(r)), marks)
}

/// Whether the words have the same letters, two of them in another order.
fn is_transposed(left: &str, right: &str) -> bool {
    let sum = |word: &str| word.chars().fold((0u32, 0u64), |(s, q), c| (s + c as u32, q + u64::from(c as u32).pow(2)));
    sum(left) == sum(right)
}

fn is_number(left: Letters<'_>, right: Letters<'_>) -> bool {
    left.text.bytes().chain(right.text.bytes()).all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(left: &str, right: &str) -> Option<(u16, Likeness)> {
        let (l, r) = (Traits::of(left), Traits::of(right));
        likeness(Letters { text: left, traits: &l }, Letters { text: right, traits: &r }, false)
    }

    #[test]
    fn variants_are_alike_and_other_words_are_not() {
        for (left, right) in [
            ("mohamed", "muhammad"),
            ("technology", "techonlogy"),
            ("innovation", "inovation"),
            ("hussein", "hossein"),
            ("khrushchev", "khruschev"),
            ("zedong", "tsetung"),
            ("jinping", "chinping"),
            ("xi", "hsi"),
            ("osama", "usama"),
        ] {
            assert!(alike(left, right).is_some_and(|l| l.0 >= 750), "{left} {right}");
            assert_eq!(alike(left, right), alike(right, left));
        }
        for (left, right) in [("dji", "dj"), ("shen", "zhang"), ("2019", "2018"), ("iflight", "iflytek")] {
            assert!(alike(left, right).is_none(), "{left} {right} {:?}", alike(left, right));
        }
    }
}
