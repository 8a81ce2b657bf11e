//! Reading the body of a request: counted as it comes, never more than a message may have, and never slowly.

use super::Web;
use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use flate2::read::GzDecoder;
use http_body::Body as _;
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use std::io::Read as _;
use tokio::time::timeout;
use wire::weight;

/// Whether the request is compressed.
///
/// # Errors
/// When it is, and not by gzip.
pub(in crate::service) fn is_compressed(headers: &HeaderMap) -> Result<bool, Failure> {
    match headers.get(header::CONTENT_ENCODING).map(|how| how.as_bytes()) {
        None | Some(b"identity") => Ok(false),
        Some(b"gzip") => Ok(true),
        Some(_) => Err(Failure::MediaUnknown("Content-Encoding: gzip, or none")),
    }
}

/// The content type without its parameters; empty when none is given.
pub(in crate::service) fn media_type(headers: &HeaderMap) -> &str {
    let given = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim()
}

/// The whole body.
///
/// # Errors
/// When it has too many bytes, comes too slowly or breaks off.
pub(in crate::service) async fn whole(
    web: &Web,
    asked: &Asked,
    headers: &HeaderMap,
    mut body: Body,
) -> Result<Bytes, Failure> {
    let options = &web.shared.options;
    let most = options.max_message_bytes;
    if usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX) > most {
        return Err(Failure::TooLarge(most));
    }
    let mut parts: Vec<Bytes> = Vec::new();
    let mut bytes = 0;
    while let Some(frame) = timeout(options.handshake, body.frame()).await.map_err(|_| Failure::SlowBody)? {
        let frame = frame.map_err(|_| Failure::Malformed("the request broke off".to_owned()))?;
        let Ok(data) = frame.into_data() else { continue };
        bytes += data.len();
        if bytes > most {
            return Err(Failure::TooLarge(most));
        }
        if let Some(held) = &asked.held {
            held.add(data.len())?;
        }
        parts.push(data);
    }
    let joined = if parts.len() == 1 { parts.remove(0) } else { Bytes::from(parts.concat()) };
    if !is_compressed(headers)? {
        return Ok(joined);
    }
    let unpacked = tokio::task::spawn_blocking(move || unpack(&joined, most)).await;
    let unpacked = unpacked.map_err(|_| Failure::Panicked)??;
    if let Some(held) = &asked.held {
        held.whole(unpacked.len())?;
    }
    Ok(Bytes::from(unpacked))
}

fn unpack(packed: &[u8], most: usize) -> Result<Vec<u8>, Failure> {
    let mut unpacked = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = GzDecoder::new(packed).take(limit).read_to_end(&mut unpacked);
    read.map_err(|_| Failure::Malformed("the request is not valid gzip".to_owned()))?;
    if unpacked.len() > most { Err(Failure::TooLarge(most)) } else { Ok(unpacked) }
}

/// The whole body of JSON. A browser sends another content type from a page of any origin without asking first, so it is
/// refused.
///
/// # Errors
/// As [`whole`], and when it is not said to be JSON.
pub(in crate::service) async fn json(
    web: &Web,
    asked: &Asked,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, Failure> {
    let kind = media_type(headers);
    if kind != "application/json" && !kind.ends_with("+json") {
        return Err(Failure::MediaUnknown("Content-Type: application/json"));
    }
    whole(web, asked, headers, body).await
}

/// Reads JSON; its parts are counted before any of them is built.
///
/// # Errors
/// Where it is not what was expected.
pub(in crate::service) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    weight::check_json(bytes).map_err(|too_many| Failure::Malformed(too_many.to_string()))?;
    serde_json::from_slice(bytes).map_err(|e| Failure::Malformed(format!("invalid JSON: {e}")))
}
