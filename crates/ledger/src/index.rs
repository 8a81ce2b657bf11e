//! The index: what records are found by, and the state of cases. It holds nothing that the log does not have; whoever
//! deletes it gets it back.
//!
//! It is brought up to the end of the log by whoever asks it, so an answer never lags behind. It holds names and texts in
//! clear, and is made anew when records are erased. It is in a file beside the log, for its owner alone; or, where replicas share
//! a ledger, in tables that all of them fill and read ([`Tables`]).

mod apply;
mod ask;
mod cards;
mod cases;
mod find;
mod quality;
mod rows;
mod schema;
mod sqlite;
mod tables;

pub use ask::{Alert, CaseQuery, Event};
pub(crate) use cards::squeezed;
pub use cards::{Card, CardKind};
pub use find::{Found, Query};
pub use quality::Outcomes;
pub use tables::{Column, Each, Row, Tables, Value};

use crate::error::Result;
use crate::layout::Layout;
use crate::settings::Settings;
use crate::vault::Vault;
use schema::{Meta, TABLES, VERSION};
use sqlite::Sqlite;
use std::sync::Arc;

/// Records of one transaction.
const TRANSACTION: u64 = 20_000;

/// Takes the file with the index of a ledger away; the next question makes it again.
pub(crate) fn remove(layout: &Layout) -> Result<()> {
    sqlite::remove(&layout.index())
}

/// Has the copy of a shared ledger take in so many records at least.
pub(crate) type Pull<'a> = &'a dyn Fn(u64) -> Result<()>;

/// An open index.
#[derive(Debug)]
pub(crate) struct Index {
    tables: Box<dyn Tables>,
    /// The first record that is not in it, as far as is known.
    next: u64,
    /// The settings as of that record.
    in_force: InForce,
}

/// Settings, with the digest that they are kept under; empty: those that every ledger begins with.
#[derive(Clone, Debug, Default)]
struct InForce {
    settings: Arc<Settings>,
    digest: String,
}

impl Index {
    /// Opens the index of a ledger in its file; one that is not of this ledger, or of another version, is made anew.
    pub(crate) fn open(vault: &Vault) -> Result<Self> {
        let mut index = Self::at(Box::new(Sqlite::open(&vault.layout.index())?));
        index.next = index.change(vault, |_, meta| Ok(meta))?.next;
        Ok(index)
    }

    /// The index in tables that are looked at when it is asked.
    pub(crate) fn at(tables: Box<dyn Tables>) -> Self {
        Self { tables, next: 0, in_force: InForce::default() }
    }

    /// Whether other replicas fill it, too.
    pub(crate) fn is_shared(&self) -> bool {
        self.tables.is_shared()
    }

    /// Asks something of an index that has what the log has.
    pub(crate) fn asked<T>(
        &mut self,
        vault: &Vault,
        pull: Pull<'_>,
        ask: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let ready = if self.is_shared() { self.look(vault, pull) } else { self.catch_up(vault) };
        let answer = ready.and_then(|()| ask(self));
        self.tables.end();
        answer
    }

    /// Takes in what the log has and the index has not.
    fn catch_up(&mut self, vault: &Vault) -> Result<()> {
        let size = vault.log.size();
        while self.next < size {
            self.take(vault, size.min(self.next + TRANSACTION))?;
        }
        Ok(())
    }

    /// Sees to it that a shared index has what the log has, and that the log has what the index speaks of; what is asked
    /// then is answered as of this moment.
    fn look(&mut self, vault: &Vault, pull: Pull<'_>) -> Result<()> {
        loop {
            let there = self.tables.look()?;
            let meta = if there { Meta::read(&mut *self.tables)? } else { Meta::default() };
            let is_ours = self.is_ours(vault, &meta)?;
            self.next = if is_ours { meta.next } else { 0 };
            if !is_ours || self.next < vault.log.size() {
                self.tables.end();
                self.fill(vault, pull)?;
                continue;
            }
            // What other replicas took in, the copy takes in, too.
            pull(self.next)?;
            if self.next <= vault.log.size() {
                return Ok(());
            }
            self.tables.end();
            self.remake_where(vault, pull, |meta, size| meta.next > size)?;
        }
    }

    /// Takes in some of what the log has and a shared index has not.
    fn fill(&mut self, vault: &Vault, pull: Pull<'_>) -> Result<()> {
        let end = vault.log.size().min(self.next + TRANSACTION);
        let known = self.take(vault, end)?;
        if known > vault.log.size() {
            pull(known)?;
        }
        if known > vault.log.size() {
            self.remake_where(vault, pull, |meta, size| meta.known > size)?;
        }
        Ok(())
    }

