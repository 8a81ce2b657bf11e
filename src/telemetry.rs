//! Logs: to standard error, plain or JSON. Nothing in the house logs texts of shipments.
//!
//! `TIDEWAITER_LOG` overrides the level with filter directives (`debug`, `tidewaiter=trace,h2=info`),
//! `TIDEWAITER_LOG_FORMAT` (`plain`, `json`) the form.

use crate::config::{Log, LogFormat};
use std::io::{self, IsTerminal as _};
use std::{env, panic};
use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging; a second start in one process changes nothing.
///
/// # Errors
/// A message when an environment variable cannot be read.
pub fn start(log: Log) -> Result<(), String> {
    let filter = match env::var("TIDEWAITER_LOG") {
        Ok(directives) => EnvFilter::try_new(directives).map_err(|e| format!("TIDEWAITER_LOG: {e}"))?,
        // The crates below are heard only when something is wrong.
        Err(_) => EnvFilter::new(format!("warn,tidewaiter={}", log.level.as_str())),
    };
    let format = match env::var("TIDEWAITER_LOG_FORMAT").as_deref() {
        Ok("plain") => LogFormat::Plain,
        Ok("json") => LogFormat::Json,
        Ok(other) => return Err(format!("TIDEWAITER_LOG_FORMAT: `{other}` is not plain or json")),
        Err(_) => log.format,
    };
    let lines = fmt().with_env_filter(filter).with_writer(io::stderr);
    // An error means that somebody else has started logging in this process, which is their right.
    let _ = match format {
        LogFormat::Plain => lines.with_ansi(io::stderr().is_terminal()).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    panic::set_hook(Box::new(|info| {
        // Only the place: the message of a failed slice or unwrap may quote a shipment.
        let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
        tracing::error!(panic.place = place, "internal fault");
    }));
    Ok(())
}
