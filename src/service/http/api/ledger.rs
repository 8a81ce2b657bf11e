//! The ledger and decisions: the services of gRPC with their messages in JSON, so that the two cannot differ.

use crate::service::admission::Asked;
use crate::service::grpc::{Decisions, Records};
use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use crate::service::status::failure_of;
use crate::service::web::problem::refused;
use crate::service::web::query::Query;
use crate::service::web::{Web, body, reply};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use tonic::{Request, Status};
use v1::decision_service_server::DecisionService as _;
use v1::ledger_service_server::LedgerService as _;
use wire::v1;

/// The state of every route here.
type Of = State<Arc<Web>>;

/// The routes.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/v1/ledger/find", post(find))
        .route("/v1/ledger/records/{number}", get(record))
        .route("/v1/ledger/records/{number}/proof", get(proof))
        .route("/v1/cases", get(cases))
        .route("/v1/cases/find", post(find_cases))
        .route("/v1/cases/{id}", get(case))
        .route("/v1/cases/{id}/decide", post(decide))
        .route("/v1/cases/{id}/update", post(update))
}

/// A call as the gate of gRPC would hand it on.
fn call<Q>(asked: Asked, message: Q) -> Request<Q> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(asked);
    request
}

/// An answer of gRPC as one of HTTP.
fn answer<A: Serialize>(answered: Result<tonic::Response<A>, Status>) -> Response {
    match answered {
        Ok(answer) => reply::json(answer.get_ref()),
        Err(status) => refused(failure_of(&status).unwrap_or_else(|| Arc::new(Failure::Panicked))),
    }
}

/// A message of the body.
async fn message<Q: DeserializeOwned>(web: &Web, asked: &Asked, headers: &HeaderMap, body: Body) -> Result<Q, Failure> {
    body::read(&body::json(web, asked, headers, body).await?)
}

fn records(web: &Web) -> Records {
    Records(Arc::clone(&web.shared))
}

fn decisions(web: &Web) -> Decisions {
    Decisions(Arc::clone(&web.shared))
}

/// Screenings that fit. Names of parties are in the question, so it is no address.
async fn find(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let query = message::<v1::FindRecordsRequest>(&web, &asked, &headers, body).await?;
    Ok(answer(records(&web).find_records(call(asked, query)).await))
}

/// The number of a record.
fn number_of(text: &str) -> Result<u64, Failure> {
    let invalid = || Failure::field(REQUEST_INVALID, "number", "invalid value; expected a number".to_owned());
    text.parse().map_err(|_| invalid())
}

async fn record(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let number = number_of(&number)?;
    Ok(answer(records(&web).get_record(call(asked, v1::GetRecordRequest { number })).await))
}

async fn proof(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    Path(number): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let (number, disclose) = (number_of(&number)?, Query::of(&uri).flag("disclose")?);
    Ok(answer(records(&web).prove_record(call(asked, v1::ProveRecordRequest { number, disclose })).await))
}

async fn cases(State(web): Of, Extension(asked): Extension<Asked>, uri: Uri) -> Result<Response, Failure> {
    let query = Query::of(&uri);
    let text = |name: &str| query.text(name).to_owned();
    let state = match query.text("state") {
        "" => v1::case::State::Unspecified,
        word => v1::case::State::from_str_name(&word.to_ascii_uppercase())
            .ok_or_else(|| unknown("state", "OPEN, ESCALATED, PENDING or CLOSED"))?,
    };
    let request = v1::ListCasesRequest {
        state: state as i32,
        assignee: text("assignee"),
        queue: text("queue"),
        due_by: text("dueBy"),
        list: text("list"),
        entry: text("entry"),
        limit: query.parsed("limit", "a number")?.unwrap_or_default(),
        ..Default::default()
    };
    Ok(answer(decisions(&web).list_cases(call(asked, request)).await))
}

/// Cases by the name of a party, too, which may stand in no address.
async fn find_cases(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let query = message::<v1::ListCasesRequest>(&web, &asked, &headers, body).await?;
    Ok(answer(decisions(&web).list_cases(call(asked, query)).await))
}

fn unknown(field: &str, expected: &str) -> Failure {
    Failure::field(REQUEST_INVALID, field, format!("invalid value; expected {expected}"))
}

async fn case(State(web): Of, Extension(asked): Extension<Asked>, Path(id): Path<String>) -> Response {
    answer(decisions(&web).get_case(call(asked, v1::GetCaseRequest { id })).await)
}

/// Whether the body names the case of the path, or none.
fn same_case(path: &str, named: &str) -> Result<(), Failure> {
    if named.is_empty() || named == path { Ok(()) } else { Err(unknown("id", "the case of the path, or none")) }
}

async fn decide(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let request = message::<v1::DecideCaseRequest>(&web, &asked, &headers, body).await?;
    same_case(&id, &request.id)?;
    Ok(answer(decisions(&web).decide_case(call(asked, v1::DecideCaseRequest { id, ..request })).await))
}

async fn update(
    State(web): Of,
    Extension(asked): Extension<Asked>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let request = message::<v1::UpdateCaseRequest>(&web, &asked, &headers, body).await?;
    same_case(&id, &request.id)?;
    Ok(answer(decisions(&web).update_case(call(asked, v1::UpdateCaseRequest { id, ..request })).await))
}
