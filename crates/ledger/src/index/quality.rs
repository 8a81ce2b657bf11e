//! Questions about many records at once: how many alerts there were, and which rules cases rest on.

use super::Index;
use crate::case::State;
use crate::error::Result;
use jiff::civil::Date;
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
    /// The outcomes of the records of a day, UTC.
    pub(crate) fn outcomes(&self, day: Date) -> Result<Outcomes> {
        let count = || -> rusqlite::Result<Outcomes> {
            let mut query = self.db.prepare_cached("SELECT outcome, count FROM day WHERE day = ?")?;
            let rows = query.query_map([day.to_string()], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
            let mut outcomes = Outcomes::default();
            for row in rows {
                let (outcome, n): (i32, u64) = row?;
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

    /// Each closed case with a reason of its findings, once.
    pub(crate) fn reasons_of_closed(&self) -> Result<Vec<(String, v1::finding::Reason)>> {
        let find = || -> rusqlite::Result<Vec<(String, i32)>> {
            let sql = "SELECT DISTINCT c.id, f.reason FROM cases c JOIN case_alert a ON a.id = c.id \
                       JOIN finding f ON f.number = a.number AND f.entry = c.entry \
                       WHERE c.state = ? AND (c.list = '' OR f.list = (SELECT id FROM word WHERE text = c.list)) \
                       ORDER BY c.id, f.reason";
            let mut query = self.db.prepare_cached(sql)?;
            let rows = query.query_map([State::Closed.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        let found = find().map_err(|e| self.wrong(e))?;
        let known = |(case, reason)| Some((case, v1::finding::Reason::try_from(reason).ok()?));
        Ok(found.into_iter().filter_map(known).collect())
    }
}
