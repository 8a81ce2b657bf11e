//! What stands around an entity: its listing, its addresses, and entries of the same list that it owns or is linked to.
//!
//! In that model each of them is an entity of its own. Here they are parts of an entry; their ids lead back to it, and
//! nothing can be asked under them. A party that a list only names is no entity: it stays in the notes.

use super::refusal::Refusal;
use crate::service::web::listed::{self, Schema, id_of, relation_words, schema_of, topic};
use axum::http::StatusCode;
use engine::screen::Engine;
use model::entry::{Entry, Relation, RelationKind};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The properties that lead to other entities.
const PROPERTIES: [&str; 6] =
    ["sanctions", "addressEntity", "ownershipOwner", "ownershipAsset", "unknownLinkTo", "unknownLinkFrom"];

/// A page of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub(super) limit: usize,
    pub(super) offset: usize,
}

/// Everything around an entry, by property.
pub(super) fn around(engine: &Engine, entry: &Entry) -> BTreeMap<&'static str, Vec<Value>> {
    let mut around: BTreeMap<&'static str, Vec<Value>> = BTreeMap::new();
    around.insert("sanctions", vec![listing(engine, entry)]);
    // A country alone is no address.
    let written = entry.addresses.iter().filter(|address| !address.text.is_empty());
    let addresses = written.zip(1..).map(|(address, n)| {
        let country: Vec<String> = address.country.iter().map(|c| c.code().to_ascii_lowercase()).collect();
        let properties = filled([("full", json!([address.text])), ("country", json!(country))]);
        part(entry, &format!("address-{n}"), Schema::Address.name(), &address.text, properties)
    });
    let addresses: Vec<Value> = addresses.collect();
    if schema_of(engine, entry) != Schema::Address && !addresses.is_empty() {
        around.insert("addressEntity", addresses);
    }
    let related = |relation: &Relation| {
        let id = relation.id.as_deref()?;
        engine.snapshot().entry(Some(entry.list.as_str()), id)
    };
    for (relation, n) in entry.relations.iter().zip(1..) {
        if let Some(other) = related(relation) {
            let (property, link) = link(engine, (entry, relation, n), other, true);
            around.entry(property).or_default().push(link);
        }
    }
    for other in engine.snapshot().entries_of(&entry.list) {
        let towards = other.relations.iter().zip(1..).filter(|(r, _)| r.id.as_deref() == Some(entry.id.as_str()));
        for (relation, n) in towards.filter(|_| other.id != entry.id) {
            let (property, link) = link(engine, (other, relation, n), other, false);
            around.entry(property).or_default().push(link);
        }
    }
    around
}

/// The listing itself, as the model has it.
fn listing(engine: &Engine, entry: &Entry) -> Value {
    let list = engine.snapshot().lists().iter().find(|list| list.id == entry.list);
    let day = |day: Option<jiff::civil::Date>| json!(day.map(|day| day.to_string()).into_iter().collect::<Vec<_>>());
    let url: Vec<&str> = Some(entry.source_url.as_str()).filter(|url| !url.is_empty()).into_iter().collect();
    let properties = filled([
        ("entity", json!([id_of(entry)])),
        ("authority", json!(list.map(|list| &list.publisher).into_iter().collect::<Vec<_>>())),
        ("authorityId", json!([entry.id])),
        ("program", json!(entry.programmes)),
        ("provisions", json!([topic(entry.effect)])),
        ("listingDate", day(entry.published)),
        ("startDate", day(entry.effective)),
        ("endDate", day(entry.ends)),
        ("sourceUrl", json!(url)),
    ]);
    let title = engine.snapshot().title(&entry.list);
    part(entry, "listing", "Sanction", title, properties)
}

/// A link between an entry that states it and another, as seen from one of the two: the property, and the link with `other`,
/// the end that is not asked about, inside it.
fn link(
    engine: &Engine,
    (stating, relation, n): (&Entry, &Relation, usize),
    other: &Entry,
    is_ours: bool,
) -> (&'static str, Value) {
    let end = listed::entity(engine, other);
    // Whether the entry that states it owns the other.
    let owns = match relation.kind {
        RelationKind::OwnerOf => Some(true),
        RelationKind::SubsidiaryOf | RelationKind::VesselOwner => Some(false),
        RelationKind::BranchOf | RelationKind::LinkedTo => None,
    };
    let suffix = format!("link-{n}");
    let share: Vec<String> = relation.share.iter().map(|s| format!("{}", f64::from(*s) / 10.0)).collect();
    match owns {
        // The entry asked about is the owner where it states that it owns, or the other states that it is owned.
        Some(owns) if owns == is_ours => {
            let properties = filled([("asset", json!([end])), ("percentage", json!(share))]);
            ("ownershipOwner", part(stating, &suffix, "Ownership", relation_words(relation.kind), properties))
        }
        Some(_) => {
            let properties = filled([("owner", json!([end])), ("percentage", json!(share))]);
            ("ownershipAsset", part(stating, &suffix, "Ownership", relation_words(relation.kind), properties))
        }
        None => {
            let words = relation_words(relation.kind);
            let (property, far) = if is_ours { ("unknownLinkTo", "object") } else { ("unknownLinkFrom", "subject") };
            (
                property,
                part(stating, &suffix, "UnknownLink", words, filled([(far, json!([end])), ("role", json!([words]))])),
            )
        }
    }
}

/// Properties without those that have no value.
fn filled<const N: usize>(properties: [(&str, Value); N]) -> Map<String, Value> {
    let has = |value: &Value| value.as_array().is_some_and(|values| !values.is_empty());
    properties.into_iter().filter(|(_, value)| has(value)).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A part of an entry as an entity.
fn part(entry: &Entry, suffix: &str, schema: &str, caption: &str, properties: Map<String, Value>) -> Value {
    json!({
        "id": format!("{}#{suffix}", id_of(entry)),
        "caption": caption,
        "schema": schema,
        "properties": properties,
        "datasets": [entry.list.as_str()],
        "referents": [],
        "target": false,
        "first_seen": null,
        "last_seen": null,
        "last_change": null,
    })
}

/// A page of the entities under one property.
pub(super) fn page(all: Vec<Value>, page: Page) -> Value {
    let total = all.len();
    let results: Vec<Value> = all.into_iter().skip(page.offset).take(page.limit).collect();
    json!({
        "results": results,
        "total": { "value": total, "relation": "eq" },
        "limit": page.limit,
        "offset": page.offset,
    })
}

/// The property that an address names.
///
/// # Errors
/// When none that leads to other entities has that name.
pub(super) fn property(name: &str) -> Result<&'static str, Refusal> {
    let known = PROPERTIES.into_iter().find(|known| *known == name);
    known.ok_or_else(|| Refusal::of(StatusCode::NOT_FOUND, "No such property!"))
}
