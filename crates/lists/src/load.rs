//! From sources to a snapshot: all or nothing, now or as known on a day.

use crate::build::SourceEntries;
use crate::error::Error;
use crate::memory;
use crate::reading::{Reading, SourceRead, modified};
use crate::source::{BUILTIN, CURATED, LIMITS, read_builtin, read_curated, read_path};
use crate::store::{Store, StoreError};
use jiff::civil::Date;
use model::entry::{Entry, ListId};
use model::finding::{ListUsed, UsedPublication};
use model::snapshot::{ListInfo, Snapshot, count};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where lists are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The lists inside the program: the whole US lists and the curated entries. A whole list gives way to one that
    /// another source has.
    Builtin,
    /// The curated entries inside the program alone.
    Curated,
    /// A file, plain, `.gz` or `.zip`, in any known format; or a folder with the three files of OFAC's legacy format.
    Path(PathBuf),
    /// A data directory: every publication that is in force in it. One that is not there, or holds nothing in force, is
    /// an error.
    Store(PathBuf),
    /// A data directory as it was known on a day.
    StoreOn(PathBuf, Date),
}

/// Reads one file and says what is in it: each list with its entries, names and repairs.
///
/// # Errors
/// As [`load`].
pub fn check(path: &Path) -> Result<Vec<ListInfo>, Error> {
    Ok(read_path(path, LIMITS)?.infos)
}

/// Reads the sources, all or nothing.
///
/// Where two sources hold an entry with the same list and id, the one of the source given later is in force; the
/// earlier source counts it as repair `superseded`. A whole list inside the program is left out when a file or a data
/// directory has a list of that id, whatever is newer; the note of that list says so.
///
/// # Errors
/// The first fault of the first source that has one; [`Error::NoSources`] when none is given.
pub fn load(sources: &[Source]) -> Result<Snapshot, Error> {
    Ok(read_all(sources)?.snapshot)
}

/// As [`load`], with what was read from each source: what ages, the guard and required lists rest on.
///
/// # Errors
/// As [`load`].
pub fn read_all(sources: &[Source]) -> Result<Reading, Error> {
    // Read side by side, in the order given.
    let taken = AtomicU64::new(0);
    let read = |source: &Source| within_budget(read(source)?, &taken);
    let read: Vec<Result<Vec<(SourceEntries, SourceRead)>, Error>> = sources.par_iter().map(read).collect();
    let mut read: Vec<(SourceEntries, SourceRead)> =
        read.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    replace_builtin(&mut read);
    let mut all: Vec<Vec<Entry>> = Vec::new();
    let mut infos: Vec<(ListInfo, usize)> = Vec::new();
    let mut reads = Vec::new();
    for (given, (one, said)) in read.into_iter().enumerate() {
        reads.push(said);
        all.push(one.entries);
        infos.extend(one.infos.into_iter().map(|i| (i, given)));
    }
    let entries = joined(all, |entry, given| supersede(&mut infos, entry, given));
    if entries.is_empty() {
        return Err(Error::NoSources);
    }
    let snapshot = Snapshot::from_entries(entries, infos.into_iter().map(|(info, _)| info).collect())?;
    Ok(Reading { snapshot, sources: reads })
}

/// Refuses what takes more memory than is left for all lists.
fn within_budget(
    read: Vec<(SourceEntries, SourceRead)>,
    taken: &AtomicU64,
) -> Result<Vec<(SourceEntries, SourceRead)>, Error> {
    for (one, _) in &read {
        if taken.fetch_add(one.bytes, Ordering::Relaxed) + one.bytes > memory::of_all() {
            let file = one.infos.first().map(|info| info.source.clone()).unwrap_or_default();
            let limit = format!("all lists together may ({})", memory::in_words(memory::of_all()));
            return Err(Error::Memory { file, limit });
        }
    }
    Ok(read)
}

/// Entries of several sources, each in order, as one series in order; of two with one key the later source's stays, and
/// `superseded` hears of the other and its source. Moves the fewer to the more, as a list may be as large as memory allows.
fn joined(mut all: Vec<Vec<Entry>>, mut superseded: impl FnMut(&Entry, usize)) -> Vec<Entry> {
    for given in 0..all.len() {
        let (mut earlier, later) = (std::mem::take(&mut all[given]), &all[given + 1..]);
        let is_in = |others: &[Entry], entry: &Entry| others.binary_search_by(|o| o.key().cmp(&entry.key())).is_ok();
        earlier.retain(|entry| {
            let is_replaced = later.iter().any(|others| is_in(others, entry));
            if is_replaced {
                superseded(entry, given);
            }
            !is_replaced
        });
        all[given] = earlier;
    }
    all.sort_by_key(Vec::len);
    let Some(mut entries) = all.pop() else { return Vec::new() };
    if !all.is_empty() {
        all.into_iter().for_each(|mut others| entries.append(&mut others));
        entries.sort_unstable_by(|a, b| a.key().cmp(&b.key()));
    }
    entries
}

