//! Turns failures into gRPC statuses; only [`wire::codec`], which reads requests before us, makes its own
//! (BATCH_TOO_LARGE).
//!
//! Every status carries `google.rpc.ErrorInfo` with domain `tidewaiter` and a stable reason; faults of the input add
//! `google.rpc.BadRequest`. Details travel in an HTTP/2 header that many clients cut off at 8 KiB, so they are kept
//! short and end with the number of those left out.

use super::guard::failure::Failure;
use model::shipment::Problem;
use std::collections::HashMap;
use std::sync::Arc;
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

/// The least time that a caller who was refused for lack of room should wait.
pub(super) const RETRY_IN: Duration = Duration::from_millis(250);

/// The reason a status gives.
pub(super) fn reason_of(status: &Status) -> String {
    match status.get_details_error_info() {
        Some(info) if info.domain == DOMAIN => info.reason,
        _ if status.code() == Code::Cancelled => "CANCELLED".to_owned(),
        _ => "NO_REASON".to_owned(),
    }
}

/// The status with a reason; those made by the transport layer have none.
pub(super) fn explained(status: Status) -> Status {
    let reason = match status.code() {
        _ if !status.details().is_empty() => return status,
        Code::OutOfRange => "MESSAGE_TOO_LARGE",
        Code::Internal => "MESSAGE_MALFORMED",
        Code::Unimplemented => "METHOD_UNKNOWN",
        _ => return status,
    };
    let message = if status.message().is_empty() { "unknown method" } else { status.message() };
    let details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    Status::with_error_details(status.code(), message, details)
}

/// The code of a failure, the same for every protocol.
pub(super) fn code_of(failure: &Failure) -> Code {
    match failure {
        Failure::Invalid { .. } | Failure::Malformed(_) | Failure::MediaUnknown(_) => Code::InvalidArgument,
        Failure::TooLarge(_) => Code::OutOfRange,
        Failure::PathUnknown | Failure::VerbUnknown => Code::Unimplemented,
        Failure::EntryNotFound | Failure::ChangeNotFound | Failure::RecordNotFound(_) => Code::NotFound,
        Failure::CaseChanged(_) => Code::Aborted,
        Failure::Expired | Failure::Idle | Failure::SlowBody => Code::DeadlineExceeded,
        Failure::Overloaded(_) | Failure::Quota { .. } => Code::ResourceExhausted,
        Failure::CredentialsMissing
        | Failure::CredentialsInvalid
        | Failure::CredentialsExpired
        | Failure::CallerUnknown
        | Failure::SignedOut => Code::Unauthenticated,
        Failure::ScopeMissing(_) | Failure::Forged | Failure::OriginRefused => Code::PermissionDenied,
        Failure::NotLoaded(_) | Failure::ListsMissing(_) | Failure::NotRecorded(_) | Failure::Stopping => {
            Code::Unavailable
        }
        Failure::Reload(_)
        | Failure::NoLedger
        | Failure::RecordErased(_)
        | Failure::LedgerRefused(_)
        | Failure::NoDataDirectory
        | Failure::ListQuarantined(_)
        | Failure::ListRefused(_) => Code::FailedPrecondition,
        Failure::LedgerFault | Failure::Panicked => Code::Internal,
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        let (code, reason) = (code_of(&failure), failure.reason());
        let message: String = failure.to_string().chars().take(MAX_MESSAGE_CHARS).collect();
        let mut details = ErrorDetails::new();
        let mut metadata = HashMap::new();
        match &failure {
            Failure::Invalid { problems, .. } => drop(details.set_bad_request(violations(problems))),
            Failure::Reload(current::Error::List(error)) => {
                drop(metadata.insert("list_error".to_owned(), error.code().to_owned()));
            }
            Failure::Overloaded(_) | Failure::NotLoaded(_) | Failure::ListsMissing(_) | Failure::Stopping => {
                details.set_retry_info(Some(RETRY_IN));
            }
            Failure::Quota { retry_in: Some(retry_in), .. } => {
                details.set_retry_info(Some(*retry_in));
            }
            Failure::ScopeMissing(scope) => drop(metadata.insert("scope".to_owned(), (*scope).to_owned())),
            _ => {}
        }
        details.set_error_info(reason, DOMAIN, metadata);
        if code == Code::Internal {
            tracing::error!(error.reason = reason, "a call failed by an internal fault");
        }
        let mut status = Self::with_error_details(code, message, details);
        status.set_source(Arc::new(Cause(Arc::new(failure))));
        status
    }
}

/// The failure that a status was made of; it never leaves the program.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Cause(Arc<Failure>);

/// The failure that a status was made of here; `None` for one that came from elsewhere.
#[cfg(feature = "http")]
pub(super) fn failure_of(status: &Status) -> Option<Arc<Failure>> {
    let cause = std::error::Error::source(status)?.downcast_ref::<Cause>()?;
    Some(Arc::clone(&cause.0))
}

fn violations(problems: &[Problem]) -> Vec<FieldViolation> {
    let total = problems.len();
    let mut bytes = 0;
    let mut kept: Vec<FieldViolation> = problems
        .iter()
        .take(MAX_VIOLATIONS)
        .take_while(|p| {
            bytes += p.field_path.len() + p.description.len();
            bytes <= MAX_VIOLATION_BYTES
        })
        .map(|p| FieldViolation::new(&p.field_path, &p.description))
        .collect();
    if kept.len() < total {
        kept.push(FieldViolation::new("", format!("{} more violations are not listed", total - kept.len())));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::guard::failure::SHIPMENT_INVALID;

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
