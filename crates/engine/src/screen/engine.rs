//! The engine: lists, policy and rules, compiled once and shared.

use super::graph::{self, FoundOwners};
use super::limits::Limits;
use crate::link::Parties;
use crate::matcher::{Asked, CompileError, Index, ReadPart, Scratch as MatcherScratch, WritePart, part};
use crate::policy::Policy;
use crate::rule::{Addresses, Ownership, Prepared, Regime, Rules};
use model::binary::Binary as _;
use model::country::Country;
use model::snapshot::Snapshot;
use std::io;
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
    /// What was searched for it.
    owners: Arc<FoundOwners>,
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
        Ok(Self::of((index.map_err(BuildError)?, parties, addresses, FoundOwners::new()), policy, limits, rules))
    }

    /// Of what was compiled.
    fn of(
        (index, parties, addresses, mut owners): (Index, Parties, Arc<OnceLock<Addresses>>, FoundOwners),
        policy: Arc<Policy>,
        limits: Limits,
        rules: Arc<Rules>,
    ) -> Self {
        // A table that is read now rather than while the first shipment waits.
        Regime::all();
        let ownership = graph::compile(&index, &parties, &policy, &mut owners);
        let (index, parties, owners) = (Arc::new(index), Arc::new(parties), Arc::new(owners));
        Self { index, parties, addresses, ownership, owners, policy, limits, rules }
    }

    /// Gives `write` all that was compiled of the snapshot, in parts: what an engine can be made of again by
    /// [`Engine::from_parts`], with the same snapshot and build of the program.
    ///
    /// # Errors
    /// What `write` says.
    pub fn write_parts(&self, write: &mut WritePart<'_>) -> io::Result<()> {
        self.index.write_parts(write)?;
        let owners: Vec<_> = graph::of_lists(&self.index, &self.parties, &self.owners).into_iter().collect();
        write("owners", &|out| owners.write_to(out))?;
        write("parties", &|out| self.parties.write_to(out))?;
        write("addresses", &|out| self.addresses().write_to(out))
    }

    /// An engine of what [`Engine::write_parts`] gave for this snapshot, which `read` gives back; the same as one compiled
    /// anew. Whoever kept the parts has checked that they are unchanged and that this build of the program wrote them.
    ///
    /// # Errors
    /// What `read` says, and when a part is something else.
    pub fn from_parts(
        snapshot: Arc<Snapshot>,
        policy: Arc<Policy>,
        limits: Limits,
        rules: Arc<Rules>,
        read: &ReadPart<'_>,
    ) -> io::Result<Self> {
        let others = || Ok::<_, io::Error>((part(read, "parties")?, part::<Vec<_>>(read, "owners")?));
        let (index, (others, addresses)) = rayon::join(
            || Index::read_parts(snapshot, read),
            || rayon::join(others, || part::<Addresses>(read, "addresses")),
        );
        let (parties, owners) = others?;
        let (addresses, owners) = (Arc::new(OnceLock::from(addresses?)), owners.into_iter().collect());
        Ok(Self::of((index?, parties, addresses, owners), policy, limits, rules))
    }

    /// The same lists and rules under another policy; nothing but the owners is compiled again.
    pub fn with_policy(&self, policy: Arc<Policy>) -> Self {
        let mut owners = FoundOwners::clone(&self.owners);
        Self {
            index: Arc::clone(&self.index),
            parties: Arc::clone(&self.parties),
            addresses: Arc::clone(&self.addresses),
            ownership: graph::compile(&self.index, &self.parties, &policy, &mut owners),
            owners: Arc::new(owners),
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