fn read(source: &Source) -> Result<Vec<(SourceEntries, SourceRead)>, Error> {
    match source {
        Source::Path(path) => {
            // Before it is read: what is written in between counts as newer.
            let modified = modified(path);
            let read = read_path(path, LIMITS)?;
            let said = SourceRead::of_file(path, modified, &read);
            Ok(vec![(read, said)])
        }
        Source::Builtin => {
            let (whole, curated) = rayon::join(read_builtin, curated);
            let whole = whole?;
            let said = SourceRead::builtin(&whole);
            let mut all = vec![(whole, said)];
            all.extend(curated?);
            Ok(all)
        }
        Source::Curated => curated(),
        Source::Store(root) => match read_store(root, None)? {
            read if read.is_empty() => Err(Error::NothingInForce { dir: root.display().to_string() }),
            read => Ok(read),
        },
        Source::StoreOn(root, day) => read_store(root, Some(*day)),
    }
}

fn curated() -> Result<Vec<(SourceEntries, SourceRead)>, Error> {
    let read = read_curated()?;
    let said = SourceRead::curated(&read);
    Ok(vec![(read, said)])
}

/// Leaves out the whole lists inside the program that another source has, and notes on each of those what it replaced.
fn replace_builtin(read: &mut [(SourceEntries, SourceRead)]) {
    let is_given = |info: &ListInfo| info.source != BUILTIN && info.source != CURATED;
    let given: BTreeSet<ListId> =
        read.iter().flat_map(|(one, _)| &one.infos).filter(|i| is_given(i)).map(|i| i.id.clone()).collect();
    let mut replaced: Vec<ListInfo> = Vec::new();
    for (one, said) in read.iter_mut() {
        let (out, kept): (Vec<_>, Vec<_>) =
            one.infos.drain(..).partition(|i| i.source == BUILTIN && given.contains(&i.id));
        one.infos = kept;
        if !out.is_empty() {
            one.entries.retain(|e| !given.contains(&e.list));
            said.lists.retain(|l| !given.contains(&l.id));
            replaced.extend(out);
        }
    }
    for info in read.iter_mut().flat_map(|(one, _)| &mut one.infos).filter(|i| is_given(i)) {
        if let Some(builtin) = replaced.iter().find(|b| b.id == info.id) {
            let of = builtin.published.map_or_else(String::new, |day| format!(" of {day}"));
            info.note = format!("used in place of the list inside the program{of}");
        }
    }
}

/// The publications of a data directory, read side by side.
fn read_store(root: &Path, day: Option<Date>) -> Result<Vec<(SourceEntries, SourceRead)>, Error> {
    let store = Store::existing(root).map_err(list_error)?;
    let read = |store: &Store| {
        let chosen = match day {
            None => store.current()?,
            Some(day) => store.known_on(day)?,
        };
        let read = chosen.par_iter().map(|stored| {
            store.verify(stored)?;
            let mut read = read_path(&stored.path, LIMITS)?;
            for info in &mut read.infos {
                info.source = stored.source();
            }
            let said = SourceRead::stored(&stored.publication, &read);
            Ok((read, said))
        });
        read.collect::<Result<Vec<(SourceEntries, SourceRead)>, StoreError>>()
    };
    store.reading(read).map_err(list_error)
}

/// An error of the data directory as one of a list.
fn list_error(error: StoreError) -> Error {
    match error {
        StoreError::List(error) => error,
        other => Error::Store { problem: other.to_string() },
    }
}

/// What was known on a day: of each publication in a data directory the one that was known then, whole, and of
/// every other list the entries that were known by their own dates. Gives, for each list, what was used.
///
/// # Errors
/// As [`load`].
pub fn known_on(sources: &[Source], day: Date) -> Result<(Snapshot, Vec<ListUsed>), Error> {
    let mut of_entries: Vec<Source> = Vec::new();
    let mut stored: Vec<Source> = Vec::new();
    let mut used: Vec<ListUsed> = Vec::new();
    for source in sources {
        of_entries.push(source.clone());
        if let Source::Store(root) = source {
            for stored in Store::existing(root).and_then(|s| s.known_on(day)).map_err(list_error)? {
                used.extend(stored.held.lists.iter().map(|list| ListUsed {
                    list: list.id.clone(),
                    publication: Some(UsedPublication {
                        published: stored.held.published,
                        fetched_at: stored.held.fetched_at.to_string(),
                        sha256: stored.held.digest.clone(),
                    }),
                }));
            }
            stored.push(Source::StoreOn(root.clone(), day));
        }
    }
    let is_stored = |list: &ListId| used.iter().any(|u| u.list == *list);
    // Of lists that have a publication of that day, nothing that is newer.
    let (mut entries, mut lists) = load(&of_entries)?.into_parts();
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
    Ok((Snapshot::from_entries(entries, lists)?, used))
}

/// Takes an entry that a later source replaced out of the count of its own source.
fn supersede(infos: &mut [(ListInfo, usize)], entry: &Entry, given: usize) {
    for (info, _) in infos.iter_mut().filter(|(i, from)| *from == given && i.id == entry.list) {
        info.entries = info.entries.saturating_sub(1);
        info.names = info.names.saturating_sub(count(entry.names.len()));
        match info.repairs.iter_mut().find(|(kind, _)| kind == "superseded") {
            Some((_, count)) => *count += 1,
            None => {
                info.repairs.push(("superseded".into(), 1));
                info.repairs.sort_unstable();
            }
        }
    }
}
