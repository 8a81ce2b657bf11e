//! The rows of one file while it is read: each with its line, repairs counted by list, and at the end the check that
//! no two different rows stand under one id.

use super::ListInfo;
use super::catalogue;
use super::error::Error;
use jiff::civil::Date;
use model::entry::{Entry, ListId};
use std::collections::BTreeMap;

/// Repairs by kind. Kinds are stable, lower case with underscores.
#[derive(Clone, Debug, Default)]
pub(super) struct Repairs(BTreeMap<&'static str, u32>);

impl Repairs {
    /// Counts one repair.
    pub(super) fn add(&mut self, kind: &'static str) {
        *self.0.entry(kind).or_default() += 1;
    }

    /// How often a kind was counted.
    #[cfg(test)]
    pub(super) fn count(&self, kind: &str) -> u32 {
        self.0.get(kind).copied().unwrap_or(0)
    }

    /// Takes the counts of another in.
    pub(super) fn merge(&mut self, other: Self) {
        for (kind, count) in other.0 {
            *self.0.entry(kind).or_default() += count;
        }
    }
}

/// Title and publisher of a list.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub(super) title: String,
    pub(super) publisher: String,
}

struct Row {
    line: u64,
    entry: Entry,
}

/// The rows of one file.
pub(super) struct Draft {
    file: String,
    rows: Vec<Row>,
    repairs: BTreeMap<ListId, Repairs>,
    records: BTreeMap<ListId, u32>,
    headings: BTreeMap<ListId, Heading>,
    published: Option<Date>,
}

impl Draft {
    /// An empty draft of the file with this name.
    pub(super) fn new(file: &str) -> Self {
        Self {
            file: file.into(),
            rows: Vec::new(),
            repairs: BTreeMap::new(),
            records: BTreeMap::new(),
            headings: BTreeMap::new(),
            published: None,
        }
    }

    /// Adds a row that stands in one record of the file.
    pub(super) fn push(&mut self, entry: Entry, line: u64, repairs: Repairs) {
        self.push_many(entry, line, repairs, 1);
    }

    /// Adds a row that stands in several records of the file.
    pub(super) fn push_many(&mut self, entry: Entry, line: u64, repairs: Repairs, records: u32) {
        *self.records.entry(entry.list.clone()).or_default() += records;
        self.repairs.entry(entry.list.clone()).or_default().merge(repairs);
        self.rows.push(Row { line, entry });
    }

    /// Names a list; without this the catalogue of known lists does.
    pub(super) fn name_list(&mut self, id: ListId, heading: Heading) {
        self.headings.insert(id, heading);
    }

    /// Counts a record that holds no row of its own, and what it was taken for.
    pub(super) fn passed_over(&mut self, list: &str, kind: &'static str) {
        let list = ListId::new(list);
        *self.records.entry(list.clone()).or_default() += 1;
        self.repairs.entry(list).or_default().add(kind);
    }

    /// Counts the columns of a file that its reader does not know.
    pub(super) fn unknown_columns(&mut self, list: &str, columns: &[String]) {
        self.repaired(list, "unknown_column", columns.len());
    }

    /// Counts repairs that belong to no row.
    pub(super) fn repaired(&mut self, list: &str, kind: &'static str, times: usize) {
        if times > 0 {
            *self.repairs.entry(ListId::new(list)).or_default().0.entry(kind).or_default() += count(times);
        }
    }

    /// Sets the publication date of the file.
    pub(super) fn set_published(&mut self, date: Date) {
        self.published = Some(date);
    }

    /// Takes the rows of another draft in. Their source is this draft's.
    pub(super) fn absorb(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.headings.extend(other.headings);
        for (list, repairs) in other.repairs {
            self.repairs.entry(list).or_default().merge(repairs);
        }
        for (list, records) in other.records {
            *self.records.entry(list).or_default() += records;
        }
    }

    /// Rows so far.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows in order of list and id, and what is to be said of each list.
    ///
    /// A row that repeats another in every field is dropped and counted as `repeated_row` (the Consolidated
    /// Screening List of May 2022 gives CAPTA row 15268 twice).
    ///
    /// # Errors
    /// When there is no row, or two different rows have the same list and id.
    pub(super) fn finish(mut self) -> Result<Loaded, Error> {
        if self.rows.is_empty() {
            return Err(Error::NoRows { file: self.file });
        }
        // Stable: of two rows with one id, the first in the file stays first.
        self.rows.sort_by(|a, b| (&a.entry.list, &a.entry.id).cmp(&(&b.entry.list, &b.entry.id)));
        let mut kept: Vec<Row> = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            match kept.last() {
                Some(last) if last.entry.list == row.entry.list && last.entry.id == row.entry.id => {
                    if last.entry != row.entry {
                        return Err(Error::Duplicate {
                            file: self.file,
                            list: row.entry.list.to_string(),
                            id: row.entry.id,
                            line: row.line,
                            first: last.line,
                        });
                    }
                    self.repairs.entry(row.entry.list).or_default().add("repeated_row");
                }
                _ => kept.push(row),
            }
        }
        let entries: Vec<Entry> = kept.into_iter().map(|row| row.entry).collect();
        let mut infos = Vec::new();
        for list in entries.chunk_by(|a, b| a.list == b.list) {
            let id = list[0].list.clone();
            let heading = self.headings.remove(&id).unwrap_or_else(|| catalogue::heading(&id));
            let repairs = self.repairs.remove(&id).unwrap_or_default();
            infos.push(ListInfo {
                title: heading.title,
                publisher: heading.publisher,
                source: self.file.clone(),
                published: self.published,
                records: self.records.remove(&id).unwrap_or_default(),
                entries: count(list.len()),
                names: count(list.iter().map(|e| e.names.len()).sum()),
                repairs: repairs.0.into_iter().collect(),
                id,
            });
        }
        Ok(Loaded { entries, infos })
    }
}

/// What one source holds; entries by list and id, each pair once.
pub(super) struct Loaded {
    pub(super) entries: Vec<Entry>,
    pub(super) infos: Vec<ListInfo>,
}

/// A count for a report; it stops at the largest number rather than wrap.
pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
