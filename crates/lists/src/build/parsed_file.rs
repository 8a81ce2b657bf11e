//! The entries of one file: each with its line, repairs counted by list, and at the end the check that no two different
//! entries have one id.

use super::repairs::Repairs;
use crate::catalogue::{self, Format, Heading, is_known_field};
use crate::error::Error;
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
        }
    }

    /// Adds an entry that this many records of the file give.
    pub(super) fn push(&mut self, entry: Entry, line: u64, repairs: Repairs, records: u32) {
        *self.records.entry(entry.list.clone()).or_default() += records;
        self.repairs.entry(entry.list.clone()).or_default().merge(repairs);
        self.entries.push(ParsedEntry { line, entry });
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
        Ok(SourceEntries { entries, infos })
    }

    fn without_repeats(&mut self) -> Result<Vec<Entry>, Error> {
        let mut all = std::mem::take(&mut self.entries);
        // Stable: of two entries with one id, the first in the file stays first.
        all.sort_by(|a, b| a.entry.key().cmp(&b.entry.key()));
        let mut kept: Vec<ParsedEntry> = Vec::with_capacity(all.len());
        for next in all {
            match kept.last().filter(|last| last.entry.key() == next.entry.key()) {
                None => kept.push(next),
                Some(last) if last.entry == next.entry => {
                    self.repairs.entry(next.entry.list).or_default().add("repeated_row");
                }
                Some(last) => {
                    return Err(Error::Duplicate {
                        file: std::mem::take(&mut self.file),
                        list: next.entry.list.to_string(),
                        id: next.entry.id,
                        line: next.line,
                        first: last.line,
                    });
                }
            }
        }
        Ok(kept.into_iter().map(|one| one.entry).collect())
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
}

/// A count for a report; it stops at the largest number rather than wrap.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
