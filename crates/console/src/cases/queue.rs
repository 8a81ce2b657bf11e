//! The queue: cases, those that are due first.

use super::CaseState;
use crate::screen::Severity;
use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "cases.html")]
pub struct QueuePage {
    /// What stands around it.
    pub shell: Shell,
    /// What was just done; empty otherwise.
    pub notice: String,
    /// How many cases there are in each state, and the way to them.
    pub states: Vec<StateLink>,
    /// What else the cases are chosen by.
    pub filters: Vec<Filter>,
    /// The state that is shown, for the form with the filters.
    pub state: String,
    /// The name or reference that was looked for; empty: nothing was.
    pub find: String,
    /// Whether any filter is in use.
    pub is_filtered: bool,
    /// The cases.
    pub rows: Vec<CaseRow>,
    /// Which of them, in words: `1 to 50 of 10,000`.
    pub range: String,
    /// The page before; empty: there is none.
    pub earlier: String,
    /// The page behind; empty: there is none.
    pub later: String,
}

/// A state, with the way to its cases.
#[derive(Clone, Debug)]
pub struct StateLink {
    /// In words.
    pub label: String,
    /// How many cases, in words.
    pub count: String,
    /// Their page.
    pub url: String,
    /// Whether it is the one shown.
    pub is_here: bool,
}

/// Something that cases are chosen by.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Name of the field.
    pub name: &'static str,
    /// In words.
    pub label: &'static str,
    /// What can be chosen.
    pub options: Vec<Choice>,
}

/// One thing to choose.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The value of the field.
    pub value: String,
    /// In words.
    pub label: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// One case.
#[derive(Clone, Debug)]
pub struct CaseRow {
    /// Its page.
    pub url: String,
    /// The party as it stood in the request.
    pub party: String,
    /// The entry's name; empty for findings that rest on no entry.
    pub entry: String,
    /// The entry's list.
    pub list: String,
    /// How much attention its last alert asks for; `None` when that is not known.
    pub severity: Option<Severity>,
    /// Score of its last alert; empty when that is not known.
    pub score: String,
    /// Alerts.
    pub alerts: String,
    /// When it is due.
    pub due: String,
    /// Whether that day has passed.
    pub is_late: bool,
    /// How long ago it was opened, in words.
    pub age: String,
    /// Where it stands.
    pub state: CaseState,
    /// Who works on it.
    pub assignee: String,
    /// Why it is open.
    pub why: String,
}
