//! `tidewaiter health`: asks a running service whether it is ready; for container health checks.

use super::engine::Credentials;
use crate::service::grpc::client::Remote;
use anyhow::Context as _;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

/// Ask a running service whether it is ready. Exit code 0: serving; 2: not serving, or no answer.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The service, https://HOST:PORT, http://HOST:PORT or HOST:PORT
    #[arg(long, value_name = "URL", env = "TIDEWAITER_SERVER", default_value = "http://127.0.0.1:50051")]
    server: String,
    /// Seconds to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=300))]
    timeout: u64,
    #[command(flatten)]
    credentials: Credentials,
}

/// Prints `SERVING` or `NOT_SERVING`.
///
/// # Errors
/// When the service does not answer.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let serving =
        Remote::open(&args.credentials.target(&args.server)?)?.is_serving(Duration::from_secs(args.timeout))?;
    let word = if serving { "SERVING" } else { "NOT_SERVING" };
    writeln!(anstream::stdout(), "{word}").context("write the answer")?;
    Ok(if serving { ExitCode::SUCCESS } else { ExitCode::from(2) })
}
