//! Stopping early: a search whose answer is no longer wanted ends early, and its result is void.
//!
//! The engine has no clock. The caller passes a [`Stop`], which is checked between fields and every few comparisons.
//! Once it is due, all work under way ends at the next check.

use std::fmt;
use std::sync::Arc;

/// Decides whether the answer is still wanted. Checked often, from the thread that screens: it must be cheap.
pub trait Stop: Send + Sync {
    /// Whether to stop now.
    fn is_due(&self) -> bool;
}

/// The [`Stop`] of the search under way; by default there is none, and no search stops early.
#[derive(Default)]
pub struct StopCheck {
    stop: Option<Arc<dyn Stop>>,
    is_due: bool,
}

impl StopCheck {
    /// Checks `stop` from now on; `None` for a search that runs to its end.
    pub fn set(&mut self, stop: Option<Arc<dyn Stop>>) {
        *self = Self { stop, is_due: false };
    }

    /// Whether to stop; once due, it stays due.
    pub fn is_due(&mut self) -> bool {
        self.is_due = self.is_due || self.stop.as_ref().is_some_and(|stop| stop.is_due());
        self.is_due
    }

    /// Ends the checks; returns whether the search was stopped, so that its result is void.
    pub fn take(&mut self) -> bool {
        std::mem::take(self).is_due
    }
}

impl fmt::Debug for StopCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StopCheck").field("is_due", &self.is_due).finish_non_exhaustive()
    }
}
