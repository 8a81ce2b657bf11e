//! What yente answers with a status of its own.

use crate::service::guard::failure::Failure;
use crate::service::web::query::Query;
use crate::service::web::{problem, reply};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::str::FromStr;

/// Why a question is not answered.
#[derive(Debug)]
pub(super) enum Refusal {
    /// As every interface here refuses it.
    Failure(Failure),
    /// With a status and a body that only yente has.
    Answer(Box<Response>),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Failure(failure) => failure.into_response(),
            Self::Answer(response) => *response,
        }
    }
}

impl Refusal {
    /// A status with a text.
    pub(super) fn of(status: StatusCode, text: impl Into<String>) -> Self {
        let failure = match status {
            StatusCode::NOT_FOUND => Failure::EntryNotFound,
            _ => Failure::Malformed(String::new()),
        };
        Self::Answer(Box::new(refusal(status, json!(text.into()), &failure)))
    }

    /// A value of the address that is not what was expected.
    pub(super) fn value(name: &str, message: impl Into<String>) -> Self {
        Self::Answer(Box::new(unprocessable(&["query", name], &message.into())))
    }
}

/// A refusal with a status of its own, recorded as `failure`.
pub(super) fn refusal(status: StatusCode, detail: serde_json::Value, failure: &Failure) -> Response {
    let mut response = reply::json(&json!({ "detail": detail }));
    *response.status_mut() = status;
    response.extensions_mut().insert(problem::said(failure));
    response
}

/// What yente answers where a field is missing or has another form.
pub(super) fn unprocessable(place: &[&str], message: &str) -> Response {
    let kind = if message == "Field required" { "missing" } else { "value_error" };
    let detail = json!([{ "type": kind, "loc": place, "msg": message }]);
    refusal(StatusCode::UNPROCESSABLE_ENTITY, detail, &Failure::Malformed(String::new()))
}

/// Refuses what is asked for and not known here, which would otherwise change nothing in silence. A key may stand in the
/// address too.
pub(super) fn only(query: &Query, known: &[&str]) -> Result<(), Refusal> {
    match query.names().find(|name| *name != "api_key" && !known.contains(name)) {
        None => Ok(()),
        Some(name) => {
            let name: String = name.chars().take(40).collect();
            let text = format!("Unknown parameter `{name}`; expected one of: {}", known.join(", "));
            Err(Refusal::of(StatusCode::BAD_REQUEST, text))
        }
    }
}

/// A number or other value that is read; `None` when it is not given or empty.
pub(super) fn parsed<T: FromStr>(query: &Query, name: &str, expected: &str) -> Result<Option<T>, Refusal> {
    let Some(text) = query.get(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Refusal::value(name, format!("invalid value; expected {expected}")))
}

/// A number within a range, or what it is where nobody says.
pub(super) fn within(query: &Query, name: &str, default: usize, most: usize) -> Result<usize, Refusal> {
    let value = parsed(query, name, "a number")?.unwrap_or(default);
    if value <= most {
        return Ok(value);
    }
    Err(Refusal::value(name, format!("{value} is out of range; expected at most {most}")))
}

/// A flag; `None` when it is not given.
pub(super) fn flag(query: &Query, name: &str) -> Result<Option<bool>, Refusal> {
    match query.text(name).to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "true" | "1" | "yes" | "on" => Ok(Some(true)),
        "false" | "0" | "no" | "off" => Ok(Some(false)),
        _ => Err(Refusal::value(name, "invalid value; expected true or false")),
    }
}
