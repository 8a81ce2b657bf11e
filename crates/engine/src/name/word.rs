//! The words of a name: what they are and what they weigh.

use super::letters::letter_set;
use super::sounds::Sounds;
use super::syllables::syllable_count;
use super::tables::FormClass;
use model::binary::{Binary, BytesIn, BytesOut, Malformed};
use model::{binary_choice, binary_fields};
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// What a word does in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Distinguishes this name from others.
    Distinctive,
    /// An everyday word: says little on its own.
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

impl Class {
    /// Whether a word of this class helps to identify a party: a distinctive word or an everyday one.
    pub fn is_identifying(self) -> bool {
        matches!(self, Self::Distinctive | Self::Everyday)
    }
}

impl Binary for Class {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        let (kind, of_kind) = match *self {
            Self::Distinctive => (0u8, 0),
            Self::Everyday => (1, 0),
            Self::Generic => (2, 0),
            Self::Place => (3, 0),
            Self::Number(number) => (4, number),
            Self::Initial => (5, 0),
            Self::Particle => (6, 0),
            Self::Title => (7, 0),
            Self::LegalForm(form) => (8, form as u32),
        };
        (kind, of_kind).write_to(out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        let (kind, of_kind) = <(u8, u32)>::read_from(bytes)?;
        let form = || FormClass::ALL.get(of_kind as usize).copied().ok_or(Malformed { expected: "a legal form" });
        Ok(match kind {
            0 => Self::Distinctive,
            1 => Self::Everyday,
            2 => Self::Generic,
            3 => Self::Place,
            4 => Self::Number(of_kind),
            5 => Self::Initial,
            6 => Self::Particle,
            7 => Self::Title,
            8 => Self::LegalForm(form()?),
            _ => return Err(Malformed { expected: "a class of words" }),
        })
    }
}

/// Which part of a person's name a word is, where a comma or its ending shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Unknown,
    Family,
    Given,
    /// The father's name: `Ivanovich`.
    Patronymic,
}

binary_choice!(Part { Unknown, Family, Given, Patronymic });

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

impl Word {
    /// No word, to be replaced.
    pub(crate) const NONE: Self = Self { start: 0, end: 0, class: Class::Initial, weight: 0, traits: Traits::NONE };

    /// Whether its script leaves vowels out, so that letters are missing where it is romanised.
    pub fn lacks_vowels(&self) -> bool {
        self.traits.lacks_vowels
    }

    /// How many letters it has, up to 255.
    pub fn letter_count(&self) -> usize {
        usize::from(self.traits.length)
    }
}

/// What is known of a word without its letters in order, computed once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Traits {
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

binary_fields!(Traits {
    hash,
    consonants,
    letters,
    sounds,
    length,
    syllables,
    is_ascii,
    has_digit,
    is_given_name,
    is_translated,
    is_syllable,
    is_korean,
    lacks_vowels,
    is_kunya,
    part,
});

impl Traits {
    pub(crate) const NONE: Self = Self {
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

    /// Of the letters of a word alone.
    pub(crate) fn of(letters: &str) -> Self {
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

    /// What typos are told by, of letters whose set is known.
    pub(super) fn outline(text: &str, letters: u32) -> Self {
        let is_ascii = text.is_ascii();
        let length = if is_ascii { text.len() } else { text.chars().count() };
        let has_digit = text.bytes().any(|b| b.is_ascii_digit());
        Self { letters, length: length.min(255) as u8, is_ascii, has_digit, ..Self::NONE }
    }

    /// What the letters alone say.
    pub(super) fn of_letters(&self) -> Self {
        let Self { hash, consonants, letters, sounds, length, syllables, is_ascii, has_digit, .. } = *self;
        Self { hash, consonants, letters, sounds, length, syllables, is_ascii, has_digit, ..Self::NONE }
    }

    /// Those that a signature of the word has too.
    pub(crate) fn in_signature(&self) -> InSignature {
        InSignature { hash: self.hash, letters: self.letters, sounds: self.sounds, length: self.length }
    }

    /// Those of the letters that it does not have.
    pub(crate) fn not_in_signature(&self) -> NotInSignature {
        let Self { consonants, syllables, is_ascii, has_digit, .. } = *self;
        NotInSignature { consonants, syllables, is_ascii, has_digit }
    }

    /// Of both.
    pub(crate) fn of_parts(signed: InSignature, rest: NotInSignature) -> Self {
        let InSignature { hash, letters, sounds, length } = signed;
        let NotInSignature { consonants, syllables, is_ascii, has_digit } = rest;
        Self { hash, consonants, letters, sounds, length, syllables, is_ascii, has_digit, ..Self::NONE }
    }

    /// Words of much different length or consonants are not alike; forms of one given name can be.
    pub(super) fn may_resemble(&self, other: &Self) -> bool {
        (self.is_given_name && other.is_given_name)
            || (self.is_translated && other.is_translated)
            || self.length.min(other.length) == 1
            || (self.length.abs_diff(other.length) <= 4 && (self.consonants ^ other.consonants).count_ones() <= 4)
    }
}

/// What both the traits and the signature of a word hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InSignature {
    pub(crate) hash: u32,
    pub(crate) letters: u32,
    pub(crate) sounds: Sounds,
    pub(crate) length: u8,
}

/// What the letters of a word tell beside [`InSignature`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NotInSignature {
    consonants: u32,
    syllables: u8,
    is_ascii: bool,
    has_digit: bool,
}

binary_fields!(NotInSignature { consonants, syllables, is_ascii, has_digit });

/// What a word is in its name, which its letters alone do not tell; a sixth of the bytes of a [`Word`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct InName {
    pub(crate) class: Class,
    pub(crate) weight: u16,
    /// A bit for each flag of [`Traits`] that letters do not tell, and above them the [`Part`].
    flags: u8,
}

binary_fields!(InName { class, weight, flags });

/// Where in [`InName::flags`] the part of a name is.
const PART: u32 = 6;
const PARTS: [Part; 4] = [Part::Unknown, Part::Family, Part::Given, Part::Patronymic];

impl InName {
    pub(crate) fn of(word: &Word) -> Self {
        let Traits { is_given_name, is_translated, is_syllable, is_korean, lacks_vowels, is_kunya, part, .. } =
            word.traits;
        let flags = [is_given_name, is_translated, is_syllable, is_korean, lacks_vowels, is_kunya];
        let flags = flags.iter().enumerate().fold(0, |all, (at, flag)| all | u8::from(*flag) << at);
        Self { class: word.class, weight: word.weight, flags: flags | (part as u8) << PART }
    }

    /// The word again, with where it stands and what its letters tell.
    pub(crate) fn word(self, start: u32, end: u32, letters: Traits) -> Word {
        let has = |at: u32| self.flags >> at & 1 != 0;
        let traits = Traits {
            is_given_name: has(0),
            is_translated: has(1),
            is_syllable: has(2),
            is_korean: has(3),
            lacks_vowels: has(4),
            is_kunya: has(5),
            part: PARTS[usize::from(self.flags >> PART)],
            ..letters
        };
        Word { start, end, class: self.class, weight: self.weight, traits }
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

/// What a name ready for comparison can be made from.
pub(crate) trait AsView {
    /// The name as the comparison takes it.
    fn view(&self) -> View<'_>;
}

impl AsView for View<'_> {
    fn view(&self) -> View<'_> {
        *self
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
