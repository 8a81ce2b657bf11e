//! What is read: the log, with the keys that open it and the files that records rest on.

use crate::bytes::hex;
use crate::error::{Error, Result};
use crate::keep;
use crate::keys::{DataKey, KeyRing};
use crate::layout::{About, Layout};
use crate::log::frame::{Kind, Sealed};
use crate::log::reader::Log;
use crate::record::dictionary::Unpacker;
use crate::record::{self, Context, Evidence, answer_of};
use jiff::Timestamp;
use prost::Message as _;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use wire::v1;

/// Contexts that are remembered; one more begins anew.
const CONTEXTS: usize = 4096;
/// Dictionaries that are remembered; one more begins anew.
const DICTIONARIES: usize = 64;

/// Log, keys and kept files.
#[derive(Debug)]
pub(crate) struct Vault {
    pub(crate) layout: Layout,
    pub(crate) about: About,
    pub(crate) log: Arc<Log>,
    pub(crate) keys: KeyRing,
    /// Context records that were read.
    contexts: Mutex<HashMap<u64, Arc<Context>>>,
    /// Dictionaries that were read.
    dictionaries: Mutex<HashMap<u64, Arc<Unpacker>>>,
}

/// A screening as it was recorded.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its number.
    pub number: u64,
    /// When it was recorded.
    pub time: Timestamp,
    /// Who asked; empty when callers are not known.
    pub caller: String,
    /// The id of the call or run.
    pub trace: String,
    /// Whether a verbose answer was asked for.
    pub is_verbose: bool,
    /// The request as it was received.
    pub request: v1::Shipment,
    /// The answer as it was given.
    pub answer: v1::Screening,
    /// What it was made with.
    pub context: Arc<Context>,
    /// What was received, where no request could be made of it and it was refused unscreened.
    pub unread: Option<Unread>,
}

/// A record as it was received, of which no request could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its bytes, the first [`record::UNREAD`] of them where there were more.
    pub bytes: Vec<u8>,
    /// How many there were.
    pub length: u64,
    /// SHA-256 of all of them, hexadecimal; empty where all are kept.
    pub sha256: String,
}

impl Vault {
    pub(crate) fn new(layout: Layout, about: About, log: Arc<Log>, keys: KeyRing) -> Self {
        Self { layout, about, log, keys, contexts: Mutex::default(), dictionaries: Mutex::default() }
    }

    /// What is kept under a digest.
    pub(crate) fn kept(&self, what: &'static str, digest: &str) -> Result<Vec<u8>> {
        keep::kept(&self.layout, what, digest)
    }

    /// Opens a record with its key.
    pub(crate) fn opened(&self, sealed: &Sealed) -> Result<record::Opened> {
        if sealed.key.0 == 0 {
            return record::open(sealed, None);
        }
        let key = self.keys.get(sealed.key)?;
        let key = key.ok_or(Error::Erased { number: sealed.number, key: sealed.key.0 })?;
        record::open_with(sealed, Some(&key), |number| self.dictionary(number, sealed, &key))
    }

    /// The dictionary that a record names.
    fn dictionary(&self, number: u64, of: &Sealed, key: &DataKey) -> Result<Arc<Unpacker>> {
        let mut read = self.dictionaries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(dictionary) = read.get(&number) {
            return Ok(Arc::clone(dictionary));
        }
        let sealed = self.log.read(number)?;
        if sealed.kind != Kind::Dictionary {
            return Err(Error::OtherKind { number, found: sealed.kind.as_str(), expected: "dictionary" });
        }
        let none = || Error::Refused(format!("record {}: record {number} is no dictionary for it", of.number));
        if sealed.key != of.key {
            return Err(none());
        }
        let dictionary = Arc::new(Unpacker::new(&record::open(&sealed, Some(key))?.message).ok_or_else(none)?);
        if read.len() >= DICTIONARIES {
            read.clear();
        }
        read.insert(number, Arc::clone(&dictionary));
        Ok(dictionary)
    }

    /// Reads a note.
    pub(crate) fn note<T: DeserializeOwned>(&self, sealed: &Sealed) -> Result<T> {
        record::note(sealed.number, &self.opened(sealed)?.message)
    }

    /// The context record that a screening names.
    fn context(&self, number: u64) -> Result<Arc<Context>> {
        let mut read = self.contexts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(context) = read.get(&number) {
            return Ok(Arc::clone(context));
        }
        let sealed = self.log.read(number)?;
        if sealed.kind != Kind::Context {
            return Err(Error::OtherKind { number, found: sealed.kind.as_str(), expected: "context" });
        }
        let context = Context::decode(&self.opened(&sealed)?.message[..]);
        let context = Arc::new(context.map_err(|e| Error::Refused(format!("record {number}: {e}")))?);
        if read.len() >= CONTEXTS {
            read.clear();
        }
        read.insert(number, Arc::clone(&context));
        Ok(context)
    }

    /// Opens a screening.
    pub(crate) fn shown(&self, sealed: &Sealed) -> Result<Shown> {
        let number = sealed.number;
        if sealed.kind != Kind::Screening {
            return Err(Error::OtherKind { number, found: sealed.kind.as_str(), expected: "screening" });
        }
        let opened: record::Opened = self.opened(sealed)?;
        let evidence = Evidence::decode(&opened.message[..]);
        let evidence = evidence.map_err(|e| Error::Refused(format!("record {number} cannot be read: {e}")))?;
        let context = self.context(evidence.context)?;
        let answer = answer_of(number, &evidence, &context)?;
        let (length, digest) = (evidence.unread_bytes, hex(&evidence.unread_sha256));
        let unread =
            |bytes: &Vec<u8>| Unread { bytes: bytes.clone(), length: length.max(bytes.len() as u64), sha256: digest };
        Ok(Shown {
            number,
            unread: evidence.unread.as_ref().map(unread),
            time: time_of(sealed),
            request: evidence.request(number)?,
            answer,
            caller: evidence.caller,
            trace: evidence.trace,
            is_verbose: evidence.is_verbose,
            context,
        })
    }
}

/// When a record was written.
pub(crate) fn time_of(sealed: &Sealed) -> Timestamp {
    Timestamp::from_microsecond(sealed.time).unwrap_or(Timestamp::UNIX_EPOCH)
}
