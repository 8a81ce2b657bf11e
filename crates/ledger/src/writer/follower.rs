//! What a replica knows about the place that it shares with others.

use crate::error::Error;
use crate::shared::{Board, Shared};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How long a copy may lag behind where nobody asks it.
const PULL: Duration = Duration::from_secs(1);

/// A place, and what of it the copy has.
pub(crate) struct Follower {
    pub(super) place: Box<dyn Shared>,
    /// Signed heads that the copy has.
    pub(super) heads: u64,
    /// Files whose names the copy has seen.
    pub(super) files: u64,
    /// Digests of kept files that are there.
    pub(super) kept: BTreeSet<String>,
    pub(super) board: Board,
    pub(super) pulled_at: Instant,
}

impl Follower {
    /// How long until the copy takes in what is new.
    pub(super) fn wait(&self) -> Duration {
        PULL.saturating_sub(self.pulled_at.elapsed())
    }

    /// What is wrong with the ledger at the place.
    pub(super) fn wrong(&self, why: String) -> Error {
        Error::Database { place: self.place.place().to_owned(), why }
    }
}
