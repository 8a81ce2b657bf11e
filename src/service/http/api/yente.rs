//! The interface of yente 5, over our lists: who uses it changes an address and a key.
//!
//! An entity is an entry; its id is its list, a colon and the publisher's id. Entries that list the same party are entities
//! of their own, each with the others among its `referents`, because each has an effect of its own.

mod adjacent;
mod catalog;
mod filter;
mod matching;
mod refusal;
mod search;
mod sort;

use crate::service::guard::failure::Failure;
use crate::service::web::{Web, reply};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use refusal::refusal;
use serde_json::json;
use std::sync::Arc;

/// The routes.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/match/{dataset}", post(matching::matches))
        .route("/search/{dataset}", get(search::search))
        .route("/entities/{*id}", get(search::entity))
        .route("/catalog", get(catalog::catalog))
        .route("/algorithms", get(catalog::algorithms))
        .route("/healthz", get(|| async { reply::json(&json!({ "status": "ok" })) }))
        .route("/readyz", get(ready))
}

/// Whether lists are in force and the service is not stopping.
async fn ready(State(web): State<Arc<Web>>) -> Response {
    if web.shared.is_ready() {
        return reply::json(&json!({ "status": "ok" }));
    }
    let why = web.shared.attention().unwrap_or_else(|| "Lists are not in force.".to_owned());
    refusal(StatusCode::SERVICE_UNAVAILABLE, json!(why), &Failure::NotLoaded(None))
}
