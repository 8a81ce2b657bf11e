//! The exact stage: every listed name that stands in squeezed text, letter for letter, wherever words begin or end.
//!
//! One pass of an Aho-Corasick automaton over the heads of the names finds where a name may begin; see [`heads`]. A match
//! has to start and end where a word does. A long name of several words is unmistakable: it may be glued to a neighbour
//! at one of its ends.

mod heads;
mod letters;

use aho_corasick::BuildError;
use heads::{HeadMatch, Heads, length};
use letters::Letters;
use model::binary::{self, Binary, BytesOut};
use model::ids::NameId;
use model::{binary_choice, binary_fields};
use rayon::slice::ParallelSliceMut as _;
use std::io;
use text::Folded;

/// Names up to this many letters are not searched across word breaks that the listed spelling does not have, unless they
/// are all that a field says.
const SHORT: usize = 6;
/// Names from this many letters are found even where they are glued to a neighbouring word.
const UNMISTAKABLE: usize = 14;
/// Longest pattern in bytes; longer names have none.
const MAX_PATTERN: usize = 400;

/// Which letters of a name a pattern is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The whole name.
    Whole,
    /// The name without its legal form.
    Core,
}

binary_choice!(Part { Whole, Core });

/// A name that a pattern belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct PatternUse {
    pub(super) name: NameId,
    pub(super) part: Part,
    /// Tokens of the listed spelling.
    pub(super) tokens: u8,
}

binary_fields!(PatternUse { name, part, tokens });

/// Collects patterns before they are put in order.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    letters: Vec<u8>,
    patterns: Vec<Pattern>,
}

/// Letters of the collection and the name they belong to.
#[derive(Clone, Copy, Debug)]
struct Pattern {
    /// Its first eight bytes, as a number that is in the order of the bytes: most patterns are told apart by it.
    first: u64,
    start: u32,
    bytes: u16,
    using: PatternUse,
}

impl Patterns {
    /// Adds the folded letters of a name, unless they are too few or too many; `tokens` is how many words they are.
    pub(super) fn add(&mut self, squeezed: &str, name: NameId, part: Part, tokens: usize) {
        if squeezed.len() < 2 || squeezed.len() > MAX_PATTERN {
            return;
        }
        // Beyond 32 bits `build` refuses all of them.
        let start = self.letters.len() as u32;
        self.letters.extend_from_slice(squeezed.as_bytes());
        let using = PatternUse { name, part, tokens: tokens.min(255) as u8 };
        let mut first = [0; 8];
        first.iter_mut().zip(squeezed.bytes()).for_each(|(to, byte)| *to = byte);
        self.patterns.push(Pattern { first: u64::from_be_bytes(first), start, bytes: squeezed.len() as u16, using });
    }

    /// Adds the patterns of other names behind these.
    pub(super) fn append(&mut self, more: Self) {
        let start = self.letters.len() as u32;
        self.letters.extend(more.letters);
        self.patterns.extend(more.patterns.into_iter().map(|p| Pattern { start: start.wrapping_add(p.start), ..p }));
    }
}

/// The patterns and what they stand for.
#[derive(Debug)]
pub(super) struct Exact {
    letters: Letters,
    /// Where the uses of each pattern start.
    starts: Vec<u32>,
    uses: Vec<PatternUse>,
    heads: Heads,
}

/// Why the patterns could not be built.
#[derive(Debug)]
pub(super) enum ExactError {
    /// The patterns have more bytes than can be numbered: how many.
    TooLarge(usize),
    /// The automaton over their heads would have too many states.
    Automaton(BuildError),
}

/// A pattern on token boundaries.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExactMatch {
    pub(super) using: PatternUse,
    /// Squeezed bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Blanks added or taken out, compared with the listed spelling.
    pub(super) respaced: u8,
    /// An end lies inside a word of the text.
    pub(super) is_glued: bool,
}

impl Exact {
    /// Puts the patterns in order and builds the automaton over their heads.
    ///
    /// # Errors
    /// When the patterns or the states of the automaton are more than can be numbered.
    pub(super) fn build(patterns: Patterns) -> Result<Self, ExactError> {
        let (letters, starts, uses) = in_order(patterns).map_err(ExactError::TooLarge)?;
        let head = length(letters.count());
        Self::of(letters, starts, uses, head).map_err(ExactError::Automaton)
    }

    /// Of patterns in order and their uses, with heads of so many bytes.
    fn of(letters: Letters, starts: Vec<u32>, uses: Vec<PatternUse>, head: usize) -> Result<Self, BuildError> {
        let may_be_glued = |pattern: u32| {
            let at = pattern as usize;
            letters.of(pattern).len() >= UNMISTAKABLE
                && uses[starts[at] as usize..starts[at + 1] as usize].iter().any(|u| u.tokens >= 2)
        };
        let heads = Heads::build(&letters, head, may_be_glued)?;
        Ok(Self { letters, starts, uses, heads })
    }

    /// Writes all but the automaton, which has no form in bytes.
    pub(super) fn write_to(&self, out: &mut BytesOut<'_>) {
        let Self { letters, starts, uses, heads: _ } = self;
        letters.write_to(out);
        starts.write_to(out);
        uses.write_to(out);
    }

