//! Signatures of words, and the best score that a comparison of such words could reach.
//!
//! A common given name leads to hundreds of listed names, almost none of which the comparison will report. [`Bound`]
//! rules them out by the signatures of their words, without comparing letters. It is meant never to rule out names that
//! [`compare`](crate::name::compare()) would score at the floor or above, except names equal letter for letter and names
//! by their initials, which other stages find. That is not proven; a test checks it on real names written otherwise.

use crate::name::charges::{self, TOP};
use crate::name::words::{HEAVY, LIGHT};
use crate::name::{Class, Sounds, Word, edits_in_word, keys, letter_bit, letter_set, word_groups};
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// Words of a name that the bound looks at; names of more are compared, they are few.
const MAX_WORDS: usize = 12;

/// What is known of a word without its letters in order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signature {
    /// Of the letters; equal words have equal ones.
    hash: u32,
    /// A bit for each letter, letters that writers confuse sharing one.
    letters: u32,
    /// A bit for each pair of neighbouring letters, several pairs sharing one.
    pairs: u64,
    sounds: Sounds,
    syllables: u32,
    /// A bit for each group of words that stand for one another, several groups sharing one.
    groups: u32,
    /// In characters.
    length: u8,
    /// First byte.
    first: u8,
}

impl Signature {
    /// Of a folded word.
    pub(super) fn of(word: &str) -> Self {
        let keys = keys(word);
        let mut hasher = FxHasher::default();
        hasher.write(word.as_bytes());
        Self {
            hash: (hasher.finish() >> 32) as u32 ^ hasher.finish() as u32,
            letters: letter_set(word),
            pairs: pairs(word),
            sounds: Sounds::of(word),
            syllables: keys.syllables,
            groups: word_groups(word).iter().fold(0, |mask, group| mask | 1 << (group % 32)),
            length: word.chars().count().min(255) as u8,
            first: word.as_bytes().first().copied().unwrap_or_default(),
        }
    }

    /// Whether the two can be one word as the comparison sees it.
    fn may_be(&self, other: &Self) -> bool {
        let least = self.length.min(other.length);
        if least == 1 {
            return self.first == other.first;
        }
        self.hash == other.hash
            || self.groups & other.groups != 0
            || self.sounds.may_be(&other.sounds)
            || (self.syllables != 0 && self.syllables == other.syllables)
            // In three or four letters another first letter is another name.
            || ((least > 4 || self.first == other.first) && self.is_within(other, edits_in_word(least)))
    }

    /// Whether that many edits could turn one into the other.
    fn is_within(&self, other: &Self, edits: u8) -> bool {
        edits > 0
            && self.length.abs_diff(other.length) <= edits
            && (self.letters ^ other.letters).count_ones() <= 2 * u32::from(edits)
            // Two letters exchanged change three pairs for three others; no edit changes more.
            && (self.pairs ^ other.pairs).count_ones() <= 6 * u32::from(edits)
    }

    /// Whether more letters may differ than a typo explains, when all else agrees: another letter anywhere in a short
    /// word, more letters in a long one, or a word that the other begins with.
    fn may_be_distant(&self, other: &Self) -> bool {
        if self.length.max(other.length) <= 4 {
            return self.is_within(other, 1);
        }
        let (short, long) = if self.length < other.length { (self, other) } else { (other, self) };
        self.first == other.first && (self.is_within(other, 3) || short.letters & !long.letters == 0)
    }

    /// Whether the other is made of this word's letters and those of its neighbours, `joined` being their letters and
    /// `length` how many they are.
    fn may_hold(&self, joined: u32, length: u32) -> bool {
        u32::from(self.length).abs_diff(length) <= 2 && (self.letters ^ joined).count_ones() <= 4
    }
}

/// A bit for each pair of neighbouring letters.
fn pairs(word: &str) -> u64 {
    let letters = word.chars().map(letter_bit);
    letters.clone().zip(letters.skip(1)).fold(0, |mask, (a, b)| mask | 1 << ((a * 27 + b) % 64))
}

/// A word of the field.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldWord {
    pub(super) signature: Signature,
    pub(super) class: Class,
    pub(super) weight: u16,
}

