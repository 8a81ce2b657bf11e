//! The lists as they were known on a day in the past, compiled on demand and kept for the next question.
//!
//! Days between two publications are one state and share one compiled set. A state costs as much time and memory as the
//! set in force, so few are kept ([`KEPT`]) and one is compiled at a time: at most [`KEPT`] and one are in memory beside
//! the set in force, and those still in use. Questions about a kept state never wait. A service limits
//! the rest with a [`Bound`], so that questions about many days do not delay the present.

use super::error::Error;
use super::recipe::Recipe;
use engine::screen::Engine;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jiff::civil::Date;
use lists::store::Store;
use lists::{Snapshot, Source};
use model::finding::ListUsed;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// States kept.
const KEPT: usize = 4;

/// The past of one set in force.
#[derive(Debug)]
pub(super) struct Past {
    sources: Vec<Source>,
    store: Option<PathBuf>,
    states: Mutex<States>,
    /// Notified when a state was compiled, or could not be.
    settled: Condvar,
    bound: Option<Arc<Bound>>,
}

#[derive(Debug, Default)]
struct States {
    /// The last ones asked for, the latest last.
    kept: Vec<(Key, Arc<Then>)>,
    is_compiling: bool,
    /// Threads that compile one or wait for it.
    inside: usize,
    /// States compiled so far.
    #[cfg(test)]
    compiled: usize,
}

/// What questions about the past may cost.
#[derive(Debug)]
pub(super) struct Bound {
    per_minute: NonZeroU32,
    states: DefaultDirectRateLimiter,
    threads: usize,
}

impl Bound {
    /// So many states compiled a minute, and so many threads at a time.
    pub(super) fn new(per_minute: NonZeroU32, threads: usize) -> Self {
        Self { per_minute, states: RateLimiter::direct(Quota::per_minute(per_minute)), threads: threads.max(1) }
    }
}

/// Why a state of the past is not available.
#[derive(Debug, thiserror::Error)]
pub(super) enum PastError {
    /// The data directory could not be read.
    #[error(transparent)]
    Store(#[from] lists::store::StoreError),
    /// The lists of that day could not be read or compiled.
    #[error(transparent)]
    Load(#[from] Error),
    /// As many callers as may are waiting for other days.
    #[error("{0} others wait for a day in the past; try again in some seconds")]
    TooManyAtOnce(usize),
    /// As many days as may were compiled in the last minute.
    #[error(
        "at most {0} different days in the past are read in a minute; try again later, or send the records in the order \
         of their days"
    )]
    TooMany(NonZeroU32),
}

/// What distinguishes one state from another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    /// Digests of the publications known on the day of `known_on`, and that day where the entries' own dates decide.
    known: Option<(Vec<String>, Date)>,
    /// Digests of those known on the day of `as_of`.
    in_force: Option<Vec<String>>,
}

/// One state of the past, compiled.
#[derive(Debug)]
pub(super) struct Then {
    engine: Engine,
    pub(super) used: Vec<ListUsed>,
    /// Whether it holds what was known on the day asked for, so that the entries' own dates do not decide.
    pub(super) is_as_known: bool,
}

impl Then {
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }
}

impl States {
    /// A kept state, which is now the one asked for last.
    fn kept(&mut self, key: &Key) -> Option<Arc<Then>> {
        let at = self.kept.iter().position(|(k, _)| k == key)?;
        let found = self.kept.remove(at);
        let then = Arc::clone(&found.1);
        self.kept.push(found);
        Some(then)
    }
}

/// A place among the threads that compile or wait; given back even when compiling panics.
struct Inside<'p> {
    past: &'p Past,
    compiles: bool,
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut states = self.past.lock();
        states.inside -= 1;
        if self.compiles {
            states.is_compiling = false;
            drop(states);
            self.past.settled.notify_all();
        }
    }
}

