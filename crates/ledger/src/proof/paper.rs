//! Papers: proofs as JSON, complete in themselves, that others check without this program. `examples/ledger/verify.py`
//! does.

use super::head::{Head, key_of, read_note};
use super::tiles::TileReader;
use super::tree;
use crate::bytes::{self, Digest, base64, hex, sha256, unbase64, unhex};
use crate::error::{Error, Result};
use crate::layout::{About, Layout, LedgerId};
use crate::log::frame::{HEAD, leaf_of};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The form of a proof that a record is in the tree under a signed head.
const FORMAT: &str = "tidewaiter-proof/1";

/// A proof that a record stands in a ledger, at its place and time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// `tidewaiter-proof/1`.
    pub format: String,
    /// The ledger's name.
    pub origin: String,
    /// Its public key, base64. Whoever checks should know it from elsewhere.
    pub public_key: String,
    /// Number of the record.
    pub record: u64,
    /// The head of the record, base64: kind, flags, number, time, key, commitment.
    pub head: String,
    /// SHA-256 of the payload as stored.
    pub payload_sha256: String,
    /// Hashes from the leaf to the root, base64.
    pub inclusion: Vec<String>,
    /// The signed head, a C2SP checkpoint.
    pub checkpoint: String,
    /// What the record says, where it is disclosed.
    pub disclosed: Option<Disclosed>,
}

/// What a record says. SHA-256 over salt and message is its commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosed {
    /// Random bytes, base64.
    pub salt: String,
    /// The message, base64: the evidence as protobuf for a screening, JSON otherwise.
    pub message: String,
}

/// What a paper proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Number of the record.
    pub record: u64,
    /// When it was written, by the ledger's clock.
    pub time: Timestamp,
    /// The signed head that it is under.
    pub head: Head,
    /// Whether it also says what the record says.
    pub is_disclosed: bool,
}

impl Paper {
    /// A proof for the record with this head and payload, under a signed head.
    pub(crate) fn new(
        (layout, about): (&Layout, &About),
        (number, head, payload): (u64, &[u8], &Digest),
        (signed, note): (&Head, &str),
        disclosed: Option<Disclosed>,
    ) -> Result<Self> {
        if number >= signed.size {
            let why = format!("record {number} is newer than the last signed head, which covers {}", signed.size);
            return Err(Error::Refused(why));
        }
        let inclusion = tree::inclusion(&TileReader::new(&layout.tiles()), number, signed.size)?;
        let proven = tree::root_by_inclusion(leaf_of(head, payload), number, signed.size, &inclusion);
        if proven != Some(signed.root) {
            let why = "the tiles do not lead from the record to the signed root; `tidewaiter ledger verify` says more";
            return Err(Error::damaged(&layout.tiles(), 0, Some(number), why));
        }
        Ok(Self {
            format: FORMAT.to_owned(),
            origin: about.origin.clone(),
            public_key: base64(&about.public_key),
            record: number,
            head: base64(head),
            payload_sha256: hex(payload),
            inclusion: inclusion.iter().map(|hash| base64(hash)).collect(),
            checkpoint: note.to_owned(),
            disclosed,
        })
    }
}

/// Checks a paper. `key`: the ledger's public key, where it is known from elsewhere.
///
/// # Errors
/// What does not hold.
pub fn verify_paper(paper: &Paper, key: Option<&[u8; 32]>) -> std::result::Result<Verdict, String> {
    if paper.format != FORMAT {
        return Err(format!("the form is `{}`; expected {FORMAT}", paper.format));
    }
    let public_key: [u8; 32] =
        unbase64(&paper.public_key).and_then(|k| k.try_into().ok()).ok_or("public_key is not base64 of 32 bytes")?;
    if key.is_some_and(|key| *key != public_key) {
        return Err("the paper is signed by another ledger's key".to_owned());
    }
    let about = About { id: LedgerId([0; 16]), origin: paper.origin.clone(), made: Timestamp::UNIX_EPOCH, public_key };
    let signed = read_note(&about, &key_of(&about).map_err(|e| e.to_string())?, &paper.checkpoint)
        .map_err(|why| format!("checkpoint: {why}"))?;
    let head = unbase64(&paper.head).filter(|h| h.len() == HEAD).ok_or("head is not base64 of a record's head")?;
    let payload: Digest = unhex(&paper.payload_sha256).ok_or("payload_sha256 is not 64 hexadecimal digits")?;
    let number = |from: usize| <[u8; 8]>::try_from(&head[from..from + 8]).expect("a head is long enough");
    if u64::from_le_bytes(number(2)) != paper.record {
        return Err("the head is that of another record".to_owned());
    }
    let step = |text: &String| unbase64(text).and_then(|hash| hash.try_into().ok());
    let inclusion: Option<Vec<Digest>> = paper.inclusion.iter().map(step).collect();
    let inclusion = inclusion.ok_or("inclusion is not a series of hashes in base64")?;
    let root = tree::root_by_inclusion(leaf_of(&head, &payload), paper.record, signed.size, &inclusion);
    if root != Some(signed.root) {
        return Err("the record is not under the signed root".to_owned());
    }
    if let Some(Disclosed { salt, message }) = &paper.disclosed {
        let (salt, message) = (unbase64(salt), unbase64(message));
        let (Some(salt), Some(message)) = (salt, message) else { return Err("disclosed is not base64".to_owned()) };
        if sha256(&[&salt, &message])[..] != head[22..] {
            return Err("what is disclosed is not what the record commits to".to_owned());
        }
    }
    let time = Timestamp::from_microsecond(i64::from_le_bytes(number(10))).map_err(|e| e.to_string())?;
    Ok(Verdict { record: paper.record, time, head: signed, is_disclosed: paper.disclosed.is_some() })
}

/// A proof that one signed head continues another, as JSON.
///
/// # Errors
/// When the heads are not of this ledger's tiles.
pub fn consistency(
    layout: &Layout,
    (old, old_note): &(Head, String),
    (new, new_note): &(Head, String),
) -> Result<String> {
    let proof = tree::consistency(&TileReader::new(&layout.tiles()), old.size, new.size)?;
    if !tree::is_consistent(old.size, old.root, new.size, new.root, &proof) {
        return Err(Error::damaged(
            &layout.tiles(),
            0,
            None,
            "the tiles do not lead from one signed root to the other",
        ));
    }
    #[derive(Serialize)]
    struct Consistency<'a> {
        format: &'static str,
        from: &'a str,
        to: &'a str,
        proof: Vec<String>,
    }
    let proof = proof.iter().map(|hash| bytes::base64(hash)).collect();
    let paper = Consistency { format: "tidewaiter-consistency/1", from: old_note, to: new_note, proof };
    Ok(serde_json::to_string_pretty(&paper).expect("texts have a JSON form"))
}
