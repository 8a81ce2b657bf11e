//! From sources to a snapshot: all or nothing, now or as known on a day.

use super::draft::Loaded;
use super::{Error, Source, store};
use jiff::civil::Date;
use model::entry::{Entry, ListId};
use model::finding::{ListUsed, UsedPublication};
use model::snapshot::{ListInfo, Snapshot, count};
use rayon::prelude::*;

/// Reads the sources, all or nothing.
///
/// Where two sources hold a row with the same list and id, the one of the source given later is in force; the
/// earlier source counts it as repair `superseded`.
///
/// # Errors
/// The first fault of the first source that has one; [`Error::NoSources`] when none is given.
pub fn load(sources: &[Source]) -> Result<Snapshot, Error> {
    if sources.is_empty() {
        return Err(Error::NoSources);
    }
    let mut rows: Vec<(Entry, usize)> = Vec::new();
    let mut infos: Vec<(ListInfo, usize)> = Vec::new();
    // Read side by side; the first fault of the first source that has one is told.
    let read: Vec<Result<Vec<Loaded>, Error>> = sources.par_iter().map(super::read).collect();
    let mut given = 0;
    for source in read {
        for loaded in source? {
            rows.extend(loaded.entries.into_iter().map(|e| (e, given)));
            infos.extend(loaded.infos.into_iter().map(|i| (i, given)));
            given += 1;
        }
    }
    if rows.is_empty() {
        return Err(Error::NoSources);
    }
    // The later source first among equals, so that it is the one kept.
    rows.sort_by(|(a, given_a), (b, given_b)| a.key().cmp(&b.key()).then(given_b.cmp(given_a)));
    let mut entries: Vec<Entry> = Vec::with_capacity(rows.len());
    for (entry, given) in rows {
        if entries.last().is_some_and(|last| last.key() == entry.key()) {
            supersede(&mut infos, &entry, given);
        } else {
            entries.push(entry);
        }
    }
    seal(entries, infos.into_iter().map(|(info, _)| info).collect())
}

/// What was known on a day: of each publication in a data directory the one that was known then, whole, and of
/// every other list the rows that were known by their own dates. Gives, for each list, what was used.
///
/// # Errors
/// As [`load`].
pub fn known_on(sources: &[Source], day: Date) -> Result<(Snapshot, Vec<ListUsed>), Error> {
    let mut of_rows: Vec<Source> = Vec::new();
    let mut stored: Vec<Source> = Vec::new();
    let mut used: Vec<ListUsed> = Vec::new();
    for source in sources {
        of_rows.push(source.clone());
        if let Source::Store(root) = source {
            let store_error = |e: store::Error| Error::Store { problem: e.to_string() };
            for held in store::Store::open(root).and_then(|s| s.known_on(day)).map_err(store_error)? {
                used.extend(held.held.lists.iter().map(|list| ListUsed {
                    list: list.id.clone(),
                    publication: Some(UsedPublication {
                        published: held.held.published,
                        fetched_at: held.held.fetched_at.to_string(),
                        sha256: held.held.digest.clone(),
                    }),
                }));
            }
            stored.push(Source::StoreOn(root.clone(), day));
        }
    }
    let is_stored = |list: &ListId| used.iter().any(|u| u.list == *list);
    // Of lists that have a publication of that day, nothing that is newer.
    let (mut entries, mut lists) = load(&of_rows)?.into_parts();
    entries.retain(|e| !is_stored(&e.list) && e.in_force(None, Some(day)));
    lists.retain(|l| !is_stored(&l.id));
    if !used.is_empty() {
        let then = load(&stored)?.into_parts();
        entries.extend(then.0);
        lists.extend(then.1);
    }
    for list in &lists {
        if !used.iter().any(|u| u.list == list.id) {
            used.push(ListUsed { list: list.id.clone(), publication: None });
        }
    }
    used.sort_by(|a, b| a.list.cmp(&b.list));
    used.dedup_by(|a, b| a == b);
    Ok((seal(entries, lists)?, used))
}

/// Seals entries of which each has its own list and id.
fn seal(entries: Vec<Entry>, lists: Vec<ListInfo>) -> Result<Snapshot, Error> {
    Snapshot::from_entries(entries, lists).map_err(|error| Error::Duplicate {
        file: "entries".into(),
        list: error.list.to_string(),
        id: error.id,
        line: 0,
        first: 0,
    })
}

/// Takes a row that a later source replaced out of the count of its own source.
fn supersede(infos: &mut [(ListInfo, usize)], entry: &Entry, given: usize) {
    for (info, _) in infos.iter_mut().filter(|(i, from)| *from == given && i.id == entry.list) {
        info.entries = info.entries.saturating_sub(1);
        info.names = info.names.saturating_sub(count(entry.names.len()));
        match info.repairs.iter_mut().find(|(kind, _)| *kind == "superseded") {
            Some((_, count)) => *count += 1,
            None => {
                info.repairs.push(("superseded", 1));
                info.repairs.sort_unstable();
            }
        }
    }
}
