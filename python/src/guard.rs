//! A panic as a fault: it must not run through frames of C, where it would end the process.

use crate::errors::Fault;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Does `work`; a panic in it is a [`Fault`].
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|t| (*t).to_owned()));
        Err(Fault::Panicked(text.unwrap_or_else(|| "no message".to_owned())))
    })
}