    /// Reads what [`Exact::write_to`] wrote, and builds the automaton again.
    ///
    /// # Errors
    /// When the bytes are something else, or the automaton cannot be built.
    pub(super) fn read_from(bytes: &[u8]) -> io::Result<Self> {
        let (letters, starts, uses) = binary::whole::<(Letters, _, _)>(bytes)?;
        let head = length(letters.count());
        Self::of(letters, starts, uses, head).map_err(io::Error::other)
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        self.letters.bytes.len()
            + 4 * (self.letters.starts.len() + self.starts.len())
            + size_of::<PatternUse>() * self.uses.len()
            + self.heads.memory()
    }

    /// Calls `found` with every match, in the order of their ends, the longest of one end first.
    pub(super) fn find(&self, folded: &Folded, mut found: impl FnMut(ExactMatch)) {
        let text = folded.squeezed().as_bytes();
        let is_edge = |at: usize| folded.is_boundary(at) || is_soft_edge(folded, at);
        let mut matches: Vec<(u32, u32, u32)> = Vec::new();
        self.heads.find(text, &self.letters, is_edge, |HeadMatch { pattern, start, end }| {
            // Only an end may be glued, and only of a long name.
            if (is_edge(start), is_edge(end)) == (true, true)
                || (end - start >= UNMISTAKABLE && (is_edge(start) || is_edge(end)))
            {
                matches.push((end as u32, start as u32, pattern));
            }
        });
        matches.sort_unstable();
        for (end, start, pattern) in matches {
            let (start, end, pattern) = (start as usize, end as usize, pattern as usize);
            let letters = end - start;
            let is_glued = !(is_edge(start) && is_edge(end));
            let tokens = folded.token_at(end - 1) - folded.token_at(start) + 1;
            for using in &self.uses[self.starts[pattern] as usize..self.starts[pattern + 1] as usize] {
                if is_glued && using.tokens < 2 {
                    continue;
                }
                let respaced = tokens.abs_diff(usize::from(using.tokens));
                if respaced > 0 && letters <= SHORT && letters < text.len() {
                    continue;
                }
                found(ExactMatch { using: *using, start, end, respaced: respaced.min(255) as u8, is_glued });
            }
        }
    }
}

/// Puts the patterns in order, each once: their letters, where the uses of each start, and the uses. The bytes of all when they
/// are more than can be numbered.
fn in_order(patterns: Patterns) -> Result<(Letters, Vec<u32>, Vec<PatternUse>), usize> {
    let Patterns { letters: given, mut patterns } = patterns;
    if u32::try_from(given.len()).is_err() {
        return Err(given.len());
    }
    let text = |pattern: &Pattern| {
        let start = pattern.start as usize;
        &given[start..start + usize::from(pattern.bytes)]
    };
    // Stable: the uses of one pattern stay in the order of the names.
    patterns.par_sort_by(|a, b| a.first.cmp(&b.first).then_with(|| text(a).cmp(text(b))));
    let mut letters = Letters { bytes: Vec::with_capacity(given.len()), starts: vec![0] };
    let (mut starts, mut uses): (Vec<u32>, Vec<PatternUse>) = (vec![0], Vec::with_capacity(patterns.len()));
    for same in patterns.chunk_by(|a, b| text(a) == text(b)) {
        letters.bytes.extend_from_slice(text(&same[0]));
        letters.starts.push(letters.bytes.len() as u32);
        let first = uses.len();
        for pattern in same {
            // A name that is its own core is whole. Patterns of one name were added together.
            if uses[first..].last().is_none_or(|last| last.name != pattern.using.name) {
                uses.push(pattern.using);
            }
        }
        starts.push(uses.len() as u32);
    }
    drop(patterns);
    drop(given);
    letters.bytes.shrink_to_fit();
    letters.starts.shrink_to_fit();
    starts.shrink_to_fit();
    uses.shrink_to_fit();
    Ok((letters, starts, uses))
}

/// Between a digit and a letter a word may begin or end: `LTD2020`.
fn is_soft_edge(folded: &Folded, at: usize) -> bool {
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
        let is_edge = |at: usize| folded.is_boundary(at) || is_soft_edge(folded, at);
        let mut all: Vec<_> = automaton
            .find_overlapping_iter(folded.squeezed())
            .filter(|m| match (is_edge(m.start()), is_edge(m.end())) {
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
            head in prop::sample::select(vec![length(0), length(usize::MAX)]),
        ) {
            let mut collected = Patterns::default();
            for (at, pattern) in patterns.iter().enumerate() {
                let squeezed = Folded::of(pattern, Reading::Plain);
                collected.add(squeezed.squeezed(), NameId::from_index(at), Part::Whole, 2);
            }
            let folded_patterns: Vec<String> =
                patterns.iter().map(|p| Folded::of(p, Reading::Plain).squeezed().to_owned()).collect();
            let (letters, starts, uses) = in_order(collected).unwrap();
            let exact = Exact::of(letters, starts, uses, head).unwrap();
            let folded = Folded::of(&words.join(" "), Reading::Plain);
            let mut found = Vec::new();
            exact.find(&folded, |m| {
                found.push((m.end, m.start, folded_patterns[m.using.name.index()].clone()));
            });
            // Short names are not looked for across word breaks they do not have.
            let mut sought = by_automaton(&folded_patterns, &folded);
            sought.retain(|(end, start, _)| {
                end - start > SHORT.min(folded.squeezed().len() - 1) || folded.token_at(end - 1) - folded.token_at(*start) + 1 == 2
            });
            let is_in_order = found.is_sorted_by_key(|(end, start, _)| (*end, *start));
            prop_assert!(is_in_order);
            found.sort_unstable();
            found.dedup();
            prop_assert_eq!(found, sought);
        }
    }
}
