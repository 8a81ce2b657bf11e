//! Why a publication could not be fetched.

use super::download;

/// Why a publication could not be fetched. The text reaches operators, who see it beside the publication's id.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// The data directory could not be read or written.
    #[error(transparent)]
    Store(#[from] lists::store::StoreError),
    /// A file could not be downloaded.
    #[error(transparent)]
    Download(#[from] download::Error),
    /// The publisher wants a token, and the environment has none.
    #[error("the publisher requires a token: set {variable} ({how})")]
    NoToken {
        /// The environment variable.
        variable: String,
        /// How to get a token.
        how: String,
    },
    /// The file that came is not the publication.
    #[error("the file sent is not the list: {0}")]
    NotTheList(String),
}
