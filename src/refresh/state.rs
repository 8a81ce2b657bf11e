//! What a data directory holds of each publication, and when its publisher is asked next.

use super::pace::Pace;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use lists::store::{Record, Store, StoreError};
use std::collections::BTreeSet;
use wire::v1;

/// What a data directory holds of one publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicationState {
    /// Its id in the catalogue.
    pub publication: String,
    /// Ids of its lists: those in force of it, or those the catalogue expects where none is.
    pub lists: Vec<String>,
    /// Day of publication of the one in force; `None` when none is, or the file gives none.
    pub published: Option<Date>,
    /// When the one in force was fetched; `None` when none is.
    pub fetched_at: Option<Timestamp>,
    /// When its publisher last confirmed it.
    pub checked_at: Option<Timestamp>,
    /// When its publisher is asked next; `None` when nothing asks.
    pub next_check: Option<Timestamp>,
    /// Attempts in a row that failed.
    pub failures: u32,
    /// How often, when and why the last attempts failed, in words.
    pub last_failure: Option<String>,
    /// Which newer publication is quarantined and why, in words.
    pub quarantined: Option<String>,
}

/// The ids of the publications that are fetched where these are asked for: where none is, those the catalogue marks.
pub fn wanted(ids: &[String]) -> BTreeSet<String> {
    match ids {
        [] => lists::catalogue().defaults().map(|p| p.id.clone()).collect(),
        ids => ids.iter().cloned().collect(),
    }
}

/// The publications of a data directory, and those of `wanted` that it does not have yet, in order of their ids.
///
/// The wanted ones are asked again by `pace`, at a moment that varies by a tenth; those never asked at once, `now`.
///
/// # Errors
/// When a history cannot be read.
pub fn states(
    store: &Store,
    wanted: &BTreeSet<String>,
    pace: Option<&Pace>,
    now: Timestamp,
) -> Result<Vec<PublicationState>, StoreError> {
    let mut records = store.records()?;
    for id in wanted {
        if records.iter().all(|r| r.publication != *id) {
            records.push(store.record(id)?);
        }
    }
    records.sort_by(|a, b| a.publication.cmp(&b.publication));
    let next = |record: &Record| {
        pace.filter(|_| wanted.contains(&record.publication)).map(|pace| next_check(record, pace).unwrap_or(now))
    };
    Ok(records.iter().map(|record| PublicationState { next_check: next(record), ..state(record) }).collect())
}

fn state(record: &Record) -> PublicationState {
    let in_force = record.in_force();
    let expected = || {
        let known = lists::catalogue().publication(&record.publication);
        known.map(|p| p.lists.iter().map(ToString::to_string).collect()).unwrap_or_default()
    };
    let failed = record.last.as_ref().filter(|_| record.failures > 0).map(|last| {
        let failures = match record.failures {
            1 => "one failure, at".to_owned(),
            many => format!("{many} failures, the last at"),
        };
        let none = if in_force.is_none() { "; no publication is in force" } else { "" };
        format!("{failures} {}: {}{none}", last.at, last.line)
    });
    let quarantined = record
        .quarantined()
        .last()
        .map(|held| format!("the publication of {} is quarantined: {}", held.known_from(), held.reasons.join("; ")));
    PublicationState {
        publication: record.publication.clone(),
        lists: in_force.map_or_else(expected, |held| held.lists.iter().map(|l| l.id.to_string()).collect()),
        published: in_force.and_then(|held| held.published),
        fetched_at: in_force.map(|held| held.fetched_at),
        checked_at: record.checked_at,
        next_check: None,
        failures: record.failures,
        last_failure: failed,
        quarantined,
    }
}

/// When a publication is due by its history; `None` when it was never asked for.
fn next_check(record: &Record, pace: &Pace) -> Option<Timestamp> {
    let last = record.last.as_ref()?.at;
    let wait = if record.failures > 0 { pace.after_failures(record.failures) } else { pace.interval };
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    Some(last.saturating_add(wait).unwrap_or(Timestamp::MAX))
}

impl PublicationState {
    /// For the wire.
    pub fn to_wire(&self) -> v1::PublicationStatus {
        let time = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
        v1::PublicationStatus {
            publication: self.publication.clone(),
            lists: self.lists.clone(),
            published: self.published.map_or_else(String::new, |day| day.to_string()),
            fetched_at: time(self.fetched_at),
            checked_at: time(self.checked_at),
            next_check: time(self.next_check),
            failures: self.failures,
            last_failure: self.last_failure.clone().unwrap_or_default(),
            quarantined: self.quarantined.clone().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_is_wanted_is_due_at_once_and_after_failures_later_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let (hour, minute) = (Duration::from_secs(3_600), Duration::from_secs(60));
        let pace = Pace { interval: hour, retry: minute, seed: 0 };
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let wanted = BTreeSet::from(["un-sc".to_owned()]);
        let state = || states(&store, &wanted, Some(&pace), now).unwrap().remove(0);
        let first = state();
        assert_eq!((first.next_check, first.fetched_at, first.failures), (Some(now), None, 0));
        assert_eq!((first.lists, first.last_failure), (vec!["un-sc".to_owned()], None));
        for (failures, minutes) in [(1, 1), (2, 2), (3, 4)] {
            store.note_failure("un-sc", now, "no route").unwrap();
            let state = state();
            assert_eq!(state.next_check, Some(now + SignedDuration::from_mins(minutes)));
            assert_eq!(state.failures, failures);
            let why = state.last_failure.unwrap();
            assert!(why.ends_with("no route; no publication is in force"), "{why}");
        }
        // What nothing keeps current has no next check.
        assert_eq!(states(&store, &wanted, None, now).unwrap()[0].next_check, None);
        assert_eq!(states(&store, &BTreeSet::new(), Some(&pace), now).unwrap()[0].next_check, None);
    }
}
