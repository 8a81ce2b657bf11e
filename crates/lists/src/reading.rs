//! What was read, source by source: the basis of the ages of lists, of the guard over files, and of what is required.
//!
//! The snapshot joins all sources and forgets which of them gave an entry. Here each source keeps what it said of itself,
//! so that one source never speaks for another.

use crate::build::SourceEntries;
use jiff::Timestamp;
use jiff::civil::Date;
use model::binary::{Binary, BytesIn, BytesOut, Malformed};
use model::binary_fields;
use model::entry::ListId;
use model::snapshot::{Snapshot, count};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every source read, and the snapshot made of them.
#[derive(Clone, Debug)]
pub struct Reading {
    /// All entries in force.
    pub snapshot: Snapshot,
    /// What each source held, in the order read.
    pub sources: Vec<SourceRead>,
}

/// One source as it was read: the lists in the program, a file, or a publication of the data directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRead {
    /// Where it is from.
    pub origin: Origin,
    /// Its lists, in order of their ids.
    pub lists: Vec<ListRead>,
}

/// Where a source is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The whole lists inside the program.
    Builtin,
    /// The curated entries inside the program, an extract of lists.
    Curated,
    /// A file, or a folder of files that belong together.
    File {
        /// As given.
        path: PathBuf,
        /// When it was last changed; `None` where the system does not say.
        modified: Option<Timestamp>,
        /// `sha256:` and 64 hexadecimal digits over its entries, as `tidewaiter lists check` prints for it alone.
        content: String,
    },
    /// A publication of the data directory.
    Stored {
        /// Its id.
        publication: String,
    },
}

/// One list of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRead {
    /// List id.
    pub id: ListId,
    /// Day of publication, where the source gives it.
    pub published: Option<Date>,
    /// The last day on which a person read one of its entries at the publisher, or on which the text of a whole list inside
    /// the program was current.
    pub read_on: Option<Date>,
    /// Hours it may be old by itself; 0 for no limit. Whole lists inside the program only.
    pub fresh_hours: u32,
    /// Its entries in this source, those included that a later source replaced.
    pub entries: u32,
}

binary_fields!(SourceRead { origin, lists });
binary_fields!(ListRead { id, published, read_on, fresh_hours, entries });

impl Binary for Origin {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        match self {
            Self::Builtin => 0u8.write_to(out),
            Self::Curated => 1u8.write_to(out),
            Self::File { path, modified, content } => {
                2u8.write_to(out);
                path.to_string_lossy().into_owned().write_to(out);
                modified.write_to(out);
                content.write_to(out);
            }
            Self::Stored { publication } => {
                3u8.write_to(out);
                publication.write_to(out);
            }
        }
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        Ok(match u8::read_from(bytes)? {
            0 => Self::Builtin,
            1 => Self::Curated,
            2 => Self::File {
                path: String::read_from(bytes)?.into(),
                modified: Binary::read_from(bytes)?,
                content: Binary::read_from(bytes)?,
            },
            3 => Self::Stored { publication: Binary::read_from(bytes)? },
            _ => return Err(Malformed { expected: "where a source is from" }),
        })
    }
}

/// What was in force of the lists of a file when a service last loaded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedFile {
    /// `sha256:` and 64 hexadecimal digits over the entries of the file.
    pub content: String,
    /// Entries in force of each of its lists, from whatever source, by the id of the list.
    pub entries: BTreeMap<String, u32>,
}

impl SourceRead {
    pub(crate) fn builtin(read: &SourceEntries) -> Self {
        Self { origin: Origin::Builtin, lists: lists_of(read) }
    }

    pub(crate) fn curated(read: &SourceEntries) -> Self {
        Self { origin: Origin::Curated, lists: lists_of(read) }
    }

    pub(crate) fn of_file(path: &Path, modified: Option<Timestamp>, read: &SourceEntries) -> Self {
        let content = Snapshot::fingerprint_of(&read.entries);
        Self { origin: Origin::File { path: path.to_owned(), modified, content }, lists: lists_of(read) }
    }

    pub(crate) fn stored(publication: &str, read: &SourceEntries) -> Self {
        Self { origin: Origin::Stored { publication: publication.to_owned() }, lists: lists_of(read) }
    }

    /// What it holds of a list.
    pub fn list(&self, id: &ListId) -> Option<&ListRead> {
        self.lists.iter().find(|l| l.id == *id)
    }
}

fn lists_of(read: &SourceEntries) -> Vec<ListRead> {
    let list = |entries: &[model::entry::Entry]| {
        let id = entries[0].list.clone();
        let info = read.infos.iter().find(|i| i.id == id);
        ListRead {
            published: info.and_then(|i| i.published),
            read_on: info.and_then(|i| i.read).or(entries.iter().filter_map(|e| e.read_on).max()),
            fresh_hours: info.map_or(0, |i| i.fresh_hours),
            entries: count(entries.len()),
            id,
        }
    };
    read.entries.chunk_by(|a, b| a.list == b.list).map(list).collect()
}

/// When a file was last changed; of a folder the file that has been unchanged for longest.
pub(crate) fn modified(path: &Path) -> Option<Timestamp> {
    let of = |path: &Path| Timestamp::try_from(fs::metadata(path).ok()?.modified().ok()?).ok();
    if !path.is_dir() {
        return of(path);
    }
    let files = fs::read_dir(path).ok()?.filter_map(|f| Some(f.ok()?.path()));
    files.filter(|f| f.is_file() && !is_hidden(f)).filter_map(|f| of(&f)).min()
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}
