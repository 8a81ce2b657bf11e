//! Finding records.

use super::Index;
use super::ask::json_of;
use crate::error::Result;
use rusqlite::types::Value;
use wire::v1;

/// What records are found by; what is empty or `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The shipment's reference.
    pub reference: String,
    /// The name of a party or vessel, however it is written; a * at the end stands for any rest.
    pub party: String,
    /// The list of an entry found.
    pub list: String,
    /// The entry's id.
    pub entry: String,
    /// The reason of a finding.
    pub reason: Option<v1::finding::Reason>,
    /// The outcome.
    pub outcome: Option<v1::screening::Outcome>,
    /// Who asked.
    pub caller: String,
    /// Only records from this number on.
    pub from: u64,
    /// Only records before this number.
    pub until: Option<u64>,
    /// At most so many, the latest.
    pub limit: usize,
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub number: u64,
    /// The shipment's reference.
    pub reference: String,
    /// The outcome.
    pub outcome: v1::screening::Outcome,
    /// Who asked.
    pub caller: String,
}

impl Query {
    /// The conditions, each with its values.
    fn conditions(&self) -> (Vec<&'static str>, Vec<Value>) {
        let (mut sql, mut values) = (Vec::new(), Vec::new());
        let mut add = |condition, more: Vec<Value>| {
            sql.push(condition);
            values.extend(more);
        };
        let text = |text: &str| Value::Text(text.to_owned());
        if !self.reference.is_empty() {
            add("r.reference = ? AND r.reference <> ''", vec![text(&self.reference)]);
        }
        match (self.list.is_empty(), self.entry.is_empty()) {
            (true, true) => {}
            (false, true) => add(
                "r.number IN (SELECT number FROM finding WHERE entry <> '' AND list = (SELECT id FROM word WHERE text = ?))",
                vec![text(&self.list)],
            ),
            (true, false) => {
                add("r.number IN (SELECT number FROM finding WHERE entry = ? AND entry <> '')", vec![text(&self.entry)])
            }
            (false, false) => add(
                "r.number IN (SELECT number FROM finding WHERE list = (SELECT id FROM word WHERE text = ?) AND entry = ? \
                 AND entry <> '')",
                vec![text(&self.list), text(&self.entry)],
            ),
        }
        if let Some(reason) = self.reason {
            add("r.number IN (SELECT number FROM finding WHERE reason = ?)", vec![Value::Integer(reason as i64)]);
        }
        if let Some(outcome) = self.outcome {
            // What is no clear answer has an index of its own.
            let condition = if outcome as i64 > 1 { "r.outcome = ? AND r.outcome > 1" } else { "r.outcome = ?" };
            add(condition, vec![Value::Integer(outcome as i64)]);
        }
        if !self.caller.is_empty() {
            add("r.caller = (SELECT id FROM word WHERE text = ?)", vec![text(&self.caller)]);
        }
        if self.from > 0 {
            add("r.number >= ?", vec![Value::Integer(self.from as i64)]);
        }
        if let Some(until) = self.until {
            add("r.number < ?", vec![Value::Integer(until as i64)]);
        }
        (sql, values)
    }
}

impl Index {
    /// Records, the latest first.
    pub(crate) fn find(&self, query: &Query) -> Result<Vec<Found>> {
        let (mut conditions, mut values) = query.conditions();
        if !query.party.is_empty() {
            let mut numbers = self.numbers_of(&query.party)?;
            if conditions.is_empty() {
                // Nothing else is asked: the latest are those that are given.
                numbers.drain(..numbers.len().saturating_sub(query.limit));
            }
            conditions.push("r.number IN (SELECT value FROM json_each(?))");
            values.push(Value::Text(json_of(&numbers)));
        }
        let clause = if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) };
        let sql = format!(
            "SELECT r.number, r.reference, r.outcome, coalesce(w.text, '') FROM record r LEFT JOIN word w ON w.id = r.caller \
             {clause} ORDER BY r.number DESC LIMIT {}",
            query.limit.min(1_000_000)
        );
        let find = || -> rusqlite::Result<Vec<Found>> {
            let mut statement = self.db.prepare_cached(&sql)?;
            let rows = statement.query_map(rusqlite::params_from_iter(values), |row| {
                Ok(Found {
                    number: row.get::<_, i64>(0)? as u64,
                    reference: row.get(1)?,
                    outcome: v1::screening::Outcome::try_from(row.get::<_, i32>(2)?).unwrap_or_default(),
                    caller: row.get(3)?,
                })
            })?;
            rows.collect()
        };
        find().map_err(|e| self.wrong(e))
    }
}
