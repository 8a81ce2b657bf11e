//! What happens to the lists, for those who watch them.

use jiff::Timestamp;
use lists::Delta;
use std::sync::Arc;

/// Something that happened to the lists.
#[derive(Clone, Debug)]
pub enum Event {
    /// Another set came into force.
    Changed {
        /// When.
        at: Timestamp,
        /// What differs; the fingerprints of both sets are in it.
        delta: Arc<Delta>,
    },
    /// A publication was refused and is quarantined.
    Quarantined {
        /// When.
        at: Timestamp,
        /// Publication.
        list: String,
        /// One line.
        message: String,
    },
    /// A list could not be fetched, or the lists not loaded.
    Failed {
        /// When.
        at: Timestamp,
        /// Publication; empty for a failed load.
        list: String,
        /// One line.
        message: String,
    },
}
