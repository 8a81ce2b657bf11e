//! What operators see: metrics, probes, traces, logs.

use super::within;
use serde::Deserialize;
use std::net::SocketAddr;

/// Metrics and probes over HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Observe {
    /// Address and port of `/metrics`, `/healthz` and `/readyz`; `None`: there are none.
    pub listen: Option<SocketAddr>,
    /// Whether that may be an address that other machines can reach; default false.
    pub allow_remote: bool,
}

impl Observe {
    /// Whether other machines could reach it, and nobody agreed to that.
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
    /// Calls traced of a thousand that bring no decision of their own, 0..=1,000; default 10.
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
    /// From which level; default info.
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

/// From which level on lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Faults only.
    Error,
    /// What may need a person.
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
    /// The word of the file.
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
