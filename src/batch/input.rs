//! One input file, cut into records: rows, JSON lines or documents, plain or gzip, in constant memory.
//!
//! This module only finds where records begin and end, so that one reading thread keeps many screening threads
//! busy. Damage is contained: a quote that is never closed, bytes after a closing quote or a line beyond
//! [`MAX_RECORD`] spoil the line they begin on, and reading goes on with the next one. Line feeds, carriage
//! returns and both together end a line; blank lines are skipped; byte order marks are dropped. Text in another
//! encoding than UTF-8 is decoded on the way. A workbook is read whole, and its rows are records like those of CSV.

mod cut;
mod decode;
mod recognise;
mod workbook;

pub use super::error::{FormError, WorkbookError};
pub use records::MAX_RECORD;

use super::error::Error;
use super::parquet;
use flate2::read::MultiGzDecoder;
use records::Cause;
use records::columns::{Header, Mapping};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How much is asked of the operating system at once, in bytes.
const READ_SIZE: usize = 128 << 10;

/// How much of a line that is too long is kept, in bytes.
const EXCERPT: usize = 256;

/// Where records come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl Location {
    /// `-` is standard input.
    pub fn parse(text: &str) -> Self {
        if text == "-" { Self::Stdin } else { Self::File(PathBuf::from(text)) }
    }

    /// The name that messages use.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

/// What the records of an input are.
#[derive(Clone, Debug)]
pub enum Format {
    /// Rows of a CSV file or a workbook under this header.
    Csv(Arc<Header>),
    /// JSON, one shipment a record, of ours or of DCSA's.
    Json,
    /// JSON that the caller says is DCSA eBL.
    Dcsa,
    /// Cargo-IMP messages.
    CargoImp,
}

/// One record as cut from the input; the bytes lie in the buffer it was read into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// Line it begins on, from 1; for a JSON array the number of the element, for a workbook that of the row.
    pub line: u64,
    /// First byte in the buffer.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Why it cannot be a record.
    pub bad: Option<Cause>,
}

/// An open input.
pub struct Input {
    name: String,
    reader: Box<dyn Read + Send>,
    buf: Vec<u8>,
    pos: usize,
    line: u64,
    ended: bool,
    format: Format,
    /// Records that are cut already, each with its line.
    documents: VecDeque<(u64, Vec<u8>)>,
    /// The rows of a Parquet file, in place of all that.
    table: Option<OpenTable>,
}

/// A Parquet file that is being read.
struct OpenTable {
    rows: parquet::Reader,
    /// Bytes of the file, and how many of them count as read.
    bytes: u64,
    counted: u64,
    bytes_read: Arc<AtomicU64>,
    /// Rows given so far.
    given: u64,
}

impl Input {
    /// Opens an input, recognises its format by content and reads its header. `bytes_read` counts what was read
    /// from the disk, before decompression.
    ///
    /// # Errors
    /// When it cannot be read, is empty, or is a table without a usable header.
    pub fn open(location: &Location, mapping: &Mapping, bytes_read: Arc<AtomicU64>) -> Result<Self, Error> {
        let name = location.name();
        let failed = |source| Error::Read { name: name.clone(), source };
        if let Location::File(path) = location
            && starts_like_parquet(path).map_err(failed)?
        {
            return Self::of_parquet(name, path, mapping, bytes_read);
        }
        let raw: Box<dyn Read + Send> = match location {
            Location::Stdin => Box::new(io::stdin()),
            Location::File(path) => Box::new(File::open(path).map_err(failed)?),
        };
        Self::from_reader(name.clone(), raw, mapping, bytes_read)
    }

