//! How alerts come and what becomes of them.

use super::Ledger;
use crate::error::Result;
use crate::index::Outcomes;
use jiff::Timestamp;
use wire::v1;

impl Ledger {
    /// The outcomes of the screenings that were recorded from one time on and before another.
    ///
    /// # Errors
    /// When the index or a record on the way cannot be read.
    pub fn outcomes(&self, from: Timestamp, until: Timestamp) -> Result<Outcomes> {
        let (first, end) = (self.first_at(from)?, self.first_at(until)?);
        self.with_index(|index| index.outcomes(first, end))
    }

    /// Each case with a reason of its findings, once; in order of the cases.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn case_reasons(&self) -> Result<Vec<(String, v1::finding::Reason)>> {
        self.with_index(|index| index.case_reasons())
    }
}
