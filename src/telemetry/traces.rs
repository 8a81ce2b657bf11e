//! Traces, sent to a collector by OTLP over gRPC.

use crate::config::Traces;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use std::time::Duration;
use tonic::codegen::http::HeaderMap;
use tracing::{Level, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

/// How long the last spans may take to leave when the program stops.
const FLUSH: Duration = Duration::from_secs(2);

/// Sends spans; dropping it sends the last ones.
#[derive(Debug)]
pub struct Tracer(Option<SdkTracerProvider>);

/// Why traces could not be started.
#[derive(Debug, thiserror::Error)]
#[error("traces.endpoint `{endpoint}`: {cause}")]
pub struct TraceError {
    endpoint: String,
    cause: String,
}

impl Tracer {
    /// Sends nothing when no collector is configured.
    pub(super) fn start(traces: &Traces) -> Result<Self, TraceError> {
        let Some(endpoint) = &traces.endpoint else { return Ok(Self(None)) };
        let exporter = opentelemetry_otlp::SpanExporter::builder().with_tonic().with_endpoint(endpoint).build();
        let exporter = exporter.map_err(|e| TraceError { endpoint: endpoint.clone(), cause: e.to_string() })?;
        // A caller may have decided already whether to trace; the share is for the others.
        let share = Sampler::TraceIdRatioBased(traces.sample_per_mille as f64 / 1000.0);
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(share)))
            .with_resource(Resource::builder().with_service_name("tidewaiter").build());
        Ok(Self(Some(provider.build())))
    }

    /// Takes the spans of this target, and no others.
    pub(super) fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self, target: &str) -> Option<impl Layer<S> + use<S>> {
        self.0.as_ref().map(|provider| {
            let only_calls = Targets::new().with_target(target, Level::INFO);
            tracing_opentelemetry::layer().with_tracer(provider.tracer("tidewaiter")).with_filter(only_calls)
        })
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take() {
            // An absent collector must not keep the program from stopping.
            let _ = provider.shutdown_with_timeout(FLUSH);
        }
    }
}

/// Makes the span a child of the one that the headers name.
pub(super) fn set_parent(span: &Span, headers: &HeaderMap) {
    // It fails only for a span that has been sent already, which a new one has not.
    let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(headers)));
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
