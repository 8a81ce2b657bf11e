//! The lists as they were known on a day in the past, compiled when somebody asks and kept for who asks next.
//!
//! Days between two publications are one state and share one compiled set. A state costs as much time and memory as the
//! set in force, so few are kept; who asks for many days one after the other in no order waits for each.

use super::Recipe;
use crate::finding::ListUsed;
use crate::list::store::Store;
use crate::list::{Snapshot, Source};
use crate::screen::Engine;
use jiff::civil::Date;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// States kept.
const KEPT: usize = 4;

/// The past of one set in force.
#[derive(Debug)]
pub(super) struct Past {
    sources: Vec<Source>,
    store: Option<PathBuf>,
    /// The last ones asked for, the newest last. Held while one is compiled, so that nobody compiles it twice.
    kept: Mutex<Vec<(Key, Arc<Then>)>>,
}

/// What tells one state from another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    /// Digests of the publications known on the day of `known_on`, and that day where rows' own dates decide.
    known: Option<(Vec<String>, Date)>,
    /// Digests of those known on the day of `as_of`.
    in_force: Option<Vec<String>>,
}

/// One state of the past, compiled.
#[derive(Debug)]
pub(super) struct Then {
    engine: Engine,
    pub(super) used: Vec<ListUsed>,
    /// Whether it holds what was known on the day asked for, so that the rows' own dates have no say in that.
    pub(super) is_as_known: bool,
}

impl Then {
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }
}

impl Past {
    pub(super) fn of(recipe: &Recipe) -> Self {
        let store = recipe.store().map(ToOwned::to_owned);
        Self { sources: recipe.sources.clone(), store, kept: Mutex::new(Vec::new()) }
    }

    /// The state that answers for these days; `None` when the set in force does.
    pub(super) fn at(
        &self,
        current: &Engine,
        as_of: Option<Date>,
        known_on: Option<Date>,
    ) -> Result<Option<Arc<Then>>, String> {
        let Some(root) = &self.store else { return Ok(None) };
        let store = Store::open(root).map_err(|e| e.to_string())?;
        let digests = |chosen: Vec<crate::list::store::Stored>| -> Vec<String> {
            chosen.into_iter().map(|s| s.held.digest).collect()
        };
        let known = |day: Date| store.known_on(day).map(digests).map_err(|e| e.to_string());
        let now = digests(store.current().map_err(|e| e.to_string())?);
        // A day on which nothing was stored yet is a question for the rows' own dates.
        let stored = |day: Date| known(day).map(|d| Some(d).filter(|d| !d.is_empty() && *d != now));
        let key = Key {
            known: known_on.map(|day| Ok::<_, String>(stored(day)?.map(|d| (d, day)))).transpose()?.flatten(),
            in_force: as_of.map(stored).transpose()?.flatten(),
        };
        if key.known.is_none() && key.in_force.is_none() {
            return Ok(None);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = kept.iter().position(|(k, _)| *k == key) {
            let found = kept.remove(at);
            let then = Arc::clone(&found.1);
            kept.push(found);
            return Ok(Some(then));
        }
        let then = Arc::new(self.build(current, &key, as_of, known_on).map_err(|e| e.to_string())?);
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((key, Arc::clone(&then)));
        Ok(Some(then))
    }

    fn build(
        &self,
        current: &Engine,
        key: &Key,
        as_of: Option<Date>,
        known_on: Option<Date>,
    ) -> Result<Then, super::Error> {
        let (mut snapshot, mut used) = match (&key.known, known_on) {
            (Some(_), Some(day)) => Snapshot::known_on(&self.sources, day).map_err(super::Error::List)?,
            _ => (Snapshot::clone(current.snapshot()), Vec::new()),
        };
        if let (Some(_), Some(day)) = (&key.in_force, as_of) {
            // Rows that were dropped since; what was in force is what was listed then, or is known now to have been.
            let day = known_on.map_or(day, |known| known.min(day));
            let (older, of_older) = Snapshot::known_on(&self.sources, day).map_err(super::Error::List)?;
            snapshot = snapshot.with_dropped(&older);
            used.extend(of_older);
            used.sort_by(|a, b| a.list.cmp(&b.list));
            used.dedup();
        }
        let policy = Arc::clone(current.policy());
        let engine = Engine::build_with(Arc::new(snapshot), policy, current.limits(), Arc::clone(current.rules()))
            .map_err(super::Error::Build)?;
        Ok(Then { engine, used, is_as_known: key.known.is_some() })
    }
}
