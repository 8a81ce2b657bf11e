//! What gRPC itself says of a call, and what the gate sends along with it.

use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use std::time::Duration;
use tonic::Request;
use tonic::codegen::http::HeaderMap;

/// How long the caller waits.
pub(super) fn timeout(headers: &HeaderMap) -> Option<Duration> {
    headers.get("grpc-timeout").and_then(|t| parse_timeout(t.to_str().ok()?))
}

/// For whom and until when the call is answered.
///
/// # Errors
/// When the call did not come through the gate, which is a fault of the program.
pub(super) fn asked<T>(request: &Request<T>) -> Result<Asked, Failure> {
    request.extensions().get::<Asked>().cloned().ok_or(Failure::Panicked)
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
