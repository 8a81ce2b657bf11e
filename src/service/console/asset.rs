//! What a browser loads beside the pages.

use crate::service::guard::failure::Failure;
use crate::service::web::reply;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;

/// One of the files, by its name alone.
pub(super) async fn asset(Path(name): Path<String>) -> Result<Response, Failure> {
    let asset = console::ASSETS.iter().find(|asset| asset.name == name).ok_or(Failure::PathUnknown)?;
    let mut response = reply::with_type(asset.kind, Bytes::from_static(asset.bytes));
    let kept = if asset.name.contains(|c: char| c.is_ascii_digit()) {
        "public, max-age=31536000"
    } else {
        "public, max-age=86400"
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    Ok(response)
}
