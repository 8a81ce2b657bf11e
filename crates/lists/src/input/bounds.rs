//! Streams that stop at a bound: what unpacks to too much is a decompression bomb, what ends early is damaged.

use crate::error::Error;
use crate::memory;
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

/// Unpacked bytes between two looks at the memory of the process.
const BETWEEN_LOOKS: u64 = 8 << 20;

/// What a failed read of the content means.
pub(crate) fn from_io(file: &str, cause: io::Error) -> Error {
    match cause.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>()) {
        Some(Refusal::Bomb(limit)) => Error::TooLarge { file: file.into(), limit: limit.clone() },
        Some(Refusal::Memory(limit)) => Error::Memory { file: file.into(), limit: limit.clone() },
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
    #[error("more memory than {0}")]
    Memory(String),
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
    pub(crate) memory: Growth,
}

/// How much the memory of the process has grown since a file was opened. Readers of some formats hold much before they
/// deliver an entry; whatever they hold shows here.
pub(crate) struct Growth {
    at_start: Option<u64>,
    next_look: u64,
}

impl Growth {
    /// From now on.
    pub(crate) fn from_now() -> Self {
        Self { at_start: memory::resident(), next_look: BETWEEN_LOOKS }
    }

    /// Looks now and then, as bytes come; an error once the process has grown by more than one list may take.
    fn look(&mut self, unpacked: u64) -> io::Result<()> {
        if unpacked < self.next_look {
            return Ok(());
        }
        self.next_look = unpacked + BETWEEN_LOOKS;
        let (Some(before), Some(now)) = (self.at_start, memory::resident()) else { return Ok(()) };
        if now.saturating_sub(before) > memory::of_list() {
            let limit = format!("one list may ({}), at {unpacked} unpacked bytes", memory::in_words(memory::of_list()));
            return Err(io::Error::other(Refusal::Memory(limit)));
        }
        Ok(())
    }
}

/// Stops a reader at so many bytes of text: a format whose reader holds the whole file before it delivers an entry.
pub(crate) struct Held<R> {
    pub(crate) inner: R,
    pub(crate) left: u64,
    pub(crate) most: u64,
}

impl<R: Read> Read for Held<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| self.refusal())?;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Held<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 && !self.inner.fill_buf()?.is_empty() {
            return Err(self.refusal());
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.inner.consume(amount);
    }
}

impl<R> Held<R> {
    fn refusal(&self) -> io::Error {
        io::Error::other(Refusal::Bomb(format!("{}, the most of a file in this format", memory::in_words(self.most))))
    }
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
        self.memory.look(self.unpacked)?;
        let by_ratio = self.packed.get().max(1).saturating_mul(self.limits.ratio);
        if self.unpacked > self.limits.free && self.unpacked > by_ratio {
            return Err(io::Error::other(Refusal::Bomb(format!("{} times its packed size", self.limits.ratio))));
        }
        Ok(read)
    }
}
