//! A connected client for code that blocks.

use super::error::{Error, with_causes};
use super::messages::Messages;
use super::target::{Target, WithKey};
use std::time::Duration;
use tokio::runtime::{self, Runtime};
use tonic::Status;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt as _;
use v1::list_service_client::ListServiceClient;
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

type Line = InterceptedService<Channel, WithKey>;

/// A connection to a service. It has an async runtime of its own, which runs only during a call: do not use it inside
/// another one.
#[derive(Debug)]
pub struct Remote {
    runtime: Runtime,
    url: String,
    screening: ScreeningServiceClient<Line>,
    lists: ListServiceClient<Line>,
    health: HealthClient<Channel>,
}

impl Remote {
    /// Connects to a service without TLS: `http://HOST:PORT`, or `HOST:PORT`.
    ///
    /// # Errors
    /// When the address is invalid, or nothing answers within ten seconds.
    pub fn connect(url: &str) -> Result<Self, Error> {
        Self::open(&Target { url: url.to_owned(), ..Target::default() })
    }

    /// Connects to a service.
    ///
    /// # Errors
    /// When the address is invalid, the certificates cannot be used, the key would be sent unencrypted to another
    /// machine, or nothing answers within ten seconds.
    pub fn open(target: &Target) -> Result<Self, Error> {
        let (url, endpoint) = (target.address(), target.endpoint()?);
        let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Runtime)?;
        let endpoint = endpoint.connect_timeout(CONNECT).tcp_nodelay(true);
        let channel = runtime
            .block_on(endpoint.connect())
            .map_err(|e| Error::Connect { url: url.clone(), cause: with_causes(&e) })?;
        let line = || InterceptedService::new(channel.clone(), WithKey(target.key.clone()));
        Ok(Self {
            runtime,
            url,
            // Many findings make an answer far larger than its request.
            screening: ScreeningServiceClient::new(line()).max_decoding_message_size(usize::MAX),
            lists: ListServiceClient::new(line()).max_decoding_message_size(usize::MAX),
            health: HealthClient::new(channel),
        })
    }

    /// Screens shipments; answers in order. A shipment that cannot be screened comes back REFUSED in its place. `verbose`
    /// answers also say which rules could not run, and how party cells were read.
    ///
    /// # Errors
    /// When the service does not answer all of them; then no answer is returned.
    pub fn screen_batch(&mut self, shipments: Vec<v1::Shipment>, verbose: bool) -> Result<Vec<v1::Screening>, Error> {
        let asked = shipments.len();
        let screening = &mut self.screening;
        let answered = self.runtime.block_on(async {
            let mut screenings = Vec::with_capacity(asked);
            let messages = tokio_stream::iter(Messages::of(shipments, verbose));
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

    /// One entry; an empty `list` searches all lists.
    ///
    /// # Errors
    /// When the service does not answer, or has no such entry.
    pub fn entry(&mut self, list: &str, id: &str) -> Result<v1::Entry, Error> {
        let request = v1::GetEntryRequest { list: list.to_owned(), id: id.to_owned() };
        let answer = self.runtime.block_on(self.lists.get_entry(request));
        answer.map(|a| a.into_inner().entry.unwrap_or_default()).map_err(|status| self.failed(&status))
    }

    /// Entries by name, best match first.
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
    /// When the service does not answer, or keeps the old lists.
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
        // A status from the service has no source; one with a source comes from the connection.
        if std::error::Error::source(status).is_some() {
            let hint = if self.url.starts_with("http://") { "; if the service uses TLS, write https://" } else { "" };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_connection_says_why() {
        let refused = Remote::connect("127.0.0.1:1").unwrap_err().to_string();
        assert!(refused.starts_with("connect to http://127.0.0.1:1: ") && refused.contains("refused"), "{refused}");
    }
}
