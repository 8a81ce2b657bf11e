//! What stands in for traces in a build without the feature `otlp`: it refuses a collector and says why.

use crate::config::Traces;
use tonic::codegen::http::HeaderMap;
use tracing::{Span, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

/// Sends nothing.
#[derive(Debug)]
pub struct Tracer(());

/// Why traces could not be started.
#[derive(Debug, thiserror::Error)]
#[error(
    "traces.endpoint is set (`{0}`), but this program was built without the feature `otlp`: remove the setting, or use \
     a build with the feature"
)]
pub struct TraceError(String);

impl Tracer {
    /// Refuses a collector, because nothing would be sent to it.
    pub(super) fn start(traces: &Traces) -> Result<Self, TraceError> {
        match &traces.endpoint {
            Some(endpoint) => Err(TraceError(endpoint.clone())),
            None => Ok(Self(())),
        }
    }

    /// Takes no spans.
    #[expect(clippy::unused_self, reason = "the same door as with the feature")]
    pub(super) fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(
        &self,
        _target: &str,
    ) -> Option<impl Layer<S> + use<S>> {
        None::<tracing_subscriber::layer::Identity>
    }
}

/// Does nothing.
pub(super) fn set_parent(_span: &Span, _headers: &HeaderMap) {}
