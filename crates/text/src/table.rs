//! What each code point folds to, built page by page from the Unicode crates when a page is first met.
//!
//! A look-up is two array accesses; the crates' iterator chains run only while a page is built. There is one
//! table for each [`Reading`].

use super::reading::Reading;
use super::variants;
use icu_casemap::CaseMapper;
use icu_normalizer::{
    ComposingNormalizer, ComposingNormalizerBorrowed, DecomposingNormalizer, DecomposingNormalizerBorrowed,
};
use icu_properties::props::{GeneralCategory, Script};
use icu_properties::{CodePointMapData, CodePointMapDataBorrowed};
use std::sync::OnceLock;

/// What becomes of one code point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folding<'a> {
    /// Ends the token.
    Blank,
    /// Leaves no trace and no boundary.
    Drop,
    /// A combining mark: dropped after Latin and Greek, composed with other bases where Unicode composes it.
    Mark,
    /// Letters or digits of the running token.
    Letters { text: &'a str, traits: Traits },
    /// A letter of a script written without blanks: a token of its own.
    Ideograph { text: &'a str, traits: Traits },
}

/// What a letter says about the script of its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Traits(u8);

impl Traits {
    pub(super) const LATIN: Self = Self(1);
    /// Not Latin, and no Latin letter looks like it.
    pub(super) const FOREIGN: Self = Self(2);
    /// Not Latin, but looks like a Latin letter.
    pub(super) const LOOK_ALIKE: Self = Self(4);

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

#[derive(Clone, Copy)]
enum Slot {
    Blank,
    Drop,
    Mark,
    Letters { start: u16, len: u8, traits: Traits },
    Ideograph { start: u16, len: u8, traits: Traits },
}

struct Page {
    slots: [Slot; 256],
    texts: String,
}

/// One table of 0x1100 pages of 256 code points.
pub(super) struct Table {
    pages: [OnceLock<Box<Page>>; 0x1100],
    reading: Reading,
}

impl Table {
    const fn new(reading: Reading) -> Self {
        Self { pages: [const { OnceLock::new() }; 0x1100], reading }
    }

    pub(super) fn of(reading: Reading) -> &'static Self {
        static PLAIN: Table = Table::new(Reading::Plain);
        static LOOK_ALIKE: Table = Table::new(Reading::LookAlike);
        static ROMANISED: Table = Table::new(Reading::Romanised);
        match reading {
            Reading::Plain => &PLAIN,
            Reading::LookAlike | Reading::Undisguised => &LOOK_ALIKE,
            Reading::Romanised => &ROMANISED,
        }
    }

    pub(super) fn fold(&self, c: char) -> Folding<'_> {
        let code = c as usize;
        let page = self.pages[code >> 8].get_or_init(|| Box::new(build_page(code >> 8, self.reading)));
        let text = |start: u16, len: u8| &page.texts[usize::from(start)..usize::from(start) + usize::from(len)];
        match page.slots[code & 0xff] {
            Slot::Blank => Folding::Blank,
            Slot::Drop => Folding::Drop,
            Slot::Mark => Folding::Mark,
            Slot::Letters { start, len, traits } => Folding::Letters { text: text(start, len), traits },
            Slot::Ideograph { start, len, traits } => Folding::Ideograph { text: text(start, len), traits },
        }
    }
}

fn build_page(number: usize, reading: Reading) -> Page {
    let unicode = Unicode::get();
    let mut page = Page { slots: [Slot::Drop; 256], texts: String::new() };
    for low in 0..256 {
        let Some(c) = u32::try_from(number << 8 | low).ok().and_then(char::from_u32) else { continue };
        page.slots[low] = unicode.slot(c, reading, &mut page.texts);
    }
    page
}

/// What a non-spacing mark is to us.
#[derive(PartialEq, Eq)]
enum MarkKind {
    /// Vowel points of Arabic and Hebrew, variation selectors: left out when writers please.
    Dropped,
    /// An accent over the letter before it.
    Combining,
    /// Part of the word, as the vowel signs of Indic scripts.
    Letter,
}

struct Unicode {
    category: CodePointMapDataBorrowed<'static, GeneralCategory>,
    script: CodePointMapDataBorrowed<'static, Script>,
    nfkc: ComposingNormalizerBorrowed<'static>,
    nfd: DecomposingNormalizerBorrowed<'static>,
}

