//! Cases: what is worked on. Alerts of one party and one entry come together as a case; steps of people move it on.
//!
//! The state of a case follows from the log alone: [`Case::alert`] and [`Case::step`] are the only ways it changes, when a step
//! is asked for as well as when the index is made again.

mod exception;
mod state;
mod step;

pub use exception::{Bound, Exception, Void};
pub(crate) use state::AlertPart;
pub use state::{Case, Decided, State};
pub use step::{Action, Decision, Stale, Step};
