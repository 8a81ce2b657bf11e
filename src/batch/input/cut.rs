//! Where records begin and end.

use super::{EXCERPT, Input, MAX_RECORD, READ_SIZE, Raw};
use memchr::{memchr, memchr2, memchr3};
use records::Cause;
use std::io;

impl Input {
    pub(super) fn peek_line(&mut self) -> io::Result<Vec<u8>> {
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
    pub(super) fn skip_blank(&mut self) -> io::Result<Option<u8>> {
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

    pub(super) fn cut(&mut self, delimiter: Option<u8>, out: &mut Vec<u8>) -> io::Result<Option<Raw>> {
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
    pub(super) fn fill(&mut self) -> io::Result<bool> {
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
