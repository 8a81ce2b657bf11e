//! How rare words are among the listed addresses.

use crate::name::Tables;
use rustc_hash::FxHashMap;

/// How rare words are among the listed addresses.
#[derive(Debug, Default)]
pub(super) struct Rarity {
    pub(super) counts: FxHashMap<Box<str>, u32>,
    pub(super) total: u32,
}

/// The weight of a word that no listed address has, and the most a word can have.
const RAREST: u32 = 12;
/// From this weight on a word says where; below, it is a city or a district.
pub(super) const DISTINCTIVE: u32 = 6;

impl Rarity {
    /// Bits that the word carries, 0..=[`RAREST`].
    pub(super) fn weight(&self, word: &str) -> u32 {
        let most = if Tables::get().is_place(word) { 2 } else { RAREST };
        let count = self.counts.get(word).copied().unwrap_or(0);
        // Few addresses say little about how rare a word is: they count as if they were four thousand.
        let total = self.total.max(4096);
        (total / count.max(1)).ilog2().min(most)
    }
}
