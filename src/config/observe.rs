//! What operators see: metrics, probes, traces, logs.

use super::value::within;
use serde::Deserialize;
use std::net::SocketAddr;

/// Metrics and probes over HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Observe {
    /// Address and port of `/metrics`, `/healthz` and `/readyz`; `None`: there are none.
    pub listen: Option<SocketAddr>,
    /// Whether other machines may reach that address; default false.
    pub allow_remote: bool,
}

impl Observe {
    /// Whether other machines could reach it although that is not allowed.
    pub fn is_exposed(&self) -> bool {
        self.listen.is_some_and(|at| !at.ip().is_loopback()) && !self.allow_remote
    }
}

/// Traces by OTLP over gRPC.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Traces {
    /// The collector, for example `http://127.0.0.1:4317`; `None`: no traces.
    pub endpoint: Option<String>,
    /// Of a thousand calls that bring no sampling decision of their own, how many are traced, 0..=1,000; default 10.
    #[serde(deserialize_with = "within::<_, 0, 1_000>")]
    pub sample_per_mille: usize,
}

impl Default for Traces {
    fn default() -> Self {
        Self { endpoint: None, sample_per_mille: 10 }
    }
}

/// What to log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Form of the lines; default plain.
    pub format: LogFormat,
    /// The least severe level that is logged; default info.
    pub level: LogLevel,
}

/// Form of the log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One readable line.
    #[default]
    Plain,
    /// One JSON object a line.
    Json,
}

/// The least severe level that is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Errors only.
    Error,
    /// What may need attention.
    Warn,
    /// Start, stop, reload.
    #[default]
    Info,
    /// Each call.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// As the file writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}
