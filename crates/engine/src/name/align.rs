//! Which words of one name stand for which words of the other.

mod blend;

use super::alignment::{Alignment, MAX_WORDS, Pair, Places, Side, one, range};
use super::initials::{acronym, are_initials};
use super::model::likeness as alike;
use super::model::words::{HEAVY, LIGHT, OF_ONE_NAME};
use super::similar::{Letters, Likeness, distant, likeness, may_be_joined};
use super::sounds::sound_alike;
use super::word::{Class, Traits, View, Word};
use blend::blended_words;

/// Aligns equal words first, then words split or joined, then words that are alike, the heaviest first.
pub(super) fn align<'a>(left: &View<'a>, right: &View<'a>) -> Alignment<'a> {
    let mut found = Alignment::of(left, right);
    equal_words(&mut found, left, right);
    whole_initials(&mut found, left, right);
    if found.left.free().next().is_some() && found.right.free().next().is_some() {
        respaced_words(&mut found, left, right);
        alike_words(&mut found, left, right);
        initial_words(&mut found, left, right);
        blended_words(&mut found, left, right);
        last_words(&mut found, left, right);
    }
    found
}

fn equal_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    let mut next = 0;
    for l in 0..found.left.len() {
        let word = found.left.word(l);
        let letters = left.letters(word);
        // Start behind the last match, so that repeated words pair up in order.
        let mut order = (next..found.right.len()).chain(0..next.min(found.right.len()));
        let is_equal =
            |r: &usize| !found.right.is_taken(*r) && same_word((letters, word), (right, found.right.word(*r)));
        if let Some(r) = order.find(is_equal) {
            found.push(Pair { left: one(l), right: one(r), alike: alike::SAME, how: Likeness::Equal });
            next = r + 1;
        }
    }
}

fn same_word((letters, word): (&str, &Word), (right, other): (&View<'_>, &Word)) -> bool {
    (word.traits.hash == other.traits.hash && letters == right.letters(other))
        || matches!((word.class, other.class), (Class::Number(a), Class::Number(b)) if a == b)
}

/// Two to four words of one side written as one word on the other.
fn respaced_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    let single = (Lengths::of(&found.left, 1), Lengths::of(&found.right, 1));
    for count in [2, 3, 4] {
        let joined = (Lengths::of(&found.left, count), Lengths::of(&found.right, count));
        // Nearly all are given up by how long they are.
        let mut near = [(Places::default(), Places::default()); MAX_WORDS];
        let mut any = 0;
        for (l, near) in near[..found.left.len()].iter_mut().enumerate() {
            *near = (single.1.near(joined.0.at(l)), joined.1.near(single.0.at(l)));
            any |= near.0.0 | near.1.0;
        }
        if any != 0 {
            respaced_pairs(found, (left, right), count, &near);
        }
    }
}

/// Of so many words joined. `near` gives for each left word, as the first that is joined and alone, the right words that
/// are about as long, alone and joined.
fn respaced_pairs(
    found: &mut Alignment<'_>,
    sides: (&View<'_>, &View<'_>),
    count: usize,
    near: &[(Places, Places); MAX_WORDS],
) {
    // What is known of joined words, once for each that are compared.
    let mut joined_right = [None; MAX_WORDS];
    for (l, (for_joined, for_single)) in near[..found.left.len()].iter().enumerate() {
        let mut joined_left = None;
        for r in Places(for_joined.0 | for_single.0) {
            if for_joined.has(r)
                && let Some(pair) = respaced_pair(found, sides, ((l, l + count), (r, r + 1)), &mut joined_left)
            {
                found.push(pair);
            }
            if for_single.has(r)
                && let Some(pair) = respaced_pair(found, sides, ((l, l + 1), (r, r + count)), &mut joined_right[r])
            {
                found.push(pair);
            }
        }
    }
}

/// How long the words of a side are, joined with those that follow; beyond [`LONGEST_JOINED`] that is not told apart.
struct Lengths {
    bytes: [u8; MAX_WORDS],
    count: usize,
}

/// Bytes of joined words, at most, that are counted.
const LONGEST_JOINED: u32 = 250;
/// Bytes that joined words have at least.
const LEAST_JOINED: u8 = 4;
/// Bytes by which joined words and a word may differ.
const MOST_APART: u8 = 2;

impl Lengths {
    /// Of `count` words each; as many as have enough words behind them.
    fn of(side: &Side<'_>, count: usize) -> Self {
        let mut lengths = Self { bytes: [0; MAX_WORDS], count: (side.len() + 1).saturating_sub(count) };
        for (at, length) in lengths.bytes[..lengths.count].iter_mut().enumerate() {
            *length = side.bytes((at, at + count)).map_or(0, |bytes| bytes.min(LONGEST_JOINED) as u8);
        }
        lengths
    }

    /// 0 where there are too few words.
    fn at(&self, at: usize) -> u8 {
        self.bytes[at]
    }

