//! The only place that turns a failure into a gRPC status, but for [`wire::codec`], which stands before it and
//! says BATCH_TOO_LARGE.
//!
//! Every status carries `google.rpc.ErrorInfo` with domain `tidewaiter` and a stable reason; faults of the input add
//! `google.rpc.BadRequest`. Details travel in an HTTP/2 header that many clients cut off at 8 KiB, so they are kept
//! short and end with how many were left out.

use crate::current;
use model::shipment::Problem;
use std::collections::HashMap;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

/// Domain of every `ErrorInfo`.
pub(super) const DOMAIN: &str = "tidewaiter";

/// How many field violations and bytes of them a status carries at most.
const MAX_VIOLATIONS: usize = 20;
const MAX_VIOLATION_BYTES: usize = 3 * 1024;

/// Characters of the message; it travels percent-encoded in the same headers.
const MAX_MESSAGE_CHARS: usize = 400;

/// Why a call could not be answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The request is at fault; the reason is one of the `const`s below.
    #[error("{message}")]
    Invalid { reason: &'static str, message: String, problems: Vec<Problem> },
    /// No loaded list has the row.
    #[error("no loaded list has this row")]
    NotFound,
    /// The caller's deadline passed.
    #[error("the deadline passed before the work was done")]
    Expired,
    /// Too many calls, streams or bytes at once.
    #[error("{0}; try again later")]
    Overloaded(&'static str),
    /// The caller has used up what is theirs; `None`: it asks for more at once than a second's worth.
    #[error("too many {what} a second for this caller{}", if retry_in.is_some() { "; try again later" } else { ": split the question" })]
    Quota { what: &'static str, retry_in: Option<Duration> },
    /// Callers must say who they are, and this one did not.
    #[error("say who calls: a key in `authorization: Bearer KEY`, or a client certificate")]
    CredentialsMissing,
    /// No caller has this key.
    #[error("the key in `authorization` is not that of a known caller")]
    CredentialsInvalid,
    /// The caller is known, and its last day has passed.
    #[error("this caller's key or certificate was good until a day that has passed; ask for another")]
    CredentialsExpired,
    /// The certificate is sound, and no caller has it.
    #[error("the client certificate is not that of a known caller")]
    CallerUnknown,
    /// The caller may not do this.
    #[error("this caller lacks the scope `{0}`")]
    ScopeMissing(&'static str),
    /// A stream had nothing to do for too long.
    #[error("the stream was idle for too long")]
    Idle,
    /// Nothing is loaded yet.
    #[error("the lists are still being loaded")]
    NotLoaded,
    /// The service is stopping and reads no further.
    #[error("the service is stopping; send what was not answered to another one")]
    Stopping,
    /// The new lists could not be loaded; the old ones are in force.
    #[error("the lists in force were kept, because the new ones could not be loaded: {0}")]
    Reload(current::Error),
    /// A fault of the program.
    #[error("internal fault while screening; nothing is known about these shipments")]
    Panicked,
}

/// The shipment has faults that keep it from being screened.
pub(super) const SHIPMENT_INVALID: &str = "SHIPMENT_INVALID";
/// The shipment is beyond a limit.
pub(super) const SHIPMENT_TOO_LARGE: &str = "SHIPMENT_TOO_LARGE";
/// A field of a request other than a shipment is missing or out of range.
pub(super) const REQUEST_INVALID: &str = "REQUEST_INVALID";

/// Every reason there is; metrics know no others.
pub(super) const REASONS: [&str; 28] = [
    SHIPMENT_INVALID,
    SHIPMENT_TOO_LARGE,
    REQUEST_INVALID,
    "BATCH_TOO_LARGE",
    "MESSAGE_TOO_LARGE",
    "MESSAGE_MALFORMED",
    "METHOD_UNKNOWN",
    "ENTRY_NOT_FOUND",
    "DEADLINE_EXCEEDED",
    "STREAM_IDLE",
    "CANCELLED",
    "OVERLOADED",
    "QUOTA_EXCEEDED",
    "CREDENTIALS_MISSING",
    "CREDENTIALS_INVALID",
    "CREDENTIALS_EXPIRED",
    "CALLER_UNKNOWN",
    "SCOPE_MISSING",
    "LISTS_NOT_LOADED",
    "STOPPING",
    "RELOAD_FAILED",
    "ENGINE_FAULT",
    "CONNECTION_LIMIT",
    "CONNECTION_BROKEN",
    "SLOW_CONNECTION",
    "TLS_HANDSHAKE",
    "ACCEPT_FAILED",
    "NO_REASON",
];

/// What a caller refused for want of room should wait at least.
const RETRY_IN: Duration = Duration::from_millis(250);

/// The reason a status gives.
pub(super) fn reason_of(status: &Status) -> String {
    match status.get_details_error_info() {
        Some(info) if info.domain == DOMAIN => info.reason,
        _ if status.code() == Code::Cancelled => "CANCELLED".to_owned(),
        _ => "NO_REASON".to_owned(),
    }
}

/// The status with a reason; those that the transport layer makes have none.
pub(super) fn explained(status: Status) -> Status {
    let reason = match status.code() {
        _ if !status.details().is_empty() => return status,
        Code::OutOfRange => "MESSAGE_TOO_LARGE",
        Code::Internal => "MESSAGE_MALFORMED",
        Code::Unimplemented => "METHOD_UNKNOWN",
        _ => return status,
    };
    let message = if status.message().is_empty() { "there is no such method" } else { status.message() };
    let details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    Status::with_error_details(status.code(), message, details)
}

impl Failure {
    /// One field of the request is at fault.
    pub(super) fn field(reason: &'static str, path: &str, description: String) -> Self {
        let message = format!("{path}: {description}");
        Self::Invalid { reason, message, problems: vec![Problem { field_path: path.to_owned(), description }] }
    }

    fn code(&self) -> (Code, &'static str) {
        match self {
            Self::Invalid { reason, .. } => (Code::InvalidArgument, reason),
            Self::NotFound => (Code::NotFound, "ENTRY_NOT_FOUND"),
            Self::Expired => (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"),
            Self::Overloaded(_) => (Code::ResourceExhausted, "OVERLOADED"),
            Self::Quota { .. } => (Code::ResourceExhausted, "QUOTA_EXCEEDED"),
            Self::CredentialsMissing => (Code::Unauthenticated, "CREDENTIALS_MISSING"),
            Self::CredentialsInvalid => (Code::Unauthenticated, "CREDENTIALS_INVALID"),
            Self::CredentialsExpired => (Code::Unauthenticated, "CREDENTIALS_EXPIRED"),
            Self::CallerUnknown => (Code::Unauthenticated, "CALLER_UNKNOWN"),
            Self::ScopeMissing(_) => (Code::PermissionDenied, "SCOPE_MISSING"),
            Self::Idle => (Code::DeadlineExceeded, "STREAM_IDLE"),
            Self::NotLoaded => (Code::Unavailable, "LISTS_NOT_LOADED"),
            Self::Stopping => (Code::Unavailable, "STOPPING"),
            Self::Reload(_) => (Code::FailedPrecondition, "RELOAD_FAILED"),
            Self::Panicked => (Code::Internal, "ENGINE_FAULT"),
        }
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        let (code, reason) = failure.code();
        let message: String = failure.to_string().chars().take(MAX_MESSAGE_CHARS).collect();
        let mut details = ErrorDetails::new();
        let mut metadata = HashMap::new();
        match failure {
            Failure::Invalid { problems, .. } => drop(details.set_bad_request(violations(problems))),
            Failure::Reload(current::Error::List(error)) => {
                drop(metadata.insert("list_error".to_owned(), error.code().to_owned()));
            }
            Failure::Overloaded(_) | Failure::NotLoaded | Failure::Stopping => {
                details.set_retry_info(Some(RETRY_IN));
            }
            Failure::Quota { retry_in: Some(retry_in), .. } => {
                details.set_retry_info(Some(retry_in));
            }
            Failure::ScopeMissing(scope) => drop(metadata.insert("scope".to_owned(), scope.to_owned())),
            _ => {}
        }
        details.set_error_info(reason, DOMAIN, metadata);
        if code == Code::Internal {
            tracing::error!(error.reason = reason, "a call failed by an internal fault");
        }
        Self::with_error_details(code, message, details)
    }
}

fn violations(problems: Vec<Problem>) -> Vec<FieldViolation> {
    let total = problems.len();
    let mut bytes = 0;
    let mut kept: Vec<FieldViolation> = problems
        .into_iter()
        .take(MAX_VIOLATIONS)
        .take_while(|p| {
            bytes += p.field_path.len() + p.description.len();
            bytes <= MAX_VIOLATION_BYTES
        })
        .map(|p| FieldViolation::new(p.field_path, p.description))
        .collect();
    if kept.len() < total {
        kept.push(FieldViolation::new("", format!("{} more violations are not listed", total - kept.len())));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_name_the_reason_and_fit_a_header() {
        let problem = |i: usize| Problem { field_path: format!("goods[{i}].origin"), description: "x".repeat(400) };
        let problems = (0..50).map(problem).collect();
        let failure = Failure::Invalid { reason: SHIPMENT_INVALID, message: "50 faults".into(), problems };
        let status = Status::from(failure);
        assert_eq!(status.code(), Code::InvalidArgument);
        let info = status.get_details_error_info().unwrap();
        assert_eq!((info.reason.as_str(), info.domain.as_str()), ("SHIPMENT_INVALID", "tidewaiter"));
        let violations = status.get_details_bad_request().unwrap().field_violations;
        assert_eq!(violations.len(), 8);
        assert_eq!(violations[7].description, "43 more violations are not listed");
        assert!(status.details().len() < 4096);
    }
}
