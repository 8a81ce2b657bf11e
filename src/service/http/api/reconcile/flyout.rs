//! What stands beside a suggestion: a piece of HTML that OpenRefine puts into its own page.

use super::entity::entity;
use super::escaped::escaped;
use super::extend::known;
use super::script;
use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use crate::service::web::listed::{Schema, schema_of};
use crate::service::web::query::Query;
use crate::service::web::{Web, reply};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use engine::screen::Engine;
use model::entry::Entry;
use serde_json::json;
use std::sync::Arc;

/// Names and countries of an entry that are shown.
const MOST: usize = 4;

/// Answers for an entry, a type or a property.
pub(super) async fn flyout(
    State(web): State<Arc<Web>>,
    Extension(asked): Extension<Asked>,
    Path(what): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = Query::of_appended(&uri);
    script::refuse(&query)?;
    let id = query.text("id").to_owned();
    let html = match what.as_str() {
        "entity" => entity(&web, &asked, id.clone(), of_entry).await?,
        "type" => {
            let schema = Schema::parse(&id).ok_or(Failure::EntryNotFound)?;
            format!("<p><b>{}</b></p><p>{}</p>", schema.label(), schema.name())
        }
        "property" => {
            let (name, label) = known().find(|(known, _)| *known == id).ok_or(Failure::EntryNotFound)?;
            format!("<p><b>{label}</b></p><p>{name}</p>")
        }
        _ => return Err(Failure::PathUnknown),
    };
    Ok(reply::json(&json!({ "id": id, "html": html })))
}

fn of_entry(engine: &Engine, entry: &Entry) -> String {
    let few = |texts: &mut dyn Iterator<Item = String>| escaped(&texts.take(MOST).collect::<Vec<_>>().join("; "));
    let mut html = format!("<p><b>{}</b></p>", escaped(entry.primary_name()));
    let title = escaped(engine.snapshot().title(&entry.list));
    html += &format!("<p>{}, {title}</p>", schema_of(engine, entry).label());
    for text in [
        few(&mut entry.names.iter().skip(1).map(|name| name.text.clone())),
        few(&mut entry.all_countries().map(|country| country.name().to_owned())),
    ] {
        if !text.is_empty() {
            html += &format!("<p>{text}</p>");
        }
    }
    html
}
