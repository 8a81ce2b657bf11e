//! What every call shares: the lists in force, the threads that screen, who may call, room, and what is counted.

use super::ages::AgeCache;
use super::meters::{Measures, Meters};
use crate::config;
use crate::evidence::Recorder;
use crate::refresh::{self, PublicationState, Refresher, Report};
use crate::service::guard::access::Access;
use crate::service::guard::failure::Failure;
use crate::service::guard::quota::Quota;
use crate::service::guard::request_id::RequestIds;
use crate::service::guard::room::Room;
use crate::service::pool::Pool;
use crate::webhooks::Notifier;
use current::{self, Current, Loaded, Reloaded};
use jiff::Timestamp;
use lists::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{self, Arc, OnceLock, PoisonError};
use tokio::sync::{Mutex, Semaphore};
use tokio_util::sync::CancellationToken;
use wire::v1;

/// Log lines a second about callers turned away; the counters have all of them.
const LINES_A_SECOND: u32 = 10;

/// What every call shares.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) current: Current,
    pub(super) pool: Pool,
    pub(super) options: config::Server,
    pub(super) access: Access,
    pub(super) room: Room,
    pub(super) meters: Meters,
    pub(super) request_ids: RequestIds,
    /// Cancelled when streams must end now.
    pub(super) cut: CancellationToken,
    ages: AgeCache,
    /// What keeps the lists of the data directory current, where something does.
    pub(super) keeper: OnceLock<Arc<Refresher>>,
    /// Publications that were to be fetched, could not be, and of which nothing is in force: why, by their ids.
    pub(super) unfetched: sync::Mutex<BTreeMap<String, String>>,
    log_lines: Option<Quota>,
    /// Where screenings are recorded.
    pub(super) recorder: Option<Arc<Recorder>>,
    /// Held by the one verification, replay or rescreening that runs.
    pub(super) ledger_jobs: Arc<Semaphore>,
    /// What tells others what happened, where the configuration names somebody.
    pub(super) notifier: OnceLock<Arc<Notifier>>,
    reloading: Arc<Mutex<()>>,
}

impl Shared {
    pub(super) fn new(
        options: config::Server,
        access: Access,
        current: Current,
        recorder: Option<Arc<Recorder>>,
    ) -> io::Result<Self> {
        Ok(Self {
            current,
            pool: Pool::start(options.workers)?,
            access,
            room: Room::new(&options),
            meters: Meters::new(),
            request_ids: RequestIds::new(),
            cut: CancellationToken::new(),
            ages: AgeCache::default(),
            keeper: OnceLock::new(),
            unfetched: sync::Mutex::default(),
            log_lines: Quota::per_second(LINES_A_SECOND, "lines"),
            recorder,
            ledger_jobs: Arc::new(Semaphore::new(1)),
            notifier: OnceLock::new(),
            reloading: Arc::default(),
            options,
        })
    }

    /// Whether lists are loaded, those required among them, fresh where they must be, and the service is not stopping.
    pub(super) fn is_ready(&self) -> bool {
        !self.room.open.is_closed() && self.current.is_fit(Timestamp::now())
    }

    /// Whether one more line about a caller turned away may be logged.
    pub(super) fn may_log(&self) -> bool {
        self.log_lines.as_ref().is_none_or(|quota| quota.charge(1).is_ok())
    }

    /// How old each list is, as every response says it.
    pub(super) fn ages(&self, loaded: &Loaded) -> Vec<v1::ListAge> {
        self.ages.of(loaded, Timestamp::now())
    }

    /// Works the ages out again for the next response.
    pub(super) fn forget_ages(&self) {
        self.ages.forget();
    }

    /// What metrics show beside the counters.
    pub(super) fn measures(&self) -> Measures {
        Measures {
            waiting: self.pool.waiting(),
            threads: self.pool.threads(),
            in_flight: self.room.in_flight(),
            open_streams: self.room.open_streams(),
            held_bytes: self.room.held_bytes(),
            is_ready: self.is_ready(),
            has_failed: self.current.last_failure().is_some(),
            loaded: self.current.load(),
            unrecorded: self.recorder.as_ref().map(|recorder| recorder.lost()),
        }
    }

    /// The set in force, for one request from start to end. Without the lists that are required nothing is answered.
    pub(super) fn loaded(&self) -> Result<Arc<Loaded>, Failure> {
        let loaded = self.in_force()?;
        match loaded.missing() {
            [] => Ok(loaded),
            missing => Err(Failure::ListsMissing(missing.join("; "))),
        }
    }