    /// The places where words are about this long.
    fn near(&self, length: u8) -> Places {
        if length < LEAST_JOINED {
            return Places::default();
        }
        let is_near = |other: &u8| other.abs_diff(length) <= MOST_APART;
        let bits = self.bytes[..self.count].iter().enumerate().map(|(at, other)| u32::from(is_near(other)) << at);
        Places(bits.fold(0, |near, bit| near | bit))
    }
}

/// The pair of two ranges of words, one of which is a single word, if all are free and their letters are alike. `joined` is
/// what is known of the others, if anything is.
fn respaced_pair(
    found: &Alignment<'_>,
    (left, right): (&View<'_>, &View<'_>),
    (l, r): ((usize, usize), (usize, usize)),
    joined: &mut Option<Traits>,
) -> Option<Pair> {
    if !found.left.is_free(l) || !found.right.is_free(r) {
        return None;
    }
    let (a, b) = (found.left.letters(left.text, l)?, found.right.letters(right.text, r)?);
    // Very long ones are not told apart before.
    if a.len().abs_diff(b.len()) > usize::from(MOST_APART) {
        return None;
    }
    let (alike, how) = if a == b {
        (alike::RESPACED, Likeness::Equal)
    } else {
        let (of_left, of_right) = (found.left.sets(l), found.right.sets(r));
        if a.len() < 6 || are_far_apart(of_left.0, of_right.0) {
            return None;
        }
        let is_left_joined = l.1 - l.0 > 1;
        let (text, letters) = if is_left_joined { (a, of_left.1) } else { (b, of_right.1) };
        let word = if is_left_joined { found.right.word(r.0) } else { found.left.word(l.0) };
        if !may_be_joined(text, letters, &word.traits) {
            return None;
        }
        let joined = Letters { text, traits: joined.get_or_insert_with(|| Traits::of(text)) };
        let alone = Letters { text: if is_left_joined { b } else { a }, traits: &word.traits.of_letters() };
        let (one, other) = if is_left_joined { (joined, alone) } else { (alone, joined) };
        joined_likeness(one, other)?
    };
    Some(Pair { left: range(l), right: range(r), alike, how })
}

/// What is left of both sides may be words badly written: the two that resemble each other most.
fn last_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    let is_distinctive = |word: &Word| word.weight > LIGHT && word.class == Class::Distinctive;
    let mut best: Option<(u16, usize, usize)> = None;
    for l in found.left.free().filter(|&at| is_distinctive(found.left.word(at))) {
        for r in found.right.free().filter(|&at| is_distinctive(found.right.word(at))) {
            let (a, b) = (found.left.word(l), found.right.word(r));
            if let Some(alike) = distant(letters(left, a), letters(right, b))
                && best.is_none_or(|(most, ..)| alike > most)
            {
                best = Some((alike, l, r));
            }
        }
    }
    let Some((alike, l, r)) = best else { return };
    let left_over = |side: &Side<'_>| side.free().filter(|&at| side.word(at).weight > LIGHT).count();
    let rest_agrees = found.pairs().any(|p| {
        p.alike >= alike::AGREES
            && p.how != Likeness::Initial
            && found.right.word(usize::from(p.right.0)).weight >= HEAVY
    });
    let is_all_else = left_over(&found.left) == 1 && left_over(&found.right) == 1 && rest_agrees;
    let how = if is_all_else && alike >= alike::DISTANT { Likeness::Distant } else { Likeness::Faint };
    found.push(Pair { left: one(l), right: one(r), alike, how });
}

fn letters<'a>(view: &View<'a>, word: &'a Word) -> Letters<'a> {
    Letters { text: view.letters(word), traits: &word.traits }
}

/// Whether words of these consonants are too far apart to be worth joining.
fn are_far_apart(left: u32, right: u32) -> bool {
    (left ^ right).count_ones() > 4
}

/// How alike joined words are to one word. Joined letters are easily alike by accident: eight of them are needed, and
/// lines of Chinese syllables that differ are different names.
fn joined_likeness(left: Letters<'_>, right: Letters<'_>) -> Option<(u16, Likeness)> {
    let found = likeness(left, right, false)?;
    let a = left.text;
    let is_firm = match found.1 {
        Likeness::Romanisation => a.len() >= 8 || found.0 >= alike::SAME_SYLLABLES,
        Likeness::Typo => a.len() >= 8 && (left.traits.syllables == 0 || right.traits.syllables == 0),
        _ => false,
    };
    is_firm.then(|| (alike::joined(found.0), found.1))
}

/// A name that is nothing but the initials of the other.
fn whole_initials(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    let are_both_short_or_long = (found.left.len() < 2) == (found.right.len() < 2);
    if !found.is_empty() || are_both_short_or_long && !is_spaced(&found.left, &found.right) {
        return;
    }
    for (short, long, is_left) in [(left, right, true), (right, left, false)] {
        let Some(letters) = acronym(short) else { continue };
        if are_initials(letters, long) {
            let all = |side: &Side<'_>| range((0, side.len()));
            let pair = Pair {
                left: all(&found.left),
                right: all(&found.right),
                alike: alike::ACRONYM,
                how: Likeness::Acronym,
            };
            found.push(pair);
            found.is_whole_acronym = true;
            found.is_left_acronym = is_left;
            return;
        }
    }
}

