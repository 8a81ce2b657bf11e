//! Environment variables over the file: `TIDEWAITER__SERVER__MAX_IN_FLIGHT=64` is `max_in_flight = 64` in `[server]`.

use super::{Config, Error};
use serde::Deserialize as _;
use toml::{Table, Value};

/// What such a variable begins with.
pub const PREFIX: &str = "TIDEWAITER__";

/// The text with the variables over it, in order; the first that does not fit is named.
pub(super) fn apply(text: &str, variables: &[(String, String)]) -> Result<Config, Error> {
    let fault = |name: &str, message: String| Error::Variable { name: name.to_owned(), message };
    // The text was read before; what is wrong with it has been said with its place.
    let mut whole: Table = toml::from_str(text).unwrap_or_default();
    let mut config = Config::default();
    for (name, value) in variables {
        let keys: Vec<String> = name[PREFIX.len()..].split("__").map(str::to_ascii_lowercase).collect();
        let Some((last, tables)) = keys.split_last().filter(|_| keys.iter().all(|k| !k.is_empty())) else {
            return Err(fault(name, format!("names no key; expected {PREFIX}TABLE__KEY")));
        };
        let mut table = &mut whole;
        for key in tables {
            let inner = table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
            table = inner.as_table_mut().ok_or_else(|| fault(name, format!("`{key}` is no table")))?;
        }
        table.insert(last.clone(), literal(value));
        config = Config::deserialize(Value::Table(whole.clone()))
            .map_err(|e| fault(name, e.message().replace('\n', "; ")))?;
    }
    Ok(config)
}

/// A TOML value where it reads as one, otherwise the text itself: nobody quotes twice in an environment.
fn literal(text: &str) -> Value {
    let read: Option<Table> = toml::from_str(&format!("x = {text}")).ok();
    read.filter(|t| t.len() == 1).and_then(|mut t| t.remove("x")).unwrap_or_else(|| Value::String(text.to_owned()))
}
