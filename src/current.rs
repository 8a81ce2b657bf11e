//! The compiled set in force: swapped whole, never changed.
//!
//! Whoever screens takes one [`Loaded`] and keeps it to the end, so an answer rests on one set of lists. A reload
//! compiles the new set beside the old one and swaps it in only when it is complete; when anything is wrong the
//! old set stays and the cause is kept. Everything here blocks: call it from a thread that may.

mod past;

use crate::finding::Screening;
use crate::list::{self, Delta, Freshness, ListAge, Snapshot, Source, StaleAfter};
use crate::policy::Policy;
use crate::rule::Rules;
use crate::screen::{BuildError, Engine, Limits, Scratch, Stop, Stopped};
use crate::shipment::{Problem, Shipment};
use arc_swap::{ArcSwap, ArcSwapOption};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::broadcast;

/// What the set is made from, each time anew.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// Which lists.
    pub sources: Vec<Source>,
    /// What is made of findings.
    pub policy: Arc<Policy>,
    /// Bounds on a record.
    pub limits: Limits,
    /// The rules beyond names.
    pub rules: Arc<Rules>,
}

/// One compiled set.
#[derive(Debug)]
pub struct Loaded {
    /// `None` only while being dropped.
    engine: Option<Engine>,
    loaded_at: Timestamp,
    generation: u64,
    took: Duration,
    freshness: ArcSwap<Freshness>,
    past: past::Past,
    /// Digests of the stored publications it was made from.
    stored: Vec<String>,
}

/// Deltas of past swaps that are kept for who asks.
const KEPT_DELTAS: usize = 16;

/// The compiled set in force.
#[derive(Debug)]
pub struct Current {
    recipe: Recipe,
    loaded: ArcSwapOption<Loaded>,
    /// The last generation; held during a reload, so that there is one at a time.
    generation: Mutex<u64>,
    last_failure: Mutex<Option<String>>,
    stale_after: StaleAfter,
    /// What the last swaps changed, oldest first.
    deltas: Mutex<VecDeque<Arc<Delta>>>,
    events: broadcast::Sender<Event>,
}

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
    /// A publication was refused and is kept apart.
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

/// Events that a slow listener may be behind.
const EVENTS: usize = 64;

/// Why a set could not be loaded. The text holds the causes down to the root, because it is kept and sent as text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A list could not be read.
    #[error("{0}")]
    List(list::Error),
    /// The lists could not be compiled.
    #[error("{}", with_cause(.0))]
    Build(BuildError),
    /// A fault of the program; the log has the place.
    #[error("loading broke off by an internal fault")]
    Panicked,
}

fn with_cause(error: &BuildError) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

impl Loaded {
    /// The engine over this set.
    pub fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("the engine is taken out only when the set is dropped")
    }

    /// When it came into force.
    pub fn loaded_at(&self) -> Timestamp {
        self.loaded_at
    }

    /// 1 for the first set, one more for each after it.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// How old each list is.
    pub fn ages(&self, now: Timestamp) -> Vec<ListAge> {
        self.freshness.load().ages(now)
    }

    /// Screens one shipment: against the lists as they were known on the day it names, where it names one, and
    /// with what must be said of lists that are older than they may be.
    pub fn screen(&self, shipment: &Shipment, scratch: &mut Scratch) -> Screening {
        match self.screen_with(shipment, |engine, shipment| Ok(engine.screen(shipment, scratch))) {
            Ok(screening) => screening,
            Err(Stopped) => unreachable!("nothing stops it"),
        }
    }

    /// As [`Loaded::screen`], unless `stop` says on the way that nobody waits any more.
    ///
    /// # Errors
    /// [`Stopped`]: then nothing is known about the shipment.
    pub fn screen_until(
        &self,
        shipment: &Shipment,
        stop: Arc<dyn Stop>,
        scratch: &mut Scratch,
    ) -> Result<Screening, Stopped> {
        self.screen_with(shipment, |engine, shipment| engine.screen_until(shipment, stop, scratch))
    }

    fn screen_with(
        &self,
        shipment: &Shipment,
        screen: impl FnOnce(&Engine, &Shipment) -> Result<Screening, Stopped>,
    ) -> Result<Screening, Stopped> {
        if (shipment.known_on, shipment.as_of) == (None, None) {
            let mut screening = screen(self.engine(), shipment)?;
            let now = Timestamp::now();
            let stale = self.freshness.load().stale(now);
            self.engine().add_stale(&mut screening, &stale);
            return Ok(screening);
        }
        match self.past.at(self.engine(), shipment.as_of, shipment.known_on) {
            Ok(None) => screen(self.engine(), shipment),
            Ok(Some(then)) => {
                // What was known is in the set; the rows' own dates would leave out what is known by another way.
                let known_on = shipment.known_on.filter(|_| !then.is_as_known);
                let asked = Shipment { known_on, ..shipment.clone() };
                let mut screening = screen(then.engine(), &asked)?;
                screening.lists_used = then.used.clone();
                Ok(screening)
            }
            // What cannot be looked up is not clear.
            Err(why) => {
                let field_path = if shipment.known_on.is_some() { "knownOn" } else { "asOf" };
                let description = format!("the lists as they were known then cannot be read: {why}");
                let problem = Problem { field_path: field_path.to_owned(), description };
                Ok(self.engine().refuse(shipment.reference.clone(), vec![problem]))
            }
        }
    }

    /// How long reading and compiling took.
    pub fn took(&self) -> Duration {
        self.took
    }
}

