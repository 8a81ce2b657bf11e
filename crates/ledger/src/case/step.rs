//! Steps in a case, as the log has them.

use super::exception::{Exception, Void};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What was ruled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The party is not the entry.
    FalsePositive,
    /// The party is the entry.
    TrueMatch,
    /// Somebody else must decide.
    Escalate,
    /// The party is the entry, and the shipment may go all the same: under a licence, or not subject to it.
    Release,
}

impl Decision {
    /// Every decision.
    pub const ALL: [Self; 4] = [Self::FalsePositive, Self::TrueMatch, Self::Escalate, Self::Release];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FalsePositive => "false_positive",
            Self::TrueMatch => "true_match",
            Self::Escalate => "escalate",
            Self::Release => "release",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.as_str() == word)
    }
}

/// A step in a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The case.
    pub case: String,
    /// The revision of the case that the step was taken on.
    pub revision: u64,
    /// Who.
    pub by: String,
    /// What they said; may be empty.
    pub note: String,
    /// Digests of kept files.
    pub attachments: Vec<String>,
    /// What they did.
    pub action: Action,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Gives the case to somebody; empty: to nobody.
    Assign {
        /// To whom.
        to: String,
    },
    /// Moves the day on which it is due.
    Due {
        /// The new day.
        on: Date,
    },
    /// Adds the note alone.
    Note,
    /// Rules on it.
    Decide {
        /// What.
        decision: Decision,
        /// Why, one of the reasons of the settings.
        reason: String,
        /// Lowers later findings of the same party and entry.
        exception: Option<Box<Exception>>,
        /// Whether it takes effect only when a second person approves it; as the settings said then.
        needs_second: bool,
        /// The alerts that it is about, by their records; empty: all that were undecided then.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        records: Vec<u64>,
    },
    /// A second person approves what is pending.
    Approve,
    /// A second person rejects what is pending.
    Reject,
    /// Opens a closed case again.
    Reopen {
        /// Why.
        why: String,
    },
    /// The exception of the case no longer holds; opens it again.
    Void {
        /// What changed.
        void: Box<Void>,
    },
}

impl Action {
    /// What was done, in a few words.
    pub fn said(&self) -> String {
        match self {
            Self::Assign { to } if to.is_empty() => "given back to the queue".to_owned(),
            Self::Assign { to } => format!("given to {to}"),
            Self::Due { on } => format!("due on {on}"),
            Self::Note => "note".to_owned(),
            Self::Decide { decision, reason, exception, needs_second, records } => {
                let until = exception.as_ref().map(|e| format!(", exception until {}", e.expires)).unwrap_or_default();
                let pending = if *needs_second { ", waits for a second person" } else { "" };
                let some = match records.as_slice() {
                    [] => String::new(),
                    [one] => format!(" for record {one}"),
                    many => format!(" for {} of its records", many.len()),
                };
                format!("decided: {} ({reason}){some}{until}{pending}", decision.as_str())
            }
            Self::Approve => "approved".to_owned(),
            Self::Reject => "rejected".to_owned(),
            Self::Reopen { why } => format!("opened again: {why}"),
            Self::Void { void } => format!("exception void, opened again: {}", void.why()),
        }
    }
}

/// A step was refused, because the case is not what it was taken on, or does not allow it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stale {
    /// Somebody or something was faster.
    #[error("case {case} is at revision {now}, and this step was taken on revision {then}; since then: {}", .changed.join("; "))]
    Changed {
        /// The case.
        case: String,
        /// The revision it is at.
        now: u64,
        /// The revision of the step.
        then: u64,
        /// What happened since, each in a few words.
        changed: Vec<String>,
    },
    /// The state of the case does not allow it.
    #[error("case {case} is {state}: {why}")]
    State {
        /// The case.
        case: String,
        /// Its state.
        state: &'static str,
        /// Why it is not allowed.
        why: String,
    },
}
