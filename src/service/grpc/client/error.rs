//! Why a service could not be asked, or did not answer.

use std::io;
use std::path::PathBuf;
use tonic::Code;

/// Why the service could not be asked or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is invalid.
    #[error("invalid service address `{0}`; expected https://HOST:PORT, http://HOST:PORT or HOST:PORT")]
    Address(String),
    /// A certificate or key file could not be read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Certificates were given for an address without TLS.
    #[error("{0} is without TLS, but certificates were given: use https://")]
    PlainAddress(String),
    /// A key would be sent unencrypted to another machine.
    #[error("{0} is on another machine and without TLS: a key is sent there only by https://")]
    PlainKey(String),
    /// The certificates cannot be used.
    #[error("TLS: {0}")]
    Tls(String),
    /// The async runtime could not be started.
    #[error("start the async runtime: {0}")]
    Runtime(io::Error),
    /// Nothing answers there.
    #[error("connect to {url}: {cause}")]
    Connect {
        /// The service.
        url: String,
        /// Why, down to the root.
        cause: String,
    },
    /// The service answered with an error.
    #[error("{url}: {message} ({code:?}{})", reason_suffix(.reason))]
    Answer {
        /// The service.
        url: String,
        /// gRPC code.
        code: Code,
        /// Stable reason, for example `OVERLOADED`; empty when another party answered.
        reason: String,
        /// What it said.
        message: String,
    },
    /// The service answered with the wrong number of screenings.
    #[error("{url}: {asked} shipments were sent, but {answered} screenings came back")]
    Count {
        /// The service.
        url: String,
        /// Shipments sent.
        asked: usize,
        /// Screenings received.
        answered: usize,
    },
}

/// The error and its causes; a cause that is already quoted is not repeated.
pub(super) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let cause = inner.to_string();
        if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
        source = inner.source();
    }
    text
}

fn reason_suffix(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(", {reason}") }
}
