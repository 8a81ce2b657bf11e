//! What the words of a name are, and what they weigh.

mod number;

use super::korean::is_family;
use super::similar::letter_set;
use super::sounds::Sounds;
use super::syllables::syllable_count;
use super::tables::{Form, FormClass, FormPlace, MAX_FORM_TOKENS, Tables, WordKinds};
use number::{compound_number, number};
use rustc_hash::FxHasher;
use std::hash::Hasher as _;
use text::{Folded, Token};

/// What a word does in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Tells this name from others.
    Distinctive,
    /// An everyday word: tells little on its own.
    Everyday,
    /// A trade word that thousands of companies carry.
    Generic,
    /// A country, city or region.
    Place,
    /// A number or ordinal, in digits, words or Roman numerals.
    Number(u32),
    /// A single letter.
    Initial,
    /// `bin`, `von`, `of`, `and`.
    Particle,
    /// `Dr`, `Sheikh`, `M/V`.
    Title,
    /// A legal form, possibly of several tokens.
    LegalForm(FormClass),
}

/// Which part of a person's name a word is, where the writer says so by a comma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Unknown,
    Family,
    Given,
    /// The father's name: `Ivanovich`.
    Patronymic,
}

/// A word of a name: a range of the squeezed text, what it is and what it weighs (0..=1000).
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// First byte in the squeezed text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it does.
    pub class: Class,
    /// What it weighs, 0..=1000.
    pub weight: u16,
    pub(super) traits: Traits,
}

/// What can be told of a word without looking at its letters in order, computed once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits {
    /// Of the letters; equal words have equal ones.
    pub(super) hash: u32,
    /// One bit for each group of consonants; none for other scripts.
    pub(super) consonants: u32,
    /// See [`letter_set`].
    pub(super) letters: u32,
    pub(super) sounds: Sounds,
    /// Letters, up to 255.
    pub(super) length: u8,
    /// Chinese syllables that the word is a line of; 0 for other words.
    pub(super) syllables: u8,
    pub(super) is_ascii: bool,
    pub(super) has_digit: bool,
    /// A form of a given name that has others.
    pub(super) is_given_name: bool,
    /// A trade word that other languages have a word for.
    pub(super) is_translated: bool,
    /// One syllable as Chinese and Korean names are made of.
    pub(super) is_syllable: bool,
    /// A word of a name with a Korean family name.
    pub(super) is_korean: bool,
    /// Romanised from a script that leaves short vowels out.
    pub(super) lacks_vowels: bool,
    /// `abu`, `umm`: the next word is a child's or a quality's name, and the two are one name.
    pub(super) is_kunya: bool,
    pub(super) part: Part,
}

impl Traits {
    pub(super) const NONE: Self = Self {
        hash: 0,
        consonants: 0,
        letters: 0,
        sounds: Sounds::NONE,
        length: 0,
        syllables: 0,
        is_ascii: true,
        has_digit: false,
        is_given_name: false,
        is_translated: false,
        is_syllable: false,
        is_korean: false,
        lacks_vowels: false,
        is_kunya: false,
        part: Part::Unknown,
    };

    pub(super) fn of(letters: &str) -> Self {
        let mut hasher = FxHasher::default();
        hasher.write(letters.as_bytes());
        let consonants = letters.bytes().fold(0u32, |mask, b| match b {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'j' | b'h' => mask,
            b'c' | b'q' | b'k' | b'g' => mask | 1 << 10,
            b's' | b'z' | b'x' => mask | 1 << 18,
            b't' | b'd' => mask | 1 << 19,
            b'b' | b'p' | b'f' | b'v' | b'w' => mask | 1 << 1,
            b'a'..=b'z' => mask | 1 << (b - b'a'),
            b'0'..=b'9' => mask | 1 << 26,
            // Letters of other scripts say nothing here and exclude nothing.
            _ => mask,
        });
        let is_ascii = letters.is_ascii();
        let length = if is_ascii { letters.len() } else { letters.chars().count() };
        Self {
            hash: (hasher.finish() >> 32) as u32 ^ hasher.finish() as u32,
            consonants,
            letters: letter_set(letters),
            sounds: Sounds::of(letters),
            length: length.min(255) as u8,
            syllables: syllable_count(letters).unwrap_or(0) as u8,
            is_ascii,
            has_digit: letters.bytes().any(|b| b.is_ascii_digit()),
            is_given_name: false,
            is_translated: false,
            is_syllable: false,
            is_korean: false,
            lacks_vowels: false,
            is_kunya: false,
            part: Part::Unknown,
        }
    }

