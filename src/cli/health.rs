//! `tidewaiter health`: asks a running service whether it is ready; for container health checks.

use super::engine::Credentials;
use super::lists::status;
use super::output::{OutputError, say};
use super::text::visible;
use crate::service::grpc::client::{Error, Remote};
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;
use wire::v1;

/// Asks a running service whether it is ready. Exit code 0: serving; 2: not serving, or no answer.
///
/// What a person should know of its lists (a reload or fetch that failed, a list that is missing) is said on standard
/// error, where the credentials allow to ask for it.
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
    /// Prints `SERVING` or `NOT_SERVING`, and why.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let target = self.credentials.target(&self.server)?;
        let mut remote = Remote::open(&target)?;
        let serving = remote.is_serving(Duration::from_secs(self.timeout))?;
        let word = if serving { "SERVING" } else { "NOT_SERVING" };
        writeln!(anstream::stdout(), "{word}").map_err(OutputError)?;
        for line in attention(remote.status(), serving) {
            say(format_args!("attention: {}", visible(&line)));
        }
        Ok(if serving { ExitCode::SUCCESS } else { ExitCode::from(2) })
    }
}

/// What a person should know of the lists. Who may not ask for the status is told nothing more.
fn attention(status: Result<v1::GetStatusResponse, Error>, serving: bool) -> Vec<String> {
    match status {
        Ok(status) => status::attention(&status),
        // Nothing is in force, and the refusal says why.
        Err(error) if !serving => vec![error.to_string()],
        Err(_) => Vec::new(),
    }
}
