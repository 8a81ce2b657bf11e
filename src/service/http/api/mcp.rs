//! The Model Context Protocol over HTTP: one message a request, answered as JSON. The server sends nothing by itself, so
//! there is no stream to listen to and no session to keep.

use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use crate::service::mcp;
use crate::service::web::{Web, body, reply};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::post;
use axum::{Extension, Router};
use std::sync::Arc;

/// The route.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new().route("/mcp", post(answer))
}

async fn answer(
    State(web): State<Arc<Web>>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let bytes = body::json(&web, &asked, &headers, body).await?;
    Ok(match mcp::answer(&web.shared, &asked, &bytes).await {
        Some(answer) => reply::json(&answer),
        None => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::ACCEPTED;
            response
        }
    })
}
