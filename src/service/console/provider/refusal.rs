//! Why a provider cannot be used, and why a sign-in failed.

use std::io;
use std::path::PathBuf;

/// Why the settings of a provider were refused.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// A setting is wrong.
    #[error("console.oidc.{setting}: {why}")]
    Setting {
        /// Which.
        setting: &'static str,
        /// What is wrong.
        why: String,
    },
    /// The secret cannot be read.
    #[error("console.oidc.client_secret_file: {}: {source}", path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No requests can be sent.
    #[error("console.oidc: {0}")]
    Client(String),
}

/// Why a sign-in failed. The display is for the log: what a person is told is [`Refusal::words`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::service::console) enum Refusal {
    /// The provider does not answer as it should.
    #[error("{0}")]
    Unreachable(String),
    /// Too many people sign in at once.
    #[error("too many people sign in at once")]
    Busy,
    /// No sign-in that this browser began, or one that was used or took too long.
    #[error("its state is unknown, used, too old, or of another browser")]
    Stale,
    /// The provider let nobody in.
    #[error("the provider answered {0}")]
    Denied(String),
    /// What the provider answered does not hold.
    #[error("{0}")]
    Invalid(String),
    /// The person has no role here.
    #[error("no value of the claim of roles gives a role")]
    NoRole,
    /// The name of the person cannot be taken.
    #[error("the claim of names has no name that can be taken: {0}")]
    NoName(&'static str),
}

impl Refusal {
    /// What a person is told; nothing of what a stranger may have sent.
    pub(in crate::service::console) fn words(&self, label: &str, has_accounts: bool) -> String {
        let otherwise = if has_accounts { " or use an account of this console" } else { "" };
        match self {
            Self::Unreachable(_) => format!("The sign-in with {label} cannot be reached. Try again later{otherwise}."),
            Self::Busy => format!("Too many people sign in at once. Try again in a moment{otherwise}."),
            Self::Stale => {
                "This sign-in was used already, took too long, or began in another browser. Start again.".to_owned()
            }
            Self::Denied(word) => {
                format!("The sign-in with {label} was not completed ({word}). Start again{otherwise}.")
            }
            Self::Invalid(_) => format!("The answer of {label} was refused; the log of this service says why."),
            Self::NoRole => {
                format!("The sign-in with {label} worked, but gives you no role in this console. Ask who runs it.")
            }
            Self::NoName(_) => {
                format!("The sign-in with {label} gives no name that this console can take. Ask who runs it.")
            }
        }
    }

    /// Whether it may work later.
    pub(in crate::service::console) fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Busy)
    }
}