impl Past {
    pub(super) fn of(recipe: &Recipe, bound: Option<Arc<Bound>>) -> Self {
        let store = recipe.store().map(ToOwned::to_owned);
        Self { sources: recipe.sources.clone(), store, states: Mutex::default(), settled: Condvar::new(), bound }
    }

    /// The state that answers for these days; `None` when the set in force does.
    pub(super) fn at(
        &self,
        current: &Engine,
        as_of: Option<Date>,
        known_on: Option<Date>,
    ) -> Result<Option<Arc<Then>>, PastError> {
        let Some(root) = &self.store else { return Ok(None) };
        let store = Store::existing(root)?;
        let digests =
            |chosen: Vec<lists::store::Stored>| -> Vec<String> { chosen.into_iter().map(|s| s.held.digest).collect() };
        let known = |day: Date| store.known_on(day).map(digests);
        let now = digests(store.current()?);
        // For a day on which nothing was stored yet, the entries' own dates decide.
        let stored = |day: Date| known(day).map(|d| Some(d).filter(|d| !d.is_empty() && *d != now));
        let key = Key {
            known: known_on.map(|day| Ok::<_, PastError>(stored(day)?.map(|d| (d, day)))).transpose()?.flatten(),
            in_force: as_of.map(stored).transpose()?.flatten(),
        };
        if key.known.is_none() && key.in_force.is_none() {
            return Ok(None);
        }
        self.compiled(&key, || self.build(current, &key, as_of, known_on)).map(Some)
    }

