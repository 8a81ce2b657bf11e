//! Webhooks: who is told, and what could not be delivered.

use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "webhooks.html")]
pub struct WebhooksPage {
    /// What stands around it.
    pub shell: Shell,
    /// Each target.
    pub targets: Vec<TargetRow>,
    /// How many dead letters there are, in a sentence.
    pub totals: String,
    /// The latest dead letters.
    pub dead: Vec<DeadRow>,
    /// What went wrong; empty otherwise.
    pub fault: String,
}

/// One target.
#[derive(Clone, Debug)]
pub struct TargetRow {
    /// Its name.
    pub name: String,
    /// Where to.
    pub url: String,
    /// What it is told.
    pub events: String,
    /// Deliveries that wait.
    pub pending: String,
}

/// A delivery that was given up.
#[derive(Clone, Debug)]
pub struct DeadRow {
    /// Its id.
    pub id: String,
    /// The target.
    pub target: String,
    /// When it was made.
    pub created: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it was not taken.
    pub last: String,
    /// What it would have told.
    pub events: String,
}
