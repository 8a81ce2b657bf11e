//! Queries: which entries each name may mean.

use super::manifest::type_of;
use super::size::check_size;
use crate::service::admission::Asked;
use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use crate::service::questions::quick;
use crate::service::recording::Recording;
use crate::service::web::Web;
use crate::service::web::listed::{Schema, id_of, schema_of};
use crate::service::web::party::{Match, Party, Wants};
use engine::screen::Engine;
use model::entry::Entry;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Candidates of one query where nobody says, and at most.
const CANDIDATES: usize = 5;
const MAX_CANDIDATES: usize = 100;

/// Thousandths below which a name is no candidate for a person to choose from.
const LEAST: u16 = 400;

/// From which score on a single candidate is chosen without asking: what holds a shipment by the default policy.
const CERTAIN: u16 = 850;

#[derive(Deserialize)]
struct Query {
    #[serde(default)]
    query: String,
    #[serde(rename = "type")]
    kind: Option<Value>,
    limit: Option<usize>,
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Property {
    pid: String,
    v: Value,
}

/// Answers a batch.
pub(super) async fn answer(web: &Web, asked: &Asked, queries: Map<String, Value>) -> Result<Value, Failure> {
    check_size("queries", queries.len())?;
    asked.caller.charge_shipments(queries.len())?;
    let loaded = web.shared.loaded()?;
    let mut pending = Vec::with_capacity(queries.len());
    for (key, query) in queries {
        let fault = |why: String| Failure::field(REQUEST_INVALID, "queries", format!("{key}: {why}"));
        let query: Query = serde_json::from_value(query).map_err(|e| fault(e.to_string()))?;
        let limit = query.limit.unwrap_or(CANDIDATES).clamp(1, MAX_CANDIDATES);
        let schema = schema_asked(query.kind.as_ref()).map_err(fault)?;
        let party = party_of(&query, schema);
        let loaded = Arc::clone(&loaded);
        let recording = Recording::off(&loaded);
        let answer = web.shared.pool.submit(quick(asked), move |scratch, wanted| {
            let keep = |engine: &Engine, entry: &Entry| schema_of(engine, entry).meets(schema);
            let wants = Wants { least: LEAST, keep: &keep };
            let found = if party.is_empty() { Vec::new() } else { party.find(&recording, &wants, wanted, scratch)?.0 };
            let is_certain = is_certain(loaded.engine(), &found);
            let candidates = found.iter().take(limit).enumerate();
            let result: Vec<Value> =
                candidates.map(|(at, m)| candidate(loaded.engine(), m, at == 0 && is_certain)).collect();
            Ok(json!({ "result": result }))
        });
        pending.push((key, answer));
    }
    let mut answers = Map::new();
    for (key, answer) in pending {
        answers.insert(key, answer.await?);
    }
    Ok(Value::Object(answers))
}

/// The type asked for; of several, what they have in common is all that there is.
fn schema_asked(kind: Option<&Value>) -> Result<Schema, String> {
    let name = match kind {
        None | Some(Value::Null) => return Ok(Schema::Thing),
        Some(Value::String(name)) => name.as_str(),
        Some(Value::Object(kind)) => kind.get("id").and_then(Value::as_str).unwrap_or_default(),
        Some(Value::Array(kinds)) if kinds.len() == 1 => return schema_asked(kinds.first()),
        Some(Value::Array(_)) => return Ok(Schema::Thing),
        Some(_) => return Err("invalid type; expected its id".to_owned()),
    };
    Schema::parse(name).ok_or_else(|| format!("unknown type `{}`", name.chars().take(40).collect::<String>()))
}

fn party_of(query: &Query, schema: Schema) -> Party {
    let mut properties: Map<String, Value> = Map::new();
    let mut add = |name: &str, value: &Value| {
        let values = properties.entry(name.to_owned()).or_insert_with(|| json!([]));
        if let (Value::Array(values), Some(text)) = (values, text_of(value)) {
            values.push(text.into());
        }
    };
    add("name", &Value::String(query.query.clone()));
    for Property { pid, v } in &query.properties {
        // A property may be qualified: `LegalEntity:country`.
        let name = pid.rsplit(':').next().unwrap_or(pid);
        match v {
            Value::Array(values) => values.iter().for_each(|v| add(name, v)),
            one => add(name, one),
        }
    }
    Party::of_properties(schema, &properties)
}

/// A value as it is written; one that was reconciled itself stands for its name.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Object(object) => object.get("name").or(object.get("id"))?.as_str()?.to_owned(),
        _ => return None,
    };
    Some(text).filter(|text| !text.trim().is_empty())
}

/// Whether the first is meant and no other: it scores as a listed name does, and what scores as high lists the same party.
fn is_certain(engine: &Engine, found: &[Match<'_>]) -> bool {
    let [first, rest @ ..] = found else { return false };
    let Some(id) = engine.snapshot().id_of(&first.entry.list, &first.entry.id) else { return false };
    let listings = engine.parties().listings(id);
    let is_same = |m: &Match<'_>| {
        let other = engine.snapshot().id_of(&m.entry.list, &m.entry.id);
        listings.iter().any(|(listed, _)| Some(*listed) == other)
    };
    first.score >= CERTAIN && rest.iter().filter(|m| m.score >= CERTAIN).all(is_same)
}

fn candidate(engine: &Engine, m: &Match<'_>, is_match: bool) -> Value {
    let features: Vec<Value> = m.evidence.iter().map(|e| json!({ "id": e.name, "value": e.points })).collect();
    json!({
        "id": id_of(m.entry),
        "name": m.entry.primary_name(),
        "description": format!("{}; {}", engine.snapshot().title(&m.entry.list), m.explanation),
        "type": [type_of(schema_of(engine, m.entry))],
        "score": f64::from(m.score) / 10.0,
        "match": is_match,
        "features": features,
    })
}
