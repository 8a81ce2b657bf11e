//! The interface of watchman, version 2: `/v2/search` and `/v2/listinfo`.

use crate::service::admission::Asked;
use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use crate::service::questions::{self, quick};
use crate::service::recording::Recording;
use crate::service::web::listed::{Schema, relation_words, schema_of};
use crate::service::web::party::{Match, Party, Wants};
use crate::service::web::query::Query;
use crate::service::web::{Web, reply};
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use engine::screen::Engine;
use jiff::civil::Date;
use model::entry::{Effect, Entry, IdentifierType, NameKind};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use wire::v1;

/// Results where nobody says, and at most; more are cut down to that, as there.
const RESULTS: usize = 10;
const MAX_RESULTS: usize = 100;

/// The routes.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new().route("/v2/search", get(search)).route("/v2/listinfo", get(list_info))
}

/// Answers a search. Scores of 0.7 and more are what screening reports.
async fn search(
    State(web): State<Arc<Web>>,
    Extension(asked): Extension<Asked>,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = Query::of(&uri);
    let schema = schema(query.text("type"))?;
    let party = party(&query, schema);
    if party.is_empty() {
        return Err(Failure::field(REQUEST_INVALID, "name", "is empty; expected a name".to_owned()));
    }
    let limit = query.parsed("limit", "a number")?.filter(|&n| n > 0).unwrap_or(RESULTS).min(MAX_RESULTS);
    let least: f64 = query.parsed("minMatch", "a number of 0 to 1")?.unwrap_or(0.0);
    let least = (least.clamp(0.0, 1.0) * 1000.0).round() as u16;
    asked.caller.charge_shipments(1)?;
    let loaded = web.shared.loaded()?;
    let recording = Recording::of(&web.shared, &loaded, &asked, false);
    let answer = web.shared.pool.submit(quick(&asked), move |scratch, wanted| {
        let keep = |engine: &Engine, entry: &Entry| schema_of(engine, entry).meets(schema);
        let (found, recorded) = party.find(&recording, &Wants { least, keep: &keep }, wanted, scratch)?;
        let entities: Vec<Value> = found.iter().take(limit).map(|m| entity(loaded.engine(), m)).collect();
        Ok((json!({ "entities": entities }), recorded))
    });
    let (entities, recorded) = answer.await?;
    recorded.await?;
    Ok(reply::json(&entities))
}

fn schema(kind: &str) -> Result<Schema, Failure> {
    Ok(match kind.trim().to_ascii_lowercase().as_str() {
        "" => Schema::Thing,
        "person" => Schema::Person,
        "business" | "organization" => Schema::Organization,
        "vessel" => Schema::Vessel,
        "aircraft" => Schema::Airplane,
        other => {
            let fault = format!("unknown type `{}`", other.chars().take(40).collect::<String>());
            return Err(Failure::field(REQUEST_INVALID, "type", fault));
        }
    })
}

fn party(query: &Query, schema: Schema) -> Party {
    let texts = |names: &[&str]| -> Vec<String> {
        let values = names.iter().flat_map(|name| query.all(name));
        values.map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned).collect()
    };
    let numbers = [
        ("imoNumber", v1::identifier::Type::Imo),
        ("mmsi", v1::identifier::Type::Mmsi),
        ("serialNumber", v1::identifier::Type::Aircraft),
        ("icaoCode", v1::identifier::Type::Aircraft),
    ];
    let identifiers = numbers.into_iter().flat_map(|(name, kind)| {
        let number = move |value| v1::Identifier { r#type: kind as i32, value, country: String::new() };
        texts(&[name]).into_iter().map(number)
    });
    Party {
        names: texts(&["name", "altNames"]),
        addresses: texts(&["address", "addresses"]),
        countries: texts(&["flag"]),
        identifiers: identifiers.collect(),
        born: query.text("birthDate").trim().to_owned(),
        incorporated: query.text("created").trim().to_owned(),
        is_vessel: schema == Schema::Vessel,
    }
}

/// A day as Go writes a time; `null` where the list gives none that is whole.
fn day(text: Option<&String>) -> Option<String> {
    let day: Date = text?.parse().ok()?;
    Some(format!("{day}T00:00:00Z"))
}

