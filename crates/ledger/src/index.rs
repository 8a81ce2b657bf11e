//! The index: what records are found by, and the state of cases. It holds nothing that the log does not have; whoever
//! deletes it gets it back.
//!
//! It is brought up to the end of the log by whoever asks it, so an answer never lags behind. It holds names and texts in
//! clear: its file is for its owner alone, and is made anew when records are erased.

mod apply;
mod ask;
mod cards;
mod cases;
mod find;
mod quality;
mod schema;

pub use ask::{Alert, CaseQuery, Event};
pub(crate) use cards::squeezed;
pub use cards::{Card, CardKind};
pub use find::{Found, Query};
pub use quality::Outcomes;

use crate::error::{Error, Result};
use crate::layout::Layout;
use crate::settings::Settings;
use crate::vault::Vault;
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::Arc;

/// Records of one transaction.
const TRANSACTION: u64 = 20_000;

/// Takes the index of a ledger away; the next question makes it again.
pub(crate) fn remove(layout: &Layout) -> Result<()> {
    let path = layout.index();
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io("remove", &path)(e)),
            _ => {}
        }
    }
    Ok(())
}

/// An open index.
#[derive(Debug)]
pub(crate) struct Index {
    db: Connection,
    path: PathBuf,
    /// The first record that is not in it.
    next: u64,
    /// The settings as of that record.
    settings: Arc<Settings>,
}

impl Index {
    /// Opens the index of a ledger; one that is not of this ledger, or of another version, is made anew.
    pub(crate) fn open(vault: &Vault) -> Result<Self> {
        let path = vault.layout.index();
        let wrong = |source| Error::Index { path: path.clone(), source };
        let (db, next) = schema::open(&path, &vault.about.id.to_string(), vault.log.size()).map_err(wrong)?;
        let mut index = Self { db, path: path.clone(), next, settings: Arc::default() };
        index.settings = index.settings_of(vault)?;
        Ok(index)
    }

    /// Gives an error of SQLite its place.
    fn wrong(&self, source: rusqlite::Error) -> Error {
        Error::Index { path: self.path.clone(), source }
    }

    /// Takes in what the log has and the index has not; says how many records.
    pub(crate) fn catch_up(&mut self, vault: &Vault) -> Result<u64> {
        let size = vault.log.size();
        let mut taken = 0;
        while self.next < size {
            taken += self.take(vault, size.min(self.next + TRANSACTION))?;
        }
        Ok(taken)
    }

    /// Takes in the records before `end`, all or none.
    fn take(&mut self, vault: &Vault, end: u64) -> Result<u64> {
        let path = self.path.clone();
        let wrong = |source| Error::Index { path: path.clone(), source };
        let transaction = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(wrong)?;
        // Another process may have been faster.
        let next = schema::next(&transaction).map_err(wrong)?;
        let mut taker = apply::Taker::new(vault, &transaction, Arc::clone(&self.settings));
        let mut fault = None;
        if next < end {
            let done = vault.log.each_until(next, end, |record| match taker.take(&record) {
                Ok(()) => Ok(()),
                Err(apply::Fault::Ledger(error)) => Err(error),
                Err(apply::Fault::Sql(source)) => {
                    fault = Some(source);
                    Err(Error::Refused(String::new()))
                }
            });
            if let Some(source) = fault {
                return Err(wrong(source));
            }
            done?;
            taker.finish().map_err(|fault| match fault {
                apply::Fault::Ledger(error) => error,
                apply::Fault::Sql(source) => wrong(source),
            })?;
            schema::put_next(&transaction, end).map_err(wrong)?;
        }
        self.settings = taker.into_settings();
        transaction.commit().map_err(wrong)?;
        self.next = end.max(next);
        Ok(end.saturating_sub(next))
    }

    /// The settings as of the first record that is not in the index.
    fn settings_of(&self, vault: &Vault) -> Result<Arc<Settings>> {
        let digest = schema::value(&self.db, "settings").map_err(|e| self.wrong(e))?;
        let Some(digest) = digest else { return Ok(Arc::default()) };
        let text = String::from_utf8_lossy(&vault.kept("the settings", &digest)?).into_owned();
        Ok(Arc::new(Settings::read(&text, "settings.toml")?))
    }
}
