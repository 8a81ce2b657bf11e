//! `/catalog` and `/algorithms`: which datasets there are, and how parties are compared.

use super::matching::ALGORITHM;
use crate::service::guard::failure::Failure;
use crate::service::questions;
use crate::service::web::{Web, reply};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use model::finding::EvidenceKind;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::v1;

/// The lists as datasets, under one collection of all.
pub(super) async fn catalog(State(web): State<Arc<Web>>, headers: HeaderMap) -> Result<Response, Failure> {
    let status = questions::status(&web.shared).await?;
    let is_stale = |list: &&v1::ListStatus| list.age.as_ref().is_some_and(|age| age.is_stale);
    let stale: BTreeSet<&str> = status.lists.iter().filter(is_stale).map(|l| l.list.as_str()).collect();
    // The fingerprint of all entries, and what of the answer changes without them.
    let tag = format!("\"{}-{}\"", status.snapshot.trim_start_matches("sha256:"), stale.len());
    let tag = HeaderValue::try_from(tag).map_err(|_| Failure::Panicked)?;
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let is_known = known.split(',').map(str::trim).any(|one| one == "*" || one.as_bytes() == tag.as_bytes());
    let mut response = if is_known {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        reply::json(&document(&status, &stale))
    };
    response.headers_mut().insert(header::ETAG, tag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=60"));
    Ok(response)
}

fn document(status: &v1::GetStatusResponse, stale: &BTreeSet<&str>) -> Value {
    let ids: BTreeSet<&str> = status.lists.iter().map(|l| l.list.as_str()).collect();
    let mut datasets = vec![json!({
        "name": "default",
        "title": "All lists in force",
        "version": status.snapshot,
        "entity_count": status.entries,
        "thing_count": status.entries,
        "updated_at": status.loaded_at,
        "load": true,
        "index_version": status.snapshot,
        "index_current": true,
        "children": ids,
    })];
    for id in &ids {
        // A list may be read from several sources.
        let sources: Vec<_> = status.lists.iter().filter(|l| l.list == **id).collect();
        let Some(first) = sources.first() else { continue };
        let published = sources.iter().map(|l| l.published.as_str()).max().unwrap_or_default();
        let entries: u32 = sources.iter().map(|l| l.entries).sum();
        let since = first.age.as_ref().map(|a| a.since.as_str()).filter(|s| !s.is_empty());
        datasets.push(json!({
            "name": id,
            "title": first.title,
            "summary": first.note,
            "version": published,
            "entity_count": entries,
            "thing_count": entries,
            "updated_at": since,
            "publisher": { "name": first.publisher, "official": true },
            "load": true,
            "index_version": published,
            "index_current": !stale.contains(id),
            "children": [],
        }));
    }
    let current: Vec<&str> = ids.difference(stale).copied().collect();
    json!({ "datasets": datasets, "current": current, "outdated": stale, "index_stale": !stale.is_empty() })
}

/// The one algorithm, with the names of its evidence.
pub(super) async fn algorithms() -> Response {
    let mut features = Map::new();
    for kind in EvidenceKind::ALL {
        let words = kind.as_str().replace('_', " ");
        features.insert(kind.as_str().to_owned(), json!({ "description": words, "coefficient": 1.0, "url": null }));
    }
    reply::json(&json!({
        "algorithms": [{
            "name": ALGORITHM,
            "description": "Compares names word by word, weighs how rarely a stranger's name is as close, and takes \
                            country, address, dates and numbers into account. The points of a result add up to its score.",
            "features": features,
            "docs": { "features": features, "config": {} },
        }],
        "default": ALGORITHM,
        "best": ALGORITHM,
    }))
}
