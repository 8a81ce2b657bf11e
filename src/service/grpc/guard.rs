//! What stands before every call: who calls, whether they may, whether there is room, and until when.
//!
//! All of it happens on the headers, before a byte of the question is read. Room is held until the last byte of the
//! answer has left, so a caller who does not take answers uses up their own bounds and nobody else's. Here too every
//! end of a call is counted, with its reason.

use super::access::{Caller, Peer};
use super::admission::{Call, Deadline, Shared};
use super::lists::Lists;
use super::methods::{self, Kind, METHODS, Method, Need};
use super::service::Screening;
use super::status::{self, Failure};
use crate::telemetry;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::time::{Instant, timeout_at};
use tonic::body::Body;
use tonic::codegen::http::{HeaderMap, HeaderValue, Request, Response};
use tonic::codegen::{Body as HttpBody, Bytes, Service};
use tonic::service::Routes;
use tonic::{Code, Status};
use wire::v1::list_service_server::ListServiceServer;
use wire::v1::screening_service_server::ScreeningServiceServer;

/// The services, and what stands before them.
#[derive(Debug)]
pub(super) struct Guard {
    pub(super) shared: Arc<Shared>,
    pub(super) screening: ScreeningServiceServer<Screening>,
    pub(super) lists: ListServiceServer<Lists>,
    /// Health and reflection.
    pub(super) others: Routes,
}

/// The name of the header that carries the id of a call, both ways.
const REQUEST_ID: &str = "x-request-id";

/// For whom, with which room, and until when a call is answered.
type Admitted = (Arc<Caller>, Option<Call>, Option<Instant>);

impl Guard {
    /// Answers one call; whatever is wrong with it is in the answer.
    pub(super) async fn call(self: Arc<Self>, peer: Arc<Peer>, request: Request<Incoming>) -> Response<Answer> {
        let (mut parts, body) = request.into_parts();
        let at = methods::of(parts.uri.path());
        let method = &METHODS[at];
        let id = self.shared.request_ids.of(parts.headers.get(REQUEST_ID));
        let span = telemetry::call_span(method.label, &id, &parts.headers);
        let (shared, started) = (Arc::clone(&self.shared), Instant::now());
        let mut record = Record { shared, method: at, started, id, span, call: None, is_ended: false };
        let admitted = self.admit(method, &peer, &parts.headers, record.started);
        let response = match admitted {
            Err(failure) => refusal(failure),
            Ok((caller, call, deadline)) => {
                if method.need != Need::Nothing {
                    self.shared.meters.called_by(&caller);
                }
                record.call = call;
                parts.extensions.insert(caller);
                let is_compressed = parts.headers.get("grpc-encoding").is_some_and(|how| how != "identity");
                let held = (method.kind != Kind::Free).then(|| self.shared.hold(is_compressed));
                if let Some(held) = &held {
                    parts.extensions.insert(Arc::clone(held));
                }
                if let Some(call) = &mut record.call
                    && method.kind == Kind::Unary
                {
                    call.held.clone_from(&held);
                }
                let limit = deadline.filter(|_| method.kind == Kind::Unary);
                if let Some(at) = deadline {
                    parts.extensions.insert(Deadline(at));
                }
                let answering = self.route(at, Request::from_parts(parts, Intake { body, held }));
                match limit {
                    Some(limit) => timeout_at(limit, answering).await.unwrap_or_else(|_| refusal(Failure::Expired)),
                    None => answering.await,
                }
            }
        };
        record.answer(response, &peer)
    }

    /// Whether the call may be answered, for whom, and until when.
    fn admit(&self, method: &Method, peer: &Peer, headers: &HeaderMap, now: Instant) -> Result<Admitted, Failure> {
        let shared = &self.shared;
        if method.need == Need::Nothing {
            return Ok((shared.access.nobody(), None, None));
        }
        let caller = shared.access.identify(headers.get("authorization"), peer)?;
        if let Need::OneOf(scopes) = method.need
            && !scopes.iter().any(|&scope| caller.may(scope))
        {
            return Err(Failure::ScopeMissing(scopes[0].as_str()));
        }
        caller.charge_call()?;
        let call = match method.kind {
            Kind::Unary => Some(shared.admit(&caller)?),
            Kind::Stream => Some(shared.admit_stream(&caller)?),
            Kind::Free => None,
        };
        let own = super::admission::timeout(headers).and_then(|timeout| now.checked_add(timeout));
        let ours = (method.kind == Kind::Unary).then(|| now + shared.options.call);
        Ok((caller, call, own.into_iter().chain(ours).min()))
    }

