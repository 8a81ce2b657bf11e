//! The exact stage: every listed name that stands in squeezed text, letter for letter, wherever words begin or end.
//!
//! A match has to start or end where a word does, so names are looked up there and nowhere else: by their first eight
//! letters where a word starts, by their last eight where one ends. An automaton over all names would pass every letter
//! and find the same; at two million names it takes half a minute and more memory than all else together.

mod heads;

use heads::{Direction, Heads};
use rayon::slice::ParallelSliceMut as _;
use text::Folded;

/// Names up to this many letters are not looked for across word breaks they do not have.
const SHORT: usize = 6;
/// Names from this many letters are found even where they are glued to a neighbouring word.
const UNMISTAKABLE: usize = 14;
/// Romanised or listed letters that take part in a pattern, in bytes; longer names match by their first part.
const MAX_PATTERN: usize = 400;

/// Which letters of a name a pattern is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The whole name.
    Whole,
    /// The name without its legal form.
    Core,
}

/// A name that a pattern stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) name: u32,
    pub(super) part: Part,
    /// Tokens of the listed spelling.
    pub(super) tokens: u8,
}

/// Collects patterns before they are put in order.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    letters: Vec<u8>,
    rows: Vec<Row>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    start: u32,
    bytes: u16,
    using: Use,
}

impl Patterns {
    pub(super) fn add(&mut self, squeezed: &str, name: u32, part: Part, tokens: usize) {
        if squeezed.len() < 2 || squeezed.len() > MAX_PATTERN {
            return;
        }
        // Beyond 32 bits `build` refuses all of them.
        let start = self.letters.len() as u32;
        self.letters.extend_from_slice(squeezed.as_bytes());
        let using = Use { name, part, tokens: tokens.min(255) as u8 };
        self.rows.push(Row { start, bytes: squeezed.len() as u16, using });
    }
}

/// The letters of all patterns, in order.
#[derive(Debug, Default)]
struct Letters {
    bytes: Vec<u8>,
    /// Where each pattern starts; one more than there are patterns.
    starts: Vec<u32>,
}

impl Letters {
    fn of(&self, pattern: u32) -> &[u8] {
        let at = pattern as usize;
        &self.bytes[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    fn count(&self) -> usize {
        self.starts.len() - 1
    }
}

/// The patterns and what they stand for.
#[derive(Debug)]
pub(super) struct Exact {
    letters: Letters,
    /// Where the uses of each pattern start.
    starts: Vec<u32>,
    uses: Vec<Use>,
    /// Every pattern, by its first letters.
    by_start: Heads,
    /// Those that may be glued to the word before them, by their last letters.
    by_end: Heads,
}

/// A pattern on token boundaries.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExactMatch {
    pub(super) using: Use,
    /// Squeezed bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Blanks added or taken out, compared with the listed spelling.
    pub(super) respaced: u8,
    /// An end lies inside a word of the text.
    pub(super) is_glued: bool,
}

impl Exact {
    /// Puts the patterns in order; the number of bytes when there are more than can be numbered.
    pub(super) fn build(patterns: Patterns) -> Result<Self, usize> {
        let Patterns { letters: given, mut rows } = patterns;
        if u32::try_from(given.len()).is_err() {
            return Err(given.len());
        }
        let text = |row: &Row| &given[row.start as usize..row.start as usize + usize::from(row.bytes)];
        // Stable: the uses of one pattern stay in the order of the names.
        rows.par_sort_by(|a, b| text(a).cmp(text(b)));
        let mut letters = Letters { bytes: Vec::with_capacity(given.len()), starts: vec![0] };
        let (mut starts, mut uses): (Vec<u32>, Vec<Use>) = (vec![0], Vec::with_capacity(rows.len()));
        for same in rows.chunk_by(|a, b| text(a) == text(b)) {
            letters.bytes.extend_from_slice(text(&same[0]));
            letters.starts.push(letters.bytes.len() as u32);
            let first = uses.len();
            for row in same {
                // A name that is whole and core alike is whole.
                if !uses[first..].iter().rev().any(|u| u.name == row.using.name) {
                    uses.push(row.using);
                }
            }
            starts.push(uses.len() as u32);
        }
        drop(rows);
        drop(given);
        letters.bytes.shrink_to_fit();
        let may_be_glued = |pattern: &u32| {
            let at = *pattern as usize;
            letters.of(*pattern).len() >= UNMISTAKABLE
                && uses[starts[at] as usize..starts[at + 1] as usize].iter().any(|u| u.tokens >= 2)
        };
        let all = 0..letters.count() as u32;
        let (by_start, by_end) = rayon::join(
            || Heads::build(Direction::Forward, all.clone().collect(), &letters),
            || Heads::build(Direction::Backward, all.clone().filter(may_be_glued).collect(), &letters),
        );
        Ok(Self { letters, starts, uses, by_start, by_end })
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        self.letters.bytes.len()
            + 4 * (self.letters.starts.len() + self.starts.len())
            + size_of::<Use>() * self.uses.len()
            + self.by_start.memory()
            + self.by_end.memory()
    }

