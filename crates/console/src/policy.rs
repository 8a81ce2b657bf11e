//! The policy in words.

use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "policy.html")]
pub struct PolicyPage {
    /// What stands around it.
    pub shell: Shell,
    /// Fingerprint.
    pub fingerprint: String,
    /// What it says, by subject.
    pub sections: Vec<Section>,
    /// Each rule.
    pub rules: Vec<Rule>,
    /// What somebody should know of it.
    pub warnings: Vec<String>,
    /// The policy as a file.
    pub file: String,
}

/// Sentences on one subject.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The subject.
    pub title: String,
    /// The sentences.
    pub sentences: Vec<String>,
}

/// One rule.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// What it reports, in words.
    pub title: String,
    /// Its reason code.
    pub code: String,
    /// `on`, `off` or `shadow`.
    pub mode: String,
}
