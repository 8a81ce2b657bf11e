//! All rows in force, from all sources: now, as known on a day, or in force on a day.

use super::draft::{self, Loaded};
use super::{Error, ListInfo, Source, catalogue, fingerprint, read, store};
use crate::entry::{Entry, ListId};
use crate::finding::{ListUsed, UsedPublication};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// All rows in force, immutable. Entries are ordered by list and id, each pair once.
#[derive(Clone, Debug)]
pub struct Snapshot {
    entries: Vec<Entry>,
    lists: Vec<ListInfo>,
    fingerprint: String,
}

impl Snapshot {
    /// Reads the sources, all or nothing.
    ///
    /// Where two sources hold a row with the same list and id, the one of the source given later is in force; the
    /// earlier source counts it as repair `superseded`.
    ///
    /// # Errors
    /// The first fault of the first source that has one; [`Error::NoSources`] when none is given.
    pub fn load(sources: &[Source]) -> Result<Self, Error> {
        if sources.is_empty() {
            return Err(Error::NoSources);
        }
        let mut rows: Vec<(Entry, usize)> = Vec::new();
        let mut infos: Vec<(ListInfo, usize)> = Vec::new();
        // Read side by side; the first fault of the first source that has one is told.
        let read: Vec<Result<Vec<Loaded>, Error>> = sources.par_iter().map(read).collect();
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
        rows.sort_by(|(a, given_a), (b, given_b)| place(a).cmp(&place(b)).then(given_b.cmp(given_a)));
        let mut entries: Vec<Entry> = Vec::with_capacity(rows.len());
        for (entry, given) in rows {
            if entries.last().is_some_and(|last| place(last) == place(&entry)) {
                supersede(&mut infos, &entry, given);
            } else {
                entries.push(entry);
            }
        }
        Ok(Self::sealed(entries, infos.into_iter().map(|(info, _)| info).collect()))
    }

    /// A snapshot of rows made by hand, for tests and tools. A list without a [`ListInfo`] gets one.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when two rows have the same list and id.
    pub fn from_entries(mut entries: Vec<Entry>, mut lists: Vec<ListInfo>) -> Result<Self, Error> {
        entries.sort_by(|a, b| place(a).cmp(&place(b)));
        if let Some(pair) = entries.windows(2).find(|w| place(&w[0]) == place(&w[1])) {
            let (list, id) = (pair[0].list.to_string(), pair[0].id.clone());
            return Err(Error::Duplicate { file: "entries".into(), list, id, line: 0, first: 0 });
        }
        for rows in entries.chunk_by(|a, b| a.list == b.list) {
            let id = &rows[0].list;
            if lists.iter().all(|l| l.id != *id) {
                let heading = catalogue::heading(id);
                lists.push(ListInfo {
                    id: id.clone(),
                    title: heading.title,
                    publisher: heading.publisher,
                    source: "entries".into(),
                    published: None,
                    records: draft::count(rows.len()),
                    entries: draft::count(rows.len()),
                    names: draft::count(rows.iter().map(|e| e.names.len()).sum()),
                    repairs: Vec::new(),
                });
            }
        }
        Ok(Self::sealed(entries, lists))
    }

    /// The snapshot of rows that are ordered and unique.
    fn sealed(mut entries: Vec<Entry>, mut lists: Vec<ListInfo>) -> Self {
        // Readers push one after the other; what they had in reserve would be kept as long as the rows.
        entries.shrink_to_fit();
        for entry in &mut entries {
            entry.names.shrink_to_fit();
            entry.names.iter_mut().for_each(|name| name.text.shrink_to_fit());
            entry.addresses.shrink_to_fit();
            entry.identifiers.shrink_to_fit();
        }
        lists.sort_by(|a, b| (&a.id, &a.source).cmp(&(&b.id, &b.source)));
        let fingerprint = fingerprint::of(&entries);
        Self { entries, lists, fingerprint }
    }

    /// Whether it says the same as `other`: the same rows, from the same publications.
    pub fn is_as(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint && self.lists == other.lists
    }

    /// Every row, ordered by list and id.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The lists, ordered by id and source.
    pub fn lists(&self) -> &[ListInfo] {
        &self.lists
    }

