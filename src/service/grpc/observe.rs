//! Metrics and probes over HTTP, on a port of their own.

use super::server::Handle;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::routing::get;
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
    /// When the address cannot be had.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address).await? })
    }

    /// The address in fact, where port 0 was asked for.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop`.
    ///
    /// # Errors
    /// When accepting fails for good.
    pub async fn serve(self, handle: Handle, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let ready = |State(handle): State<Handle>| async move {
            if handle.is_ready() {
                (StatusCode::OK, "ready\n")
            } else {
                (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
            }
        };
        let metrics = |State(handle): State<Handle>| async move {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.metrics())
        };
        let routes = Router::new()
            .route("/healthz", get(|| async { "alive\n" }))
            .route("/readyz", get(ready))
            .route("/metrics", get(metrics))
            .with_state(handle);
        axum::serve(self.listener, routes).with_graceful_shutdown(stop).await
    }
}
