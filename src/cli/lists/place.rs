//! Where fetched lists are kept.

use std::path::PathBuf;

/// The data directory and the configuration that may name it.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// Data directory; replaces that of the configuration.
    #[arg(long, value_name = "DIR", env = "TIDEWAITER_DATA_DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// Configuration file of `serve`.
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_CONFIG")]
    pub(super) config: Option<PathBuf>,
}
