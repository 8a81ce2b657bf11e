//! Records: what is kept of a screening, and how it becomes a draft for the log.

mod context;
pub(crate) mod dictionary;
mod evidence;
mod notes;
mod rescreened;
mod seal;

pub use context::{Context, ListAge};
pub(crate) use evidence::apart;
pub use evidence::{Evidence, Received, Screened, UNREAD, answer_of};
pub use notes::{Destroyed, Genesis, Hold, Kept, KeyMade, SettingsPut, Stamped};
pub use rescreened::{Match, Released, Rescreening};
pub(crate) use seal::{Opened, note, open, open_with, seal};
