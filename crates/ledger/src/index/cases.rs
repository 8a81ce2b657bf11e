//! Cases in the index: opened, and moved on by what the log says.

use crate::bytes::sha256;
use crate::case::{Action, AlertPart, Case, State, Step};
use crate::settings::{Settings, fits_any};
use jiff::ToSpan as _;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Adds an alert to its case, which is opened where it is not there yet. `id` is the record that would open it and its
/// place among those that the record opens; `number` the screening.
pub(super) fn alert(
    db: &Connection,
    settings: &Settings,
    part: &AlertPart,
    id: (u64, usize),
    number: u64,
    day: Date,
    why: &str,
) -> rusqlite::Result<()> {
    // Lengths first, so that no text can slide from one to the next.
    let lengths = [part.squeezed.len() as u64, part.list.len() as u64].map(u64::to_le_bytes).concat();
    let key = sha256(&[&lengths, part.squeezed.as_bytes(), part.list.as_bytes(), part.entry.as_bytes()]);
    let due = day.saturating_add(i64::from(settings.decisions.due_days).days());
    let mut find = db.prepare_cached("SELECT body FROM cases WHERE key = ?")?;
    let body: Option<String> = find.query_row([&key[..16]], |row| row.get(0)).optional()?;
    let case = match body {
        Some(body) => {
            let mut case = read(&body)?;
            if !links(db, &case.id, number, id.0)? {
                return Ok(());
            }
            case.alert(number, why, due);
            case
        }
        None => {
            let queue = settings.decisions.queue.iter().find(|q| fits_any(&q.lists, &part.list));
            let queue = queue.map_or("default", |q| q.name.as_str());
            let case = Case::open(format!("{}-{}", id.0, id.1), part, number, why, queue, due);
            links(db, &case.id, number, id.0)?;
            case
        }
    };
    said(db, &case, number, &format!("{why} in record {number}"))?;
    put(db, &case, &key[..16], &part.squeezed)
}

/// Links a screening to a case; says whether it is new there.
fn links(db: &Connection, case: &str, number: u64, linked: u64) -> rusqlite::Result<bool> {
    let mut link = db.prepare_cached("INSERT OR IGNORE INTO case_alert (id, number, linked) VALUES (?, ?, ?)")?;
    Ok(link.execute(params![case, number as i64, linked as i64])? == 1)
}

/// Marks alerts that a step decided, or that are to be decided again.
fn rule(db: &Connection, case: &mut Case, action: &Action) -> rusqlite::Result<()> {
    match (action, &case.decided) {
        (Action::Reopen { .. } | Action::Void { .. }, _) => {
            db.prepare_cached("UPDATE case_alert SET step = 0, decision = '' WHERE id = ?")?.execute([&case.id])?;
        }
        (Action::Decide { .. } | Action::Approve, Some(decided)) if case.state == State::Closed => {
            let (decision, step) = (decided.decision.as_str(), decided.number as i64);
            let set = "UPDATE case_alert SET step = ?, decision = ? WHERE id = ? AND step = 0 AND linked < ?";
            if decided.records.is_empty() {
                // What came while it waited for a second person, nobody has looked at.
                db.prepare_cached(set)?.execute(params![step, decision, case.id, step])?;
            }
            for number in &decided.records {
                let one = format!("{set} AND number = ?");
                db.prepare_cached(&one)?.execute(params![step, decision, case.id, step, *number as i64])?;
            }
        }
        _ => return Ok(()),
    }
    let mut count = db.prepare_cached("SELECT count(*) FROM case_alert WHERE id = ? AND step = 0")?;
    let undecided: i64 = count.query_row([&case.id], |row| row.get(0))?;
    case.leaves(undecided as u64);
    Ok(())
}

/// Moves a case on by a step of the log. A step of a case whose alerts are erased is passed over.
pub(super) fn step(db: &Connection, step: &Step, number: u64, day: Date, due_days: u16) -> rusqlite::Result<()> {
    let mut find = db.prepare_cached("SELECT body, key, squeezed FROM cases WHERE id = ?")?;
    let found: Option<(String, Vec<u8>, String)> =
        find.query_row([&step.case], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((body, key, squeezed)) = found else { return Ok(()) };
    let mut case = read(&body)?;
    // The step was checked when it was taken; after an erasure the case may stand elsewhere, and a person must look again.
    if case.step(step, number, day, due_days).is_err() {
        return Ok(());
    }
    rule(db, &mut case, &step.action)?;
    let note = if step.note.is_empty() { String::new() } else { format!(": {}", step.note) };
    said(db, &case, number, &format!("{} by {}{note}", step.action.said(), step.by))?;
    put(db, &case, &key, &squeezed)
}

fn said(db: &Connection, case: &Case, number: u64, text: &str) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO case_event VALUES (?, ?, ?, ?)")?
        .execute(params![case.id, case.revision as i64, number as i64, text])
        .map(drop)
}

fn put(db: &Connection, case: &Case, key: &[u8], squeezed: &str) -> rusqlite::Result<()> {
    let body = serde_json::to_string(case).expect("a case has a JSON form");
    db.prepare_cached("INSERT OR REPLACE INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?
        .execute(params![
            case.id,
            key,
            case.state.as_str(),
            case.assignee,
            case.queue,
            case.due.to_string(),
            case.list,
            case.entry,
            squeezed,
            body
        ])
        .map(drop)
}

pub(super) fn read(body: &str) -> rusqlite::Result<Case> {
    serde_json::from_str(body).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))
}
