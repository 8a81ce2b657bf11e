//! What the compiled lists are made from.

use super::error::Error;
use engine::policy::Policy;
use engine::rule::Rules;
use engine::screen::{Asked, Engine, Limits, Use};
use lists::{Reading, Snapshot, Source};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the compiled lists are made from at each load.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// Which lists.
    pub sources: Vec<Source>,
    /// What is made of findings.
    pub policy: Arc<Policy>,
    /// Limits on a record.
    pub limits: Limits,
    /// The rules beyond names.
    pub rules: Arc<Rules>,
}

/// How long a new set may wait to search the names that callers asked for lately.
const FOR_NAMES: Duration = Duration::from_secs(2);

impl Recipe {
    /// The data directory, if there is one.
    pub(super) fn store(&self) -> Option<&Path> {
        self.sources.iter().find_map(|source| match source {
            Source::Store(root) => Some(root.as_path()),
            _ => None,
        })
    }

    /// Digests of the stored publications in force.
    pub(super) fn stored(&self) -> Result<Vec<String>, lists::store::StoreError> {
        let Some(root) = self.store() else { return Ok(Vec::new()) };
        let stored = lists::store::Store::existing(root)?.current()?;
        Ok(stored.into_iter().map(|s| s.held.digest).collect())
    }

    /// The lists as they are now, not yet compiled.
    pub(super) fn read(&self) -> Result<Reading, Error> {
        lists::read_all(&self.sources).map_err(Error::List)
    }

    /// Compiles what was read; the engine in force when nothing in it is new.
    pub(super) fn compile(
        &self,
        snapshot: Snapshot,
        before: Option<&Arc<Engine>>,
        asked: impl FnOnce() -> Vec<Asked>,
        for_use: Use,
    ) -> Result<Arc<Engine>, Error> {
        if let Some(before) = before.filter(|before| snapshot.is_as(before.snapshot())) {
            let is_same = before.policy().fingerprint() == self.policy.fingerprint();
            let other = || Arc::new(before.with_policy(Arc::clone(&self.policy)));
            return Ok(if is_same { Arc::clone(before) } else { other() });
        }
        let (policy, rules) = (Arc::clone(&self.policy), Arc::clone(&self.rules));
        let engine = Engine::build_as(Arc::new(snapshot), policy, self.limits, rules, for_use);
        let engine = engine.map_err(Error::Build)?;
        if before.is_some() {
            let until = Instant::now() + FOR_NAMES;
            engine.expect_names(&asked(), || Instant::now() < until);
        }
        Ok(Arc::new(engine))
    }
}
