//! How to serve: address, limits, TLS and who may call.

use super::value::{absolute, seconds, within};
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How to serve.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port; default 127.0.0.1:50051.
    pub listen: SocketAddr,
    /// Whether an address that other machines can reach may be served without TLS; default false.
    pub allow_plaintext_remote: bool,
    /// Bytes of one request message, 1 KiB to 1 GiB; default 16 MiB.
    #[serde(deserialize_with = "within::<_, 1024, 1_073_741_824>")]
    pub max_message_bytes: usize,
    /// Bytes of all requests held at once, streams not counted, 1 MiB to 1 TiB; default 512 MiB.
    #[serde(deserialize_with = "within::<_, 1_048_576, 1_099_511_627_776>")]
    pub max_held_bytes: usize,
    /// Calls in progress at once, streams not counted, 1..=1,000,000; default 1,024.
    #[serde(deserialize_with = "within::<_, 1, 1_000_000>")]
    pub max_in_flight: usize,
    /// Streams open at once, 1..=100,000; default 256.
    #[serde(deserialize_with = "within::<_, 1, 100_000>")]
    pub max_streams: usize,
    /// Messages of one stream in progress at once, 1..=1,024; default 32.
    #[serde(deserialize_with = "within::<_, 1, 1_024>")]
    pub stream_in_flight: usize,
    /// Connections open at once, 1..=100,000; default 1,024.
    #[serde(deserialize_with = "within::<_, 1, 100_000>")]
    pub max_connections: usize,
    /// Percent of those connections that are kept for callers who have shown a key or certificate, 0..=90; default 25.
    #[serde(deserialize_with = "within::<_, 0, 90>")]
    pub reserved_percent: usize,
    /// Connections from one address on which nobody has shown a key or certificate yet, 1..=100,000; default 256. Without
    /// credentials there is no such limit.
    #[serde(deserialize_with = "within::<_, 1, 100_000>")]
    pub unknown_per_address: usize,
    /// Calls open on one connection, 1..=10,000; default 256.
    #[serde(deserialize_with = "within::<_, 1, 10_000>")]
    pub calls_per_connection: usize,
    /// Seconds for the TLS handshake and the first bytes of HTTP/2, 1..=300; default 10.
    #[serde(rename = "handshake_seconds", deserialize_with = "seconds::<_, 1, 300>")]
    pub handshake: Duration,
    /// Seconds until a connection has its first call with valid credentials, 1..=3,600; default 30.
    #[serde(rename = "first_call_seconds", deserialize_with = "seconds::<_, 1, 3_600>")]
    pub first_call: Duration,
    /// Seconds between two HTTP/2 pings, 1..=3,600; default 60.
    #[serde(rename = "keepalive_seconds", deserialize_with = "seconds::<_, 1, 3_600>")]
    pub keepalive: Duration,
    /// Seconds for the answer to a ping, 1..=300; default 20.
    #[serde(rename = "keepalive_timeout_seconds", deserialize_with = "seconds::<_, 1, 300>")]
    pub keepalive_timeout: Duration,
    /// Seconds after which a connection is asked to end, so that callers spread over replicas, 0..=86,400; default
    /// 0, never.
    #[serde(rename = "connection_age_seconds", deserialize_with = "seconds::<_, 0, 86_400>")]
    pub connection_age: Duration,
    /// Seconds for a call other than a stream, sending the request included, 1..=3,600; default 120.
    #[serde(rename = "call_seconds", deserialize_with = "seconds::<_, 1, 3_600>")]
    pub call: Duration,
    /// Seconds that a stream may stay open idle, 1..=86,400; default 300.
    #[serde(rename = "stream_idle_seconds", deserialize_with = "seconds::<_, 1, 86_400>")]
    pub stream_idle: Duration,
    /// Threads that screen, 0..=1,024; default 0, one for each processor.
    #[serde(deserialize_with = "within::<_, 0, 1_024>")]
    pub workers: usize,
    /// Seconds that calls in progress have to finish when the service stops, 0..=3,600; default 30.
    #[serde(rename = "drain_seconds", deserialize_with = "seconds::<_, 0, 3_600>")]
    pub drain: Duration,
    /// Certificates.
    pub tls: Tls,
    /// Who may call, and how much.
    pub access: Access,
}

