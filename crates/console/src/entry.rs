//! One entry as listed.

use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "entry.html")]
pub struct EntryPage {
    /// What stands around it.
    pub shell: Shell,
    /// Primary name.
    pub title: String,
    /// Title of the list.
    pub list: String,
    /// What the listing means, in words.
    pub meaning: String,
    /// `blocking`, `licence` ...
    pub effect: String,
    /// What is known, in order.
    pub facts: Vec<Fact>,
    /// Names by script.
    pub scripts: Vec<Script>,
    /// Addresses, each with its country.
    pub addresses: Vec<Fact>,
    /// Numbers, each with its kind.
    pub identifiers: Vec<Fact>,
    /// Other parties, each with how it stands to this one.
    pub relations: Vec<Fact>,
    /// Publications.
    pub citations: Vec<String>,
    /// Licence requirement and policy, word for word, and remarks.
    pub texts: Vec<Fact>,
    /// Other entries that list the same party.
    pub same: Vec<Link>,
    /// Where the publisher explains it; empty where it does not.
    pub source_url: String,
    /// The page of what publications made of it; empty where none are kept.
    pub history: String,
}

/// A label and what it labels.
#[derive(Clone, Debug, Default)]
pub struct Fact {
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
}

/// The names of one script.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// In words.
    pub script: String,
    /// The names.
    pub names: Vec<NameRow>,
}

/// One name.
#[derive(Clone, Debug, Default)]
pub struct NameRow {
    /// The spelling.
    pub text: String,
    /// How it relates to the entry, in words.
    pub kind: String,
}

/// A way to another entry.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Title of its list.
    pub list: String,
    /// Its page.
    pub url: String,
}
