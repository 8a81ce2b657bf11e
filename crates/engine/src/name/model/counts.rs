//! How many companies of the world carry a word.

use rustc_hash::FxHashMap;
use std::sync::OnceLock;

const COUNTS: &str = include_str!("../../../../../lists/company_words.tsv");

/// Counts of words in company names.
#[derive(Debug)]
pub(in crate::name) struct Counts {
    companies: u32,
    /// Companies that carry a word, two or more.
    words: FxHashMap<&'static str, u32>,
}

impl Counts {
    /// The counts that ship with the binary.
    pub(in crate::name) fn get() -> &'static Self {
        static TABLE: OnceLock<Counts> = OnceLock::new();
        TABLE.get_or_init(|| Self::read(COUNTS).expect("the counts that ship are read by a test"))
    }

    /// `None` when a line is not a word and its count, or the number of companies is missing.
    fn read(text: &'static str) -> Option<Self> {
        let mut rows = text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once('\t'));
        let ("companies", companies) = rows.next()?? else { return None };
        let words = rows.map(|row| row.and_then(|(word, count)| Some((word, count.parse().ok()?))));
        Some(Self { companies: companies.parse().ok()?, words: words.collect::<Option<_>>()? })
    }

    /// How rare a word is among companies, in tenths of a bit; `None` for one that at most one company carries.
    pub(in crate::name) fn rarity(&self, word: &str) -> Option<i32> {
        let count = *self.words.get(word)?;
        Some((log2_tenths(self.companies) - log2_tenths(count)).max(0))
    }
}

/// The binary logarithm in tenths, the fraction interpolated: integers give the same weights on every machine.
pub(super) fn log2_tenths(n: u32) -> i32 {
    let whole = n.max(1).ilog2();
    let rest = u64::from(n.max(1)) - (1u64 << whole);
    whole as i32 * 10 + ((rest * 10) >> whole) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_less_rare() {
        let counts = Counts::get();
        let of = |word: &str| counts.rarity(word);
        assert!(of("technology") < of("vision") && of("vision") < of("hydra"));
        assert!(of("technology").is_some_and(|tenths| tenths < 40));
        assert_eq!(of("kronshtadt"), None);
    }
}
