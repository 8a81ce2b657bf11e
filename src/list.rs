//! Lists: from a publisher's file to the immutable [`Snapshot`] that everything is screened against.
//!
//! One adapter per publisher format lives in `list/`; the format is recognised by content, never by file name.
//! Reading is all or nothing: an error names file, line and field, and leaves no half-read list behind.
//! Repairs of known damage are counted per list and shown; what cannot be repaired is an error.

mod build;
mod builtin;
mod catalogue;
mod csl;
mod curated;
mod delta;
mod details;
mod dfat;
mod dpl;
mod draft;
mod error;
mod eu;
mod fingerprint;
mod format;
mod freshness;
pub mod guard;
mod identifiers;
mod link;
mod markers;
mod names;
mod nationality;
mod ofac;
mod open;
mod opensanctions;
mod own;
mod seco;
mod sema;
mod spelling;
pub mod store;
mod table;
mod uk;
mod un;
mod xml;

pub use catalogue::{Catalogue, KnownList, Publication, RemoteFile, Terms, Token, catalogue};
pub use delta::{Change, Delta, FieldChange, ListDelta};
pub use error::{Error, FORMATS};
pub use format::Format;
pub use freshness::{Freshness, ListAge, StaleAfter};
pub use link::{Agreement, LinkedBy, Parties, shares_citation};

use crate::entry::{Entry, ListId};
use crate::finding::{ListUsed, UsedPublication};
use draft::{Draft, Loaded};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// Where a list is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The curated lists that ship inside the binary.
    Builtin,
    /// A file, plain, `.gz` or `.zip`, in any known format; or a folder with the three files of OFAC's legacy format.
    Path(PathBuf),
    /// A data directory: every publication that is in force in it. An empty one holds no list.
    Store(PathBuf),
    /// A data directory as it was known on a day.
    StoreOn(PathBuf, Date),
}

