//! A failure as a response, in the form that the callers of an interface know: RFC 9457 for our own, and what yente,
//! watchman and OpenRefine answer. Status, code and reason are the same in all of them.

use super::reply;
use crate::service::guard::failure::Failure;
use crate::service::record::Said;
use crate::service::status::{RETRY_IN, code_of};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;
use tonic::Code;

/// How many faults of the input are named at most.
const MAX_VIOLATIONS: usize = 100;

/// Which form a failure has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum Shape {
    /// Problem details, RFC 9457.
    Problem,
    /// yente: `{"detail": ...}`.
    Detail,
    /// watchman: `{"error": ...}`.
    Error,
    /// A page of the console.
    Page,
}

impl Shape {
    /// Of the interface that a path belongs to.
    pub(in crate::service) fn of(path: &str) -> Self {
        let is = |beginnings: &[&str]| beginnings.iter().any(|b| path.starts_with(b));
        if is(&["/match/", "/search/", "/entities/", "/catalog", "/algorithms", "/healthz", "/readyz"]) {
            Self::Detail
        } else if is(&["/v2/"]) {
            Self::Error
        } else if is(&["/console"]) {
            Self::Page
        } else {
            Self::Problem
        }
    }
}

/// What a route answers instead of a response; the gate, which knows the path, puts it in its form.
#[derive(Clone, Debug)]
pub(in crate::service) struct Refused(pub(in crate::service) Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        refused(Arc::new(self))
    }
}

/// A refusal, whose form the gate makes.
pub(in crate::service) fn refused(failure: Arc<Failure>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status_of(&failure);
    response.extensions_mut().insert(Refused(failure));
    response
}

/// The HTTP status of a failure.
pub(in crate::service) fn status_of(failure: &Failure) -> StatusCode {
    match failure {
        Failure::SlowBody => StatusCode::REQUEST_TIMEOUT,
        Failure::RecordErased(_) => StatusCode::GONE,
        Failure::ListQuarantined(_) => StatusCode::CONFLICT,
        Failure::VerbUnknown => StatusCode::METHOD_NOT_ALLOWED,
        Failure::MediaUnknown(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        // No room is not the caller's doing, a quota is.
        Failure::Overloaded(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => match code_of(failure) {
            Code::InvalidArgument | Code::FailedPrecondition => StatusCode::BAD_REQUEST,
            Code::NotFound | Code::Unimplemented => StatusCode::NOT_FOUND,
            Code::Aborted => StatusCode::CONFLICT,
            Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
            Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::PermissionDenied => StatusCode::FORBIDDEN,
            Code::OutOfRange => StatusCode::PAYLOAD_TOO_LARGE,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        },
    }
}

/// The name of a code, as the protocol writes it.
fn name_of(code: Code) -> &'static str {
    match code {
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::NotFound => "NOT_FOUND",
        Code::Aborted => "ABORTED",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::Unauthenticated => "UNAUTHENTICATED",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Unavailable => "UNAVAILABLE",
        _ => "INTERNAL",
    }
}

/// How a failure is recorded.
pub(in crate::service) fn said(failure: &Failure) -> Said {
    Said { code: code_of(failure), reason: failure.reason() }
}

/// The problem details of a failure.
pub(in crate::service) fn details(failure: &Failure, request_id: &str) -> serde_json::Value {
    let (status, code, reason) = (status_of(failure), code_of(failure), failure.reason());
    let mut problem = json!({
        "type": format!("urn:tidewaiter:problem:{reason}"),
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": failure.to_string(),
        "code": name_of(code),
        "reason": reason,
        "requestId": request_id,
    });
    match failure {
        Failure::Invalid { problems, .. } => {
            let violations: Vec<_> = problems
                .iter()
                .take(MAX_VIOLATIONS)
                .map(|p| json!({"fieldPath": p.field_path, "description": p.description}))
                .collect();
            problem["violations"] = violations.into();
            if problems.len() > MAX_VIOLATIONS {
                problem["violationsLeftOut"] = (problems.len() - MAX_VIOLATIONS).into();
            }
        }
        Failure::ScopeMissing(scope) => problem["scope"] = (*scope).into(),
        Failure::ListQuarantined(reasons) => problem["objections"] = reasons.clone().into(),
        _ => {}
    }
    problem
}

/// The response for a failure. A page of the console is made by the console.
pub(in crate::service) fn response(shape: Shape, failure: &Failure, request_id: &str) -> Response {
    let text = failure.to_string();
    let mut response = match shape {
        Shape::Problem => reply::with_type("application/problem+json", reply::to_json(&details(failure, request_id))),
        Shape::Detail => reply::json(&json!({ "detail": text })),
        Shape::Error => reply::json(&json!({ "error": text })),
        Shape::Page => reply::with_type("text/plain; charset=utf-8", text),
    };
    *response.status_mut() = status_of(failure);
    let headers = response.headers_mut();
    if code_of(failure) == Code::Unauthenticated && shape != Shape::Page {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"tidewaiter\""));
    }
    let retry_in = match failure {
        Failure::Quota { retry_in, .. } => *retry_in,
        Failure::Overloaded(_) | Failure::NotLoaded(_) | Failure::ListsMissing(_) | Failure::Stopping => Some(RETRY_IN),
        _ => None,
    };
    if let Some(retry_in) = retry_in {
        // Whole seconds are all that the header can say.
        headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_in.as_millis().div_ceil(1000).max(1) as u64));
    }
    if code_of(failure) == Code::Internal {
        tracing::error!(error.reason = failure.reason(), "a call failed by an internal fault");
    }
    response
}
