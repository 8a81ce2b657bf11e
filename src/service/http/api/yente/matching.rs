//! `/match`: which entities a party may be, with the reasons.

use super::filter::Filter;
use super::refusal::{Refusal, only, parsed, refusal, unprocessable};
use crate::service::admission::Asked;
use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use crate::service::questions::quick;
use crate::service::recording::{Recorded, Recording};
use crate::service::web::listed::{self, Schema};
use crate::service::web::party::{Match, Party, Wants};
use crate::service::web::query::Query;
use crate::service::web::{Web, body, reply};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use current::Loaded;
use engine::screen::Engine;
use model::entry::Entry;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Queries of one request, and results of one query, at most; and how many results there are where nobody says.
const MAX_QUERIES: usize = 100;
const MAX_RESULTS: usize = 500;
const RESULTS: usize = 5;

/// From which score on a result counts as a match where nobody says.
const THRESHOLD: f64 = 0.7;

/// The name by which our algorithm is asked for.
pub(super) const ALGORITHM: &str = "tidewaiter";

/// What the address may say.
const PARAMETERS: [&str; 10] = [
    "limit",
    "threshold",
    "cutoff",
    "algorithm",
    "include_dataset",
    "exclude_dataset",
    "exclude_schema",
    "topics",
    "changed_since",
    "exclude_entity_ids",
];

/// The body of a request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    #[serde(default)]
    weights: Map<String, Value>,
    #[serde(default)]
    config: Map<String, Value>,
    queries: Map<String, Value>,
}

/// How the results of every query are chosen.
#[derive(Clone)]
struct Terms {
    filter: Arc<Filter>,
    limit: usize,
    threshold: f64,
    /// In thousandths.
    cutoff: u16,
}

/// Answers a request.
pub(super) async fn matches(
    State(web): State<Arc<Web>>,
    Extension(asked): Extension<Asked>,
    Path(dataset): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let bytes = body::json(&web, &asked, &headers, body).await?;
    let request: Request = match body::read(&bytes) {
        Ok(request) => request,
        Err(failure) => return Ok(unprocessable(&["body"], &failure.to_string())),
    };
    check(&request)?;
    let loaded = web.shared.loaded()?;
    let query = Query::of(&uri);
    only(&query, &PARAMETERS)?;
    let filter = Filter::read(&dataset, &query, loaded.engine().snapshot())?;
    let terms = terms(filter, &query)?;
    let mut examples = Vec::with_capacity(request.queries.len());
    for (key, example) in request.queries {
        match Example::read(&example) {
            Ok(example) => examples.push((key, example)),
            Err(fault) => return Ok(fault.response(&key)),
        }
    }
    asked.caller.charge_shipments(examples.len())?;
    let submit = |(key, example): (String, Example)| {
        let (loaded, terms) = (Arc::clone(&loaded), terms.clone());
        let recording = Recording::of(&web.shared, &loaded, &asked, false);
        let answer = web.shared.pool.submit(quick(&asked), move |scratch, wanted| {
            let keep = |engine: &Engine, entry: &Entry| terms.filter.keeps(engine, entry, example.schema);
            let wants = Wants { least: terms.cutoff, keep: &keep };
            let party = Party::of_properties(example.schema, &example.properties);
            let (found, recorded) = match party.is_empty() {
                true => (Vec::new(), Recorded::NOTHING),
                false => party.find(&recording, &wants, wanted, scratch)?,
            };
            Ok((results(&loaded, &party, &found, &example, &terms), recorded))
        });
        (key, answer)
    };
    let pending: Vec<_> = examples.into_iter().map(submit).collect();
    let mut responses = Map::new();
    for (key, answer) in pending {
        let (results, recorded) = answer.await?;
        recorded.await?;
        responses.insert(key, results);
    }
    let count = responses.len();
    let mut response = reply::json(&json!({ "responses": responses, "limit": terms.limit }));
    response.headers_mut().insert("x-batch-size", HeaderValue::from(count));
    Ok(response)
}

/// What of a request is beyond us is said, not passed over.
fn check(request: &Request) -> Result<(), Failure> {
    let fault = |field: &str, text: String| Err(Failure::field(REQUEST_INVALID, field, text));
    if let Some(key) = request.config.keys().next() {
        return fault("config", format!("invalid configuration parameter `{key}` for algorithm {ALGORITHM}"));
    }
    if let Some(key) = request.weights.keys().next() {
        return fault("weights", format!("`{key}`: weights are those of the model; a policy sets thresholds"));
    }
    match request.queries.len() {
        0 => fault("queries", "no queries are given".to_owned()),
        1..=MAX_QUERIES => Ok(()),
        n => fault("queries", format!("{n} queries; expected at most {MAX_QUERIES}")),
    }
}

