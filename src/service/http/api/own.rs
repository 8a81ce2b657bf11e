//! Lists of one's own: put into force under the guard, and taken back; and what the data directory keeps of a publication.

use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use crate::service::keeping::{self, Changed, Put};
use crate::service::web::query::Query;
use crate::service::web::{Web, body, reply};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use lists::store::{Held, Note, State as HeldState};
use serde_json::{Value, json};
use std::sync::Arc;

/// The state of every route here.
type Of = State<Arc<Web>>;

/// What a list may come as. A browser sends none of these from a page of another origin without asking first.
const KINDS: [&str; 8] = [
    "text/csv",
    "text/xml",
    "application/json",
    "application/xml",
    "application/toml",
    "application/zip",
    "application/gzip",
    "application/octet-stream",
];

/// The routes.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new().route("/v1/lists/{id}", get(history).post(put)).route("/v1/lists/{id}/undo", post(undo))
}

/// Puts a list into force.
async fn put(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    if !KINDS.contains(&body::media_type(&headers)) {
        return Err(Failure::MediaUnknown("Content-Type: text/csv, application/json or application/octet-stream"));
    }
    let query = Query::of(&uri);
    let (word, accepts) = (keeping::word(query.text("note"), asked.caller.name())?, query.flag("accept")?);
    let bytes = body::whole(&web, &asked, &headers, body).await?;
    let Put { digest, changed } = keeping::put(&web.shared, &id, bytes, word, accepts).await?;
    let mut answer = json!({ "list": id, "digest": digest, "state": "UNCHANGED", "snapshot": snapshot(&web) });
    if let Some(Changed { added, removed, changed, entries }) = changed {
        answer["state"] = "IN_FORCE".into();
        for (name, n) in [("added", added), ("removed", removed), ("changed", changed), ("entries", entries)] {
            answer[name] = n.into();
        }
    }
    Ok(reply::json(&answer))
}

/// Takes it out of force again.
async fn undo(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = Query::of(&uri);
    let word = keeping::word(query.text("note"), asked.caller.name())?;
    let seen = query.get("digest").map(str::to_owned);
    let before = keeping::undo(&web.shared, &id, seen, word).await?;
    let digest = before.map(|held| held.digest).unwrap_or_default();
    Ok(reply::json(&json!({ "list": id, "digest": digest, "snapshot": snapshot(&web) })))
}

/// The fingerprint of what is in force.
fn snapshot(web: &Web) -> String {
    web.shared.current.load().map(|loaded| loaded.engine().snapshot().fingerprint().to_owned()).unwrap_or_default()
}

/// Everything that is kept of a publication, the latest first.
async fn history(State(web): Of, Path(id): Path<String>) -> Result<Response, Failure> {
    let asked = id.clone();
    let record = keeping::record(&web.shared, asked).await?;
    let held: Vec<Value> = record.publications.iter().rev().map(held).collect();
    Ok(reply::json(&json!({ "publication": id, "inForce": record.in_force.unwrap_or_default(), "held": held })))
}

fn held(held: &Held) -> Value {
    let note = |note: &Option<Note>| note.as_ref().map(|n| json!({ "at": n.at.to_string(), "text": n.text }));
    let state = match held.state {
        _ if held.undone.is_some() => "UNDONE",
        HeldState::Accepted => "ACCEPTED",
        HeldState::Quarantined => "QUARANTINED",
    };
    let lists = held.lists.iter();
    let lists = lists.map(|l| json!({ "list": l.id.as_str(), "entries": l.entries, "names": l.names }));
    json!({
        "digest": held.digest,
        "fetchedAt": held.fetched_at.to_string(),
        "published": held.published.map(|day| day.to_string()),
        "inForceFrom": held.in_force_from.map(|at| at.to_string()),
        "lists": lists.collect::<Vec<_>>(),
        "state": state,
        "objections": held.reasons,
        "note": note(&held.accepted),
        "undone": note(&held.undone),
    })
}
