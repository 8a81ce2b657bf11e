//! The compiled lists in force: swapped whole, never changed.
//!
//! Every screening uses one [`Loaded`] from start to end, so an answer rests on one snapshot. A reload compiles the
//! new set beside the old one and swaps it in only when it is complete; when anything is wrong the old set stays in
//! force and the cause is kept. Wrong is also a file that lost more than it may ([`lists::guard`]) and a required list
//! that is gone ([`Required`]). Everything here blocks: call it from a thread that may block.

pub mod answer;
mod background;
mod error;
mod event;
pub mod files;
mod kept;
mod loaded;
mod past;
mod recipe;
mod required;
pub mod screener;

pub use background::{detach as in_background, run as yielding};
pub use error::Error;
pub use event::{Event, RescreenCounts};
pub use loaded::{Loaded, PAST_UNREADABLE, PastLists};
pub use recipe::Recipe;
pub use required::Required;

use arc_swap::{ArcSwap, ArcSwapOption};
use engine::policy::Policy;
use engine::screen::{Asked, Engine, Use};
use jiff::Timestamp;
use kept::{KeptFile, KeptKey, KeptLists, NotUsed};
use lists::guard::{self, Limits};
use lists::store::{Store, StoreError};
use lists::{Delta, Freshness, Reading, Source, SourceRead, StaleAfter, accepted, content_of};
use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::broadcast;

/// Deltas of past swaps that are kept.
const KEPT_DELTAS: usize = 16;

/// The compiled set in force.
#[derive(Debug)]
pub struct Current {
    recipe: Recipe,
    /// The policy of the next load.
    policy: Mutex<Arc<Policy>>,
    loaded: ArcSwapOption<Loaded>,
    /// The last generation; held during a reload, so that there is one at a time.
    generation: Mutex<u64>,
    last_failure: Mutex<Option<String>>,
    /// Lists that must be in force.
    required: Required,
    /// How much a file may change from one load to the next.
    guard: Limits,
    /// Where compiled lists are kept for the next start, and whether the set comes into force before they are written.
    kept: Option<(KeptLists, Keep)>,
    /// Whether what files hold is remembered in the data directory, for the next start.
    remembers: bool,
    /// What the set is compiled for.
    for_use: Use,
    stale_after: StaleAfter,
    /// Whether a stale list makes the set unfit to serve.
    must_be_fresh: bool,
    /// Limits on compiling states of the past.
    past_bound: Option<Arc<past::Bound>>,
    /// What the last swaps changed, oldest first.
    deltas: Mutex<VecDeque<Arc<Delta>>>,
    events: broadcast::Sender<Event>,
}

/// When compiled lists are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Before the set comes into force: for a command, which may be at its end soon after.
    First,
    /// Behind it, on a thread that yields to all others: for a service.
    Behind,
}

/// Events that a slow listener may be behind.
const EVENTS: usize = 64;

impl Current {
    /// Nothing in force yet; the first [`Current::reload`] loads.
    pub fn new(recipe: Recipe) -> Self {
        Self {
            policy: Mutex::new(Arc::clone(&recipe.policy)),
            recipe,
            loaded: ArcSwapOption::empty(),
            generation: Mutex::new(0),
            last_failure: Mutex::new(None),
            required: Required::default(),
            guard: Limits::default(),
            kept: None,
            remembers: false,
            for_use: Use::Many,
            stale_after: StaleAfter::new(),
            must_be_fresh: false,
            past_bound: None,
            deltas: Mutex::new(VecDeque::new()),
            events: broadcast::Sender::new(EVENTS),
        }
    }

    /// Puts another policy in place, for the next load; whether it is another one.
    pub fn put_policy(&self, policy: Arc<Policy>) -> bool {
        let mut old = self.policy.lock().unwrap_or_else(PoisonError::into_inner);
        let is_other = old.fingerprint() != policy.fingerprint();
        *old = policy;
        is_other
    }

    /// The recipe with the policy of the next load.
    fn recipe(&self) -> Recipe {
        let policy = Arc::clone(&self.policy.lock().unwrap_or_else(PoisonError::into_inner));
        Recipe { policy, ..self.recipe.clone() }
    }

    /// With lists that must be in force: without them [`Current::is_fit`] is false, and a set that has them is never
    /// replaced by one that lacks them.
    #[must_use]
    pub fn requiring(mut self, required: Required) -> Self {
        self.required = required;
        self
    }

    /// With other limits on how much a file may change from one load to the next.
    #[must_use]
    pub fn with_guard(mut self, limits: Limits) -> Self {
        self.guard = limits;
        self
    }