impl Drop for Loaded {
    /// The last holder may be a thread that answers calls; taking down millions of strings there would stall them.
    fn drop(&mut self) {
        if let Some(engine) = self.engine.take() {
            // Without a thread to give it to, the closure is dropped here and the set with it.
            let _ = thread::Builder::new().name("drop old lists".to_owned()).spawn(move || drop(engine));
        }
    }
}

impl Current {
    /// Nothing in force yet; the first [`Current::reload`] loads.
    pub fn new(recipe: Recipe) -> Self {
        Self {
            recipe,
            loaded: ArcSwapOption::empty(),
            generation: Mutex::new(0),
            last_failure: Mutex::new(None),
            stale_after: StaleAfter::new(),
            deltas: Mutex::new(VecDeque::new()),
            events: broadcast::Sender::new(EVENTS),
        }
    }

    /// With limits on the age of lists, by the id of the list or its publication.
    #[must_use]
    pub fn with_stale_after(mut self, stale_after: StaleAfter) -> Self {
        self.stale_after = stale_after;
        self
    }

    /// What happens to the lists from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Tells who listens.
    pub fn tell(&self, event: Event) {
        let _nobody_listens = self.events.send(event);
    }

    /// What the swap between two sets changed, as far as it is kept. Without `from`, what the last swap did.
    pub fn delta(&self, from: &str, to: &str) -> Option<Arc<Delta>> {
        let deltas = self.deltas.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |d: &&Arc<Delta>| (from.is_empty() || d.from == from) && (to.is_empty() || d.to == to);
        deltas.iter().rev().find(fits).cloned()
    }

    /// The data directory of the recipe.
    pub fn store(&self) -> Option<&Path> {
        self.recipe.store()
    }

    /// What the lists are read from.
    pub fn sources(&self) -> &[Source] {
        &self.recipe.sources
    }

    /// Whether the data directory has other publications in force than this set was made from: another process fetched
    /// one, or a person accepted one.
    pub fn is_behind(&self) -> bool {
        let Some(loaded) = self.load() else { return false };
        self.recipe.stored().is_ok_and(|stored| stored != loaded.stored)
    }

    /// Learns anew when publishers last confirmed their lists. A history that cannot be read leaves the ages as they
    /// were: they grow.
    ///
    /// # Errors
    /// Why it could not be read.
    pub fn update_freshness(&self) -> Result<(), String> {
        let Some(loaded) = self.load() else { return Ok(()) };
        let freshness = Freshness::of(loaded.engine().snapshot(), self.recipe.store(), &self.stale_after)?;
        loaded.freshness.store(Arc::new(freshness));
        Ok(())
    }

    /// The set in force; `None` before the first successful load.
    pub fn load(&self) -> Option<Arc<Loaded>> {
        self.loaded.load_full()
    }

