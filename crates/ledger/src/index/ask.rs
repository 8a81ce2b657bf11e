//! Questions to the index: cases, holds, and the cards that lists are asked against.

use super::cards::{Card, card, numbers, squeezed};
use super::cases::read;
use super::{Index, schema};
use crate::case::{Case, Decision, Stale, State, Step};
use crate::error::{Error, Result};
use crate::record::{Hold, Stamped};
use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{OptionalExtension as _, params};
use std::borrow::Cow;

/// What cases are found by; empty: by nothing.
#[derive(Clone, Debug, Default)]
pub struct CaseQuery {
    /// Only in this state.
    pub state: String,
    /// Only of this person.
    pub assignee: String,
    /// Only in this queue.
    pub queue: String,
    /// Only due on this day or before.
    pub due_by: String,
    /// Only of this list.
    pub list: String,
    /// Only of this entry.
    pub entry: String,
    /// Only of parties whose name has this in it, however it is written.
    pub party: String,
    /// Only with an alert about the shipment of this reference.
    pub reference: String,
    /// At most so many.
    pub limit: usize,
}

/// A screening of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its record.
    pub number: u64,
    /// What was ruled on it, and the record of that step; `None`: nothing that is in force.
    pub ruled: Option<(Decision, u64)>,
}

/// What happened to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The revision that it made.
    pub revision: u64,
    /// Its record.
    pub number: u64,
    /// What.
    pub said: String,
}

impl CaseQuery {
    /// The clause of the conditions, with their values.
    fn conditions(&self) -> (String, Vec<Cow<'_, str>>) {
        let pairs = [
            ("state = ?", &self.state),
            ("assignee = ?", &self.assignee),
            ("queue = ?", &self.queue),
            ("due <= ?", &self.due_by),
            ("list = ?", &self.list),
            ("entry = ?", &self.entry),
            (
                "id IN (SELECT a.id FROM record r JOIN case_alert a USING (number) \
                 WHERE r.reference = ? AND r.reference <> '')",
                &self.reference,
            ),
        ];
        let used = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let (mut wheres, mut values): (Vec<&str>, Vec<Cow<'_, str>>) =
            used.map(|(condition, value)| (condition, Cow::Borrowed(value.as_str()))).unzip();
        if !self.party.is_empty() {
            let name = squeezed(&self.party);
            // Marks alone are in no name, and an empty text would be in every one.
            wheres.push(if name.is_empty() { "? <> ''" } else { "instr(squeezed, ?) > 0" });
            values.push(Cow::Owned(name));
        }
        let clause = if wheres.is_empty() { String::new() } else { format!("WHERE {}", wheres.join(" AND ")) };
        (clause, values)
    }
}

impl Index {
    /// A case by its id.
    pub(crate) fn case(&self, id: &str) -> Result<Option<Case>> {
        let find = || -> rusqlite::Result<Option<Case>> {
            let mut query = self.db.prepare_cached("SELECT body FROM cases WHERE id = ?")?;
            let body: Option<String> = query.query_row([id], |row| row.get(0)).optional()?;
            body.map(|body| read(&body)).transpose()
        };
        find().map_err(|e| self.wrong(e))
    }

    /// Cases, those that are due first.
    pub(crate) fn cases(&self, query: &CaseQuery) -> Result<Vec<Case>> {
        self.cases_from(query, 0)
    }

    /// Cases behind the first `skip`, those that are due first.
    pub(crate) fn cases_from(&self, query: &CaseQuery, skip: usize) -> Result<Vec<Case>> {
        let (clause, values) = query.conditions();
        let sql = format!(
            "SELECT body FROM cases {clause} ORDER BY due, CAST(id AS INTEGER), id LIMIT {} OFFSET {skip}",
            query.limit
        );
        let find = || -> rusqlite::Result<Vec<Case>> {
            let mut statement = self.db.prepare_cached(&sql)?;
            let rows = statement.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(0))?;
            rows.map(|body| read(&body?)).collect()
        };
        find().map_err(|e| self.wrong(e))
    }

