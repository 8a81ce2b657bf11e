//! The JSON form of the Consolidated Screening List: an object with its entries under `results`. Each is put into
//! the columns of the CSV form and read from there, so that both forms give the same entries.
//!
//! Streams: one entry is held.

use super::columns::COLUMNS;
use super::entry::{CslRow, entry};
use crate::build::ParsedFile;
use crate::catalogue::Format;
use crate::error::Error;
use crate::input::{LineCounter, json_error};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Read;
use std::rc::Rc;

/// An entry as it is written.
#[derive(Deserialize)]
struct JsonEntry {
    #[serde(alias = "_id")]
    id: String,
    source: String,
    name: String,
    #[serde(default)]
    addresses: Option<Vec<JsonAddress>>,
    #[serde(default)]
    ids: Option<Vec<JsonNumber>>,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct JsonAddress {
    address: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
    #[serde(flatten)]
    others: BTreeMap<String, IgnoredAny>,
}

#[derive(Deserialize)]
struct JsonNumber {
    #[serde(rename = "type")]
    kind: Option<String>,
    number: Option<String>,
    country: Option<String>,
    #[serde(flatten)]
    others: BTreeMap<String, IgnoredAny>,
}

/// Reads every entry.
///
/// # Errors
/// When it is not JSON of this form, or as for the CSV form.
pub(crate) fn read(file: &str, input: impl Read) -> Result<ParsedFile, Error> {
    let lines = Rc::new(Cell::new(1));
    // Outside the buffer: what is counted is what has been read, to the byte.
    let counted = LineCounter { inner: std::io::BufReader::new(input), lines: Rc::clone(&lines) };
    let mut parsed = ParsedFile::new(file);
    let mut failed = None;
    let mut json = serde_json::Deserializer::from_reader(counted);
    let mut keys = BTreeSet::new();
    let whole = JsonFile { file, parsed: &mut parsed, failed: &mut failed, lines: &lines, keys: &mut keys };
    let read = whole.deserialize(&mut json).and_then(|found| json.end().map(|()| found));
    match (read, failed) {
        (_, Some(error)) => Err(error),
        (Ok((Some(found), stated)), None) => {
            let whole = stated.total.unwrap_or(found);
            if whole != found || stated.offset > 0 {
                return Err(Error::Count { file: file.into(), stated: whole.max(stated.offset), found });
            }
            let keys: Vec<String> = keys.into_iter().collect();
            parsed.unknown_elements("us-ofac-sdn", Format::UsCslJson, &keys);
            Ok(parsed)
        }
        (Ok((None, _)), None) => {
            Err(Error::Header { file: file.into(), line: 1, problem: "expected `results`, which is missing".into() })
        }
        (Err(cause), None) => Err(json_error(file, cause)),
    }
}

/// How many results an answer says that there are, and the first of them that it holds.
#[derive(Default)]
struct Stated {
    total: Option<u64>,
    offset: u64,
}

/// The object; with the number of its `results`, and what it states beside them.
struct JsonFile<'a> {
    file: &'a str,
    parsed: &'a mut ParsedFile,
    failed: &'a mut Option<Error>,
    lines: &'a Cell<u64>,
    /// Keys that no column takes.
    keys: &'a mut BTreeSet<String>,
}

impl<'de> DeserializeSeed<'de> for JsonFile<'_> {
    type Value = (Option<u64>, Stated);

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for JsonFile<'_> {
    type Value = (Option<u64>, Stated);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `results`")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let (mut found, mut stated) = (None, Stated::default());
        let JsonFile { file, parsed, failed, lines, keys } = self;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "results" if found.is_none() => {
                    found = Some(map.next_value_seed(JsonResults { file, parsed, failed, lines, keys })?);
                }
                // A page of an answer says of how many results it is one.
                "total" => stated.total = Some(map.next_value()?),
                "offset" => stated.offset = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok((found, stated))
    }
}

struct JsonResults<'a> {
    file: &'a str,
    parsed: &'a mut ParsedFile,
    failed: &'a mut Option<Error>,
    lines: &'a Cell<u64>,
    keys: &'a mut BTreeSet<String>,
}

impl<'de> DeserializeSeed<'de> for JsonResults<'_> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<u64, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for JsonResults<'_> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of entries")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut entries: S) -> Result<u64, S::Error> {
        let mut index = 0_u64;
        while let Some(raw) = entries.next_element::<JsonEntry>()? {
            let fields = columns(raw, self.keys);
            let row = CslRow {
                file: self.file,
                line: self.lines.get(),
                within: format!("results[{index}]."),
                fields: std::array::from_fn(|at| fields[at].as_str()),
            };
            let name_field = format!("{}name", row.within);
            if let Err(error) = entry(&row).and_then(|one| one.finish(self.file, &name_field, self.parsed)) {
                *self.failed = Some(error);
                return Err(serde::de::Error::custom("an entry cannot be read"));
            }
            index += 1;
        }
        Ok(index)
    }
}

/// The entry in the columns of the CSV form; the keys that none takes are added to `keys`.
fn columns(mut raw: JsonEntry, keys: &mut BTreeSet<String>) -> [String; 29] {
    let of_addresses = raw.addresses.iter().flatten().flat_map(|a| a.others.keys());
    let of_ids = raw.ids.iter().flatten().flat_map(|i| i.others.keys());
    keys.extend(of_addresses.chain(of_ids).cloned());
    let addresses = raw
        .addresses
        .unwrap_or_default()
        .into_iter()
        .map(|a| joined([a.address, a.city, a.state, a.postal_code, a.country], ", "));
    let addresses = joined(addresses.map(Some), "; ");
    let ids = raw.ids.unwrap_or_default().into_iter().map(|i| joined([i.country, i.number, i.kind], ", "));
    let ids = joined(ids.map(Some), "; ");
    let fields = COLUMNS.map(|column| match column {
        "_id" => std::mem::take(&mut raw.id),
        "source" => std::mem::take(&mut raw.source),
        "name" => std::mem::take(&mut raw.name),
        "addresses" => addresses.clone(),
        "ids" => ids.clone(),
        other => raw.others.remove(other).map_or_else(String::new, text),
    });
    keys.extend(raw.others.into_keys());
    fields
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
