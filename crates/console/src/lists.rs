//! What is in force.

use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "lists.html")]
pub struct ListsPage {
    /// What stands around it.
    pub shell: Shell,
    /// Totals, in a line.
    pub totals: String,
    /// Each list.
    pub lists: Vec<ListRow>,
    /// Each publication of the data directory.
    pub publications: Vec<PublicationRow>,
    /// Fingerprints and versions, each with its label.
    pub identity: Vec<crate::Fact>,
    /// What went wrong, and what is missing.
    pub faults: Vec<String>,
    /// Whether webhooks are told, and this person may see how they stand.
    pub has_webhooks: bool,
}

/// How a list or publication stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In force, and young enough.
    Current,
    /// In force, without a limit, and older than is usual.
    Old,
    /// In force, and older than it may be.
    Stale,
    /// A newer one is kept out of force.
    Quarantined,
    /// The last attempt failed.
    Failing,
    /// Not in force.
    Missing,
    /// In force before, until a newer one came.
    Past,
    /// Taken out of force by a person.
    Undone,
}

impl State {
    /// In words.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Current => "in force",
            Self::Old => "old",
            Self::Stale => "stale",
            Self::Quarantined => "quarantined",
            Self::Failing => "failing",
            Self::Missing => "not in force",
            Self::Past => "replaced",
            Self::Undone => "taken back",
        }
    }

    /// The name of its style.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Current => "clear",
            Self::Old => "low",
            Self::Stale | Self::Quarantined | Self::Failing => "review",
            Self::Missing => "hold",
            Self::Past => "past",
            Self::Undone => "low",
        }
    }
}

/// One list.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// Its id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Entries.
    pub entries: String,
    /// Names.
    pub names: String,
    /// Day of publication.
    pub published: String,
    /// Its age, in words.
    pub age: String,
    /// What the age counts from, in words.
    pub basis: String,
    /// Where it was read from.
    pub source: String,
    /// How it stands.
    pub state: State,
    /// Repairs and notes.
    pub note: String,
}

/// One publication of the data directory.
#[derive(Clone, Debug)]
pub struct PublicationRow {
    /// Its id.
    pub id: String,
    /// Its lists.
    pub lists: String,
    /// Day of publication.
    pub published: String,
    /// When it was fetched.
    pub fetched: String,
    /// When its publisher last confirmed it.
    pub checked: String,
    /// When it is asked for next.
    pub next: String,
    /// How it stands.
    pub state: State,
    /// Why it is quarantined or failing; empty otherwise.
    pub reason: String,
}
