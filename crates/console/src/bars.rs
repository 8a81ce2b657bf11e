//! Evidence as bars that add up: each begins where the one before ended, and the last is the score.

/// One thing that speaks for or against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it is, in words.
    pub label: String,
    /// What it was about.
    pub detail: String,
    /// Points.
    pub points: i32,
}

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What it shows.
    pub evidence: Evidence,
    /// First thousandth.
    pub from: i32,
    /// How many thousandths.
    pub width: i32,
    /// The sum so far.
    pub sum: i32,
    /// The points with their sign.
    pub signed: String,
    /// `for`, `against` or `none`.
    pub side: &'static str,
}

/// The bars of some evidence. What adds nothing has no width.
pub fn bars(evidence: Vec<Evidence>) -> Vec<Bar> {
    let mut sum = 0;
    let mut bar = |evidence: Evidence| {
        let before = sum;
        sum += evidence.points;
        let (low, high) = (before.min(sum).clamp(0, 1000), before.max(sum).clamp(0, 1000));
        let (signed, side) = match evidence.points {
            0 => ("0".to_owned(), "none"),
            points if points < 0 => (format!("\u{2212}{}", -points), "against"),
            points => (format!("+{points}"), "for"),
        };
        Bar { evidence, from: low, width: high - low, sum, signed, side }
    };
    evidence.into_iter().map(&mut bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_begin_where_the_one_before_ended_and_add_up() {
        let of = |points| Evidence { label: String::new(), detail: String::new(), points };
        let bars = bars(vec![of(1000), of(-45), of(0), of(10), of(-120)]);
        let places: Vec<_> = bars.iter().map(|b| (b.from, b.width, b.sum)).collect();
        assert_eq!(places, [(0, 1000, 1000), (955, 45, 955), (955, 0, 955), (955, 10, 965), (845, 120, 845)]);
        assert_eq!((bars[1].signed.as_str(), bars[2].side), ("\u{2212}45", "none"));
    }
}
