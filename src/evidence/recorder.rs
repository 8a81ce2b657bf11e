//! Puts screenings into the ledger, with what they rest on.

use current::Loaded;
use engine::policy::{Error as PolicyError, Policy};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::case::Void;
use ledger::keep::keep_snapshot;
use ledger::record::{Context, ListAge, Screened};
use ledger::{Basis, Error, Evidence, Ledger, Result};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use wire::v1;

/// How long the index may be behind while nobody asks it.
const INDEX_EVERY: Duration = Duration::from_secs(5);

/// A ledger in use.
#[derive(Debug)]
pub struct Recorder {
    ledger: Arc<Ledger>,
    evidence: Evidence,
    /// The policy without the exceptions of the ledger.
    base: Policy,
    /// Digest of the kept ownership file.
    ownership: String,
    /// Digests of kept lists and policies, by their fingerprints.
    kept: Mutex<HashMap<String, String>>,
    /// Screenings that were answered and are not in the ledger; only with `async`.
    lost: AtomicU64,
}

/// A policy with the exceptions of a ledger behind its own suppressors.
///
/// # Errors
/// When they cannot be read as suppressors.
pub fn policy_with(base: &Policy, suppressors: &str) -> std::result::Result<Policy, PolicyError> {
    if suppressors.is_empty() {
        return Ok(base.clone());
    }
    let whole = Policy::from_toml(&(base.to_toml() + suppressors), "the policy with the exceptions of the ledger")?;
    Ok(whole.with_ownership(base.ownership().clone()))
}

impl Recorder {
    /// Uses a ledger. `base`: the policy without the ledger's exceptions; `ownership`: the text of its ownership file.
    ///
    /// # Errors
    /// When the ownership file cannot be kept.
    pub fn new(ledger: Arc<Ledger>, evidence: Evidence, base: &Policy, ownership: Option<&[u8]>) -> Result<Self> {
        let ownership = ownership.map(|text| ledger.keep_basis(text)).transpose()?.unwrap_or_default();
        Ok(Self { ledger, evidence, base: base.clone(), ownership, kept: Mutex::default(), lost: AtomicU64::new(0) })
    }

    /// Brings the index up to date every few seconds, on a thread that yields to all others, as long as the ledger is open.
    /// Without it the first question after many screenings would wait for all of them.
    pub fn index_in_background(&self) {
        let ledger = Arc::downgrade(&self.ledger);
        current::in_background("ledger index", move || {
            while let Some(ledger) = ledger.upgrade() {
                if let Err(error) = ledger.catch_up() {
                    tracing::error!(%error, "the index of the ledger could not be brought up to date");
                }
                drop(ledger);
                std::thread::sleep(INDEX_EVERY);
            }
        });
    }

    /// The ledger.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    /// The policy with the exceptions that the ledger has now.
    ///
    /// # Errors
    /// When the ledger cannot be asked.
    pub fn policy(&self) -> std::result::Result<Policy, Box<dyn std::error::Error + Send + Sync>> {
        Ok(policy_with(&self.base, &self.ledger.suppressors()?)?)
    }

    /// Whether anything is recorded.
    pub fn is_on(&self) -> bool {
        self.evidence != Evidence::Off
    }

    /// Whether an answer waits until its record is on disk.
    pub fn is_durable(&self) -> bool {
        self.evidence == Evidence::Durable
    }

    /// Screenings that were answered and are not in the ledger.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// What screenings with this set rest on now; lists and policy are kept when they are first met.
    ///
    /// # Errors
    /// When they cannot be kept.
    pub fn basis(&self, loaded: &Loaded) -> Result<Basis> {
        let (engine, now) = (loaded.engine(), Timestamp::now());
        // The same entries may stand in other publications, whose titles and days answers give.
        let snapshot = engine.snapshot();
        let set = format!("{} {}", snapshot.fingerprint(), loaded.generation());
        let lists = self.kept(&set, || keep_snapshot(self.ledger.layout(), snapshot))?;
        let policy = engine.policy();
        let policy = self.kept(policy.fingerprint(), || self.ledger.keep_basis(policy.to_toml().as_bytes()))?;
        let stale = if loaded.is_stale(now) { loaded.ages(now) } else { Vec::new() };
        let age = |age: lists::ListAge| ListAge {
            list: age.list.to_string(),
            title: age.title,
            age_hours: age.age_hours,
            limit_hours: age.limit_hours,
        };
        let limits = engine.limits();
        let context = Context {
            template: Vec::new(),
            today: now.to_zoned(TimeZone::UTC).date().to_string(),
            stale: stale.into_iter().filter(|age| age.is_stale).map(age).collect(),
            knows_ages: true,
            lists,
            policy,
            limits: [limits.field_bytes, limits.goods_lines, limits.parties].map(|n| n as u64).to_vec(),
            base_policy: self.base.fingerprint().to_owned(),
            ownership: self.ownership.clone(),
            packs: engine.rules().digest().unwrap_or_default().to_owned(),
        };
        Ok(Basis { context })
    }

