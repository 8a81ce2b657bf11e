//! What readers of JSON share: the place of an error, lines counted while an object is read, and a walk to the records.

use super::bounds::from_io;
use crate::error::Error;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
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

/// What a JSON file said beside its records.
pub(crate) struct Beside {
    /// Texts and numbers of the objects on the way to the records, by their keys.
    pub(crate) values: BTreeMap<String, String>,
}

/// Reads the objects of the array at `path` one by one, `take` getting each with the line it ends on and its place in the
/// array. One object is held at a time.
///
/// # Errors
/// When it is not JSON, nothing is at `path` or it stands there twice, a member is not an object, or `take` fails.
pub(crate) fn each_object(
    file: &str,
    input: impl Read,
    path: &[&str],
    take: &mut dyn FnMut(u64, usize, Map<String, Value>) -> Result<(), Error>,
) -> Result<Beside, Error> {
    let lines = Rc::new(Cell::new(1));
    // Outside the buffer: what is counted is what has been read, to the byte.
    let counted = LineCounter { inner: std::io::BufReader::new(input), lines: Rc::clone(&lines) };
    let mut json = serde_json::Deserializer::from_reader(counted);
    let mut walk = Walk { lines: &lines, take, failed: None, found: false, beside: BTreeMap::new() };
    let read = Level { walk: &mut walk, path }.deserialize(&mut json).and_then(|()| json.end());
    match (walk.failed, read) {
        (Some(error), _) => Err(error),
        (None, Err(cause)) => Err(json_error(file, cause)),
        (None, Ok(())) if !walk.found => {
            let problem = format!("expected `{}`, which is missing", path.join("."));
            Err(Error::Header { file: file.into(), line: 1, problem })
        }
        (None, Ok(())) => Ok(Beside { values: walk.beside }),
    }
}

struct Walk<'a> {
    lines: &'a Cell<u64>,
    take: &'a mut dyn FnMut(u64, usize, Map<String, Value>) -> Result<(), Error>,
    failed: Option<Error>,
    found: bool,
    beside: BTreeMap<String, String>,
}

/// What stands at a place on the way; `path` is the rest of the way.
struct Level<'a, 'w> {
    walk: &'a mut Walk<'w>,
    path: &'a [&'a str],
}

impl<'de> DeserializeSeed<'de> for Level<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        if self.path.is_empty() { json.deserialize_seq(self) } else { json.deserialize_map(self) }
    }
}

impl<'de> Visitor<'de> for Level<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path {
            [] => f.write_str("an array of objects"),
            [next, ..] => write!(f, "an object with `{next}`"),
        }
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let Some((next, rest)) = self.path.split_first() else {
            return Err(de::Error::invalid_type(de::Unexpected::Map, &self));
        };
        let mut seen = false;
        while let Some(key) = map.next_key::<String>()? {
            if key == *next {
                if std::mem::replace(&mut seen, true) {
                    return Err(de::Error::custom(format_args!("expected `{key}` once, found it twice")));
                }
                map.next_value_seed(Level { walk: &mut *self.walk, path: rest })?;
                continue;
            }
            if let Some(text) = scalar(&map.next_value::<Value>()?) {
                self.walk.beside.insert(key, text);
            }
        }
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut objects: S) -> Result<(), S::Error> {
        if !self.path.is_empty() {
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &self));
        }
        self.walk.found = true;
        let mut index = 0;
        while let Some(object) = objects.next_element::<Map<String, Value>>()? {
            if let Err(error) = (self.walk.take)(self.walk.lines.get(), index, object) {
                self.walk.failed = Some(error);
                return Err(de::Error::custom("a record cannot be read"));
            }
            index += 1;
        }
        Ok(())
    }
}

/// The text of a text, number or truth value, blanks around it cut; `None` for what holds others, and for nothing.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    };
    (!text.is_empty()).then_some(text)
}
