//! From a message to a draft and back: commitment, compression, encryption.

use super::dictionary::{Packer, Unpacker, split};
use crate::bytes::{random, sha256};
use crate::error::{Error, Result};
use crate::keys::{DataKey, KeyId};
use crate::log::frame::{Draft, Kind, MAX_PAYLOAD, Packing, Sealed};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::sync::Arc;

/// Bytes of the salt.
const SALT: usize = 16;
/// Salts that the system is asked for at a time.
const SALTS_AT_A_TIME: usize = 64;
/// Bytes of the room for a record that a thread keeps.
const PLAIN_KEPT: usize = 64 << 10;
/// Messages below this are not worth compressing.
const WORTH: usize = 64;

/// A record that was opened.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// Random bytes, so that nobody can guess the message from the commitment.
    pub(crate) salt: [u8; SALT],
    pub(crate) message: Vec<u8>,
}

/// Makes a draft of a message. Without a key it is kept in clear. A dictionary is one of the same key.
pub(crate) fn seal(
    kind: Kind,
    message: &[u8],
    key: Option<(KeyId, &DataKey)>,
    dictionary: Option<&Packer>,
) -> Result<Draft> {
    if message.len() + SALT + 64 > MAX_PAYLOAD {
        let why = format!("the {} record has {} bytes; expected at most {MAX_PAYLOAD}", kind.as_str(), message.len());
        return Err(Error::Refused(why));
    }
    let salt = salt();
    let commitment = sha256(&[&salt, message]);
    PLAIN.with_borrow_mut(|plain| {
        plain.clear();
        plain.extend_from_slice(&salt);
        let packing = pack(message, dictionary, plain);
        let (key, payload) = match key {
            None => (KeyId::default(), plain.clone()),
            Some((id, key)) => (id, key.seal(plain, &commitment, &about(kind, packing, id))),
        };
        plain.shrink_to(PLAIN_KEPT);
        Ok(Draft { kind, packing, key, commitment, payload })
    })
}

/// Random bytes that were not used before. The system is asked for many at a time: for each record it would take as long as a
/// fifth of the rest.
fn salt() -> [u8; SALT] {
    SALTS.with_borrow_mut(|salts| {
        if salts.is_empty() {
            salts.extend_from_slice(random::<{ SALT * SALTS_AT_A_TIME }>().as_chunks().0);
        }
        salts.pop().unwrap_or_else(random)
    })
}

/// Puts a message behind what is there, as short as it gets; says what was done to it.
fn pack(message: &[u8], dictionary: Option<&Packer>, out: &mut Vec<u8>) -> Packing {
    if message.len() >= WORTH {
        if dictionary.is_some_and(|dictionary| dictionary.pack(message, out)) {
            return Packing::WithDictionary;
        }
        if let Some(deflated) = deflate(message) {
            out.extend_from_slice(&deflated);
            return Packing::Deflated;
        }
    }
    out.extend_from_slice(message);
    Packing::None
}

/// Opens a record with its key, and checks the commitment.
pub(crate) fn open(record: &Sealed, key: Option<&DataKey>) -> Result<Opened> {
    open_with(record, key, |_| Err(Error::Refused(format!("record {}: it needs a dictionary here", record.number))))
}

/// The same, with a way to dictionaries by their numbers.
pub(crate) fn open_with(
    record: &Sealed,
    key: Option<&DataKey>,
    dictionary: impl FnOnce(u64) -> Result<Arc<Unpacker>>,
) -> Result<Opened> {
    let wrong = |why: &str| Error::Refused(format!("record {}: {why}", record.number));
    let about = about(record.kind, record.packing, record.key);
    let opened = match key {
        None => None,
        Some(key) => {
            let plain = key.open(&record.payload, &record.commitment, &about);
            Some(plain.ok_or_else(|| wrong("its payload was altered: its key does not open it"))?)
        }
    };
    let plain = opened.as_deref().unwrap_or(&record.payload);
    let (salt, rest) = plain.split_first_chunk::<SALT>().ok_or_else(|| wrong("its payload is too short"))?;
    let undone = || wrong("its payload cannot be decompressed");
    let message = match record.packing {
        Packing::None => rest.to_vec(),
        Packing::Deflated => inflate(rest).ok_or_else(undone)?,
        Packing::WithDictionary => {
            let (number, frame) = split(rest).ok_or_else(undone)?;
            dictionary(number)?.unpack(frame).ok_or_else(undone)?
        }
    };
    if sha256(&[salt, &message]) != record.commitment {
        return Err(wrong("its payload is not what its commitment says"));
    }
    Ok(Opened { salt: *salt, message })
}

/// Reads the message of a note.
pub(crate) fn note<T: DeserializeOwned>(number: u64, message: &[u8]) -> Result<T> {
    serde_json::from_slice(message).map_err(|e| Error::Refused(format!("record {number}: {e}")))
}

/// What is bound to a payload: the head of the record, as far as it is known before the record has its place.
fn about(kind: Kind, packing: Packing, key: KeyId) -> [u8; 6] {
    let [a, b, c, d] = key.0.to_le_bytes();
    [kind as u8, packing.byte(), a, b, c, d]
}

thread_local! {
    static SALTS: RefCell<Vec<[u8; SALT]>> = const { RefCell::new(Vec::new()) };
    // What a record is made in.
    static PLAIN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    // A compressor is large to make and quick to reset. Not at level 1: there zlib-rs 0.6 panics on what cannot be compressed.
    static DEFLATE: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(4), false));
}

/// Compressed; `None` where that is no shorter.
fn deflate(message: &[u8]) -> Option<Vec<u8>> {
    DEFLATE.with_borrow_mut(|deflate| {
        deflate.reset();
        // Room for every message to its end: a compressor that was left in the middle cannot be relied on after a reset.
        let mut out = vec![0; message.len() + message.len() / 256 + 64];
        let status = deflate.compress(message, &mut out, FlushCompress::Finish).ok()?;
        out.truncate(usize::try_from(deflate.total_out()).ok()?);
        (status == Status::StreamEnd && out.len() < message.len()).then_some(out)
    })
}

fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut inflate = Decompress::new(false);
    let mut out = Vec::with_capacity(bytes.len() * 4);
    loop {
        let taken = usize::try_from(inflate.total_in()).ok()?;
        let before = out.len();
        match inflate.decompress_vec(&bytes[taken..], &mut out, FlushDecompress::Finish).ok()? {
            Status::StreamEnd => return Some(out),
            _ if out.len() > MAX_PAYLOAD => return None,
            _ if out.len() == before && out.len() < out.capacity() => return None,
            _ => out.reserve(out.capacity().max(256)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One compressor after the other message: what cannot be compressed must leave nothing behind for the next.
    #[test]
    fn messages_that_compress_and_those_that_do_not_come_back_in_any_order() {
        for length in (64..600).chain([4096, 70_000]) {
            let noise: Vec<u8> = std::iter::repeat_with(random::<32>).flatten().take(length).collect();
            let half = [&noise[..length / 2], &vec![b'x'; length / 2]].concat();
            for message in [&noise, &half, &vec![b'x'; length], &noise] {
                match deflate(message) {
                    Some(deflated) => {
                        assert!(deflated.len() < message.len());
                        assert_eq!(inflate(&deflated).as_ref(), Some(message), "{length}");
                    }
                    None => assert_eq!(message, &noise, "{length}"),
                }
            }
        }
    }
}
