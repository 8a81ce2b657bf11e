//! How alerts come and what becomes of them.

use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "quality.html")]
pub struct QualityPage {
    /// What stands around it.
    pub shell: Shell,
    /// The last days, the latest first.
    pub days: Vec<DayRow>,
    /// All of them, in a sentence.
    pub totals: String,
    /// What was decided and why, most often first.
    pub reasons: Vec<ShareRow>,
    /// Entries by their false positives.
    pub entries: Vec<ShareRow>,
    /// Rules by their false positives.
    pub rules: Vec<ShareRow>,
    /// How many cases that rests on, in a sentence.
    pub decided: String,
}

/// One day.
#[derive(Clone, Debug)]
pub struct DayRow {
    /// The day.
    pub day: String,
    /// Screenings.
    pub screened: String,
    /// Those with REVIEW.
    pub review: String,
    /// Those with HOLD.
    pub hold: String,
    /// Alerts of a thousand screenings.
    pub rate: String,
    /// Length of the bar of holds, 0..=1000.
    pub hold_bar: u64,
    /// Length of the bar of reviews behind it, 0..=1000.
    pub review_bar: u64,
}

/// A part of a whole.
#[derive(Clone, Debug)]
pub struct ShareRow {
    /// What.
    pub label: String,
    /// More about it; empty: nothing.
    pub detail: String,
    /// Its page; empty: it has none.
    pub url: String,
    /// How many.
    pub count: String,
    /// Of how many; empty where that goes without saying.
    pub of: String,
    /// The share, in words.
    pub share: String,
    /// Length of the bar, 0..=1000.
    pub bar: u64,
}