    /// The digest of something kept, by its fingerprint.
    fn kept(&self, fingerprint: &str, keep: impl FnOnce() -> Result<String>) -> Result<String> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(digest) = kept.get(fingerprint) {
            return Ok(digest.clone());
        }
        let digest = keep()?;
        kept.insert(fingerprint.to_owned(), digest.clone());
        Ok(digest)
    }

    /// Records screenings and waits; with `durable`, until they are on disk. With `async` a fault is counted and the answers
    /// leave all the same.
    ///
    /// # Errors
    /// With `durable`: when they are not in the ledger.
    pub fn record(&self, loaded: &Loaded, screened: Vec<Screened>) -> Result<()> {
        if !self.is_on() {
            return Ok(());
        }
        let count = screened.len() as u64;
        let recorded = self.basis(loaded).and_then(|basis| self.ledger.record(screened, &basis, self.is_durable()));
        self.heed(count, recorded)
    }

    /// As [`Recorder::record`], and does not wait: `done` hears when the answers may leave.
    pub fn record_then(
        self: &Arc<Self>,
        loaded: &Loaded,
        screened: Vec<Screened>,
        done: impl FnOnce(Result<()>) + Send + 'static,
    ) {
        let count = screened.len() as u64;
        let basis = match self.basis(loaded) {
            Ok(basis) => basis,
            Err(error) => return done(self.heed(count, Err(error))),
        };
        let recorder = Arc::clone(self);
        if self.is_durable() {
            self.ledger.record_then(screened, &basis, true, move |recorded| done(recorder.heed(count, recorded)));
        } else {
            self.ledger.record_then(screened, &basis, false, move |recorded| drop(recorder.heed(count, recorded)));
            done(Ok(()));
        }
    }

    fn heed(&self, count: u64, recorded: Result<Range<u64>>) -> Result<()> {
        let Err(error) = recorded else { return Ok(()) };
        tracing::error!(%error, ledger.screenings = count, "screenings are not in the ledger");
        if self.is_durable() {
            return Err(error);
        }
        self.lost.fetch_add(count, Ordering::Relaxed);
        Ok(())
    }

    /// Holds the ledger's exceptions against the lists in force; says which are void.
    ///
    /// # Errors
    /// When the ledger cannot be asked or written.
    pub fn review(&self, loaded: &Loaded) -> Result<Vec<(String, Void)>> {
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let voided = self.ledger.review_exceptions(loaded.engine().snapshot(), self.base.fingerprint(), today)?;
        for (case, void) in &voided {
            tracing::warn!(ledger.case = case, "an exception is void and its case open again: {}", void.why());
        }
        Ok(voided)
    }
}

/// A screening with its request, as the ledger takes it.
pub(crate) fn screened(
    request: v1::Shipment,
    answer: &v1::Screening,
    (caller, trace): (&str, &str),
    is_verbose: bool,
) -> Screened {
    Screened { request, answer: answer.clone(), caller: caller.to_owned(), trace: trace.to_owned(), is_verbose }
}

/// A fault of the ledger, in a line without what only the operator should know.
pub(crate) fn public(error: &Error) -> String {
    match error {
        Error::Shared(error) => public(error),
        Error::Full { .. } => "the disk of the ledger is full".to_owned(),
        Error::ClockBack { .. } => "the clock of the machine stands before the last record".to_owned(),
        _ => "the ledger takes no records; its operator finds why in the log".to_owned(),
    }
}
