//! `tidewaiter mcp`: tools for an assistant on this machine, over standard input and output.

use super::loading::{self, variables};
use super::output::say;
use crate::config;
use crate::service::mcp::Stdio;
use anyhow::Context as _;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// Serves tools for assistants over standard input and output (Model Context Protocol): screen, search, entry, explain,
/// lists. They only read, and nothing is recorded. `tidewaiter serve --http` serves the same at /mcp.
///
/// Exit codes: 0 the input ended, 2 it could not.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Configuration file (TOML); its lists and policy are used, not its ports.
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_CONFIG")]
    config: Option<PathBuf>,
    /// List to load; `builtin` is the lists inside the program. May be repeated. Replaces the lists of the configuration.
    #[arg(long = "list", value_name = "PATH")]
    lists: Vec<PathBuf>,
    /// Data directory with lists that `tidewaiter lists fetch` or a service keeps current.
    #[arg(long, value_name = "DIR", env = "TIDEWAITER_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// Days after which the whole lists inside the program are stale; 0 for never.
    #[arg(long, value_name = "DAYS", env = "TIDEWAITER_BUILTIN_STALE_AFTER")]
    builtin_stale_after: Option<u16>,
    /// Policy file; replaces that of the configuration.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

impl Args {
    /// Serves until the input ends.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let mut config = config::Config::load(self.config.as_deref(), variables())?;
        loading::put_over(&mut config.lists, &self.lists, self.data_dir, &[]);
        loading::put_builtin_limit(&mut config, self.builtin_stale_after);
        config.policy = self.policy.or(config.policy);
        let current = loading::current(&config)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("start the runtime")?;
        let stdio = {
            // Threads of the service are started within the runtime.
            let _within = runtime.enter();
            Stdio::new(&config.server, current)?
        };
        runtime.block_on(stdio.load()).context("load the lists")?;
        say(format_args!("tools for assistants on standard input and output; end the input to stop"));
        stdio.serve(io::stdin().lock(), io::stdout().lock(), runtime.handle()).context("standard input and output")?;
        runtime.shutdown_background();
        Ok(ExitCode::SUCCESS)
    }
}
