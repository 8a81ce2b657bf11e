//! All entries in force, from all lists: immutable, in order, content-hashed.

use crate::entry::{Entry, ListId};
use crate::fingerprint;
use crate::ids::EntryId;
use jiff::civil::Date;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// One list as loaded from one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListInfo {
    /// List id.
    pub id: ListId,
    /// Title, for example "BIS Entity List".
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// The path it was read from; `builtin` or `curated` for what is inside the program.
    pub source: String,
    /// What is to be known of where it comes from: of a list inside the program, or of one that replaced it. Mostly
    /// empty.
    pub note: String,
    /// Publication date, where the file gives one.
    pub published: Option<Date>,
    /// Of a list inside the program, the last day on which its text was the publisher's current one; its age counts
    /// from then.
    pub read: Option<Date>,
    /// Hours after that day until it is stale, unless the configuration says otherwise; 0 for no limit.
    pub fresh_hours: u32,
    /// Records of the file that were read, also those without an entry of their own; several may make one entry.
    pub records: u32,
    /// Entries in force from this source; those that a later source replaced are not counted.
    pub entries: u32,
    /// Names of those entries, aliases included.
    pub names: u32,
    /// Repairs made while reading: kind and count, in kind order.
    pub repairs: Vec<(Cow<'static, str>, u32)>,
}

/// All entries in force, immutable, ordered by list and id, each pair once.
#[derive(Clone, Debug)]
pub struct Snapshot {
    entries: Vec<Entry>,
    lists: Vec<ListInfo>,
    fingerprint: String,
}

/// Two entries have the same list and id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry `{id}` of {list} is given twice; expected each id once")]
pub struct DuplicateEntry {
    /// List id.
    pub list: ListId,
    /// Entry id.
    pub id: String,
}

impl Snapshot {
    /// Orders the entries and computes the fingerprint. A list without a [`ListInfo`] gets one that has its id as title.
    ///
    /// # Errors
    /// [`DuplicateEntry`] when two entries have the same list and id.
    pub fn from_entries(mut entries: Vec<Entry>, mut lists: Vec<ListInfo>) -> Result<Self, DuplicateEntry> {
        entries.sort_unstable_by(|a, b| a.key().cmp(&b.key()));
        if let Some(pair) = entries.windows(2).find(|w| w[0].key() == w[1].key()) {
            return Err(DuplicateEntry { list: pair[0].list.clone(), id: pair[0].id.clone() });
        }
        for of_list in entries.chunk_by(|a, b| a.list == b.list) {
            let id = &of_list[0].list;
            if lists.iter().all(|l| l.id != *id) {
                lists.push(ListInfo {
                    id: id.clone(),
                    title: id.to_string(),
                    publisher: String::new(),
                    source: "entries".into(),
                    note: String::new(),
                    published: None,
                    read: None,
                    fresh_hours: 0,
                    records: count(of_list.len()),
                    entries: count(of_list.len()),
                    names: count(of_list.iter().map(|e| e.names.len()).sum()),
                    repairs: Vec::new(),
                });
            }
        }
        Ok(Self::sealed(entries, lists))
    }

    /// A snapshot read back from where it was kept, with the fingerprint that it had; `None` when the entries are not as those of
    /// a snapshot are. Whoever kept it answers for the fingerprint: to compute it takes longer than to read the entries.
    pub fn from_kept(entries: Vec<Entry>, lists: Vec<ListInfo>, fingerprint: String) -> Option<Self> {
        let is_in_order = entries.is_sorted_by(|a, b| a.key() < b.key());
        is_in_order.then_some(Self { entries, lists, fingerprint })
    }

    /// The snapshot of entries that are already ordered and unique.
    fn sealed(mut entries: Vec<Entry>, mut lists: Vec<ListInfo>) -> Self {
        // Readers push one by one; spare capacity would be held as long as the entries.
        entries.shrink_to_fit();
        entries.iter_mut().for_each(Entry::shrink);
        lists.sort_by(|a, b| (&a.id, &a.source).cmp(&(&b.id, &b.source)));
        let fingerprint = fingerprint::of(&entries);
        Self { entries, lists, fingerprint }
    }