    /// Whether the tables are of this ledger and version. Those of a newer version that others use are refused.
    fn is_ours(&self, vault: &Vault, meta: &Meta) -> Result<bool> {
        if self.is_shared() && meta.version > VERSION {
            let why = format!("it is of version {}, and this program knows {VERSION}; use a newer one", meta.version);
            return Err(self.tables.wrong(why));
        }
        let is_behind = self.is_shared() || meta.next <= vault.log.size();
        Ok(is_behind && meta.version == VERSION && meta.ledger == vault.about.id.to_string())
    }

    /// Changes the tables, all or nothing, while nobody else does; those that are not of this ledger or version are made anew
    /// first.
    fn change<T>(&mut self, vault: &Vault, change: impl FnOnce(&mut Self, Meta) -> Result<T>) -> Result<T> {
        self.tables.begin()?;
        let changed = self.ours(vault).and_then(|meta| change(self, meta));
        let changed = changed.and_then(|changed| self.tables.commit().map(|()| changed));
        self.tables.end();
        changed
    }

    fn ours(&mut self, vault: &Vault) -> Result<Meta> {
        if self.tables.is_there()? {
            let meta = Meta::read(&mut *self.tables)?;
            if self.is_ours(vault, &meta)? {
                return Ok(meta);
            }
        }
        self.remake(vault)
    }

    /// Begins the index anew.
    fn remake(&mut self, vault: &Vault) -> Result<Meta> {
        self.tables.remake(TABLES)?;
        let meta = Meta::begun(vault.about.id.to_string(), vault.log.size());
        meta.write(&mut *self.tables)?;
        Ok(meta)
    }

    /// Begins the index anew where what it says about itself, and the size of the log, ask for it.
    fn remake_where(&mut self, vault: &Vault, pull: Pull<'_>, is_due: impl Fn(&Meta, u64) -> bool) -> Result<()> {
        let meta = self.change(vault, |index, meta| {
            pull(meta.next)?;
            if is_due(&meta, vault.log.size()) { index.remake(vault) } else { Ok(meta) }
        })?;
        self.next = meta.next;
        Ok(())
    }

    /// Empties a shared index; the next question fills it again.
    pub(crate) fn forget(&mut self, vault: &Vault, pull: Pull<'_>) -> Result<()> {
        self.remake_where(vault, pull, |_, _| true)
    }

    /// Takes in the records before `end`, all or none. Says how many records the log must have for that; where it has fewer,
    /// none were taken in.
    fn take(&mut self, vault: &Vault, end: u64) -> Result<u64> {
        let (known, next, in_force) = self.change(vault, |index, meta| {
            let known = meta.known;
            index.take_from(vault, meta, end).map(|(next, in_force)| (known, next, in_force))
        })?;
        self.next = next;
        if let Some(in_force) = in_force {
            self.in_force = in_force;
        }
        Ok(known)
    }

    /// Takes in the records before `end`; gives the first that is not in the index then, and the settings as of it where
    /// they are others than are known.
    fn take_from(&mut self, vault: &Vault, meta: Meta, end: u64) -> Result<(u64, Option<InForce>)> {
        // Another process may have been faster. Or records were erased that the copy has not heard of: it has their keys,
        // and must not put them in again.
        if meta.next >= end || self.is_shared() && meta.known > vault.log.size() {
            return Ok((meta.next, None));
        }
        let settings = match self.in_force.digest == meta.settings {
            true => Arc::clone(&self.in_force.settings),
            false => settings_of(vault, &meta.settings)?,
        };
        let mut taker = apply::Taker::new(vault, &mut *self.tables, settings);
        vault.log.each_until(meta.next, end, |record| taker.take(&record))?;
        taker.write()?;
        // What was erased since the index was begun may be in it.
        let is_stale = taker.erased().is_some_and(|number| number >= meta.known);
        let (settings, digest) = taker.into_settings();
        if is_stale && self.is_shared() {
            return Ok((self.remake(vault)?.next, None));
        }
        schema::put(&mut *self.tables, "next", &end.to_string())?;
        if has_grown(meta.next, end) {
            self.tables.has_grown()?;
        }
        Ok((end, Some(InForce { settings, digest: digest.unwrap_or(meta.settings) })))
    }
}

/// Whether an index has grown so much that what the database knows about it is out of date.
fn has_grown(from: u64, to: u64) -> bool {
    to >= TRANSACTION && from.max(1).ilog2() != to.ilog2()
}

/// The settings that are kept under a digest; empty: those that every ledger begins with.
fn settings_of(vault: &Vault, digest: &str) -> Result<Arc<Settings>> {
    if digest.is_empty() {
        return Ok(Arc::default());
    }
    let text = String::from_utf8_lossy(&vault.kept("the settings", digest)?).into_owned();
    Ok(Arc::new(Settings::read(&text, "settings.toml")?))
}
