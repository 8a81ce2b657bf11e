//! Metrics and probes over HTTP, on a port of their own.

use super::error::Error;
use crate::service::handle::Handle;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// A bound port for `/metrics`, `/healthz` and `/readyz`.
#[derive(Debug)]
pub struct Observer {
    listener: TcpListener,
}

impl Observer {
    /// Takes the port.
    ///
    /// # Errors
    /// When the address cannot be used, or the program was built without the feature `http`.
    pub async fn bind(address: SocketAddr) -> Result<Self, Error> {
        if !cfg!(feature = "http") {
            return Err(Error::LeftOut { setting: "observe.listen", address });
        }
        let listener = TcpListener::bind(address).await.map_err(|source| Error::Bind { address, source })?;
        Ok(Self { listener })
    }

    /// The address; with the real port where 0 was configured.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop`.
    ///
    /// # Errors
    /// When connections can no longer be accepted.
    #[cfg(feature = "http")]
    pub async fn serve(self, handle: Handle, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        axum::serve(self.listener, routes(handle)).with_graceful_shutdown(stop).await
    }

    /// Never called: without the feature `http` no port can be bound.
    ///
    /// # Errors
    /// None.
    #[cfg(not(feature = "http"))]
    pub async fn serve(self, _handle: Handle, _stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(feature = "http")]
fn routes(handle: Handle) -> axum::Router {
    use axum::extract::State;
    use axum::http::{StatusCode, header};
    use axum::routing::get;
    let ready = |State(handle): State<Handle>| async move {
        let (code, word) = if handle.is_ready() {
            (StatusCode::OK, "ready\n")
        } else {
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        };
        // With what a person should know, whether or not it is ready: a reload that failed leaves the old lists in force.
        let attention = handle.attention().map(|why| format!("attention: {why}\n"));
        (code, word.to_owned() + &attention.unwrap_or_default())
    };
    let metrics = |State(handle): State<Handle>| async move {
        ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.metrics())
    };
    axum::Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(handle)
}
