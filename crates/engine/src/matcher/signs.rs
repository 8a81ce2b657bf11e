//! What can be told of words without comparing their letters, and the best that a comparison could come to.
//!
//! A common given name leads to hundreds of listed names, almost none of which the comparison will report. [`Bound`]
//! finds them out from the signs of their words. It is meant never to say no to names that
//! [`compare`](crate::name::compare()) would score at the floor or above, but for names equal letter for letter and names
//! by their initials, which other stages find; that is not proven, and a test holds it on real names written otherwise.

use crate::name::{Class, Sounds, Word, keys, letter_bit, letter_set, word_groups};
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// Words of a name that the bound looks at; names of more are compared, they are few.
const MAX_WORDS: usize = 12;
/// Weight from which a word counts as one that tells.
const WEIGHTY: u16 = 150;

/// The signs of a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sign {
    /// Tells equal words from others.
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

impl Sign {
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
            || ((least > 4 || self.first == other.first) && self.is_within(other, budget(least)))
    }

    /// Whether so many edits could make one of the other.
    fn is_within(&self, other: &Self, edits: u8) -> bool {
        edits > 0
            && self.length.abs_diff(other.length) <= edits
            && (self.letters ^ other.letters).count_ones() <= 2 * u32::from(edits)
            // Two letters exchanged change three pairs for three others; no edit changes more.
            && (self.pairs ^ other.pairs).count_ones() <= 6 * u32::from(edits)
    }

    /// Whether more letters may differ than a slip explains, when all else agrees: another letter anywhere in a short
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

/// Edits that the comparison takes for a slip, by the letters of the shorter word.
fn budget(letters: u8) -> u8 {
    match letters {
        0..=2 => 0,
        3..=7 => 1,
        8..=13 => 2,
        _ => 3,
    }
}

fn pairs(word: &str) -> u64 {
    let letters = word.chars().map(letter_bit);
    letters.clone().zip(letters.skip(1)).fold(0, |mask, (a, b)| mask | 1 << ((a * 27 + b) % 64))
}

/// A word of the field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cue {
    pub(super) sign: Sign,
    pub(super) class: Class,
    pub(super) weight: u16,
}

/// The field's side of the bound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound<'a> {
    /// Words of the field but for legal forms.
    pub(super) field: &'a [Cue],
    /// The least score worth a comparison.
    pub(super) floor: u16,
}

/// What signs say of the words of one side.
#[derive(Default)]
struct Met {
    weight: i64,
    unmet: i64,
    mask: u32,
    weighty: u32,
    telling: u32,
}

