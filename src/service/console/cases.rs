//! Alerts that are worked on: the queue, a case side by side, steps, exceptions.
//!
//! Everything shown is asked of the ledger anew, and every step names the revision of the case that its page showed; the
//! ledger refuses one that is stale. A person is known by the account that is signed in, and nobody can name another.

mod chosen;
mod exceptions;
mod files;
mod history;
mod queue;
pub(super) mod say;
mod sides;
mod steps;
mod view;

pub(super) use exceptions::page as exceptions;
pub(super) use files::{attach, file};
pub(super) use queue::{find, page as queue};
pub(super) use steps::step;
pub(super) use view::page;