/// An upper bound on the score of a field against a listed name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound<'a> {
    /// Words of the field, without legal forms.
    pub(super) field: &'a [FieldWord],
    /// The least score worth a comparison, 0..=1000.
    pub(super) floor: u16,
}

/// The words of a listed name, without legal forms.
struct Listed<'a> {
    words: [Option<(&'a Word, &'a Signature)>; MAX_WORDS],
    count: usize,
}

impl<'a> Listed<'a> {
    /// `None` for a name that the bound cannot judge: of too many words, or with a number of two words, which has no
    /// signature of its own.
    fn of(words: &'a [Word], signature: impl Fn(usize) -> Option<&'a Signature>) -> Option<Self> {
        let mut listed = Self { words: [None; MAX_WORDS], count: 0 };
        for (at, word) in words.iter().enumerate() {
            if matches!(word.class, Class::LegalForm(_)) {
                continue;
            }
            *listed.words.get_mut(listed.count)? = Some((word, signature(at)?));
            listed.count += 1;
        }
        Some(listed)
    }

    fn words(&self) -> impl Iterator<Item = (&'a Word, &'a Signature)> {
        self.words[..self.count].iter().copied().flatten()
    }

    fn word(&self, at: usize) -> Option<&'a Word> {
        self.words.get(at).copied().flatten().map(|(word, _)| word)
    }

    fn signature(&self, at: usize) -> Option<&'a Signature> {
        self.words.get(at).copied().flatten().map(|(_, signature)| signature)
    }
}

/// The words of one side that may have a counterpart on the other.
#[derive(Default)]
struct Matched {
    /// A bit for each of them.
    mask: u32,
    /// The weight of all words, and of those without a counterpart.
    weight: i64,
    unmatched: i64,
    /// Heavy words with a counterpart.
    heavy: u32,
    /// Distinctive and everyday words with a counterpart.
    identifying: u32,
    /// Distinctive words without one.
    distinctive_left_over: u32,
}

impl Matched {
    fn has(&self, at: usize) -> bool {
        self.mask & (1 << at) != 0
    }
}

impl Bound<'_> {
    /// Whether a name of these words could score as much as the floor. `signature` gives the signature of each word.
    pub(super) fn may_reach<'s>(&self, listed: &'s [Word], signature: impl Fn(usize) -> Option<&'s Signature>) -> bool {
        if self.field.len() > MAX_WORDS {
            return true;
        }
        let Some(listed) = Listed::of(listed, signature) else { return true };
        let (left, right) = self.matched(&listed);
        best(&left, &right) >= i64::from(self.floor) || self.may_align_otherwise(&listed, &left, &right)
    }

    /// Which words of the field and of the name may be each other.
    fn matched(&self, listed: &Listed<'_>) -> (Matched, Matched) {
        let (mut left, mut right) = (Matched::default(), Matched::default());
        for (r, (word, signature)) in listed.words().enumerate() {
            let mut has_counterpart = word.class == Class::Generic;
            for (l, other) in self.field.iter().enumerate() {
                if may_be_one(other, word, signature) {
                    left.mask |= 1 << l;
                    has_counterpart = true;
                }
            }
            right.weight += i64::from(word.weight);
            if has_counterpart {
                right.mask |= 1 << r;
                right.heavy += u32::from(word.weight >= HEAVY);
                right.identifying += u32::from(word.class.is_identifying());
            } else {
                right.unmatched += i64::from(word.weight);
            }
        }
        for (l, word) in self.field.iter().enumerate() {
            left.weight += i64::from(word.weight);
            if !left.has(l) && word.class != Class::Generic {
                left.unmatched += i64::from(word.weight);
                left.distinctive_left_over += u32::from(word.class == Class::Distinctive);
            }
        }
        (left, right)
    }

    /// Words split or joined, initials drawn together, and one word far off: what single words do not show.
    fn may_align_otherwise(&self, listed: &Listed<'_>, left: &Matched, right: &Matched) -> bool {
        let rights = (0..listed.count).filter(|&r| !right.has(r));
        let lefts = (0..self.field.len()).filter(|&l| !left.has(l));
        let of_field = Parts::of(self.field.iter().map(|word| &word.signature));
        let of_listed = Parts::of(listed.words().map(|(_, signature)| signature));
        // Any word may be made of neighbours on the other side, those that resemble one of them too (`china` for `c hina`).
        if listed.words().any(|(_, word)| of_field.make(word))
            || self.field.iter().any(|word| of_listed.make(&word.signature))
        {
            return true;
        }
        // One heavier word left over on each side, and something else that agrees.
        let is_over = |weight: u16| weight > LIGHT;
        let mut lefts = lefts.filter(|&l| is_over(self.field[l].weight));
        let mut rights = rights.filter(|&r| listed.word(r).is_some_and(|word| is_over(word.weight)));
        match (lefts.next(), lefts.next(), rights.next(), rights.next()) {
            (Some(l), None, Some(r), None) => {
                right.heavy > 0 && listed.signature(r).is_some_and(|word| self.field[l].signature.may_be_distant(word))
            }
            _ => false,
        }
    }
}

