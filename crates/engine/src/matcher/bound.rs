//! The best score that a comparison could reach, by the signatures of the words.
//!
//! A common given name leads to hundreds of listed names, almost none of which the comparison will report. [`Bound`]
//! rules them out by the signatures of their words, without comparing letters. It is meant never to rule out names that
//! [`compare`](crate::name::compare()) would score at the floor or above, except names equal letter for letter and names
//! by their initials, which other stages find. That is not proven; a test checks it on real names written otherwise.

use super::listed_words::ListedWord;
use super::signatures::{JOINED_APART, Signature};
use super::vocabulary::WordId;
use crate::name::charges::{self, TOP};
use crate::name::words::{HEAVY, LIGHT};
use crate::name::{Class, letter_bit};

/// Words of a name that the bound looks at; names of more are compared, they are few.
const MAX_WORDS: usize = 12;
/// Words that may be written as one, at most, and the letters that they have together at least.
const MOST_JOINED: usize = 4;
const LEAST_JOINED: u32 = 4;
/// Letters of a word, at least, that another is blended of.
const LEAST_BLENDED: u8 = 3;
/// Letters of an acronym, at most.
const MOST_INITIALS: usize = 6;

/// A word of the field.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldWord {
    pub(super) signature: Signature,
    pub(super) class: Class,
    pub(super) weight: u16,
}

/// The words of a field, without legal forms, with what the bound asks of them again and again.
#[derive(Debug, Default)]
pub(super) struct SignedField {
    words: Vec<FieldWord>,
    weight: i64,
    /// A bit for each word that is a number.
    numbers: u32,
    /// A bit for each length that the joined letters of some words may have to be one of these.
    joined_lengths: u64,
    parts: Parts,
}

impl SignedField {
    /// Takes the words of a field in place of those of the last one.
    pub(super) fn set(&mut self, words: impl Iterator<Item = FieldWord>) {
        self.clear();
        self.words.extend(words);
        self.weight = self.words.iter().map(|word| i64::from(word.weight)).sum();
        self.parts = Parts::of(self.words.iter().map(|word| &word.signature));
        for (at, word) in self.words.iter().take(MAX_WORDS).enumerate() {
            self.numbers |= u32::from(matches!(word.class, Class::Number(_))) << at;
            self.joined_lengths |= lengths_near(word.signature.length);
        }
    }

    pub(super) fn clear(&mut self) {
        self.words.clear();
        (self.weight, self.numbers, self.joined_lengths, self.parts) = (0, 0, 0, Parts::default());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// A bit for each length that joined words may have to be a word of this one; the last stands for all longer ones.
fn lengths_near(length: u8) -> u64 {
    let least = u32::from(length).saturating_sub(JOINED_APART);
    (least..=u32::from(length) + JOINED_APART).fold(0, |lengths, length| lengths | 1 << length.min(63))
}

/// What a word of the lists may be in a field, worked out once a field.
#[derive(Clone, Copy, Debug, Default)]
struct Counterparts {
    /// The search that it was worked out in.
    round: u32,
    /// A bit for each word of the field that it may be.
    words: u16,
    /// Whether it may be several neighbours in the field; asked of hardly any.
    are_joined: Option<bool>,
}

/// The counterparts of each word of the lists, in a field read as a company's name and as a person's.
#[derive(Debug, Default)]
pub(super) struct AllCounterparts(Vec<[Counterparts; 2]>);

impl AllCounterparts {
    /// Makes room for so many words and forgets all.
    pub(super) fn reset(&mut self, words: usize) {
        self.0.clear();
        self.0.resize(words, Default::default());
    }

    /// Forgets all.
    pub(super) fn forget(&mut self) {
        self.0.fill(Default::default());
    }
}

/// Whether a name can score as much as the floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    No,
    /// Only if words of one side are those of the other split, joined or shortened: signatures alone do not tell.
    IfOtherwise,
    May,
}

/// An upper bound on the score of a field against a listed name.
pub(super) struct Bound<'a> {
    pub(super) field: &'a SignedField,
    /// The field is read as a person's name.
    pub(super) is_person: bool,
    pub(super) known: &'a mut AllCounterparts,
    /// The number of the search: what is known of another one does not count. Never 0.
    pub(super) round: u32,
    /// The least score worth a comparison, 0..=1000.
    pub(super) floor: u16,
}

