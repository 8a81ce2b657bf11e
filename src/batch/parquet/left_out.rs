//! A build without the feature `parquet`: a Parquet file is recognised, and refused with what to do.

use records::Cause;
use records::columns::{Header, Mapping};
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use wire::v1;

/// What a Parquet file begins with.
pub(super) const MARK: &[u8] = b"PAR1";

/// Why a Parquet file cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("this build has no Parquet; build it with `--features parquet`, or take CSV or JSON lines")]
pub struct Fault;

/// Rows of a Parquet file; there are none.
#[derive(Clone, Debug)]
pub struct Rows(Infallible);

impl Rows {
    /// How many.
    pub fn count(&self) -> usize {
        match self.0 {}
    }

    /// The cells of a row as text.
    pub(super) fn texts(&self, _row: usize) -> Vec<String> {
        match self.0 {}
    }

    /// The record of a row, and its reference.
    pub(super) fn records(&self) -> Vec<(String, Result<v1::Shipment, Cause>)> {
        match self.0 {}
    }
}

/// An open file; there is none.
#[derive(Debug)]
pub struct Reader(Infallible);

impl Reader {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn open(_path: &Path, _mapping: &Mapping) -> Result<Self, Fault> {
        Err(Fault)
    }

    /// A fault that says why standard input is not read.
    pub(super) fn not_a_file() -> Fault {
        Fault
    }

    /// What its columns are read as.
    pub fn header(&self) -> Arc<Header> {
        match self.0 {}
    }

    /// Rows of the whole file.
    pub fn total(&self) -> u64 {
        match self.0 {}
    }

    /// The next rows.
    ///
    /// # Errors
    /// Never.
    pub fn next(&mut self, _most: usize) -> Result<Option<Rows>, Fault> {
        match self.0 {}
    }
}
