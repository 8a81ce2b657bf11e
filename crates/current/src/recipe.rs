//! What the compiled lists are made from.

use super::error::Error;
use super::kept::{KeptFile, NotUsed};
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

    /// The engine in force, under the policy of this recipe, when nothing in the lists is new.
    pub(super) fn in_force(&self, snapshot: &Snapshot, before: Option<&Arc<Engine>>) -> Option<Arc<Engine>> {
        before.filter(|before| snapshot.is_as(before.snapshot())).map(|before| self.under_policy(before))
    }

    /// An engine under the policy of this recipe.
    pub(super) fn under_policy(&self, engine: &Arc<Engine>) -> Arc<Engine> {
        let is_same = engine.policy().fingerprint() == self.policy.fingerprint();
        if is_same { Arc::clone(engine) } else { Arc::new(engine.with_policy(Arc::clone(&self.policy))) }
    }

    /// Compiles what was read.
    pub(super) fn compile(&self, snapshot: Snapshot, for_use: Use) -> Result<Engine, Error> {
        let (policy, rules) = (Arc::clone(&self.policy), Arc::clone(&self.rules));
        Engine::build_as(Arc::new(snapshot), policy, self.limits, rules, for_use).map_err(Error::Build)
    }

    /// Makes of a file what [`Recipe::compile`] would make of the snapshot in it.
    pub(super) fn read_back(&self, snapshot: Snapshot, file: &KeptFile) -> Result<Engine, NotUsed> {
        let (policy, rules) = (Arc::clone(&self.policy), Arc::clone(&self.rules));
        let read = |name: &'static str| file.part(name);
        Engine::from_parts(Arc::new(snapshot), policy, self.limits, rules, &read).map_err(NotUsed::Damaged)
    }

    /// Searches in a new set the names that callers asked for lately, for some seconds at most.
    pub(super) fn expect(engine: &Engine, asked: &[Asked]) {
        let until = Instant::now() + FOR_NAMES;
        engine.expect_names(asked, || Instant::now() < until);
    }
}
