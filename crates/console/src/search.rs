//! Entries by name.

use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "search.html")]
pub struct SearchPage {
    /// What stands around it.
    pub shell: Shell,
    /// What was asked for.
    pub query: String,
    /// What was found.
    pub results: SearchResults,
}

/// The part of the page that changes while somebody types.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "results.html")]
pub struct SearchResults {
    /// Whether anything was asked for.
    pub is_asked: bool,
    /// Best first.
    pub found: Vec<Found>,
    /// Why nothing could be looked for; empty otherwise.
    pub fault: String,
}

/// An entry that was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Its primary name.
    pub name: String,
    /// Its page.
    pub url: String,
    /// The spelling or number that matched, where it is another.
    pub matched: String,
    /// What is listed, in a word.
    pub kind: String,
    /// Title of the list.
    pub list: String,
    /// The publisher's own id.
    pub id: String,
    /// What the listing means, in a word.
    pub effect: String,
    /// Countries, in words.
    pub countries: String,
    /// 0..=1000.
    pub score: u32,
}
