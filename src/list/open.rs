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
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::rc::Rc;
use zip::ZipArchive;

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

/// 2 GiB is about 300 times the largest published list; XML lists pack about 20:1.
pub(super) const LIMITS: Limits = Limits { total: 2 << 30, ratio: 200, free: 64 << 20 };

/// Opens `path`, unpacks it and hands format and text, without byte order mark, to `read`.
///
/// # Errors
/// When the file cannot be opened, is damaged or too large, or is no format that we read; and what `read` returns.
pub(super) fn with_content<T>(
    path: &Path,
    limits: Limits,
    read: impl FnOnce(Format, &mut dyn BufRead) -> Result<T, Error>,
) -> Result<T, Error> {
    let name = path.display().to_string();
    let io_error = |cause| Error::Io { file: name.clone(), cause };
    let mut file = BufReader::with_capacity(HEAD, File::open(path).map_err(io_error)?);
    let magic = file.fill_buf().map_err(io_error)?;
    if magic.starts_with(&[0x1f, 0x8b]) {
        let packed = Rc::new(Cell::new(0));
        let decoder = MultiGzDecoder::new(Counting { inner: file, count: Rc::clone(&packed) });
        let bounded = Bounded { inner: decoder, limits, packed, unpacked: 0, container: Some("gzip") };
        return sniffed(&name, BufReader::with_capacity(HEAD, bounded), read);
    }
    if magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06") {
        return from_zip(&name, file, limits, read);
    }
    let packed = Rc::new(Cell::new(u64::MAX));
    sniffed(
        &name,
        BufReader::with_capacity(HEAD, Bounded { inner: file, limits, packed, unpacked: 0, container: None }),
        read,
    )
}

/// Reads the one list of an archive. Folders, hidden files and the resource forks of macOS do not count.
fn from_zip<T>(
    name: &str,
    file: BufReader<File>,
    limits: Limits,
    read: impl FnOnce(Format, &mut dyn BufRead) -> Result<T, Error>,
) -> Result<T, Error> {
    let damaged = |cause: &dyn std::fmt::Display| Error::Damaged {
        file: name.into(),
        container: "zip",
        cause: cause.to_string(),
    };
    let mut archive = ZipArchive::new(file).map_err(|e| damaged(&e))?;
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|e| damaged(&e))?;
        let path = member.name().unwrap_or_default().into_owned();
        let base = path.rsplit('/').next().unwrap_or_default();
        if member.is_file() && !path.starts_with("__MACOSX/") && !base.starts_with('.') {
            members.push(index);
        }
    }
    if members.len() > 1 {
        let mut readable = Vec::new();
        for &index in &members {
            let mut head = Vec::with_capacity(HEAD);
            let member = archive.by_index(index).map_err(|e| damaged(&e))?;
            member.take(HEAD as u64).read_to_end(&mut head).map_err(|e| damaged(&e))?;
            if recognise(&head).is_ok() {
                readable.push(index);
            }
        }
        if readable.len() != 1 {
            let problem = format!("{} files, {} of them lists that we read", members.len(), readable.len());
            return Err(Error::Archive { file: name.into(), problem });
        }
        members = readable;
    }
    let Some(&index) = members.first() else {
        return Err(Error::Archive { file: name.into(), problem: "no file in it".into() });
    };
    let member = archive.by_index(index).map_err(|e| damaged(&e))?;
    // The central directory may lie about the packed size, but then the member ends where it says.
    let packed = Rc::new(Cell::new(member.compressed_size()));
    let bounded = Bounded { inner: member, limits, packed, unpacked: 0, container: Some("zip") };
    sniffed(name, BufReader::with_capacity(HEAD, bounded), read)
}

/// Tells the format from the first bytes and reads on from the start.
fn sniffed<T>(
    name: &str,
    mut content: impl BufRead,
    read: impl FnOnce(Format, &mut dyn BufRead) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut head = Vec::with_capacity(HEAD);
    content.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(|e| from_io(name, e))?;
    let start = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    if head[start..].iter().all(u8::is_ascii_whitespace) && head.len() < HEAD {
        return Err(Error::Empty { file: name.into() });
    }
    let format = recognise(&head).map_err(|seen| Error::UnknownFormat { file: name.into(), seen })?;
    let mut whole = Cursor::new(head.split_off(start)).chain(content);
    read(format, &mut whole)
}

/// The format of a file that begins so, or what it looks like instead.
fn recognise(head: &[u8]) -> Result<Format, String> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err("text in UTF-16 (save it as UTF-8)".into());
    }
    if head.starts_with(&[0x1f, 0x8b]) || head.starts_with(b"PK\x03\x04") {
        return Err("an archive inside an archive".into());
    }
    if head.contains(&0) || head.starts_with(b"%PDF") {
        return Err("a binary file".into());
    }
    // The format shows in its first lines; bytes that are not UTF-8 are the reader's to report, with their line.
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start();
    if text.starts_with('<') {
        return recognise_markup(text);
    }
    let first = text.lines().next().unwrap_or_default();
    let columns = first.split(',').map(|c| c.trim().trim_matches('"'));
    let known = columns.clone().filter(|c| super::csl::COLUMNS.contains(c)).count();
    // A third of the columns is enough to say which format was meant; the reader then says what is wrong with it.
    if known * 3 >= super::csl::COLUMNS.len() {
        return Ok(Format::UsCslCsv);
    }
    if text.lines().map(str::trim).any(|l| ["[list]", "[[lists]]", "[[entry]]"].contains(&l)) {
        return Ok(Format::Curated);
    }
    if columns.count() > 1 {
        return Err(format!("text with columns, the first of them `{}`", shorten(first.split(',').next())));
    }
    Err(format!("text that begins `{}`", shorten(Some(first))))
}

fn recognise_markup(text: &str) -> Result<Format, String> {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("<?") {
            rest.find("?>").map(|i| i + 2)
        } else if rest.starts_with("<!--") {
            rest.find("-->").map(|i| i + 3)
        } else if rest.starts_with("<!") {
            if rest.get(..14).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype html")) {
                return Err("a web page (html), perhaps an error page instead of the list".into());
            }
            // The reader refuses the DOCTYPE itself, with its line; here only the root's name matters.
            return if text.contains("<sdnList") { Ok(Format::OfacXml) } else { Err("xml with a DOCTYPE".into()) };
        } else {
            break;
        };
        match end {
            Some(end) => rest = &rest[end..],
            None => return Err("markup without a root element".into()),
        }
    }
    let name = rest.trim_start_matches('<').split(|c: char| c.is_whitespace() || ['>', '/'].contains(&c)).next();
    let local = name.unwrap_or_default().rsplit(':').next().unwrap_or_default();
    match local {
        "sdnList" => Ok(Format::OfacXml),
        "CONSOLIDATED_LIST" => Ok(Format::UnXml),
        _ if local.eq_ignore_ascii_case("html") => {
            Err("a web page (html), perhaps an error page instead of the list".into())
        }
        _ => Err(format!("xml with the root element `{}`", shorten(Some(local)))),
    }
}

/// The first 40 characters, without line ends, for a message.
fn shorten(text: Option<&str>) -> String {
    text.unwrap_or_default().chars().filter(|c| !c.is_control()).take(40).collect()
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
