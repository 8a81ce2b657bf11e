//! What the provider says of itself: its addresses and its keys.

use super::address::Address;
use super::client::Client;
use super::refusal::Refusal;
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long it holds. A key that the provider gave up is not taken any longer than this.
const HOLDS: Duration = Duration::from_secs(600);

/// What is known of the provider.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) authorization: Address,
    pub(super) token: Address,
    /// Whether a client shows its secret by HTTP Basic, as it does unless the provider says otherwise.
    pub(super) takes_basic: bool,
    pub(super) keys: Vec<Jwk>,
}

/// Asks when it is needed, and keeps the answer.
#[derive(Debug)]
pub(super) struct Discovery {
    issuer: String,
    at: Address,
    kept: Mutex<Option<(Instant, Arc<Known>)>>,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl Discovery {
    /// Of an issuer.
    ///
    /// # Errors
    /// When its address may not be asked.
    pub(super) fn new(issuer: &str) -> Result<Self, String> {
        Address::of(issuer)?;
        let at = Address::of(&format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')))?;
        Ok(Self { issuer: issuer.to_owned(), at, kept: Mutex::new(None) })
    }

    /// What is known; asked for again when it is too old, or is `outdated`.
    pub(super) async fn known(&self, client: &Client, outdated: Option<&Arc<Known>>) -> Result<Arc<Known>, Refusal> {
        let mut kept = self.kept.lock().await;
        if let Some((since, known)) = kept.as_ref()
            && since.elapsed() < HOLDS
            && !outdated.is_some_and(|outdated| Arc::ptr_eq(outdated, known))
        {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(self.ask(client).await?);
        *kept = Some((Instant::now(), Arc::clone(&known)));
        Ok(known)
    }

    async fn ask(&self, client: &Client) -> Result<Known, Refusal> {
        let wrong = |why: String| Refusal::Unreachable(format!("{}: {why}", self.at.as_str()));
        let document: Document =
            serde_json::from_value(client.get(&self.at).await?).map_err(|e| wrong(e.to_string()))?;
        if document.issuer != self.issuer {
            return Err(wrong(format!(
                "it is the document of the issuer `{}`, not of `{}`",
                document.issuer, self.issuer
            )));
        }
        let address = |text: &str, name: &str| Address::of(text).map_err(|why| wrong(format!("{name}: {why}")));
        let mut keys = client.get(&address(&document.jwks_uri, "jwks_uri")?).await?;
        // A key of a kind that is not known is left out, not a reason to refuse the others.
        let keys = keys.get_mut("keys").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
        let methods = document.token_endpoint_auth_methods_supported;
        Ok(Known {
            authorization: address(&document.authorization_endpoint, "authorization_endpoint")?,
            token: address(&document.token_endpoint, "token_endpoint")?,
            takes_basic: methods.is_none_or(|all| all.iter().any(|one| one == "client_secret_basic")),
            keys: keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect(),
        })
    }
}
