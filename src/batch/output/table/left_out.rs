//! A build without the feature `parquet` writes no table.

use super::style::CsvStyle;
use crate::batch::parquet::{Fault, Reader, Rows};
use current::screener::Identity;
use records::columns::Shape;
use std::convert::Infallible;
use wire::v1;

/// The columns of the inputs beside answers; there are none.
#[derive(Clone, Debug)]
pub struct Kept(Infallible);

impl Kept {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub(in crate::batch) fn of(_readers: &[Option<&Reader>], _columns: &[String]) -> Result<Self, Fault> {
        Err(Fault)
    }
}

/// How answers are laid out; they are not.
#[derive(Debug)]
pub struct TableLayout(Infallible);

impl TableLayout {
    /// Lays out nothing.
    pub(in crate::batch) fn new(kept: &Kept, _style: CsvStyle, _identity: &Identity) -> Self {
        match kept.0 {}
    }

    /// Whether cells are kept as text.
    pub(in crate::batch) fn keeps_texts(&self) -> bool {
        match self.0 {}
    }

    /// The answers to some rows.
    ///
    /// # Errors
    /// Never.
    pub(in crate::batch) fn batch(
        &self,
        _rows: Option<&Rows>,
        _texts: &[Vec<String>],
        _answered: Vec<(v1::Screening, Shape)>,
    ) -> Result<Rows, Fault> {
        match self.0 {}
    }
}
