//! Streams that stop at a bound: what unpacks to too much is a decompression bomb, what ends early is damaged.

use crate::error::Error;
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// Bounds on unpacked data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnpackLimits {
    /// Unpacked bytes, at most.
    pub(crate) total: u64,
    /// Unpacked bytes for each packed byte, at most, once past [`UnpackLimits::free`].
    pub(crate) ratio: u64,
    /// Unpacked bytes that no ratio is asked of; small files of blanks pack very well.
    pub(crate) free: u64,
}

/// What a failed read of the content means.
pub(crate) fn from_io(file: &str, cause: io::Error) -> Error {
    match cause.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>()) {
        Some(Refusal::Bomb(limit)) => Error::TooLarge { file: file.into(), limit: limit.clone() },
        Some(Refusal::Damaged(container, cause)) => {
            Error::Damaged { file: file.into(), container, cause: cause.clone() }
        }
        None => Error::Io { file: file.into(), cause },
    }
}

/// An error that travels through `io::Error`, as the CSV and XML readers know no other.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("more than {0}")]
    Bomb(String),
    #[error("damaged {0}: {1}")]
    Damaged(&'static str, String),
}

/// Counts the packed bytes that were read.
pub(crate) struct Counting<R> {
    pub(crate) inner: R,
    pub(crate) count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counting<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.count.set(self.count.get() + amount as u64);
        self.inner.consume(amount);
    }
}

/// Stops at the limits.
pub(crate) struct Bounded<R> {
    pub(crate) inner: R,
    pub(crate) limits: UnpackLimits,
    /// Packed bytes read so far, or in all.
    pub(crate) packed: Rc<Cell<u64>>,
    /// Unpacked bytes read so far.
    pub(crate) unpacked: u64,
    /// What it unpacks, `gzip`, `zip` or `xlsx`; `None` for a plain file.
    pub(crate) container: Option<&'static str>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out).map_err(|cause| match self.container {
            Some(container) if cause.kind() != io::ErrorKind::Interrupted => {
                io::Error::other(Refusal::Damaged(container, cause.to_string()))
            }
            _ => cause,
        })?;
        self.unpacked += read as u64;
        if self.unpacked > self.limits.total {
            return Err(io::Error::other(Refusal::Bomb(format!("{} bytes", self.limits.total))));
        }
        let by_ratio = self.packed.get().max(1).saturating_mul(self.limits.ratio);
        if self.unpacked > self.limits.free && self.unpacked > by_ratio {
            return Err(io::Error::other(Refusal::Bomb(format!("{} times its packed size", self.limits.ratio))));
        }
        Ok(read)
    }
}