/// A word of a listed name, with what it may be in the field.
#[derive(Clone, Copy)]
struct Listed<'a> {
    word: &'a ListedWord,
    signature: &'a Signature,
    /// A bit for each word of the field that it may be.
    counterparts: u32,
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
    /// Whether a name of these words could score as much as the floor; `signatures` are those of the vocabulary.
    pub(super) fn reach(&mut self, words: &[ListedWord], signatures: &[Signature]) -> Reach {
        let Some((listed, count)) = self.listed(words, signatures) else { return Reach::May };
        let listed = &listed[..count];
        let (left, right) = self.matched(listed);
        if self.is_enough(listed, &left, &right) {
            Reach::May
        } else if self.may_align_otherwise(listed, &left, &right) {
            Reach::IfOtherwise
        } else {
            Reach::No
        }
    }

    /// The words of a name with what they may be, and how many they are; `None` for what the bound cannot judge: more words, or
    /// a number of two words, which has no signature of its own.
    fn listed<'w>(
        &mut self,
        words: &'w [ListedWord],
        signatures: &'w [Signature],
    ) -> Option<([Option<Listed<'w>>; MAX_WORDS], usize)> {
        if self.field.words.len() > MAX_WORDS {
            return None;
        }
        let mut listed: [Option<Listed<'_>>; MAX_WORDS] = [None; MAX_WORDS];
        let mut count = 0;
        for word in words.iter().filter(|word| !word.is_form()) {
            let (slot, signature) = (listed.get_mut(count)?, signatures.get(word.id as usize)?);
            let by_signature = self.counterparts(word.id, signature).words;
            let counterparts = self.words_of(word, by_signature);
            *slot = Some(Listed { word, signature, counterparts });
            count += 1;
        }
        Some((listed, count))
    }

    fn is_enough(&self, listed: &[Option<Listed<'_>>], left: &Matched, right: &Matched) -> bool {
        best(left, right) >= i64::from(self.floor) || self.is_one_distant(listed, left, right)
    }

    /// What a word of the lists may be in the field.
    fn counterparts(&mut self, id: WordId, signature: &Signature) -> &mut Counterparts {
        let known = &mut self.known.0[id as usize][usize::from(self.is_person)];
        if known.round != self.round {
            let alike = |(at, word): (usize, &FieldWord)| u16::from(word.signature.may_be(signature)) << at;
            let words = self.field.words.iter().enumerate().map(alike).fold(0, |all, bit| all | bit);
            *known = Counterparts { round: self.round, words, are_joined: None };
        }
        known
    }

    /// Whether a word of the name may be several neighbours in the field.
    fn are_joined(&mut self, listed: &Listed<'_>) -> bool {
        let field = self.field;
        *self
            .counterparts(listed.word.id, listed.signature)
            .are_joined
            .get_or_insert_with(|| field.parts.make(listed.signature))
    }

    /// The words of the field that a word of the name may be: numbers by their value, others by signature.
    fn words_of(&self, word: &ListedWord, by_signature: u16) -> u32 {
        let by_signature = u32::from(by_signature);
        let Class::Number(value) = word.is.class else { return by_signature };
        let numbers = self.field.words.iter().enumerate().filter(|(_, word)| word.class == Class::Number(value));
        numbers.fold(by_signature & !self.field.numbers, |all, (at, _)| all | 1 << at)
    }

    /// Which words of the field and of the name may be each other.
    fn matched(&self, listed: &[Option<Listed<'_>>]) -> (Matched, Matched) {
        let (mut left, mut right) = (Matched::default(), Matched::default());
        for (r, listed) in listed.iter().flatten().enumerate() {
            let Listed { word, counterparts, .. } = *listed;
            left.mask |= counterparts;
            right.weight += i64::from(word.is.weight);
            if counterparts != 0 || word.is.class == Class::Generic || self.has_long_form(listed) {
                right.mask |= 1 << r;
                // An initial is as heavy as the word that it stands for.
                right.heavy += u32::from(word.is.weight >= HEAVY || listed.signature.length == 1);
                right.identifying += u32::from(word.is.class.is_identifying());
            } else {
                right.unmatched += i64::from(word.is.weight);
            }
        }
        left.weight = self.field.weight;
        for (l, word) in self.field.words.iter().enumerate() {
            let may_shorten = |listed: &Listed<'_>| {
                listed.word.is.class == Class::Generic && word.signature.may_shorten(listed.signature)
            };
            if !left.has(l) && listed.iter().flatten().any(may_shorten) {
                left.mask |= 1 << l;
            }
            if !left.has(l) && word.class != Class::Generic {
                left.unmatched += i64::from(word.weight);
                left.distinctive_left_over += u32::from(word.class == Class::Distinctive);
            }
        }
        (left, right)
    }

    /// Whether a word of the name may be a short form of a trade word of the field.
    fn has_long_form(&self, listed: &Listed<'_>) -> bool {
        let may_be = |word: &FieldWord| word.class == Class::Generic && listed.signature.may_shorten(&word.signature);
        self.field.words.iter().any(may_be)
    }

    /// Words split or joined, blended, and initials drawn together: what single words do not show.
    fn may_align_otherwise(&mut self, listed: &[Option<Listed<'_>>], left: &Matched, right: &Matched) -> bool {
        // Any word may be made of neighbours on the other side, those that resemble one of them too (`china` for `c hina`).
        let words = || listed.iter().flatten();
        if words().any(|listed| self.are_joined(listed)) {
            return true;
        }
        let (field, parts) = (self.field, Parts::of(words().map(|listed| listed.signature)));
        let mut lefts = field.words.iter().enumerate().filter(|(l, _)| !left.has(*l));
        let mut rights = words().enumerate().filter(|(r, _)| !right.has(*r));
        parts.make_any(field)
            || lefts.any(|(_, word)| parts.may_blend(&word.signature))
            || rights.any(|(_, listed)| field.parts.may_blend(listed.signature))
    }

    /// One heavier word left over on each side, which may be far off, and something else that agrees.
    fn is_one_distant(&self, listed: &[Option<Listed<'_>>], left: &Matched, right: &Matched) -> bool {
        if right.heavy == 0 {
            return false;
        }
        let lefts = || self.field.words.iter().enumerate().filter(|(_, word)| word.weight > LIGHT);
        let rights = || listed.iter().flatten().enumerate().filter(|(_, listed)| listed.word.is.weight > LIGHT);
        // Two words may have one counterpart: then one of those that seem to have one is left over too.
        let over = [lefts().filter(|(l, _)| !left.has(*l)).count(), rights().filter(|(r, _)| !right.has(*r)).count()];
        if over[0] > 1 || over[1] > 1 {
            return false;
        }
        lefts().filter(|(l, _)| over[0] == 0 || !left.has(*l)).any(|(_, word)| {
            let mut others = rights().filter(|(r, _)| over[1] == 0 || !right.has(*r));
            others.any(|(_, listed)| word.signature.may_be_distant(listed.signature))
        })
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
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    letters: u32,
    /// The bit of the first letter.
    initial: u32,
    length: u8,
    first: u8,
}

/// The words of one side, side by side.
#[derive(Debug, Default)]
struct Parts {
    parts: [Part; MAX_WORDS],
    count: usize,
    /// The letters of all of them.
    letters: u32,
}

impl Parts {
    /// Of at most [`MAX_WORDS`] words.
    fn of<'s>(signatures: impl Iterator<Item = &'s Signature>) -> Self {
        let mut all = Self::default();
        for (part, word) in all.parts.iter_mut().zip(signatures) {
            let initial = 1 << letter_bit(char::from(word.first));
            *part = Part { letters: word.letters, initial, length: word.length, first: word.first };
            all.count += 1;
            all.letters |= word.letters;
        }
        all
    }

    fn parts(&self) -> &[Part] {
        &self.parts[..self.count]
    }

    /// Whether a word may be two to four neighbours written as one, or their first letters.
    fn make(&self, word: &Signature) -> bool {
        let parts = self.parts();
        let joined = |(letters, length)| word.may_hold(letters, length);
        (0..parts.len()).any(|first| joined_from(&parts[first..]).any(joined) || are_initials(word, &parts[first..]))
    }

    /// Whether a word may be made of the beginnings of several, in any order.
    fn may_blend(&self, word: &Signature) -> bool {
        let is_first = |part: &Part| part.first == word.first && part.length >= LEAST_BLENDED;
        word.length >= 2 * LEAST_BLENDED
            && word.letters & !self.letters == 0
            && self.count > 1
            && self.parts().iter().any(is_first)
    }

    /// The same for any word of a field: what neighbours joined are is worked out once for all of its words.
    fn make_any(&self, field: &SignedField) -> bool {
        let parts = self.parts();
        (0..parts.len()).any(|first| {
            let from = &parts[first..];
            let is_joined = joined_from(from).any(|(letters, length)| {
                field.joined_lengths >> length.min(63) & 1 != 0
                    && field.words.iter().any(|word| word.signature.may_hold(letters, length))
            });
            is_joined || field.words.iter().any(|word| are_initials(&word.signature, from))
        })
    }
}

/// The letters of the first two, three and four parts, and how many they are; of too few none.
fn joined_from(parts: &[Part]) -> impl Iterator<Item = (u32, u32)> {
    let mut joined = (0, 0);
    let parts = parts.iter().take(MOST_JOINED).map(move |part| {
        joined = (joined.0 | part.letters, joined.1 + u32::from(part.length));
        joined
    });
    parts.skip(1).filter(|(_, length)| *length >= LEAST_JOINED)
}

/// Whether a word may be the first letters of neighbours from the first part on.
fn are_initials(word: &Signature, parts: &[Part]) -> bool {
    let length = usize::from(word.length);
    if !(2..=MOST_INITIALS).contains(&length) || parts.len() < 2 || parts[0].first != word.first {
        return false;
    }
    let initials = |parts: &[Part]| parts.iter().fold(0, |all, part| all | part.initial);
    if length <= parts.len() && initials(&parts[..length]) == word.letters {
        return true;
    }
    // Small words may be left out of an acronym: then it has fewer letters than there are words.
    let most = parts.len().min(length.max(MOST_JOINED));
    length >= 3 && parts.len() > 2 && word.letters & !initials(&parts[..most]) == 0
}

#[cfg(test)]
mod tests;
