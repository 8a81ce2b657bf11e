//! An Aho-Corasick automaton over the heads of the patterns, and what follows a head.
//!
//! The automaton holds the first letters of every pattern, [`length`] of them, or all of a shorter one. One pass over squeezed
//! text finds every head, wherever it stands. Patterns of one head lie side by side when they are in order, so that a
//! head leads to a range of them; of patterns in order, those that a text begins with are the last one not behind the
//! text and the beginnings of that one. Each knows the longest of its own beginnings, so that there is nothing else to
//! try.
//!
//! Heads rather than whole patterns: most letters of the names stand behind a head, and names that begin alike share
//! it, so that two million names need a tenth of the states. What each length costs is in `docs/performance.md`.

use super::letters::Letters;
use aho_corasick::automaton::Automaton as _;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, BuildError};

/// Letters of a pattern that the automaton holds, in bytes. Fewer lead to more names that are not there; more make a
/// larger automaton, which is slower to build: at two million names eight take four times the time and three times the memory of
/// six, to save a sixth of a scan that is a small part of what a line costs there.
const HEAD: usize = 8;
/// The same of so many patterns or more.
const HEAD_OF_MANY: usize = 6;
const MANY: usize = 1 << 20;

/// Letters behind which the next state is looked up, rather than searched among the letters that lead on.
const DENSE: usize = 3;

/// No pattern.
const NONE: u32 = u32::MAX;

/// Patterns in order, found by their heads.
#[derive(Debug)]
pub(super) struct Heads {
    automaton: NFA,
    /// The first pattern of each head; one more than there are heads.
    groups: Vec<u32>,
    /// For each pattern, the longest other one of its head that it begins with.
    shorter: Vec<u32>,
    /// A bit for each head: whether one of its patterns may start inside a word.
    starts_inside: Vec<u64>,
    /// Bytes of a whole head.
    whole: usize,
}

/// A pattern in a text, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeadMatch {
    pub(super) pattern: u32,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// How many bytes a head of so many patterns has.
pub(super) fn length(patterns: usize) -> usize {
    if patterns < MANY { HEAD } else { HEAD_OF_MANY }
}

impl Heads {
    /// Of all patterns, `whole` bytes of each; `starts_inside` says which of them may start inside a word.
    ///
    /// # Errors
    /// When the automaton would have more states than can be numbered.
    pub(super) fn build(
        letters: &Letters,
        whole: usize,
        starts_inside: impl Fn(u32) -> bool,
    ) -> Result<Self, BuildError> {
        let count = letters.count() as u32;
        let head = |pattern: u32| {
            let all = letters.of(pattern);
            &all[..all.len().min(whole)]
        };
        let (mut groups, mut inside) = (Vec::new(), Vec::new());
        let mut shorter = Vec::with_capacity(letters.count());
        let mut beginnings: Vec<u32> = Vec::new();
        for pattern in 0..count {
            if pattern == 0 || head(pattern - 1) != head(pattern) {
                if groups.len() % 64 == 0 {
                    inside.push(0);
                }
                groups.push(pattern);
                beginnings.clear();
            }
            let group = groups.len() - 1;
            inside[group / 64] |= u64::from(starts_inside(pattern)) << (group % 64);
            while beginnings.last().is_some_and(|p| !letters.of(pattern).starts_with(letters.of(*p))) {
                beginnings.pop();
            }
            shorter.push(beginnings.last().copied().unwrap_or(NONE));
            beginnings.push(pattern);
        }
        // No prefilter: names begin with any letter. Where most of the text is read, each state has its next one for every
        // letter.
        let automaton =
            NFA::builder().prefilter(false).dense_depth(DENSE).build(groups.iter().map(|first| head(*first)))?;
        groups.push(count);
        groups.shrink_to_fit();
        Ok(Self { automaton, groups, shorter, starts_inside: inside, whole })
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        self.automaton.memory_usage()
            + 4 * (self.groups.len() + self.shorter.len())
            + size_of::<u64>() * self.starts_inside.len()
    }

    /// Calls `found` with the patterns that stand in the text: those that start at an edge, and those that may start
    /// elsewhere. Patterns shorter than a head are found only between edges.
    pub(super) fn find(
        &self,
        text: &[u8],
        letters: &Letters,
        is_edge: impl Fn(usize) -> bool,
        mut found: impl FnMut(HeadMatch),
    ) {
        // An automaton that was built for every search has a start for one that is not anchored.
        let Ok(mut state) = self.automaton.start_state(Anchored::No) else { return };
        for (at, byte) in text.iter().enumerate() {
            state = self.automaton.next_state(Anchored::No, state, *byte);
            if !self.automaton.is_match(state) {
                continue;
            }
            let end = at + 1;
            // The heads of a state come longest first, and of a whole head's length there is one at most.
            let count = if is_edge(end) { self.automaton.match_len(state) } else { 1 };
            for nth in 0..count {
                let head = self.automaton.match_pattern(state, nth);
                let bytes = self.automaton.pattern_len(head);
                let (head, start) = (head.as_usize(), end - bytes);
                let is_at_edge = is_edge(start);
                if bytes < self.whole {
                    if is_at_edge && is_edge(end) {
                        found(HeadMatch { pattern: self.groups[head], start, end });
                    }
                } else if is_at_edge || self.starts_inside[head / 64] & 1 << (head % 64) != 0 {
                    self.behind(head, &text[start..], letters, |pattern, bytes| {
                        found(HeadMatch { pattern, start, end: start + bytes });
                    });
                }
            }
        }
    }

    /// Calls `found` with every pattern of a head that the text begins with, and its bytes.
    fn behind(&self, head: usize, text: &[u8], letters: &Letters, mut found: impl FnMut(u32, usize)) {
        let (first, end) = (self.groups[head], self.groups[head + 1]);
        let (mut low, mut high) = (first, end);
        while low < high {
            let middle = low + (high - low) / 2;
            if letters.of(middle) <= text {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let mut at = if low == first { NONE } else { low - 1 };
        while at != NONE {
            let its = letters.of(at);
            if text.starts_with(its) {
                found(at, its.len());
            }
            at = self.shorter[at as usize];
        }
    }
}