    /// What went wrong in the last attempt to load; `None` when it succeeded.
    pub fn last_failure(&self) -> Option<String> {
        self.last_failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads and compiles everything anew and swaps it in. A second caller waits for the first and then loads again.
    ///
    /// # Errors
    /// When a list cannot be read or compiled; then the old set stays in force.
    pub fn reload(&self) -> Result<Reloaded, Error> {
        let mut generation = self.generation.lock().unwrap_or_else(PoisonError::into_inner);
        let start = Instant::now();
        // Before they are read: what comes in between is seen as newer.
        let stored = self.recipe.stored().unwrap_or_default();
        let built = catch_unwind(AssertUnwindSafe(|| self.recipe.build())).unwrap_or(Err(Error::Panicked));
        let built = built.and_then(|engine| {
            let freshness = Freshness::of(engine.snapshot(), self.recipe.store(), &self.stale_after);
            Ok((engine, freshness.map_err(|problem| Error::List(list::Error::Store { problem }))?))
        });
        *self.last_failure.lock().unwrap_or_else(PoisonError::into_inner) = built.as_ref().err().map(Error::to_string);
        if let Err(error) = &built {
            self.tell(Event::Failed { at: Timestamp::now(), list: String::new(), message: error.to_string() });
        }
        let (engine, freshness) = built?;
        *generation += 1;
        let now = Arc::new(Loaded {
            engine: Some(engine),
            loaded_at: Timestamp::now(),
            generation: *generation,
            took: start.elapsed(),
            freshness: ArcSwap::from_pointee(freshness),
            past: past::Past::of(&self.recipe),
            stored,
        });
        let before = self.loaded.swap(Some(Arc::clone(&now)));
        self.keep_delta(before.as_deref(), &now);
        Ok(Reloaded { before, now })
    }

    fn keep_delta(&self, before: Option<&Loaded>, now: &Loaded) {
        let Some(before) = before else { return };
        let (old, new) = (before.engine().snapshot(), now.engine().snapshot());
        if old.fingerprint() == new.fingerprint() {
            return;
        }
        let delta = Arc::new(Delta::between(old, new, None));
        let mut deltas = self.deltas.lock().unwrap_or_else(PoisonError::into_inner);
        if deltas.len() == KEPT_DELTAS {
            deltas.pop_front();
        }
        deltas.push_back(Arc::clone(&delta));
        drop(deltas);
        self.tell(Event::Changed { at: now.loaded_at, delta });
    }
}

/// What a successful reload did.
#[derive(Debug)]
pub struct Reloaded {
    /// The set that was in force.
    pub before: Option<Arc<Loaded>>,
    /// The set now in force.
    pub now: Arc<Loaded>,
}

impl Recipe {
    fn store(&self) -> Option<&Path> {
        self.sources.iter().find_map(|source| match source {
            Source::Store(root) => Some(root.as_path()),
            _ => None,
        })
    }

    /// Digests of the stored publications in force.
    fn stored(&self) -> Result<Vec<String>, list::store::Error> {
        let Some(root) = self.store() else { return Ok(Vec::new()) };
        let stored = list::store::Store::open(root)?.current()?;
        Ok(stored.into_iter().map(|s| s.held.digest).collect())
    }

    fn build(&self) -> Result<Engine, Error> {
        let snapshot = Arc::new(Snapshot::load(&self.sources).map_err(Error::List)?);
        Engine::build_with(snapshot, Arc::clone(&self.policy), self.limits, Arc::clone(&self.rules))
            .map_err(Error::Build)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,\
        start_date,end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,\
        gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,\
        dates_of_birth,nationalities,places_of_birth,source_information_url,ids";

    fn write(path: &Path, name: &str) {
        let row = format!("a1,Entity List (EL) - Bureau of Industry and Security,,,,{name}{}", ",".repeat(23));
        std::fs::write(path, format!("{HEADER}\n{row}\n")).unwrap();
    }

    #[test]
    fn a_failed_reload_keeps_the_old_set_and_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.csv");
        let recipe = Recipe {
            sources: vec![Source::Path(path.clone())],
            policy: Arc::default(),
            limits: Limits::default(),
            rules: crate::rule::Rules::builtin(),
        };
        let current = Current::new(recipe);
        assert!(current.load().is_none());
        current.reload().unwrap_err();
        assert!(current.load().is_none() && current.last_failure().is_some());

        write(&path, "Harbour Dynamics");
        let first = current.reload().unwrap();
        assert!(first.before.is_none() && current.last_failure().is_none());

        std::fs::write(&path, "this is not a list").unwrap();
        let error = current.reload().unwrap_err().to_string();
        assert_eq!(current.last_failure(), Some(error));
        let held = current.load().unwrap();
        assert_eq!(held.generation(), 1);

        write(&path, "Quayside Robotics");
        let second = current.reload().unwrap();
        assert_eq!((second.now.generation(), current.last_failure()), (2, None));
        let fingerprint = |l: &Loaded| l.engine().snapshot().fingerprint().to_owned();
        assert_ne!(fingerprint(&held), fingerprint(&second.now));
        assert_eq!(fingerprint(&held), fingerprint(&first.now));
    }
}
