//! A build without the feature `parquet`: a Parquet file is recognised, and refused with what to do.

use super::checkpoint::Job;
use super::error::Error;
use super::output::{CsvStyle, Layout as Columns};
use super::report::Report;
use super::run::{Answers, Position};
use current::screener::Identity;
use records::Cause;
use records::columns::{Header, Mapping, Shape};
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
    pub fn len(&self) -> usize {
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

/// The columns of the inputs beside answers; there are none.
#[derive(Clone, Debug)]
pub struct Kept(Infallible);

impl Kept {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub(super) fn of(_readers: &[Option<&Reader>], _columns: &Columns) -> Result<Self, Fault> {
        Err(Fault)
    }
}

/// How answers are laid out; they are not.
#[derive(Debug)]
pub struct Layout(Infallible);

impl Layout {
    /// Lays out nothing.
    pub(super) fn new(kept: &Kept, _style: CsvStyle, _identity: &Identity) -> Self {
        match kept.0 {}
    }

    /// Whether cells are kept as text.
    pub(super) fn keeps_texts(&self) -> bool {
        match self.0 {}
    }

    /// The answers to some rows.
    ///
    /// # Errors
    /// Never.
    pub(super) fn batch(
        &self,
        _rows: Option<&Rows>,
        _texts: &[Vec<String>],
        _answered: Vec<(v1::Screening, Shape)>,
    ) -> Result<Rows, Fault> {
        match self.0 {}
    }
}

/// Where answers go; they go nowhere.
#[derive(Debug)]
pub struct Target(Infallible);

impl Target {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn file(
        path: &Path,
        _layout: Arc<Layout>,
        _job: Option<Job>,
        _every_rows: u64,
        _resume: bool,
    ) -> Result<(Self, Position), Error> {
        Err(Error::Parquet { name: path.display().to_string(), source: Fault })
    }

    /// What has been written so far.
    pub fn report(&self) -> &Report {
        match self.0 {}
    }

    /// Writes answers.
    ///
    /// # Errors
    /// Never.
    pub fn take(&mut self, _answers: Answers) -> Result<(), Error> {
        match self.0 {}
    }

    /// Puts everything on disk.
    ///
    /// # Errors
    /// Never.
    pub fn finish(self) -> Result<Report, Error> {
        match self.0 {}
    }
}
