//! Answers as JSON, and their compression.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body::Body as _;
use http_body_util::BodyExt as _;
use serde::Serialize;
use std::io::Write as _;

/// Below so many bytes compression saves no packet.
const WORTH_IT: u64 = 1400;
/// From so many bytes on it would hold up the reactor.
const ELSEWHERE: usize = 64 * 1024;

/// The JSON of a value whose type always has one.
pub(in crate::service) fn to_json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("types of answers have a JSON form")
}

/// An answer of JSON.
pub(in crate::service) fn json<T: Serialize>(value: &T) -> Response {
    raw_json(to_json(value))
}

/// An answer of JSON that is written already.
pub(in crate::service) fn raw_json(json: Vec<u8>) -> Response {
    with_type("application/json", json)
}

/// An answer of any type.
pub(in crate::service) fn with_type(kind: &'static str, bytes: impl Into<Body>) -> Response {
    let mut response = Response::new(bytes.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// The answer, compressed where the caller takes it so and it is worth it.
///
/// Pages of the console are left alone: they hold a secret and what somebody typed, and the size of the two compressed
/// together would tell of the secret.
pub(in crate::service) async fn compressed(asked: &HeaderMap, response: Response) -> Response {
    let takes = asked.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(takes_gzip);
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let is_fit = ["application/json", "application/problem+json", "text/css", "text/javascript"]
        .iter()
        .any(|fit| kind.starts_with(fit));
    let size = response.body().size_hint().exact();
    if !takes || !is_fit || size.is_none_or(|size| size < WORTH_IT) || response.status() == StatusCode::NOT_MODIFIED {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // A body of known size is whole already.
    let Ok(whole) = body.collect().await else { return Response::from_parts(parts, Body::empty()) };
    let whole = whole.to_bytes();
    let packed = if whole.len() < ELSEWHERE {
        Some(pack(&whole))
    } else {
        let whole = whole.clone();
        tokio::task::spawn_blocking(move || pack(&whole)).await.ok()
    };
    parts.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let Some(packed) = packed else { return Response::from_parts(parts, Body::from(whole)) };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(packed))
}

fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        is_gzip && !parts.any(|p| matches!(p, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    // Writing to memory cannot fail.
    let written = packed.write_all(bytes).and_then(|()| packed.finish());
    written.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_only_where_it_is_named() {
        assert!(takes_gzip("gzip") && takes_gzip("br, GZIP;q=0.5"));
        assert!(!takes_gzip("br") && !takes_gzip("gzip;q=0, br") && !takes_gzip(""));
    }
}
