//! Logs and traces. No text of a shipment goes into either.
//!
//! Logs go to standard error, plain or JSON. `TIDEWAITER_LOG` overrides the level with filter directives (`debug`,
//! `tidewaiter=trace,h2=info`), `TIDEWAITER_LOG_FORMAT` (`plain`, `json`) the form. Traces go to a collector by OTLP,
//! one span a call, where the program is built with the feature `otlp`; without a collector a span costs one look at a
//! flag.

#[cfg_attr(not(feature = "otlp"), path = "telemetry/left_out.rs")]
mod traces;

pub use traces::{TraceError, Tracer};

use crate::config::{Log, LogFormat, Traces};
use std::io::{self, IsTerminal as _};
use std::{env, panic};
use tonic::codegen::http::{HeaderMap, HeaderValue};
use tracing::Span;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

/// The target of the span of a call; no log filter of ours lets it through.
const CALL: &str = "call";

/// Why logs or traces could not be started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The filter is invalid.
    #[error("TIDEWAITER_LOG: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The form is unknown.
    #[error("TIDEWAITER_LOG_FORMAT: unknown form `{0}`; expected plain or json")]
    Format(String),
    /// Traces could not be started.
    #[error(transparent)]
    Traces(#[from] TraceError),
}

/// Starts logs and, where a collector is configured, traces; a second start in one process changes nothing. Traces need
/// an async runtime around this call.
///
/// # Errors
/// When an environment variable or the collector's address is invalid, or traces are configured and left out of this
/// build.
pub fn start(log: Log, traces: &Traces) -> Result<Tracer, Error> {
    let filter = match env::var("TIDEWAITER_LOG") {
        Ok(directives) => EnvFilter::try_new(directives)?,
        // Libraries log only when something is wrong.
        Err(_) => EnvFilter::new(format!("warn,tidewaiter={}", log.level.as_str())),
    };
    let format = match env::var("TIDEWAITER_LOG_FORMAT").as_deref() {
        Ok("plain") => LogFormat::Plain,
        Ok("json") => LogFormat::Json,
        Ok(other) => return Err(Error::Format(other.to_owned())),
        Err(_) => log.format,
    };
    // A line that cannot be written is lost; complaining about it on the same stream would end the thread.
    let lines = fmt::layer().with_writer(io::stderr).log_internal_errors(false);
    let lines = match format {
        LogFormat::Plain => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let tracer = Tracer::start(traces)?;
    // It fails when logging has been started in this process before, which then stays as it is.
    let _ = registry().with(tracer.layer(CALL)).with(lines.with_filter(filter)).try_init();
    panic::set_hook(Box::new(|info| {
        // Only the place: the message of a failed slice or unwrap may quote a shipment.
        let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
        tracing::error!(panic.place = place, "internal fault");
    }));
    Ok(tracer)
}

/// The span of one call, a child of the span that the caller's `traceparent` names; disabled without a collector.
pub fn call_span(system: &'static str, method: &'static str, id: &HeaderValue, headers: &HeaderMap) -> Span {
    let span = tracing::info_span!(
        target: CALL,
        "call",
        otel.name = method,
        otel.kind = "server",
        rpc.system = system,
        rpc.method = method,
        rpc.grpc.status_code = tracing::field::Empty,
        call.id = id.to_str().unwrap_or_default(),
    );
    if !span.is_disabled() {
        traces::set_parent(&span, headers);
    }
    span
}

/// Resident memory of this process in bytes; `None` where the system does not say.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}
