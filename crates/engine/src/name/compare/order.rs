//! Whether the words of two names come in the same order.

use super::super::alignment::{MAX_WORDS, Pair};

/// The order of the pairs seen so far.
#[derive(Default)]
pub(super) struct Order {
    /// Where each pair starts on the left and on the right.
    starts: [(u8, u8); MAX_WORDS],
    len: usize,
    is_broken: bool,
}

impl Order {
    /// Adds a pair.
    pub(super) fn see(&mut self, pair: &Pair) {
        let (left, right) = (pair.left.0, pair.right.0);
        self.is_broken |= self.starts[..self.len].iter().any(|&(l, r)| (l < left) != (r < right));
        if let Some(start) = self.starts.get_mut(self.len) {
            *start = (left, right);
            self.len += 1;
        }
    }

    /// Whether two pairs stand in one order on the left and in the other on the right.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }
}