    /// `sha256:` and 64 hexadecimal digits over every field of one row: another value says that the publisher, or the
    /// reading of its file, has changed it.
    pub fn row_fingerprint(entry: &Entry) -> String {
        fingerprint::of_row(entry)
    }

    /// `sha256:` and 64 hexadecimal digits over every row; the same rows give the same fingerprint, wherever they were read.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The title of a list; its id when it has none.
    pub fn title<'a>(&'a self, list: &'a ListId) -> &'a str {
        self.lists.iter().find(|l| l.id == *list).map_or(list.as_str(), |l| l.title.as_str())
    }

    /// The row with this id, in this list or, without one, in the first list that has it.
    pub fn entry(&self, list: Option<&str>, id: &str) -> Option<&Entry> {
        let find = |list: &str| {
            let at = self.entries.binary_search_by(|e| (e.list.as_str(), e.id.as_str()).cmp(&(list, id))).ok()?;
            self.entries.get(at)
        };
        match list {
            Some(list) => find(list),
            None => self.lists.iter().map(|l| l.id.as_str()).collect::<BTreeSet<_>>().into_iter().find_map(find),
        }
    }
}

impl Snapshot {
    /// What was known on a day: of each publication in a data directory the one that was known then, whole, and of
    /// every other list the rows that were known by their own dates. Gives, for each list, what was used.
    ///
    /// # Errors
    /// As [`Snapshot::load`].
    pub fn known_on(sources: &[Source], day: Date) -> Result<(Self, Vec<ListUsed>), Error> {
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
        let mut now = Self::load(&of_rows)?;
        now.entries.retain(|e| !is_stored(&e.list) && e.in_force(None, Some(day)));
        now.lists.retain(|l| !is_stored(&l.id));
        let mut entries = now.entries;
        let mut lists = now.lists;
        if !used.is_empty() {
            let then = Self::load(&stored)?;
            entries.extend(then.entries);
            lists.extend(then.lists);
        }
        for list in &lists {
            if !used.iter().any(|u| u.list == list.id) {
                used.push(ListUsed { list: list.id.clone(), publication: None });
            }
        }
        used.sort_by(|a, b| a.list.cmp(&b.list));
        used.dedup_by(|a, b| a == b);
        entries.sort_by(|a, b| place(a).cmp(&place(b)));
        Ok((Self::sealed(entries, lists), used))
    }

    /// The rows in force on a day, by their own dates.
    #[must_use]
    pub fn in_force_on(mut self, day: Date) -> Self {
        self.entries.retain(|e| e.in_force(Some(day), None));
        for info in &mut self.lists {
            (info.entries, info.names) = (0, 0);
        }
        for rows in self.entries.chunk_by(|a, b| a.list == b.list) {
            // A list from several files: which row came from which is not known any more.
            if let Some(info) = self.lists.iter_mut().find(|l| l.id == rows[0].list) {
                info.entries = draft::count(rows.len());
                info.names = draft::count(rows.iter().map(|e| e.names.len()).sum());
            }
        }
        Self::sealed(self.entries, self.lists)
    }

    /// This snapshot, with the rows of an older one that it does not have: what was dropped since.
    pub fn with_dropped(&self, older: &Self) -> Self {
        let mut entries = self.entries.clone();
        let dropped = older.entries.iter().filter(|e| self.entry(Some(e.list.as_str()), &e.id).is_none());
        entries.extend(dropped.cloned());
        entries.sort_by(|a, b| place(a).cmp(&place(b)));
        Self::sealed(entries, self.lists.clone())
    }
}

/// Where a row stands in a snapshot.
fn place(entry: &Entry) -> (&ListId, &str) {
    (&entry.list, &entry.id)
}

/// Takes a row that a later source replaced out of the count of its own source.
fn supersede(infos: &mut [(ListInfo, usize)], entry: &Entry, given: usize) {
    for (info, _) in infos.iter_mut().filter(|(i, from)| *from == given && i.id == entry.list) {
        info.entries = info.entries.saturating_sub(1);
        info.names = info.names.saturating_sub(draft::count(entry.names.len()));
        match info.repairs.iter_mut().find(|(kind, _)| *kind == "superseded") {
            Some((_, count)) => *count += 1,
            None => {
                info.repairs.push(("superseded", 1));
                info.repairs.sort_unstable();
            }
        }
    }
}
