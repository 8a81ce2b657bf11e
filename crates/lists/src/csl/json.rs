//! The JSON form of the Consolidated Screening List: an object with its rows under `results`. Each row is put into the
//! columns of the CSV form and read from there, so that both forms give the same rows.
//!
//! Streams: one row is held.

use super::super::draft::Draft;
use super::super::error::Error;
use super::super::open::from_io;
use super::{COLUMNS, Row, entry};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::cell::Cell;
use std::fmt;
use std::io::Read;
use std::rc::Rc;

/// A row as it is written.
#[derive(Deserialize)]
struct Raw {
    #[serde(alias = "_id")]
    id: String,
    source: String,
    name: String,
    #[serde(default)]
    addresses: Option<Vec<Address>>,
    #[serde(default)]
    ids: Option<Vec<Id>>,
    #[serde(flatten)]
    others: std::collections::BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Address {
    address: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
}

#[derive(Deserialize)]
struct Id {
    #[serde(rename = "type")]
    kind: Option<String>,
    number: Option<String>,
    country: Option<String>,
}

/// Reads every row.
///
/// # Errors
/// When it is no such JSON, or as for the CSV form.
pub(in super::super) fn read(file: &str, input: impl Read) -> Result<Draft, Error> {
    let lines = Rc::new(Cell::new(1));
    let counted = Lines { inner: input, lines: Rc::clone(&lines) };
    let mut draft = Draft::new(file);
    let mut failed = None;
    let mut json = serde_json::Deserializer::from_reader(std::io::BufReader::new(counted));
    let whole = Whole { file, draft: &mut draft, failed: &mut failed, lines: &lines };
    let read = whole.deserialize(&mut json).and_then(|found| json.end().map(|()| found));
    match (read, failed) {
        (_, Some(error)) => Err(error),
        (Ok(true), None) => Ok(draft),
        (Ok(false), None) => {
            Err(Error::Header { file: file.into(), line: 1, problem: "expected `results`, which is missing".into() })
        }
        (Err(cause), None) => Err(explain(file, cause)),
    }
}

/// What went wrong in JSON.
pub(in super::super) fn explain(file: &str, cause: serde_json::Error) -> Error {
    if cause.is_io() {
        return from_io(file, cause.into());
    }
    let (line, column) = (cause.line() as u64, cause.column() as u64);
    // The place is said by the error itself.
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

/// The object; true when it had `results`.
struct Whole<'a> {
    file: &'a str,
    draft: &'a mut Draft,
    failed: &'a mut Option<Error>,
    lines: &'a Cell<u64>,
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `results`")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<bool, M::Error> {
        let mut found = false;
        let Whole { file, draft, failed, lines } = self;
        while let Some(key) = map.next_key::<String>()? {
            if key == "results" && !found {
                found = true;
                map.next_value_seed(Results { file, draft, failed, lines })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

struct Results<'a> {
    file: &'a str,
    draft: &'a mut Draft,
    failed: &'a mut Option<Error>,
    lines: &'a Cell<u64>,
}

impl<'de> DeserializeSeed<'de> for Results<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Results<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut rows: S) -> Result<(), S::Error> {
        let mut index = 0_usize;
        while let Some(raw) = rows.next_element::<Raw>()? {
            let fields = columns(raw);
            let row = Row {
                file: self.file,
                line: self.lines.get(),
                within: format!("results[{index}]."),
                fields: std::array::from_fn(|at| fields[at].as_str()),
            };
            match entry(&row) {
                Ok((entry, repairs)) => self.draft.push(entry, row.line, repairs),
                Err(error) => {
                    *self.failed = Some(error);
                    return Err(serde::de::Error::custom("a row cannot be read"));
                }
            }
            index += 1;
        }
        Ok(())
    }
}

/// The row in the columns of the CSV form.
fn columns(mut raw: Raw) -> [String; 29] {
    let addresses = raw
        .addresses
        .unwrap_or_default()
        .into_iter()
        .map(|a| joined([a.address, a.city, a.state, a.postal_code, a.country], ", "));
    let addresses = joined(addresses.map(Some), "; ");
    let ids = raw.ids.unwrap_or_default().into_iter().map(|i| joined([i.country, i.number, i.kind], ", "));
    let ids = joined(ids.map(Some), "; ");
    COLUMNS.map(|column| match column {
        "_id" => std::mem::take(&mut raw.id),
        "source" => std::mem::take(&mut raw.source),
        "name" => std::mem::take(&mut raw.name),
        "addresses" => addresses.clone(),
        "ids" => ids.clone(),
        other => raw.others.remove(other).map_or_else(String::new, text),
    })
}

/// The text of a value; members of an array as the CSV form joins them.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(members) => joined(members.into_iter().map(|m| Some(text(m))), "; "),
        Value::Null | Value::Object(_) => String::new(),
    }
}

fn joined(parts: impl IntoIterator<Item = Option<String>>, with: &str) -> String {
    let parts = parts.into_iter().flatten().filter(|p| !p.trim().is_empty());
    parts.collect::<Vec<_>>().join(with)
}

/// Counts lines as they are read.
struct Lines<R> {
    inner: R,
    lines: Rc<Cell<u64>>,
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        // In small steps, so that the count is near the row that is read.
        let step = out.len().min(4096);
        let read = self.inner.read(&mut out[..step])?;
        self.lines.set(self.lines.get() + out[..read].iter().filter(|&&b| b == b'\n').count() as u64);
        Ok(read)
    }
}
