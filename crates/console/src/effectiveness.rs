//! How well the lists and the policy find what they should, as plots.

use crate::cases::Choice;
use crate::shell::Shell;
use askama::Template;
use std::fmt::Write as _;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "effectiveness.html")]
pub struct EffectivenessPage {
    /// What stands around it.
    pub shell: Shell,
    /// How many names of each kind can be asked for.
    pub counts: Vec<Choice>,
    /// What was measured; `None` before.
    pub measured: Option<Measured>,
}

/// A measurement.
#[derive(Clone, Debug)]
pub struct Measured {
    /// With what, in a sentence.
    pub basis: String,
    /// A row for each kind of name.
    pub kinds: Vec<RecallRow>,
    /// Headings of the columns of plots.
    pub fields: Vec<String>,
    /// Recall by threshold, a plot for each field.
    pub sweeps: Vec<Sweep>,
}

/// Names of one kind.
#[derive(Clone, Debug)]
pub struct RecallRow {
    /// Which, in words.
    pub label: String,
    /// What was found of them, by field.
    pub cells: Vec<Recall>,
}

/// How many names were found.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    /// In words; empty where none were drawn.
    pub text: String,
    /// Found, in thousandths.
    pub found: u32,
    /// Ends of the interval, in thousandths.
    pub low: u32,
    /// The upper one.
    pub high: u32,
}

/// Recall by threshold in one field.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// Which field.
    pub label: String,
    /// The policy's threshold, in words.
    pub threshold: String,
    /// Each threshold, with the shares of names as listed and of those written otherwise, in thousandths.
    pub points: Vec<(u16, u32, u32)>,
}

impl Sweep {
    /// Where a threshold stands, 0..=600.
    fn x(&self, threshold: u16) -> u32 {
        let (first, last) = (self.points.first().map_or(0, |p| p.0), self.points.last().map_or(1, |p| p.0));
        u32::from(threshold.saturating_sub(first)) * 600 / u32::from(last.saturating_sub(first)).max(1)
    }

    fn line(&self, of: impl Fn(&(u16, u32, u32)) -> u32) -> String {
        self.points.iter().fold(String::new(), |mut line, point| {
            // Writing into memory cannot fail.
            let _ = write!(line, "{},{} ", self.x(point.0) + 40, 170 - of(point) * 160 / 1000);
            line
        })
    }

    /// The line of names as listed.
    pub fn control(&self) -> String {
        self.line(|point| point.1)
    }

    /// The line of names written otherwise.
    pub fn manipulated(&self) -> String {
        self.line(|point| point.2)
    }

    /// Each threshold with its place.
    pub fn ticks(&self) -> Vec<(u32, u16)> {
        self.points.iter().map(|point| (self.x(point.0) + 40, point.0)).collect()
    }

    /// The plot in words, for those who do not see it.
    pub fn words(&self) -> String {
        let one = |p: &(u16, u32, u32)| format!("at {}: {} and {} %", p.0, p.1 / 10, p.2 / 10);
        self.points.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_begins_at_its_axis_and_ends_at_its_edge() {
        let points = vec![(650, 1000, 500), (800, 1000, 250), (950, 0, 0)];
        let sweep = Sweep { label: "party".to_owned(), threshold: String::new(), points };
        assert_eq!(sweep.control(), "40,10 340,10 640,170 ");
        assert_eq!(sweep.manipulated(), "40,90 340,130 640,170 ");
        assert_eq!(sweep.ticks(), [(40, 650), (340, 800), (640, 950)]);
    }
}
