//! A client for code that blocks: the command line against a running service.

use prost::Message as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::runtime::{self, Runtime};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity, Uri};
use tonic::{Code, Request, Status};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt as _;
use v1::list_service_client::ListServiceClient;
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

/// Shipments and bytes of one message of the stream; the server screens several messages at once.
const MESSAGE_SHIPMENTS: usize = 64;
const MESSAGE_BYTES: usize = 256 * 1024;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

/// Where a service is, and how to be let in.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// `https://HOST:PORT`, `http://HOST:PORT`, or `HOST:PORT`, which is https where `ca` is given.
    pub url: String,
    /// Roots that the service's certificate must lead to, PEM; needed for https.
    pub ca: Option<PathBuf>,
    /// Own certificate chain and private key, PEM.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// API key; never sent in the clear to another machine.
    pub key: Option<ApiKey>,
}

/// An API key; it never shows.
#[derive(Clone)]
pub struct ApiKey(MetadataValue<Ascii>);

impl ApiKey {
    /// Of the key's text; `None` when it has signs that no key has.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut value: MetadataValue<Ascii> = (!text.is_empty()).then(|| format!("Bearer {text}").parse().ok())??;
        value.set_sensitive(true);
        Some(Self(value))
    }
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiKey")
    }
}

/// Adds the key to each call.
#[derive(Clone, Debug)]
struct WithKey(Option<ApiKey>);

impl Interceptor for WithKey {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(ApiKey(key)) = &self.0 {
            request.metadata_mut().insert("authorization", key.clone());
        }
        Ok(request)
    }
}

type Line = InterceptedService<Channel, WithKey>;

/// A service to ask. It has a reactor of its own, which runs only during a call: do not use it inside another one.
#[derive(Debug)]
pub struct Remote {
    runtime: Runtime,
    url: String,
    screening: ScreeningServiceClient<Line>,
    lists: ListServiceClient<Line>,
    health: HealthClient<Channel>,
}

/// Why the service could not be asked or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is not one.
    #[error("`{0}` is not a service address; expected https://HOST:PORT, http://HOST:PORT or HOST:PORT")]
    Address(String),
    /// The address, the certificates and the key do not go together.
    #[error("{0}")]
    Target(String),
    /// The reactor could not be started.
    #[error("start a reactor: {0}")]
    Reactor(#[from] std::io::Error),
    /// Nobody there.
    #[error("connect to {url}: {cause}")]
    Connect {
        /// The service.
        url: String,
        /// Why, down to the root.
        cause: String,
    },
    /// The service answered with an error.
    #[error("{url}: {message} ({code:?}{})", reason_suffix(.reason))]
    Answer {
        /// The service.
        url: String,
        /// gRPC code.
        code: Code,
        /// Stable reason, for example `OVERLOADED`; empty when another party answered.
        reason: String,
        /// What it said.
        message: String,
    },
    /// The service answered something else than was asked.
    #[error("{url}: {answered} screenings came back for {asked} shipments")]
    Count {
        /// The service.
        url: String,
        /// Shipments sent.
        asked: usize,
        /// Screenings received.
        answered: usize,
    },
}

impl Target {
    fn tls(&self) -> Result<ClientTlsConfig, Error> {
        let read = |path: &Path| fs::read(path).map_err(|e| Error::Target(format!("{}: {e}", path.display())));
        let Some(ca) = &self.ca else {
            return Err(Error::Target(
                "https:// needs the roots of the service's certificate: --tls-ca FILE".to_owned(),
            ));
        };
        let mut tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(read(ca)?));
        if let Some((certificate, key)) = &self.identity {
            tls = tls.identity(Identity::from_pem(read(certificate)?, read(key)?));
        }
        Ok(tls)
    }
}

/// Whether a host of an address is this machine.
fn is_here(host: Option<&str>) -> bool {
    let host = host.unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The error and what it came from; a cause that is quoted already is not said twice.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let text = inner.to_string();
        if !said.ends_with(&text) {
            said = format!("{said}: {text}");
        }
        source = inner.source();
    }
    said
}

fn reason_suffix(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(", {reason}") }
}

impl Remote {
    /// Connects to a service without TLS: `http://HOST:PORT`, or `HOST:PORT`.
    ///
    /// # Errors
    /// When the address is not one, or nobody answers within ten seconds.
    pub fn connect(url: &str) -> Result<Self, Error> {
        Self::open(&Target { url: url.to_owned(), ..Target::default() })
    }

