//! Shares of a count, in integers, so that every machine says the same.

/// A share in thousandths, rounded down: 1000 is said of nothing less than all.
pub(super) fn thousandths(part: u32, whole: u32) -> u32 {
    (u64::from(part) * 1000).checked_div(u64::from(whole)).unwrap_or(0) as u32
}

/// A share in millionths, rounded down.
pub(super) fn per_million(part: u32, whole: u32) -> u32 {
    (u64::from(part) * 1_000_000).checked_div(u64::from(whole)).unwrap_or(0) as u32
}

/// The 95 % Wilson score interval of `found` in `drawn`, in thousandths, rounded outwards.
///
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
/// In integers, so that every machine says the same. Of nothing drawn, nothing is known: 0 to 1000.
pub fn wilson(found: u32, drawn: u32) -> (u32, u32) {
    if drawn == 0 {
        return (0, 1000);
    }
    /// 1.959964 squared, in millionths.
    const Z2: u128 = 3_841_459;
    const ONE: u128 = 1_000_000;
    let (k, n) = (u128::from(found), u128::from(drawn));
    let centre = k * ONE + Z2 / 2;
    let half = (Z2 * (k * (n - k) * ONE / n) + Z2 * Z2 / 4).isqrt();
    let whole = n * ONE + Z2;
    let low = if found == 0 { 0 } else { centre.saturating_sub(half) * 1000 / whole };
    let high = if found == drawn { 1000 } else { ((centre + half) * 1000).div_ceil(whole) };
    (low as u32, (high as u32).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_textbook() {
        // By the formula in floating point, z = 1.959964, rounded outwards.
        for (found, drawn, interval) in [
            (0, 0, (0, 1000)),
            (0, 10, (0, 278)),
            (5, 10, (236, 764)),
            (10, 10, (722, 1000)),
            (95, 100, (888, 979)),
            (299, 300, (981, 1000)),
            (1, 300, (0, 19)),
        ] {
            assert_eq!(wilson(found, drawn), interval, "{found} of {drawn}");
        }
    }

    #[test]
    fn only_all_is_a_thousand() {
        assert_eq!((thousandths(2999, 3000), thousandths(3000, 3000), thousandths(0, 0)), (999, 1000, 0));
    }
}