    /// With what files hold written down in the data directory at each load, so that the next start is guarded too.
    #[must_use]
    pub fn remembering_files(mut self) -> Self {
        self.remembers = true;
        self
    }

    /// With compiled lists kept in the data directory, and read back from there where sources and program are the same. No answer
    /// depends on it.
    #[must_use]
    pub fn keeping_compiled(mut self, data_dir: &Path, when: Keep) -> Self {
        self.kept = Some((KeptLists::of(data_dir), when));
        rayon::spawn(kept::read_program);
        self
    }

    /// How much a file may change from one load to the next.
    pub fn guard(&self) -> Limits {
        self.guard
    }

    /// For a few answers: what only some shipments need is compiled when one needs it.
    #[must_use]
    pub fn for_few_answers(mut self) -> Self {
        self.for_use = Use::Few;
        self
    }

    /// With limits on the age of lists, by the id of the list or its publication.
    #[must_use]
    pub fn with_stale_after(mut self, stale_after: StaleAfter) -> Self {
        self.stale_after = stale_after;
        self
    }

    /// With [`Current::is_fit`] false while a list is stale.
    #[must_use]
    pub fn must_be_fresh(mut self, must: bool) -> Self {
        self.must_be_fresh = must;
        self
    }

    /// With a limit on what questions about the past may cost: so many states compiled a minute, and so many threads at
    /// a time that compile one or wait for it. Questions beyond it are refused with the cause; the set in force keeps
    /// answering.
    #[must_use]
    pub fn with_past_bound(mut self, per_minute: NonZeroU32, threads: usize) -> Self {
        self.past_bound = Some(Arc::new(past::Bound::new(per_minute, threads)));
        self
    }

    /// Whether lists are loaded, those required among them, and fresh where they must be.
    pub fn is_fit(&self, now: Timestamp) -> bool {
        let is_fresh = |loaded: &Loaded| !(self.must_be_fresh && loaded.is_stale(now));
        self.load().is_some_and(|loaded| loaded.missing.is_empty() && is_fresh(&loaded))
    }

    /// What a person should know: why the last load failed, or which required lists are missing. `None` when all is well.
    pub fn attention(&self) -> Option<String> {
        let missing = self.load().filter(|l| !l.missing.is_empty()).map(|l| l.missing.join("; "));
        let said: Vec<String> = missing.into_iter().chain(self.last_failure()).collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// The events from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Sends an event to those who listen.
    pub fn publish(&self, event: Event) {
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
        let in_use = self.load().map(|loaded| loaded.stored.clone()).unwrap_or_default();
        self.recipe.stored().is_ok_and(|stored| stored != in_use)
    }

    /// Reads again when publishers last confirmed their lists. If the history cannot be read, the last known ages
    /// keep growing.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn update_freshness(&self) -> Result<(), Error> {
        let Some(loaded) = self.load() else { return Ok(()) };
        let freshness = self.freshness(loaded.engine(), &loaded.sources)?;
        loaded.freshness.store(Arc::new(freshness));
        Ok(())
    }

    fn freshness(&self, engine: &Engine, sources: &[SourceRead]) -> Result<Freshness, Error> {
        Freshness::of(engine.snapshot(), sources, self.recipe.store(), &self.stale_after).map_err(Error::List)
    }

    /// The set in force; `None` before the first successful load.
    pub fn load(&self) -> Option<Arc<Loaded>> {
        self.loaded.load_full()
    }