    /// The state of this key: a kept one, the one that another thread is compiling, or a new one.
    fn compiled(&self, key: &Key, build: impl FnOnce() -> Result<Then, Error>) -> Result<Arc<Then>, PastError> {
        let mut states = self.lock();
        if let Some(then) = states.kept(key) {
            return Ok(then);
        }
        if let Some(bound) = self.bound.as_deref().filter(|bound| states.inside >= bound.threads) {
            return Err(PastError::TooManyAtOnce(bound.threads));
        }
        states.inside += 1;
        let mut inside = Inside { past: self, compiles: false };
        loop {
            if let Some(then) = states.kept(key) {
                // Before the place is given back, which takes the lock.
                drop(states);
                return Ok(then);
            }
            if !states.is_compiling {
                break;
            }
            states = self.settled.wait(states).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(bound) = self.bound.as_deref().filter(|bound| bound.states.check().is_err()) {
            drop(states);
            return Err(PastError::TooMany(bound.per_minute));
        }
        states.is_compiling = true;
        drop(states);
        inside.compiles = true;
        let then = Arc::new(build()?);
        let mut states = self.lock();
        if states.kept.len() == KEPT {
            states.kept.remove(0);
        }
        states.kept.push((key.clone(), Arc::clone(&then)));
        #[cfg(test)]
        {
            states.compiled += 1;
        }
        drop(states);
        drop(inside);
        Ok(then)
    }

    fn lock(&self) -> MutexGuard<'_, States> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn build(&self, current: &Engine, key: &Key, as_of: Option<Date>, known_on: Option<Date>) -> Result<Then, Error> {
        let (mut snapshot, mut used) = match (&key.known, known_on) {
            (Some(_), Some(day)) => lists::known_on(&self.sources, day).map_err(Error::List)?,
            _ => (Snapshot::clone(current.snapshot()), Vec::new()),
        };
        if let (Some(_), Some(day)) = (&key.in_force, as_of) {
            // Entries removed since; in force was what was listed then, or is known now to have been.
            let day = known_on.map_or(day, |known| known.min(day));
            let (older, of_older) = lists::known_on(&self.sources, day).map_err(Error::List)?;
            snapshot = snapshot.with_dropped(&older);
            used.extend(of_older);
            used.sort_by(|a, b| a.list.cmp(&b.list));
            used.dedup();
        }
        let policy = Arc::clone(current.policy());
        let engine = Engine::build_with(Arc::new(snapshot), policy, current.limits(), Arc::clone(current.rules()))
            .map_err(Error::Build)?;
        Ok(Then { engine, used, is_as_known: key.known.is_some() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::policy::Policy;
    use engine::rule::Rules;
    use engine::screen::Limits;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    fn past(bound: Option<Bound>) -> Past {
        let recipe =
            Recipe { sources: Vec::new(), policy: Arc::default(), limits: Limits::default(), rules: Rules::builtin() };
        Past::of(&recipe, bound.map(Arc::new))
    }

    fn key(digest: usize) -> Key {
        Key { known: None, in_force: Some(vec![digest.to_string()]) }
    }

    fn then() -> Then {
        let entry = {
            use model::entry::{Effect, Entry, EntryKind, ListId, Name, NameKind};
            let mut entry = Entry::new(ListId::new("l"), "1", EntryKind::Company, Effect::Watch);
            entry.names.push(Name::new("Harbour Dynamics", NameKind::Primary));
            entry
        };
        let snapshot = Arc::new(Snapshot::from_entries(vec![entry], Vec::new()).unwrap());
        let engine =
            Engine::build_with(snapshot, Arc::new(Policy::default()), Limits::default(), Rules::builtin()).unwrap();
        Then { engine, used: Vec::new(), is_as_known: true }
    }

    #[test]
    fn a_state_that_many_ask_for_at_once_is_compiled_once() {
        let past = past(None);
        let (at_once, peak, now) = (Barrier::new(8), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for asker in 0..8 {
                let (past, at_once, peak, now) = (&past, &at_once, &peak, &now);
                scope.spawn(move || {
                    at_once.wait();
                    // Three states, each asked for by two or three.
                    past.compiled(&key(asker % 3), || {
                        peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_millis(30));
                        now.fetch_sub(1, Ordering::SeqCst);
                        Ok(then())
                    })
                    .unwrap();
                });
            }
        });
        let states = past.lock();
        assert_eq!((states.compiled, states.kept.len(), states.inside), (3, 3, 0));
        assert_eq!(peak.load(Ordering::SeqCst), 1, "one at a time");
        drop(states);
        for more in 10..20 {
            past.compiled(&key(more), || Ok(then())).unwrap();
        }
        assert_eq!(past.lock().kept.len(), KEPT);
    }

    #[test]
    fn questions_beyond_the_limit_are_refused_and_kept_states_still_answer() {
        let past = past(Some(Bound::new(NonZeroU32::new(2).unwrap(), 1)));
        past.compiled(&key(1), || Ok(then())).unwrap();
        let (started, go_on) = (Barrier::new(2), Barrier::new(2));
        std::thread::scope(|scope| {
            let compiling = scope.spawn(|| {
                past.compiled(&key(2), || {
                    started.wait();
                    go_on.wait();
                    Ok(then())
                })
            });
            started.wait();
            // The one thread allowed is compiling: others do not wait, and a kept state is there at once.
            let crowded = past.compiled(&key(3), || Ok(then())).err().unwrap().to_string();
            assert!(crowded.contains("try again in some seconds"), "{crowded}");
            past.compiled(&key(1), || unreachable!("it is kept")).unwrap();
            go_on.wait();
            compiling.join().unwrap().unwrap();
        });
        let spent = past.compiled(&key(4), || Ok(then())).err().unwrap().to_string();
        assert!(spent.contains("at most 2 different days"), "{spent}");
        past.compiled(&key(2), || unreachable!("it is kept")).unwrap();
        assert_eq!(past.lock().inside, 0);
    }

    #[test]
    fn what_fails_or_unwinds_leaves_the_place_to_the_next() {
        let past = past(None);
        assert!(past.compiled(&key(1), || Err(Error::Panicked)).is_err());
        let unwinding = std::panic::AssertUnwindSafe(|| past.compiled(&key(1), || panic!("a fault")));
        assert!(std::panic::catch_unwind(unwinding).is_err());
        past.compiled(&key(1), || Ok(then())).unwrap();
        assert_eq!(past.lock().compiled, 1);
    }
}
