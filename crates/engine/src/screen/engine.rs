//! The engine: lists, policy and rules, compiled once and shared.

use super::graph;
use super::limits::Limits;
use crate::link::Parties;
use crate::matcher::{Asked, CompileError, Index, Scratch as MatcherScratch};
use crate::policy::Policy;
use crate::rule::{Addresses, Ownership, Prepared, Regime, Rules};
use model::country::Country;
use model::snapshot::Snapshot;
use std::sync::{Arc, OnceLock};

/// Name and version of the engine, as every screening carries it.
pub const ENGINE: &str = concat!("tidewaiter ", env!("CARGO_PKG_VERSION"));

/// Everything a screening needs, compiled and immutable; share it between threads in an `Arc`.
#[derive(Debug)]
pub struct Engine {
    index: Arc<Index>,
    parties: Arc<Parties>,
    /// Compiled with the names, or when first asked for.
    addresses: Arc<OnceLock<Addresses>>,
    ownership: Ownership,
    policy: Arc<Policy>,
    limits: Limits,
    rules: Arc<Rules>,
}

/// What an engine is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A few answers and then no more: what only some shipments need is compiled when one needs it.
    Few,
    /// Many answers, none of which should wait.
    Many,
}

/// Reads the tables inside the program that answers rest on, each as a task of its own, and does not wait for them. Each
/// is read once, by whoever needs it first; so a start has read them when it gets there.
pub fn read_tables() {
    rayon::spawn(Country::read_names);
    rayon::spawn(crate::name::read_tables);
    rayon::spawn(crate::record::read_tables);
    rayon::spawn(|| {
        Regime::all();
    });
}

/// Working memory of one thread, reused from shipment to shipment.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) matcher: MatcherScratch,
    pub(super) prepared: Prepared,
}

impl Scratch {
    /// The names searched lately, in no order.
    pub fn asked(&self) -> impl Iterator<Item = Asked> {
        self.matcher.asked()
    }

    /// Forgets the names searched lately. No answer depends on it: it is for measuring what a new name costs.
    pub fn forget_names(&mut self) {
        self.matcher.forget_names();
    }
}

/// Why an engine could not be built.
#[derive(Debug, thiserror::Error)]
#[error("compile the lists")]
pub struct BuildError(#[source] CompileError);

impl Engine {
    /// Compiles a snapshot.
    ///
    /// # Errors
    /// When the names do not fit into the matcher.
    pub fn build(snapshot: Arc<Snapshot>, policy: Arc<Policy>, limits: Limits) -> Result<Self, BuildError> {
        Self::build_with(snapshot, policy, limits, Rules::builtin())
    }

    /// Compiles a snapshot, with rules of other packs than those that ship.
    ///
    /// # Errors
    /// When the names do not fit into the matcher.
    pub fn build_with(
        snapshot: Arc<Snapshot>,
        policy: Arc<Policy>,
        limits: Limits,
        rules: Arc<Rules>,
    ) -> Result<Self, BuildError> {
        Self::build_as(snapshot, policy, limits, rules, Use::Many)
    }

    /// As [`Engine::build_with`], for what it is built for. No answer depends on it.
    ///
    /// # Errors
    /// As [`Engine::build_with`].
    pub fn build_as(
        snapshot: Arc<Snapshot>,
        policy: Arc<Policy>,
        limits: Limits,
        rules: Arc<Rules>,
        for_use: Use,
    ) -> Result<Self, BuildError> {
        let addresses = Arc::new(OnceLock::new());
        let build_addresses = || match for_use {
            Use::Few => {}
            Use::Many => drop(addresses.set(Addresses::build(snapshot.entries()))),
        };
        let (index, (parties, ())) = rayon::join(
            || Index::compile(Arc::clone(&snapshot)),
            || rayon::join(|| Parties::link(&snapshot), build_addresses),
        );
        let index = index.map_err(BuildError)?;
        // A table that is read now rather than while the first shipment waits.
        Regime::all();
        let ownership = graph::compile(&index, &parties, &policy);
        Ok(Self { index: Arc::new(index), parties: Arc::new(parties), addresses, ownership, policy, limits, rules })
    }

    /// The same lists and rules under another policy; nothing but the owners is compiled again.
    pub fn with_policy(&self, policy: Arc<Policy>) -> Self {
        Self {
            index: Arc::clone(&self.index),
            parties: Arc::clone(&self.parties),
            addresses: Arc::clone(&self.addresses),
            ownership: graph::compile(&self.index, &self.parties, &policy),
            policy,
            limits: self.limits,
            rules: Arc::clone(&self.rules),
        }
    }

    /// Searches names that are likely to be asked for, so that every thread finds them searched, for as long as
    /// `go_on` says. No answer depends on it. Once for an engine; what is expected later is ignored.
    pub fn expect_names(&self, asked: &[Asked], go_on: impl FnMut() -> bool) {
        self.index.expect_names(asked, go_on);
    }

    /// The addresses of the lists; an engine built for few answers compiles them when it is first asked for them.
    pub fn addresses(&self) -> &Addresses {
        self.addresses.get_or_init(|| Addresses::build(self.snapshot().entries()))
    }

    /// The owners that the lists and the policy's ownership file name.
    pub fn ownership(&self) -> &Ownership {
        &self.ownership
    }

    /// Which entries list the same party.
    pub fn parties(&self) -> &Parties {
        &self.parties
    }

    /// The lists in force.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        self.index.snapshot()
    }

    /// The compiled names.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The policy in force.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// The rules in force.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// The fingerprint of the policy and, where packs were added or switched off, of those: what the answers carry.
    pub fn policy_fingerprint(&self) -> String {
        match self.rules.digest() {
            None => self.policy.fingerprint().to_owned(),
            Some(packs) => format!("{}+packs:{packs}", self.policy.fingerprint()),
        }
    }

    /// The bounds in force.
    pub fn limits(&self) -> Limits {
        self.limits
    }
}
