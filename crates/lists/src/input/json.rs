//! What readers of JSON share: the place of an error, and lines counted while an object is read.

use super::bounds::from_io;
use crate::error::Error;
use std::cell::Cell;
use std::io::Read;
use std::rc::Rc;

/// What went wrong in JSON.
pub(crate) fn json_error(file: &str, cause: serde_json::Error) -> Error {
    if cause.is_io() {
        return from_io(file, cause.into());
    }
    let (line, column) = (cause.line() as u64, cause.column() as u64);
    // The error itself gives the place.
    let text = cause.to_string();
    let problem = text.split(" at line ").next().unwrap_or(&text).to_owned();
    if problem.contains("invalid unicode") || problem.contains("not valid UTF-8") {
        return Error::Encoding { file: file.into(), line, place: format!("column {column}") };
    }
    Error::Syntax {
        file: file.into(),
        line,
        column: Some(column),
        problem: format!("expected well-formed json: {problem}"),
    }
}

/// Counts lines as they are read.
pub(crate) struct LineCounter<R> {
    pub(crate) inner: R,
    /// The line read last, from 1.
    pub(crate) lines: Rc<Cell<u64>>,
}

impl<R: Read> Read for LineCounter<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(out)?;
        self.lines.set(self.lines.get() + out[..read].iter().filter(|&&b| b == b'\n').count() as u64);
        Ok(read)
    }
}
