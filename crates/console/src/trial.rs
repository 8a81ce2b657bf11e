//! A changed policy, tried on what was screened.

use crate::cases::Choice;
use crate::screen::Outcome;
use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "trial.html")]
pub struct TrialPage {
    /// What stands around it.
    pub shell: Shell,
    /// The policy as a file.
    pub policy: String,
    /// How many records, to choose from.
    pub counts: Vec<Choice>,
    /// Why it could not be tried; empty otherwise.
    pub fault: String,
    /// What came of it; `None` before it was tried.
    pub tried: Option<Tried>,
}

/// What another policy would have made of stored records.
#[derive(Clone, Debug, Default)]
pub struct Tried {
    /// In a sentence.
    pub totals: String,
    /// What was left out, and why; empty: nothing.
    pub left_out: String,
    /// How often one outcome became another.
    pub moves: Vec<MoveRow>,
    /// The records that move, the latest first.
    pub rows: Vec<TrialRow>,
    /// How many are not shown; empty: none.
    pub more: String,
}

/// One outcome that became another.
#[derive(Clone, Debug)]
pub struct MoveRow {
    /// Then.
    pub then: Outcome,
    /// Under the policy that was tried.
    pub now: Outcome,
    /// How often.
    pub count: String,
}

/// A record that moves.
#[derive(Clone, Debug)]
pub struct TrialRow {
    /// Its number.
    pub number: u64,
    /// The shipment's reference.
    pub reference: String,
    /// Its outcome then.
    pub then: Outcome,
    /// And under the policy that was tried.
    pub now: Outcome,
    /// Findings that go.
    pub gone: Vec<String>,
    /// Findings that come.
    pub new: Vec<String>,
}