    /// Straight to the busy services; the router would clone and box on the way.
    async fn route(&self, at: usize, request: Request<Intake>) -> Response<Body> {
        let path = request.uri().path();
        let answered: Result<_, Infallible> = if path.starts_with("/tidewaiter.v1.ScreeningService/") {
            self.screening.clone().call(request).await
        } else if path.starts_with("/tidewaiter.v1.ListService/") {
            self.lists.clone().call(request).await
        } else {
            debug_assert!(METHODS[at].kind == Kind::Free || METHODS[at].label != "Screen");
            self.others.clone().call(request).await
        };
        answered.unwrap_or_else(|never| match never {})
    }
}

fn refusal(failure: Failure) -> Response<Body> {
    Status::from(failure).into_http()
}

/// What is noted of a call, and the room it takes.
#[derive(Debug)]
struct Record {
    shared: Arc<Shared>,
    method: usize,
    started: Instant,
    id: HeaderValue,
    span: tracing::Span,
    call: Option<Call>,
    is_ended: bool,
}

impl Record {
    /// The answer on its way; a refusal without a reason gets one.
    fn answer(self, response: Response<Body>, peer: &Peer) -> Response<Answer> {
        let (mut parts, body) = response.into_parts();
        let mut ended = None;
        if parts.headers.contains_key("grpc-status")
            && let Some(said) = Status::from_header_map(&parts.headers)
        {
            let said = status::explained(said);
            if said.code() != Code::Ok {
                // The header map is the status's own: a fresh one leaves nothing of the old behind.
                parts = said.clone().into_http::<()>().into_parts().0;
                self.note(&said, peer);
            }
            ended = Some(said);
        }
        parts.headers.insert(REQUEST_ID, self.id.clone());
        let mut record = Box::new(self);
        if let Some(said) = ended {
            record.end(&said);
        }
        Response::from_parts(parts, Answer { body, record })
    }

    /// Who asks in vain may be an attacker or a misconfigured caller: either is worth a line, but not a flood.
    fn note(&self, said: &Status, peer: &Peer) {
        let is_access = matches!(said.code(), Code::Unauthenticated | Code::PermissionDenied);
        if is_access && self.shared.may_log() {
            tracing::warn!(
                call.method = METHODS[self.method].label,
                call.id = self.id.to_str().unwrap_or_default(),
                call.peer = %peer.address,
                call.reason = status::reason_of(said),
                "a caller was turned away"
            );
        }
    }

    /// Counts the end, once, and gives the room back.
    fn end(&mut self, said: &Status) {
        if std::mem::replace(&mut self.is_ended, true) {
            return;
        }
        self.call = None;
        let took = self.started.elapsed();
        let reason = if said.code() == Code::Ok { String::new() } else { status::reason_of(said) };
        let meters = &self.shared.meters;
        meters.called(self.method, said.code(), took);
        if !reason.is_empty() {
            meters.refused(&reason);
        }
        self.span.record("rpc.grpc.status_code", said.code() as i32);
        tracing::debug!(
            call.method = METHODS[self.method].label,
            call.id = self.id.to_str().unwrap_or_default(),
            call.code = said.code() as i32,
            call.reason = reason,
            call.us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "call ended"
        );
    }
}

impl Drop for Record {
    /// Whatever is dropped before its end was given up by the caller, with the question or in the middle of the answer.
    fn drop(&mut self) {
        self.end(&Status::cancelled("the caller went away"));
    }
}

/// The answer of a call.
#[derive(Debug)]
pub(super) struct Answer {
    body: Body,
    record: Box<Record>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(said) = frame.trailers_ref().and_then(Status::from_header_map) {
                    self.record.end(&said);
                }
            }
            Some(Err(said)) => self.record.end(said),
            None => self.record.end(&Status::unknown("")),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The question of a call, its bytes counted as they come.
#[derive(Debug)]
pub(super) struct Intake {
    body: Incoming,
    held: Option<Arc<super::admission::Held>>,
}

impl HttpBody for Intake {
    type Data = Bytes;
    type Error = tonic::codegen::StdError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        Poll::Ready(frame.map(|frame| {
            // A question that breaks off was given up, or its connection was.
            let frame = frame.map_err(|_| Status::cancelled("the caller went away"))?;
            if let (Some(held), Some(data)) = (&self.held, frame.data_ref()) {
                held.add(data.len()).map_err(Status::from)?;
            }
            Ok(frame)
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
