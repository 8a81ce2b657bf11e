//! Which spans lie inside others, in the time of a search in order rather than of all against all.

/// Spans in order of their start, each with the furthest end up to it.
pub(super) struct Covered<K> {
    spans: Vec<(K, u32, u32)>,
}

impl<K: Copy + Ord> Covered<K> {
    /// Spans given as key, start and end; a span is only inside one of its own key.
    pub(super) fn by(spans: impl Iterator<Item = (K, u32, u32)>) -> Self {
        let mut spans: Vec<_> = spans.collect();
        spans.sort_unstable();
        for at in 1..spans.len() {
            let (before, _, furthest) = spans[at - 1];
            if spans[at].0 == before {
                spans[at].2 = spans[at].2.max(furthest);
            }
        }
        Self { spans }
    }

    /// Whether one of the spans holds all of this one.
    pub(super) fn covers(&self, key: K, start: u32, end: u32) -> bool {
        let behind = self.spans.partition_point(|&(k, s, _)| (k, s) <= (key, start));
        behind.checked_sub(1).is_some_and(|at| self.spans[at].0 == key && end <= self.spans[at].2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_says_what_all_against_all_says(
            spans in prop::collection::vec((0u8..3, 0u32..30, 0u32..12), 0..30),
            asked in (0u8..3, 0u32..30, 0u32..12),
        ) {
            let spans: Vec<(u8, u32, u32)> = spans.into_iter().map(|(k, s, n)| (k, s, s + n)).collect();
            let (key, start, end) = (asked.0, asked.1, asked.1 + asked.2);
            let is_inside = spans.iter().any(|&(k, s, e)| k == key && s <= start && end <= e);
            prop_assert_eq!(Covered::by(spans.iter().copied()).covers(key, start, end), is_inside);
        }
    }
}
