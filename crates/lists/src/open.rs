//! Opens a list file: plain, gzip or zip, told apart by magic bytes and never by file name, and tells its format
//! from the first bytes.
//!
//! Reads as a stream. What unpacks to more than [`Limits`] allow is refused as a decompression bomb, and a stream
//! that ends early is damaged: neither leaves rows behind.

use super::error::Error;
use super::format::Format;
use flate2::bufread::MultiGzDecoder;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::path::Path;
use std::rc::Rc;
use zip::ZipArchive;

mod recognise;
mod siblings;

pub(super) use recognise::{Found, recognise};

/// How much of a file is looked at to tell its format.
const HEAD: usize = 64 * 1024;

/// Bounds on unpacked data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Unpacked bytes, at most.
    pub(super) total: u64,
    /// Unpacked bytes for each packed byte, at most, once past [`Limits::free`].
    pub(super) ratio: u64,
    /// Unpacked bytes that no ratio is asked of; small files of blanks pack very well.
    pub(super) free: u64,
}

/// Unpacked bytes of a workbook, at most: a hundred times the largest published one. Its texts are held in memory.
const WORKBOOK: u64 = 1 << 30;

/// 2 GiB is about 300 times the largest published list; XML lists pack about 20:1.
pub(super) const LIMITS: Limits = Limits { total: 2 << 30, ratio: 200, free: 64 << 20 };

/// Reads one piece of a source: its name for messages, what it was recognised as, and its text.
pub(super) type Take<'a> = &'a mut dyn FnMut(&str, Found, &mut dyn BufRead) -> Result<(), Error>;

/// Opens `path`, unpacks it and hands its pieces to `take`, each with what it is and its text without byte order mark.
/// Most sources have one piece; OFAC's legacy files are three, in a folder, in an archive, or side by side.
///
/// # Errors
/// When a file cannot be opened, is damaged or too large, or is no format that we read; and what `take` returns.
pub(super) fn pieces(path: &Path, limits: Limits, take: Take<'_>) -> Result<(), Error> {
    if path.is_dir() {
        return siblings::folder(path, limits, take);
    }
    let mut part = None;
    file(path, limits, &mut |name, found, content| {
        if let Found::Legacy(found) = found {
            part = Some(found);
        }
        take(name, found, content)
    })?;
    match part {
        // An archive holds all three.
        Some(_) if is_zip(path) => Ok(()),
        Some(part) => siblings::beside(path, part, limits, take),
        None => Ok(()),
    }
}

fn is_zip(path: &Path) -> bool {
    let mut magic = [0; 2];
    File::open(path).and_then(|mut f| f.read_exact(&mut magic)).is_ok() && magic == *b"PK"
}

/// Opens one file.
fn file(path: &Path, limits: Limits, take: Take<'_>) -> Result<(), Error> {
    let name = path.display().to_string();
    let io_error = |cause| Error::Io { file: name.clone(), cause };
    let mut file = BufReader::with_capacity(HEAD, File::open(path).map_err(io_error)?);
    let magic = file.fill_buf().map_err(io_error)?;
    if magic.starts_with(&[0x1f, 0x8b]) {
        let packed = Rc::new(Cell::new(0));
        let decoder = MultiGzDecoder::new(Counting { inner: file, count: Rc::clone(&packed) });
        let bounded = Bounded { inner: decoder, limits, packed, unpacked: 0, container: Some("gzip") };
        return sniffed(&name, BufReader::with_capacity(HEAD, bounded), take);
    }
    if magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06") {
        return from_zip(&name, file, limits, take);
    }
    let packed = Rc::new(Cell::new(u64::MAX));
    sniffed(
        &name,
        BufReader::with_capacity(HEAD, Bounded { inner: file, limits, packed, unpacked: 0, container: None }),
        take,
    )
}

