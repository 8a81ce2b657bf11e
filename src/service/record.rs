//! The record of a call from its headers to the last byte of its answer: counted once, room given back once.

use super::guard::access::Peer;
use super::guard::room::Call;
use super::methods::METHODS;
use super::shared::Shared;
use super::status;
use http_body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::time::Instant;
use tonic::body::Body;
use tonic::codegen::http::{HeaderValue, Response};
use tonic::codegen::{Body as HttpBody, Bytes};
use tonic::{Code, Status};

/// The header that carries the id of a call, both ways.
pub(super) const REQUEST_ID: &str = "x-request-id";

/// What is recorded of a call, and the room it takes.
#[derive(Debug)]
pub(super) struct Record {
    shared: Arc<Shared>,
    method: usize,
    started: Instant,
    id: HeaderValue,
    span: tracing::Span,
    call: Option<Call>,
    /// How the call went, where the end of the answer says no more.
    said: Option<Said>,
    is_ended: bool,
}

/// How a call went: its code, and the stable reason of a refusal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) code: Code,
    pub(super) reason: &'static str,
}

impl Said {
    /// It was answered.
    pub(super) const OK: Self = Self { code: Code::Ok, reason: "" };
}

impl Record {
    /// A call begins.
    pub(super) fn begin(shared: Arc<Shared>, method: usize, id: HeaderValue, span: tracing::Span) -> Self {
        Self { shared, method, started: Instant::now(), id, span, call: None, said: None, is_ended: false }
    }

    /// The id of the call.
    pub(super) fn id(&self) -> &str {
        self.id.to_str().unwrap_or_default()
    }

    /// When the headers came.
    pub(super) fn started(&self) -> Instant {
        self.started
    }

    /// The call takes this room until it ends.
    pub(super) fn takes(&mut self, call: Option<Call>) {
        self.call = call;
    }

    /// The answer of gRPC, on its way; a refusal without a reason gets one.
    pub(super) fn answer(self, response: Response<Body>, peer: &Peer) -> Response<Answer> {
        let (mut parts, body) = response.into_parts();
        let mut ended = None;
        if parts.headers.contains_key("grpc-status")
            && let Some(said) = Status::from_header_map(&parts.headers)
        {
            let said = status::explained(said);
            if said.code() != Code::Ok {
                // The header map is the status's own: a fresh one leaves nothing of the old behind.
                parts = said.clone().into_http::<()>().into_parts().0;
                self.note(said.code(), &status::reason_of(&said), peer);
            }
            ended = Some(said);
        }
        parts.headers.insert(REQUEST_ID, self.id.clone());
        let mut record = Box::new(self);
        if let Some(said) = ended {
            record.end(&said);
        }
        Response::from_parts(parts, Answer { body, record: Some(record) })
    }

    /// The answer of plain HTTP, on its way. It ended as `said` once its last byte has left.
    pub(super) fn answer_plainly(mut self, response: Response<Body>, said: Said, peer: &Peer) -> Response<Answer> {
        let (mut parts, body) = response.into_parts();
        if said.code != Code::Ok {
            self.note(said.code, said.reason, peer);
        }
        parts.headers.insert(REQUEST_ID, self.id.clone());
        self.said = Some(said);
        Response::from_parts(parts, Answer { body, record: Some(Box::new(self)) })
    }

    /// A caller turned away may be an attacker or misconfigured: either is worth a line, but not a flood.
    fn note(&self, code: Code, reason: &str, peer: &Peer) {
        let is_access = matches!(code, Code::Unauthenticated | Code::PermissionDenied);
        if is_access && self.shared.may_log() {
            tracing::warn!(
                call.method = METHODS[self.method].label,
                call.id = self.id.to_str().unwrap_or_default(),
                call.peer = %peer.address,
                call.reason = reason,
                "a caller was turned away"
            );
        }
    }

    fn end(&mut self, said: &Status) {
        let reason = if said.code() == Code::Ok { String::new() } else { status::reason_of(said) };
        self.end_as(said.code(), &reason);
    }

    /// Counts the end, once, and gives the room back.
    fn end_as(&mut self, code: Code, reason: &str) {
        if std::mem::replace(&mut self.is_ended, true) {
            return;
        }
        self.call = None;
        let took = self.started.elapsed();
        let meters = &self.shared.meters;
        meters.called(self.method, code, took);
        if !reason.is_empty() {
            meters.refused(reason);
        }
        self.span.record("rpc.grpc.status_code", code as i32);
        tracing::debug!(
            call.method = METHODS[self.method].label,
            call.id = self.id.to_str().unwrap_or_default(),
            call.code = code as i32,
            call.reason = reason,
            call.us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "call ended"
        );
    }
}

impl Drop for Record {
    /// A call dropped before its end was given up by the caller, while sending or in the middle of the answer. A refusal is
    /// one also where its last byte was not taken.
    fn drop(&mut self) {
        if let Some(said) = self.said.filter(|said| said.code != Code::Ok) {
            self.end_as(said.code, said.reason);
        }
        self.end(&Status::cancelled("the caller went away"));
    }
}

/// The answer of a call.
#[derive(Debug)]
pub(super) struct Answer {
    body: Body,
    /// `None`: the body has the record inside it.
    record: Option<Box<Record>>,
}

impl Answer {
    /// An answer whose record is inside it, in another form.
    #[cfg(feature = "http")]
    pub(super) fn recorded(response: Response<Body>) -> Response<Self> {
        response.map(|body| Self { body, record: None })
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let Some(record) = &mut self.record else { return Poll::Ready(frame) };
        match &frame {
            Some(Ok(frame)) => {
                if let Some(said) = frame.trailers_ref().and_then(Status::from_header_map) {
                    record.end(&said);
                }
            }
            Some(Err(said)) => record.end(said),
            None => match record.said {
                Some(said) => record.end_as(said.code, said.reason),
                None => record.end(&Status::unknown("")),
            },
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
