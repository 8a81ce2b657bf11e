//! Questions to the index: cases, holds, and the cards that lists are asked against.

use super::Index;
use super::cards::{Card, card, numbers, squeezed};
use super::cases::read;
use super::schema::{self, beginning, clipped};
use super::tables::{Value, all, one};
use crate::case::{Case, Decision, Stale, State, Step};
use crate::error::{Error, Result};
use crate::record::{Hold, Stamped};
use jiff::civil::Date;
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
            ("state = ?", Cow::Borrowed(&*self.state)),
            ("assignee = ?", Cow::Borrowed(&*self.assignee)),
            ("queue = ?", Cow::Borrowed(&*self.queue)),
            ("due <= ?", Cow::Borrowed(&*self.due_by)),
            ("list = ?", clipped(&self.list)),
            ("entry = ?", clipped(&self.entry)),
            (
                "id IN (SELECT a.id FROM record r JOIN case_alert a USING (number) \
                 WHERE r.reference = ? AND r.reference <> '')",
                Cow::Borrowed(&*self.reference),
            ),
        ];
        let used = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let (mut wheres, mut values): (Vec<&str>, Vec<Cow<'_, str>>) = used.unzip();
        if !self.party.is_empty() {
            let name = squeezed(&self.party);
            // Marks alone are in no name, and an empty text would be in every one.
            wheres.push(if name.is_empty() { "? <> ''" } else { "replace(squeezed, ?, '') <> squeezed" });
            values.push(Cow::Owned(name));
        }
        let clause = if wheres.is_empty() { String::new() } else { format!("WHERE {}", wheres.join(" AND ")) };
        (clause, values)
    }
}

impl Index {
    /// A case by its id.
    pub(crate) fn case(&mut self, id: &str) -> Result<Option<Case>> {
        let tables = &mut *self.tables;
        let body =
            one(tables, "SELECT body FROM cases WHERE id = ?", &[Value::Text(id)], |row| Ok(row.text(0)?.to_owned()))?;
        body.map(|body| read(tables, &body)).transpose()
    }

    /// Cases, those that are due first.
    pub(crate) fn cases(&mut self, query: &CaseQuery) -> Result<Vec<Case>> {
        self.cases_from(query, 0)
    }

    /// Cases behind the first `skip`, those that are due first.
    pub(crate) fn cases_from(&mut self, query: &CaseQuery, skip: usize) -> Result<Vec<Case>> {
        let (clause, texts) = query.conditions();
        let sql = format!("SELECT body FROM cases {clause} ORDER BY due, opener, id LIMIT ? OFFSET ?");
        let texts = texts.iter().map(|text| Value::Text(text));
        let most = i64::try_from(query.limit).unwrap_or(i64::MAX);
        let values: Vec<Value<'_>> = texts.chain([Value::Number(most), Value::Number(skip as i64)]).collect();
        let tables = &mut *self.tables;
        let bodies = all(tables, &sql, &values, |row| Ok(row.text(0)?.to_owned()))?;
        bodies.iter().map(|body| read(tables, body)).collect()
    }

    /// How many cases there are in each state, whatever state and limit the query names.
    pub(crate) fn case_counts(&mut self, query: &CaseQuery) -> Result<Vec<(State, u64)>> {
        let of_any_state = CaseQuery { state: String::new(), ..query.clone() };
        let (clause, texts) = of_any_state.conditions();
        let sql = format!("SELECT state, count(*) FROM cases {clause} GROUP BY state");
        let values: Vec<Value<'_>> = texts.iter().map(|text| Value::Text(text)).collect();
        let counted = all(&mut *self.tables, &sql, &values, |row| Ok((row.text(0)?.to_owned(), row.number(1)?)))?;
        let of = |state: State| counted.iter().find(|(word, _)| word == state.as_str()).map_or(0, |(_, n)| *n as u64);
        Ok(State::ALL.map(|state| (state, of(state))).to_vec())
    }

    /// What happened to a case behind a revision, oldest first.
    pub(crate) fn events(&mut self, id: &str, after: u64) -> Result<Vec<Event>> {
        let sql = "SELECT revision, number, said FROM case_event WHERE id = ? AND revision > ? ORDER BY revision";
        all(&mut *self.tables, sql, &[Value::Text(id), Value::Number(after as i64)], |row| {
            let (revision, number) = (row.number(0)? as u64, row.number(1)? as u64);
            Ok(Event { revision, number, said: row.text(2)?.to_owned() })
        })
    }

    /// The screenings of a case, oldest first.
    pub(crate) fn alerts(&mut self, id: &str) -> Result<Vec<u64>> {
        let sql = "SELECT number FROM case_alert WHERE id = ? ORDER BY number";
        all(&mut *self.tables, sql, &[Value::Text(id)], |row| Ok(row.number(0)? as u64))
    }

    /// The alerts of a case with what was ruled on each, oldest first.
    pub(crate) fn rulings(&mut self, id: &str) -> Result<Vec<Alert>> {
        let sql = "SELECT number, decision, step FROM case_alert WHERE id = ? ORDER BY number";
        all(&mut *self.tables, sql, &[Value::Text(id)], |row| {
            let (number, step) = (row.number(0)? as u64, row.number(2)? as u64);
            Ok(Alert { number, ruled: Decision::parse(row.text(1)?).map(|decision| (decision, step)) })
        })
    }

