//! What a person may mean while typing: an entry, a type, a property.

use super::manifest::type_of;
use super::script;
use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use crate::service::names::check_name;
use crate::service::questions::quick;
use crate::service::web::listed::{Schema, id_of, schema_of};
use crate::service::web::query::Query;
use crate::service::web::{Web, reply};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// Suggestions at most.
const SUGGESTIONS: usize = 20;

/// Properties by which a party can be told apart, and that an entry may have, each with its label.
pub(super) const PROPERTIES: [(&str, &str); 23] = [
    ("name", "Name"),
    ("alias", "Other name"),
    ("weakAlias", "Weak alias"),
    ("previousName", "Former name"),
    ("country", "Country"),
    ("address", "Address"),
    ("birthDate", "Date of birth"),
    ("incorporationDate", "Date of incorporation"),
    ("registrationNumber", "Registration number"),
    ("taxNumber", "Tax number"),
    ("idNumber", "Identification number"),
    ("passportNumber", "Passport number"),
    ("imoNumber", "IMO number"),
    ("mmsi", "MMSI"),
    ("innCode", "INN"),
    ("ogrnCode", "OGRN"),
    ("leiCode", "LEI"),
    ("uscCode", "USCC"),
    ("swiftBic", "SWIFT/BIC"),
    ("topics", "Topics"),
    ("program", "Programme"),
    ("notes", "Notes"),
    ("sourceUrl", "Source"),
];

/// Answers with what begins so.
pub(super) async fn suggest(
    State(web): State<Arc<Web>>,
    Extension(asked): Extension<Asked>,
    Path(what): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = Query::of_appended(&uri);
    script::refuse(&query)?;
    let prefix = query.text("prefix").trim().to_owned();
    let result = match what.as_str() {
        "entity" => entities(&web, &asked, prefix).await?,
        "type" => {
            let known = Schema::ALL.iter().map(|(schema, ..)| *schema);
            known.filter(|s| begins(&[s.name(), s.label()], &prefix)).map(type_of).collect()
        }
        "property" => {
            let fits = PROPERTIES.iter().filter(|(id, label)| begins(&[id, label], &prefix));
            fits.map(|(id, label)| json!({ "id": id, "name": label })).collect()
        }
        _ => return Err(Failure::PathUnknown),
    };
    Ok(reply::json(&json!({ "result": result })))
}

fn begins(texts: &[&str], prefix: &str) -> bool {
    texts.iter().any(|text| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
}

async fn entities(web: &Web, asked: &Asked, prefix: String) -> Result<Vec<Value>, Failure> {
    if prefix.is_empty() {
        return Ok(Vec::new());
    }
    check_name("prefix", &prefix)?;
    let loaded = web.shared.loaded()?;
    let answer = web.shared.pool.submit(quick(asked), move |scratch, _| {
        let engine = loaded.engine();
        let hits = engine.search(&prefix, SUGGESTIONS, scratch);
        let one = |hit: engine::screen::SearchHit<'_>| {
            json!({
                "id": id_of(hit.entry),
                "name": hit.entry.primary_name(),
                "description": engine.snapshot().title(&hit.entry.list),
                "notable": [type_of(schema_of(engine, hit.entry))],
            })
        };
        Ok(hits.into_iter().map(one).collect())
    });
    answer.await
}