    /// Connects to a service.
    ///
    /// # Errors
    /// When the address is not one, the certificates cannot be used, the key would travel in the clear, or nobody
    /// answers within ten seconds.
    pub fn open(target: &Target) -> Result<Self, Error> {
        let url = match (target.url.contains("://"), &target.ca) {
            (true, _) => target.url.clone(),
            (false, None) => format!("http://{}", target.url),
            (false, Some(_)) => format!("https://{}", target.url),
        };
        let address = || Error::Address(url.clone());
        let uri: Uri = url.parse().map_err(|_| address())?;
        let endpoint = Endpoint::from_shared(url.clone()).map_err(|_| address())?;
        let endpoint = match uri.scheme_str() {
            Some("https") => {
                let tls = target.tls()?;
                endpoint.tls_config(tls).map_err(|e| Error::Target(format!("TLS: {}", with_causes(&e))))?
            }
            Some("http") => {
                if target.ca.is_some() || target.identity.is_some() {
                    return Err(Error::Target(format!("{url} is without TLS; certificates go with https://")));
                }
                if target.key.is_some() && !is_here(uri.host()) {
                    return Err(Error::Target(format!("{url} is another machine; a key goes there by https:// only")));
                }
                endpoint
            }
            _ => return Err(address()),
        };
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let endpoint = endpoint.connect_timeout(CONNECT).tcp_nodelay(true);
        let channel = runtime
            .block_on(endpoint.connect())
            .map_err(|e| Error::Connect { url: url.clone(), cause: with_causes(&e) })?;
        let line = || InterceptedService::new(channel.clone(), WithKey(target.key.clone()));
        Ok(Self {
            runtime,
            url,
            // Many findings make an answer far larger than its question.
            screening: ScreeningServiceClient::new(line()).max_decoding_message_size(usize::MAX),
            lists: ListServiceClient::new(line()).max_decoding_message_size(usize::MAX),
            health: HealthClient::new(channel),
        })
    }

    /// Screens shipments, in order, many at once. What cannot be screened comes back REFUSED in its place.
    ///
    /// # Errors
    /// When the service does not answer all of them; then none is answered.
    pub fn screen_batch(&mut self, shipments: Vec<v1::Shipment>) -> Result<Vec<v1::Screening>, Error> {
        let asked = shipments.len();
        let screening = &mut self.screening;
        let answered = self.runtime.block_on(async {
            let mut screenings = Vec::with_capacity(asked);
            let messages = tokio_stream::iter(Messages(shipments.into_iter().peekable()));
            let mut answers = screening.screen_stream(messages).await?.into_inner();
            while let Some(answer) = answers.message().await? {
                screenings.extend(answer.screenings);
            }
            Ok(screenings)
        });
        let screenings = answered.map_err(|status| self.failed(&status))?;
        if screenings.len() != asked {
            return Err(Error::Count { url: self.url.clone(), asked, answered: screenings.len() });
        }
        Ok(screenings)
    }

    /// Compares two names.
    ///
    /// # Errors
    /// When the service does not answer, or a name is empty or too long.
    pub fn compare(&mut self, request: v1::CompareNamesRequest) -> Result<v1::CompareNamesResponse, Error> {
        let answer = self.runtime.block_on(self.screening.compare_names(request));
        answer.map(tonic::Response::into_inner).map_err(|status| self.failed(&status))
    }

    /// The lists in force.
    ///
    /// # Errors
    /// When the service does not answer.
    pub fn status(&mut self) -> Result<v1::GetStatusResponse, Error> {
        let answer = self.runtime.block_on(self.lists.get_status(v1::GetStatusRequest {}));
        answer.map(tonic::Response::into_inner).map_err(|status| self.failed(&status))
    }

    /// One row; an empty `list` looks in all.
    ///
    /// # Errors
    /// When the service does not answer, or has no such row.
    pub fn entry(&mut self, list: &str, id: &str) -> Result<v1::Entry, Error> {
        let request = v1::GetEntryRequest { list: list.to_owned(), id: id.to_owned() };
        let answer = self.runtime.block_on(self.lists.get_entry(request));
        answer.map(|a| a.into_inner().entry.unwrap_or_default()).map_err(|status| self.failed(&status))
    }

