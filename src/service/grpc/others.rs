//! The services that are called rarely: the ledger, and what gRPC defines itself, health and reflection.

use super::ledger::{Decisions, Records};
use crate::service::shared::Shared;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::codegen::{Body as HttpBody, Service, StdError};
use tonic::{Code, Status};
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};
use tonic_reflection::server::{Builder, Error};
use v1::decision_service_server::DecisionServiceServer;
use v1::ledger_service_server::LedgerServiceServer;
use wire::v1;

type Answering = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;
type Boxed<B> = Box<dyn Fn(Request<B>) -> Answering + Send + Sync>;

/// Services by the beginning of their paths. Their types have no names that a struct could give, and they are called
/// rarely enough that a box a call costs nothing.
pub(super) struct Others<B>(Vec<(&'static str, Boxed<B>)>);

impl<B: HttpBody + Send + 'static> Others<B>
where
    B::Error: Into<StdError> + Send,
{
    /// The ledger of `shared`, health as `reporter` says it, and reflection in both versions that clients speak.
    ///
    /// # Errors
    /// When the compiled-in descriptors are damaged.
    pub(super) fn new(reporter: HealthReporter, shared: &Arc<Shared>) -> Result<Self, Error> {
        let max = shared.options.max_message_bytes;
        let records = LedgerServiceServer::new(Records(Arc::clone(shared))).max_decoding_message_size(max);
        let decisions = DecisionServiceServer::new(Decisions(Arc::clone(shared))).max_decoding_message_size(max);
        let health = HealthServer::new(HealthService::from_health_reporter(reporter));
        Ok(Self(vec![
            ("/tidewaiter.v1.LedgerService/", boxed(records)),
            ("/tidewaiter.v1.DecisionService/", boxed(decisions)),
            ("/grpc.health.v1.Health/", boxed(health)),
            ("/grpc.reflection.v1.ServerReflection/", boxed(reflection().build_v1()?)),
            ("/grpc.reflection.v1alpha.ServerReflection/", boxed(reflection().build_v1alpha()?)),
        ]))
    }

    /// Answers a call; UNIMPLEMENTED where no service has the path.
    pub(super) async fn call(&self, request: Request<B>) -> Response<Body> {
        match self.0.iter().find(|(path, _)| request.uri().path().starts_with(path)) {
            Some((_, service)) => service(request).await,
            None => Status::new(Code::Unimplemented, "").into_http(),
        }
    }
}

fn boxed<B, S>(service: S) -> Boxed<B>
where
    S: Service<Request<B>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    Box::new(move |request| {
        let answering = service.clone().call(request);
        Box::pin(async { answering.await.unwrap_or_else(|never| match never {}) })
    })
}

fn reflection() -> Builder<'static> {
    Builder::configure()
        .register_encoded_file_descriptor_set(v1::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        // The details of errors travel as `Any`: a client that only has reflection finds their types here.
        .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
}

impl<B> fmt::Debug for Others<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(path, _)| path)).finish()
    }
}
