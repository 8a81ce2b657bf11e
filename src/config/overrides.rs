//! Environment variables over the file: `TIDEWAITER__SERVER__MAX_IN_FLIGHT=64` is `max_in_flight = 64` in `[server]`.

use super::{Config, DEFAULT_FILE, Error};
use serde::Deserialize as _;
use toml::{Table, Value};

/// What such a variable begins with.
pub const PREFIX: &str = "TIDEWAITER__";

/// The text with the variables over it, in order; the first that does not fit is named.
pub(super) fn apply(text: &str, variables: &[(String, String)]) -> Result<Config, Error> {
    let mut whole: Table = toml::from_str(text).unwrap_or_default();
    let mut config = Config::default();
    for (name, value) in variables {
        set(&mut whole, name, value)?;
        config = Config::deserialize(Value::Table(whole.clone()))
            .map_err(|e| fault(name, e.message().replace('\n', "; ")))?;
    }
    Ok(config)
}

/// The defaults, with the text and then the variables over them, as TOML. What is wrong has been said before.
pub(super) fn in_force(text: &str, variables: &[(String, String)]) -> Result<String, Error> {
    let mut whole: Table = toml::from_str(DEFAULT_FILE).unwrap_or_default();
    overlay(&mut whole, toml::from_str(text).unwrap_or_default());
    for (name, value) in variables {
        set(&mut whole, name, value)?;
    }
    Ok(whole.to_string())
}

fn overlay(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => overlay(below, above),
            (_, value) => drop(below.insert(key, value)),
        }
    }
}

fn set(whole: &mut Table, name: &str, value: &str) -> Result<(), Error> {
    let keys: Vec<String> = name[PREFIX.len()..].split("__").map(str::to_ascii_lowercase).collect();
    let Some((last, tables)) = keys.split_last().filter(|_| keys.iter().all(|k| !k.is_empty())) else {
        return Err(fault(name, format!("names no key; expected {PREFIX}TABLE__KEY")));
    };
    let mut table = whole;
    for key in tables {
        let inner = table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
        table = inner.as_table_mut().ok_or_else(|| fault(name, format!("`{key}` is no table")))?;
    }
    table.insert(last.clone(), literal(value));
    Ok(())
}

fn fault(name: &str, message: String) -> Error {
    Error::Variable { name: name.to_owned(), message }
}

/// A TOML value where it reads as one, otherwise the text itself: nobody quotes twice in an environment.
fn literal(text: &str) -> Value {
    let read: Option<Table> = toml::from_str(&format!("x = {text}")).ok();
    read.filter(|t| t.len() == 1).and_then(|mut t| t.remove("x")).unwrap_or_else(|| Value::String(text.to_owned()))
}
