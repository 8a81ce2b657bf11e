//! Listening and stopping.

use super::admission::{Shared, stamp};
use super::lists::Lists;
use super::service::Screening;
use crate::config;
use crate::current::{self, Current, Reloaded};
use crate::shutdown::Shutdown;
use crate::wire::v1;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use std::{io, pin::pin};
use tokio::net::TcpListener;
use tonic::codec::CompressionEncoding::Gzip;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::server::TcpIncoming;
use tonic_health::server::{HealthReporter, HealthService};
use tonic_health::{ServingStatus, pb::health_server::HealthServer};

/// How often an idle connection is asked whether the other side is still there; a dead one would keep its streams.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// What the last answers get to leave the machine, once all calls are done or cut.
const FLUSH: Duration = Duration::from_millis(500);

/// A bound port, not yet served.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    handle: Handle,
}

/// A hand on a server, also while it runs.
#[derive(Clone, Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    health: HealthReporter,
}

/// How a server came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drain {
    /// Every call was answered.
    Complete,
    /// The time was up, or there was a second signal: open streams were ended, other open calls dropped.
    CutOff,
}

/// Why a server could not start or run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be had, or the worker threads not started.
    #[error("listen on {address}: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The transport failed.
    #[error("serve: {0}")]
    Serve(#[from] tonic::transport::Error),
    /// The compiled-in descriptors are damaged.
    #[error("reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
}

impl Server {
    /// Takes the port and starts the screening threads. Health says NOT_SERVING until lists are loaded.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn bind(options: &config::Server, current: Current) -> Result<Self, Error> {
        let bind_error = |source| Error::Bind { address: options.listen, source };
        let listener = TcpListener::bind(options.listen).await.map_err(bind_error)?;
        let is_loaded = current.load().is_some();
        let shared = Arc::new(Shared::new(options.clone(), current).map_err(bind_error)?);
        let handle = Handle { shared, health: HealthReporter::new() };
        handle.set_health(if is_loaded { ServingStatus::Serving } else { ServingStatus::NotServing }).await;
        Ok(Self { listener, handle })
    }

    /// The address in fact, where port 0 was asked for.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// A hand on the server.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Serves until told to stop; then health says NOT_SERVING, no connection is accepted any more, and calls in
    /// progress, streams included, get the configured time to finish. After it, streams are answered as far as they
    /// were read and end with UNAVAILABLE.
    ///
    /// # Errors
    /// When the transport fails.
    pub async fn serve(self, shutdown: Shutdown) -> Result<Drain, Error> {
        let Self { listener, handle } = self;
        let shared = &handle.shared;
        let max = shared.options.max_message_bytes;
        let screening = v1::screening_service_server::ScreeningServiceServer::new(Screening(Arc::clone(shared)))
            .max_decoding_message_size(max)
            .accept_compressed(Gzip);
        let lists = v1::list_service_server::ListServiceServer::new(Lists(Arc::clone(shared)))
            .max_decoding_message_size(max)
            .accept_compressed(Gzip);
        let stopping = {
            let (handle, stop) = (handle.clone(), shutdown.stop.clone());
            async move {
                stop.cancelled().await;
                handle.set_health(ServingStatus::NotServing).await;
            }
        };
        let serving = tonic::transport::Server::builder()
            .http2_keepalive_interval(Some(KEEPALIVE))
            .add_service(InterceptedService::new(screening, stamp))
            .add_service(InterceptedService::new(lists, stamp))
            .add_service(HealthServer::new(HealthService::from_health_reporter(handle.health.clone())))
            .add_service(reflection().build_v1()?)
            .add_service(reflection().build_v1alpha()?)
            .serve_with_incoming_shutdown(TcpIncoming::from(listener).with_nodelay(Some(true)), stopping);
        let mut serving = pin!(serving);
        tokio::select! {
            served = &mut serving => {
                served?;
                // The last connection may close before the wait for calls is over.
                Ok(if shared.cut.is_cancelled() { Drain::CutOff } else { Drain::Complete })
            }
            drain = drained(shared, &shutdown) => {
                // tonic also waits for health watches, which never end; they are not worth the wait.
                if let Ok(served) = tokio::time::timeout(FLUSH, serving).await {
                    served?;
                }
                Ok(drain)
            }
        }
    }
}

/// Waits for the stop, then for the calls.
async fn drained(shared: &Shared, shutdown: &Shutdown) -> Drain {
    shutdown.stop.cancelled().await;
    shared.open.close();
    let in_time = tokio::select! {
        () = shared.open.wait() => true,
        () = tokio::time::sleep(shared.options.drain) => false,
        () = shutdown.hurry.cancelled() => false,
    };
    if in_time {
        return Drain::Complete;
    }
    tracing::warn!(calls.open = shared.open.len(), "stopping with calls open");
    shared.cut.cancel();
    // What was read is still answered, as far as the caller takes it.
    let _ = tokio::time::timeout(FLUSH, shared.open.wait()).await;
    Drain::CutOff
}

fn reflection() -> tonic_reflection::server::Builder<'static> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(v1::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}

impl Handle {
    /// Loads the lists anew, as the Reload call does; the first success turns health to SERVING.
    ///
    /// # Errors
    /// When anything is wrong with the new lists; then the old set stays in force.
    pub async fn reload(&self) -> Result<Reloaded, current::Error> {
        let first = self.shared.current.load().is_none();
        let reloaded = Arc::clone(&self.shared).reload().await?;
        if first && !self.shared.open.is_closed() {
            self.set_health(ServingStatus::Serving).await;
        }
        Ok(reloaded)
    }

    /// Overall and for each service.
    async fn set_health(&self, status: ServingStatus) {
        use v1::{list_service_server::SERVICE_NAME as LISTS, screening_service_server::SERVICE_NAME as SCREENING};
        for service in ["", SCREENING, LISTS] {
            self.health.set_service_status(service, status).await;
        }
    }
}