    /// How many cases there are in each state, whatever state and limit the query names.
    pub(crate) fn case_counts(&self, query: &CaseQuery) -> Result<Vec<(State, u64)>> {
        let of_any_state = CaseQuery { state: String::new(), ..query.clone() };
        let (clause, values) = of_any_state.conditions();
        let sql = format!("SELECT state, count(*) FROM cases {clause} GROUP BY state");
        let count = || -> rusqlite::Result<Vec<(String, i64)>> {
            let mut statement = self.db.prepare_cached(&sql)?;
            let rows = statement.query_map(rusqlite::params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        let counted = count().map_err(|e| self.wrong(e))?;
        let of = |state: State| counted.iter().find(|(word, _)| word == state.as_str()).map_or(0, |(_, n)| *n as u64);
        Ok(State::ALL.map(|state| (state, of(state))).to_vec())
    }

    /// What happened to a case behind a revision, oldest first.
    pub(crate) fn events(&self, id: &str, after: u64) -> Result<Vec<Event>> {
        let find = || -> rusqlite::Result<Vec<Event>> {
            let sql = "SELECT revision, number, said FROM case_event WHERE id = ? AND revision > ? ORDER BY revision";
            let mut query = self.db.prepare_cached(sql)?;
            let rows = query.query_map(params![id, after as i64], |row| {
                let (revision, number): (i64, i64) = (row.get(0)?, row.get(1)?);
                Ok(Event { revision: revision as u64, number: number as u64, said: row.get(2)? })
            })?;
            rows.collect()
        };
        find().map_err(|e| self.wrong(e))
    }

    /// The screenings of a case, oldest first.
    pub(crate) fn alerts(&self, id: &str) -> Result<Vec<u64>> {
        let find = || -> rusqlite::Result<Vec<u64>> {
            let mut query = self.db.prepare_cached("SELECT number FROM case_alert WHERE id = ? ORDER BY number")?;
            let rows = query.query_map([id], |row| row.get::<_, i64>(0).map(|n| n as u64))?;
            rows.collect()
        };
        find().map_err(|e| self.wrong(e))
    }

    /// The alerts of a case with what was ruled on each, oldest first.
    pub(crate) fn rulings(&self, id: &str) -> Result<Vec<Alert>> {
        let find = || -> rusqlite::Result<Vec<Alert>> {
            let sql = "SELECT number, decision, step FROM case_alert WHERE id = ? ORDER BY number";
            let mut query = self.db.prepare_cached(sql)?;
            let rows = query.query_map([id], |row| {
                let (number, decision, step): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let ruled = Decision::parse(&decision).map(|decision| (decision, step as u64));
                Ok(Alert { number: number as u64, ruled })
            })?;
            rows.collect()
        };
        find().map_err(|e| self.wrong(e))
    }

    /// Closed cases whose decision has an exception.
    pub(crate) fn with_exception(&self) -> Result<Vec<Case>> {
        let closed = CaseQuery { state: "closed".to_owned(), limit: usize::MAX >> 1, ..CaseQuery::default() };
        Ok(self.cases(&closed)?.into_iter().filter(|case| case.exception().is_some()).collect())
    }

    /// The legal holds in force.
    pub(crate) fn holds(&self) -> Result<Vec<Hold>> {
        let find = || -> rusqlite::Result<Vec<Hold>> {
            let mut query = self.db.prepare_cached("SELECT body FROM hold ORDER BY name")?;
            let rows = query.query_map([], |row| row.get::<_, String>(0))?;
            let read = |body: String| {
                serde_json::from_str(&body).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))
            };
            rows.map(|body| read(body?)).collect()
        };
        find().map_err(|e| self.wrong(e))
    }

    /// Checks a step against the case as it is.
    pub(crate) fn check_step(&self, step: &Step, day: Date) -> Result<std::result::Result<Case, Stale>> {
        let Some(mut case) = self.case(&step.case)? else {
            return Err(Error::Refused(format!(
                "there is no case {}; `tidewaiter ledger case list` names them",
                step.case
            )));
        };
        if case.revision != step.revision {
            let changed = self.events(&step.case, step.revision)?.into_iter().map(|e| e.said).collect();
            let (case, now) = (step.case.clone(), case.revision);
            return Ok(Err(Stale::Changed { case, now, then: step.revision, changed }));
        }
        Ok(case.step(step, 0, day, 0).map(|()| case))
    }

    /// The number of screenings under each key.
    pub(crate) fn records_under(&self, key: u32) -> Result<u64> {
        let find = || -> rusqlite::Result<i64> {
            self.db.query_row("SELECT count(*) FROM record WHERE key = ?", [key], |row| row.get(0))
        };
        find().map(|n| n as u64).map_err(|e| self.wrong(e))
    }

