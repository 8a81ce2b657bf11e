//! Questions about many records at once: how many alerts there were, and which rules cases rest on.

use super::Index;
use crate::error::Result;
use rusqlite::params;
use wire::v1;
use wire::v1::screening::Outcome;

/// How many screenings ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// All of them.
    pub screened: u64,
    /// With REVIEW.
    pub review: u64,
    /// With HOLD.
    pub hold: u64,
}

impl Index {
    /// The outcomes of the records of a range.
    pub(crate) fn outcomes(&self, from: u64, until: u64) -> Result<Outcomes> {
        let count = || -> rusqlite::Result<Outcomes> {
            let sql = "SELECT outcome, count(*) FROM record WHERE number >= ? AND number < ? GROUP BY outcome";
            let mut query = self.db.prepare_cached(sql)?;
            let rows = query.query_map(params![from as i64, until as i64], |row| {
                Ok((row.get::<_, i32>(0)?, row.get::<_, i64>(1)? as u64))
            })?;
            let mut outcomes = Outcomes::default();
            for row in rows {
                let (outcome, n) = row?;
                outcomes.screened += n;
                match Outcome::try_from(outcome) {
                    Ok(Outcome::Review) => outcomes.review += n,
                    Ok(Outcome::Hold) => outcomes.hold += n,
                    _ => {}
                }
            }
            Ok(outcomes)
        };
        count().map_err(|e| self.wrong(e))
    }

    /// Each case with a reason of its findings, once.
    pub(crate) fn case_reasons(&self) -> Result<Vec<(String, v1::finding::Reason)>> {
        let find = || -> rusqlite::Result<Vec<(String, i32)>> {
            let sql = "SELECT DISTINCT c.id, f.reason FROM cases c JOIN case_alert a ON a.id = c.id \
                       JOIN finding f ON f.number = a.number AND f.entry = c.entry \
                       WHERE c.list = '' OR f.list = (SELECT id FROM word WHERE text = c.list) ORDER BY c.id, f.reason";
            let mut query = self.db.prepare_cached(sql)?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        let found = find().map_err(|e| self.wrong(e))?;
        let known = |(case, reason)| Some((case, v1::finding::Reason::try_from(reason).ok()?));
        Ok(found.into_iter().filter_map(known).collect())
    }
}
