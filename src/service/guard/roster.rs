//! Files in which a person keeps who may come in: callers with their keys, accounts of the console.

use model::EvidenceMode;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Why such a file was refused.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// It could not be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something in it is invalid.
    #[error("{}:{line}: {message}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong and what was expected.
        message: String,
    },
    /// A caller asks for evidence, and there is no ledger.
    #[error(
        "{}: caller `{caller}` asks for evidence = \"{}\", and no ledger is named: give --ledger DIR (configuration: ledger.dir)",
        path.display(), mode.as_str()
    )]
    NoLedger {
        /// The file.
        path: PathBuf,
        /// The caller.
        caller: String,
        /// What it asks for.
        mode: EvidenceMode,
    },
}

/// The text of such a file, whose faults are named by line.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) struct Roster<'t> {
    text: &'t str,
    path: &'t Path,
}

/// The text of a file.
pub(in crate::service) fn read(path: &Path) -> Result<String, RosterError> {
    fs::read_to_string(path).map_err(|source| RosterError::Read { path: path.to_owned(), source })
}

impl<'t> Roster<'t> {
    /// A text, and the file that its faults name.
    pub(in crate::service) fn new(text: &'t str, path: &'t Path) -> Self {
        Self { text, path }
    }

    /// What is wrong at a byte of the text.
    pub(in crate::service) fn invalid(&self, at: usize, message: String) -> RosterError {
        let line = self.text.get(..at).unwrap_or(self.text).matches('\n').count() + 1;
        RosterError::Invalid { path: self.path.to_owned(), line, message }
    }

    /// The text as TOML of this shape.
    pub(in crate::service) fn parse<T: DeserializeOwned>(&self) -> Result<T, RosterError> {
        let fault =
            |e: toml::de::Error| self.invalid(e.span().map_or(0, |span| span.start), e.message().replace('\n', "; "));
        toml::from_str(self.text).map_err(fault)
    }
}