/// Whether just one side is single letters.
fn is_spaced(left: &Side<'_>, right: &Side<'_>) -> bool {
    let single = |side: &Side<'_>| side.len() > 2 && side.words().iter().all(|w| w.traits.length == 1);
    single(left) != single(right)
}

/// `PLA` for People's Liberation Army, `JC` for Jean-Claude: a word made of the first letters of adjacent words.
fn initial_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    for is_left in [true, false] {
        let (short_view, long_view) = if is_left { (left, right) } else { (right, left) };
        let free = (found.left.free(), found.right.free());
        let (short_free, long_free) = if is_left { free } else { (free.1, free.0) };
        let rest_agrees = !found.is_empty();
        for s in short_free {
            let (short, long) = if is_left { (&found.left, &found.right) } else { (&found.right, &found.left) };
            let Traits { length, is_ascii, .. } = short.word(s).traits;
            let enough = length >= 3 || (length == 2 && rest_agrees);
            if !enough || length > 6 || !is_ascii {
                continue;
            }
            let letters = short_view.letters(short.word(s)).as_bytes();
            let spelt = { long_free }.find_map(|l| spelt_from((long, long_free), long_view, l, letters));
            if let Some(spelt) = spelt {
                let (left, right) = if is_left { (one(s), range(spelt)) } else { (range(spelt), one(s)) };
                found.push(Pair { left, right, alike: alike::ACRONYM, how: Likeness::Acronym });
            }
        }
    }
}

/// The free words from `first` on whose first letters are these. Small words may be left out of an acronym.
fn spelt_from(
    (long, free): (&Side<'_>, Places),
    view: &View<'_>,
    first: usize,
    letters: &[u8],
) -> Option<(usize, usize)> {
    let is_small = |word: &Word| word.class == Class::Particle;
    let initial = |at: usize| view.letters(long.word(at)).as_bytes().first();
    // Nearly all are given up by their first letter.
    if initial(first) != letters.first() || is_small(long.word(first)) {
        return None;
    }
    let needed = || (first..long.len()).filter(|&at| !is_small(long.word(at))).take(letters.len());
    let end = needed().last()? + 1;
    (free.has_range((first, end)) && needed().map(initial).eq(letters.iter().map(Some))).then_some((first, end))
}

/// Pairs of single words that are alike, the heaviest and most alike first.
fn alike_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    // The best partner of each left word, until that is taken; who has none among those free gets none later.
    let mut partners: [Option<(u32, Pair)>; MAX_WORDS] = [None; MAX_WORDS];
    for l in found.left.free() {
        partners[l] = best_partner(found, left, right, l);
    }
    while !found.is_full() {
        let mut best: Option<(u32, Pair)> = None;
        for l in found.left.free() {
            if partners[l].is_some_and(|(_, pair)| found.right.is_taken(usize::from(pair.right.0))) {
                partners[l] = best_partner(found, left, right, l);
            }
            if let Some((gain, pair)) = partners[l]
                && best.is_none_or(|(most, _)| gain > most)
            {
                best = Some((gain, pair));
            }
        }
        let Some((_, pair)) = best else { return };
        found.push(pair);
    }
}

/// Whether two words that a typo could make of each other are two names all the same: both stand in several entries, or
/// many people have them, and they do not sound alike. A typo makes a word that nobody has for a name.
fn are_two_names(left: &View<'_>, a: &Word, right: &View<'_>, b: &Word) -> bool {
    let is_a_name = |word: &Word| word.class == Class::Distinctive && word.weight < OF_ONE_NAME;
    is_a_name(a)
        && is_a_name(b)
        && a.traits.is_ascii
        && b.traits.is_ascii
        && sound_alike(left.letters(a), right.letters(b)).is_none()
}

/// The free right word that fits a left one best, with what the pair gains: its likeness times the weights.
fn best_partner(found: &Alignment<'_>, left: &View<'_>, right: &View<'_>, l: usize) -> Option<(u32, Pair)> {
    let mut best: Option<(u32, Pair)> = None;
    let a = found.left.word(l);
    for r in found.right.free() {
        let b = found.right.word(r);
        let is_generic = a.class == Class::Generic || b.class == Class::Generic;
        if !is_generic && !a.traits.may_resemble(&b.traits) {
            continue;
        }
        // Two numbers, or two places that are known, are two however alike they are written.
        if matches!((a.class, b.class), (Class::Number(_), Class::Number(_)) | (Class::Place, Class::Place)) {
            continue;
        }
        let long = if a.end - a.start > b.end - b.start { a } else { b };
        let is_long_generic = long.class == Class::Generic;
        let Some((mut alike, how)) = likeness(letters(left, a), letters(right, b), is_long_generic) else { continue };
        if how == Likeness::Typo && alike < alike::SURE_TYPO && are_two_names(left, a, right, b) {
            alike = alike::of_two_names(alike);
        }
        let gain = u32::from(alike) * (u32::from(a.weight) + u32::from(b.weight) + 1);
        if best.is_none_or(|(most, _)| gain > most) {
            best = Some((gain, Pair { left: one(l), right: one(r), alike, how }));
        }
    }
    best
}
