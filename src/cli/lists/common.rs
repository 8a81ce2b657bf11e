//! What `status`, `show` and `search` take: lists, policy, or a service.

use super::super::engine::{Lists, PolicyFile, Server};
use super::super::output::Format;

/// Which lists to ask, and the form of the answer.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    #[command(flatten)]
    pub(super) lists: Lists,
    #[command(flatten)]
    pub(super) policy: PolicyFile,
    #[command(flatten)]
    pub(super) server: Server,
    /// Form of the answer.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}
