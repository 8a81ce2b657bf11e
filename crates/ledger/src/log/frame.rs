//! One record on disk: length, checksum, head and payload.
//!
//! ```text
//! u32 length of the body | u32 CRC-32 of length and body | body
//! body: u8 kind | u8 packing | u64 number | i64 time, microseconds | u32 key | 32 bytes commitment | payload
//! ```
//! Numbers have their little end first. The leaf of the tree is SHA-256 over a byte 0, the head of the body (all before
//! the payload) and the SHA-256 of the payload: every byte of the body is under it, and stays checkable when the payload's
//! key is gone.

use crate::bytes::{Digest, sha256};
use crate::keys::KeyId;

/// Bytes before the body.
pub(crate) const FRAME: usize = 8;
/// Bytes of the body before the payload.
pub(crate) const HEAD: usize = 54;
/// The most bytes of a payload. A record is a request and its answer; requests are limited far below.
pub(crate) const MAX_PAYLOAD: usize = 64 << 20;

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The first record: which ledger this is.
    Genesis,
    /// What many screenings have in common: lists, policy, engine.
    Context,
    /// A screening.
    Screening,
    /// A data key was made.
    KeyMade,
    /// A data key was destroyed.
    KeyDestroyed,
    /// A step in a case: opened, assigned, decided, approved, voided.
    Step,
    /// Settings came into force.
    Settings,
    /// A legal hold was laid or lifted.
    Hold,
    /// The past was asked again after lists changed.
    Rescreening,
    /// A file was kept, for example an attachment of a decision.
    Kept,
    /// Another house stamped a signed head.
    Stamped,
    /// What messages under a data key have in common.
    Dictionary,
}

/// What was done to a message before it was encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    /// Nothing.
    #[default]
    None,
    /// It was compressed alone, by deflate.
    Deflated,
    /// It was compressed by Zstandard with a dictionary, which is a record under the same key.
    WithDictionary,
}

impl Packing {
    /// The byte in the head of a record.
    pub(crate) fn byte(self) -> u8 {
        self as u8
    }

    fn of_byte(byte: u8) -> Option<Self> {
        [Self::None, Self::Deflated, Self::WithDictionary].get(usize::from(byte)).copied()
    }
}

impl Kind {
    /// Every kind, in the order of their bytes, from 1.
    pub const ALL: [Self; 12] = [
        Self::Genesis,
        Self::Context,
        Self::Screening,
        Self::KeyMade,
        Self::KeyDestroyed,
        Self::Step,
        Self::Settings,
        Self::Hold,
        Self::Rescreening,
        Self::Kept,
        Self::Stamped,
        Self::Dictionary,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Genesis => "genesis",
            Self::Context => "context",
            Self::Screening => "screening",
            Self::KeyMade => "key-made",
            Self::KeyDestroyed => "key-destroyed",
            Self::Step => "step",
            Self::Settings => "settings",
            Self::Hold => "hold",
            Self::Rescreening => "rescreening",
            Self::Kept => "kept",
            Self::Stamped => "stamped",
            Self::Dictionary => "dictionary",
        }
    }

    fn byte(self) -> u8 {
        self as u8 + 1
    }

    fn of_byte(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte.checked_sub(1)?)).copied()
    }
}

/// A record that has no place yet.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) kind: Kind,
    pub(crate) packing: Packing,
    pub(crate) key: KeyId,
    pub(crate) commitment: Digest,
    pub(crate) payload: Vec<u8>,
}

/// A record as it stands in the log; its payload is still sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// What it is.
    pub kind: Kind,
    /// What was done to the message before it was encrypted.
    pub packing: Packing,
    /// Its place in the log, from 0.
    pub number: u64,
    /// When it was written, microseconds since 1970, UTC.
    pub time: i64,
    /// The data key of the payload; 0: it is not encrypted.
    pub key: KeyId,
    /// SHA-256 over salt and payload before both were compressed and encrypted.
    pub commitment: Digest,
    /// The payload as stored.
    pub payload: Vec<u8>,
}

impl Sealed {
    /// The head of the body.
    pub fn head(&self) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        head[0] = self.kind.byte();
        head[1] = self.packing.byte();
        head[2..10].copy_from_slice(&self.number.to_le_bytes());
        head[10..18].copy_from_slice(&self.time.to_le_bytes());
        head[18..22].copy_from_slice(&self.key.0.to_le_bytes());
        head[22..].copy_from_slice(&self.commitment);
        head
    }

    /// The hash of its leaf.
    pub fn leaf(&self) -> Digest {
        leaf_of(&self.head(), &sha256(&[&self.payload]))
    }

    /// Puts the record behind `out`.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let head = self.head();
        let length = u32::try_from(HEAD + self.payload.len()).expect("a payload is within MAX_PAYLOAD").to_le_bytes();
        let mut crc = crc32fast::Hasher::new();
        for piece in [&length[..], &head, &self.payload] {
            crc.update(piece);
        }
        for piece in [&length[..], &crc.finalize().to_le_bytes(), &head, &self.payload] {
            out.extend_from_slice(piece);
        }
    }

    /// Reads the record at the beginning of `bytes`, and how many bytes it takes.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn read(bytes: &[u8]) -> Result<(Self, usize), Wrong> {
        let length = length_of(bytes)?;
        let Some(body) = bytes.get(FRAME..FRAME + length) else { return Err(Wrong::Short) };
        let mut crc = crc32fast::Hasher::new();
        crc.update(&bytes[..4]);
        crc.update(body);
        if crc.finalize().to_le_bytes() != bytes[4..FRAME] {
            return Err(Wrong::Checksum);
        }
        let (Some(kind), Some(packing)) = (Kind::of_byte(body[0]), Packing::of_byte(body[1])) else {
            return Err(Wrong::Kind);
        };
        let record = Self {
            kind,
            packing,
            number: u64::from_le_bytes(array(&body[2..])),
            time: i64::from_le_bytes(array(&body[10..])),
            key: KeyId(u32::from_le_bytes(array(&body[18..]))),
            commitment: array(&body[22..]),
            payload: body[HEAD..].to_vec(),
        };
        Ok((record, FRAME + length))
    }
}

/// The hash of a leaf.
pub(crate) fn leaf_of(head: &[u8], payload: &Digest) -> Digest {
    sha256(&[&[0], head, payload])
}

/// The length of the body of the record at the beginning of `bytes`.
fn length_of(bytes: &[u8]) -> Result<usize, Wrong> {
    if bytes.len() < FRAME {
        return Err(Wrong::Short);
    }
    let length = u32::from_le_bytes(array(bytes)) as usize;
    if (HEAD..=HEAD + MAX_PAYLOAD).contains(&length) { Ok(length) } else { Err(Wrong::Length) }
}

/// The first bytes, which the caller has counted.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes[..N].try_into().expect("the slice has N bytes")
}

/// What is wrong with bytes that should be a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Wrong {
    #[error("the record ends before its length says")]
    Short,
    #[error("the length is out of range")]
    Length,
    #[error("the checksum does not match")]
    Checksum,
    #[error("the kind of record is not known to this version")]
    Kind,
}
