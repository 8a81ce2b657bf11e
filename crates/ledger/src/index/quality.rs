//! Questions about many records at once: how many alerts there were, and which rules cases rest on.

use super::Index;
use super::tables::{Value, all};
use crate::case::State;
use crate::error::Result;
use jiff::civil::Date;
use wire::v1;
use wire::v1::screening::Outcome;

const REVIEW: i64 = Outcome::Review as i64;
const HOLD: i64 = Outcome::Hold as i64;

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
    pub(crate) fn outcomes(&mut self, day: Date) -> Result<Outcomes> {
        let day = day.to_string();
        let sql = "SELECT outcome, count FROM day WHERE day = ?";
        let rows =
            all(&mut *self.tables, sql, &[Value::Text(&day)], |row| Ok((row.number(0)?, row.number(1)? as u64)))?;
        let mut outcomes = Outcomes::default();
        for (outcome, n) in rows {
            outcomes.screened += n;
            match outcome {
                REVIEW => outcomes.review += n,
                HOLD => outcomes.hold += n,
                _ => {}
            }
        }
        Ok(outcomes)
    }

    /// Each closed case with a reason of its findings, once.
    pub(crate) fn reasons_of_closed(&mut self) -> Result<Vec<(String, v1::finding::Reason)>> {
        let sql = "SELECT DISTINCT c.id, f.reason FROM cases c JOIN case_alert a ON a.id = c.id \
                   JOIN finding f ON f.number = a.number AND f.entry = c.entry \
                   WHERE c.state = ? AND (c.list = '' OR f.list = (SELECT id FROM word WHERE text = c.list)) \
                   ORDER BY c.id, f.reason";
        let closed = [Value::Text(State::Closed.as_str())];
        let found = all(&mut *self.tables, sql, &closed, |row| Ok((row.text(0)?.to_owned(), row.number(1)?)))?;
        let known = |(case, reason)| {
            let reason = i32::try_from(reason).ok()?;
            Some((case, v1::finding::Reason::try_from(reason).ok()?))
        };
        Ok(found.into_iter().filter_map(known).collect())
    }
}
