//! Text in another encoding, decoded while it is read.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use std::io::{self, Read};

/// How much of an input is looked at to recognise what it is, in bytes.
pub(super) const HEAD: usize = 4096;

/// A reader of bytes from anywhere.
type Bytes = Box<dyn Read + Send>;

/// The first bytes, at most `most`, and a reader of everything, those included.
pub(super) fn peek(mut reader: Bytes, most: usize) -> io::Result<(Vec<u8>, Bytes)> {
    let mut head = Vec::with_capacity(most);
    reader.by_ref().take(most as u64).read_to_end(&mut head)?;
    let whole = Box::new(io::Cursor::new(head.clone()).chain(reader));
    Ok((head, whole))
}

/// The text as UTF-8. Without an encoding, UTF-16 is recognised by its mark or by its zero bytes, and everything else
/// stays as it is.
pub(super) fn as_utf8(reader: Bytes, head: &[u8], encoding: Option<&'static Encoding>) -> Bytes {
    match encoding.or_else(|| utf_16(head)) {
        None => reader,
        Some(encoding) if encoding == UTF_8 => reader,
        Some(encoding) => Box::new(
            DecodeReaderBytesBuilder::new().encoding(Some(encoding)).bom_override(true).strip_bom(true).build(reader),
        ),
    }
}

/// A table or JSON has ASCII signs everywhere; in UTF-16 each has a zero byte before or behind it.
fn utf_16(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xff, 0xfe, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // At least a tenth of the characters: Chinese text has few ASCII signs.
    let least = (head.len() / 20).max(2);
    match (even >= least, odd >= least) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}
