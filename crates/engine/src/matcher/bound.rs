//! The best score that a comparison could reach, by the signatures of the words.
//!
//! A common given name leads to hundreds of listed names, almost none of which the comparison will report. [`Bound`]
//! rules them out by the signatures of their words, without comparing letters. It never rules out a name that
//! [`compare`](crate::name::compare()) scores at the floor or above, except names equal letter for letter and names by
//! their initials, which other stages find. A test holds that on real names written otherwise.

use super::listed_words::ListedWord;
use super::signatures::{JOINED_APART, Signature};
use super::vocabulary::WordId;
use crate::name::charges::{self, TOP};
use crate::name::words::{HEAVY, LIGHT};
use crate::name::{Class, Sounds, letter_bit};

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
    /// A bit for each word that is a single letter.
    initials: u32,
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
            self.initials |= u32::from(word.signature.length == 1) << at;
            self.joined_lengths |= lengths_near(word.signature.length);
        }
    }

    pub(super) fn clear(&mut self) {
        self.words.clear();
        *self = Self { words: std::mem::take(&mut self.words), ..Self::default() };
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Which words may be this one together: two to four neighbours written as one, or their first letters.
    fn made_of(&self, word: &Signature) -> u32 {
        let parts = &self.parts;
        let sounds = |at: usize| self.words[at].signature.sounds;
        let is_joined = |joined: &Joined| word.may_hold(joined.letters, joined.length, || joined.sounds(sounds));
        let spelt = |first| bits(first, initials_of(word, &parts.parts()[first..]));
        (0..parts.count).fold(0, |all, first| {
            let joined = parts.joined_from(first).filter(is_joined);
            joined.fold(all | spelt(first), |all, joined| all | joined.places())
        })
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
    /// A bit for each word of the field that it may be made of, with neighbours.
    joined: Option<u16>,
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

/// Words of a field and of a name that may have counterparts which single words do not show, a bit each.
#[derive(Clone, Copy, Debug, Default)]
struct Otherwise {
    left: u32,
    right: u32,
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
        let (left, right) = self.matched(listed, Otherwise::default());
        if self.is_enough(listed, &left, &right) {
            return Reach::May;
        }
        let otherwise = self.otherwise(listed, &left, &right);
        if otherwise.left == 0 {
            return Reach::No;
        }
        let (left, right) = self.matched(listed, otherwise);
        if self.is_enough(listed, &left, &right) { Reach::IfOtherwise } else { Reach::No }
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
            *known = Counterparts { round: self.round, words, joined: None };
        }
        known
    }

    /// The words of the field that a word of the name may be made of, neighbours written as one or their first letters.
    fn joined(&mut self, listed: &Listed<'_>) -> u32 {
        let field = self.field;
        let known = self.counterparts(listed.word.id, listed.signature);
        u32::from(*known.joined.get_or_insert_with(|| field.made_of(listed.signature) as u16))
    }

    /// The words of the field that a word of the name may be: numbers by their value, others by signature.
    fn words_of(&self, word: &ListedWord, by_signature: u16) -> u32 {
        let by_signature = u32::from(by_signature);
        let Class::Number(value) = word.is.class else { return by_signature };
        let numbers = self.field.words.iter().enumerate().filter(|(_, word)| word.class == Class::Number(value));
        numbers.fold(by_signature & !self.field.numbers, |all, (at, _)| all | 1 << at)
    }

    /// Which words of the field and of the name may be each other, with those that may be so otherwise.
    fn matched(&self, listed: &[Option<Listed<'_>>], otherwise: Otherwise) -> (Matched, Matched) {
        let (mut left, mut right) = (Matched { mask: otherwise.left, ..Matched::default() }, Matched::default());
        for (r, listed) in listed.iter().flatten().enumerate() {
            let Listed { word, counterparts, .. } = *listed;
            left.mask |= counterparts;
            let is_otherwise = otherwise.right >> r & 1 != 0;
            // Words that are written as one weigh what that one does.
            right.weight += i64::from(word.is.weight) * (1 + i64::from(is_otherwise));
            if is_otherwise || counterparts != 0 || word.is.class == Class::Generic || self.has_long_form(listed) {
                right.mask |= 1 << r;
                // Initials are as heavy as what they stand for.
                let stands_for =
                    is_otherwise || listed.signature.length == 1 || counterparts & self.field.initials != 0;
                right.heavy += u32::from(word.is.weight >= HEAVY || stands_for);
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
            left.weight += i64::from(word.weight) * i64::from(otherwise.left >> l & 1);
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
    fn otherwise(&mut self, listed: &[Option<Listed<'_>>], left: &Matched, right: &Matched) -> Otherwise {
        let field = self.field;
        let words = || listed.iter().flatten().enumerate();
        let parts = Parts::of(words().map(|(_, listed)| listed.signature));
        // Any word may be made of neighbours on the other side, those that resemble one of them too (`china` for `c hina`).
        let sounds = |at: usize| listed[at].map_or(Sounds::default(), |listed| listed.signature.sounds);
        let mut otherwise = parts.make_any(field, sounds);
        for (r, listed) in words() {
            let mut made_of = self.joined(listed);
            if !right.has(r) && field.parts.may_blend(listed.signature) {
                made_of = field.parts.all();
            }
            otherwise.left |= made_of;
            otherwise.right |= u32::from(made_of != 0) << r;
        }
        for (l, word) in field.words.iter().enumerate().filter(|(l, _)| !left.has(*l)) {
            if parts.may_blend(&word.signature) {
                otherwise.left |= 1 << l;
                otherwise.right |= parts.all();
            }
        }
        otherwise
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

    /// A bit for each of them.
    fn all(&self) -> u32 {
        bits(0, self.count)
    }

    /// Which of them may be a word of a field together, and which words those are: what neighbours joined are is worked out
    /// once for all words of the field. `sounds` are those of each.
    fn make_any(&self, field: &SignedField, sounds: impl Fn(usize) -> Sounds) -> Otherwise {
        let mut found = Otherwise::default();
        for first in 0..self.count {
            for joined in self.joined_from(first) {
                if field.joined_lengths >> joined.length.min(63) & 1 == 0 {
                    continue;
                }
                for (l, word) in field.words.iter().enumerate() {
                    if word.signature.may_hold(joined.letters, joined.length, || joined.sounds(&sounds)) {
                        found.left |= 1 << l;
                        found.right |= joined.places();
                    }
                }
            }
            for (l, word) in field.words.iter().enumerate() {
                let initials = initials_of(&word.signature, &self.parts()[first..]);
                found.left |= u32::from(initials > 0) << l;
                found.right |= bits(first, initials);
            }
        }
        found
    }

    /// Whether a word may be made of the beginnings of several, in any order.
    fn may_blend(&self, word: &Signature) -> bool {
        let is_first = |part: &Part| part.first == word.first && part.length >= LEAST_BLENDED;
        word.length >= 2 * LEAST_BLENDED
            && word.letters & !self.letters == 0
            && self.count > 1
            && self.parts().iter().any(is_first)
    }

    /// Two, three and four parts from one on, joined; of too few letters none.
    fn joined_from(&self, first: usize) -> impl Iterator<Item = Joined> {
        let mut joined = Joined { first, ..Joined::default() };
        let parts = self.parts()[first..].iter().take(MOST_JOINED).map(move |part| {
            joined.letters |= part.letters;
            joined.length += u32::from(part.length);
            joined.count += 1;
            joined
        });
        parts.skip(1).filter(|joined| joined.length >= LEAST_JOINED)
    }
}

/// Neighbours written as one.
#[derive(Clone, Copy, Debug, Default)]
struct Joined {
    first: usize,
    count: usize,
    /// Which letters they have, and how many.
    letters: u32,
    length: u32,
}

impl Joined {
    /// A bit for each of them.
    fn places(&self) -> u32 {
        bits(self.first, self.count)
    }

    /// Their sounds, one after the other.
    fn sounds(&self, of: impl Fn(usize) -> Sounds) -> Sounds {
        let mut all = of(self.first);
        for at in self.first + 1..self.first + self.count {
            all = all.and(&of(at));
        }
        all
    }
}

/// A bit for each of so many places from one on.
fn bits(first: usize, count: usize) -> u32 {
    ((1 << count) - 1) << first
}

/// How many neighbours from the first part on a word may be the first letters of; 0: it is not.
fn initials_of(word: &Signature, parts: &[Part]) -> usize {
    let length = usize::from(word.length);
    if !(2..=MOST_INITIALS).contains(&length) || parts.len() < 2 || parts[0].first != word.first {
        return 0;
    }
    let initials = |parts: &[Part]| parts.iter().fold(0, |all, part| all | part.initial);
    // Small words may be left out of an acronym: then it has fewer letters than there are words.
    let most = parts.len().min(length.max(MOST_JOINED));
    if length >= 3 && parts.len() > 2 && word.letters & !initials(&parts[..most]) == 0 {
        most
    } else if length <= parts.len() && initials(&parts[..length]) == word.letters {
        length
    } else {
        0
    }
}

#[cfg(test)]
mod tests;
