//! Sends one delivery. A redirect is not followed: it would lead away from the targets of the configuration.

use super::error::Error;
use super::target::Target;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use std::time::Duration;

/// How long a target may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends deliveries.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// Uses the proxy of the environment, if there is one.
    http: reqwest::Client,
    /// For targets of this machine.
    direct: reqwest::Client,
}

impl Client {
    /// # Errors
    /// When TLS or the resolver of names cannot be started.
    pub(super) fn new() -> Result<Self, Error> {
        let build = || reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
        let wrong = |error: reqwest::Error| Error::Client(error.to_string());
        Ok(Self { http: build().build().map_err(wrong)?, direct: build().no_proxy().build().map_err(wrong)? })
    }

    /// Sends a body; `Err` says in a few words why it was not taken.
    pub(super) async fn send(&self, target: &Target, id: &str, second: i64, body: Vec<u8>) -> Result<(), String> {
        let client = if target.is_own { &self.direct } else { &self.http };
        let request = client
            .post(&target.url)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("tidewaiter/", env!("CARGO_PKG_VERSION")))
            .header("tidewaiter-delivery", id)
            .header("tidewaiter-signature", target.signature(second, &body))
            .body(body);
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("the target answered {}", answer.status().as_u16())),
            Err(error) if error.is_timeout() => Err("the target did not answer in time".to_owned()),
            Err(error) if error.is_connect() => Err("the target cannot be reached".to_owned()),
            Err(_) => Err("the connection to the target broke".to_owned()),
        }
    }
}
