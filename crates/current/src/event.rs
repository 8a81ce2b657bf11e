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
    /// The past was asked against what changed.
    Rescreened {
        /// When.
        at: Timestamp,
        /// Fingerprint of the set before.
        from: String,
        /// Fingerprint of the set after.
        to: String,
        /// How much was found.
        counts: RescreenCounts,
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

/// How much of the past a change of the lists touches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RescreenCounts {
    /// Entries that came or changed.
    pub entries: u64,
    /// Parties, vessels and goods texts that they were asked against.
    pub asked: u64,
    /// Those of them that would now be found, one for each entry that names one.
    pub found: u64,
    /// Shipments in which they stand.
    pub shipments: u64,
    /// Cases whose entry is not listed any more.
    pub released: u64,
}