fn entity(engine: &Engine, m: &Match<'_>) -> Value {
    let entry = m.entry;
    let schema = schema_of(engine, entry);
    let alternative: Vec<&str> = entry.names.iter().skip(1).map(|n| n.text.as_str()).collect();
    let country = entry.all_countries().next().map(|c| c.code().to_owned());
    let number =
        |kind: IdentifierType| entry.identifiers.iter().find(|i| i.kind == kind).map_or("", |i| i.value.as_str());
    let (name, birth) = (entry.primary_name(), day(entry.births.first()));
    let (word, details) = match schema {
        Schema::Person => (
            "person",
            json!({ "name": name, "altNames": alternative, "gender": "unknown", "birthDate": birth, "deathDate": null,
                    "titles": null, "governmentIDs": government_ids(entry) }),
        ),
        Schema::Vessel => (
            "vessel",
            json!({ "name": name, "altNames": alternative, "imoNumber": number(IdentifierType::Imo),
                    "mmsi": number(IdentifierType::Mmsi), "flag": country, "type": "unknown", "built": null, "model": "",
                    "tonnage": 0, "callSign": "", "grossRegisteredTonnage": 0, "owner": "" }),
        ),
        Schema::Airplane => (
            "aircraft",
            json!({ "name": name, "altNames": alternative, "serialNumber": number(IdentifierType::Aircraft),
                    "flag": country, "type": "unknown", "built": null, "icaoCode": "", "model": "" }),
        ),
        Schema::Company => ("business", organisation(entry, &alternative, birth)),
        _ => ("organization", organisation(entry, &alternative, birth)),
    };
    let mut of_kind: Map<String, Value> = ["person", "business", "organization", "aircraft", "vessel"]
        .map(|k| (k.to_owned(), Value::Null))
        .into_iter()
        .collect();
    of_kind.insert(word.to_owned(), details);
    let mut entity = json!({
        "name": name,
        "entityType": word,
        "sourceList": entry.list.as_str(),
        "sourceID": entry.id,
        "contact": { "emailAddresses": null, "phoneNumbers": null, "faxNumbers": null, "websites": null },
        "addresses": addresses(entry),
        "cryptoAddresses": null,
        "affiliations": affiliations(entry),
        "sanctionsInfo": sanctions(entry),
        "historicalInfo": former(entry),
        "sourceData": { "citations": entry.citations, "sourceUrl": entry.source_url, "effect": entry.effect.as_str() },
        "match": f64::from(m.score) / 1000.0,
        "details": { "explanation": m.explanation, "evidence": evidence(m) },
    });
    if let Value::Object(fields) = &mut entity {
        fields.extend(of_kind);
    }
    entity
}

fn organisation(entry: &Entry, alternative: &[&str], created: Option<String>) -> Value {
    json!({ "name": entry.primary_name(), "altNames": alternative, "created": created, "dissolved": null,
            "governmentIDs": government_ids(entry) })
}

fn government_ids(entry: &Entry) -> Vec<Value> {
    let kind = |kind: IdentifierType| match kind {
        IdentifierType::Passport => Some("passport"),
        IdentifierType::NationalId => Some("national-id"),
        IdentifierType::Tax | IdentifierType::Inn => Some("tax-id"),
        IdentifierType::Registration | IdentifierType::Uscc | IdentifierType::Ogrn | IdentifierType::Lei => {
            Some("business-registration")
        }
        _ => None,
    };
    let identifiers = entry.identifiers.iter().filter_map(|i| Some((i, kind(i.kind)?)));
    let one = |(i, kind): (&model::entry::Identifier, &str)| json!({ "name": "", "type": kind, "country": i.country.map(|c| c.code().to_owned()), "identifier": i.value });
    identifiers.map(one).collect()
}

/// Lists write addresses as one text, which stays whole.
fn addresses(entry: &Entry) -> Vec<Value> {
    let one = |a: &model::entry::Address| {
        json!({ "line1": a.text, "line2": "", "city": "", "postalCode": "", "state": "",
                "country": a.country.map_or(String::new(), |c| c.code().to_owned()), "latitude": 0.0, "longitude": 0.0 })
    };
    entry.addresses.iter().map(one).collect()
}

fn affiliations(entry: &Entry) -> Vec<Value> {
    let named = entry.relations.iter().filter(|r| !r.name.is_empty());
    named.map(|r| json!({ "entityName": r.name, "type": relation_words(r.kind) })).collect()
}

fn sanctions(entry: &Entry) -> Option<Value> {
    let words = entry.licence_requirement.as_deref().unwrap_or(&entry.remarks);
    (entry.effect != Effect::Watch)
        .then(|| json!({ "programs": entry.programmes, "secondary": false, "description": words }))
}

fn former(entry: &Entry) -> Vec<Value> {
    let names = entry.names.iter().filter(|n| n.kind == NameKind::Former);
    names.map(|n| json!({ "type": "Former Name", "value": n.text, "date": "0001-01-01T00:00:00Z" })).collect()
}

fn evidence(m: &Match<'_>) -> Vec<Value> {
    m.evidence.iter().map(|e| json!({ "name": e.name, "points": e.points, "detail": e.detail })).collect()
}

/// Which lists are in force, and how many entries each has.
async fn list_info(State(web): State<Arc<Web>>) -> Result<Response, Failure> {
    let status = questions::status(&web.shared).await?;
    let mut lists: Map<String, Value> = Map::new();
    for list in &status.lists {
        let known = lists.get(&list.list).and_then(Value::as_u64).unwrap_or_default();
        lists.insert(list.list.clone(), json!(known + u64::from(list.entries)));
    }
    let hashes: Map<String, Value> = lists.keys().map(|list| (list.clone(), json!(status.snapshot))).collect();
    Ok(reply::json(&json!({
        "lists": lists,
        "listHashes": hashes,
        "startedAt": status.loaded_at,
        "endedAt": status.loaded_at,
        "version": status.engine,
    })))
}
