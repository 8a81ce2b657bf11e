//! The result of screening one shipment.

use super::{Finding, Reason};
use crate::cell::CellReading;
use crate::entry::ListId;
use crate::shipment::Problem;
use jiff::civil::Date;

/// What the policy makes of the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Nothing that asks for a person's attention; not an approval.
    NoFinding,
    /// A person should look at it.
    Review,
    /// The shipment should stop until a person has ruled on it.
    Hold,
    /// The shipment could not be screened.
    Refused,
}

impl Outcome {
    /// Every outcome, the best first.
    pub const ALL: [Self; 4] = [Self::NoFinding, Self::Review, Self::Hold, Self::Refused];

    /// The stable name, for example `NO_FINDING`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoFinding => "NO_FINDING",
            Self::Review => "REVIEW",
            Self::Hold => "HOLD",
            Self::Refused => "REFUSED",
        }
    }
}

/// Which state of a list answered for a day in the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListUsed {
    /// List id.
    pub list: ListId,
    /// The publication that was used; `None` when the entries' own dates decided.
    pub publication: Option<UsedPublication>,
}

/// A stored publication that answered for a day in the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedPublication {
    /// Day of publication, where the file gives one.
    pub published: Option<Date>,
    /// When it was fetched, RFC 3339.
    pub fetched_at: String,
    /// SHA-256 of its file, 64 hexadecimal digits.
    pub sha256: String,
}

/// A list that is older than it may be. The engine has no clock: its caller knows the ages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleList {
    /// List id.
    pub list: ListId,
    /// Title of the list.
    pub title: String,
    /// Whole hours since it was last known to be current; `None` when nothing says.
    pub age_hours: Option<u32>,
    /// Hours it may be old.
    pub limit_hours: u32,
}

/// A rule that could not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedRule {
    /// The reason it would have reported.
    pub rule: Reason,
    /// What was missing.
    pub cause: &'static str,
}

/// The result of screening one shipment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screening {
    /// The shipment's own reference.
    pub reference: String,
    /// What the policy makes of it.
    pub outcome: Outcome,
    /// Strongest first: severity, score, field, span, list, entry.
    pub findings: Vec<Finding>,
    /// Why the shipment was refused or, beside any other outcome, which fields could not be read and which numbers are
    /// wrong.
    pub problems: Vec<Problem>,
    /// Reasons whose rules ran.
    pub rules_run: Vec<Reason>,
    /// Reasons whose rules could not run.
    pub rules_skipped: Vec<SkippedRule>,
    /// How party cells were read, and parties in running text; empty unless it was asked for.
    pub cells: Vec<CellReading>,
    /// Limits that were reached, so that something was not looked at to the end.
    pub limits_reached: Vec<String>,
    /// Fingerprint of the lists.
    pub snapshot: String,
    /// Fingerprint of the policy.
    pub policy: String,
    /// Fingerprint of the policy's suppressors; empty when it has none.
    pub suppressors: String,
    /// Fingerprint of the ownership file given; empty when there is none.
    pub ownership: String,
    /// Name and version of the engine.
    pub engine: String,
    /// One sentence: the outcome and what it rests on, strongest first.
    pub summary: String,
    /// Which publication of each list stood in for today's, for a shipment that says `known_on`.
    pub lists_used: Vec<ListUsed>,
    /// How many lists it was screened against, and how old they are.
    pub lists: ListsInForce,
}

/// The lists that a shipment was screened against, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListsInForce {
    /// How many lists.
    pub count: u32,
    /// Their entries.
    pub entries: u32,
    /// How old the oldest is. `None` when nothing gives the age of a list, or the lists are those of a day in the past.
    pub oldest: Option<Oldest>,
}

/// The age of the oldest list. The engine has no clock: its caller knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Oldest {
    /// The day from which it counts, UTC.
    pub since: Date,
    /// Whole days since then.
    pub days: u32,
}
