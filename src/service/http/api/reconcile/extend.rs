//! Properties of entries that were found, as new columns.

use super::script;
use super::size::check_size;
use super::suggest::PROPERTIES;
use crate::service::admission::Asked;
use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use crate::service::questions::quick;
use crate::service::web::listed::{self, Schema, properties, schema_of};
use crate::service::web::query::Query;
use crate::service::web::{Web, reply};
use axum::http::Uri;
use axum::response::Response;
use current::Loaded;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Beside the properties of the model: what is ours to say of an entry.
const OURS: [(&str, &str); 4] =
    [("list", "List"), ("effect", "Effect"), ("published", "Published"), ("citations", "Citations")];

#[derive(Deserialize)]
struct Wanted {
    ids: Vec<String>,
    properties: Vec<Property>,
}

#[derive(Clone, Deserialize)]
struct Property {
    id: String,
    #[serde(default)]
    settings: Map<String, Value>,
}

/// Every property that can be asked for, with its label.
pub(super) fn known() -> impl Iterator<Item = (&'static str, &'static str)> {
    PROPERTIES.into_iter().chain(OURS)
}

/// Which properties there are to ask for.
pub(super) async fn proposal(uri: Uri) -> Result<Response, Failure> {
    let query = Query::of_appended(&uri);
    script::refuse(&query)?;
    let limit: usize = query.parsed("limit", "a number")?.filter(|&n| n > 0).unwrap_or(usize::MAX);
    let schema = Schema::parse(query.text("type")).unwrap_or(Schema::Thing);
    let properties: Vec<Value> = known().take(limit).map(|(id, name)| json!({ "id": id, "name": name })).collect();
    Ok(reply::json(&json!({ "type": schema.name(), "properties": properties })))
}

/// The values of each entry asked for.
pub(super) async fn answer(web: &Web, asked: &Asked, wanted: Map<String, Value>) -> Result<Value, Failure> {
    let fault = |why: String| Failure::field(REQUEST_INVALID, "extend", why);
    let wanted: Wanted = serde_json::from_value(Value::Object(wanted)).map_err(|e| fault(e.to_string()))?;
    check_size("extend", wanted.ids.len())?;
    check_size("extend", wanted.properties.len())?;
    let loaded = web.shared.loaded()?;
    let answer = web.shared.pool.submit(quick(asked), move |_, _| {
        let asked_for: Vec<(Property, &str)> = wanted
            .properties
            .iter()
            .filter_map(|p| known().find(|(id, _)| *id == p.id).map(|(_, name)| (p.clone(), name)))
            .collect();
        let rows = wanted.ids.iter().map(|id| (id.clone(), row(&loaded, id, &asked_for)));
        let rows: Map<String, Value> = rows.collect();
        let meta: Vec<Value> = asked_for.iter().map(|(p, name)| json!({ "id": p.id, "name": name })).collect();
        Ok(json!({ "meta": meta, "rows": rows }))
    });
    answer.await
}

fn row(loaded: &Loaded, id: &str, asked_for: &[(Property, &str)]) -> Value {
    let engine = loaded.engine();
    let entry = listed::parse_id(id).and_then(|(list, id)| engine.snapshot().entry(Some(list), id));
    let mut row = Map::new();
    let schema = entry.map_or(Schema::Thing, |entry| schema_of(engine, entry));
    let of_model = entry.map(|entry| properties(entry, schema)).unwrap_or_default();
    for (property, _) in asked_for {
        let values: Vec<String> = match (property.id.as_str(), entry) {
            (_, None) => Vec::new(),
            ("list", Some(entry)) => vec![engine.snapshot().title(&entry.list).to_owned()],
            ("effect", Some(entry)) => vec![entry.effect.as_str().to_owned()],
            ("published", Some(entry)) => listed::day_of(entry).map(|d| d.to_string()).into_iter().collect(),
            ("citations", Some(entry)) => entry.citations.clone(),
            (name, Some(_)) => {
                let values = of_model.get(name).and_then(Value::as_array).into_iter().flatten();
                values.filter_map(|v| v.as_str().map(str::to_owned)).collect()
            }
        };
        let limit = property.settings.get("limit").and_then(limit_of).filter(|&n| n > 0).unwrap_or(usize::MAX);
        let values: Vec<Value> = values.into_iter().take(limit).map(|v| json!({ "str": v })).collect();
        row.insert(property.id.clone(), Value::Array(values));
    }
    Value::Object(row)
}

/// A number, or one written as text.
fn limit_of(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|n| usize::try_from(n).ok()).or_else(|| value.as_str()?.parse().ok())
}