    /// Rows by name, best first.
    ///
    /// # Errors
    /// When the service does not answer, or the name or limit is refused.
    pub fn search(&mut self, name: &str, limit: u32) -> Result<Vec<v1::SearchResult>, Error> {
        let request = v1::SearchEntriesRequest { name: name.to_owned(), limit };
        let answer = self.runtime.block_on(self.lists.search_entries(request));
        answer.map(|a| a.into_inner().results).map_err(|status| self.failed(&status))
    }

    /// Has the service load its lists again.
    ///
    /// # Errors
    /// When the service does not answer, or kept the old lists.
    pub fn reload(&mut self) -> Result<v1::ReloadResponse, Error> {
        let answer = self.runtime.block_on(self.lists.reload(v1::ReloadRequest {}));
        answer.map(tonic::Response::into_inner).map_err(|status| self.failed(&status))
    }

    /// Whether the service is ready, by the standard health protocol, within `patience`.
    ///
    /// # Errors
    /// When the service does not answer.
    pub fn is_serving(&mut self, patience: Duration) -> Result<bool, Error> {
        let mut request = tonic::Request::new(HealthCheckRequest::default());
        request.set_timeout(patience);
        let asking = self.health.check(request);
        let answer = self.runtime.block_on(async { tokio::time::timeout(patience, asking).await });
        let answer = answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time")));
        let status = answer.map_err(|status| self.failed(&status))?.into_inner().status();
        Ok(status == tonic_health::pb::health_check_response::ServingStatus::Serving)
    }

    fn failed(&self, status: &Status) -> Error {
        // What the service says has no source; what has one is of the connection.
        if std::error::Error::source(status).is_some() {
            let hint = if self.url.starts_with("http://") { "; a service with TLS is asked by https://" } else { "" };
            return Error::Connect { url: self.url.clone(), cause: format!("{}{hint}", with_causes(status)) };
        }
        Error::Answer {
            url: self.url.clone(),
            code: status.code(),
            reason: status.get_details_error_info().map(|info| info.reason).unwrap_or_default(),
            message: status.message().to_owned(),
        }
    }
}

/// Cuts shipments into messages as they are asked for.
struct Messages(std::iter::Peekable<std::vec::IntoIter<v1::Shipment>>);

impl Iterator for Messages {
    type Item = v1::ScreenStreamRequest;

    fn next(&mut self) -> Option<Self::Item> {
        let mut shipments = Vec::with_capacity(self.0.len().min(MESSAGE_SHIPMENTS));
        let mut bytes = 0;
        while shipments.len() < MESSAGE_SHIPMENTS
            && let Some(shipment) = self.0.next_if(|s| {
                bytes += s.encoded_len();
                shipments.is_empty() || bytes <= MESSAGE_BYTES
            })
        {
            shipments.push(shipment);
        }
        (!shipments.is_empty()).then_some(v1::ScreenStreamRequest { shipments })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_hold_every_shipment_once_and_stay_small() {
        let shipment = |i: usize| v1::Shipment {
            reference: "r".repeat(if i == 100 { 2 * MESSAGE_BYTES } else { 1 + i * 20 }),
            ..v1::Shipment::default()
        };
        let shipments: Vec<_> = (0..300).map(shipment).collect();
        let messages: Vec<_> = Messages(shipments.clone().into_iter().peekable()).collect();
        for message in &messages {
            let n = message.shipments.len();
            assert!((1..=MESSAGE_SHIPMENTS).contains(&n));
            assert!(n == 1 || message.encoded_len() <= MESSAGE_BYTES + 8 * n);
        }
        let back: Vec<_> = messages.into_iter().flat_map(|m| m.shipments).collect();
        assert_eq!(back, shipments);
    }

    #[test]
    fn an_address_that_is_none_is_named() {
        assert!(matches!(Remote::connect("ftp://127.0.0.1:1"), Err(Error::Address(_))));
        let refused = |target| Remote::open(&target).unwrap_err().to_string();
        let bare = Target { url: "https://127.0.0.1:1".to_owned(), ..Target::default() };
        assert!(refused(bare.clone()).contains("--tls-ca"));
        let clear = Target { url: "http://192.0.2.1:1".to_owned(), key: ApiKey::new("k"), ..bare };
        assert!(refused(clear.clone()).contains("another machine") && !format!("{clear:?}").contains("Bearer"));
        let refused = Remote::connect("127.0.0.1:1").unwrap_err().to_string();
        assert!(refused.starts_with("connect to http://127.0.0.1:1: ") && refused.contains("refused"), "{refused}");
    }
}
