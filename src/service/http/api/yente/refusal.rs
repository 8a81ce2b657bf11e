//! What yente answers with a status of its own.

use crate::service::guard::failure::Failure;
use crate::service::web::{problem, reply};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

/// A refusal with a status of its own, recorded as `failure`.
pub(super) fn refusal(status: StatusCode, detail: serde_json::Value, failure: &Failure) -> Response {
    let mut response = reply::json(&json!({ "detail": detail }));
    *response.status_mut() = status;
    response.extensions_mut().insert(problem::said(failure));
    response
}
