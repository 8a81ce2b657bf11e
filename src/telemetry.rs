//! Logs and traces. Nothing in the house puts texts of shipments into either.
//!
//! Logs go to standard error, plain or JSON. `TIDEWAITER_LOG` overrides the level with filter directives (`debug`,
//! `tidewaiter=trace,h2=info`), `TIDEWAITER_LOG_FORMAT` (`plain`, `json`) the form. Traces go to a collector by OTLP,
//! one span a call; without a collector the span costs one look at a flag.

use crate::config::{Log, LogFormat, Traces};
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use std::io::{self, IsTerminal as _};
use std::time::Duration;
use std::{env, panic};
use tonic::codegen::http::{HeaderMap, HeaderValue};
use tracing::{Level, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

/// The target of the span of a call; no log filter of ours lets it through.
const CALL: &str = "call";

/// What spans on their way get at the stop.
const FLUSH: Duration = Duration::from_secs(2);

/// Sends spans; dropping it sends those still here.
#[derive(Debug)]
pub struct Tracer(Option<SdkTracerProvider>);

impl Drop for Tracer {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take() {
            // A collector that is away is no reason not to stop.
            let _ = provider.shutdown_with_timeout(FLUSH);
        }
    }
}

/// Starts logs and, where a collector is named, traces; a second start in one process changes nothing. Traces need a
/// reactor around this call.
///
/// # Errors
/// A message when an environment variable or the collector's address cannot be read.
pub fn start(log: Log, traces: &Traces) -> Result<Tracer, String> {
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
    // A line that cannot be written is lost; complaining about it on the same stream would end the thread.
    let lines = fmt::layer().with_writer(io::stderr).log_internal_errors(false);
    let lines = match format {
        LogFormat::Plain => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let provider = provider(traces)?;
    let spans = provider.as_ref().map(|provider| {
        let only_calls = Targets::new().with_target(CALL, Level::INFO);
        tracing_opentelemetry::layer().with_tracer(provider.tracer("tidewaiter")).with_filter(only_calls)
    });
    // An error means that somebody else has started logging in this process, which is their right.
    let _ = registry().with(spans).with(lines.with_filter(filter)).try_init();
    panic::set_hook(Box::new(|info| {
        // Only the place: the message of a failed slice or unwrap may quote a shipment.
        let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
        tracing::error!(panic.place = place, "internal fault");
    }));
    Ok(Tracer(provider))
}

fn provider(traces: &Traces) -> Result<Option<SdkTracerProvider>, String> {
    let Some(endpoint) = &traces.endpoint else { return Ok(None) };
    let exporter = opentelemetry_otlp::SpanExporter::builder().with_tonic().with_endpoint(endpoint).build();
    let exporter = exporter.map_err(|e| format!("traces.endpoint `{endpoint}`: {e}"))?;
    // Who asks has decided already whether to trace; the share is for those who have not.
    let share = Sampler::TraceIdRatioBased(traces.sample_per_mille as f64 / 1000.0);
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(share)))
        .with_resource(Resource::builder().with_service_name("tidewaiter").build());
    Ok(Some(provider.build()))
}

/// The span of one call, a child of what the caller's `traceparent` names; disabled when nobody collects.
pub fn call_span(method: &'static str, id: &HeaderValue, headers: &HeaderMap) -> Span {
    let span = tracing::info_span!(
        target: CALL,
        "call",
        otel.name = method,
        otel.kind = "server",
        rpc.system = "grpc",
        rpc.method = method,
        rpc.grpc.status_code = tracing::field::Empty,
        call.id = id.to_str().unwrap_or_default(),
    );
    if !span.is_disabled() {
        // It fails when the span is already on its way, which a new one is not.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(headers)));
    }
    span
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|key| key.as_str()).collect()
    }
}
/// Bytes of this process that are in memory; `None` where the system does not tell.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}
