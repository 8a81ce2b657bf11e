//! The pure function that ties the house together: compiled lists, policy and shipment in, [`Screening`] out.
//!
//! No clock, no I/O, no async; the same input gives the same bytes.

use crate::entry::{Entry, EntryKind};
use crate::finding::{Evidence, Outcome, Score, Screening};
use crate::list::Snapshot;
use crate::policy::Policy;
use crate::shipment::{Problem, Shipment};
use std::sync::Arc;

/// Name and version of the engine, as every screening carries it.
pub const ENGINE: &str = concat!("tidewaiter ", env!("CARGO_PKG_VERSION"));

/// Bounds on a record; a record beyond one is refused, never cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one text field; default 65,536.
    pub field_bytes: usize,
    /// Goods lines of one shipment; default 1,000.
    pub goods_lines: usize,
    /// Parties of one shipment; default 200.
    pub parties: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { field_bytes: 65_536, goods_lines: 1_000, parties: 200 }
    }
}

/// Everything a screening needs, compiled and immutable; share it between threads in an `Arc`.
#[derive(Debug)]
pub struct Engine {
    snapshot: Arc<Snapshot>,
    policy: Arc<Policy>,
    limits: Limits,
}

/// Working memory of one thread, reused from shipment to shipment.
#[derive(Debug, Default)]
pub struct Scratch {}

/// How alike two names are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameComparison {
    /// How alike.
    pub score: Score,
    /// Whether the score reaches the policy's review threshold for party names.
    pub is_match: bool,
    /// What spoke for and against, strongest first.
    pub evidence: Vec<Evidence>,
    /// One sentence.
    pub explanation: String,
}

/// One row found by name.
#[derive(Clone, Debug)]
pub struct SearchHit<'a> {
    /// The row.
    pub entry: &'a Entry,
    /// How well it matches.
    pub score: Score,
    /// The spelling that matched.
    pub matched_name: &'a str,
}

/// Why an engine could not be built.
#[derive(Debug, thiserror::Error)]
#[error("compile the lists: {0}")]
pub struct BuildError(String);

impl Engine {
    /// Compiles a snapshot.
    ///
    /// # Errors
    /// When the names do not fit into the matcher.
    pub fn build(snapshot: Arc<Snapshot>, policy: Arc<Policy>, limits: Limits) -> Result<Self, BuildError> {
        Ok(Self { snapshot, policy, limits })
    }

    /// The lists in force.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// The policy in force.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// The bounds in force.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Screens one shipment. A shipment that is empty or beyond a limit is answered with [`Outcome::Refused`].
    pub fn screen(&self, shipment: &Shipment, _scratch: &mut Scratch) -> Screening {
        self.answer(shipment.reference.clone(), Outcome::NoFinding, Vec::new())
    }

    /// The answer to a record that could not even be read.
    pub fn refuse(&self, reference: String, problems: Vec<Problem>) -> Screening {
        self.answer(reference, Outcome::Refused, problems)
    }

    /// Compares two names as screening does.
    pub fn compare(&self, _left: &str, _right: &str, _kind: EntryKind) -> NameComparison {
        NameComparison { score: Score::ZERO, is_match: false, evidence: Vec::new(), explanation: String::new() }
    }

    /// Finds rows by name, best first.
    pub fn search(&self, _name: &str, _limit: usize, _scratch: &mut Scratch) -> Vec<SearchHit<'_>> {
        Vec::new()
    }

    fn answer(&self, reference: String, outcome: Outcome, problems: Vec<Problem>) -> Screening {
        Screening {
            reference,
            outcome,
            findings: Vec::new(),
            problems,
            rules_run: Vec::new(),
            rules_skipped: Vec::new(),
            limits_reached: Vec::new(),
            snapshot: self.snapshot.fingerprint().to_owned(),
            policy: self.policy.fingerprint().to_owned(),
            engine: ENGINE.to_owned(),
        }
    }
}
