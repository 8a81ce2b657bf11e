//! In which order entities are answered.

use super::refusal::Refusal;
use crate::service::web::listed::{day_of, id_of, schema_of};
use crate::service::web::query::Query;
use axum::http::StatusCode;
use engine::screen::Engine;
use model::entry::Entry;
use serde_json::Value;
use std::cmp::Ordering;

/// What entities can be sorted by.
const FIELDS: [&str; 6] = ["caption", "schema", "datasets", "first_seen", "last_change", "id"];

/// Criteria, the first one first; where all are equal, the order before stays.
#[derive(Clone, Debug, Default)]
pub(super) struct Sort(Vec<(&'static str, bool)>);

impl Sort {
    /// Reads `sort=FIELD` and `sort=FIELD:asc|desc`.
    ///
    /// # Errors
    /// When a field or an order is unknown.
    pub(super) fn read(query: &Query) -> Result<Self, Refusal> {
        let mut criteria = Vec::new();
        for text in query.all("sort") {
            let (field, order) = text.rsplit_once(':').unwrap_or((text, if text == "_score" { "desc" } else { "asc" }));
            let field = if field == "entity_id" { "id" } else { field };
            let is_down = match order {
                "asc" => false,
                "desc" => true,
                _ => return Err(Refusal::of(StatusCode::BAD_REQUEST, "Invalid sort order; expected asc or desc")),
            };
            // The best first is the order that there is.
            if field == "_score" && is_down {
                break;
            }
            let known = FIELDS.into_iter().find(|known| *known == field);
            criteria.push((known.ok_or_else(|| Self::unknown(field))?, is_down));
        }
        Ok(Self(criteria))
    }

    fn unknown(field: &str) -> Refusal {
        let field: String = field.chars().take(40).collect();
        let text = format!("Invalid sort field `{field}`; expected one of: {}, _score:desc", FIELDS.join(", "));
        Refusal::of(StatusCode::BAD_REQUEST, text)
    }

    /// Puts entries in order.
    pub(super) fn entries(&self, engine: &Engine, entries: &mut [&Entry]) {
        entries.sort_by_cached_key(|entry| Ordered {
            keys: self.0.iter().map(|(field, _)| key_of(engine, entry, field)).collect(),
            criteria: &self.0,
        });
    }

    /// Puts entities in order.
    pub(super) fn entities(&self, entities: &mut [Value]) {
        let text = |entity: &Value, field: &str| match entity.get(field) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Array(all)) => all.first().and_then(Value::as_str).map(str::to_owned),
            _ => None,
        };
        entities.sort_by_cached_key(|entity| Ordered {
            keys: self.0.iter().map(|(field, _)| text(entity, field)).collect(),
            criteria: &self.0,
        });
    }
}

/// What an entry is sorted by; `None`: the list does not say.
fn key_of(engine: &Engine, entry: &Entry, field: &str) -> Option<String> {
    match field {
        "caption" => Some(entry.primary_name().to_owned()),
        "schema" => Some(schema_of(engine, entry).name().to_owned()),
        "datasets" => Some(entry.list.as_str().to_owned()),
        "id" => Some(id_of(entry)),
        _ => day_of(entry).map(|day| day.to_string()),
    }
}

/// Values with their criteria: what is missing stands last, whichever the order.
#[derive(PartialEq, Eq)]
struct Ordered<'s> {
    keys: Vec<Option<String>>,
    criteria: &'s [(&'static str, bool)],
}

impl Ord for Ordered<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let pairs = self.keys.iter().zip(&other.keys).zip(self.criteria);
        let orders = pairs.map(|((a, b), (_, is_down))| match (a, b) {
            (Some(a), Some(b)) if *is_down => b.cmp(a),
            (Some(a), Some(b)) => a.cmp(b),
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
        });
        orders.fold(Ordering::Equal, Ordering::then)
    }
}

impl PartialOrd for Ordered<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sorted(criteria: &str) -> Vec<u64> {
        let sort = Sort::read(&Query::parse(criteria.as_bytes())).unwrap();
        let mut all = [
            json!({"n": 1, "caption": "b", "id": "x"}),
            json!({"n": 2, "id": "z"}),
            json!({"n": 3, "caption": "a", "id": "y"}),
            json!({"n": 4, "caption": "a", "id": "w"}),
        ];
        sort.entities(&mut all);
        all.iter().map(|one| one["n"].as_u64().unwrap()).collect()
    }

    #[test]
    fn what_is_missing_stands_last_whichever_the_order() {
        assert_eq!(sorted("sort=caption"), [3, 4, 1, 2]);
        assert_eq!(sorted("sort=caption:desc"), [1, 3, 4, 2]);
        assert_eq!(sorted("sort=caption&sort=entity_id:asc"), [4, 3, 1, 2]);
        assert_eq!(sorted("sort=_score:desc&sort=id"), [1, 2, 3, 4]);
        for wrong in ["sort=size", "sort=caption:up", "sort=_score:asc", "sort="] {
            assert!(Sort::read(&Query::parse(wrong.as_bytes())).is_err(), "{wrong}");
        }
    }
}