    /// Words of much different length or consonants are not alike; forms of one given name can be.
    pub(super) fn may_resemble(&self, other: &Self) -> bool {
        (self.is_given_name && other.is_given_name)
            || (self.is_translated && other.is_translated)
            || self.length.min(other.length) == 1
            || (self.length.abs_diff(other.length) <= 4 && (self.consonants ^ other.consonants).count_ones() <= 4)
    }
}

/// A name ready for comparison: its squeezed letters and its words.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Squeezed text that the words point into.
    pub text: &'a str,
    /// The words, in order, without gaps.
    pub words: &'a [Word],
}

impl<'a> View<'a> {
    /// The letters of a word.
    pub fn letters(&self, word: &Word) -> &'a str {
        &self.text[word.start as usize..word.end as usize]
    }

    /// The letters of the whole name.
    pub fn squeezed(&self) -> &'a str {
        match (self.words.first(), self.words.last()) {
            (Some(first), Some(last)) => &self.text[first.start as usize..last.end as usize],
            _ => "",
        }
    }
}

/// How rare a word is in the loaded lists.
pub trait Rarity {
    /// 0..=1000: 1000 for a word that no listed name carries, near 0 for one that all carry.
    fn rarity(&self, word: &str) -> u16;
}

/// Every word is equally rare.
#[derive(Clone, Copy, Debug, Default)]
pub struct Uniform;

impl Rarity for Uniform {
    fn rarity(&self, _word: &str) -> u16 {
        1000
    }
}

/// Parses the tokens `tokens` of `folded` into words, appended to `out`. In the name of a person every word that
/// could be a trade word, a place or an everyday word is a name (`Jordan`, `Chad`, `General`), and a comma parts the
/// family name from the given ones.
pub fn parse(folded: &Folded, tokens: &[Token], is_person: bool, rarity: &impl Rarity, out: &mut Vec<Word>) {
    let tables = Tables::get();
    let first = out.len();
    let family = if is_person && tokens.len() == folded.tokens().len() { folded.tokens_before_comma() } else { None };
    let word = |start: u32, end: u32, class: Class, weight: u16| {
        let traits = Traits::of(&folded.squeezed()[start as usize..end as usize]);
        Word { start, end, class, weight, traits }
    };
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at];
        if !is_person && let Some((length, form)) = legal_form(folded, tokens, at, tables) {
            out.push(word(token.start, tokens[at + length - 1].end, Class::LegalForm(form.class), 0));
            at += length;
            continue;
        }
        let text = folded.text(token);
        if let Some(value) = compound_number(folded, tokens, at, tables) {
            out.push(word(token.start, tokens[at + 1].end, Class::Number(value), 450));
            at += 2;
            continue;
        }
        let kinds = tables.kinds(text);
        let (class, weight) = classify(text, at, is_person, kinds, tables, rarity);
        let mut word = word(token.start, token.end, class, weight);
        word.traits.is_given_name = kinds.has(WordKinds::GIVEN);
        word.traits.is_translated = !is_person && kinds.has(WordKinds::TRANSLATED);
        word.traits.is_syllable = is_person && is_syllable(text);
        word.traits.lacks_vowels = folded.lacks_vowels();
        word.traits.is_kunya = is_person && is_kunya(text);
        word.traits.part = match family {
            Some(count) if at < count => Part::Family,
            Some(_) => Part::Given,
            None => Part::Unknown,
        };
        if is_person {
            weigh_fathers(text, at, tokens.len(), &mut word);
        }
        out.push(word);
        at += 1;
    }
    let words = &mut out[first..];
    if is_person {
        weigh_ancestors(folded.squeezed(), words);
        if words.iter().any(|w| is_family(letters(folded, w))) {
            words.iter_mut().for_each(|w| w.traits.is_korean = true);
        }
    } else if (2..=4).contains(&words.len()) && words.iter().all(|w| is_syllable(letters(folded, w))) {
        // A name of nothing but syllables is a Chinese or Korean person, whatever the list says or does not say.
        words.iter_mut().for_each(|w| w.traits.is_syllable = true);
    }
}

fn letters<'f>(folded: &'f Folded, word: &Word) -> &'f str {
    &folded.squeezed()[word.start as usize..word.end as usize]
}

fn is_syllable(text: &str) -> bool {
    text.len() <= 6 && syllable_count(text) == Some(1)
}

