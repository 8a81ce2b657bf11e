//! A ledger that several replicas write: its log, heads, keys and kept files stand in one place that all of them reach, and
//! each replica has a copy of them in a folder of its own, from which it reads.
//!
//! The place decides the order. Whoever writes takes a *turn*, which one replica has at a time: it takes in what the others
//! have written, gives its records the next numbers, and hands them over with the root over all of them. Only when the place
//! has them are they recorded; what a copy lacks then, after a crash for example, it takes in at the next turn. An
//! index is made from the copy, so that every replica answers the same; it is in no danger of saying more than the log.

use crate::bytes::Digest;
use crate::error::Result;
use crate::index::Tables;
use crate::keys::KeyId;
use crate::proof::tree::Range;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The name of the file that says which ledger it is.
pub(crate) const ABOUT: &str = "ledger.json";
/// The name of the wrapped signing key.
pub(crate) const SEAL: &str = "keys/seal.key";
/// What the names of kept files begin with; the digest follows.
pub(crate) const KEPT: &str = "kept/";

/// The name of the file of a data key.
pub(crate) fn key_name(key: KeyId) -> String {
    format!("keys/{:08}.key", key.0)
}

/// How far a shared ledger is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tip {
    /// Records.
    pub size: u64,
    /// Time of the last record, microseconds since 1970, UTC.
    pub last_time: i64,
    /// The root over all records.
    pub root: Digest,
    /// Signed heads.
    pub heads: u64,
    /// Files that were ever put there.
    pub files: u64,
    /// Whether the index is there, too; otherwise it is in a file beside each copy.
    pub has_index: bool,
}

impl Tip {
    /// Of a ledger without records.
    pub fn start(files: u64, has_index: bool) -> Self {
        Self { size: 0, last_time: i64::MIN, root: Range::default().root(), heads: 0, files, has_index }
    }
}

/// Where the index is that replicas share.
pub trait IndexPlace: Send + Sync + fmt::Debug {
    /// Its tables, which connect when they are first asked.
    ///
    /// # Errors
    /// When there can be no connection.
    fn open(&self) -> Result<Box<dyn Tables>>;
}

/// Records that were written together, as segments hold them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Number of the first.
    pub first: u64,
    /// How many.
    pub count: u64,
    /// The records, one behind the other.
    pub frames: Vec<u8>,
}

/// What a turn adds, all or nothing.
#[derive(Clone, Debug)]
pub struct Addition {
    /// Records behind all others.
    pub chunk: Option<Chunk>,
    /// A signed head, with the number of records that it covers.
    pub head: Option<(u64, String)>,
    /// Files by name; each name comes once.
    pub files: Vec<(String, Vec<u8>)>,
    /// Names of files that are destroyed.
    pub gone: Vec<String>,
    /// How far the ledger is then.
    pub tip: Tip,
}

/// The place of a shared ledger. Every fault is an [`Error`](crate::Error) that names the place, and never a password.
pub trait Shared: Send + fmt::Debug {
    /// What messages call it.
    fn place(&self) -> &str;

    /// Puts a new ledger there, with its first files; `has_index`: its index, too.
    ///
    /// # Errors
    /// When there is one already, or it cannot be put there.
    fn create(&mut self, files: Vec<(String, Vec<u8>)>, has_index: bool) -> Result<()>;

    /// Where the index is, where it is there.
    fn index(&self) -> Box<dyn IndexPlace>;

    /// Says whether the index is there. Where it is no more, its tables are taken away.
    ///
    /// # Errors
    /// When the place cannot be reached, or holds no ledger.
    fn move_index(&mut self, is_here: bool) -> Result<()>;

    /// How far the ledger is, whoever has the turn.
    ///
    /// # Errors
    /// When the place cannot be reached, or holds no ledger.
    fn tip(&mut self) -> Result<Tip>;

    /// Takes the turn: nobody else writes until it ends. A turn whose replica has gone ends by itself.
    ///
    /// # Errors
    /// When the place cannot be reached, holds no ledger, or another replica has the turn for too long.
    fn begin(&mut self) -> Result<Tip>;

    /// Adds something durably, and ends the turn.
    ///
    /// # Errors
    /// When it was not added, or when that is not known: whoever has the next turn can see.
    fn commit(&mut self, addition: Addition) -> Result<()>;

    /// Ends the turn without having added anything.
    fn rollback(&mut self);

    /// Records from `from` on and before `until`, as they were written together: the chunk that `from` is in, and some
    /// behind it.
    ///
    /// # Errors
    /// When they cannot be read.
    fn chunks(&mut self, from: u64, until: u64) -> Result<Vec<Chunk>>;

    /// The signed heads `from..until`, counted from 0, each with the number of records that it covers.
    ///
    /// # Errors
    /// When they cannot be read.
    fn heads(&mut self, from: u64, until: u64) -> Result<Vec<(u64, String)>>;

    /// Names of the files `from..until`, counted from 0, that are still there.
    ///
    /// # Errors
    /// When they cannot be read.
    fn names(&mut self, from: u64, until: u64) -> Result<Vec<String>>;

    /// A file; `None`: it is not there.
    ///
    /// # Errors
    /// When it cannot be read.
    fn file(&mut self, name: &str) -> Result<Option<Vec<u8>>>;
}

/// What the writing thread learnt from other replicas, for whoever uses the copy.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board(Arc<News>);

#[derive(Debug, Default)]
struct News {
    has_settings: AtomicBool,
    has_erased: AtomicBool,
    has_index: AtomicBool,
}

impl Board {
    /// Settings came into force.
    pub(crate) fn put_settings(&self) {
        self.0.has_settings.store(true, Ordering::Release);
    }

    /// A data key was destroyed: what the open index says may be erased.
    pub(crate) fn put_erased(&self) {
        self.0.has_erased.store(true, Ordering::Release);
    }

    /// Whether the place has the index.
    pub(crate) fn put_index(&self, is_there: bool) {
        self.0.has_index.store(is_there, Ordering::Release);
    }

    /// Whether the place had the index when it was asked last.
    pub(crate) fn has_index(&self) -> bool {
        self.0.has_index.load(Ordering::Acquire)
    }

    /// Whether settings came into force since this was asked last.
    pub(crate) fn take_settings(&self) -> bool {
        self.0.has_settings.swap(false, Ordering::AcqRel)
    }

    /// Whether a data key was destroyed since this was asked last.
    pub(crate) fn take_erased(&self) -> bool {
        self.0.has_erased.swap(false, Ordering::AcqRel)
    }
}
