//! The entries of one file: each with its line, repairs counted by list, and at the end the check that no two different
//! entries have one id.

use super::repairs::Repairs;
use crate::catalogue::{self, Format, Heading, is_known_field};
use crate::error::Error;
use crate::memory;
use jiff::civil::Date;
use model::entry::{Entry, ListId};
use model::snapshot::ListInfo;
use std::collections::BTreeMap;

struct ParsedEntry {
    line: u64,
    entry: Entry,
}

/// Where a list inside the program comes from, and how old it may grow.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The day of the publisher's edition.
    pub(crate) published: Date,
    /// The day on which it was the publisher's current one.
    pub(crate) read: Date,
    /// Hours after that day until the list is stale.
    pub(crate) fresh_hours: u32,
    /// What a reader of the list must know.
    pub(crate) note: String,
}

/// The entries of one file, as every reader delivers them.
pub(crate) struct ParsedFile {
    file: String,
    entries: Vec<ParsedEntry>,
    repairs: BTreeMap<ListId, Repairs>,
    records: BTreeMap<ListId, u32>,
    headings: BTreeMap<ListId, Heading>,
    origins: BTreeMap<ListId, Origin>,
    published: Option<Date>,
    /// Names and bytes of the entries so far.
    names: u64,
    bytes: u64,
}

impl ParsedFile {
    /// No entries yet, of the file with this name.
    pub(crate) fn new(file: &str) -> Self {
        Self {
            file: file.into(),
            entries: Vec::new(),
            repairs: BTreeMap::new(),
            records: BTreeMap::new(),
            headings: BTreeMap::new(),
            origins: BTreeMap::new(),
            published: None,
            names: 0,
            bytes: 0,
        }
    }

    /// Adds an entry that this many records of the file give.
    ///
    /// # Errors
    /// When the file then has more entries or names, or takes more memory, than a list may.
    pub(super) fn push(&mut self, mut entry: Entry, line: u64, repairs: Repairs, records: u32) -> Result<(), Error> {
        match self.records.get_mut(&entry.list) {
            Some(known) => *known += records,
            None => _ = self.records.insert(entry.list.clone(), records),
        }
        if !repairs.is_empty() {
            self.repairs.entry(entry.list.clone()).or_default().merge(repairs);
        }
        // One text for the list's id, however many entries it has, and no spare room in any of them.
        if let Some(last) = self.entries.last().filter(|last| last.entry.list == entry.list) {
            entry.list = last.entry.list.clone();
        }
        entry.shrink();
        self.names += entry.names.len() as u64;
        self.bytes += entry.memory() as u64;
        self.entries.push(ParsedEntry { line, entry });
        let budget = |limit: String| Err(Error::Budget { file: self.file.clone(), line, limit });
        if self.entries.len() as u64 > memory::MAX_ENTRIES {
            return budget(format!("{} entries", memory::MAX_ENTRIES));
        }
        if self.names > memory::MAX_NAMES {
            return budget(format!("{} names", memory::MAX_NAMES));
        }
        if self.bytes > memory::of_list() {
            let limit = format!("one list may ({}), at line {line}", memory::in_words(memory::of_list()));
            return Err(Error::Memory { file: self.file.clone(), limit });
        }
        Ok(())
    }

    /// Names a list; without this the catalogue of known lists does.
    pub(crate) fn name_list(&mut self, id: ListId, heading: Heading) {
        self.headings.insert(id, heading);
    }

    /// Counts a record that gives no entry, and why.
    pub(crate) fn skipped_record(&mut self, list: &str, kind: &'static str) {
        let list = ListId::new(list);
        *self.records.entry(list.clone()).or_default() += 1;
        self.repairs.entry(list).or_default().add(kind);
    }

    /// Counts the columns of a file that its reader neither reads nor leaves on purpose. `columns` are those it does not
    /// read.
    pub(crate) fn unknown_columns(&mut self, list: &str, format: Format, columns: &[String]) {
        let unknown = columns.iter().filter(|column| !is_known_field(format, column)).count();
        self.repaired(list, "unknown_column", unknown);
    }

    /// Counts the elements and attributes of a file that its reader neither reads nor leaves on purpose.
    pub(crate) fn unknown_elements(&mut self, list: &str, format: Format, seen: &[String]) {
        let unknown = seen.iter().filter(|field| !is_known_field(format, field)).count();
        self.repaired(list, "unknown_element", unknown);
    }

