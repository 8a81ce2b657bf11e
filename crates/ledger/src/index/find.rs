//! Finding records.

use super::Index;
use super::schema::clipped;
use super::tables::{Value, all};
use crate::error::Result;
use std::borrow::Cow;
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

/// A value of a condition.
enum Wanted<'a> {
    Number(i64),
    Text(Cow<'a, str>),
}

impl Query {
    /// The conditions, each with its values.
    fn conditions(&self) -> Vec<(&'static str, Vec<Wanted<'_>>)> {
        let mut all = Vec::new();
        let (list, entry) = (Wanted::Text(clipped(&self.list)), Wanted::Text(clipped(&self.entry)));
        if !self.reference.is_empty() {
            let reference = Wanted::Text(Cow::Borrowed(&self.reference));
            all.push(("r.reference = ? AND r.reference <> ''", vec![reference]));
        }
        match (self.list.is_empty(), self.entry.is_empty()) {
            (true, true) => {}
            (false, true) => all.push((
                "r.number IN (SELECT number FROM finding WHERE entry <> '' AND list = (SELECT id FROM word WHERE text = ?))",
                vec![list],
            )),
            (true, false) => {
                all.push(("r.number IN (SELECT number FROM finding WHERE entry = ? AND entry <> '')", vec![entry]))
            }
            (false, false) => all.push((
                "r.number IN (SELECT number FROM finding WHERE list = (SELECT id FROM word WHERE text = ?) AND entry = ? \
                 AND entry <> '')",
                vec![list, entry],
            )),
        }
        if let Some(reason) = self.reason {
            let of_reason = "r.number IN (SELECT number FROM finding WHERE reason = ?)";
            all.push((of_reason, vec![Wanted::Number(reason as i64)]));
        }
        if let Some(outcome) = self.outcome {
            // What is no clear answer has an index of its own.
            let condition = if outcome as i64 > 1 { "r.outcome = ? AND r.outcome > 1" } else { "r.outcome = ?" };
            all.push((condition, vec![Wanted::Number(outcome as i64)]));
        }
        if !self.caller.is_empty() {
            let caller = Wanted::Text(clipped(&self.caller));
            all.push(("r.caller = (SELECT id FROM word WHERE text = ?)", vec![caller]));
        }
        if self.from > 0 {
            all.push(("r.number >= ?", vec![Wanted::Number(self.from as i64)]));
        }
        if let Some(until) = self.until {
            all.push(("r.number < ?", vec![Wanted::Number(i64::try_from(until).unwrap_or(i64::MAX))]));
        }
        all
    }
}

impl Wanted<'_> {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Number(number) => Value::Number(*number),
            Self::Text(text) => Value::Text(text),
        }
    }
}

impl Index {
    /// Records, the latest first.
    pub(crate) fn find(&mut self, query: &Query) -> Result<Vec<Found>> {
        let wanted = query.conditions();
        let mut conditions: Vec<Cow<'_, str>> = wanted.iter().map(|(condition, _)| Cow::Borrowed(*condition)).collect();
        let mut values: Vec<Value<'_>> = wanted.iter().flat_map(|(_, values)| values).map(Wanted::value).collect();
        let numbers;
        if !query.party.is_empty() {
            numbers = self.numbers_of(&query.party)?;
            // Where nothing else is asked, the latest are those that are given.
            let most = if conditions.is_empty() { query.limit } else { numbers.len() };
            conditions.push(Cow::Owned(format!("r.number {}", self.tables.among())));
            values.push(Value::Numbers(&numbers[numbers.len().saturating_sub(most)..]));
        }
        let clause = if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) };
        let sql = format!(
            "SELECT r.number, r.reference, r.outcome, coalesce(w.text, '') FROM record r LEFT JOIN word w ON w.id = r.caller \
             {clause} ORDER BY r.number DESC LIMIT {}",
            query.limit.min(1_000_000)
        );
        all(&mut *self.tables, &sql, &values, |row| {
            let outcome = i32::try_from(row.number(2)?).ok().and_then(|n| v1::screening::Outcome::try_from(n).ok());
            Ok(Found {
                number: row.number(0)? as u64,
                reference: row.text(1)?.to_owned(),
                outcome: outcome.unwrap_or_default(),
                caller: row.text(3)?.to_owned(),
            })
        })
    }
}
