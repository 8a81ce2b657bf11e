//! What an input is, recognised by its content.

use super::{Format, Input, READ_SIZE, workbook};
use crate::batch::error::{Error, FormError, MAX_DOCUMENT};
use records::adapter::{InputKind, cargo_imp};
use records::columns::{Header, HeaderError, Mapping, delimiter, known_columns, likely_encoding};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

/// Rows that are looked at to see what the columns hold.
const SAMPLE: usize = 200;

/// Lines among which a header is looked for when the first line is none.
const TITLE_LINES: usize = 20;

/// The key of a document that holds several shipments, as `ScreenBatchRequest` has it.
const SHIPMENTS: &str = "shipments";

impl Input {
    /// Recognises the format, reads a header, and refuses what cannot be screened.
    pub(super) fn recognise(&mut self, mapping: &Mapping) -> Result<(), Error> {
        let name = self.name.clone();
        let read = |source| Error::Read { name: name.clone(), source };
        let form = |source| Error::Form { name: name.clone(), source };
        if !self.documents.is_empty() {
            self.header_of_sheet(mapping).map_err(form)?;
            return self.some_record(mapping);
        }
        while self.buf.len() < 5 && self.fill().map_err(read)? {}
        if self.buf.starts_with(b"\xef\xbb\xbf") {
            self.pos = 3;
        }
        let first = self.skip_blank().map_err(read)?;
        if mapping.kind() == InputKind::Dcsa {
            self.format = Format::Dcsa;
        }
        match first {
            None if mapping.allows_empty() => return Ok(()),
            None => return Err(form(FormError::Empty)),
            Some(_) if mapping.kind() == InputKind::CargoImp || cargo_imp::is_message(&self.buf[self.pos..]) => {
                self.messages().map_err(read)?.map_err(form)?;
            }
            Some(b'[') => {
                if !self.read_document().map_err(read)? {
                    return Err(form(FormError::NotJsonArray));
                }
            }
            Some(b'{') => self.json_object().map_err(read)?,
            Some(_) if mapping.kind() == InputKind::Dcsa => return Err(form(FormError::NotDcsa)),
            Some(_) => self.table(mapping).map_err(read)?.map_err(form)?,
        }
        self.some_record(mapping)
    }

    /// An input without a record is more often a mistake than a day without shipments.
    fn some_record(&mut self, mapping: &Mapping) -> Result<(), Error> {
        let name = self.name.clone();
        if mapping.allows_empty() || !self.documents.is_empty() {
            return Ok(());
        }
        match self.skip_blank() {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(Error::Form { name, source: FormError::NoRecords }),
            Err(source) => Err(Error::Read { name, source }),
        }
    }

