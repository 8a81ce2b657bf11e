//! The interface of JSON: the messages of the protocol in their proto3 JSON form.

use super::lines::Lines;
use super::openapi;
use crate::service::admission::Asked;
use crate::service::batch;
use crate::service::guard::failure::{self, Failure};
use crate::service::pool::{Ask, Lane};
use crate::service::questions;
use crate::service::recording::Recording;
use crate::service::web::query::Query;
use crate::service::web::{Web, body, reply};
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use current::answer;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use wire::v1;

/// The state of every route here.
type Of = State<Arc<Web>>;

/// The routes.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/v1/screen", post(screen))
        .route("/v1/screen/batch", post(screen_batch))
        .route("/v1/compare", post(compare))
        .route("/v1/lists", get(lists))
        .route("/v1/entries/{list}/{*id}", get(entry))
        .route("/v1/search", get(search))
        .route("/v1/openapi.json", get(describe))
}

/// One shipment. Reading it, screening it and writing the answer are work for the threads that screen.
async fn screen(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let bytes = body::json(&web, &asked, &headers, body).await?;
    asked.caller.charge_shipments(1)?;
    let loaded = web.shared.loaded()?;
    let ages = web.ages(&loaded);
    // JSON is about twice as long as the message, so a record is as quick here as there.
    let ask = Ask { lane: Lane::of_call(bytes.len() / 2), share: asked.share, deadline: asked.deadline };
    let shared = Arc::clone(&web.shared);
    let answer = web.shared.pool.submit(ask, move |scratch, wanted| {
        let (shipment, verbose) = screen_request(&bytes)?;
        let recording = Recording::of(&shared, &loaded, &asked, verbose);
        let (screening, recorded) = batch::screen_recorded(&recording, shipment, wanted, scratch)?;
        shared.screened(std::slice::from_ref(&screening));
        let mut json = br#"{"screening":"#.to_vec();
        answer::json_line(screening, verbose, &mut json);
        // The line feed.
        json.pop();
        json.extend(br#","lists":"#);
        json.extend(&ages);
        json.push(b'}');
        Ok((json, recorded))
    });
    let (json, recorded) = answer.await?;
    recorded.await?;
    Ok(reply::raw_json(json))
}

/// The request as the protocol has it, or with the shipment in the forms that people write instead.
fn screen_request(bytes: &[u8]) -> Result<(v1::Shipment, bool), Failure> {
    /// The request with a shipment in any form.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Loose {
        shipment: Option<Value>,
        #[serde(default)]
        verbose: bool,
    }
    let missing = || Failure::field(failure::SHIPMENT_INVALID, "shipment", "is missing".to_owned());
    match body::read::<v1::ScreenRequest>(bytes) {
        Ok(request) => Ok((request.shipment.ok_or_else(missing)?, request.verbose)),
        Err(strictly) => {
            let Ok(Loose { shipment, verbose }) = body::read::<Loose>(bytes) else { return Err(strictly) };
            let shipment = records::json::shipment(&reply::to_json(&shipment.ok_or_else(missing)?));
            shipment.map(|shipment| (shipment, verbose)).map_err(|_| strictly)
        }
    }
}

/// One shipment a line in, one screening a line out.
async fn screen_batch(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    uri: Uri,
    body: Body,
) -> Result<Response, Failure> {
    if body::is_compressed(&headers)? {
        return Err(Failure::MediaUnknown("a stream that is not compressed"));
    }
    let verbose = Query::of(&uri).flag("verbose")?;
    let lines = Lines::new(web, asked, body, verbose)?;
    Ok(reply::with_type("application/x-ndjson", Body::new(lines)))
}

/// How alike two names are.
async fn compare(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let bytes = body::json(&web, &asked, &headers, body).await?;
    let request = body::read(&bytes)?;
    Ok(reply::json(&questions::compare(&web.shared, &asked, request).await?))
}

/// The lists in force.
async fn lists(State(web): Of) -> Result<Response, Failure> {
    Ok(reply::json(&questions::status(&web.shared).await?))
}

/// One entry as listed.
async fn entry(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    Path((list, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let entry = questions::entry(&web.shared, &asked, v1::GetEntryRequest { list, id }).await?;
    Ok(reply::json(&v1::GetEntryResponse { entry: Some(entry) }))
}

/// Entries by name.
async fn search(State(web): Of, Extension(asked): Extension<Asked>, uri: Uri) -> Result<Response, Failure> {
    let query = Query::of(&uri);
    let limit = query.parsed("limit", "a number")?.unwrap_or_default();
    let request = v1::SearchEntriesRequest { name: query.text("name").to_owned(), limit };
    let results = questions::search(&web.shared, &asked, request).await?;
    Ok(reply::json(&v1::SearchEntriesResponse { results }))
}

/// What this interface is, in the words of OpenAPI.
async fn describe() -> Response {
    reply::with_type("application/json", Bytes::from_static(openapi::document()))
}
