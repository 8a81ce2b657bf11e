//! gRPC-web: the calls of gRPC from a browser, on the HTTP port, through the same gate.
//!
//! Trailers, which no browser shows a page, stand at the end of the body, and the whole may be base64. The form is that of
//! `tonic-web`; who may call, and from which page, is decided here as everywhere.

use super::gate::Gate;
use super::intake::Source;
use crate::service::guard::access::Peer;
use crate::service::guard::failure::Failure;
use crate::service::handle::Handle;
use crate::service::record::Answer;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tonic::body::Body;
use tonic::codegen::http::{HeaderMap, Method, Request, Response, header};
use tonic::codegen::{Body as HttpBody, Bytes, Service, StdError};
use tonic_web::GrpcWebLayer;
use tower_layer::Layer as _;

/// The content types of a call; nothing may stand behind them.
const TYPES: [&str; 4] = [
    "application/grpc-web",
    "application/grpc-web+proto",
    "application/grpc-web-text",
    "application/grpc-web-text+proto",
];

/// The calls of gRPC, for browsers.
#[derive(Debug)]
pub(in crate::service) struct Calls(Arc<Gate>);

impl Calls {
    /// Of a server.
    ///
    /// # Errors
    /// When the compiled-in descriptors are damaged.
    pub(in crate::service) fn new(handle: &Handle) -> Result<Self, tonic_reflection::server::Error> {
        Gate::new(handle).map(|gate| Self(Arc::new(gate)))
    }

    /// Whether a request is one of them.
    pub(in crate::service) fn is_one(method: &Method, headers: &HeaderMap) -> bool {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        method == Method::POST && TYPES.contains(&kind)
    }

    /// Answers one, unless the page that it comes from bars it.
    pub(in crate::service) async fn answer<B>(
        &self,
        peer: Arc<Peer>,
        request: Request<B>,
        barred: Result<(), Failure>,
    ) -> Response<Answer>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<StdError> + std::fmt::Display,
    {
        let call = Call { gate: Arc::clone(&self.0), of: Some((peer, barred)) };
        let answered = GrpcWebLayer::new().layer(call).call(request).await;
        Answer::recorded(answered.unwrap_or_else(|never| match never {}))
    }
}

/// One call, as `tonic-web` hands it on.
struct Call {
    gate: Arc<Gate>,
    /// Taken by the one call that there is.
    of: Option<(Arc<Peer>, Result<(), Failure>)>,
}

impl Service<Request<Body>> for Call {
    type Response = Response<Answer>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Answer>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let (gate, of) = (Arc::clone(&self.gate), self.of.take());
        let (peer, barred) = of.expect("a call is made once");
        Box::pin(async move { Ok(gate.answer("grpc-web", peer, request.map(Source::Web), barred).await) })
    }
}
