//! Which words of one name stand for which words of the other.

mod blend;
mod joined;

use super::alignment::{Alignment, MAX_WORDS, Pair, Places, Side, one, range};
use super::initials::{acronym, are_initials};
use super::model::likeness as alike;
use super::model::words::{HEAVY, LIGHT, OF_ONE_NAME};
use super::similar::{Letters, Likeness, distant, likeness};
use super::sounds::sound_alike;
use super::word::{Class, Traits, View, Word};
use blend::blended_words;
use joined::each_respaced;

/// Aligns equal words first, then words split or joined, then words that are alike, the heaviest first.
pub(super) fn align<'a>(left: &View<'a>, right: &View<'a>) -> Alignment<'a> {
    let mut found = Alignment::of(left, right);
    equal_words(&mut found, left, right);
    whole_initials(&mut found, left, right);
    if found.left.free().next().is_some() && found.right.free().next().is_some() {
        each_respaced(&mut found, left, right, Alignment::push);
        alike_words(&mut found, left, right);
        let rest_agrees = !found.is_empty();
        initial_words(&mut found, left, right, rest_agrees);
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

/// Whether words of two names may stand for one another because they are split, joined, blended or drawn together to their
/// initials, or because all letters are the same, whatever else agrees; a `false` is certain.
pub(crate) fn may_align_otherwise(left: &View<'_>, right: &View<'_>) -> bool {
    if left.squeezed() == right.squeezed() {
        return true;
    }
    let mut found = Alignment::of(left, right);
    // Equal words are never taken for anything else.
    equal_words(&mut found, left, right);
    let free = (found.left.free(), found.right.free());
    each_respaced(&mut found, left, right, Alignment::push);
    initial_words(&mut found, left, right, true);
    blended_words(&mut found, left, right);
    free != (found.left.free(), found.right.free())
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
/// Two letters are enough only beside something else that agrees.
fn initial_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>, rest_agrees: bool) {
    for is_left in [true, false] {
        let (short_view, long_view) = if is_left { (left, right) } else { (right, left) };
        let free = (found.left.free(), found.right.free());
        let (short_free, long_free) = if is_left { free } else { (free.1, free.0) };
        let rest_agrees = rest_agrees || !found.is_empty();
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