    /// Closed cases whose decision has an exception.
    pub(crate) fn with_exception(&mut self) -> Result<Vec<Case>> {
        let closed = CaseQuery { state: "closed".to_owned(), limit: usize::MAX >> 1, ..CaseQuery::default() };
        Ok(self.cases(&closed)?.into_iter().filter(|case| case.exception().is_some()).collect())
    }

    /// The legal holds in force.
    pub(crate) fn holds(&mut self) -> Result<Vec<Hold>> {
        let tables = &mut *self.tables;
        let bodies = all(tables, "SELECT body FROM hold ORDER BY name", &[], |row| Ok(row.text(0)?.to_owned()))?;
        let read =
            |body: &String| serde_json::from_str(body).map_err(|e| tables.wrong(format!("a hold cannot be read: {e}")));
        bodies.iter().map(read).collect()
    }

    /// Checks a step against the case as it is.
    pub(crate) fn check_step(&mut self, step: &Step, day: Date) -> Result<std::result::Result<Case, Stale>> {
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
    pub(crate) fn records_under(&mut self, key: u32) -> Result<u64> {
        let sql = "SELECT count(*) FROM record WHERE key = ?";
        let count = one(&mut *self.tables, sql, &[Value::Number(key.into())], |row| row.number(0))?;
        Ok(count.unwrap_or(0) as u64)
    }

    /// The keys of the screenings of a case, a reference, or a party.
    pub(crate) fn keys_held(&mut self, hold: &Hold) -> Result<Vec<u32>> {
        let numbers = if hold.by == "party" { self.numbers_of(&hold.value)? } else { Vec::new() };
        let tables = &mut *self.tables;
        let (clause, value) = match hold.by.as_str() {
            "case" => ("JOIN case_alert USING (number) WHERE id = ?".to_owned(), Value::Text(&hold.value)),
            "party" => (format!("WHERE number {}", tables.among()), Value::Numbers(&numbers)),
            _ => ("WHERE reference = ? AND reference <> ''".to_owned(), Value::Text(&hold.value)),
        };
        let sql = format!("SELECT DISTINCT key FROM record {clause} ORDER BY key");
        all(tables, &sql, &[value], |row| Ok(u32::try_from(row.number(0)?).unwrap_or(0)))
    }

    /// The records in which a party or vessel stands, in order; a * at the end of the name stands for any rest.
    pub(super) fn numbers_of(&mut self, name: &str) -> Result<Vec<i64>> {
        let (is_exact, name) = match name.strip_suffix('*') {
            Some(start) => (false, squeezed(start)),
            None => (true, squeezed(name)),
        };
        let (clause, from, until) = match is_exact {
            true => ("squeezed = ?", clipped(&name), None),
            false => {
                let start = beginning(&name);
                ("squeezed >= ? AND squeezed <= ?", Cow::Borrowed(start), Some(format!("{start}{}", char::MAX)))
            }
        };
        let sql = format!("SELECT first, more FROM name JOIN seen ON seen.card = name.card WHERE {clause}");
        let values: Vec<Value<'_>> = std::iter::once(&*from).chain(until.as_deref()).map(Value::Text).collect();
        let mut found = Vec::new();
        self.tables.ask(&sql, &values, &mut |row| {
            numbers(row.number(0)?, row.bytes(1)?, &mut found);
            Ok(())
        })?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// How many records the index has taken in.
    pub(crate) fn next(&mut self) -> Result<u64> {
        Ok(schema::Meta::read(&mut *self.tables)?.next)
    }

    /// The last time stamp; `None`: there is none.
    pub(crate) fn last_stamp(&mut self) -> Result<Option<Stamped>> {
        let text = schema::value(&mut *self.tables, "stamped")?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// How many cards there are; they are numbered from 1, and none is ever taken out.
    pub(crate) fn card_count(&mut self) -> Result<u64> {
        let last = one(&mut *self.tables, "SELECT coalesce(max(id), 0) FROM card", &[], |row| row.number(0))?;
        Ok(last.unwrap_or(0) as u64)
    }

    /// Digest of the kept lists up to which the past was asked last; `None`: it never was.
    pub(crate) fn asked_up_to(&mut self) -> Result<Option<String>> {
        schema::value(&mut *self.tables, "asked_up_to")
    }

    /// Cards behind `after`, in order, at most so many.
    pub(crate) fn cards(&mut self, after: i64, most: usize) -> Result<Vec<Card>> {
        let sql = "SELECT id, kind, card FROM card WHERE id > ? ORDER BY id LIMIT ?";
        let values = [Value::Number(after), Value::Number(most as i64)];
        let tables = &mut *self.tables;
        let read = all(tables, sql, &values, |row| Ok(card(row.number(0)?, row.number(1)?, row.bytes(2)?)))?;
        let card =
            |read: std::result::Result<Card, _>| read.map_err(|e| tables.wrong(format!("a card cannot be read: {e}")));
        read.into_iter().map(card).collect()
    }

    /// The records in which a card stands, in order.
    pub(crate) fn seen(&mut self, card: i64) -> Result<Vec<u64>> {
        let sql = "SELECT first, more FROM seen WHERE card = ? ORDER BY first";
        let mut found = Vec::new();
        self.tables.ask(sql, &[Value::Number(card)], &mut |row| {
            numbers(row.number(0)?, row.bytes(1)?, &mut found);
            Ok(())
        })?;
        Ok(found.into_iter().map(|number| number as u64).collect())
    }
}
