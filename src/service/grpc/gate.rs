//! The gate before every call: who calls, whether they may, whether there is room, and until when.
//!
//! All of it happens on the headers, before a byte of the request is read. Room is held until the last byte of the
//! answer has left, so a caller who does not take answers uses up its own limits and nobody else's.

use super::call;
use super::intake::{Intake, Source};
use super::lists::Lists;
use super::others::Others;
use super::screening::Screening;
use crate::service::admission::{self, Admitted};
use crate::service::guard::access::Peer;
use crate::service::guard::failure::Failure;
use crate::service::handle::Handle;
use crate::service::methods::{self, METHODS, Method, Need};
use crate::service::record::{Answer, REQUEST_ID, Record};
use crate::service::shared::Shared;
use crate::service::tls::Speaks;
use crate::service::transport::{Answering, Answers};
use crate::telemetry;
use hyper::body::Incoming;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::time::timeout_at;
use tonic::Status;
use tonic::body::Body;
use tonic::codec::CompressionEncoding::Gzip;
use tonic::codegen::Service;
use tonic::codegen::http::{HeaderMap, Request, Response};
use wire::v1::list_service_server::ListServiceServer;
use wire::v1::screening_service_server::ScreeningServiceServer;

/// The gate, and the services behind it.
#[derive(Debug)]
pub(in crate::service) struct Gate {
    shared: Arc<Shared>,
    screening: ScreeningServiceServer<Screening>,
    lists: ListServiceServer<Lists>,
    /// Health and reflection.
    others: Others<Intake>,
}

impl Answers for Gate {
    fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    fn speaks(&self) -> Speaks {
        Speaks::Http2
    }

    fn call(self: Arc<Self>, peer: Arc<Peer>, request: Request<Incoming>) -> Answering {
        Box::pin(async move { self.answer("grpc", peer, request.map(Source::Wire), Ok(())).await })
    }
}

impl Gate {
    /// The services behind a server.
    ///
    /// # Errors
    /// When the compiled-in descriptors are damaged.
    pub(in crate::service) fn new(handle: &Handle) -> Result<Self, tonic_reflection::server::Error> {
        let shared = handle.shared();
        let max = shared.options.max_message_bytes;
        let screening = ScreeningServiceServer::new(Screening(Arc::clone(shared)))
            .max_decoding_message_size(max)
            .accept_compressed(Gzip);
        let lists =
            ListServiceServer::new(Lists(Arc::clone(shared))).max_decoding_message_size(max).accept_compressed(Gzip);
        let others = Others::new(handle.health(), shared)?;
        Ok(Self { shared: Arc::clone(shared), screening, lists, others })
    }

    /// Answers a call that came by `protocol`, unless it is barred for what only that protocol knows.
    pub(super) async fn answer(
        &self,
        protocol: &'static str,
        peer: Arc<Peer>,
        request: Request<Source>,
        barred: Result<(), Failure>,
    ) -> Response<Answer> {
        let (mut parts, body) = request.into_parts();
        let at = methods::of(parts.uri.path());
        let method = &METHODS[at];
        let id = self.shared.request_ids.of(parts.headers.get(REQUEST_ID));
        let span = telemetry::call_span(protocol, method.label, &id, &parts.headers);
        let mut record = Record::begin(Arc::clone(&self.shared), at, id, span);
        let response = match barred.and_then(|()| self.admit(method, &peer, &parts.headers, &record)) {
            Err(failure) => refusal(failure),
            Ok(Admitted { asked, room, limit }) => {
                record.takes(room);
                let intake = Intake::new(body, asked.held.clone());
                parts.extensions.insert(asked);
                let answering = self.route(Request::from_parts(parts, intake));
                match limit {
                    Some(limit) => timeout_at(limit, answering).await.unwrap_or_else(|_| refusal(Failure::Expired)),
                    None => answering.await,
                }
            }
        };
        record.answer(response, &peer)
    }

    /// Whether the call may be answered, for whom, and until when.
    fn admit(&self, method: &Method, peer: &Peer, headers: &HeaderMap, record: &Record) -> Result<Admitted, Failure> {
        let shared = &self.shared;
        let caller = if method.need == Need::Nothing {
            shared.access.probe()
        } else {
            let caller = shared.access.identify(headers.get("authorization"), peer)?;
            peer.seat.becomes_known();
            caller
        };
        let is_compressed = headers.get("grpc-encoding").is_some_and(|how| how != "identity");
        admission::admit(
            shared,
            method,
            caller,
            peer,
            record.id(),
            (record.started(), call::timeout(headers), is_compressed),
        )
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
