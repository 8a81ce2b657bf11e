//! Cases in the index: opened, and moved on by what the log says.

use super::schema::clipped;
use super::tables::{Tables, Value, one};
use crate::bytes::sha256;
use crate::case::{Action, AlertPart, Case, State, Step};
use crate::error::Result;
use crate::settings::{Settings, fits_any};
use jiff::ToSpan as _;
use jiff::civil::Date;

/// Adds an alert to its case, which is opened where it is not there yet. `id` is the record that would open it and its
/// place among those that the record opens; `number` the screening.
pub(super) fn alert(
    tables: &mut dyn Tables,
    settings: &Settings,
    part: &AlertPart,
    id: (u64, usize),
    number: u64,
    day: Date,
    why: &str,
) -> Result<()> {
    // Lengths first, so that no text can slide from one to the next.
    let lengths = [part.squeezed.len() as u64, part.list.len() as u64].map(u64::to_le_bytes).concat();
    let key = sha256(&[&lengths, part.squeezed.as_bytes(), part.list.as_bytes(), part.entry.as_bytes()]);
    let due = day.saturating_add(i64::from(settings.decisions.due_days).days());
    let sql = "SELECT body FROM cases WHERE key = ?";
    let body = one(tables, sql, &[Value::Bytes(&key[..16])], |row| Ok(row.text(0)?.to_owned()))?;
    let case = match body {
        Some(body) => {
            let mut case = read(tables, &body)?;
            if !links(tables, &case.id, number, id.0)? {
                return Ok(());
            }
            case.alert(number, why, due);
            case
        }
        None => {
            let queue = settings.decisions.queue.iter().find(|q| fits_any(&q.lists, &part.list));
            let queue = queue.map_or("default", |q| q.name.as_str());
            let case = Case::open(format!("{}-{}", id.0, id.1), part, number, why, queue, due);
            links(tables, &case.id, number, id.0)?;
            case
        }
    };
    said(tables, &case, number, &format!("{why} in record {number}"))?;
    put(tables, &case, &key[..16], &part.squeezed)
}

/// Links a screening to a case; says whether it is new there.
fn links(tables: &mut dyn Tables, case: &str, number: u64, linked: u64) -> Result<bool> {
    let sql = "INSERT INTO case_alert (id, number, linked) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    let values = [Value::Text(case), Value::Number(number as i64), Value::Number(linked as i64)];
    Ok(tables.run(sql, &values)? == 1)
}

/// Marks alerts that a step decided, or that are to be decided again.
fn rule(tables: &mut dyn Tables, case: &mut Case, action: &Action) -> Result<()> {
    match (action, &case.decided) {
        (Action::Reopen { .. } | Action::Void { .. }, _) => {
            let unset = "UPDATE case_alert SET step = 0, decision = '' WHERE id = ?";
            tables.run(unset, &[Value::Text(&case.id)])?;
        }
        (Action::Decide { .. } | Action::Approve, Some(decided)) if case.state == State::Closed => {
            let step = Value::Number(decided.number as i64);
            let values = [step, Value::Text(decided.decision.as_str()), Value::Text(&case.id), step];
            let set = "UPDATE case_alert SET step = ?, decision = ? WHERE id = ? AND step = 0 AND linked < ?";
            if decided.records.is_empty() {
                // What came while it waited for a second person, nobody has looked at.
                tables.run(set, &values)?;
            }
            for number in &decided.records {
                let [a, b, c, d] = values;
                tables.run(&format!("{set} AND number = ?"), &[a, b, c, d, Value::Number(*number as i64)])?;
            }
        }
        _ => return Ok(()),
    }
    let sql = "SELECT count(*) FROM case_alert WHERE id = ? AND step = 0";
    let undecided = one(tables, sql, &[Value::Text(&case.id)], |row| row.number(0))?;
    case.leaves(undecided.unwrap_or(0) as u64);
    Ok(())
}

/// Moves a case on by a step of the log. A step of a case whose alerts are erased is passed over.
pub(super) fn step(tables: &mut dyn Tables, step: &Step, number: u64, day: Date, due_days: u16) -> Result<()> {
    let sql = "SELECT body, key, squeezed FROM cases WHERE id = ?";
    let found = one(tables, sql, &[Value::Text(&step.case)], |row| {
        Ok((row.text(0)?.to_owned(), row.bytes(1)?.to_owned(), row.text(2)?.to_owned()))
    })?;
    let Some((body, key, squeezed)) = found else { return Ok(()) };
    let mut case = read(tables, &body)?;
    // The step was checked when it was taken; after an erasure the case may stand elsewhere, and a person must look again.
    if case.step(step, number, day, due_days).is_err() {
        return Ok(());
    }
    rule(tables, &mut case, &step.action)?;
    let note = if step.note.is_empty() { String::new() } else { format!(": {}", step.note) };
    said(tables, &case, number, &format!("{} by {}{note}", step.action.said(), step.by))?;
    put(tables, &case, &key, &squeezed)
}

fn said(tables: &mut dyn Tables, case: &Case, number: u64, text: &str) -> Result<()> {
    let sql = "INSERT INTO case_event VALUES (?, ?, ?, ?) \
               ON CONFLICT (id, revision) DO UPDATE SET number = excluded.number, said = excluded.said";
    let (revision, number) = (Value::Number(case.revision as i64), Value::Number(number as i64));
    tables.run(sql, &[Value::Text(&case.id), revision, number, Value::Text(text)]).map(drop)
}

fn put(tables: &mut dyn Tables, case: &Case, key: &[u8], squeezed: &str) -> Result<()> {
    let body = serde_json::to_string(case).expect("a case has a JSON form");
    let (due, opener) = (case.due.to_string(), opener(&case.id));
    let (list, entry) = (clipped(&case.list), clipped(&case.entry));
    let sql = "INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET \
               state = excluded.state, assignee = excluded.assignee, queue = excluded.queue, due = excluded.due, \
               body = excluded.body";
    let values = [
        Value::Text(&case.id),
        Value::Number(opener),
        Value::Bytes(key),
        Value::Text(case.state.as_str()),
        Value::Text(&case.assignee),
        Value::Text(&case.queue),
        Value::Text(&due),
        Value::Text(&list),
        Value::Text(&entry),
        Value::Text(squeezed),
        Value::Text(&body),
    ];
    tables.run(sql, &values).map(drop)
}

/// The record that opened a case: the number that its id begins with.
fn opener(id: &str) -> i64 {
    id.split_once('-').and_then(|(number, _)| number.parse().ok()).unwrap_or(0)
}

pub(super) fn read(tables: &dyn Tables, body: &str) -> Result<Case> {
    serde_json::from_str(body).map_err(|e| tables.wrong(format!("a case cannot be read: {e}")))
}