    /// The set in force, for questions about it.
    pub(super) fn in_force(&self) -> Result<Arc<Loaded>, Failure> {
        self.current.load().ok_or_else(|| Failure::NotLoaded(self.attention()))
    }

    /// What a person should know: why the last load failed, which required lists are missing, which publications could not
    /// be fetched at all, what webhooks could not deliver, and how many screenings are not in the ledger. `None` when all is
    /// well.
    pub(super) fn attention(&self) -> Option<String> {
        let unfetched = self.unfetched.lock().unwrap_or_else(PoisonError::into_inner);
        let of_webhooks = self.notifier.get().and_then(|notifier| notifier.attention());
        let unrecorded = self.recorder.as_ref().and_then(|recorder| recorder.attention());
        let said = self.current.attention().into_iter().chain(unfetched.values().cloned());
        let said: Vec<String> = said.chain(of_webhooks).chain(unrecorded).collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// Keeps in mind which publications could not be fetched at all.
    pub(super) fn heed_fetched(&self, reports: &[Report]) {
        let mut unfetched = self.unfetched.lock().unwrap_or_else(PoisonError::into_inner);
        for report in reports {
            if report.in_force.is_some() {
                unfetched.remove(&report.publication);
            } else if report.needs_attention() {
                unfetched.insert(report.publication.clone(), report.to_string());
            }
        }
    }

    /// What the data directory holds of each publication; reads its histories, so call it where blocking is allowed. A
    /// history that cannot be read is in the log.
    pub(super) fn publications(&self, now: Timestamp) -> Vec<PublicationState> {
        let states = match (self.keeper.get(), self.current.store()) {
            (Some(keeper), _) => keeper.states(now),
            (None, Some(root)) => {
                Store::existing(root).and_then(|store| refresh::states(&store, &BTreeSet::new(), None, now))
            }
            (None, None) => Ok(Vec::new()),
        };
        states.unwrap_or_else(|error| {
            tracing::error!(%error, "the histories of the data directory could not be read");
            Vec::new()
        })
    }

    /// Takes the exceptions of the ledger into the policy; whether that changed it. They are in force with the next load.
    pub(super) fn take_exceptions(&self) -> bool {
        let Some(recorder) = &self.recorder else { return false };
        match recorder.policy() {
            Ok(policy) => self.current.put_policy(Arc::new(policy)),
            Err(error) => {
                tracing::error!(
                    error = &*error,
                    "the exceptions of the ledger could not be read; the old ones stay in force"
                );
                false
            }
        }
    }

    /// Keeps the lists in force in the ledger before anybody waits for that, and holds its exceptions against them. What
    /// cannot be kept now fails the first screening, or is tried again then.
    fn prepare_ledger(&self, loaded: &Loaded) {
        let Some(recorder) = &self.recorder else { return };
        match recorder.basis(loaded).and_then(|_| recorder.review(loaded)) {
            Ok(voided) if voided.is_empty() => {}
            Ok(_) => drop(self.take_exceptions()),
            Err(error) => tracing::error!(%error, "the ledger could not be prepared for the lists in force"),
        }
    }

    /// Loads anew on a thread that may block. Callers queue here, not on blocked threads. The caller of this logs a failure.
    pub(super) async fn reload(self: Arc<Self>) -> Result<Reloaded, current::Error> {
        let turn = Arc::clone(&self.reloading).lock_owned().await;
        let shared = Arc::clone(&self);
        let runtime = tokio::runtime::Handle::current();
        let reloaded = tokio::task::spawn_blocking(move || {
            let reloaded = shared.current.reload_for(|| runtime.block_on(shared.pool.asked()));
            if let Ok(done) = &reloaded {
                shared.prepare_ledger(&done.now);
            }
            // Held to the end of the work even when the caller has gone.
            drop(turn);
            reloaded
        });
        let reloaded = reloaded.await.unwrap_or(Err(current::Error::Panicked));
        self.meters.reloaded(reloaded.is_ok());
        if let Ok(done) = &reloaded {
            let snapshot = done.now.engine().snapshot();
            tracing::info!(
                list.snapshot = snapshot.fingerprint(),
                list.entries = snapshot.entries().len(),
                list.generation = done.now.generation(),
                list.load_ms = u64::try_from(done.now.took().as_millis()).unwrap_or(u64::MAX),
                "lists loaded"
            );
            self.ask_the_past(&done.now);
        }
        reloaded
    }
}
