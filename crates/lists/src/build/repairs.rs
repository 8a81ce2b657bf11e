//! Repairs that a reader made, counted by kind.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Repairs by kind. Kinds are stable words in lower case with underscores; `docs/lists.md` says what each means.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repairs(BTreeMap<&'static str, u32>);

impl Repairs {
    /// Counts one repair.
    pub(crate) fn add(&mut self, kind: &'static str) {
        self.add_many(kind, 1);
    }

    /// Counts several repairs of one kind.
    pub(crate) fn add_many(&mut self, kind: &'static str, times: u32) {
        *self.0.entry(kind).or_default() += times;
    }

    /// Whether nothing was repaired.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How often a kind was counted.
    #[cfg(test)]
    pub(crate) fn count(&self, kind: &str) -> u32 {
        self.0.get(kind).copied().unwrap_or(0)
    }

    /// Adds the counts of another.
    pub(crate) fn merge(&mut self, other: Self) {
        for (kind, times) in other.0 {
            self.add_many(kind, times);
        }
    }

    /// Kinds and counts in alphabetical order.
    pub(crate) fn into_counts(self) -> Vec<(Cow<'static, str>, u32)> {
        self.0.into_iter().map(|(kind, count)| (kind.into(), count)).collect()
    }
}
