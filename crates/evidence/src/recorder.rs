//! Puts screenings into the ledger, with what they rest on.

use crate::packs::KeptPacks;
use current::Loaded;
use engine::policy::{Error as PolicyError, Policy};
use engine::rule::Rules;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::case::Void;
use ledger::keep::{keep_snapshot, kept_snapshot};
use ledger::record::{Context, ListAge, Received, Screened};
use ledger::{Basis, Error, EvidenceMode, Ledger, Result};
use std::borrow::{Borrow, BorrowMut};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use wire::{shipment_from_wire, v1};

/// How long the index may be behind while nobody asks it.
const INDEX_EVERY: Duration = Duration::from_secs(5);

/// Time until a head that could not be stamped is tried again.
const STAMP_AGAIN: Duration = Duration::from_secs(3600);

/// A ledger in use.
#[derive(Debug)]
pub struct Recorder {
    ledger: Arc<Ledger>,
    /// What every screening asks for at least: the configuration's mode, or the policy's where that is stricter.
    least: EvidenceMode,
    /// The policy without the exceptions of the ledger.
    base: Policy,
    /// Digest of the kept ownership file.
    ownership: String,
    /// Digests of kept lists and policies, by their fingerprints.
    kept: Mutex<HashMap<String, String>>,
    /// Screenings that were answered and are not in the ledger, and why the last were not; only with `async`.
    lost: AtomicU64,
    why_lost: Mutex<String>,
    /// Where new lists are asked against the past by themselves: digest of the kept lists up to which it has been asked.
    asked: Option<Mutex<Option<String>>>,
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

/// What configuration and policy ask for together.
pub fn strictest(configured: EvidenceMode, policy: &Policy) -> EvidenceMode {
    policy.evidence().map_or(configured, |asked| asked.max(configured))
}

impl Recorder {
    /// Uses a ledger. `evidence`: what the configuration asks for; `base`: the policy without the ledger's exceptions;
    /// `ownership`: the text of its ownership file.
    ///
    /// # Errors
    /// When the ownership file cannot be kept.
    pub fn new(ledger: Arc<Ledger>, evidence: EvidenceMode, base: &Policy, ownership: Option<&[u8]>) -> Result<Self> {
        let ownership = ownership.map(|text| ledger.keep_basis(text)).transpose()?.unwrap_or_default();
        let least = strictest(evidence, base);
        Ok(Self {
            ledger,
            least,
            base: base.clone(),
            ownership,
            kept: Mutex::default(),
            lost: AtomicU64::new(0),
            why_lost: Mutex::default(),
            asked: None,
        })
    }

    /// Has new lists asked against the past by themselves. To be called before anything is screened: afterwards the last
    /// screening may rest on the new lists already.
    ///
    /// # Errors
    /// When the ledger cannot be asked up to which lists that was done.
    pub fn asking_the_past(mut self) -> Result<Self> {
        self.asked = Some(Mutex::new(self.ledger.asked_up_to()?));
        Ok(self)
    }

    /// Whether new lists are asked against the past by themselves.
    pub fn asks_the_past(&self) -> bool {
        self.asked.is_some()
    }

    /// Digest of the kept lists from which on the past has not been asked against these; `None`: there is nothing to ask.
    ///
    /// # Errors
    /// When the lists cannot be kept or those before not be read.
    pub fn unasked(&self, loaded: &Loaded) -> Result<Option<String>> {
        let Some(asked) = &self.asked else { return Ok(None) };
        let before = asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let now = self.basis(loaded)?.context.lists;
        match before {
            Some(before) if before != now => {
                let then = kept_snapshot(self.ledger.layout(), &before)?;
                if then.fingerprint() != loaded.engine().snapshot().fingerprint() {
                    return Ok(Some(before));
                }
            }
            _ => {}
        }
        self.was_asked(&now);
        Ok(None)
    }