    /// Reads from any reader; see [`Input::open`].
    ///
    /// # Errors
    /// As for [`Input::open`].
    pub fn from_reader(
        name: String,
        raw: Box<dyn Read + Send>,
        mapping: &Mapping,
        bytes_read: Arc<AtomicU64>,
    ) -> Result<Self, Error> {
        let failed = |source| Error::Read { name: name.clone(), source };
        let raw: Box<dyn Read + Send> = Box::new(Counted { inner: raw, bytes_read });
        let (magic, whole) = decode::peek(raw, 2).map_err(failed)?;
        let whole: Box<dyn Read + Send> = match magic[..] {
            [0x1f, 0x8b] => Box::new(MultiGzDecoder::new(io::BufReader::new(whole))),
            _ => whole,
        };
        let (head, mut whole) = decode::peek(whole, decode::HEAD).map_err(failed)?;
        if head.starts_with(parquet::MARK) {
            return Err(Error::Form { name, source: parquet::Reader::not_a_file().into() });
        }
        let mut rows = VecDeque::new();
        let reader: Box<dyn Read + Send> = if workbook::is_workbook(&head) {
            let form = |source: WorkbookError| Error::Form { name: name.clone(), source: source.into() };
            rows = workbook::rows(whole.as_mut(), mapping.sheet()).map_err(failed)?.map_err(form)?;
            Box::new(io::empty())
        } else {
            decode::as_utf8(whole, &head, mapping.encoding())
        };
        let mut input = Self {
            name: name.clone(),
            reader,
            buf: Vec::new(),
            pos: 0,
            line: 1,
            ended: false,
            format: Format::Json,
            documents: rows,
            table: None,
        };
        input.recognise(mapping)?;
        Ok(input)
    }

    /// Opens a Parquet file.
    fn of_parquet(name: String, path: &Path, mapping: &Mapping, bytes_read: Arc<AtomicU64>) -> Result<Self, Error> {
        let form = |source: FormError| Error::Form { name: name.clone(), source };
        let rows = parquet::Reader::open(path, mapping).map_err(|fault| form(fault.into()))?;
        if rows.total() == 0 && !mapping.allows_empty() {
            return Err(form(FormError::NoRecords));
        }
        let bytes = path.metadata().map_err(|source| Error::Read { name: name.clone(), source })?.len();
        let format = Format::Csv(rows.header());
        Ok(Self {
            name,
            reader: Box::new(io::empty()),
            buf: Vec::new(),
            pos: 0,
            line: 1,
            ended: true,
            format,
            documents: VecDeque::new(),
            table: Some(OpenTable { rows, bytes, counted: 0, bytes_read, given: 0 }),
        })
    }

    /// The rows of a Parquet file, as it was opened; `None` of other inputs.
    pub fn parquet(&self) -> Option<&parquet::Reader> {
        self.table.as_ref().map(|table| &table.rows)
    }

    /// The next rows of a Parquet file, at most so many. `None` at the end, and of other inputs.
    ///
    /// # Errors
    /// When the file cannot be read further.
    pub fn next_rows(&mut self, most: usize) -> Result<Option<parquet::Rows>, Error> {
        let Some(table) = &mut self.table else { return Ok(None) };
        let form = |fault: parquet::Fault| Error::Form { name: self.name.clone(), source: fault.into() };
        let Some(rows) = table.rows.next(most).map_err(form)? else { return Ok(None) };
        table.given += rows.count() as u64;
        // A share of the file, for the progress: the file is read by columns.
        let read = table.bytes * table.given / table.rows.total().max(1);
        table.bytes_read.fetch_add(read.saturating_sub(table.counted), Ordering::Relaxed);
        table.counted = read;
        Ok(Some(rows))
    }

    /// The name that messages use.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the records are.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// Appends the next record's bytes to `out`. `None` at the end.
    ///
    /// # Errors
    /// When the input cannot be read further.
    pub fn next(&mut self, out: &mut Vec<u8>) -> Result<Option<Raw>, Error> {
        if let Some(rows) = self.next_rows(1)? {
            let line = self.table.as_ref().map_or(0, |table| table.given);
            let start = out.len();
            workbook::put_record(&rows.texts(0), out);
            return Ok(Some(Raw { line, start, end: out.len(), bad: None }));
        }
        if let Some((line, document)) = self.documents.pop_front() {
            let start = out.len();
            out.extend_from_slice(&document);
            return Ok(Some(Raw { line, start, end: out.len(), bad: None }));
        }
        let delimiter = match &self.format {
            Format::Csv(header) => Some(header.delimiter()),
            Format::Json | Format::Dcsa | Format::CargoImp => None,
        };
        self.cut(delimiter, out).map_err(|source| Error::Read { name: self.name.clone(), source })
    }
}

fn starts_like_parquet(path: &Path) -> io::Result<bool> {
    // A pipe must not be read before its turn.
    if !path.is_file() {
        return Ok(false);
    }
    let mut head = Vec::with_capacity(parquet::MARK.len());
    File::open(path)?.take(parquet::MARK.len() as u64).read_to_end(&mut head)?;
    Ok(head == parquet::MARK)
}

struct Counted {
    inner: Box<dyn Read + Send>,
    bytes_read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.bytes_read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
