//! Whether rules should go on.

use crate::matcher::StopCheck;
use std::cell::RefCell;

/// Whether anybody still waits for the answer, asked from party to party and line to line.
pub(super) struct Pause<'a>(RefCell<&'a mut StopCheck>);

impl<'a> Pause<'a> {
    pub(super) fn new(stop: &'a mut StopCheck) -> Self {
        Self(RefCell::new(stop))
    }

    /// Whether to stop; then the result is void.
    pub(super) fn is_due(&self) -> bool {
        self.0.borrow_mut().is_due()
    }
}
