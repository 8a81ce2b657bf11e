//! What became of one name that was screened.

use super::draw::Case;
use super::kind::{Length, Reach};
use model::entry::EntryKind;

/// What became of one name.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) case: Case,
    pub(super) entry_kind: EntryKind,
    pub(super) length: Length,
    pub(super) reach: Reach,
    pub(super) list: String,
    pub(super) id: String,
    pub(super) listed: String,
    /// The best score of the right entry above INFO.
    pub(super) alert: Option<u16>,
    /// Where the right entry stands among the entries reported, at whatever severity. Entries that list the same
    /// spelling are right as well: their order says nothing.
    pub(super) rank: Option<usize>,
}
