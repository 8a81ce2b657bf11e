//! The exact stage: one automaton over squeezed text.

use crate::text::Folded;
use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};
use rustc_hash::FxHashMap;

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

/// Collects patterns before the automaton is built.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    ids: FxHashMap<Box<str>, u32>,
    uses: Vec<Vec<Use>>,
}

impl Patterns {
    pub(super) fn add(&mut self, squeezed: &str, name: u32, part: Part, tokens: usize) {
        if squeezed.len() < 2 || squeezed.len() > MAX_PATTERN {
            return;
        }
        let id = *self.ids.entry(squeezed.into()).or_insert_with(|| {
            self.uses.push(Vec::new());
            self.uses.len() as u32 - 1
        });
        let uses = &mut self.uses[id as usize];
        if !uses.iter().any(|u| u.name == name) {
            uses.push(Use { name, part, tokens: tokens.min(255) as u8 });
        }
    }
}

/// The automaton and what its patterns stand for.
#[derive(Debug)]
pub(super) struct Exact {
    automaton: AhoCorasick,
    /// Where the uses of each pattern start.
    starts: Vec<u32>,
    uses: Vec<Use>,
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
    pub(super) fn build(patterns: Patterns) -> Result<Self, BuildError> {
        let mut texts: Vec<(Box<str>, u32)> = patterns.ids.into_iter().collect();
        texts.sort_unstable_by_key(|(_, id)| *id);
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .build(texts.iter().map(|(text, _)| text.as_bytes()))?;
        let mut starts = vec![0];
        let mut uses = Vec::new();
        for pattern in patterns.uses {
            uses.extend(pattern);
            starts.push(uses.len() as u32);
        }
        Ok(Self { automaton, starts, uses })
    }

    /// Bytes on the heap of the automaton.
    pub(super) fn memory(&self) -> usize {
        self.automaton.memory_usage()
    }

    pub(super) fn find(&self, folded: &Folded, mut found: impl FnMut(ExactMatch)) {
        for m in self.automaton.find_overlapping_iter(folded.squeezed().as_bytes()) {
            let (start, end) = (m.start(), m.end());
            let letters = end - start;
            let starts_well = folded.is_boundary(start) || is_soft(folded, start);
            let ends_well = folded.is_boundary(end) || is_soft(folded, end);
            let is_glued = !(starts_well && ends_well);
            // A long name is unmistakable even when one of its ends is glued to a neighbour.
            if is_glued && (letters < UNMISTAKABLE || !(starts_well || ends_well)) {
                continue;
            }
            let tokens = folded.token_at(end - 1) - folded.token_at(start) + 1;
            let pattern = m.pattern().as_usize();
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