/// Whether a word of the field and one of the name can be one word: numbers by their value, others by signature.
fn may_be_one(field: &FieldWord, word: &Word, signature: &Signature) -> bool {
    match (field.class, word.class) {
        (Class::Number(one), Class::Number(other)) => one == other,
        _ => field.signature.may_be(signature),
    }
}

/// The most that a comparison can reach when the words with a counterpart are alike to the letter and the others are
/// not alike.
fn best(left: &Matched, right: &Matched) -> i64 {
    let total = left.weight + right.weight;
    if total == 0 {
        return TOP;
    }
    let contradiction = left.unmatched.min(right.unmatched);
    let omission = (left.unmatched - right.unmatched).abs();
    let omission_cost = charges::omission(right.identifying, true, false);
    let best = TOP - (contradiction * 2 * charges::CONTRADICTS + omission * omission_cost) / total;
    // One word alike among several distinctive ones.
    if right.heavy <= 1 && left.distinctive_left_over > 0 { best.min(charges::ONE_OF_SEVERAL) } else { best }
}

/// What of a word counts where words are joined.
#[derive(Clone, Copy, Default)]
struct Part {
    letters: u32,
    /// The bit of the first letter.
    initial: u32,
    length: u8,
    first: u8,
}

/// The words of one side, side by side.
struct Parts {
    parts: [Part; MAX_WORDS],
    count: usize,
}

impl Parts {
    /// Of at most [`MAX_WORDS`] words.
    fn of<'s>(signatures: impl Iterator<Item = &'s Signature>) -> Self {
        let mut all = Self { parts: [Part::default(); MAX_WORDS], count: 0 };
        for (part, word) in all.parts.iter_mut().zip(signatures) {
            let initial = 1 << letter_bit(char::from(word.first));
            *part = Part { letters: word.letters, initial, length: word.length, first: word.first };
            all.count += 1;
        }
        all
    }

    /// Whether a word may be two to four neighbours written as one, or their first letters.
    fn make(&self, word: &Signature) -> bool {
        let parts = &self.parts[..self.count];
        (0..parts.len()).any(|first| is_joined_from(word, &parts[first..]))
    }
}

/// The same for neighbours from the first word on.
fn is_joined_from(word: &Signature, parts: &[Part]) -> bool {
    let (mut letters, mut length, mut initials) = (0, 0, 0u32);
    let mut starts_alike = false;
    let most = usize::from(word.length).clamp(4, 6);
    for (at, part) in parts.iter().take(most).enumerate() {
        letters |= part.letters;
        length += u32::from(part.length);
        initials |= part.initial;
        if at == 0 {
            starts_alike = part.first == word.first;
            continue;
        }
        let parts = at + 1;
        if parts <= 4 && length >= 4 && word.may_hold(letters, length) {
            return true;
        }
        if starts_alike && parts == usize::from(word.length) && word.length <= 6 && initials == word.letters {
            return true;
        }
    }
    // Small words may be left out of an acronym: then it has fewer letters than there are words.
    starts_alike && (3..=6).contains(&word.length) && word.letters & !initials == 0 && parts.len() > 2
}

#[cfg(test)]
mod tests;