/// Certificates; without any there is no TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// The service's certificate chain, PEM.
    pub certificate: Option<PathBuf>,
    /// Its private key, PEM.
    pub key: Option<PathBuf>,
    /// Certificate authorities of callers, PEM; `None`: callers show no certificate.
    pub client_ca: Option<PathBuf>,
    /// Whether a caller must show a certificate; default required.
    pub client_certificates: ClientCertificates,
}

/// Whether a caller must show a certificate, where `client_ca` is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientCertificates {
    /// Without one there is no connection.
    #[default]
    Required,
    /// A caller without one needs a key.
    Optional,
}

/// Who may call, and how much.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Access {
    /// File with the callers and the hashes of their keys; `None`: callers need no credentials.
    pub callers: Option<PathBuf>,
    /// Seconds between two checks for changes of that file or a certificate, 1..=86,400; default 10.
    #[serde(rename = "check_seconds", deserialize_with = "seconds::<_, 1, 86_400>")]
    pub check: Duration,
    /// Calls a second of one caller, 0..=1,000,000; default 0, no limit.
    #[serde(deserialize_with = "within::<_, 0, 1_000_000>")]
    pub calls_per_second: usize,
    /// Shipments a second of one caller, 0..=10,000,000; default 0, no limit.
    #[serde(deserialize_with = "within::<_, 0, 10_000_000>")]
    pub shipments_per_second: usize,
    /// Calls of one caller in progress at once, 0..=1,000,000; default 0, only the limit of the service.
    #[serde(deserialize_with = "within::<_, 0, 1_000_000>")]
    pub max_in_flight: usize,
    /// Streams of one caller open at once, 0..=100,000; default 0, only the limit of the service.
    #[serde(deserialize_with = "within::<_, 0, 100_000>")]
    pub max_streams: usize,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 50051),
            allow_plaintext_remote: false,
            max_message_bytes: 16 << 20,
            max_held_bytes: 512 << 20,
            max_in_flight: 1024,
            max_streams: 256,
            stream_in_flight: 32,
            max_connections: 1024,
            reserved_percent: 25,
            unknown_per_address: 256,
            calls_per_connection: 256,
            handshake: Duration::from_secs(10),
            first_call: Duration::from_secs(30),
            keepalive: Duration::from_secs(60),
            keepalive_timeout: Duration::from_secs(20),
            connection_age: Duration::ZERO,
            call: Duration::from_secs(120),
            stream_idle: Duration::from_secs(300),
            workers: 0,
            drain: Duration::from_secs(30),
            tls: Tls::default(),
            access: Access::default(),
        }
    }
}

impl Default for Access {
    fn default() -> Self {
        Self {
            callers: None,
            check: Duration::from_secs(10),
            calls_per_second: 0,
            shipments_per_second: 0,
            max_in_flight: 0,
            max_streams: 0,
        }
    }
}

impl Server {
    pub(super) fn make_absolute(&mut self, folder: &Path) {
        let Tls { certificate, key, client_ca, .. } = &mut self.tls;
        for path in [certificate, key, client_ca, &mut self.access.callers] {
            absolute(path, folder);
        }
    }

    /// Settings that contradict each other: the key to change, and why.
    pub(super) fn contradiction(&self) -> Option<(&'static str, &'static str)> {
        let tls = &self.tls;
        if tls.certificate.is_some() != tls.key.is_some() {
            let given = if tls.key.is_some() { "key" } else { "certificate" };
            return Some((given, "server.tls: give both `certificate` and `key`, or neither"));
        }
        if tls.client_ca.is_some() && tls.certificate.is_none() {
            return Some(("client_ca", "server.tls: `client_ca` needs `certificate` and `key`"));
        }
        if tls.client_ca.is_none() && tls.client_certificates == ClientCertificates::Optional {
            return Some(("client_certificates", "server.tls: `client_certificates` needs `client_ca`"));
        }
        None
    }

    /// Whether other machines could reach the service without TLS although that is not allowed.
    pub fn is_exposed(&self) -> bool {
        !self.listen.ip().is_loopback() && self.tls.certificate.is_none() && !self.allow_plaintext_remote
    }
}
