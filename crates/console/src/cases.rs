//! Alerts that are worked on: the queue, one case, exceptions.

mod exceptions;
mod queue;
mod view;

pub use exceptions::{ExceptionRow, ExceptionsPage};
pub use queue::{CaseRow, Choice, Filter, QueuePage, StateLink};
pub use view::{CasePage, Decided, DecisionChoice, Event, FileLink, RecordLink, Side, Verdict, Work};

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseState {
    /// Somebody must look at it.
    Open,
    /// Somebody else must.
    Escalated,
    /// A decision waits for a second person.
    Pending,
    /// It is decided.
    Closed,
}

impl CaseState {
    /// In words.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Escalated => "Escalated",
            Self::Pending => "Waits for approval",
            Self::Closed => "Closed",
        }
    }

    /// The name of its style.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Open => "info",
            Self::Escalated => "hold",
            Self::Pending => "review",
            Self::Closed => "clear",
        }
    }
}