    /// The keys of the screenings of a case, a reference, or a party.
    pub(crate) fn keys_held(&self, hold: &Hold) -> Result<Vec<u32>> {
        let (sql, value) = match hold.by.as_str() {
            "case" => {
                ("SELECT DISTINCT key FROM record JOIN case_alert USING (number) WHERE id = ?", hold.value.clone())
            }
            "party" => (
                "SELECT DISTINCT key FROM record WHERE number IN (SELECT value FROM json_each(?))",
                json_of(&self.numbers_of(&hold.value)?),
            ),
            _ => ("SELECT DISTINCT key FROM record WHERE reference = ? AND reference <> ''", hold.value.clone()),
        };
        let find = || -> rusqlite::Result<Vec<u32>> {
            let mut query = self.db.prepare(sql)?;
            let rows = query.query_map([value], |row| row.get(0))?;
            rows.collect()
        };
        find().map_err(|e| self.wrong(e))
    }

    /// The records in which a party or vessel stands, in order; a * at the end of the name stands for any rest.
    pub(super) fn numbers_of(&self, name: &str) -> Result<Vec<u64>> {
        let (from, until) = match name.strip_suffix('*') {
            Some(start) => (squeezed(start), format!("{}{}", squeezed(start), char::MAX)),
            None => (squeezed(name), squeezed(name)),
        };
        let find = || -> rusqlite::Result<Vec<u64>> {
            let sql =
                "SELECT first, more FROM name JOIN seen ON seen.card = name.card WHERE squeezed >= ? AND squeezed <= ?";
            let mut query = self.db.prepare_cached(sql)?;
            let mut rows = query.query([from, until])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                numbers(row.get::<_, i64>(0)? as u64, row.get_ref(1)?.as_blob()?, &mut found);
            }
            found.sort_unstable();
            found.dedup();
            Ok(found)
        };
        find().map_err(|e| self.wrong(e))
    }

    /// How many records the index has taken in.
    pub(crate) fn next(&self) -> Result<u64> {
        schema::next(&self.db).map_err(|e| self.wrong(e))
    }

    /// The last time stamp; `None`: there is none.
    pub(crate) fn last_stamp(&self) -> Result<Option<Stamped>> {
        let text = schema::value(&self.db, "stamped").map_err(|e| self.wrong(e))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// How many cards there are; they are numbered from 1, and none is ever taken out.
    pub(crate) fn card_count(&self) -> Result<u64> {
        let last = || self.db.query_row("SELECT coalesce(max(id), 0) FROM card", [], |row| row.get::<_, i64>(0));
        last().map(|n| n as u64).map_err(|e| self.wrong(e))
    }

    /// Digest of the kept lists up to which the past was asked last; `None`: it never was.
    pub(crate) fn asked_up_to(&self) -> Result<Option<String>> {
        schema::value(&self.db, "asked_up_to").map_err(|e| self.wrong(e))
    }

    /// Cards behind `after`, in order, at most so many.
    pub(crate) fn cards(&self, after: i64, most: usize) -> Result<Vec<Card>> {
        let read = || -> rusqlite::Result<Vec<Card>> {
            let mut query =
                self.db.prepare_cached("SELECT id, kind, card FROM card WHERE id > ? ORDER BY id LIMIT ?")?;
            let rows = query.query_map(params![after, most as i64], |row| {
                let read = card(row.get(0)?, row.get(1)?, row.get_ref(2)?.as_blob()?);
                read.map_err(|e| rusqlite::Error::FromSqlConversionFailure(2, Type::Blob, Box::new(e)))
            })?;
            rows.collect()
        };
        read().map_err(|e| self.wrong(e))
    }

    /// The records in which a card stands, in order.
    pub(crate) fn seen(&self, card: i64) -> Result<Vec<u64>> {
        let read = || -> rusqlite::Result<Vec<u64>> {
            let mut query = self.db.prepare_cached("SELECT first, more FROM seen WHERE card = ? ORDER BY first")?;
            let mut rows = query.query([card])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                numbers(row.get::<_, i64>(0)? as u64, row.get_ref(1)?.as_blob()?, &mut found);
            }
            Ok(found)
        };
        read().map_err(|e| self.wrong(e))
    }
}

/// Numbers as `json_each` reads them.
pub(super) fn json_of(numbers: &[u64]) -> String {
    serde_json::to_string(numbers).expect("numbers have a JSON form")
}
