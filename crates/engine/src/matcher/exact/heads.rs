//! Patterns by how they begin, or how they end.
//!
//! Patterns that begin with the same letters lie side by side when they are in order. A table leads from the first
//! [`HEAD`] letters to where they lie, and a filter before it, a few bits for each, ends almost every look-up with one
//! look at memory. Of patterns in order, those that a text begins with are the last one not behind the text and the
//! beginnings of that one: each knows the longest of its own beginnings, so there is nothing else to try.

use super::letters::Letters;
use rayon::slice::ParallelSliceMut as _;
use std::cmp::Ordering;

/// Letters that lead to a group of patterns; shorter patterns are groups of their own.
const HEAD: usize = 8;

/// No pattern.
const NONE: u32 = u32::MAX;

/// From which end patterns are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

/// Patterns by their first letters, read in one direction.
#[derive(Debug)]
pub(super) struct Heads {
    direction: Direction,
    /// Patterns, in the order of their letters as read.
    order: Vec<u32>,
    /// For each, in that order, the place of the longest other that it begins with, of the same group.
    shorter: Vec<u32>,
    /// Where the groups start in the order; one more than there are groups.
    groups: Vec<u32>,
    /// Groups by the hash of their letters, plus one; 0 where there is none.
    slots: Vec<u32>,
    /// A bit for each hash.
    filter: Vec<u64>,
    /// Whether there are patterns so short.
    has_length: [bool; HEAD + 1],
}

impl Direction {
    fn compare(self, a: &[u8], b: &[u8]) -> Ordering {
        match self {
            Self::Forward => a.cmp(b),
            Self::Backward => a.iter().rev().cmp(b.iter().rev()),
        }
    }

    fn begins(self, text: &[u8], with: &[u8]) -> bool {
        match self {
            Self::Forward => text.starts_with(with),
            Self::Backward => text.ends_with(with),
        }
    }

    /// The first letters, as many as there are up to [`HEAD`].
    fn head(self, text: &[u8]) -> &[u8] {
        let bytes = text.len().min(HEAD);
        match self {
            Self::Forward => &text[..bytes],
            Self::Backward => &text[text.len() - bytes..],
        }
    }
}

impl Heads {
    /// Of the patterns given, each once.
    pub(super) fn build(direction: Direction, mut order: Vec<u32>, letters: &Letters) -> Self {
        if direction == Direction::Backward {
            order.par_sort_unstable_by(|a, b| direction.compare(letters.of(*a), letters.of(*b)));
        }
        let head = |pattern: u32| direction.head(letters.of(pattern));
        let (mut groups, mut shorter) = (Vec::new(), vec![NONE; order.len()]);
        let mut has_length = [false; HEAD + 1];
        let mut beginnings: Vec<u32> = Vec::new();
        for (at, pattern) in order.iter().enumerate() {
            let text = letters.of(*pattern);
            if at == 0 || head(order[at - 1]) != head(*pattern) {
                groups.push(at as u32);
                beginnings.clear();
                has_length[head(*pattern).len()] = true;
            }
            while beginnings.last().is_some_and(|p| !direction.begins(text, letters.of(order[*p as usize]))) {
                beginnings.pop();
            }
            shorter[at] = beginnings.last().copied().unwrap_or(NONE);
            beginnings.push(at as u32);
        }
        let count = groups.len();
        groups.push(order.len() as u32);
        let mut slots = vec![0; (2 * count).next_power_of_two()];
        let mut filter = vec![0; (count / 4).next_power_of_two()];
        let (mask, bits) = (slots.len() - 1, filter.len() * 64 - 1);
        for group in 0..count {
            let hash = hash(key(head(order[groups[group] as usize])));
            filter[(hash & bits) / 64] |= 1 << (hash % 64);
            let mut slot = hash >> 32 & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = group as u32 + 1;
        }
        Self { direction, order, shorter, groups, slots, filter, has_length }
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        4 * (self.order.len() + self.shorter.len() + self.groups.len() + self.slots.len()) + 8 * self.filter.len()
    }

    /// Calls `found` with every pattern that the text begins with, as read, and its bytes.
    pub(super) fn find(&self, text: &[u8], letters: &Letters, mut found: impl FnMut(u32, usize)) {
        let whole = key(self.direction.head(text));
        let bits = self.filter.len() * 64 - 1;
        for bytes in 2..=text.len().min(HEAD) {
            if !self.has_length[bytes] {
                continue;
            }
            let key = match (self.direction, HEAD - bytes) {
                (_, 0) => whole,
                (Direction::Forward, more) => whole & (u64::MAX >> (8 * more)),
                // The last letters stand in the upper bytes, unless the text is shorter.
                (Direction::Backward, _) => key(&text[text.len() - bytes..]),
            };
            let hash = hash(key);
            if self.filter[(hash & bits) / 64] & 1 << (hash % 64) != 0
                && let Some((first, end)) = self.group(hash >> 32, self.direction.head(text), bytes, letters)
            {
                self.within(first, end, text, letters, &mut found);
            }
        }
    }

    /// Where the group of patterns with these first letters lies.
    fn group(&self, hash: usize, head: &[u8], bytes: usize, letters: &Letters) -> Option<(usize, usize)> {
        let head = match self.direction {
            Direction::Forward => &head[..bytes],
            Direction::Backward => &head[head.len() - bytes..],
        };
        let mask = self.slots.len() - 1;
        let mut slot = hash & mask;
        while self.slots[slot] != 0 {
            let group = self.slots[slot] as usize - 1;
            let (first, end) = (self.groups[group] as usize, self.groups[group + 1] as usize);
            if self.direction.head(letters.of(self.order[first])) == head {
                return Some((first, end));
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    fn within(&self, first: usize, end: usize, text: &[u8], letters: &Letters, found: &mut impl FnMut(u32, usize)) {
        let is_before = |p: &u32| self.direction.compare(letters.of(*p), text) != Ordering::Greater;
        let behind = first + self.order[first..end].partition_point(is_before);
        let mut at = if behind == first { NONE } else { behind as u32 - 1 };
        while at != NONE {
            let pattern = self.order[at as usize];
            let its = letters.of(pattern);
            if self.direction.begins(text, its) {
                found(pattern, its.len());
            }
            at = self.shorter[at as usize];
        }
    }
}

/// Up to eight letters as a number.
fn key(head: &[u8]) -> u64 {
    let mut bytes = [0; HEAD];
    bytes[..head.len()].copy_from_slice(head);
    u64::from_le_bytes(bytes)
}

fn hash(key: u64) -> usize {
    let mixed = (key ^ key >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93) as usize
}
