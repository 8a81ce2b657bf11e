//! Reads records by their numbers, while the log grows.

use super::frame::{FRAME, Sealed};
use super::segment;
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What is where: the writer moves it on, readers look things up.
#[derive(Debug)]
pub(crate) struct Log {
    folder: PathBuf,
    places: RwLock<Places>,
}

/// The places of the records.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// First records of the segments, in order.
    pub(crate) firsts: Vec<u64>,
    /// Where the records of the last segment start.
    pub(crate) tail: Vec<u32>,
}

impl Places {
    /// How many records there are.
    pub(crate) fn size(&self) -> u64 {
        self.firsts.last().map_or(0, |first| first + self.tail.len() as u64)
    }
}

impl Log {
    pub(crate) fn new(folder: &Path, places: Places) -> Self {
        Self { folder: folder.to_owned(), places: RwLock::new(places) }
    }

    fn places(&self) -> RwLockReadGuard<'_, Places> {
        self.places.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// For the writer, which moves them on when records are written.
    pub(crate) fn places_mut(&self) -> RwLockWriteGuard<'_, Places> {
        self.places.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many records there are.
    pub(crate) fn size(&self) -> u64 {
        self.places().size()
    }

    /// The segment of a record and where in it the record starts.
    fn find(&self, number: u64) -> Result<(PathBuf, u64)> {
        let places = self.places();
        if number >= places.size() {
            return Err(Error::NoRecord { number, size: places.size() });
        }
        let at = places.firsts.partition_point(|first| *first <= number) - 1;
        let first = places.firsts[at];
        let path = segment::path_of(&self.folder, first);
        let place = usize::try_from(number - first).unwrap_or(usize::MAX);
        if at + 1 == places.firsts.len() {
            return Ok((path, u64::from(places.tail[place])));
        }
        drop(places);
        let offsets = segment::offsets_of(&path);
        let mut bytes = [0; 4];
        let read = File::open(&offsets).and_then(|mut file| {
            file.seek(SeekFrom::Start(place as u64 * 4))?;
            file.read_exact(&mut bytes)
        });
        read.map_err(Error::io("read", &offsets))?;
        Ok((path, u64::from(u32::from_le_bytes(bytes))))
    }

    /// One record.
    pub(crate) fn read(&self, number: u64) -> Result<Sealed> {
        let (path, offset) = self.find(number)?;
        let mut file = File::open(&path).map_err(Error::io("read", &path))?;
        let mut bytes = vec![0; FRAME];
        let mut read = || {
            file.seek(SeekFrom::Start(offset))?;
            file.read_exact(&mut bytes)?;
            let length = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
            bytes.resize(FRAME + length.min(super::frame::HEAD + super::frame::MAX_PAYLOAD), 0);
            file.read_exact(&mut bytes[FRAME..])
        };
        read().map_err(Error::io("read", &path))?;
        match Sealed::read(&bytes) {
            Ok((record, _)) if record.number == number => Ok(record),
            Ok(_) => Err(Error::damaged(&path, offset, Some(number), "another record stands in its place")),
            Err(wrong) => Err(Error::damaged(&path, offset, Some(number), wrong.to_string())),
        }
    }

    /// Gives the records `from..until`, which are there, to `each`.
    pub(crate) fn each_until(&self, from: u64, until: u64, mut each: impl FnMut(Sealed) -> Result<()>) -> Result<()> {
        let firsts = self.places().firsts.clone();
        for (at, first) in firsts.iter().enumerate() {
            let end = firsts.get(at + 1).copied().unwrap_or(until).min(until);
            let start = from.max(*first);
            if start < end {
                self.each_of_segment(start, end, &mut each)?;
            }
        }
        Ok(())
    }

    /// Gives the records `start..end` of one segment to `each`.
    fn each_of_segment(&self, start: u64, end: u64, each: &mut impl FnMut(Sealed) -> Result<()>) -> Result<()> {
        let (path, offset) = self.find(start)?;
        let last = self.find(end - 1)?.1;
        let mut bytes = Vec::new();
        // Up to the beginning of the last, and enough for it.
        let most = last - offset + (FRAME + super::frame::HEAD + super::frame::MAX_PAYLOAD) as u64;
        let read = File::open(&path).and_then(|mut file| {
            file.seek(SeekFrom::Start(offset))?;
            file.take(most).read_to_end(&mut bytes)
        });
        read.map_err(Error::io("read", &path))?;
        let mut at = 0;
        for number in start..end {
            let damaged = |why: String| Error::damaged(&path, offset + at as u64, Some(number), why);
            let (record, taken) = Sealed::read(&bytes[at..]).map_err(|wrong| damaged(wrong.to_string()))?;
            if record.number != number {
                return Err(damaged(format!("the record says that it is number {}", record.number)));
            }
            at += taken;
            each(record)?;
        }
        Ok(())
    }
}
