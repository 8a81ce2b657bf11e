//! The gate before every call: who calls, whether they may, whether there is room, and until when.
//!
//! All of it happens on the headers, before a byte of the request is read. Room is held until the last byte of the
//! answer has left, so a caller who does not take answers uses up its own limits and nobody else's.

use super::call::{self, CallId, Deadline};
use super::lists::Lists;
use super::methods::{self, Kind, METHODS, Method, Need};
use super::others::Others;
use super::record::{Answer, Intake, REQUEST_ID, Record};
use super::screening::Screening;
use super::shared::Shared;
use crate::service::guard::access::{Caller, Peer};
use crate::service::guard::failure::Failure;
use crate::service::guard::room::Call;
use crate::telemetry;
use hyper::body::Incoming;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::codegen::http::request::Parts;
use tonic::codegen::http::{HeaderMap, Request, Response};
use wire::v1::list_service_server::ListServiceServer;
use wire::v1::screening_service_server::ScreeningServiceServer;

/// The gate, and the services behind it.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) shared: Arc<Shared>,
    pub(super) screening: ScreeningServiceServer<Screening>,
    pub(super) lists: ListServiceServer<Lists>,
    /// Health and reflection.
    pub(super) others: Others<Intake>,
}

/// For whom, with which room, and until when a call is answered.
type Admitted = (Arc<Caller>, Option<Call>, Option<Instant>);

impl Gate {
    /// Answers one call; refusals are answers too.
    pub(super) async fn call(self: Arc<Self>, peer: Arc<Peer>, request: Request<Incoming>) -> Response<Answer> {
        let (mut parts, body) = request.into_parts();
        let at = methods::of(parts.uri.path());
        let method = &METHODS[at];
        let id = self.shared.request_ids.of(parts.headers.get(REQUEST_ID));
        let span = telemetry::call_span(method.label, &id, &parts.headers);
        let mut record = Record::begin(Arc::clone(&self.shared), at, id, span);
        let response = match self.admit(method, &peer, &parts.headers, record.started()) {
            Err(failure) => refusal(failure),
            Ok(admitted) => {
                parts.extensions.insert(self.shared.access.share(&admitted.0, &peer));
                let (limit, request) = self.prepare(method, admitted, parts, body, &mut record);
                let answering = self.route(request);
                match limit {
                    Some(limit) => timeout_at(limit, answering).await.unwrap_or_else(|_| refusal(Failure::Expired)),
                    None => answering.await,
                }
            }
        };
        record.answer(response, &peer)
    }

    /// The request with what its service needs, and until when a call other than a stream is answered.
    fn prepare(
        &self,
        method: &Method,
        (caller, call, deadline): Admitted,
        mut parts: Parts,
        body: Incoming,
        record: &mut Record,
    ) -> (Option<Instant>, Request<Intake>) {
        if method.need != Need::Nothing {
            self.shared.meters.called_by(&caller);
        }
        parts.extensions.insert(caller);
        if self.shared.recorder.is_some() {
            parts.extensions.insert(CallId(record.id().into()));
        }
        let is_compressed = parts.headers.get("grpc-encoding").is_some_and(|how| how != "identity");
        let held = (method.kind != Kind::Free).then(|| self.shared.room.hold(is_compressed));
        if let Some(held) = &held {
            parts.extensions.insert(Arc::clone(held));
        }
        record.takes(call.map(|call| match method.kind {
            Kind::Unary => call.holding(held.clone()),
            Kind::Stream | Kind::Free => call,
        }));
        if let Some(at) = deadline {
            parts.extensions.insert(Deadline(at));
        }
        let limit = deadline.filter(|_| method.kind == Kind::Unary);
        (limit, Request::from_parts(parts, Intake::new(body, held)))
    }

    /// Whether the call may be answered, for whom, and until when.
    fn admit(&self, method: &Method, peer: &Peer, headers: &HeaderMap, now: Instant) -> Result<Admitted, Failure> {
        let shared = &self.shared;
        if method.need == Need::Nothing {
            return Ok((shared.access.probe(), None, None));
        }
        let caller = shared.access.identify(headers.get("authorization"), peer)?;
        peer.seat.becomes_known();
        if let Need::OneOf(scopes) = method.need
            && !scopes.iter().any(|&scope| caller.may(scope))
        {
            return Err(Failure::ScopeMissing(scopes[0].as_str()));
        }
        caller.charge_call()?;
        let call = match method.kind {
            Kind::Unary => Some(shared.room.admit(&caller)?),
            Kind::Stream => Some(shared.room.admit_stream(&caller)?),
            Kind::Free => None,
        };
        let own = call::timeout(headers).and_then(|timeout| now.checked_add(timeout));
        let ours = (method.kind == Kind::Unary).then(|| now + shared.options.call);
        Ok((caller, call, own.into_iter().chain(ours).min()))
    }

    /// To the service that the path names.
    async fn route(&self, request: Request<Intake>) -> Response<Body> {
        let path = request.uri().path();
        let answered: Result<_, Infallible> = if path.starts_with("/tidewaiter.v1.ScreeningService/") {
            self.screening.clone().call(request).await
        } else if path.starts_with("/tidewaiter.v1.ListService/") {
            self.lists.clone().call(request).await
        } else {
            return self.others.call(request).await;
        };
        answered.unwrap_or_else(|never| match never {})
    }
}

fn refusal(failure: Failure) -> Response<Body> {
    Status::from(failure).into_http()
}
