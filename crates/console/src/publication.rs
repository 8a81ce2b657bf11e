//! One publication of the data directory: what is kept of it, what waits, and what changed.

use crate::lists::State;
use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "publication.html")]
pub struct PublicationPage {
    /// What stands around it.
    pub shell: Shell,
    /// Its id.
    pub id: String,
    /// Its lists.
    pub lists: String,
    /// What was just done; empty otherwise.
    pub notice: String,
    /// Why a step was not taken; empty otherwise.
    pub fault: String,
    /// The publication that is kept out of force.
    pub waiting: Option<Waiting>,
    /// The list of one's own that can be taken out of force.
    pub undo: Option<Undo>,
    /// Everything that is kept, the latest first.
    pub held: Vec<HeldRow>,
    /// The change that is shown.
    pub delta: Option<DeltaView>,
}

/// A publication that the guard keeps out of force.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its digest.
    pub digest: String,
    /// Which it is, in words.
    pub title: String,
    /// The guard's reasons.
    pub reasons: Vec<String>,
    /// Whether this person may accept it.
    pub may_accept: bool,
    /// What they typed.
    pub note: String,
}

/// A list of one's own in force, which this person may take out of it again.
#[derive(Clone, Debug)]
pub struct Undo {
    /// Its digest.
    pub digest: String,
    /// What is in force afterwards, in a sentence.
    pub then: String,
    /// What they typed.
    pub note: String,
}

/// One publication that is kept.
#[derive(Clone, Debug)]
pub struct HeldRow {
    /// Day of publication.
    pub published: String,
    /// When it was fetched.
    pub fetched: String,
    /// From when it was in force.
    pub in_force_from: String,
    /// Its lists with their entries.
    pub lists: Vec<String>,
    /// How it stands.
    pub state: State,
    /// What was said to it, and why it was kept out or taken back.
    pub notes: Vec<String>,
    /// The page with what it changed; empty where nothing is before it.
    pub url: String,
    /// Whether its change is the one shown.
    pub is_here: bool,
}

/// What differs between two publications.
#[derive(Clone, Debug, Default)]
pub struct DeltaView {
    /// Which two, in words.
    pub title: String,
    /// Why it cannot be shown; empty otherwise.
    pub fault: String,
    /// How much, in a sentence.
    pub totals: String,
    /// By list.
    pub lists: Vec<DeltaList>,
}

/// What differs in one list.
#[derive(Clone, Debug, Default)]
pub struct DeltaList {
    /// Its id.
    pub list: String,
    /// New entries, each with its id.
    pub added: Vec<DeltaEntry>,
    /// Entries that are gone.
    pub removed: Vec<DeltaEntry>,
    /// Entries that differ.
    pub changed: Vec<DeltaEntry>,
    /// What is not shown, in words; empty: nothing.
    pub more: String,
}

/// An entry that came, went or differs.
#[derive(Clone, Debug, Default)]
pub struct DeltaEntry {
    /// The publisher's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is or, where it differs, each field.
    pub fields: Vec<FieldRow>,
}

/// How a field differs.
#[derive(Clone, Debug, Default)]
pub struct FieldRow {
    /// Which.
    pub field: String,
    /// What went.
    pub removed: String,
    /// What came.
    pub added: String,
}
