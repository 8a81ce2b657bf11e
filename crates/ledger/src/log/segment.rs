//! A segment file: a header that names ledger and first record, then records one behind the other.
//!
//! Beside it stands a file of offsets, four bytes a record. It is made from the segment and made again when it does not fit.

use super::frame::{FRAME, HEAD, Sealed, Wrong};
use crate::error::{Error, Result};
use crate::layout::LedgerId;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"TWLEDGR1";
/// Bytes of the header: magic, ledger, number of the first record, CRC-32.
pub(crate) const HEADER: usize = 36;

/// Names of segment files.
pub(crate) fn path_of(folder: &Path, first: u64) -> PathBuf {
    folder.join(format!("{first:020}.seg"))
}

/// The file of offsets of a segment.
pub(crate) fn offsets_of(segment: &Path) -> PathBuf {
    segment.with_extension("off")
}

/// The header of the segment that begins with the record `first`.
pub(crate) fn header(ledger: LedgerId, first: u64) -> [u8; HEADER] {
    let mut bytes = [0; HEADER];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..24].copy_from_slice(&ledger.0);
    bytes[24..32].copy_from_slice(&first.to_le_bytes());
    let crc = crc32fast::hash(&bytes[..32]);
    bytes[32..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

/// The segments of a folder by their first records, in order.
pub(crate) fn list(folder: &Path) -> Result<Vec<u64>> {
    let mut firsts = Vec::new();
    for file in fs::read_dir(folder).map_err(Error::io("read the folder", folder))? {
        let file = file.map_err(Error::io("read the folder", folder))?;
        let name = file.file_name();
        let number = name.to_str().and_then(|n| n.strip_suffix(".seg")).filter(|n| n.len() == 20);
        firsts.extend(number.and_then(|n| n.parse::<u64>().ok()));
    }
    firsts.sort_unstable();
    Ok(firsts)
}

/// What a scan of a segment found.
#[derive(Debug)]
pub(crate) struct Scan {
    /// Where each record starts.
    pub(crate) offsets: Vec<u32>,
    /// Bytes of the sound records and the header.
    pub(crate) end: u64,
    /// What stands behind them: nothing, or a record that was never written to its end.
    pub(crate) torn: Option<Wrong>,
    /// Time of the last record.
    pub(crate) last_time: Option<i64>,
}

/// Reads a segment from its first byte to its last and gives each record to `each`, with its offset.
///
/// `may_be_torn`: it is the last segment, and a record that breaks off at its end was never acknowledged.
///
/// # Errors
/// A foreign or damaged header; a damaged record that has sound ones behind it, or that stands in a segment that was closed.
pub(crate) fn scan(
    path: &Path,
    ledger: LedgerId,
    first: u64,
    may_be_torn: bool,
    mut each: impl FnMut(Sealed, u32) -> Result<()>,
) -> Result<Scan> {
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    if bytes.len() < HEADER && may_be_torn {
        // The file was made and its header never written: there is no record in it.
        return Ok(Scan { offsets: Vec::new(), end: 0, torn: Some(Wrong::Short), last_time: None });
    }
    check_header(path, &bytes, ledger, first)?;
    let mut scan = Scan { offsets: Vec::new(), end: HEADER as u64, torn: None, last_time: None };
    let mut at = HEADER;
    while at < bytes.len() {
        let number = first + scan.offsets.len() as u64;
        let (record, taken) = match Sealed::read(&bytes[at..]) {
            Ok(read) => read,
            Err(wrong) if may_be_torn && wrong != Wrong::Kind && !has_record_behind(&bytes[at + 1..], number) => {
                scan.torn = Some(wrong);
                return Ok(scan);
            }
            Err(wrong) => return Err(Error::damaged(path, at as u64, Some(number), wrong.to_string())),
        };
        if record.number != number {
            let why = format!("the record says that it is number {}", record.number);
            return Err(Error::damaged(path, at as u64, Some(number), why));
        }
        scan.last_time = Some(record.time);
        let offset = u32::try_from(at).map_err(|_| {
            Error::damaged(path, at as u64, Some(number), "the segment is larger than any that is written")
        })?;
        scan.offsets.push(offset);
        each(record, offset)?;
        at += taken;
        scan.end = at as u64;
    }
    Ok(scan)
}

/// Whether a sound record with a later number stands anywhere in `bytes`: then what stands before it was whole once.
fn has_record_behind(bytes: &[u8], number: u64) -> bool {
    let last = bytes.len().saturating_sub(FRAME + HEAD);
    // A number within reach is rare among arbitrary bytes, so the checksum is worked out for few places.
    let is_near = |at: usize| {
        let said = bytes.get(at + FRAME + 2..at + FRAME + 10).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes);
        said.is_some_and(|n| n > number && n - number < 1 << 32)
    };
    (0..=last).any(|at| is_near(at) && Sealed::read(&bytes[at..]).is_ok())
}

fn check_header(path: &Path, bytes: &[u8], ledger: LedgerId, first: u64) -> Result<()> {
    let expected = header(ledger, first);
    let Some(found) = bytes.get(..HEADER) else {
        return Err(Error::damaged(path, 0, None, "the header is cut off"));
    };
    if found == expected {
        return Ok(());
    }
    if &found[..8] != MAGIC || crc32fast::hash(&found[..32]).to_le_bytes() != found[32..] {
        return Err(Error::damaged(path, 0, None, "the header is damaged"));
    }
    if found[8..24] != ledger.0 {
        let mut id = [0; 16];
        id.copy_from_slice(&found[8..24]);
        let (found, expected) = (LedgerId(id).to_string(), ledger.to_string());
        return Err(Error::Foreign { path: path.to_owned(), found, expected });
    }
    Err(Error::damaged(path, 24, None, format!("the header names another first record; expected {first}")))
}

/// Reads the header alone.
pub(crate) fn check(path: &Path, ledger: LedgerId, first: u64) -> Result<()> {
    use std::io::Read as _;
    let mut bytes = Vec::with_capacity(HEADER);
    let file = File::open(path).map_err(Error::io("read", path))?;
    file.take(HEADER as u64).read_to_end(&mut bytes).map_err(Error::io("read", path))?;
    check_header(path, &bytes, ledger, first)
}

/// Offsets as their file has them.
pub(crate) fn encode_offsets(offsets: &[u32]) -> Vec<u8> {
    offsets.iter().flat_map(|o| o.to_le_bytes()).collect()
}