    /// One object over several lines, or one a line: the first line tells, unless it is damaged.
    fn json_object(&mut self) -> io::Result<()> {
        let line = self.peek_line()?;
        let whole = serde_json::from_slice::<serde_json::Value>(&line);
        let is_begun = whole.as_ref().is_err_and(serde_json::Error::is_eof);
        if is_begun || whole.is_ok_and(|value| shipments(&value).is_some()) {
            self.read_document()?;
        }
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
            object => match shipments(object) {
                Some(elements) => (1..).zip(elements).map(one).collect(),
                None => VecDeque::from([one((1, object))]),
            },
        };
        self.pos = self.buf.len();
        Ok(true)
    }

    /// Takes the whole rest as Cargo-IMP messages.
    fn messages(&mut self) -> io::Result<Result<(), FormError>> {
        while self.buf.len() - self.pos <= MAX_DOCUMENT && self.fill()? {}
        if !self.ended {
            return Ok(Err(FormError::MessagesTooLong));
        }
        let Ok(text) = std::str::from_utf8(&self.buf[self.pos..]) else {
            let likely = likely_encoding(&self.buf[self.pos..]);
            return Ok(Err(HeaderError::Encoding(likely).into()));
        };
        let before = self.line - 1;
        let messages = cargo_imp::messages(text);
        if messages.is_empty() {
            return Ok(Err(FormError::NoMessage));
        }
        self.documents = messages.into_iter().map(|(line, m)| (before + line, m.into_bytes())).collect();
        self.format = Format::CargoImp;
        self.pos = self.buf.len();
        Ok(Ok(()))
    }

    /// Reads the header of a CSV file.
    fn table(&mut self, mapping: &Mapping) -> io::Result<Result<(), FormError>> {
        let line = self.peek_line()?;
        let told = told_delimiter(&line);
        if told.is_some() {
            self.pos += line.len();
            self.skip_blank()?;
        }
        let mark = told.unwrap_or(delimiter(&self.peek_line()?));
        // Enough to judge the columns by; what follows is read as it is needed.
        while self.buf.len() - self.pos < READ_SIZE && self.fill()? {}
        let titled = self.header_further_down(told)?;
        let mut bytes = Vec::new();
        let raw = self.cut(Some(mark), &mut bytes)?;
        if let Some(bad) = raw.and_then(|r| r.bad) {
            return Ok(Err(FormError::HeaderRecord(bad)));
        }
        let mut header = match (Header::parse(&bytes, mark, mapping), titled) {
            (Ok(header), _) => header,
            (Err(HeaderError::NoKnownColumn(_) | HeaderError::NotThere(_)), Some(header)) => {
                return Ok(Err(HeaderError::TitleLines { header }.into()));
            }
            (Err(error), _) => return Ok(Err(error.into())),
        };
        let rows: Vec<Vec<String>> =
            self.sample(mark, SAMPLE)?.iter().map(|(_, row)| header.sound_cells(row)).collect();
        if let Err(error) = header.check(&rows, mapping) {
            return Ok(Err(error.into()));
        }
        self.format = Format::Csv(Arc::new(header));
        Ok(Ok(()))
    }

    /// The line of what looks like a header, when it is not the next one.
    fn header_further_down(&mut self, told: Option<u8>) -> io::Result<Option<u64>> {
        let text = &self.buf[self.pos..self.buf.len().min(self.pos + READ_SIZE)];
        let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').take(TITLE_LINES).collect();
        let known = |line: &&[u8]| {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            known_columns(line, told.unwrap_or(delimiter(line)))
        };
        let at = lines.iter().position(|line| known(line) >= 2).filter(|at| *at > 0);
        Ok(at.map(|at| self.line + at as u64))
    }

    /// The next records that are in the buffer already, which stay there.
    fn sample(&self, mark: u8, most: usize) -> io::Result<Vec<(u64, Vec<u8>)>> {
        let end = self.buf.len().min(self.pos + READ_SIZE);
        let mut copy = Self {
            name: String::new(),
            reader: Box::new(io::empty()),
            buf: self.buf[self.pos..end].to_vec(),
            pos: 0,
            line: self.line,
            ended: true,
            format: Format::Json,
            documents: VecDeque::new(),
            table: None,
        };
        let mut rows = Vec::new();
        while rows.len() < most {
            let mut row = Vec::new();
            match copy.cut(Some(mark), &mut row)? {
                Some(raw) if raw.bad.is_none() => rows.push((raw.line, row)),
                Some(_) => {}
                None => break,
            }
        }
        // The last one may be cut short.
        if !(self.ended && end == self.buf.len()) {
            rows.pop();
        }
        Ok(rows)
    }

    /// Reads the header of a sheet.
    fn header_of_sheet(&mut self, mapping: &Mapping) -> Result<(), FormError> {
        let mark = workbook::DELIMITER;
        let further = self.documents.iter().take(TITLE_LINES).position(|(_, row)| known_columns(row, mark) >= 2);
        let titled = further.filter(|at| *at > 0).map(|at| self.documents[at].0);
        let Some((_, first)) = self.documents.pop_front() else { return Err(FormError::Empty) };
        let mut header = match (Header::parse(&first, mark, mapping), titled) {
            (Ok(header), _) => header,
            (Err(HeaderError::NoKnownColumn(_) | HeaderError::NotThere(_)), Some(header)) => {
                return Err(HeaderError::TitleLines { header }.into());
            }
            (Err(error), _) => return Err(error.into()),
        };
        let rows: Vec<Vec<String>> =
            self.documents.iter().take(SAMPLE).map(|(_, row)| header.sound_cells(row)).collect();
        header.check(&rows, mapping)?;
        self.format = Format::Csv(Arc::new(header));
        Ok(())
    }
}

/// The elements of `{"shipments": [...]}`.
fn shipments(value: &serde_json::Value) -> Option<&Vec<serde_json::Value>> {
    value.as_object().filter(|object| object.len() == 1)?.get(SHIPMENTS)?.as_array()
}

/// The delimiter that a first line such as `sep=;` names.
fn told_delimiter(line: &[u8]) -> Option<u8> {
    match line {
        [s, e, p, b'=', mark] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => Some(*mark),
        _ => None,
    }
}
