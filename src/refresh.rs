//! Keeps the lists of a data directory current: fetches what publishers publish, and reports the result in one line.
//!
//! A publication comes into force only whole, checked and guarded. Whatever goes wrong, the one before stays in force,
//! and the next attempt comes later, with growing pauses while it keeps failing. [`Refresher::fetch`] is one attempt at
//! one publication; [`run`] repeats it for all of them until told to stop.
//!
//! Without the feature `fetch` the same doors are here, and [`Client::new`] refuses: such a build serves what a data
//! directory holds, and fetches nothing.

mod bounds;
#[cfg_attr(not(feature = "fetch"), path = "refresh/left_out.rs")]
mod download;
mod error;
mod pace;
mod refresher;
mod report;
mod schedule;
mod state;
mod target;
mod wanted;

pub use bounds::Bounds;
pub(crate) use download::place_of;
pub use download::{Client, ClientError};
pub use pace::Pace;
pub use refresher::Refresher;
pub use report::{Done, Report};
pub use schedule::{Clock, Wall, run};
pub use state::{PublicationState, states, wanted};
pub use target::{Target, TargetError};

/// Whether this build can fetch lists.
pub const CAN_FETCH: bool = cfg!(feature = "fetch");
