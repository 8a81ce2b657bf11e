//! `/search` and `/entities`: entities by name, and by id.

use super::adjacent::{self, Page};
use super::filter::{Filter, values};
use super::refusal::{Refusal, flag, only, within};
use super::sort::Sort;
use crate::service::admission::Asked;
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

/// The counts that are given where nobody says, and those that there are, each with its label.
const COUNTED: [&str; 3] = ["countries", "topics", "datasets"];
const FACETS: [(&str, &str); 6] = [
    ("countries", "Countries"),
    ("topics", "Topics"),
    ("datasets", "Data sources"),
    ("schema", "Entity types"),
    ("identifiers", "Identifiers"),
    // No list that is read here says it, so its counts are empty.
    ("genders", "Genders"),
];

/// What the address of a search may say.
const PARAMETERS: [&str; 18] = [
    "q",
    "schema",
    "include_dataset",
    "exclude_dataset",
    "exclude_schema",
    "changed_since",
    "countries",
    "topics",
    "datasets",
    "filter",
    "filter_op",
    "limit",
    "offset",
    "sort",
    "target",
    "fuzzy",
    "simple",
    "facets",
];

/// Answers a search.
pub(super) async fn search(
    State(web): State<Arc<Web>>,
    Extension(asked): Extension<Asked>,
    Path(dataset): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let query = Query::of(&uri);
    only(&query, &PARAMETERS)?;
    let loaded = web.shared.loaded()?;
    let filter = Filter::read(&dataset, &query, loaded.engine().snapshot())?;
    let name = Some(query.text("schema")).filter(|name| !name.is_empty()).unwrap_or("Thing");
    let schema = Schema::parse(name).ok_or_else(|| Refusal::of(StatusCode::BAD_REQUEST, "Invalid schema"))?;
    let (limit, offset) = (within(&query, "limit", PAGE, MAX_PAGE)?, within(&query, "offset", 0, MAX_OFFSET)?);
    // A name is found with its typing errors and without any syntax, whichever of the two is asked for.
    let (_, _) = (flag(&query, "fuzzy")?, flag(&query, "simple")?);
    let (sort, facets) = (Sort::read(&query)?, facets_of(&query)?);
    let text = query.text("q").trim().to_owned();
    if !text.is_empty() {
        check_name("q", &text)?;
    }
    let answer = web.shared.pool.submit(quick(&asked), move |scratch, _| {
        let engine = loaded.engine();
        let mut found = find(engine, &text, |entry| filter.keeps(engine, entry, schema), scratch);
        sort.entries(engine, &mut found);
        let page: Vec<Value> = found.iter().skip(offset).take(limit).map(|e| listed::entity(engine, e)).collect();
        let relation = if text.is_empty() || found.len() < MOST_FOUND { "eq" } else { "gte" };
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

/// The counts that are asked for.
fn facets_of(query: &Query) -> Result<Vec<&'static str>, Refusal> {
    let known = |facet: &str| FACETS.into_iter().map(|(known, _)| known).find(|known| *known == facet);
    let expected = || format!("invalid value; expected one of: {}", FACETS.map(|(known, _)| known).join(", "));
    let asked: Result<Vec<_>, _> =
        query.all("facets").map(|facet| known(facet).ok_or_else(|| Refusal::value("facets", expected()))).collect();
    asked.map(|asked| if asked.is_empty() { COUNTED.to_vec() } else { asked })
}

/// The entries that a text names, best first; without a text all of them, in their order.
fn find<'e>(engine: &'e Engine, text: &str, keep: impl Fn(&Entry) -> bool, scratch: &mut Scratch) -> Vec<&'e Entry> {
    if text.is_empty() {
        return engine.snapshot().entries().iter().filter(|e| keep(e)).collect();
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

/// How many of the found have each value of each facet.
fn count(engine: &Engine, found: &[&Entry], facets: &[&'static str]) -> Value {
    let mut counted = Map::new();
    for facet in facets {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for entry in found {
            let schema = if *facet == "schema" { listed::schema_of(engine, entry) } else { Schema::Thing };
            values(entry, schema, facet).into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let item = |(name, count): (String, usize)| json!({ "label": label_of(engine, facet, &name), "name": name, "count": count });
        // As many as yente gives.
        let values: Vec<Value> = counts.into_iter().take(1000).map(item).collect();
        let label = FACETS.iter().find(|(known, _)| known == facet).map(|(_, label)| *label);
        counted.insert((*facet).to_owned(), json!({ "label": label, "values": values }));
    }
    Value::Object(counted)
}

fn label_of(engine: &Engine, facet: &str, name: &str) -> String {
    match facet {
        "countries" => Country::from_code(&name.to_ascii_uppercase()).map_or(name, |c| c.name()).to_owned(),
        "datasets" => engine.snapshot().title(&ListId::new(name)).to_owned(),
        "schema" => Schema::parse(name).map_or(name, |schema| schema.label()).to_owned(),
        _ => name.to_owned(),
    }
}

/// What is asked of an entity.
enum Question {
    /// Itself; with what stands around it inside it.
    Entity { is_nested: bool },
    /// What stands around it, by property.
    Adjacent(Sort, Page),
    /// What stands around it under one property.
    Under(&'static str, Sort, Page),
}

/// Answers for one entity, and for what stands around it.
pub(super) async fn entity(
    State(web): State<Arc<Web>>,
    Extension(asked): Extension<Asked>,
    Path(path): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let loaded = web.shared.loaded()?;
    let snapshot = loaded.engine().snapshot();
    let find = |id: &str| {
        let entry = listed::parse_id(id).and_then(|(list, id)| snapshot.entry(Some(list), id))?;
        snapshot.id_of(&entry.list, &entry.id)
    };
    let query = Query::of(&uri);
    let missing = || Refusal::of(StatusCode::NOT_FOUND, "No such entity!");
    // The id of a publisher may have strokes, and may even end like a question.
    let (id, question) = match find(&path) {
        Some(id) => {
            only(&query, &["nested"])?;
            (id, Question::Entity { is_nested: flag(&query, "nested")?.unwrap_or(true) })
        }
        None => {
            let (of, property) = match path.rsplit_once("/adjacent/") {
                Some((of, property)) => (of, Some(property)),
                None => (path.strip_suffix("/adjacent").ok_or_else(missing)?, None),
            };
            let id = find(of).ok_or_else(missing)?;
            only(&query, &["sort", "limit", "offset"])?;
            let limit = within(&query, "limit", PAGE, MAX_PAGE)?;
            let page = Page { limit, offset: within(&query, "offset", 0, MAX_OFFSET)? };
            let sort = Sort::read(&query)?;
            (
                id,
                match property {
                    Some(name) => Question::Under(adjacent::property(name)?, sort, page),
                    None => Question::Adjacent(sort, page),
                },
            )
        }
    };
    let submitted = web.shared.pool.submit(quick(&asked), move |_, _| {
        let engine = loaded.engine();
        Ok(answer(engine, engine.snapshot().entry_at(id), question))
    });
    Ok(reply::json(&submitted.await?))
}

fn answer(engine: &Engine, entry: &Entry, question: Question) -> Value {
    let mut entity = listed::entity(engine, entry);
    match question {
        Question::Entity { is_nested } => {
            if let (true, Some(properties)) = (is_nested, entity["properties"].as_object_mut()) {
                let around = adjacent::around(engine, entry);
                properties.extend(around.into_iter().map(|(name, all)| (name.to_owned(), all.into())));
            }
            entity
        }
        Question::Adjacent(sort, page) => {
            let sorted = |(name, mut all): (&str, Vec<Value>)| {
                sort.entities(&mut all);
                (name.to_owned(), adjacent::page(all, page))
            };
            let around: Map<String, Value> = adjacent::around(engine, entry).into_iter().map(sorted).collect();
            json!({ "entity": entity, "adjacent": around })
        }
        Question::Under(name, sort, page) => {
            let mut all = adjacent::around(engine, entry).remove(name).unwrap_or_default();
            sort.entities(&mut all);
            adjacent::page(all, page)
        }
    }
}
