//! The state of a case.

use super::exception::Exception;
use super::step::{Action, Decision, Stale, Step};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Somebody must look at it.
    Open,
    /// Somebody else must.
    Escalated,
    /// A decision waits for a second person.
    Pending,
    /// It is decided.
    Closed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Open, Self::Escalated, Self::Pending, Self::Closed];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Escalated => "escalated",
            Self::Pending => "pending",
            Self::Closed => "closed",
        }
    }
}

/// What was ruled on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What.
    pub decision: Decision,
    /// Why, one of the reasons of the settings.
    pub reason: String,
    /// Who.
    pub by: String,
    /// Number of the step's record.
    pub number: u64,
    /// The second person; empty: none was needed, or has not ruled yet.
    pub approved_by: String,
    /// Lowers later findings of the same party and entry.
    pub exception: Option<Box<Exception>>,
    /// The alerts that it is about, by their records; empty: all that were undecided then.
    pub records: Vec<u64>,
}

/// What is worked on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its id: the number of the record that opened it, and its place among those that this record opened.
    pub id: String,
    /// Grows with every change; a step names the one that it was taken on.
    pub revision: u64,
    /// Where it stands.
    pub state: State,
    /// The party as it stood in the first request; the reference, for findings that rest on no entry.
    pub party: String,
    /// The entry's list; empty for findings that rest on no entry.
    pub list: String,
    /// The entry.
    pub entry: String,
    /// The entry's name.
    pub entry_name: String,
    /// Where it waits.
    pub queue: String,
    /// Who works on it; empty: nobody yet.
    pub assignee: String,
    /// When it is due.
    pub due: Date,
    /// What was ruled, or waits to be.
    pub decided: Option<Decided>,
    /// The record that opened it.
    pub opened: u64,
    /// The last record with an alert of it.
    pub last: u64,
    /// Its alerts.
    pub alerts: u64,
    /// Those of them that no decision in force is about.
    pub undecided: u64,
    /// Why it is open.
    pub why: String,
}

/// The part of an alert that belongs to one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AlertPart {
    pub(crate) party: String,
    pub(crate) squeezed: String,
    pub(crate) list: String,
    pub(crate) entry: String,
    pub(crate) entry_name: String,
}

impl Case {
    /// Opens a case.
    pub(crate) fn open(id: String, part: &AlertPart, number: u64, why: &str, queue: &str, due: Date) -> Self {
        Self {
            id,
            revision: 1,
            state: State::Open,
            party: part.party.clone(),
            list: part.list.clone(),
            entry: part.entry.clone(),
            entry_name: part.entry_name.clone(),
            queue: queue.to_owned(),
            assignee: String::new(),
            due,
            decided: None,
            opened: number,
            last: number,
            alerts: 1,
            undecided: 1,
            why: why.to_owned(),
        }
    }

    /// One more alert of the same party and entry. A closed case opens again.
    pub(crate) fn alert(&mut self, number: u64, why: &str, due: Date) {
        self.alerts += 1;
        self.undecided += 1;
        self.last = self.last.max(number);
        self.revision += 1;
        if self.state == State::Closed {
            self.open_again(why, due);
        }
    }

    fn open_again(&mut self, why: &str, due: Date) {
        self.state = State::Open;
        self.why = why.to_owned();
        self.due = due;
    }

    /// The alerts of it that no decision in force is about are so many; while there are any, a decided case is open.
    pub(crate) fn leaves(&mut self, undecided: u64) {
        self.undecided = undecided;
        if undecided > 0 && self.state == State::Closed {
            self.state = State::Open;
            self.why = format!("{undecided} of its {} alerts are not decided", self.alerts);
        }
    }

    /// The exception in force.
    pub fn exception(&self) -> Option<&Exception> {
        let decided = self.decided.as_ref().filter(|_| self.state == State::Closed)?;
        decided.exception.as_deref().filter(|_| decided.decision == Decision::FalsePositive)
    }

    fn refuse<T>(&self, why: impl Into<String>) -> Result<T, Stale> {
        Err(Stale::State { case: self.id.clone(), state: self.state.as_str(), why: why.into() })
    }

    /// Takes a step; `day` is that of its record, `due_days` those that a case has.
    ///
    /// # Errors
    /// When the state of the case does not allow it. The revision is the caller's to check.
    pub(crate) fn step(&mut self, step: &Step, number: u64, day: Date, due_days: u16) -> Result<(), Stale> {
        let due = day.saturating_add(i64::from(due_days).days());
        match &step.action {
            Action::Note => {}
            Action::Assign { to } => self.assignee.clone_from(to),
            Action::Due { on } => self.due = *on,
            Action::Decide { decision, reason, exception, needs_second, records } => {
                if matches!(self.state, State::Closed | State::Pending) {
                    return self.refuse("it is decided already; open it again or reject what is pending first");
                }
                self.decided = Some(Decided {
                    decision: *decision,
                    reason: reason.clone(),
                    by: step.by.clone(),
                    number,
                    approved_by: String::new(),
                    exception: exception.clone(),
                    records: records.clone(),
                });
                self.state = match (decision, needs_second) {
                    (Decision::Escalate, _) => State::Escalated,
                    (_, true) => State::Pending,
                    (_, false) => State::Closed,
                };
            }
            Action::Approve | Action::Reject => self.second(step, due)?,
            Action::Reopen { why } => {
                if self.state != State::Closed {
                    return self.refuse("only a closed case is opened again");
                }
                self.open_again(why, due);
            }
            Action::Void { void } => {
                if self.exception().is_none() {
                    return self.refuse("it has no exception in force");
                }
                self.open_again(&void.why(), due);
            }
        }
        self.revision += 1;
        Ok(())
    }

    /// A second person rules on what is pending.
    fn second(&mut self, step: &Step, due: Date) -> Result<(), Stale> {
        let (State::Pending, Some(decided)) = (self.state, &mut self.decided) else {
            return self.refuse("nothing waits for a second person");
        };
        if decided.by == step.by {
            let why = format!("{} decided it; expected a second person", step.by);
            return self.refuse(why);
        }
        if step.action == Action::Approve {
            decided.approved_by.clone_from(&step.by);
            self.state = State::Closed;
        } else {
            self.decided = None;
            self.open_again(&format!("rejected by {}", step.by), due);
        }
        Ok(())
    }
}
