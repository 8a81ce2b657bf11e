//! Opening a log: the lock, what a crash left, and the places of all records.

use super::frame::Sealed;
use super::reader::Places;
use super::segment::{self, HEADER};
use crate::bytes;
use crate::error::{Error, Result};
use crate::layout::{Layout, LedgerId};
use jiff::Timestamp;
use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::Path;

/// What opening a log found.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    pub(crate) places: Places,
    /// What was cut off, where something was.
    pub(crate) cut: Option<Cut>,
    /// Time of the last record.
    pub(crate) last_time: Option<i64>,
}

/// The end of a log that a crash kept from being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The segment.
    pub file: String,
    /// The first byte that was cut off.
    pub offset: u64,
    /// How many.
    pub bytes: u64,
    /// Records before it.
    pub records: u64,
}

/// Takes the lock that whoever writes holds.
pub(crate) fn lock(layout: &Layout) -> Result<File> {
    let path = layout.lock();
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(Error::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Locked { path: layout.root().to_owned() }),
        Err(TryLockError::Error(source)) => Err(Error::io("lock", &path)(source)),
    }
}

/// Whether somebody writes now.
pub(crate) fn is_written(layout: &Layout) -> bool {
    let file = File::open(layout.lock());
    file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Finds out where every record is. `is_writer`: cuts off what a crash left and writes missing files of offsets;
/// otherwise nothing is changed.
///
/// Gives each record of the last segment to `tail`.
pub(crate) fn open(
    layout: &Layout,
    ledger: LedgerId,
    is_writer: bool,
    mut tail: impl FnMut(&Sealed) -> Result<()>,
) -> Result<Opened> {
    let folder = layout.log();
    let mut opened =
        Opened { places: Places { firsts: segment::list(&folder)?, ..Places::default() }, ..Opened::default() };
    let firsts = opened.places.firsts.clone();
    let Some((last, closed)) = firsts.split_last() else { return Ok(opened) };
    if let Some(first) = firsts.first().filter(|first| **first != 0) {
        let path = segment::path_of(&folder, 0);
        return Err(Error::damaged(
            &path,
            0,
            Some(0),
            format!("the segment is missing: the log begins with record {first}"),
        ));
    }
    for (at, first) in closed.iter().enumerate() {
        check_closed(&folder, ledger, *first, firsts[at + 1], is_writer)?;
    }
    let path = segment::path_of(&folder, *last);
    let scan = segment::scan(&path, ledger, *last, true, |record, _| tail(&record))?;
    opened.places.tail = scan.offsets;
    opened.last_time = scan.last_time;
    if opened.last_time.is_none() && !closed.is_empty() {
        // A segment was begun and holds nothing yet.
        let before = closed[closed.len() - 1];
        let path = segment::path_of(&folder, before);
        opened.last_time = segment::scan(&path, ledger, before, false, |_, _| Ok(()))?.last_time;
    }
    if scan.torn.is_some() {
        opened.cut = Some(cut(layout, ledger, &path, *last, scan.end, opened.places.size(), is_writer)?);
    }
    Ok(opened)
}

/// A segment that was closed: its header, and whether its offsets are those of all its records.
fn check_closed(folder: &Path, ledger: LedgerId, first: u64, next: u64, is_writer: bool) -> Result<()> {
    let path = segment::path_of(folder, first);
    segment::check(&path, ledger, first)?;
    let offsets = segment::offsets_of(&path);
    if fs::metadata(&offsets).is_ok_and(|meta| meta.len() == (next - first) * 4) {
        return Ok(());
    }
    let scan = segment::scan(&path, ledger, first, false, |_, _| Ok(()))?;
    let found = first + scan.offsets.len() as u64;
    if found != next {
        let why = format!("the segment ends before record {found}, and the next begins with {next}");
        return Err(Error::damaged(&path, scan.end, Some(found), why));
    }
    if is_writer {
        return bytes::write_whole(&offsets, &segment::encode_offsets(&scan.offsets), false);
    }
    Err(Error::damaged(
        &offsets,
        0,
        None,
        "the offsets do not fit the segment; `tidewaiter ledger rebuild` makes them again",
    ))
}

/// Cuts off what was never acknowledged, and keeps it aside.
fn cut(
    layout: &Layout,
    ledger: LedgerId,
    path: &Path,
    first: u64,
    end: u64,
    records: u64,
    is_writer: bool,
) -> Result<Cut> {
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let torn = &bytes[usize::try_from(end).unwrap_or(usize::MAX)..];
    let cut = Cut { file: name, offset: end, bytes: torn.len() as u64, records };
    if !is_writer {
        return Ok(cut);
    }
    bytes::make_folder(&layout.torn())?;
    let aside = layout.torn().join(format!("{}-{}.bin", records, Timestamp::now().as_microsecond()));
    bytes::write_whole(&aside, torn, true)?;
    let mut file = File::options().write(true).open(path).map_err(Error::io("cut", path))?;
    let mend = file.set_len(end).and_then(|()| {
        if end < HEADER as u64 {
            file.write_all(&segment::header(ledger, first))?;
        }
        file.sync_all()
    });
    mend.map_err(Error::io("cut", path))?;
    Ok(cut)
}
