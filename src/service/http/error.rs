//! Why HTTP cannot be served.

use std::io;
use std::net::SocketAddr;

/// Why HTTP cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be used.
    #[error("listen on {address}: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The program was built without HTTP.
    #[error(
        "{setting} is set ({address}), but this program was built without the feature `http`: remove the setting, or use \
         a build with the feature"
    )]
    LeftOut {
        /// The setting.
        setting: &'static str,
        /// Its value.
        address: SocketAddr,
    },
    /// The compiled-in descriptors are damaged.
    #[error("reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// The console cannot be served: its accounts, or the provider that people sign in with.
    #[error("{0}")]
    Console(String),
}
