//! The compiled set in force: swapped whole, never changed.
//!
//! Whoever screens takes one [`Loaded`] and keeps it to the end, so an answer rests on one set of lists. A reload
//! compiles the new set beside the old one and swaps it in only when it is complete; when anything is wrong the
//! old set stays and the cause is kept. Everything here blocks: call it from a thread that may.

use crate::list::{self, Snapshot, Source};
use crate::policy::Policy;
use crate::rule::Rules;
use crate::screen::{BuildError, Engine, Limits};
use arc_swap::ArcSwapOption;
use jiff::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

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
}

/// The compiled set in force.
#[derive(Debug)]
pub struct Current {
    recipe: Recipe,
    loaded: ArcSwapOption<Loaded>,
    /// The last generation; held during a reload, so that there is one at a time.
    generation: Mutex<u64>,
    last_failure: Mutex<Option<String>>,
}

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
        Self { recipe, loaded: ArcSwapOption::empty(), generation: Mutex::new(0), last_failure: Mutex::new(None) }
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
        let built = catch_unwind(AssertUnwindSafe(|| self.recipe.build())).unwrap_or(Err(Error::Panicked));
        *self.last_failure.lock().unwrap_or_else(PoisonError::into_inner) = built.as_ref().err().map(Error::to_string);
        let engine = Some(built?);
        *generation += 1;
        let now =
            Arc::new(Loaded { engine, loaded_at: Timestamp::now(), generation: *generation, took: start.elapsed() });
        let before = self.loaded.swap(Some(Arc::clone(&now)));
        Ok(Reloaded { before, now })
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
    fn build(&self) -> Result<Engine, Error> {
        let snapshot = Arc::new(Snapshot::load(&self.sources).map_err(Error::List)?);
        Engine::build_with(snapshot, Arc::clone(&self.policy), self.limits, Arc::clone(&self.rules))
            .map_err(Error::Build)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

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