    /// The past has been asked up to these kept lists.
    pub fn was_asked(&self, lists: &str) {
        if let Some(asked) = &self.asked {
            *asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(lists.to_owned());
        }
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

    /// Has the last signed head stamped by a command again and again, as long as the ledger is open.
    pub fn stamp_in_background(&self, command: String, every: Duration) {
        let ledger = Arc::downgrade(&self.ledger);
        current::in_background("ledger stamps", move || {
            let mut next = Instant::now();
            while let Some(ledger) = ledger.upgrade() {
                if next <= Instant::now() {
                    next = Instant::now() + every;
                    match ledger.stamp(&command) {
                        Ok(Some(stamped)) => tracing::info!(
                            ledger.head = stamped.head,
                            ledger.token = stamped.token,
                            "a signed head is stamped"
                        ),
                        Ok(None) => {}
                        Err(error) => {
                            tracing::error!(%error, "a signed head could not be stamped; it is tried again in an hour");
                            next = Instant::now() + every.min(STAMP_AGAIN);
                        }
                    }
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

    /// When the answers to a caller leave: the strictest of what configuration, policy and caller ask for. `None`: the
    /// caller asks for nothing, or is not known.
    pub fn mode(&self, caller: Option<EvidenceMode>) -> EvidenceMode {
        caller.map_or(self.least, |caller| caller.max(self.least))
    }

    /// Screenings that were answered and are not in the ledger.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// What a person should know: screenings were answered that are not in the ledger, and why. `None`: all are.
    pub fn attention(&self) -> Option<String> {
        let (lost, why) = (self.lost(), self.why_lost.lock().unwrap_or_else(PoisonError::into_inner));
        let were = if lost == 1 { "screening was" } else { "screenings were" };
        (lost > 0).then(|| format!("{lost} {were} answered without a record in the ledger: {why}"))
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
            kept_packs: self.kept_packs(engine.rules())?,
            is_as_known: false,
            keeps_past: false,
        };
        Ok(Basis { context })
    }

    /// Digest of the kept packs of the operator's own; empty when there are none.
    fn kept_packs(&self, rules: &Rules) -> Result<String> {
        let Some(digest) = rules.digest() else { return Ok(String::new()) };
        self.kept(&format!("packs {digest}"), || self.ledger.keep_basis(&KeptPacks::of(rules).encode()))
    }

    /// What screenings with this set rest on, those that were answered from the lists of a day in the past marked with theirs.
    fn bases<A: Borrow<v1::Screening>>(&self, loaded: &Loaded, screened: &mut [Screened<A>]) -> Result<Basis> {
        let basis = self.basis(loaded)?;
        for one in screened.iter_mut().filter(|one| !one.answer.borrow().lists_used.is_empty()) {
            let wrong = |why: String| Error::Refused(format!("the lists of a day in the past cannot be kept: {why}"));
            let shipment = shipment_from_wire(one.request.request().map_err(|e| wrong(e.to_string()))?);
            let past = loaded.past_lists(shipment.as_of, shipment.known_on).map_err(|e| wrong(e.to_string()))?;
            let past = past.ok_or_else(|| wrong("they are not there any more".to_owned()))?;
            let fingerprint = past.snapshot.fingerprint();
            if fingerprint != one.answer.borrow().snapshot {
                return Err(wrong("they have changed since the answer was made".to_owned()));
            }
            let lists = self.kept(&format!("{fingerprint} past {:?}", shipment.known_on), || {
                keep_snapshot(self.ledger.layout(), &past.snapshot)
            })?;
            let context = Context { lists, is_as_known: past.is_as_known, keeps_past: true, ..basis.context.clone() };
            one.context = Some(Box::new(context));
        }
        Ok(basis)
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

    /// Records screenings; with `durable` it waits until they are on disk. With `async` a fault is counted and the answers leave
    /// all the same.
    ///
    /// # Errors
    /// With `durable`: when they are not in the ledger.
    pub fn record<A: BorrowMut<v1::Screening>>(
        self: &Arc<Self>,
        loaded: &Loaded,
        screened: Vec<Screened<A>>,
        mode: EvidenceMode,
    ) -> Result<()> {
        let (tell, hear) = sync_channel(1);
        self.record_then(loaded, screened, mode, move |recorded| drop(tell.send(recorded)));
        hear.recv().map_err(|_| Error::Stopped("the writer has ended".to_owned()))?
    }

    /// As [`Recorder::record`], and does not wait: `done` hears when the answers may leave.
    pub fn record_then<A: BorrowMut<v1::Screening>>(
        self: &Arc<Self>,
        loaded: &Loaded,
        mut screened: Vec<Screened<A>>,
        mode: EvidenceMode,
        done: impl FnOnce(Result<()>) + Send + 'static,
    ) {
        if mode == EvidenceMode::Off {
            return done(Ok(()));
        }
        let count = screened.len() as u64;
        let basis = match self.bases(loaded, &mut screened) {
            Ok(basis) => basis,
            Err(error) => return done(self.heed(count, Err(error), mode)),
        };
        let recorder = Arc::clone(self);
        if mode == EvidenceMode::Durable {
            self.ledger.record_then(screened, &basis, true, move |recorded| {
                done(recorder.heed(count, recorded, mode));
            });
        } else {
            self.ledger.record_then(screened, &basis, false, move |recorded| {
                drop(recorder.heed(count, recorded, mode));
            });
            done(Ok(()));
        }
    }

    fn heed(&self, count: u64, recorded: Result<Range<u64>>, mode: EvidenceMode) -> Result<()> {
        let Err(error) = recorded else { return Ok(()) };
        tracing::error!(%error, ledger.screenings = count, "screenings are not in the ledger");
        if mode == EvidenceMode::Durable {
            return Err(error);
        }
        *self.why_lost.lock().unwrap_or_else(PoisonError::into_inner) = public(&error);
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
pub fn screened<A>(request: Received, answer: A, (caller, trace): (&str, &str), is_verbose: bool) -> Screened<A> {
    let (caller, trace) = (caller.to_owned(), trace.to_owned());
    Screened { request, answer, caller, trace, is_verbose, unread: None, context: None }
}

/// A record that could not be read, with the refusal that answers it, as the ledger takes it.
pub fn refused<A: Borrow<v1::Screening>>(
    received: Vec<u8>,
    answer: A,
    by: (&str, &str),
    is_verbose: bool,
) -> Screened<A> {
    let reference = answer.borrow().reference.clone();
    let request = Received::of(&mut v1::Shipment { reference, ..Default::default() });
    Screened { unread: Some(received), ..screened(request, answer, by, is_verbose) }
}

/// A fault of the ledger, in a line without what only the operator should know.
pub fn public(error: &Error) -> String {
    match error {
        Error::Shared(error) => public(error),
        Error::Full { .. } => "the disk of the ledger is full".to_owned(),
        Error::ClockBack { .. } => "the clock of the machine stands before the last record".to_owned(),
        _ => "the ledger takes no records; its operator finds why in the log".to_owned(),
    }
}
