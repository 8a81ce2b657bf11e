//! A build without the feature `parquet` writes no table.

use super::Job;
use crate::batch::error::Error;
use crate::batch::output::TableLayout;
use crate::batch::parquet::Fault;
use crate::batch::report::Report;
use crate::batch::work::{Answers, Position};
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

/// Where answers go; they go nowhere.
#[derive(Debug)]
pub struct Parts(Infallible);

impl Parts {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn file(
        path: &Path,
        _layout: Arc<TableLayout>,
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
