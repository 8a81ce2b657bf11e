//! One input file, cut into records: CSV rows or JSON lines, plain or gzip, in constant memory.
//!
//! This module only finds where records begin and end, so that one reading thread keeps many screening threads
//! busy. Damage is contained: a quote that is never closed, bytes after a closing quote or a line beyond
//! [`MAX_RECORD`] spoil the line they begin on, and reading goes on with the next one. Line feeds, carriage
//! returns and both together end a line; blank lines are skipped; a UTF-8 byte order mark is dropped.

use super::adapter::{InputKind, cargo_imp};
use super::columns::{Header, Mapping};
use super::{Cause, Error};
use flate2::read::MultiGzDecoder;
use memchr::{memchr, memchr2, memchr3};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Longest CSV record or JSON line in bytes; the service takes no larger message either.
pub const MAX_RECORD: usize = 4 << 20;

/// Largest JSON document that is not one shipment a line, in bytes.
const MAX_DOCUMENT: usize = 16 << 20;

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
    /// CSV rows under this header.
    Csv(Arc<Header>),
    /// JSON, one shipment a record, of ours or of DCSA's.
    Json,
    /// JSON that is told to be DCSA eBL.
    Dcsa,
    /// Cargo-IMP messages.
    CargoImp,
}

/// One record as cut from the input; the bytes lie in the buffer it was read into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// Line it begins on, from 1; for a JSON array the number of the element.
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
    documents: VecDeque<(u64, Vec<u8>)>,
}

