//! Unpacks a list file: plain, gzip or zip, recognised by magic bytes and never by file name.
//!
//! Reads as a stream. What unpacks to more than [`UnpackLimits`] allow is refused as a decompression bomb, and a stream
//! that ends early is damaged: neither leaves entries behind.

use super::recognise::{Found, recognise};
use crate::catalogue::Format;
use crate::error::Error;
use crate::input::{Bounded, Counting, Growth, Held, UnpackLimits, from_io};
use flate2::bufread::MultiGzDecoder;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::path::Path;
use std::rc::Rc;
use zip::ZipArchive;

/// How much of a file is looked at to recognise its format.
const HEAD: usize = 64 * 1024;

/// Unpacked bytes of a workbook, at most: ten times the largest published one. Its texts are held in memory, several times
/// over.
const WORKBOOK: u64 = 128 << 20;

/// Reads one piece of a source: its name for messages, what it was recognised as, and its text.
pub(super) type Take<'a> = &'a mut dyn FnMut(&str, Found, &mut dyn BufRead) -> Result<(), Error>;

/// Opens one file.
pub(super) fn file(path: &Path, limits: UnpackLimits, take: Take<'_>) -> Result<(), Error> {
    let name = path.display().to_string();
    let io_error = |cause| Error::Io { file: name.clone(), cause };
    let mut file = BufReader::with_capacity(HEAD, File::open(path).map_err(io_error)?);
    let magic = file.fill_buf().map_err(io_error)?;
    if magic.starts_with(&[0x1f, 0x8b]) {
        let packed = Rc::new(Cell::new(0));
        let decoder = MultiGzDecoder::new(Counting { inner: file, count: Rc::clone(&packed) });
        let bounded = Bounded {
            inner: decoder,
            limits,
            packed,
            unpacked: 0,
            container: Some("gzip"),
            memory: Growth::from_now(),
        };
        return sniffed(&name, BufReader::with_capacity(HEAD, bounded), take);
    }
    if magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06") {
        return from_zip(&name, file, limits, take);
    }
    let packed = Rc::new(Cell::new(u64::MAX));
    sniffed(
        &name,
        BufReader::with_capacity(
            HEAD,
            Bounded { inner: file, limits, packed, unpacked: 0, container: None, memory: Growth::from_now() },
        ),
        take,
    )
}

/// Reads the one list of an archive. Folders, hidden files and the resource forks of macOS do not count.
fn from_zip(name: &str, file: BufReader<File>, limits: UnpackLimits, take: Take<'_>) -> Result<(), Error> {
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
        members = lists_among(name, &mut archive, &members)?;
    }
    if members.is_empty() {
        return Err(Error::Archive { file: name.into(), problem: "no file in it".into() });
    }
    for &index in &members {
        let member = archive.by_index(index).map_err(|e| damaged(&e))?;
        // The central directory may lie about the packed size, but then the member ends where it says.
        let packed = Rc::new(Cell::new(member.compressed_size()));
        let bounded =
            Bounded { inner: member, limits, packed, unpacked: 0, container: Some("zip"), memory: Growth::from_now() };
        sniffed(name, BufReader::with_capacity(HEAD, bounded), take)?;
    }
    Ok(())
}

/// Of several files of an archive the one that is a list, or the three tables of OFAC's legacy format.
fn lists_among(name: &str, archive: &mut ZipArchive<BufReader<File>>, members: &[usize]) -> Result<Vec<usize>, Error> {
    let damaged = |cause: &dyn std::fmt::Display| Error::Damaged {
        file: name.into(),
        container: "zip",
        cause: cause.to_string(),
    };
    let mut readable = Vec::new();
    for &index in members {
        let mut head = Vec::with_capacity(HEAD);
        let member = archive.by_index(index).map_err(|e| damaged(&e))?;
        member.take(HEAD as u64).read_to_end(&mut head).map_err(|e| damaged(&e))?;
        if let Ok(found) = recognise(&head) {
            readable.push((index, found));
        }
    }
    let legacy = readable.iter().filter(|(_, f)| matches!(f, Found::Legacy(_))).count();
    if readable.len() != 1 && (legacy != readable.len() || !(3..=4).contains(&legacy)) {
        let problem = format!("{} files, {} of them lists that we read", members.len(), readable.len());
        return Err(Error::Archive { file: name.into(), problem });
    }
    Ok(readable.into_iter().map(|(index, _)| index).collect())
}

/// Hands a workbook over as it is, after making sure that its parts unpack to a bounded size.
fn workbook(
    name: &str,
    mut archive: ZipArchive<BufReader<File>>,
    members: &[usize],
    limits: UnpackLimits,
    take: Take<'_>,
) -> Result<(), Error> {
    let limits = UnpackLimits { total: limits.total.min(WORKBOOK), ..limits };
    let mut unpacked = 0;
    for &index in members {
        let member = archive.by_index(index).map_err(|e| Error::Damaged {
            file: name.into(),
            container: "xlsx",
            cause: e.to_string(),
        })?;
        let packed = Rc::new(Cell::new(member.compressed_size()));
        let mut bounded =
            Bounded { inner: member, limits, packed, unpacked, container: Some("xlsx"), memory: Growth::from_now() };
        io::copy(&mut bounded, &mut io::sink()).map_err(|e| from_io(name, e))?;
        unpacked = bounded.unpacked;
    }
    let mut file = archive.into_inner();
    file.seek(io::SeekFrom::Start(0)).map_err(|cause| Error::Io { file: name.into(), cause })?;
    take(name, Found::Format(Format::AuDfatXlsx), &mut file)
}

/// Unpacked bytes of a file in this format, at most. Tables and JSON lines are delivered entry by entry; XML, and the JSON
/// of one object, hold what later parts refer to; our own format is held as a whole.
fn most_bytes(found: Found) -> u64 {
    match found {
        Found::Format(Format::Curated) => 64 << 20,
        Found::Format(
            Format::UsCslCsv
            | Format::EuFsfCsv
            | Format::UkOfsiCsv
            | Format::UkFcdoCsv
            | Format::BisDpl
            | Format::OpenSanctionsFtm
            | Format::OpenSanctionsCsv
            | Format::OwnCsv,
        ) => 2 << 30,
        // Four times the largest published one.
        Found::Format(_) | Found::Legacy(_) => 512 << 20,
    }
}

/// Recognises the format by the first bytes and reads on from the start.
fn sniffed(name: &str, mut content: impl BufRead, take: Take<'_>) -> Result<(), Error> {
    let mut head = Vec::with_capacity(HEAD);
    content.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(|e| from_io(name, e))?;
    let start = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    if head[start..].iter().all(u8::is_ascii_whitespace) && head.len() < HEAD {
        return Err(Error::Empty { file: name.into() });
    }
    let found = recognise(&head).map_err(|seen| Error::UnknownFormat { file: name.into(), seen })?;
    let whole = Cursor::new(head.split_off(start)).chain(content);
    let most = most_bytes(found);
    take(name, found, &mut Held { inner: whole, left: most, most })
}