/// One list as loaded from one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListInfo {
    /// List id.
    pub id: ListId,
    /// Title, for example "BIS Entity List".
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// The path it was read from, or `builtin`.
    pub source: String,
    /// Publication date, where the file gives one.
    pub published: Option<Date>,
    /// Records of the file that were read, those included that hold no row of their own; several may make one row.
    pub records: u32,
    /// Rows in force from this source, those that a later source replaced not counted.
    pub entries: u32,
    /// Names of those rows, aliases included.
    pub names: u32,
    /// Repairs made while reading: kind and count, in kind order.
    pub repairs: Vec<(&'static str, u32)>,
}

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
    fn sealed(entries: Vec<Entry>, mut lists: Vec<ListInfo>) -> Self {
        lists.sort_by(|a, b| (&a.id, &a.source).cmp(&(&b.id, &b.source)));
        let fingerprint = fingerprint::of(&entries);
        Self { entries, lists, fingerprint }
    }

    /// Every row, ordered by list and id.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The lists, ordered by id and source.
    pub fn lists(&self) -> &[ListInfo] {
        &self.lists
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

/// Reads one file and says what is in it: each list with its rows, names and repairs.
///
/// # Errors
/// As [`Snapshot::load`].
pub fn check(path: &Path) -> Result<Vec<ListInfo>, Error> {
    Ok(read_path(path, open::LIMITS)?.infos)
}

/// What a file is, from its content.
///
/// # Errors
/// When it cannot be opened, is damaged, or is no format that we read.
pub fn format_of(path: &Path) -> Result<Format, Error> {
    let mut told = None;
    // Nothing is read but the first bytes.
    open::pieces(path, open::LIMITS, &mut |_, found, _| {
        told = Some(match found {
            open::Found::Legacy(_) => Format::OfacLegacyCsv,
            open::Found::Format(format) => format,
        });
        Ok(())
    })?;
    told.ok_or_else(|| Error::Empty { file: path.display().to_string() })
}

/// Reads content as this format, whatever it looks like, and says how many rows it has; for fuzzing each reader.
///
/// # Errors
/// As [`check`].
#[doc(hidden)]
pub fn probe(format: Format, content: &[u8]) -> Result<usize, Error> {
    let draft = match format {
        // The three tables one after the other, each behind a byte 0.
        Format::OfacLegacyCsv => {
            let mut legacy = ofac::Legacy::default();
            let tables = content.split(|b| *b == 0).chain(std::iter::repeat(&[][..]));
            for (part, table) in ofac::Part::ALL.into_iter().zip(tables) {
                legacy.take("content", part, table)?;
            }
            legacy.finish("content")?
        }
        other => read_format(other, "content", &mut { content })?,
    };
    Ok(draft.finish()?.entries.len())
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

fn read(source: &Source) -> Result<Vec<Loaded>, Error> {
    match source {
        Source::Path(path) => Ok(vec![read_path(path, open::LIMITS)?]),
        Source::Builtin => read_builtin(builtin::FILES),
        Source::Store(root) => read_store(root, None),
        Source::StoreOn(root, day) => read_store(root, Some(*day)),
    }
}

/// The publications of a data directory, read side by side.
fn read_store(root: &Path, day: Option<Date>) -> Result<Vec<Loaded>, Error> {
    let store_error = |error: store::Error| match error {
        store::Error::List(error) => error,
        other => Error::Store { problem: other.to_string() },
    };
    let store = store::Store::existing(root).map_err(store_error)?;
    let read = |store: &store::Store| {
        let chosen = match day {
            None => store.current()?,
            Some(day) => store.known_on(day)?,
        };
        let loaded: Result<Vec<Loaded>, store::Error> = chosen
            .par_iter()
            .map(|stored| {
                store.verify(stored)?;
                let mut loaded = read_path(&stored.path, open::LIMITS)?;
                for info in &mut loaded.infos {
                    info.source = stored.source();
                }
                Ok(loaded)
            })
            .collect();
        loaded
    };
    store.reading(read).map_err(store_error)
}

/// The built-in files as one source: a list may stand in several of them, a row in one only.
fn read_builtin(files: &[(&str, &str)]) -> Result<Vec<Loaded>, Error> {
    let mut all = Draft::new("builtin");
    for (name, text) in files {
        all.absorb(curated::read_text(name, text)?);
    }
    Ok(vec![all.finish()?])
}

fn read_path(path: &Path, limits: open::Limits) -> Result<Loaded, Error> {
    let file = path.display().to_string();
    let mut draft = None;
    let mut legacy: Option<ofac::Legacy> = None;
    open::pieces(path, limits, &mut |name, found, content| {
        match found {
            open::Found::Legacy(part) => legacy.get_or_insert_default().take(name, part, content)?,
            open::Found::Format(format) => draft = Some(read_format(format, &file, content)?),
        }
        Ok(())
    })?;
    match (draft, legacy) {
        (_, Some(legacy)) => legacy.finish(&file)?.finish(),
        (Some(draft), None) => draft.finish(),
        (None, None) => Err(Error::NoRows { file }),
    }
}

fn read_format(format: Format, file: &str, content: &mut dyn BufRead) -> Result<Draft, Error> {
    match format {
        Format::UsCslCsv => csl::read(file, content),
        Format::UsCslJson => csl::read_json(file, content),
        Format::OfacXml => ofac::read(file, content),
        Format::OfacEnhancedXml => ofac::read_enhanced(file, content),
        Format::OfacAdvancedXml => ofac::read_advanced(file, content),
        Format::BisDpl => dpl::read(file, content),
        Format::UnXml => un::read(file, content),
        Format::EuFsfXml => eu::read_xml(file, content),
        Format::EuFsfCsv => eu::read_csv(file, content),
        Format::UkOfsiCsv => uk::read_ofsi(file, content),
        Format::UkFcdoCsv => uk::read_fcdo(file, content),
        Format::UkFcdoXml => uk::read_xml(file, content),
        Format::AuDfatXlsx => {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes).map_err(|e| open::from_io(file, e))?;
            dfat::read(file, bytes)
        }
        Format::ChSecoXml => seco::read(file, content),
        Format::CaSemaXml => sema::read(file, content),
        Format::OpenSanctionsFtm => opensanctions::read_ftm(file, content),
        Format::OpenSanctionsCsv => opensanctions::read_simple(file, content),
        Format::OwnCsv => own::read(file, content),
        Format::Curated => curated::read(file, content),
        Format::OfacLegacyCsv => Err(Error::NoRows { file: file.into() }),
    }
}

#[cfg(test)]
#[path = "list/tests.rs"]
mod tests;
