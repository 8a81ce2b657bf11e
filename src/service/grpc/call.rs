//! What travels with a call from the gate to its service: caller, share, deadline, account of bytes.

use crate::service::guard::access::Caller;
use crate::service::guard::room::Held;
use crate::service::guard::share::Share;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tonic::Request;
use tonic::codegen::http::HeaderMap;

/// When the caller stops waiting; set when the request's headers arrive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(pub(super) Instant);

/// The id of a call.
#[derive(Clone, Debug)]
pub(super) struct CallId(pub(super) Arc<str>);

/// How long the caller waits.
pub(super) fn timeout(headers: &HeaderMap) -> Option<Duration> {
    headers.get("grpc-timeout").and_then(|t| parse_timeout(t.to_str().ok()?))
}

/// The deadline of a request.
pub(super) fn deadline<T>(request: &Request<T>) -> Option<Instant> {
    request.extensions().get::<Deadline>().map(|d| d.0)
}

/// The account for the bytes of a call.
pub(super) fn held<T>(request: &Request<T>) -> Option<Arc<Held>> {
    request.extensions().get().cloned()
}

/// Whose share of the processors the call takes.
pub(super) fn share<T>(request: &Request<T>) -> Share {
    request.extensions().get().copied().unwrap_or_default()
}

/// Who calls.
pub(super) fn caller<T>(request: &Request<T>) -> Option<Arc<Caller>> {
    request.extensions().get::<Arc<Caller>>().cloned()
}

/// The id of the call, as its answer carries it; empty where it has none.
pub(super) fn call_id<T>(request: &Request<T>) -> Arc<str> {
    request.extensions().get::<CallId>().map_or_else(|| "".into(), |id| Arc::clone(&id.0))
}

/// Up to eight digits and a unit, as the gRPC protocol writes it.
fn parse_timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(n * 3600),
        "M" => Duration::from_secs(n * 60),
        "S" => Duration::from_secs(n),
        "m" => Duration::from_millis(n),
        "u" => Duration::from_micros(n),
        "n" => Duration::from_nanos(n),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_the_protocol_writes_them() {
        assert_eq!(parse_timeout("250m"), Some(Duration::from_millis(250)));
        assert_eq!(parse_timeout("99999999H"), Some(Duration::from_secs(99_999_999 * 3600)));
        for wrong in ["", "m", "1", "123456789S", "-1S", "1x", "1é"] {
            assert_eq!(parse_timeout(wrong), None, "{wrong}");
        }
    }
}
