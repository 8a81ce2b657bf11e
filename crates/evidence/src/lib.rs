//! The ledger beside the engine: what a screening rests on goes into it, and what is in it is asked again.
//!
//! `recorder` puts screenings into the ledger, for the service and for batch; `replay` makes a past answer again; `change`
//! asks the past against what changed in the lists; `export` hands a case to an examiner.

mod change;
mod export;
mod packs;
mod recorded;
mod recorder;
mod replay;

pub use change::{before_of, rescreen};
pub use export::export;
pub use recorded::Recorded;
pub use recorder::{Recorder, policy_with, public, refused, screened, strictest};
pub use replay::{Difference, Replayed, Replayer};
