//! Values of a JSON document as what they should be; an error says where something else stands.

use crate::adapter::DocumentError;
use model::shipment::Decimal;
use serde_json::{Map, Value};

/// A JSON object.
pub(super) type Object = Map<String, Value>;

pub(super) fn object<'a>(value: &'a Value, at: &str) -> Result<&'a Object, DocumentError> {
    value.as_object().ok_or_else(|| DocumentError::key(at, "expected an object"))
}

pub(super) fn array<'a>(value: &'a Value, at: &str) -> Result<&'a Vec<Value>, DocumentError> {
    value.as_array().ok_or_else(|| DocumentError::key(at, "expected a list"))
}

pub(super) fn text(value: &Value, at: &str) -> Result<String, DocumentError> {
    value.as_str().map(str::to_owned).ok_or_else(|| DocumentError::key(at, "expected text"))
}

pub(super) fn texts(value: &Value, at: &str) -> Result<Vec<String>, DocumentError> {
    array(value, at)?.iter().enumerate().map(|(n, v)| text(v, &format!("{at}[{n}]"))).collect()
}

/// Lines joined as they stand; a single text is one line.
pub(super) fn lines(value: &Value, at: &str) -> Result<String, DocumentError> {
    if value.is_string() { text(value, at) } else { Ok(texts(value, at)?.join("\n")) }
}

pub(super) fn flag(value: &Value, at: &str) -> Result<bool, DocumentError> {
    value.as_bool().ok_or_else(|| DocumentError::key(at, "expected true or false"))
}

pub(super) fn number(value: &Value, at: &str) -> Result<String, DocumentError> {
    let written =
        value.as_number().map(ToString::to_string).ok_or_else(|| DocumentError::key(at, "expected a number"))?;
    Decimal::parse(&written)
        .map(|d| d.to_string())
        .ok_or_else(|| DocumentError::key(at, format!("{written} is not a plain number")))
}

/// Refuses a key that is neither read nor one of `rest`, which say nothing that is screened.
pub(super) fn known(key: &str, rest: &[&str], at: &str) -> Result<(), DocumentError> {
    if rest.contains(&key) {
        return Ok(());
    }
    let dot = if at.is_empty() { "" } else { "." };
    Err(DocumentError::key(format!("{at}{dot}{key}"), "unknown key; expected a key of DCSA eBL 3.0"))
}
