//! What publications made of one entry.

use crate::publication::FieldRow;
use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "history.html")]
pub struct HistoryPage {
    /// What stands around it.
    pub shell: Shell,
    /// The entry's name, or its id where it is not listed any more.
    pub title: String,
    /// The entry's page; empty where it is not listed any more.
    pub url: String,
    /// Which list, and how far back it goes, in a sentence.
    pub lead: String,
    /// Each publication, the latest first.
    pub versions: Vec<VersionRow>,
}

/// What one publication made of it.
#[derive(Clone, Debug)]
pub struct VersionRow {
    /// Which publication, in words.
    pub title: String,
    /// What became of the entry, in words.
    pub what: String,
    /// Each field that differs.
    pub fields: Vec<FieldRow>,
}