impl Input {
    /// Opens an input, recognises its format by content and reads its header. `bytes_read` counts what was read
    /// from the disk, before decompression.
    ///
    /// # Errors
    /// When it cannot be read, is empty, or is a CSV file without a usable header.
    pub fn open(location: &Location, mapping: &Mapping, bytes_read: Arc<AtomicU64>) -> Result<Self, Error> {
        let name = location.name();
        let failed = |source| Error::Read { name: name.clone(), source };
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
        let mut raw: Box<dyn Read + Send> = Box::new(Counted { inner: raw, bytes_read });
        let mut magic = Vec::with_capacity(2);
        raw.by_ref().take(2).read_to_end(&mut magic).map_err(failed)?;
        let gzip = magic == [0x1f, 0x8b];
        let whole = io::Cursor::new(magic).chain(raw);
        let reader: Box<dyn Read + Send> =
            if gzip { Box::new(MultiGzDecoder::new(io::BufReader::new(whole))) } else { Box::new(whole) };
        let mut input = Self {
            name: name.clone(),
            reader,
            buf: Vec::new(),
            pos: 0,
            line: 1,
            ended: false,
            format: Format::Json,
            documents: VecDeque::new(),
        };
        input.recognise(mapping)?;
        Ok(input)
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

    fn recognise(&mut self, mapping: &Mapping) -> Result<(), Error> {
        let failed = |name: &str| {
            let name = name.to_owned();
            move |source| Error::Read { name, source }
        };
        let refuse = |name: &str, what: String| Error::Header { name: name.to_owned(), what };
        if mapping.kind() == InputKind::Dcsa {
            self.format = Format::Dcsa;
        }
        while self.buf.len() < 5 && self.fill().map_err(failed(&self.name))? {}
        if self.buf.starts_with(b"\xef\xbb\xbf") {
            self.pos = 3;
        } else if self.buf.starts_with(b"\xff\xfe") || self.buf.starts_with(b"\xfe\xff") {
            return Err(refuse(&self.name, "the text is UTF-16; save it as UTF-8".to_owned()));
        }
        let first = self.skip_blank().map_err(failed(&self.name))?;
        match first {
            _ if mapping.kind() == InputKind::CargoImp => self.messages(),
            None => Err(refuse(&self.name, "it is empty; a CSV header or a JSON shipment is expected".to_owned())),
            Some(b'[') => {
                if !self.read_document().map_err(failed(&self.name))? {
                    return Err(refuse(&self.name, "it begins like a JSON array and is not one".to_owned()));
                }
                Ok(())
            }
            Some(b'{') => {
                // One object over several lines, or one a line: the first line tells, unless it is damaged.
                let line = self.peek_line().map_err(failed(&self.name))?;
                let whole = serde_json::from_slice::<serde::de::IgnoredAny>(&line);
                if whole.is_err_and(|e| e.is_eof()) {
                    self.read_document().map_err(failed(&self.name))?;
                }
                Ok(())
            }
            Some(_) if cargo_imp::is_message(&self.buf[self.pos..]) => self.messages(),
            Some(_) if mapping.kind() == InputKind::Dcsa => {
                Err(refuse(&self.name, "it is no JSON; a DCSA eBL document is expected".to_owned()))
            }
            Some(_) => {
                let line = self.peek_line().map_err(failed(&self.name))?;
                let delimiter = super::columns::delimiter(&line);
                let mut bytes = Vec::new();
                let raw = self.cut(Some(delimiter), &mut bytes).map_err(failed(&self.name))?;
                if let Some(bad) = raw.and_then(|r| r.bad) {
                    return Err(refuse(&self.name, format!("the header: {bad}")));
                }
                let header =
                    Header::parse(&bytes, delimiter, mapping).map_err(|what| refuse(&self.name, what.to_string()))?;
                self.format = Format::Csv(Arc::new(header));
                Ok(())
            }
        }
    }

    /// Takes the whole rest as Cargo-IMP messages.
    fn messages(&mut self) -> Result<(), Error> {
        let name = self.name.clone();
        let failed = |source| Error::Read { name: name.clone(), source };
        let refuse = |what: String| Error::Header { name: name.clone(), what };
        while self.buf.len() - self.pos <= MAX_DOCUMENT && self.fill().map_err(failed)? {}
        if !self.ended {
            return Err(refuse(format!("a file of Cargo-IMP messages has more than {MAX_DOCUMENT} bytes")));
        }
        let text = std::str::from_utf8(&self.buf[self.pos..])
            .map_err(|e| failed(io::Error::new(io::ErrorKind::InvalidData, e)))?;
        let before = self.line - 1;
        let messages = cargo_imp::messages(text);
        if messages.is_empty() {
            return Err(refuse("no line begins a Cargo-IMP message such as FWB/16 or FHL/4".to_owned()));
        }
        self.documents = messages.into_iter().map(|(line, m)| (before + line, m.into_bytes())).collect();
        self.format = Format::CargoImp;
        self.pos = self.buf.len();
        Ok(())
    }

    /// Takes the whole rest as one JSON value, an object or an array of objects. `false` when it is none.
    fn read_document(&mut self) -> io::Result<bool> {
        while self.buf.len() - self.pos <= MAX_DOCUMENT && self.fill()? {}
        if !self.ended {
            return Ok(false);
        }
        let Ok(value) = serde_json::from_slice::<serde_json::Value>(&self.buf[self.pos..]) else {
            return Ok(false);
        };
        let one = |(number, value): (u64, &serde_json::Value)| (number, value.to_string().into_bytes());
        self.documents = match &value {
            serde_json::Value::Array(elements) => (1..).zip(elements).map(one).collect(),
            object => VecDeque::from([one((1, object))]),
        };
        self.pos = self.buf.len();
        Ok(true)
    }

    fn peek_line(&mut self) -> io::Result<Vec<u8>> {
        loop {
            let rest = &self.buf[self.pos..];
            if let Some(end) = memchr2(b'\n', b'\r', rest) {
                return Ok(rest[..end].to_vec());
            }
            if rest.len() > MAX_RECORD || !self.fill()? {
                return Ok(self.buf[self.pos..].to_vec());
            }
        }
    }

    /// Skips line ends and, at the very start, blanks; gives the first byte that is neither.
    fn skip_blank(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.buf.get(self.pos) {
                Some(b'\n') => {
                    self.line += 1;
                    self.pos += 1;
                }
                Some(b'\r') => {
                    if self.pos + 1 == self.buf.len() {
                        self.fill()?;
                    }
                    // The line feed of a pair counts the line.
                    if self.buf.get(self.pos + 1) != Some(&b'\n') {
                        self.line += 1;
                    }
                    self.pos += 1;
                }
                Some(byte) => return Ok(Some(*byte)),
                None => {
                    if !self.fill()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    fn cut(&mut self, delimiter: Option<u8>, out: &mut Vec<u8>) -> io::Result<Option<Raw>> {
        if self.pos > READ_SIZE {
            self.buf.drain(..self.pos);
            self.pos = 0;
        }
        if self.skip_blank()?.is_none() {
            return Ok(None);
        }
        let line = self.line;
        let (end, bad) = match self.find_end(delimiter)? {
            Ok(end) => (end, None),
            Err(cause) => (self.end_of_first_line(), Some(cause)),
        };
        let start = out.len();
        let record = &self.buf[self.pos..end];
        if bad == Some(Cause::TooLong) {
            out.extend_from_slice(&record[..record.len().min(EXCERPT)]);
        } else {
            out.extend_from_slice(record);
        }
        self.line += line_ends(record);
        self.pos = end;
        if bad == Some(Cause::TooLong) {
            self.discard_line()?;
        }
        Ok(Some(Raw { line, start, end: out.len(), bad }))
    }

    /// Where the record at `pos` ends, or why it cannot be one.
    fn find_end(&mut self, delimiter: Option<u8>) -> io::Result<Result<usize, Cause>> {
        let start = self.pos;
        let mut at = start;
        let mut quoted = false;
        loop {
            if at - start > MAX_RECORD {
                return Ok(Err(if quoted { Cause::OpenQuote } else { Cause::TooLong }));
            }
            if at >= self.buf.len() {
                if self.fill()? {
                    continue;
                }
                return Ok(if quoted { Err(Cause::OpenQuote) } else { Ok(at) });
            }
            let rest = &self.buf[at..];
            if quoted {
                let Some(quote) = memchr(b'"', rest) else {
                    at = self.buf.len();
                    continue;
                };
                at += quote + 1;
                if at == self.buf.len() {
                    self.fill()?;
                }
                match self.buf.get(at) {
                    Some(b'"') => at += 1,
                    None | Some(b'\n' | b'\r') => quoted = false,
                    next if next.copied() == delimiter => quoted = false,
                    Some(_) => return Ok(Err(Cause::AfterQuote)),
                }
                continue;
            }
            let found =
                if delimiter.is_some() { memchr3(b'"', b'\n', b'\r', rest) } else { memchr2(b'\n', b'\r', rest) };
            match found {
                None => at = self.buf.len(),
                Some(n) if rest[n] == b'"' => {
                    at += n;
                    quoted = at == start || Some(self.buf[at - 1]) == delimiter;
                    at += 1;
                }
                Some(n) if at + n - start > MAX_RECORD => return Ok(Err(Cause::TooLong)),
                Some(n) => return Ok(Ok(at + n)),
            }
        }
    }

    fn end_of_first_line(&self) -> usize {
        memchr2(b'\n', b'\r', &self.buf[self.pos..]).map_or(self.buf.len(), |n| self.pos + n)
    }

    /// Drops what is left of a line that is too long to be kept.
    fn discard_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(end) = memchr2(b'\n', b'\r', &self.buf[self.pos..]) {
                self.pos += end;
                return Ok(());
            }
            self.buf.clear();
            self.pos = 0;
            if !self.fill()? {
                return Ok(());
            }
        }
    }

    /// Reads on; `false` at the end.
    fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let before = self.buf.len();
        self.buf.resize(before + READ_SIZE, 0);
        let read = loop {
            match self.reader.read(&mut self.buf[before..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.buf.truncate(before + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        Ok(!self.ended)
    }
}

/// Line ends within a record; a carriage return and line feed together are one.
fn line_ends(bytes: &[u8]) -> u64 {
    let mut count = 0;
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
            count += 1;
        }
    }
    count
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
