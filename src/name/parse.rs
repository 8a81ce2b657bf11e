//! What the words of a name are, and what they weigh.

use super::tables::{Form, FormClass, MAX_FORM_TOKENS, Tables, WordKinds};
use crate::text::{Folded, Token};

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
/// could be a trade word, a place or an everyday word is a name (`Jordan`, `Chad`, `General`).
pub fn parse(folded: &Folded, tokens: &[Token], is_person: bool, rarity: &impl Rarity, out: &mut Vec<Word>) {
    let tables = Tables::get();
    let mut at = 0;
    while at < tokens.len() {
        if !is_person && let Some((length, form)) = legal_form(folded, tokens, at, tables) {
            out.push(Word {
                start: tokens[at].start,
                end: tokens[at + length - 1].end,
                class: Class::LegalForm(form.class),
                weight: 0,
            });
            at += length;
            continue;
        }
        let token = tokens[at];
        let text = folded.text(token);
        if let Some(value) = compound_number(folded, tokens, at, tables) {
            out.push(Word { start: token.start, end: tokens[at + 1].end, class: Class::Number(value), weight: 450 });
            at += 2;
            continue;
        }
        let (class, weight) = classify(text, at, is_person, tables, rarity);
        out.push(Word { start: token.start, end: token.end, class, weight });
        at += 1;
    }
}

/// The longest legal form that starts at this token.
fn legal_form(folded: &Folded, tokens: &[Token], at: usize, tables: &Tables) -> Option<(usize, Form)> {
    let squeezed = folded.squeezed();
    for length in (1..=MAX_FORM_TOKENS.min(tokens.len() - at)).rev() {
        let letters = &squeezed[tokens[at].start as usize..tokens[at + length - 1].end as usize];
        if letters.len() > 80 {
            continue;
        }
        let form = tables.form(letters).or_else(|| if length == 1 { tables.misspelt_form(letters) } else { None });
        let Some(form) = form else { continue };
        let at_edge = at == 0 || at + length == tokens.len();
        let is_whole = at == 0 && length == tokens.len();
        if is_whole || (form.weak && !at_edge) {
            continue;
        }
        return Some((length, form));
    }
    None
}

fn classify(text: &str, at: usize, is_person: bool, tables: &Tables, rarity: &impl Rarity) -> (Class, u16) {
    if let Some(value) = number(text, at, tables) {
        return (Class::Number(value), 450);
    }
    let kinds = tables.kinds(text);
    if at == 0 && kinds.has(WordKinds::VESSEL_PREFIX) || kinds.has(WordKinds::TITLE) {
        return (Class::Title, 30);
    }
    if kinds.has(WordKinds::PARTICLE) {
        // `abdul` and `abdel` begin a name and are half of it; `of` and `al` only join.
        let is_half_a_name = is_person && text.len() >= 4;
        return if is_half_a_name { (Class::Distinctive, 300) } else { (Class::Particle, 60) };
    }
    if text.len() == 1 {
        return (Class::Initial, 250);
    }
    let rare = rarity.rarity(text);
    if is_person {
        // A given name that everybody knows tells less than a family name that nobody has heard.
        let most = if tables.is_given_name(text) { 650 } else { 1000 };
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

/// The value of two number words, tens and units: `forty four`.
fn compound_number(folded: &Folded, tokens: &[Token], at: usize, tables: &Tables) -> Option<u32> {
    let tens = tables.number(folded.text(tokens[at])).filter(|n| (20..100).contains(n) && n % 10 == 0)?;
    let units = tables.number(folded.text(*tokens.get(at + 1)?)).filter(|n| (1..10).contains(n))?;
    Some(tens + units)
}

/// The value of digits (up to nine), number words and Roman numerals from II to XXXIX after the first token.
fn number(text: &str, at: usize, tables: &Tables) -> Option<u32> {
    if text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    if let Some(value) = tables.number(text) {
        return Some(value);
    }
    if at > 0 && text.len() >= 2 && text.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')) {
        return (2..40).find(|&n| roman(n) == text);
    }
    let ordinal =
        text.strip_suffix("st").or(text.strip_suffix("nd")).or(text.strip_suffix("rd")).or(text.strip_suffix("th"))?;
    (!ordinal.is_empty() && ordinal.len() <= 4).then(|| ordinal.parse().ok()).flatten()
}

fn roman(mut n: u32) -> String {
    let mut out = String::new();
    for (value, letters) in [(10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")] {
        while n >= value {
            out.push_str(letters);
            n -= value;
        }
    }
    out
}