    /// Counts repairs that belong to no entry.
    pub(crate) fn repaired(&mut self, list: &str, kind: &'static str, times: usize) {
        if times > 0 {
            self.repairs.entry(ListId::new(list)).or_default().add_many(kind, count(times));
        }
    }

    /// Says where a list comes from that has no file of its own.
    pub(crate) fn set_origin(&mut self, list: &str, origin: Origin) {
        self.origins.insert(ListId::new(list), origin);
    }

    /// Sets how many records a list comes from, where its entries do not say.
    pub(crate) fn set_records(&mut self, list: &str, records: u32) {
        self.records.insert(ListId::new(list), records);
    }

    /// Sets the publication date of the file.
    pub(crate) fn set_published(&mut self, date: Date) {
        self.published = Some(date);
    }

    /// Adds the entries of another file. This file counts as their source.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.names += other.names;
        self.bytes += other.bytes;
        self.headings.extend(other.headings);
        self.origins.extend(other.origins);
        for (list, repairs) in other.repairs {
            self.repairs.entry(list).or_default().merge(repairs);
        }
        for (list, records) in other.records {
            *self.records.entry(list).or_default() += records;
        }
    }

    /// The entries in order of list and id, and what to say of each list.
    ///
    /// An entry that repeats another in every field is dropped and counted as `repeated_row` (the Consolidated
    /// Screening List of May 2022 gives CAPTA row 15268 twice).
    ///
    /// # Errors
    /// When there is no entry, or two different ones have the same list and id.
    pub(crate) fn finish(mut self) -> Result<SourceEntries, Error> {
        if self.entries.is_empty() {
            return Err(Error::NoEntries { file: self.file });
        }
        let entries = self.without_repeats()?;
        let infos = entries.chunk_by(|a, b| a.list == b.list).map(|list| self.info(list)).collect();
        Ok(SourceEntries { entries, infos, bytes: self.bytes })
    }

    fn without_repeats(&mut self) -> Result<Vec<Entry>, Error> {
        let mut all = std::mem::take(&mut self.entries);
        // Of two entries with one id, the first in the file stays first. In place: a list may be as large as memory allows.
        all.sort_unstable_by(|a, b| a.entry.key().cmp(&b.entry.key()).then(a.line.cmp(&b.line)));
        let mut duplicate = None;
        all.dedup_by(|next, last| {
            if last.entry.key() != next.entry.key() {
                return false;
            }
            if last.entry == next.entry {
                self.repairs.entry(next.entry.list.clone()).or_default().add("repeated_row");
                return true;
            }
            duplicate.get_or_insert_with(|| (next.entry.list.to_string(), next.entry.id.clone(), next.line, last.line));
            false
        });
        if let Some((list, id, line, first)) = duplicate {
            return Err(Error::Duplicate { file: std::mem::take(&mut self.file), list, id, line, first });
        }
        Ok(all.into_iter().map(|one| one.entry).collect())
    }

    /// What to say of a list, from its entries.
    fn info(&mut self, entries: &[Entry]) -> ListInfo {
        let id = entries[0].list.clone();
        let heading = self.headings.remove(&id).unwrap_or_else(|| catalogue::heading(&id));
        let origin = self.origins.remove(&id);
        ListInfo {
            title: heading.title,
            publisher: heading.publisher,
            source: self.file.clone(),
            published: origin.as_ref().map(|o| o.published).or(self.published),
            read: origin.as_ref().map(|o| o.read),
            fresh_hours: origin.as_ref().map_or(0, |o| o.fresh_hours),
            note: origin.map(|o| o.note).unwrap_or_default(),
            records: self.records.remove(&id).unwrap_or_default(),
            entries: count(entries.len()),
            names: count(entries.iter().map(|e| e.names.len()).sum()),
            repairs: self.repairs.remove(&id).unwrap_or_default().into_counts(),
            id,
        }
    }
}

/// What one source holds: entries in order of list and id, each pair once, and what to say of each list.
pub(crate) struct SourceEntries {
    pub(crate) entries: Vec<Entry>,
    pub(crate) infos: Vec<ListInfo>,
    /// Bytes that the entries take, about.
    pub(crate) bytes: u64,
}

/// A count for a report; it stops at the largest number rather than wrap.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
