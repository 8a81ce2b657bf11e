//! Why webhooks cannot be sent at all.

use std::io;
use std::path::PathBuf;

/// Why webhooks cannot be sent at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The queue or a secret cannot be read or written.
    #[error("webhooks: {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A target cannot be used.
    #[error("webhooks.target `{name}`: {why}")]
    Target {
        /// Its name.
        name: String,
        /// What is wrong and what was expected.
        why: String,
    },
    /// The program cannot send.
    #[error("webhooks: {0}")]
    Client(String),
}
