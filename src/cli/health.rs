//! `tidewaiter health`: asks a running service whether it is ready; for container health checks.

use super::engine::Credentials;
use super::output::OutputError;
use crate::service::grpc::client::Remote;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

/// Asks a running service whether it is ready. Exit code 0: serving; 2: not serving, or no answer.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    /// The service: https://HOST:PORT, http://HOST:PORT or HOST:PORT.
    #[arg(long, value_name = "URL", env = "TIDEWAITER_SERVER", default_value = "http://127.0.0.1:50051")]
    server: String,
    /// Seconds to wait for the answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=300))]
    timeout: u64,
    #[command(flatten)]
    credentials: Credentials,
}

impl Args {
    /// Prints `SERVING` or `NOT_SERVING`.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let target = self.credentials.target(&self.server)?;
        let serving = Remote::open(&target)?.is_serving(Duration::from_secs(self.timeout))?;
        let word = if serving { "SERVING" } else { "NOT_SERVING" };
        writeln!(anstream::stdout(), "{word}").map_err(OutputError)?;
        Ok(if serving { ExitCode::SUCCESS } else { ExitCode::from(2) })
    }
}
