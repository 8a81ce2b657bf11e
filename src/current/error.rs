//! Why lists could not be loaded.

use engine::screen::BuildError;

/// Why lists could not be loaded. The text includes the causes, because it is kept and sent as text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A list could not be read.
    #[error("{0}")]
    List(lists::Error),
    /// The lists could not be compiled.
    #[error("{}", with_cause(.0))]
    Build(BuildError),
    /// A fault of the program; the log has the place.
    #[error("internal fault while loading; see the log")]
    Panicked,
}

fn with_cause(error: &BuildError) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
