//! Exceptions in force.

use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "exceptions.html")]
pub struct ExceptionsPage {
    /// What stands around it.
    pub shell: Shell,
    /// How many, in words.
    pub totals: String,
    /// Those that end first.
    pub rows: Vec<ExceptionRow>,
    /// The page before; empty: there is none.
    pub earlier: String,
    /// The page behind; empty: there is none.
    pub later: String,
}

/// One exception.
#[derive(Clone, Debug)]
pub struct ExceptionRow {
    /// Its case.
    pub url: String,
    /// The party as it was examined.
    pub party: String,
    /// Its role, in words; empty: none was given.
    pub role: String,
    /// The entries that it is about.
    pub entries: Vec<String>,
    /// The last day.
    pub until: String,
    /// How long that is, in words.
    pub left: String,
    /// Whether it ends soon.
    pub is_near: bool,
    /// Why.
    pub reason: String,
    /// Who ruled and who approved.
    pub by: String,
}
