//! The letters of the patterns.

/// The letters of all patterns, in order.
#[derive(Debug, Default)]
pub(super) struct Letters {
    pub(super) bytes: Vec<u8>,
    /// Where each pattern starts; one more than there are patterns.
    pub(super) starts: Vec<u32>,
}

model::binary_fields!(Letters { bytes, starts });

impl Letters {
    /// The letters of one pattern.
    pub(super) fn of(&self, pattern: u32) -> &[u8] {
        let at = pattern as usize;
        &self.bytes[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// How many patterns there are.
    pub(super) fn count(&self) -> usize {
        self.starts.len() - 1
    }
}