impl Unicode {
    fn get() -> &'static Self {
        static UNICODE: OnceLock<Unicode> = OnceLock::new();
        UNICODE.get_or_init(|| Unicode {
            category: CodePointMapData::<GeneralCategory>::new(),
            script: CodePointMapData::<Script>::new(),
            nfkc: ComposingNormalizer::new_nfkc(),
            nfd: DecomposingNormalizer::new_nfd(),
        })
    }

    fn slot(&self, c: char, reading: Reading, texts: &mut String) -> Slot {
        if is_plain_ideograph(c) { ideograph(c, reading, texts) } else { self.any_slot(c, reading, texts) }
    }

    fn any_slot(&self, c: char, reading: Reading, texts: &mut String) -> Slot {
        use GeneralCategory as G;
        if is_silent(c) {
            return Slot::Drop;
        }
        match self.category.get(c) {
            G::Format | G::EnclosingMark | G::Surrogate | G::PrivateUse => return Slot::Drop,
            G::NonspacingMark => match self.mark(c) {
                MarkKind::Dropped => return Slot::Drop,
                MarkKind::Combining => return Slot::Mark,
                MarkKind::Letter => {}
            },
            _ => {}
        }
        let folded = self.fold_letters(c, reading);
        if folded.is_empty() || folded.len() > usize::from(u8::MAX) {
            return Slot::Blank;
        }
        let mut traits = Traits::default();
        let script = self.script.get(c);
        if script == Script::Latin || (is_enclosed(c) && folded.bytes().all(|b| b.is_ascii_lowercase())) {
            traits.add(Traits::LATIN);
        } else if !folded.bytes().all(|b| b.is_ascii_digit()) {
            traits.add(if look_alike(c).is_some() { Traits::LOOK_ALIKE } else { Traits::FOREIGN });
        }
        let start = u16::try_from(texts.len()).expect("a page of 256 short foldings stays under 64 KiB");
        texts.push_str(&folded);
        let len = folded.len() as u8;
        let unspaced = matches!(
            script,
            Script::Han
                | Script::Hiragana
                | Script::Katakana
                | Script::Thai
                | Script::Lao
                | Script::Khmer
                | Script::Myanmar
        ) && self.category.get(c) != G::NonspacingMark;
        if unspaced { Slot::Ideograph { start, len, traits } } else { Slot::Letters { start, len, traits } }
    }

    fn mark(&self, c: char) -> MarkKind {
        match c as u32 {
            0xfe00..=0xfe0f | 0xe0100..=0xe01ef => MarkKind::Dropped,
            0x300..=0x36f | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff | 0xfe20..=0xfe2f => {
                MarkKind::Combining
            }
            _ if matches!(self.script.get(c), Script::Arabic | Script::Hebrew | Script::Inherited) => MarkKind::Dropped,
            _ => MarkKind::Letter,
        }
    }

    /// The letters and digits of one code point: compatibility form, case folded, marks gone, digits in ASCII.
    fn fold_letters(&self, c: char, reading: Reading) -> String {
        if reading == Reading::LookAlike
            && let Some(latin) = look_alike(c)
        {
            return latin.to_string();
        }
        if let Some(letter) = negative(c) {
            return letter.to_string();
        }
        let compatible = self.nfkc.normalize(c.encode_utf8(&mut [0; 4])).into_owned();
        let folded = CaseMapper::new().fold_string(&compatible).into_owned();
        let mut out = String::new();
        for c in self.nfkc.normalize(&folded).chars() {
            let script = self.script.get(c);
            match c {
                _ if is_silent(c) => {}
                'a'..='z' | '0'..='9' => out.push(c),
                _ if self.category.get(c) == GeneralCategory::DecimalNumber => {
                    out.extend(decimal_digit(c));
                }
                _ if script == Script::Latin => {
                    out.extend(any_ascii::any_ascii_char(c).chars().filter_map(ascii_letter));
                }
                _ if script == Script::Greek => {
                    let base = self.nfd.normalize(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c);
                    push_native(if base == 'ς' { 'σ' } else { base }, reading, &mut out);
                }
                _ if self.category.get(c) == GeneralCategory::NonspacingMark && self.mark(c) != MarkKind::Letter => {}
                _ if is_word(self.category.get(c)) => push_native(unify(c), reading, &mut out),
                _ => {}
            }
        }
        out
    }
}

