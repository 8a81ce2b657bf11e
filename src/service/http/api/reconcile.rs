//! The reconciliation interface 0.2, which OpenRefine speaks: which entry is meant by each name of a column, and what the
//! entry says beside its name.

mod entity;
mod escaped;
mod extend;
mod flyout;
mod manifest;
mod matching;
mod preview;
mod script;
mod size;
mod suggest;

use crate::service::admission::Asked;
use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use crate::service::web::query::Query;
use crate::service::web::{Web, body, reply};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::Value;
use std::sync::Arc;

/// The routes.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/reconcile", get(ask).post(ask))
        .route("/reconcile/suggest/{what}", get(suggest::suggest))
        .route("/reconcile/flyout/{what}", get(flyout::flyout))
        .route("/reconcile/properties", get(extend::proposal))
        .route("/reconcile/preview/{*id}", get(preview::preview))
        .route("/reconcile/view/{*id}", get(preview::view))
}

/// The manifest, or the answer to queries or to a request for properties.
async fn ask(
    State(web): State<Arc<Web>>,
    Extension(asked): Extension<Asked>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let mut given = Query::of_appended(&uri);
    script::refuse(&given)?;
    let is_form = body::media_type(&headers) == "application/x-www-form-urlencoded";
    if given.get("queries").or(given.get("extend")).is_none() {
        let bytes = body::whole(&web, &asked, &headers, body).await?;
        if !bytes.is_empty() && !is_form {
            return Err(Failure::MediaUnknown("Content-Type: application/x-www-form-urlencoded"));
        }
        if !bytes.is_empty() {
            given = Query::parse(&bytes);
        }
    }
    if let Some(queries) = given.get("queries") {
        return Ok(reply::json(&matching::answer(&web, &asked, object("queries", queries)?).await?));
    }
    if let Some(wanted) = given.get("extend") {
        return Ok(reply::json(&extend::answer(&web, &asked, object("extend", wanted)?).await?));
    }
    Ok(reply::json(&manifest::manifest(&web, &uri, &headers)))
}

/// A JSON object in a field of a form.
fn object(field: &str, text: &str) -> Result<serde_json::Map<String, Value>, Failure> {
    let read: Value = body::read(text.as_bytes())?;
    match read {
        Value::Object(object) => Ok(object),
        _ => Err(Failure::field(REQUEST_INVALID, field, "expected a JSON object".to_owned())),
    }
}