    /// Why the last attempt to load failed; `None` when it succeeded.
    pub fn last_failure(&self) -> Option<String> {
        self.last_failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads and compiles everything anew and swaps it in. A second caller waits for the first and then loads again.
    /// Beside a set in force this is done on threads that yield to all others.
    ///
    /// # Errors
    /// When a list cannot be read or compiled; then the old set stays in force.
    pub fn reload(&self) -> Result<Reloaded, Error> {
        self.reload_for(Vec::new)
    }

    /// As [`Current::reload`], and searches the names that callers `asked` for lately before the new set comes into
    /// force, so that they are found as fast as before. The names are fetched only when there is a new set.
    ///
    /// # Errors
    /// As [`Current::reload`].
    pub fn reload_for(&self, asked: impl FnOnce() -> Vec<Asked> + Send) -> Result<Reloaded, Error> {
        match self.load() {
            Some(_) => background::run(|| self.replace(asked)),
            None => self.replace(asked),
        }
    }

    fn replace(&self, asked: impl FnOnce() -> Vec<Asked>) -> Result<Reloaded, Error> {
        let mut generation = self.generation.lock().unwrap_or_else(PoisonError::into_inner);
        let start = Instant::now();
        // Before the lists are read: what is stored in between counts as newer.
        let stored = self.recipe.stored().unwrap_or_default();
        let before = self.load();
        let recipe = self.recipe();
        let build = || self.build(&recipe, before.as_deref(), asked);
        let built = catch_unwind(AssertUnwindSafe(build)).unwrap_or(Err(Error::Panicked));
        *self.last_failure.lock().unwrap_or_else(PoisonError::into_inner) = built.as_ref().err().map(Error::to_string);
        if let Err(error) = &built {
            self.publish(Event::Failed { at: Timestamp::now(), list: String::new(), message: error.to_string() });
        }
        let Built { engine, freshness, sources, content, missing, to_keep } = built?;
        *generation += 1;
        let now = Arc::new(Loaded {
            engine: Some(engine),
            loaded_at: Timestamp::now(),
            generation: *generation,
            took: start.elapsed(),
            freshness: ArcSwap::from_pointee(freshness),
            past: past::Past::of(&recipe, self.past_bound.clone()),
            stored,
            sources,
            content,
            missing,
        });
        self.loaded.store(Some(Arc::clone(&now)));
        self.remember(&now);
        if let Some(to_keep) = to_keep.filter(|to_keep| to_keep.when == Keep::Behind) {
            let now = Arc::clone(&now);
            background::detach("keep lists", move || to_keep.write(now.shared(), &now.sources));
        }
        self.keep_delta(before.as_deref(), &now);
        Ok(Reloaded { before, now })
    }

    /// Reads, checks against what is in force, and compiles; or reads back what was kept of the same.
    fn build(
        &self,
        recipe: &Recipe,
        before: Option<&Loaded>,
        asked: impl FnOnce() -> Vec<Asked>,
    ) -> Result<Built, Error> {
        let content = self.content(recipe);
        if let Some(unchanged) = before.filter(|before| content.is_some() && before.content == content) {
            return self.unchanged(recipe, unchanged);
        }
        let kept = self
            .kept
            .as_ref()
            .and_then(|(kept, when)| Some(ToKeep { kept: kept.clone(), key: KeptLists::key(content?)?, when: *when }));
        let read_back = kept.as_ref().map(|kept| self.read_back(kept, recipe, before)).transpose()?.flatten();
        let Made { engine, sources, missing, is_new, is_read } =
            read_back.map_or_else(|| self.compile(recipe, before), Ok)?;
        // What changed while it was read is not known by what it held before.
        let content = content.filter(|content| !is_read || self.content(recipe) == Some(*content));
        let to_keep = kept.filter(|_| is_read && content.is_some() && self.for_use == Use::Many);
        if is_new && before.is_some() {
            Recipe::expect(&engine, &asked());
        }
        if let Some(to_keep) = to_keep.as_ref().filter(|to_keep| to_keep.when == Keep::First) {
            to_keep.write(&engine, &sources);
        }
        let freshness = self.freshness(&engine, &sources)?;
        Ok(Built { engine, freshness, sources, content, missing, to_keep })
    }

    /// The digest over what the sources hold, where somebody will ask whether it is another one.
    fn content(&self, recipe: &Recipe) -> Option<[u8; 32]> {
        let is_asked_again = self.kept.is_some() || self.remembers;
        is_asked_again.then(|| content_of(&recipe.sources)).flatten()
    }

    /// What is in force, where every byte that it rests on is as it was: nothing is read.
    fn unchanged(&self, recipe: &Recipe, before: &Loaded) -> Result<Built, Error> {
        let Loaded { sources, content, missing, .. } = before;
        let engine = recipe.under_policy(before.shared());
        let freshness = self.freshness(&engine, sources)?;
        let (sources, missing) = (sources.clone(), missing.clone());
        Ok(Built { engine, freshness, sources, content: *content, missing, to_keep: None })
    }

    /// Reads the lists and compiles them; the engine in force where nothing in them is new.
    fn compile(&self, recipe: &Recipe, before: Option<&Loaded>) -> Result<Made, Error> {
        let reading = recipe.read()?;
        let missing = self.admit(before, &reading)?;
        let Reading { snapshot, sources } = reading;
        if let Some(engine) = recipe.in_force(&snapshot, before.map(Loaded::shared)) {
            return Ok(Made { engine, sources, missing, is_new: false, is_read: true });
        }
        let engine = Arc::new(recipe.compile(snapshot, self.for_use)?);
        Ok(Made { engine, sources, missing, is_new: true, is_read: true })
    }

    /// As [`Current::compile`], from what is kept; `None` where that cannot be used.
    fn read_back(&self, kept: &ToKeep, recipe: &Recipe, before: Option<&Loaded>) -> Result<Option<Made>, Error> {
        let start = Instant::now();
        let not_used = |why: NotUsed| {
            match why {
                NotUsed::Damaged(_) => tracing::warn!(%why, "compiled lists are not used, and compiled anew"),
                NotUsed::Missing | NotUsed::Other => tracing::info!(%why, "lists are compiled"),
            }
            Ok(None)
        };
        let (file, reading) = match KeptFile::open(&kept.kept, kept.key).and_then(|file| Ok((file.reading()?, file))) {
            Ok((reading, file)) => (file, reading),
            Err(why) => return not_used(why),
        };
        let missing = self.admit(before, &reading)?;
        let Reading { snapshot, sources } = reading;
        if let Some(engine) = recipe.in_force(&snapshot, before.map(Loaded::shared)) {
            return Ok(Some(Made { engine, sources, missing, is_new: false, is_read: false }));
        }
        match recipe.read_back(snapshot, &file) {
            Ok(engine) => {
                tracing::info!(took_ms = start.elapsed().as_millis() as u64, "compiled lists were read back");
                Ok(Some(Made { engine: Arc::new(engine), sources, missing, is_new: true, is_read: false }))
            }
            Err(why) => not_used(why),
        }
    }

    /// Whether what was read may come into force, and which required lists it lacks.
    fn admit(&self, before: Option<&Loaded>, reading: &Reading) -> Result<Vec<String>, Error> {
        let missing = self.required.missing(reading);
        self.check_files(before, reading)?;
        if before.is_some_and(|before| before.missing.is_empty()) && !missing.is_empty() {
            return Err(Error::Missing(missing));
        }
        Ok(missing)
    }

    /// Whether the files among the sources may come into force: by how they changed since they were last loaded, by this
    /// process or the one before it, or by a person's word.
    fn check_files(&self, before: Option<&Loaded>, reading: &Reading) -> Result<(), Error> {
        let objections = match (before, self.recipe.store()) {
            (Some(before), _) => guard::of_files(before.engine().snapshot(), &before.sources, reading, self.guard),
            (None, Some(root)) => Store::existing(root)
                .and_then(|store| guard::of_remembered(|path| store.remembered(path), reading, self.guard))
                .map_err(unreadable)?,
            (None, None) => Vec::new(),
        };
        let mut kept_out = Vec::new();
        for objection in objections {
            if !accepted::is_accepted(&objection.path, &objection.content).map_err(Error::List)? {
                kept_out.push(objection);
            }
        }
        if kept_out.is_empty() { Ok(()) } else { Err(Error::Guarded(kept_out)) }
    }

    /// Writes down what the files hold. Without it the next start is not guarded, which is no reason not to screen now.
    fn remember(&self, now: &Loaded) {
        let Some(root) = self.recipe.store().filter(|_| self.remembers) else { return };
        let written = Store::existing(root).and_then(|store| store.remember(now.engine().snapshot(), &now.sources));
        if let Err(error) = written {
            tracing::warn!(%error, "what list files hold could not be written down; the next start is not guarded");
        }
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
        self.publish(Event::Changed { at: now.loaded_at, delta });
    }
}

fn unreadable(error: StoreError) -> Error {
    Error::List(lists::Error::Store { problem: error.to_string() })
}

/// A set that may come into force.
struct Built {
    engine: Arc<Engine>,
    freshness: Freshness,
    sources: Vec<SourceRead>,
    content: Option<[u8; 32]>,
    missing: Vec<String>,
    /// What is to be kept for the next start.
    to_keep: Option<ToKeep>,
}

/// An engine, compiled or read back.
struct Made {
    engine: Arc<Engine>,
    sources: Vec<SourceRead>,
    missing: Vec<String>,
    /// It is not the one in force.
    is_new: bool,
    /// Its lists were read anew.
    is_read: bool,
}

/// How compiled lists are to be kept.
struct ToKeep {
    kept: KeptLists,
    key: KeptKey,
    when: Keep,
}

impl ToKeep {
    /// Keeps them. Without it the next start takes longer, which is no reason not to screen now.
    fn write(&self, engine: &Engine, sources: &[SourceRead]) {
        match self.kept.write(self.key, engine, sources) {
            Ok(true) => tracing::info!("compiled lists are kept for the next start"),
            Ok(false) => tracing::info!("compiled lists are not kept: another process keeps its own"),
            Err(error) => tracing::warn!(%error, "compiled lists cannot be kept; the next start compiles them again"),
        }
    }
}

/// The result of a successful reload.
#[derive(Debug)]
pub struct Reloaded {
    /// The set that was in force.
    pub before: Option<Arc<Loaded>>,
    /// The set now in force.
    pub now: Arc<Loaded>,
}

#[cfg(test)]
mod tests;
