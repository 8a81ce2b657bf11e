//! The ledger that a screener records in.

use crate::errors::{Fault, LedgerError, chain};
use current::Loaded;
use engine::policy::Policy;
use evidence::{Recorder, strictest};
use ledger::record::Screened;
use ledger::{EvidenceMode, Ledger, MasterKey, Options};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// Which ledger, and when answers leave.
#[derive(FromPyObject)]
pub(crate) struct Wanted {
    dir: Option<PathBuf>,
    key_file: Option<PathBuf>,
    key_command: Option<String>,
    evidence: String,
}

/// A ledger in use.
#[derive(Debug)]
pub(crate) struct Recording {
    /// `None`: it was closed.
    recorder: RwLock<Option<Arc<Recorder>>>,
    /// The process that opened it. The writing thread does not come along into a fork.
    process: u32,
}

fn refused(why: impl Into<String>) -> PyErr {
    LedgerError::new_err(why.into())
}

impl Recording {
    /// Opens the ledger that is wanted; `None`: none is. Where nothing is to be recorded, it is read for its exceptions alone.
    pub(crate) fn open(wanted: &Wanted, base: &Policy, ownership: Option<&Path>) -> PyResult<Option<Self>> {
        let evidence = EvidenceMode::parse(&wanted.evidence).ok_or_else(|| {
            let words = EvidenceMode::ALL.map(EvidenceMode::as_str).join(", ");
            PyValueError::new_err(format!("unknown evidence {:?}: expected one of {words}", wanted.evidence))
        })?;
        let Some(dir) = &wanted.dir else {
            return match base.evidence().filter(|mode| *mode != EvidenceMode::Off) {
                None => Ok(None),
                Some(mode) => Err(refused(format!(
                    "the policy asks for evidence = \"{}\", and no ledger is named: give ledger=DIR",
                    mode.as_str()
                ))),
            };
        };
        let failed = |error: ledger::Error| refused(chain(&error));
        let key = match (&wanted.key_file, &wanted.key_command) {
            (Some(file), None) => MasterKey::from_file(file).map_err(failed)?,
            (None, Some(command)) => MasterKey::from_command(command).map_err(failed)?,
            _ => return Err(refused("the ledger needs its master key: give ledger_key or ledger_key_command")),
        };
        let records = strictest(evidence, base) != EvidenceMode::Off;
        let ledger = match records {
            true => Ledger::open(dir, &key, Options::default()).map_err(failed)?.0,
            false => Ledger::read(dir, &key).map_err(failed)?,
        };
        let ownership = ownership.filter(|_| records).map(std::fs::read).transpose();
        let ownership = ownership.map_err(|e| refused(format!("read the ownership file: {e}")))?;
        let recorder = Recorder::new(Arc::new(ledger), evidence, base, ownership.as_deref()).map_err(failed)?;
        Ok(Some(Self { recorder: RwLock::new(Some(Arc::new(recorder))), process: std::process::id() }))
    }

    fn there(&self) -> RwLockReadGuard<'_, Option<Arc<Recorder>>> {
        self.recorder.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn recorder(&self) -> Result<Arc<Recorder>, Fault> {
        if std::process::id() != self.process {
            let why = "this process was forked from the one that opened the ledger, which alone can write it";
            return Err(Fault::Ledger(format!("{why}: start it otherwise, and make a screener in it")));
        }
        self.there().clone().ok_or_else(|| Fault::Ledger("the ledger of this screener is closed".to_owned()))
    }

    /// The policy with the exceptions of the ledger.
    pub(crate) fn policy(&self) -> PyResult<Policy> {
        self.recorder()?.policy().map_err(|e| refused(format!("read the exceptions of the ledger: {e}")))
    }

    /// Records screenings before their answers leave.
    pub(crate) fn record(&self, loaded: &Loaded, screened: Vec<Screened>) -> Result<(), Fault> {
        let recorder = self.recorder()?;
        let recorded = recorder.record(loaded, screened, recorder.mode(None));
        recorded.map_err(|error| {
            Fault::Ledger(format!("nothing was answered, because it is not recorded: {}", chain(&error)))
        })
    }

    /// Whether screenings are recorded.
    pub(crate) fn records(&self) -> Result<bool, Fault> {
        Ok(self.recorder()?.mode(None) != EvidenceMode::Off)
    }

    /// Screenings that were answered and are not in the ledger; 0 when it is closed.
    pub(crate) fn unrecorded(&self) -> u64 {
        self.there().as_ref().map_or(0, |recorder| recorder.lost())
    }

    /// Signs a last head and lets the ledger go; says what a person should know.
    pub(crate) fn close(&self) -> Result<Option<String>, Fault> {
        if std::process::id() != self.process {
            return Ok(None);
        }
        let Some(recorder) = self.recorder.write().unwrap_or_else(PoisonError::into_inner).take() else {
            return Ok(None);
        };
        if recorder.mode(None) != EvidenceMode::Off {
            recorder.ledger().seal().map_err(|error| Fault::Ledger(chain(&error)))?;
        }
        Ok(recorder.attention())
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if std::process::id() != self.process {
            // Waiting for the writing thread would never end here.
            std::mem::forget(self.recorder.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}