/// Reads the one list of an archive. Folders, hidden files and the resource forks of macOS do not count.
fn from_zip(name: &str, file: BufReader<File>, limits: Limits, take: Take<'_>) -> Result<(), Error> {
    let damaged = |cause: &dyn std::fmt::Display| Error::Damaged {
        file: name.into(),
        container: "zip",
        cause: cause.to_string(),
    };
    let mut archive = ZipArchive::new(file).map_err(|e| damaged(&e))?;
    let mut members = Vec::new();
    let mut is_workbook = false;
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|e| damaged(&e))?;
        let path = member.name().unwrap_or_default().into_owned();
        let base = path.rsplit('/').next().unwrap_or_default();
        is_workbook |= path == "xl/workbook.xml";
        if member.is_file() && !path.starts_with("__MACOSX/") && !base.starts_with('.') {
            members.push(index);
        }
    }
    if is_workbook {
        return workbook(name, archive, &members, limits, take);
    }
    if members.len() > 1 {
        let mut readable = Vec::new();
        for &index in &members {
            let mut head = Vec::with_capacity(HEAD);
            let member = archive.by_index(index).map_err(|e| damaged(&e))?;
            member.take(HEAD as u64).read_to_end(&mut head).map_err(|e| damaged(&e))?;
            if let Ok(found) = recognise(&head) {
                readable.push((index, found));
            }
        }
        let legacy = readable.iter().filter(|(_, f)| matches!(f, Found::Legacy(_))).count();
        if readable.len() != 1 && (legacy != readable.len() || legacy != 3) {
            let problem = format!("{} files, {} of them lists that we read", members.len(), readable.len());
            return Err(Error::Archive { file: name.into(), problem });
        }
        members = readable.into_iter().map(|(index, _)| index).collect();
    }
    if members.is_empty() {
        return Err(Error::Archive { file: name.into(), problem: "no file in it".into() });
    }
    for &index in &members {
        let member = archive.by_index(index).map_err(|e| damaged(&e))?;
        // The central directory may lie about the packed size, but then the member ends where it says.
        let packed = Rc::new(Cell::new(member.compressed_size()));
        let bounded = Bounded { inner: member, limits, packed, unpacked: 0, container: Some("zip") };
        sniffed(name, BufReader::with_capacity(HEAD, bounded), take)?;
    }
    Ok(())
}

/// Hands a workbook over as it is, after making sure that its parts unpack to a bounded size.
fn workbook(
    name: &str,
    mut archive: ZipArchive<BufReader<File>>,
    members: &[usize],
    limits: Limits,
    take: Take<'_>,
) -> Result<(), Error> {
    let limits = Limits { total: limits.total.min(WORKBOOK), ..limits };
    let mut unpacked = 0;
    for &index in members {
        let member = archive.by_index(index).map_err(|e| Error::Damaged {
            file: name.into(),
            container: "xlsx",
            cause: e.to_string(),
        })?;
        let packed = Rc::new(Cell::new(member.compressed_size()));
        let mut bounded = Bounded { inner: member, limits, packed, unpacked, container: Some("xlsx") };
        io::copy(&mut bounded, &mut io::sink()).map_err(|e| from_io(name, e))?;
        unpacked = bounded.unpacked;
    }
    let mut file = archive.into_inner();
    file.seek(io::SeekFrom::Start(0)).map_err(|cause| Error::Io { file: name.into(), cause })?;
    take(name, Found::Format(Format::AuDfatXlsx), &mut file)
}

/// Tells the format from the first bytes and reads on from the start.
fn sniffed(name: &str, mut content: impl BufRead, take: Take<'_>) -> Result<(), Error> {
    let mut head = Vec::with_capacity(HEAD);
    content.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(|e| from_io(name, e))?;
    let start = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    if head[start..].iter().all(u8::is_ascii_whitespace) && head.len() < HEAD {
        return Err(Error::Empty { file: name.into() });
    }
    let found = recognise(&head).map_err(|seen| Error::UnknownFormat { file: name.into(), seen })?;
    let mut whole = Cursor::new(head.split_off(start)).chain(content);
    take(name, found, &mut whole)
}

/// What a failed read of the content means.
pub(super) fn from_io(file: &str, cause: io::Error) -> Error {
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
struct Counting<R> {
    inner: R,
    count: Rc<Cell<u64>>,
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
struct Bounded<R> {
    inner: R,
    limits: Limits,
    packed: Rc<Cell<u64>>,
    unpacked: u64,
    container: Option<&'static str>,
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
