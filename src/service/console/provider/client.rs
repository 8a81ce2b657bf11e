//! Asks the provider. No redirect is followed: it would lead away from what discovery named.

use super::address::Address;
use super::refusal::Refusal;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use std::time::Duration;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of one answer at most; a discovery document has some thousands.
const MOST: usize = 1 << 20;

/// Asks.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// Uses the proxy of the environment, if there is one.
    outside: reqwest::Client,
    /// For a provider on this machine.
    own: reqwest::Client,
}

impl Client {
    /// # Errors
    /// When TLS or the resolver of names cannot be started.
    pub(super) fn new() -> Result<Self, String> {
        let build = || reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
        let wrong = |error: reqwest::Error| error.to_string();
        Ok(Self { outside: build().build().map_err(wrong)?, own: build().no_proxy().build().map_err(wrong)? })
    }

    fn of(&self, address: &Address) -> &reqwest::Client {
        if address.is_own() { &self.own } else { &self.outside }
    }

    /// A document of the provider.
    pub(super) async fn get(&self, address: &Address) -> Result<Value, Refusal> {
        let response = self.send(self.of(address).get(address.as_str()), address).await?;
        if !response.status().is_success() {
            return Err(Refusal::Unreachable(format!("{} answered {}", address.as_str(), response.status().as_u16())));
        }
        json(response, address).await
    }

    /// The answer to a form; `basic` are name and secret of the client.
    pub(super) async fn post(
        &self,
        address: &Address,
        form: String,
        basic: Option<(&str, &str)>,
    ) -> Result<Value, Refusal> {
        let mut request = self.of(address).post(address.as_str());
        if let Some((name, secret)) = basic {
            request = request.header(AUTHORIZATION, basic_of(name, secret));
        }
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        let response = self.send(request, address).await?;
        let status = response.status();
        if status.is_server_error() {
            return Err(Refusal::Unreachable(format!("{} answered {}", address.as_str(), status.as_u16())));
        }
        let answer = json(response, address).await?;
        if !status.is_success() {
            let word = answer.get("error").and_then(Value::as_str).unwrap_or("no reason");
            let word: String = word.chars().filter(|c| !c.is_control()).take(60).collect();
            return Err(Refusal::Invalid(format!("the code was refused: {} {word}", status.as_u16())));
        }
        Ok(answer)
    }

    async fn send(&self, request: RequestBuilder, address: &Address) -> Result<Response, Refusal> {
        let request = request
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, concat!("tidewaiter/", env!("CARGO_PKG_VERSION")));
        request.send().await.map_err(|error| {
            let why = if error.is_timeout() { "did not answer in time" } else { "cannot be reached" };
            Refusal::Unreachable(format!("{} {why}", address.as_str()))
        })
    }
}

/// Name and secret, each encoded as in a form before they are joined (RFC 6749, 2.3.1).
fn basic_of(name: &str, secret: &str) -> String {
    use base64::Engine as _;
    let encoded = |text: &str| -> String { form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let both = format!("{}:{}", encoded(name), encoded(secret));
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(both))
}

async fn json(mut response: Response, address: &Address) -> Result<Value, Refusal> {
    let broken = |why: &str| Refusal::Unreachable(format!("{} {why}", address.as_str()));
    let mut whole = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|_| broken("broke off"))? {
        if whole.len() + part.len() > MOST {
            return Err(broken("sent too much"));
        }
        whole.extend_from_slice(&part);
    }
    serde_json::from_slice(&whole).map_err(|_| broken("sent no JSON"))
}
