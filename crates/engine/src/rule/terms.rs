//! Words and phrases looked for in folded text, token by token.

use rustc_hash::FxHashMap;
use text::{Folded, Reading};

/// A set of words and phrases, each with a value.
#[derive(Debug, Default)]
pub(super) struct Terms {
    by_first: FxHashMap<Box<str>, Vec<Term>>,
}

#[derive(Debug)]
struct Term {
    rest: Vec<Box<str>>,
    value: u32,
}

/// A word or phrase found: tokens `first..=last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TermHit {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) value: u32,
}

impl Terms {
    /// Adds a word or phrase, folded like the text. `false` when nothing is left of it once folded.
    pub(super) fn add(&mut self, text: &str, value: u32) -> bool {
        let folded = Folded::of(text, Reading::Plain);
        let mut words = folded.tokens().iter().map(|&t| Box::<str>::from(folded.text(t)));
        let Some(first) = words.next() else { return false };
        let rest: Vec<Box<str>> = words.collect();
        let of_first = self.by_first.entry(first).or_default();
        of_first.push(Term { rest, value });
        // Longer ones first, so that the first hit at a place is the longest.
        of_first.sort_by_key(|t| std::cmp::Reverse(t.rest.len()));
        true
    }

    /// Calls `found` with every hit that begins at token `at`, longest first.
    fn at(&self, folded: &Folded, at: usize, found: &mut impl FnMut(TermHit)) {
        let tokens = folded.tokens();
        let Some(terms) = self.by_first.get(folded.text(tokens[at])) else { return };
        for term in terms {
            let rest = tokens.get(at + 1..=at + term.rest.len()).unwrap_or_default();
            if rest.len() == term.rest.len() && rest.iter().zip(&term.rest).all(|(&t, r)| folded.text(t) == &**r) {
                found(TermHit { first: at, last: at + term.rest.len(), value: term.value });
            }
        }
    }

    /// Every hit, in order of place, longest first where several begin at one place.
    pub(super) fn each(&self, folded: &Folded, mut found: impl FnMut(TermHit)) {
        if self.by_first.is_empty() {
            return;
        }
        for at in 0..folded.tokens().len() {
            self.at(folded, at, &mut found);
        }
    }

    /// The longest hit at the first place that has one.
    pub(super) fn first(&self, folded: &Folded) -> Option<TermHit> {
        let mut hit = None;
        for at in 0..folded.tokens().len() {
            self.at(folded, at, &mut |h| {
                hit.get_or_insert(h);
            });
            if hit.is_some() {
                break;
            }
        }
        hit
    }

    /// The hit that is exactly the tokens `first..=last`.
    pub(super) fn exactly(&self, folded: &Folded, first: usize, last: usize) -> Option<TermHit> {
        let mut hit = None;
        if first < folded.tokens().len() {
            self.at(folded, first, &mut |h| {
                if h.last == last {
                    hit.get_or_insert(h);
                }
            });
        }
        hit
    }

    /// The hit that is the whole text.
    pub(super) fn whole(&self, folded: &Folded) -> Option<TermHit> {
        self.exactly(folded, 0, folded.tokens().len().checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_whole_and_longest_first() {
        let mut terms = Terms::default();
        assert!(terms.add("spare parts", 1) && terms.add("parts", 2) && terms.add("无人机", 3));
        assert!(!terms.add("--", 4));
        let folded = Folded::of("Spare-Parts for parts 无人机", Reading::Plain);
        let mut hits = Vec::new();
        terms.each(&folded, |h| hits.push((h.first, h.last, h.value)));
        assert_eq!(hits, [(0, 1, 1), (1, 1, 2), (3, 3, 2), (4, 6, 3)]);
        assert_eq!(terms.first(&folded).map(|h| h.value), Some(1));
        assert!(terms.whole(&folded).is_none());
        assert_eq!(terms.whole(&Folded::of("PARTS.", Reading::Plain)).map(|h| h.value), Some(2));
    }
}
