//! What messages under one data key have in common, so that each holds what is its own.
//!
//! A dictionary is trained from the first messages under a key, and is a record under that same key: with the key goes
//! the dictionary, and no text of one class or period ever helps to read another. A payload names the dictionary by
//! its number, so several may be in use, for example one of each run of the program.

use crate::log::frame::MAX_PAYLOAD;
use prost::encoding::{decode_varint, encode_varint};
use std::cell::RefCell;
use std::fmt;
use zstd::zstd_safe::{CCtx, CDict, DCtx, DDict, compress_bound, get_frame_content_size};

/// Messages that a dictionary is trained from: enough for about a hundred times its size, as Zstandard advises.
pub(crate) const SAMPLES: usize = 4096;
/// The longest message that is taken for training; longer ones have little in common with others.
pub(crate) const SAMPLE: usize = 2 << 10;
/// Bytes of a dictionary: 8 a record where no more than the samples follow.
const SIZE: usize = 32 << 10;
/// Zstandard's level.
const LEVEL: i32 = 1;
/// What every Zstandard frame begins with; not kept.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Trains a dictionary; `None` where the messages have nothing in common.
pub(crate) fn train(messages: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut dictionary = zstd::dict::from_samples(messages, SIZE).ok()?;
    // Its id: the number of the record stands in its place, so that frames need none.
    dictionary.get_mut(4..8)?.fill(0);
    Some(dictionary)
}

thread_local! {
    // Contexts are large to make and quick to use again.
    static PACK: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static UNPACK: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

/// A dictionary that messages are written with.
pub(crate) struct Packer {
    number: u64,
    dictionary: CDict<'static>,
}

impl fmt::Debug for Packer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Packer({})", self.number)
    }
}

impl Packer {
    /// Of the dictionary that the record `number` holds.
    pub(crate) fn new(number: u64, dictionary: &[u8]) -> Option<Self> {
        Some(Self { number, dictionary: CDict::try_create(dictionary, LEVEL)? })
    }

    /// Puts a message as it is kept behind what is there: the number of the dictionary, and a frame without its magic. Where that is
    /// no shorter, it puts nothing there and is `false`.
    pub(crate) fn pack(&self, message: &[u8], out: &mut Vec<u8>) -> bool {
        let start = out.len();
        encode_varint(self.number, out);
        let packed = self.frame(message, out).filter(|()| out.len() - start < message.len());
        if packed.is_none() {
            out.truncate(start);
        }
        packed.is_some()
    }

    /// Puts a frame without its magic behind what is there.
    fn frame(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()> {
        // The magic is written over the end of what is there, which then gets its place back.
        let from = out.len().checked_sub(MAGIC.len())?;
        let (_, end) = out.split_last_chunk::<{ MAGIC.len() }>()?;
        let end = *end;
        out.resize(from + compress_bound(message.len()), 0);
        let compress =
            |context: &mut CCtx<'_>| context.compress_using_cdict(&mut out[from..], message, &self.dictionary);
        let length = PACK.with_borrow_mut(compress).ok()?;
        out.truncate(from + length);
        out[from..].strip_prefix(&MAGIC)?;
        out[from..][..MAGIC.len()].copy_from_slice(&end);
        Some(())
    }
}

/// A dictionary that messages are read with.
pub(crate) struct Unpacker(DDict<'static>);

impl fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unpacker(..)")
    }
}

impl Unpacker {
    pub(crate) fn new(dictionary: &[u8]) -> Option<Self> {
        DDict::try_create(dictionary).map(Self)
    }

    /// A message from its frame without magic.
    pub(crate) fn unpack(&self, frame: &[u8]) -> Option<Vec<u8>> {
        let frame = [&MAGIC, frame].concat();
        let length = get_frame_content_size(&frame).ok()??;
        let length = usize::try_from(length).ok().filter(|length| *length <= MAX_PAYLOAD)?;
        let mut message = Vec::with_capacity(length);
        UNPACK.with_borrow_mut(|context| context.decompress_using_ddict(&mut message, &frame, &self.0)).ok()?;
        Some(message)
    }
}

/// The number of the dictionary of a packed message, and its frame.
pub(crate) fn split(packed: &[u8]) -> Option<(u64, &[u8])> {
    let mut rest = packed;
    let number = decode_varint(&mut rest).ok()?;
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back_and_are_shorter_than_alone() {
        let message =
            |n: usize| format!("Copper Heron Components {n} GmbH, Kranweg {}, 28199 Bremen", n * 7 % 400).into_bytes();
        let samples: Vec<Vec<u8>> = (0..SAMPLES).map(message).collect();
        let dictionary = train(&samples).unwrap();
        let (packer, unpacker) = (Packer::new(300, &dictionary).unwrap(), Unpacker::new(&dictionary).unwrap());
        for n in [0, 7, 99_999, 123_456] {
            let mut packed = b"before".to_vec();
            assert!(packer.pack(&message(n), &mut packed));
            assert!(packed.len() < 36, "{} bytes", packed.len());
            let (number, frame) = split(packed.strip_prefix(b"before").unwrap()).unwrap();
            assert_eq!((number, unpacker.unpack(frame)), (300, Some(message(n))));
            assert_eq!(unpacker.unpack(&frame[..frame.len() - 1]), None);
        }
        assert_eq!(train(&samples[..3]), None);
        let noise: Vec<u8> = crate::bytes::random::<64>().to_vec();
        let mut before = b"before".to_vec();
        assert!(!packer.pack(&noise, &mut before));
        assert_eq!(before, b"before");
    }
}
