//! Why a server could not start or run.

use super::tls::TlsError;
use crate::service::guard::roster::RosterError;
use std::io;
use std::net::SocketAddr;

/// Why a server could not start or run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be used, or the screening threads cannot be started.
    #[error("listen on {address}: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The certificates cannot be used.
    #[error("TLS: {0}")]
    Tls(#[from] TlsError),
    /// The callers file cannot be used.
    #[error("callers: {0}")]
    Callers(#[from] RosterError),
    /// The compiled-in descriptors are damaged.
    #[error("reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
}