impl Bound<'_> {
    /// Whether a name of these words could score as much as the floor. `sign` gives the signs of each.
    pub(super) fn may_reach<'s>(&self, listed: &[Word], sign: impl Fn(usize) -> Option<&'s Sign>) -> bool {
        let mut words: [Option<(&Word, &Sign)>; MAX_WORDS] = [None; MAX_WORDS];
        let mut count = 0;
        for (at, word) in listed.iter().enumerate() {
            if matches!(word.class, Class::LegalForm(_)) {
                continue;
            }
            // A number of two words has no sign of its own: such names are compared.
            let Some(sign) = sign(at) else { return true };
            if count == MAX_WORDS {
                return true;
            }
            words[count] = Some((word, sign));
            count += 1;
        }
        if self.field.len() > MAX_WORDS {
            return true;
        }
        let words = &words[..count];
        let (mut left, mut right) = (Met::default(), Met::default());
        for (r, (word, sign)) in words.iter().flatten().enumerate() {
            let mut is_met = word.class == Class::Generic;
            for (l, cue) in self.field.iter().enumerate() {
                let both_numbers = matches!((cue.class, word.class), (Class::Number(_), Class::Number(_)));
                if (both_numbers && cue.class == word.class) || (!both_numbers && cue.sign.may_be(sign)) {
                    left.mask |= 1 << l;
                    is_met = true;
                }
            }
            right.weight += i64::from(word.weight);
            if is_met {
                right.mask |= 1 << r;
                right.weighty += u32::from(word.weight >= WEIGHTY);
                right.telling += u32::from(is_telling(word.class));
            } else {
                right.unmet += i64::from(word.weight);
            }
        }
        let mut left_only = 0;
        for (l, cue) in self.field.iter().enumerate() {
            left.weight += i64::from(cue.weight);
            if left.mask & (1 << l) == 0 && cue.class != Class::Generic {
                left.unmet += i64::from(cue.weight);
                left_only += u32::from(cue.class == Class::Distinctive);
            }
        }
        best(&left, &right, left_only) >= i64::from(self.floor) || self.may_align_otherwise(words, &left, &right)
    }

    /// Words split or joined, initials drawn together, and one word far off: what single words do not show.
    fn may_align_otherwise(&self, words: &[Option<(&Word, &Sign)>], left: &Met, right: &Met) -> bool {
        let listed = |at: usize| words.get(at).copied().flatten();
        let rights = (0..words.len()).filter(|r| right.mask & (1 << r) == 0);
        // A trade word counts as met by its class; its parts may still stand beside each other on the other side.
        let trade = (0..words.len())
            .filter(|&r| right.mask & (1 << r) != 0 && listed(r).is_some_and(|(word, _)| word.class == Class::Generic));
        let lefts = (0..self.field.len()).filter(|l| left.mask & (1 << l) == 0);
        let field_sign = |at: usize| self.field.get(at).map(|cue| &cue.sign);
        let listed_sign = |at: usize| listed(at).map(|(_, sign)| sign);
        for r in rights.clone().chain(trade) {
            let Some(sign) = listed_sign(r) else { continue };
            if is_made_of(sign, self.field.len(), field_sign) {
                return true;
            }
        }
        for l in lefts.clone() {
            if is_made_of(&self.field[l].sign, words.len(), listed_sign) {
                return true;
            }
        }
        // One telling word left on each side, and something else that agrees.
        let over = |weight: u16| weight > 60;
        let mut l_over = lefts.filter(|&l| over(self.field[l].weight));
        let mut r_over = rights.filter(|&r| listed(r).is_some_and(|(word, _)| over(word.weight)));
        match (l_over.next(), l_over.next(), r_over.next(), r_over.next()) {
            (Some(l), None, Some(r), None) => {
                right.weighty > 0 && listed_sign(r).is_some_and(|sign| self.field[l].sign.may_be_distant(sign))
            }
            _ => false,
        }
    }
}

/// The most that a comparison can come to when the words met are alike to the letter and the others are not.
fn best(left: &Met, right: &Met, left_only: u32) -> i64 {
    let total = left.weight + right.weight;
    if total == 0 {
        return 1000;
    }
    let contradiction = left.unmet.min(right.unmet);
    let omission = (left.unmet - right.unmet).abs();
    let omission_cost = if right.telling <= 1 { 1000 } else { 750 };
    let best = 1000 - (contradiction * 2800 + omission * omission_cost) / total;
    // One word alike among several that tell.
    if right.weighty <= 1 && left_only > 0 { best.min(650) } else { best }
}

fn is_telling(class: Class) -> bool {
    matches!(class, Class::Distinctive | Class::Everyday)
}

/// Whether the word may be two to four neighbours written as one, or their first letters.
fn is_made_of<'s>(word: &Sign, count: usize, sign: impl Fn(usize) -> Option<&'s Sign>) -> bool {
    for first in 0..count {
        let (mut letters, mut length, mut initials) = (0, 0, 0u32);
        let mut starts_alike = false;
        let most = usize::from(word.length).clamp(4, 6);
        for at in first..count.min(first + most) {
            let Some(part) = sign(at) else { break };
            letters |= part.letters;
            length += u32::from(part.length);
            initials |= 1 << letter_bit(char::from(part.first));
            if at == first {
                starts_alike = part.first == word.first;
                continue;
            }
            let parts = at - first + 1;
            if parts <= 4 && length >= 4 && word.may_hold(letters, length) {
                return true;
            }
            if starts_alike && parts == usize::from(word.length) && word.length <= 6 && initials == word.letters {
                return true;
            }
        }
        // Small words may be left out of an acronym: then fewer letters than words.
        if starts_alike && (3..=6).contains(&word.length) && word.letters & !initials == 0 && count > first + 2 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