fn terms(filter: Filter, query: &Query) -> Result<Terms, Refusal> {
    let limit = parsed(query, "limit", "a number")?.unwrap_or(RESULTS);
    if !(1..=MAX_RESULTS).contains(&limit) {
        return Err(Refusal::value("limit", format!("{limit} is out of range; expected 1..={MAX_RESULTS}")));
    }
    let share = |name: &str| -> Result<f64, Refusal> {
        let value = parsed(query, name, "a number of 0 to 1")?.unwrap_or(THRESHOLD);
        let fault = || Refusal::value(name, "invalid value; expected a number of 0 to 1");
        if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(fault()) }
    };
    let (threshold, cutoff) = (share("threshold")?, share("cutoff")?);
    let algorithm = query.text("algorithm");
    if !["", "best", ALGORITHM].contains(&algorithm.trim().to_ascii_lowercase().as_str()) {
        let algorithm: String = algorithm.chars().take(40).collect();
        let fault = format!("Invalid algorithm: {algorithm}; expected best or {ALGORITHM}");
        return Err(Refusal::of(StatusCode::BAD_REQUEST, fault));
    }
    let cutoff = (cutoff.min(threshold) * 1000.0).round() as u16;
    Ok(Terms { filter: Arc::new(filter), limit, threshold, cutoff })
}

/// A party as the caller describes it.
struct Example {
    id: Option<String>,
    schema: Schema,
    /// Each with its values.
    properties: Map<String, Value>,
}

/// What is wrong with an example.
enum Fault {
    Missing(&'static str),
    Schema(String),
}

impl Example {
    /// Reads it; a property has one value or several.
    fn read(example: &Value) -> Result<Self, Fault> {
        let name = example.get("schema").and_then(Value::as_str).ok_or(Fault::Missing("schema"))?;
        let given = example.get("properties").and_then(Value::as_object).ok_or(Fault::Missing("properties"))?;
        let schema = Schema::parse(name).ok_or_else(|| Fault::Schema(name.chars().take(100).collect()))?;
        let mut properties = Map::new();
        for (property, value) in given {
            let values = match value {
                Value::Array(values) => values.iter().filter_map(text_of).collect(),
                one => text_of(one).into_iter().collect::<Vec<_>>(),
            };
            if !values.is_empty() {
                properties.insert(property.clone(), json!(values));
            }
        }
        Ok(Self { id: example.get("id").and_then(Value::as_str).map(str::to_owned), schema, properties })
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Fault {
    /// As yente answers.
    fn response(&self, key: &str) -> Response {
        match self {
            Self::Missing(field) => unprocessable(&["body", "queries", key, field], "Field required"),
            Self::Schema(name) => {
                let detail = format!("Cannot parse example entity: there is no schema `{name}` here");
                refusal(StatusCode::BAD_REQUEST, detail.into(), &Failure::Malformed(String::new()))
            }
        }
    }
}

/// The answer to one query.
fn results(loaded: &Loaded, party: &Party, found: &[Match<'_>], example: &Example, terms: &Terms) -> Value {
    let asked = party.names.first().map_or("", String::as_str);
    let result = |m: &Match<'_>| {
        let score = f64::from(m.score) / 1000.0;
        let mut entity = listed::entity(loaded.engine(), m.entry);
        entity["score"] = json!(score);
        entity["match"] = json!(score >= terms.threshold);
        entity["explanations"] = Value::Object(explanations(m, asked));
        entity
    };
    json!({
        "status": 200,
        "results": found.iter().take(terms.limit).map(result).collect::<Vec<_>>(),
        "total": { "value": found.len(), "relation": "eq" },
        "query": { "id": example.id, "schema": example.schema.name(), "properties": example.properties },
    })
}

/// The evidence of a match: its points, in thousandths, add up to the score of a name.
fn explanations(m: &Match<'_>, asked: &str) -> Map<String, Value> {
    let mut explanations = Map::new();
    for evidence in &m.evidence {
        let mut name = evidence.name.clone();
        let mut n = 2;
        while explanations.contains_key(&name) {
            name = format!("{}_{n}", evidence.name);
            n += 1;
        }
        let points = f64::from(evidence.points) / 1000.0;
        let explained = json!({
            "score": points, "weight": 1.0, "detail": evidence.detail, "query": asked, "candidate": m.matched_name,
        });
        explanations.insert(name, explained);
    }
    // In words, without points of its own.
    let words = json!({ "score": 0.0, "detail": m.explanation, "query": asked, "candidate": m.matched_name });
    explanations.insert("explanation".to_owned(), words);
    explanations
}
