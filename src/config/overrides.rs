//! Environment variables over the file: `TIDEWAITER__SERVER__MAX_IN_FLIGHT=64` is `max_in_flight = 64` in `[server]`.

use super::error::Error;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// What the name of such a variable begins with.
pub const PREFIX: &str = "TIDEWAITER__";

/// The text with the variables over it, in order. The first invalid variable is named.
pub(super) fn apply<T: DeserializeOwned + Default>(text: &str, variables: &[(String, String)]) -> Result<T, Error> {
    let mut whole: Table = toml::from_str(text).unwrap_or_default();
    let mut read = T::default();
    for (name, value) in variables {
        set(&mut whole, name, value)?;
        read = T::deserialize(Value::Table(whole.clone())).map_err(|e| fault(name, e.message().replace('\n', "; ")))?;
    }
    Ok(read)
}

/// The defaults, with the text and then the variables over them, as TOML. The text has been checked before.
pub(super) fn in_force(defaults: &str, text: &str, variables: &[(String, String)]) -> Result<String, Error> {
    let mut whole: Table = toml::from_str(defaults).unwrap_or_default();
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
        return Err(fault(name, format!("no key in the name; expected {PREFIX}TABLE__KEY")));
    };
    let mut table = whole;
    for key in tables {
        let inner = table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
        table =
            inner.as_table_mut().ok_or_else(|| fault(name, format!("`{key}` is not a table of the configuration")))?;
    }
    table.insert(last.clone(), literal(value));
    Ok(())
}

fn fault(name: &str, message: String) -> Error {
    Error::Variable { name: name.to_owned(), message }
}

/// A TOML value if the text is one, otherwise the text itself, so that strings need no second quotes.
fn literal(text: &str) -> Value {
    let read: Option<Table> = toml::from_str(&format!("x = {text}")).ok();
    read.filter(|t| t.len() == 1).and_then(|mut t| t.remove("x")).unwrap_or_else(|| Value::String(text.to_owned()))
}
