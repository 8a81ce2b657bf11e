//! Giving up: a search that nobody waits for any more ends early, and its result is void.
//!
//! The engine knows no clock. Whoever knows one hands in a [`Stop`], which is asked between fields and every few
//! comparisons; once it has said yes, everything under way ends at the next question.

use std::fmt;
use std::sync::Arc;

/// Says whether the answer is still wanted. Asked often, from the thread that screens: it must be cheap.
pub trait Stop: Send + Sync {
    /// Whether to give up now.
    fn is_due(&self) -> bool;
}

/// The stop of the search under way; by default there is none.
#[derive(Default)]
pub struct Halt {
    stop: Option<Arc<dyn Stop>>,
    is_due: bool,
}

impl Halt {
    /// Asks from now on.
    pub fn set(&mut self, stop: Option<Arc<dyn Stop>>) {
        *self = Self { stop, is_due: false };
    }

    /// Asks whether to give up; a yes stands.
    pub fn is_due(&mut self) -> bool {
        self.is_due = self.is_due || self.stop.as_ref().is_some_and(|stop| stop.is_due());
        self.is_due
    }

    /// Ends the asking; says whether the search was given up.
    pub fn take(&mut self) -> bool {
        std::mem::take(self).is_due
    }
}

impl fmt::Debug for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Halt").field("is_due", &self.is_due).finish_non_exhaustive()
    }
}
