//! How alerts come and what becomes of them.

use super::Ledger;
use crate::error::Result;
use crate::index::Outcomes;
use jiff::civil::Date;
use wire::v1;

impl Ledger {
    /// The outcomes of the screenings that were recorded on a day, UTC.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn outcomes(&self, day: Date) -> Result<Outcomes> {
        self.with_index(|index| index.outcomes(day))
    }

    /// Each closed case with a reason of its findings, once; in order of the cases.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn reasons_of_closed(&self) -> Result<Vec<(String, v1::finding::Reason)>> {
        self.with_index(|index| index.reasons_of_closed())
    }
}