    /// Calls `found` with every match, in the order of their ends, the longest of one end first.
    pub(super) fn find(&self, folded: &Folded, mut found: impl FnMut(ExactMatch)) {
        let text = folded.squeezed().as_bytes();
        let is_well = |at: usize| folded.is_boundary(at) || is_soft(folded, at);
        let mut matches: Vec<(u32, u32, u32)> = Vec::new();
        for at in 0..=text.len() {
            if !is_well(at) {
                continue;
            }
            self.by_start.find(&text[at..], &self.letters, |pattern, bytes| {
                matches.push(((at + bytes) as u32, at as u32, pattern));
            });
            if at >= UNMISTAKABLE {
                self.by_end.find(&text[..at], &self.letters, |pattern, bytes| {
                    // Where it starts well it has been found from its start.
                    if !is_well(at - bytes) {
                        matches.push((at as u32, (at - bytes) as u32, pattern));
                    }
                });
            }
        }
        matches.sort_unstable();
        for (end, start, pattern) in matches {
            let (start, end, pattern) = (start as usize, end as usize, pattern as usize);
            let letters = end - start;
            let (starts_well, ends_well) = (is_well(start), is_well(end));
            let is_glued = !(starts_well && ends_well);
            // A long name is unmistakable even when one of its ends is glued to a neighbour.
            if is_glued && (letters < UNMISTAKABLE || !(starts_well || ends_well)) {
                continue;
            }
            let tokens = folded.token_at(end - 1) - folded.token_at(start) + 1;
            for using in &self.uses[self.starts[pattern] as usize..self.starts[pattern + 1] as usize] {
                if is_glued && using.tokens < 2 {
                    continue;
                }
                let respaced = tokens.abs_diff(usize::from(using.tokens));
                if respaced > 0 && letters <= SHORT {
                    continue;
                }
                found(ExactMatch { using: *using, start, end, respaced: respaced.min(255) as u8, is_glued });
            }
        }
    }
}

/// Between a digit and a letter a word may begin or end: `LTD2020`.
fn is_soft(folded: &Folded, at: usize) -> bool {
    let bytes = folded.squeezed().as_bytes();
    bytes[at - 1].is_ascii_digit() != bytes[at].is_ascii_digit() && bytes[at - 1].is_ascii() && bytes[at].is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aho_corasick::AhoCorasick;
    use proptest::prelude::*;
    use text::Reading;

    /// What an automaton that passes every letter finds on word boundaries.
    fn by_automaton(patterns: &[String], folded: &Folded) -> Vec<(usize, usize, String)> {
        let automaton = AhoCorasick::new(patterns).unwrap();
        let is_well = |at: usize| folded.is_boundary(at) || is_soft(folded, at);
        let mut all: Vec<_> = automaton
            .find_overlapping_iter(folded.squeezed())
            .filter(|m| match (is_well(m.start()), is_well(m.end())) {
                (true, true) => true,
                (false, false) => false,
                _ => m.len() >= UNMISTAKABLE,
            })
            .map(|m| (m.end(), m.start(), patterns[m.pattern()].clone()))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    proptest! {
        /// Few letters, so that names begin and end alike, lie in one another and are cut by words.
        #[test]
        fn finds_what_an_automaton_finds(
            patterns in prop::collection::vec("[ab]{2,9}|[ab1é]{5,20}|(ab){4,12}", 1..40),
            words in prop::collection::vec("[ab]{1,8}|[ab1é]{1,20}|(ab){3,12}", 0..20),
        ) {
            let mut collected = Patterns::default();
            for (name, pattern) in (0..).zip(&patterns) {
                collected.add(Folded::of(pattern, Reading::Plain).squeezed(), name, Part::Whole, 2);
            }
            let folded_patterns: Vec<String> =
                patterns.iter().map(|p| Folded::of(p, Reading::Plain).squeezed().to_owned()).collect();
            let exact = Exact::build(collected).unwrap();
            let folded = Folded::of(&words.join(" "), Reading::Plain);
            let mut found = Vec::new();
            exact.find(&folded, |m| {
                found.push((m.end, m.start, folded_patterns[m.using.name as usize].clone()));
            });
            // Short names are not looked for across word breaks they do not have.
            let mut sought = by_automaton(&folded_patterns, &folded);
            sought.retain(|(end, start, _)| {
                end - start > SHORT || folded.token_at(end - 1) - folded.token_at(*start) + 1 == 2
            });
            let is_in_order = found.is_sorted_by_key(|(end, start, _)| (*end, *start));
            prop_assert!(is_in_order);
            found.sort_unstable();
            found.dedup();
            prop_assert_eq!(found, sought);
        }
    }
}
