//! Why lists could not be loaded.

use engine::screen::BuildError;
use lists::guard::Objection;

/// Why lists could not be loaded. The text includes the causes, because it is kept and sent as text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A list could not be read.
    #[error("{0}")]
    List(lists::Error),
    /// The lists could not be compiled.
    #[error("{}", with_cause(.0))]
    Build(BuildError),
    /// A file changed more than it may, and no person has accepted it.
    #[error("{}", guarded(.0))]
    Guarded(Vec<Objection>),
    /// Lists that the configuration requires are not among those read; each in a sentence.
    #[error("{}", .0.join("; "))]
    Missing(Vec<String>),
    /// A fault of the program; the log has the place.
    #[error("internal fault while loading; see the log")]
    Panicked,
}

impl Error {
    /// Whether the data directory has nothing in force yet, which fetching may change.
    pub fn is_nothing_in_force(&self) -> bool {
        matches!(self, Self::List(lists::Error::NothingInForce { .. }))
    }
}

/// What to do first: the reasons may be many, and a reader of the whole text may get only its beginning.
fn guarded(objections: &[Objection]) -> String {
    let file = |objection: &Objection| {
        let (path, reasons) = (objection.path.display(), objection.reasons.join("; "));
        format!(
            "{path} is kept out of force until a person runs `tidewaiter lists accept --list {path} --note TEXT` and \
             loads again: {reasons}"
        )
    };
    objections.iter().map(file).collect::<Vec<_>>().join("; ")
}

fn with_cause(error: &BuildError) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
