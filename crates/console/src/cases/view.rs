//! One case: what was sent beside what is listed, what was decided, what happened.

use super::CaseState;
use super::queue::Choice;
use crate::entry::Fact;
use crate::map::RouteMap;
use crate::screen::{Finding, Piece};
use crate::shell::Shell;
use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "case.html")]
pub struct CasePage {
    /// What stands around it.
    pub shell: Shell,
    /// Its id.
    pub id: String,
    /// Where its forms are sent.
    pub action: String,
    /// Where a file is sent.
    pub attach: String,
    /// The party as it stood in the first request.
    pub party: String,
    /// The entry's name; empty for findings that rest on no entry.
    pub entry: String,
    /// The entry's page; empty where it is not listed any more.
    pub entry_url: String,
    /// Where it stands.
    pub state: CaseState,
    /// Due, age, alerts, queue, assignee, in order.
    pub facts: Vec<Fact>,
    /// Whether the day on which it is due has passed.
    pub is_late: bool,
    /// Why it is open, and what changed.
    pub why: String,
    /// What was just done; empty otherwise.
    pub notice: String,
    /// Why a step was not taken; empty otherwise.
    pub fault: String,
    /// What happened since the page was loaded on which the step was taken.
    pub changed: Vec<String>,
    /// The queue.
    pub back: String,
    /// The case before; empty: there is none.
    pub earlier: String,
    /// The case behind; empty: there is none.
    pub later: String,
    /// What was sent beside what is listed.
    pub sides: Vec<Side>,
    /// Findings of the alert that is shown.
    pub findings: Vec<Finding>,
    /// Why the alert cannot be shown; empty otherwise.
    pub lost: String,
    /// The alert that is shown, in words.
    pub shown: String,
    /// Its route; `None` where it is not given or not known.
    pub map: Option<RouteMap>,
    /// The whole record as it was sent.
    pub sent: Vec<Fact>,
    /// Its alerts, the latest first.
    pub records: Vec<RecordLink>,
    /// How many alerts are not named; empty: none.
    pub more_records: String,
    /// What happened, the latest first.
    pub history: Vec<Event>,
    /// How much happened before that; empty: nothing.
    pub more_history: String,
    /// What was ruled, or waits to be.
    pub decided: Option<Decided>,
    /// What this person may do.
    pub work: Work,
}

/// Whether what was sent and what is listed are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They are.
    Agrees,
    /// Nearly.
    Near,
    /// They are not.
    Differs,
    /// One of the two is not known.
    Open,
}

impl Verdict {
    /// In a word.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Near => "near",
            Self::Differs => "differs",
            Self::Open => "",
        }
    }

    /// The name of its style.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Agrees => "hold",
            Self::Near => "review",
            Self::Differs => "clear",
            Self::Open => "open",
        }
    }
}

/// One thing that was sent and that is listed.
#[derive(Clone, Debug)]
pub struct Side {
    /// What it is.
    pub label: &'static str,
    /// As it was sent, with what matched marked.
    pub sent: Vec<Piece>,
    /// As it is listed, one a line.
    pub listed: Vec<String>,
    /// What is listed beyond that, in words; empty: nothing.
    pub more: String,
    /// Whether the two are the same.
    pub verdict: Verdict,
}

/// One alert of the case.
#[derive(Clone, Debug)]
pub struct RecordLink {
    /// The page that shows it.
    pub url: String,
    /// Its number.
    pub number: u64,
    /// When it was recorded.
    pub time: String,
    /// Whether it is the one shown.
    pub is_here: bool,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub time: String,
    /// Who; empty: nobody, an alert came.
    pub by: String,
    /// What, in words.
    pub what: String,
    /// What they said.
    pub note: String,
    /// Files that are kept with it.
    pub files: Vec<FileLink>,
}

/// A file that is kept with a step.
#[derive(Clone, Debug)]
pub struct FileLink {
    /// SHA-256 over its bytes, 64 digits.
    pub digest: String,
    /// Where it can be had.
    pub url: String,
}

/// What was ruled.
#[derive(Clone, Debug)]
pub struct Decided {
    /// What, in words.
    pub decision: String,
    /// Why, in words.
    pub reason: String,
    /// Who.
    pub by: String,
    /// The second person; empty: none yet, or none was needed.
    pub approved_by: String,
    /// The last day of its exception; empty: it has none.
    pub until: String,
}

/// What this person may do, and what they typed.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// The revision of the case that the page shows.
    pub revision: u64,
    /// Whether they may take steps at all.
    pub may_work: bool,
    /// Whether they may rule on it now.
    pub may_decide: bool,
    /// Whether they may approve or reject now.
    pub may_approve: bool,
    /// Why they may not approve; empty where nothing waits for it.
    pub waits: String,
    /// Whether they may open it again.
    pub may_reopen: bool,
    /// Whether it is theirs already.
    pub is_mine: bool,
    /// What can be ruled.
    pub decisions: Vec<DecisionChoice>,
    /// Reasons to choose from.
    pub reasons: Vec<Choice>,
    /// What they typed.
    pub note: String,
    /// The last day of an exception that they typed.
    pub until: String,
    /// The first and the last day that an exception may have.
    pub days: (String, String),
    /// Whether an exception can be made at all.
    pub may_except: bool,
    /// What needs a second person, in a sentence.
    pub second: String,
    /// How many alerts a decision is about, in words.
    pub alerts: String,
    /// The day on which it is due.
    pub due: String,
}

/// One thing that can be ruled.
#[derive(Clone, Debug, Default)]
pub struct DecisionChoice {
    /// The value of the field.
    pub value: String,
    /// In words.
    pub label: String,
    /// What it means.
    pub meaning: String,
    /// The key that chooses it.
    pub key: usize,
    /// Whether it is chosen.
    pub is_chosen: bool,
}