/// A unified ideograph, but for the two that look like T and Y: it is its own compatibility form and has no case; a test holds
/// [`ideograph`] to what every other code point goes through. That costs twenty times as much, and a list with Chinese
/// names meets nearly every page of them.
fn is_plain_ideograph(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fef}') && !matches!(c, '\u{4e05}' | '\u{4e2b}')
}

fn ideograph(c: char, reading: Reading, texts: &mut String) -> Slot {
    let start = texts.len();
    push_native(c, reading, texts);
    let len = texts.len() - start;
    if len == 0 {
        return Slot::Blank;
    }
    let start = u16::try_from(start).expect("a page of 256 short foldings stays under 64 KiB");
    Slot::Ideograph { start, len: len as u8, traits: Traits::FOREIGN }
}

fn push_native(c: char, reading: Reading, out: &mut String) {
    if reading == Reading::Romanised {
        out.extend(any_ascii::any_ascii_char(c).chars().filter_map(ascii_letter));
    } else {
        out.push(variants::read_as(c));
    }
}

fn ascii_letter(c: char) -> Option<char> {
    c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase())
}

fn is_word(category: GeneralCategory) -> bool {
    use GeneralCategory as G;
    matches!(
        category,
        G::LowercaseLetter
            | G::UppercaseLetter
            | G::TitlecaseLetter
            | G::ModifierLetter
            | G::OtherLetter
            | G::LetterNumber
            | G::OtherNumber
            | G::DecimalNumber
            | G::NonspacingMark
            | G::SpacingMark
    )
}

/// Apostrophes, and the stroke that stretches Arabic words: written or left out as one pleases.
fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '´' | '\u{2bb}'..='\u{2bf}' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{5f3}' | '\u{ff07}'
    )
}

/// Letters in circles, squares and parentheses: Latin letters in another dress.
fn is_enclosed(c: char) -> bool {
    matches!(c, '\u{249c}'..='\u{24e9}' | '\u{1f110}'..='\u{1f189}')
}

/// The letter of a white letter on a black circle or square, which Unicode does not decompose.
fn negative(c: char) -> Option<char> {
    let first = match c {
        '\u{1f150}'..='\u{1f169}' => 0x1f150,
        '\u{1f170}'..='\u{1f189}' => 0x1f170,
        _ => return None,
    };
    Some(char::from(b'a' + (u32::from(c) - first) as u8))
}

/// Spellings that writers of one script use for one another.
fn unify(c: char) -> char {
    match c {
        'ё' => 'е',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ة' => 'ه',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        _ => c,
    }
}

fn decimal_digit(c: char) -> Option<char> {
    // Unicode lays decimal digits out in runs of ten that start at a multiple of ten from their zero.
    any_ascii::any_ascii_char(c).chars().next().filter(char::is_ascii_digit)
}

/// The Latin letter, lower case, that this letter of another script is easily taken for.
fn look_alike(c: char) -> Option<char> {
    if c.is_ascii() || !c.is_alphabetic() {
        return None;
    }
    let latin = |c: char| {
        let mut shape =
            unicode_security::confusable_detection::skeleton(c.encode_utf8(&mut [0; 4])).collect::<String>();
        shape.make_ascii_lowercase();
        let mut chars = shape.chars();
        match (chars.next(), chars.next()) {
            (Some(one), None) if one.is_ascii_lowercase() => Some(one),
            _ => None,
        }
    };
    let lower = c.to_lowercase().next().unwrap_or(c);
    let upper = c.to_uppercase().next().unwrap_or(c);
    // The Unicode table takes capital I for l; the lower-case letter shows which is meant.
    let from_upper = || latin(upper).filter(|&l| l != 'l');
    if c.is_uppercase() { from_upper().or_else(|| latin(lower)) } else { latin(lower).or_else(from_upper) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_of_ideographs_gives_what_the_long_way_gives() {
        let unicode = Unicode::get();
        for reading in [Reading::Plain, Reading::LookAlike, Reading::Romanised] {
            for c in ('\u{4e00}'..='\u{9fff}').filter(|c| is_plain_ideograph(*c)) {
                let (mut short, mut long) = (String::new(), String::new());
                let of = |slot: Slot| match slot {
                    Slot::Ideograph { start, len, traits } => (start, len, traits),
                    _ => (0, 0, Traits::default()),
                };
                let short_slot = of(ideograph(c, reading, &mut short));
                assert_eq!(
                    (short_slot, &short),
                    (of(unicode.any_slot(c, reading, &mut long)), &long),
                    "{c} {reading:?}"
                );
            }
        }
    }
}