    /// Whether both hold the same entries from the same publications.
    pub fn is_as(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint && self.lists == other.lists
    }

    /// Every entry, ordered by list and id; [`EntryId`] is the place in this order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Every entry with its id, in order.
    pub fn numbered(&self) -> impl ExactSizeIterator<Item = (EntryId, &Entry)> + Clone {
        self.entries.iter().enumerate().map(|(at, entry)| (EntryId::from_index(at), entry))
    }

    /// The entry with this id of this snapshot. Ids come from the snapshot itself or from what was compiled of it.
    pub fn entry_at(&self, id: EntryId) -> &Entry {
        &self.entries[id.index()]
    }

    /// The id of the entry that the publisher knows as `id` on `list`; `None` when there is none.
    pub fn id_of(&self, list: &ListId, id: &str) -> Option<EntryId> {
        self.entries.binary_search_by(|e| e.key().cmp(&(list, id))).ok().map(EntryId::from_index)
    }

    /// The entries and lists, to build another snapshot from.
    pub fn into_parts(self) -> (Vec<Entry>, Vec<ListInfo>) {
        (self.entries, self.lists)
    }

    /// The lists, ordered by id and source.
    pub fn lists(&self) -> &[ListInfo] {
        &self.lists
    }

    /// `sha256:` and 64 hexadecimal digits over every field of one entry. Another value means that the publisher
    /// changed the entry, or that its file is read otherwise.
    pub fn entry_fingerprint(entry: &Entry) -> String {
        fingerprint::of_entry(entry)
    }

    /// `sha256:` and 64 hexadecimal digits over every entry. The same entries give the same fingerprint, whatever
    /// file they were read from.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The same over entries that are ordered by list and id.
    pub fn fingerprint_of(entries: &[Entry]) -> String {
        fingerprint::of(entries)
    }

    /// The entries of one list, in order of their ids; empty when it has none.
    pub fn entries_of(&self, list: &ListId) -> &[Entry] {
        let start = self.entries.partition_point(|e| e.list < *list);
        let rest = &self.entries[start..];
        &rest[..rest.partition_point(|e| e.list == *list)]
    }

    /// How many lists there are, each counted once, from however many files it was read.
    pub fn list_count(&self) -> usize {
        self.lists.chunk_by(|a, b| a.id == b.id).count()
    }

    /// The title of a list; its id when it has none.
    pub fn title<'a>(&'a self, list: &'a ListId) -> &'a str {
        self.lists.iter().find(|l| l.id == *list).map_or(list.as_str(), |l| l.title.as_str())
    }

    /// The entry with this id, in this list or, without one, in the first list that has it.
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

    /// The entries in force on a day, by their own dates.
    #[must_use]
    pub fn in_force_on(mut self, day: Date) -> Self {
        self.entries.retain(|e| e.in_force(Some(day), None));
        for info in &mut self.lists {
            (info.entries, info.names) = (0, 0);
        }
        for of_list in self.entries.chunk_by(|a, b| a.list == b.list) {
            // Of a list read from several files it is no longer known which entry came from which.
            if let Some(info) = self.lists.iter_mut().find(|l| l.id == of_list[0].list) {
                info.entries = count(of_list.len());
                info.names = count(of_list.iter().map(|e| e.names.len()).sum());
            }
        }
        Self::sealed(self.entries, self.lists)
    }

    /// This snapshot with the entries of an older one that it no longer has.
    pub fn with_dropped(&self, older: &Self) -> Self {
        let mut entries = self.entries.clone();
        let dropped = older.entries.iter().filter(|e| self.entry(Some(e.list.as_str()), &e.id).is_none());
        entries.extend(dropped.cloned());
        entries.sort_by(|a, b| a.key().cmp(&b.key()));
        Self::sealed(entries, self.lists.clone())
    }
}

/// A count for a report; one that is too large for 32 bits is given as the largest number.
pub fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
