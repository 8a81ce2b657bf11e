//! `/search` and `/entities`: entities by name, and by id.

use super::filter::Filter;
use super::refusal::refusal;
use crate::service::admission::Asked;
use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use crate::service::names::check_name;
use crate::service::questions::quick;
use crate::service::web::listed::{self, Schema};
use crate::service::web::query::Query;
use crate::service::web::{Web, reply};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use engine::screen::{Engine, Scratch};
use model::country::Country;
use model::entry::{Entry, ListId};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Entities of one page, and how far in, at most; and how many there are where nobody says.
const MAX_PAGE: usize = 500;
const MAX_OFFSET: usize = 9499;
const PAGE: usize = 10;

/// Entities that a name is looked for among, at most. More only look alike.
const MOST_FOUND: usize = 10_000;

/// The counts that are given where nobody says.
const FACETS: [&str; 3] = ["countries", "topics", "datasets"];

/// Answers a search.
pub(super) async fn search(
    State(web): State<Arc<Web>>,
    Extension(asked): Extension<Asked>,
    Path(dataset): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = Query::of(&uri);
    let loaded = web.shared.loaded()?;
    let Some(filter) = Filter::read(&dataset, &query, loaded.engine().snapshot())? else {
        return Ok(refusal(StatusCode::NOT_FOUND, "No such dataset.".into(), &Failure::PathUnknown));
    };
    let name = Some(query.text("schema")).filter(|name| !name.is_empty()).unwrap_or("Thing");
    let Some(schema) = Schema::parse(name) else {
        return Ok(refusal(StatusCode::BAD_REQUEST, "Invalid schema".into(), &Failure::Malformed(String::new())));
    };
    let within = |name: &str, default: usize, most: usize| {
        let value = query.parsed(name, "a number")?.unwrap_or(default);
        let fault = || Failure::field(REQUEST_INVALID, name, format!("{value} is out of range; expected 0..={most}"));
        if value <= most { Ok(value) } else { Err(fault()) }
    };
    let (limit, offset) = (within("limit", PAGE, MAX_PAGE)?, within("offset", 0, MAX_OFFSET)?);
    let text = query.text("q").trim().to_owned();
    if !text.is_empty() {
        check_name("q", &text)?;
    }
    let mut facets: Vec<String> = query.all("facets").map(str::to_owned).collect();
    if facets.is_empty() {
        facets = FACETS.map(str::to_owned).to_vec();
    }
    let answer = web.shared.pool.submit(quick(&asked), move |scratch, _| {
        let engine = loaded.engine();
        let found = find(engine, &text, |entry| filter.keeps(engine, entry, schema), scratch);
        let page: Vec<Value> = found.iter().skip(offset).take(limit).map(|e| listed::entity(engine, e)).collect();
        let relation = if found.len() < MOST_FOUND { "eq" } else { "gte" };
        Ok(json!({
            "results": page,
            "facets": count(engine, &found, &facets),
            "total": { "value": found.len(), "relation": relation },
            "limit": limit,
            "offset": offset,
        }))
    });
    Ok(reply::json(&answer.await?))
}

/// The entries that a text names, best first; without a text all of them, in their order.
fn find<'e>(engine: &'e Engine, text: &str, keep: impl Fn(&Entry) -> bool, scratch: &mut Scratch) -> Vec<&'e Entry> {
    if text.is_empty() {
        return engine.snapshot().entries().iter().filter(|e| keep(e)).take(MOST_FOUND).collect();
    }
    let hits = engine.search(text, MOST_FOUND, scratch).into_iter();
    let mut found: Vec<&Entry> = hits.map(|hit| hit.entry).filter(|e| keep(e)).collect();
    // A text may be an id, of ours or of the publisher.
    let by_id = match listed::parse_id(text) {
        Some((list, id)) => engine.snapshot().entry(Some(list), id),
        None => engine.snapshot().entry(None, text),
    };
    if let Some(entry) = by_id.filter(|e| keep(e)) {
        found.retain(|other| !std::ptr::eq(*other, entry));
        found.insert(0, entry);
    }
    found
}

/// The values of an entry that a facet counts.
type Values = fn(&Entry) -> Vec<String>;

/// How many of the found have each country, topic and dataset.
fn count(engine: &Engine, found: &[&Entry], facets: &[String]) -> Value {
    let mut counted = Map::new();
    for facet in facets {
        let (label, values): (_, Values) = match facet.as_str() {
            "countries" => ("Countries", |e| e.all_countries().map(|c| c.code().to_ascii_lowercase()).collect()),
            "topics" => ("Topics", |e| vec![listed::topic(e.effect).to_owned()]),
            "datasets" => ("Data sources", |e| vec![e.list.as_str().to_owned()]),
            _ => continue,
        };
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for entry in found {
            let mut values = values(entry);
            values.sort_unstable();
            values.dedup();
            values.into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let item = |(name, count): (String, usize)| json!({ "label": label_of(engine, facet, &name), "name": name, "count": count });
        let values: Vec<Value> = counts.into_iter().map(item).collect();
        counted.insert(facet.clone(), json!({ "label": label, "values": values }));
    }
    Value::Object(counted)
}

fn label_of(engine: &Engine, facet: &str, name: &str) -> String {
    match facet {
        "countries" => Country::from_code(&name.to_ascii_uppercase()).map_or(name, |c| c.name()).to_owned(),
        "datasets" => engine.snapshot().title(&ListId::new(name)).to_owned(),
        _ => name.to_owned(),
    }
}

/// Answers for one entity.
pub(super) async fn entity(
    State(web): State<Arc<Web>>,
    Extension(asked): Extension<Asked>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let missing = || refusal(StatusCode::NOT_FOUND, "No such entity!".into(), &Failure::EntryNotFound);
    let loaded = web.shared.loaded()?;
    let answer = web.shared.pool.submit(quick(&asked), move |_, _| {
        let engine = loaded.engine();
        let entry = listed::parse_id(&id).and_then(|(list, id)| engine.snapshot().entry(Some(list), id));
        Ok(entry.map(|entry| listed::entity(engine, entry)))
    });
    Ok(answer.await?.map_or_else(missing, |entity| reply::json(&entity)))
}
