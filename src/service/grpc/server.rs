//! Listening and stopping.

use super::gate::Gate;
use crate::config;
use crate::evidence::Recorder;
use crate::service::error::Error;
use crate::service::guard::access::Access;
use crate::service::handle::Handle;
use crate::service::shared::Shared;
use crate::service::tls::Tls;
use crate::service::transport;
use crate::shutdown::Shutdown;
use current::Current;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

/// How long the last answers may take to leave the machine, once all calls are done or cut off.
const FLUSH: Duration = Duration::from_millis(500);

/// A bound port, not yet served.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    handle: Handle,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drain {
    /// Every call was answered.
    Complete,
    /// The time was up, or a second signal came: open streams were ended, other open calls dropped.
    CutOff,
}

/// Reads certificates and callers as a server with or without a ledger would, without taking a port. Returns warnings:
/// callers that have expired or soon will.
///
/// # Errors
/// What is wrong with them.
pub fn check(options: &config::Server, has_ledger: bool) -> Result<Vec<String>, Error> {
    Tls::load(&options.tls)?;
    Ok(Access::load(&options.access, options.tls.client_ca.is_some(), has_ledger)?.warnings())
}

impl Server {
    /// Takes the port and starts the screening threads. Health says NOT_SERVING until lists are loaded.
    ///
    /// # Errors
    /// When the certificates or callers are refused, or the address cannot be used.
    pub async fn bind(options: &config::Server, current: Current) -> Result<Self, Error> {
        Self::bind_recording(options, current, None).await
    }

    /// As [`Server::bind`]; every screening goes into a ledger.
    ///
    /// # Errors
    /// As [`Server::bind`].
    pub async fn bind_recording(
        options: &config::Server,
        current: Current,
        recorder: Option<Arc<Recorder>>,
    ) -> Result<Self, Error> {
        let tls = Tls::load(&options.tls)?.map(Arc::new);
        let access = Access::load(&options.access, options.tls.client_ca.is_some(), recorder.is_some())?;
        let bind_error = |source| Error::Bind { address: options.listen, source };
        let listener = TcpListener::bind(options.listen).await.map_err(bind_error)?;
        let shared = Arc::new(Shared::new(options.clone(), access, current, recorder).map_err(bind_error)?);
        let handle = Handle::new(shared, tls).await;
        Ok(Self { listener, handle })
    }

    /// The address; with the real port where 0 was configured.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// A handle on the server.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Serves until told to stop; then health says NOT_SERVING, no more connections are accepted, and calls in
    /// progress, streams included, have the configured time to finish. After it, streams are answered as far as they
    /// were read and end with UNAVAILABLE.
    ///
    /// # Errors
    /// When the compiled-in descriptors are damaged.
    pub async fn serve(self, shutdown: Shutdown) -> Result<Drain, Error> {
        let Self { listener, handle } = self;
        let shared = handle.shared();
        let gate = Arc::new(Gate::new(&handle)?);
        let connections = TaskTracker::new();
        let accepting = transport::accept(listener, gate, handle.tls(), shutdown.stop.clone(), connections.clone());
        tokio::select! {
            () = accepting => {}
            () = handle.tend() => {}
        }
        handle.not_serving().await;
        connections.close();
        let drain = drained(shared, &shutdown).await;
        // Watches of health never end, so the wait is short.
        let _ = tokio::time::timeout(FLUSH, connections.wait()).await;
        Ok(drain)
    }
}

/// Waits for open calls, as long as they may take.
async fn drained(shared: &Shared, shutdown: &Shutdown) -> Drain {
    shared.room.open.close();
    let in_time = tokio::select! {
        () = shared.room.open.wait() => true,
        () = tokio::time::sleep(shared.options.drain) => false,
        () = shutdown.hurry.cancelled() => false,
    };
    if in_time {
        return Drain::Complete;
    }
    tracing::warn!(calls.open = shared.room.open.len(), "stopping with calls open");
    shared.cut.cancel();
    // Messages already read are still answered, as far as the caller takes them.
    let _ = tokio::time::timeout(FLUSH, shared.room.open.wait()).await;
    Drain::CutOff
}
