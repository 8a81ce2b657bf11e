//! Lists: from a publisher's file to the immutable [`Snapshot`] that everything is screened against.
//!
//! One adapter per publisher format lives in `list/`; the format is recognised by content, never by file name.
//! Reading is all or nothing: an error names file, line and field, and leaves no half-read list behind.
//! Repairs of known damage are counted per list and shown; what cannot be repaired is an error.

use crate::entry::{Entry, ListId};
use jiff::civil::Date;
use std::path::PathBuf;

/// Where a list is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The curated lists that ship inside the binary.
    Builtin,
    /// A file, plain, `.gz` or `.zip`, in any known format.
    Path(PathBuf),
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
    /// Rows.
    pub entries: u32,
    /// Names, aliases included.
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

/// Why a list could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);

impl Snapshot {
    /// Stand-in until the readers land: one row a line.
    ///
    /// # Errors
    /// When a file cannot be read or is not a list.
    pub fn load(sources: &[Source]) -> Result<Self, Error> {
        use sha2::Digest as _;
        let mut hash = sha2::Sha256::new();
        let mut entries = Vec::new();
        for source in sources {
            let Source::Path(path) = source else { continue };
            let text = std::fs::read_to_string(path).map_err(|e| Error(format!("{}: {e}", path.display())))?;
            if !text.starts_with("_id,") {
                return Err(Error(format!("{}: not a list", path.display())));
            }
            hash.update(&text);
            entries.extend(text.lines().skip(1).map(|line| {
                let mut entry = Entry::new(
                    ListId::new("us-bis-el"),
                    line.split(',').next().unwrap_or_default(),
                    crate::entry::EntryKind::Unknown,
                    crate::entry::Effect::Licence,
                );
                entry.remarks = line.to_owned();
                entry
            }));
        }
        let fingerprint = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        Ok(Self { entries, lists: Vec::new(), fingerprint })
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

    /// The row with this id, in this list or, without one, in any.
    pub fn entry(&self, list: Option<&str>, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.id == id && list.is_none_or(|l| l == e.list.as_str()))
    }
}