/// A father's name in the East Slavic way between others, `Ivanovich`, is left out more often than written.
fn weigh_fathers(text: &str, at: usize, count: usize, word: &mut Word) {
    const ENDINGS: [&str; 19] = [
        "ovich",
        "evich",
        "ovych",
        "evych",
        "ovna",
        "evna",
        "ivna",
        "yevich",
        "yevna",
        "ovic",
        "evic",
        "avich",
        "avna",
        "ович",
        "евич",
        "овна",
        "евна",
        "івна",
        "йович",
    ];
    let is_inside = at > 0 && (at + 1 < count || word.traits.part == Part::Given);
    if is_inside
        && word.class == Class::Distinctive
        && ENDINGS.iter().any(|e| text.len() > e.len() + 2 && text.ends_with(e))
    {
        word.traits.part = Part::Patronymic;
        word.weight = word.weight.min(300);
    }
}

/// In `Usama bin Muhammad bin Awad bin Laden` the ancestors between the first and the last are often left out.
fn weigh_ancestors(squeezed: &str, words: &mut [Word]) {
    let joins =
        |word: &Word| matches!(&squeezed[word.start as usize..word.end as usize], "bin" | "ben" | "ibn" | "bint");
    if words.iter().filter(|w| joins(w)).count() < 2 {
        return;
    }
    let last = words.iter().rposition(joins).unwrap_or(0);
    for at in 1..last {
        if joins(&words[at - 1]) {
            words[at].weight /= 2;
        }
    }
}

/// The longest legal form that starts at this token.
fn legal_form(folded: &Folded, tokens: &[Token], at: usize, tables: &Tables) -> Option<(usize, Form)> {
    let squeezed = folded.squeezed();
    let word = folded.text(tokens[at]);
    let most = MAX_FORM_TOKENS.min(tokens.len() - at);
    let allowed = |form: &Form, length: usize| {
        let (is_first, is_last) = (at == 0, at + length == tokens.len());
        match form.place {
            _ if is_first && is_last => false,
            FormPlace::Anywhere => true,
            FormPlace::Edge => is_first || is_last,
            FormPlace::End => !is_first && is_last,
        }
    };
    if tables.begins_form(word) {
        for length in (1..=most).rev() {
            let letters = &squeezed[tokens[at].start as usize..tokens[at + length - 1].end as usize];
            if letters.len() <= 80
                && let Some(form) = tables.form(letters).filter(|form| allowed(form, length))
            {
                return Some((length, form));
            }
        }
    }
    tables.misspelt_form(word).filter(|form| allowed(form, 1)).map(|form| (1, form))
}

fn classify(
    text: &str,
    at: usize,
    is_person: bool,
    kinds: WordKinds,
    tables: &Tables,
    rarity: &impl Rarity,
) -> (Class, u16) {
    if let Some(value) = number(text, at, tables) {
        return (Class::Number(value), 450);
    }
    if (at == 0 && kinds.has(WordKinds::VESSEL_PREFIX))
        || kinds.has(WordKinds::TITLE)
        || (at == 0 && kinds.has(WordKinds::TITLE_BEFORE))
    {
        return (Class::Title, 30);
    }
    if kinds.has(WordKinds::PARTICLE) {
        // `abdul` and `abu` begin a name and are part of it; `of` and `al` only join.
        return match text {
            _ if is_person && is_kunya(text) => (Class::Particle, 200),
            _ if is_person && (text.len() >= 4 || text == "abd") => (Class::Distinctive, 300),
            _ => (Class::Particle, 60),
        };
    }
    if text.len() == 1 {
        // `Bonyad-e Taavon`, `Filho e Irmaos`, `Perez y Hijos`: in the name of a company these join words.
        if !is_person && at > 0 && matches!(text, "e" | "y") {
            return (Class::Particle, 60);
        }
        return (Class::Initial, 250);
    }
    let rare = rarity.rarity(text);
    if is_person {
        // A name that everybody knows tells less than one that nobody has heard.
        let most = match (kinds.has(WordKinds::GIVEN), kinds.has(WordKinds::SURNAME)) {
            (true, _) => 600,
            (false, true) => 650,
            (false, false) => 1000,
        };
        return (Class::Distinctive, rare.clamp(200, most));
    }
    if kinds.has(WordKinds::GENERIC) {
        return (Class::Generic, (rare / 4).clamp(60, 200));
    }
    if kinds.has(WordKinds::PLACE) {
        return (Class::Place, (rare / 3).clamp(120, 330));
    }
    if kinds.has(WordKinds::EVERYDAY) {
        return (Class::Everyday, (rare * 2 / 3).clamp(150, 600));
    }
    (Class::Distinctive, rare.clamp(200, 1000))
}

/// `Abu Omar`, `Umm Kulthum`: the name of a parent by the child.
fn is_kunya(text: &str) -> bool {
    matches!(text, "abu" | "abou" | "umm" | "um" | "oum")
}
