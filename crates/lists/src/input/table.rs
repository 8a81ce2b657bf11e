//! Reads tables: text with a header, columns found by name in any order, every field UTF-8, every fault with its line.
//!
//! Streams; one record is held. A record of more than [`MAX_RECORD`] bytes is refused, as an open quote would
//! otherwise take in the rest of the file.

use super::bounds::from_io;
use crate::error::Error;
use csv::{ByteRecord, ReaderBuilder};
use std::io::Read;

/// Bytes of one record; the longest published one has about 20,000.
const MAX_RECORD: usize = 1 << 20;

/// What a format's table looks like.
pub(crate) struct Shape {
    /// What separates fields.
    pub(crate) delimiter: u8,
    /// Columns that must be there.
    pub(crate) required: &'static [&'static str],
    /// Columns that are read where they are there.
    pub(crate) optional: &'static [&'static str],
    /// Whether a column that is neither is an error.
    pub(crate) closed: bool,
}

/// What is wrong with the header of a table.
#[derive(Debug, thiserror::Error)]
enum HeaderError {
    /// A column that must be there is not.
    #[error("expected column `{0}`, which is missing")]
    Missing(String),
    /// A column is there twice.
    #[error("expected column `{0}` once, found it twice")]
    Twice(String),
    /// A column does not belong to the format.
    #[error("unknown column `{found}`; expected {known}")]
    Unknown { found: String, known: String },
}

impl Shape {
    /// Every column, required ones first.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }

    /// Where each of [`Self::columns`] is in a header, and the columns of it that do not belong to the format.
    fn places(&self, found: &[String]) -> Result<(Vec<Option<usize>>, Vec<String>), HeaderError> {
        let mut places = Vec::with_capacity(self.required.len() + self.optional.len());
        for (index, column) in self.columns().enumerate() {
            let mut at = found.iter().enumerate().filter(|(_, f)| *f == column).map(|(i, _)| i);
            let place = at.next();
            if place.is_none() && index < self.required.len() {
                return Err(HeaderError::Missing(column.to_owned()));
            }
            if at.next().is_some() {
                return Err(HeaderError::Twice(column.to_owned()));
            }
            places.push(place);
        }
        let is_unknown = |f: &&String| !f.is_empty() && self.columns().all(|column| column != f.as_str());
        let unknown: Vec<String> = found.iter().filter(is_unknown).cloned().collect();
        if self.closed && !unknown.is_empty() {
            let known = self.columns().collect::<Vec<_>>().join(", ");
            return Err(HeaderError::Unknown { found: unknown.join("`, `"), known });
        }
        Ok((places, unknown))
    }
}

/// A table being read.
pub(crate) struct Table<'a, R> {
    file: &'a str,
    shape: &'a Shape,
    reader: csv::Reader<Unix<R>>,
    record: ByteRecord,
    header: ByteRecord,
    places: Vec<Option<usize>>,
    /// Columns that the format does not know.
    pub(crate) unknown: Vec<String>,
}

impl<'a, R: Read> Table<'a, R> {
    /// Starts at the header, which is the record after `preamble` of them; gives the fields of those.
    ///
    /// # Errors
    /// When the table is empty, or a column is missing, doubled or, in a closed table, unknown.
    pub(crate) fn open(
        file: &'a str,
        shape: &'a Shape,
        input: R,
        preamble: usize,
    ) -> Result<(Self, Vec<String>), Error> {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(shape.delimiter)
            .from_reader(Unix::new(input));
        let mut record = ByteRecord::new();
        let mut before = Vec::new();
        for _ in 0..preamble {
            if !next_record(file, &mut reader, &mut record)? {
                return Err(Error::Empty { file: file.into() });
            }
            before.extend(record.iter().map(|f| String::from_utf8_lossy(f).trim().to_owned()));
        }
        if !next_record(file, &mut reader, &mut record)? {
            return Err(Error::Empty { file: file.into() });
        }
        let line = record.position().map_or(1, csv::Position::line);
        let (places, unknown) = shape
            .places(&record.iter().map(|f| String::from_utf8_lossy(f).trim().to_owned()).collect::<Vec<_>>())
            .map_err(|problem| Error::Header { file: file.into(), line, problem: problem.to_string() })?;
        let header = std::mem::take(&mut record);
        Ok((Self { file, shape, reader, record, header, places, unknown }, before))
    }

