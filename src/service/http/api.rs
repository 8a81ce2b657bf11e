//! The HTTP port: JSON, the interfaces of others, and the console.

mod gate;
mod ledger;
mod lines;
mod mcp;
mod openapi;
mod own;
mod reconcile;
mod v1;
mod watchman;
mod yente;

use super::error::Error;
use crate::config;
#[cfg(feature = "console")]
use crate::service::console::Console;
use crate::service::grpc::Calls;
use crate::service::guard::failure::Failure;
use crate::service::handle::Handle;
use crate::service::shared::Shared;
use crate::service::tls::Tls;
use crate::service::transport;
use crate::service::web::Web;
use crate::shutdown::Shutdown;
use axum::Router;
use gate::Gate;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

/// How long the last answers may take to leave the machine, once all calls are done or cut off.
const FLUSH: Duration = Duration::from_millis(500);

/// The bound HTTP port.
#[derive(Debug)]
pub struct Api {
    listener: TcpListener,
    shared: Arc<Shared>,
    tls: Option<Arc<Tls>>,
    gate: Arc<Gate>,
}

impl Api {
    /// Takes the port; keys, limits and TLS are those of the service behind `handle`.
    ///
    /// # Errors
    /// When the address cannot be used, or the console's accounts or provider are refused.
    pub async fn bind(
        address: SocketAddr,
        http: &config::Http,
        console: &config::Console,
        handle: &Handle,
    ) -> Result<Self, Error> {
        let listener = TcpListener::bind(address).await.map_err(|source| Error::Bind { address, source })?;
        let (shared, tls) = (Arc::clone(handle.shared()), handle.tls());
        let web = Arc::new(Web::new(Arc::clone(&shared), http, tls.is_some()));
        let router = routes(&web);
        #[cfg(feature = "console")]
        let (console, router) = {
            let console = Console::load(console, &web).map_err(|e| Error::Console(e.to_string()))?.map(Arc::new);
            let pages = console.as_ref().map(|console| crate::service::console::routes(Arc::clone(console)));
            (console, pages.map_or(router.clone(), |pages| router.merge(pages)))
        };
        #[cfg(not(feature = "console"))]
        let _left_out = console;
        let gate = Arc::new(Gate {
            router: router.fallback(|| async { Failure::PathUnknown }),
            calls: Calls::new(handle)?,
            web,
            #[cfg(feature = "console")]
            console,
        });
        Ok(Self { listener, shared, tls, gate })
    }

    /// The address; with the real port where 0 was configured.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until told to stop; calls in progress have the time that those of gRPC have.
    pub async fn serve(self, shutdown: Shutdown) {
        let connections = TaskTracker::new();
        transport::accept(self.listener, self.gate, self.tls, shutdown.stop, connections.clone()).await;
        connections.close();
        // The room is closed by the service that owns it; it says when the calls must have ended.
        tokio::select! {
            () = self.shared.room.open.wait() => {}
            () = self.shared.cut.cancelled() => {}
        }
        let _cut_off = tokio::time::timeout(FLUSH, connections.wait()).await;
    }
}

/// Every route but those of the console.
fn routes(web: &Arc<Web>) -> Router {
    v1::routes()
        .merge(ledger::routes())
        .merge(own::routes())
        .merge(mcp::routes())
        .merge(yente::routes())
        .merge(watchman::routes())
        .merge(reconcile::routes())
        .method_not_allowed_fallback(|| async { Failure::VerbUnknown })
        .with_state(Arc::clone(web))
}