    /// The next record; `None` at the end. Blank lines are passed over.
    ///
    /// # Errors
    /// When a record has another number of fields than the header, repeats it, is too long or is not UTF-8.
    pub(crate) fn next(&mut self) -> Result<Option<TableRow<'_>>, Error> {
        loop {
            if !next_record(self.file, &mut self.reader, &mut self.record)? {
                return Ok(None);
            }
            let line = self.record.position().map_or(0, csv::Position::line);
            // The end-of-file mark of old systems.
            if self.record.len() == 1 && matches!(&self.record[0], b"\x1a" | b"") {
                continue;
            }
            let syntax = |problem: String| Err(Error::Syntax { file: self.file.into(), line, column: None, problem });
            if self.record.len() != self.header.len() {
                return syntax(format!("expected {} fields, found {}", self.header.len(), self.record.len()));
            }
            if self.is_header_again() {
                return syntax("expected a record, found the header again".into());
            }
            for (at, field) in self.record.iter().enumerate() {
                check_text(self.file, line, field, || {
                    format!("column `{}`", String::from_utf8_lossy(&self.header[at]).trim())
                })?;
            }
            return Ok(Some(TableRow {
                file: self.file,
                line,
                shape: self.shape,
                places: &self.places,
                record: &self.record,
            }));
        }
    }

    /// Whether the record repeats the header, whatever the case of its letters.
    fn is_header_again(&self) -> bool {
        let plain = |field: &[u8]| -> Vec<u8> {
            let letters = field.trim_ascii().iter().map(u8::to_ascii_lowercase);
            letters.map(|b| if matches!(b, b' ' | b'-') { b'_' } else { b }).collect()
        };
        let is_same = |at: usize| {
            let (a, b) = (&self.record[at], &self.header[at]);
            a.len() == b.len() && plain(a) == plain(b)
        };
        // One look is enough for nearly every record.
        !self.header.is_empty() && is_same(0) && (1..self.header.len()).all(is_same)
    }
}

/// One record.
pub(crate) struct TableRow<'a> {
    file: &'a str,
    /// Line on which it begins.
    pub(crate) line: u64,
    shape: &'a Shape,
    places: &'a [Option<usize>],
    record: &'a ByteRecord,
}

impl<'a> TableRow<'a> {
    /// A field, blanks around it cut; empty where the column is not there.
    pub(crate) fn get(&self, column: &str) -> &'a str {
        self.untrimmed(column).trim()
    }

    /// A field with the blanks around it.
    pub(crate) fn untrimmed(&self, column: &str) -> &'a str {
        let at = self.shape.columns().zip(self.places).find(|(c, _)| *c == column).and_then(|(_, place)| *place);
        // Checked to be UTF-8 when the record was read.
        at.and_then(|at| std::str::from_utf8(&self.record[at]).ok()).unwrap_or("")
    }

    /// An error in a field.
    pub(crate) fn wrong(&self, field: &str, problem: impl Into<String>) -> Error {
        Error::Field { file: self.file.into(), line: self.line, field: field.into(), problem: problem.into() }
    }

    /// A field that must hold something.
    pub(crate) fn need(&self, column: &str) -> Result<&'a str, Error> {
        match self.get(column) {
            "" => Err(self.wrong(column, "expected a value, found nothing")),
            text => Ok(text),
        }
    }
}

/// Reads one record; false at the end.
pub(crate) fn next_record<R: Read>(
    file: &str,
    reader: &mut csv::Reader<R>,
    record: &mut ByteRecord,
) -> Result<bool, Error> {
    let more = reader.read_byte_record(record).map_err(|e| {
        let line = e.position().map_or(0, csv::Position::line);
        match e.into_kind() {
            csv::ErrorKind::Io(cause) => from_io(file, cause),
            other => Error::Syntax { file: file.into(), line, column: None, problem: format!("{other:?}") },
        }
    })?;
    if more && record.as_slice().len() > MAX_RECORD {
        let line = record.position().map_or(0, csv::Position::line);
        let problem = format!("expected at most {MAX_RECORD} bytes in a record; perhaps a quote is not closed");
        return Err(Error::Syntax { file: file.into(), line, column: None, problem });
    }
    Ok(more)
}

/// Checks that a field is UTF-8.
pub(crate) fn check_text(file: &str, line: u64, field: &[u8], place: impl Fn() -> String) -> Result<(), Error> {
    std::str::from_utf8(field).map(|_| ()).map_err(|e| Error::Encoding {
        file: file.into(),
        // A quoted field may hold line ends of its own; those before the fault count.
        line: line + field[..e.valid_up_to()].iter().map(|&b| u64::from(b == b'\n')).sum::<u64>(),
        place: place(),
    })
}

/// Drops the carriage return of each line end: with it, the CSV reader counts lines one too low.
pub(crate) struct Unix<R> {
    inner: R,
    buffer: Vec<u8>,
    at: usize,
    /// A carriage return that was read and may belong to a line end.
    is_held: bool,
}

impl<R: Read> Unix<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, buffer: Vec::new(), at: 0, is_held: false }
    }
}

impl<R: Read> Read for Unix<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
            let mut chunk = [0; 8192];
            let read = self.inner.read(&mut chunk)?;
            if read == 0 {
                if !std::mem::take(&mut self.is_held) {
                    return Ok(0);
                }
                self.buffer.push(b'\r');
                break;
            }
            for &byte in &chunk[..read] {
                if std::mem::take(&mut self.is_held) && byte != b'\n' {
                    self.buffer.push(b'\r');
                }
                if byte == b'\r' {
                    self.is_held = true;
                } else {
                    self.buffer.push(byte);
                }
            }
        }
        let count = out.len().min(self.buffer.len() - self.at);
        out[..count].copy_from_slice(&self.buffer[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
