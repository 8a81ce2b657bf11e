//! Sign-in by a provider of OpenID Connect: authorization code with PKCE, state and nonce.
//!
//! A browser is sent to the provider and comes back with a code, which is worth something only to who began: its state
//! stands once in [`pending`], the browser has a secret of it in a cookie, and the code is redeemed with a verifier that
//! never left this process. What counts is the ID token alone, and of it what [`token`] has checked. The provider is asked
//! for nothing before somebody signs in, so that one that cannot be reached keeps nobody else out.

mod address;
mod client;
mod discovery;
mod pending;
mod person;
mod refusal;
mod token;

pub(super) use pending::LONGEST;
pub(super) use person::Person;
pub use refusal::ProviderError;
pub(super) use refusal::Refusal;

use crate::config;
use crate::service::guard::callers::new_secret;
use crate::service::web::query::Query;
use address::Address;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use client::Client;
use discovery::{Discovery, Known};
use form_urlencoded::Serializer;
use pending::{Begun, Pending};
use person::Claims;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fs;
use std::sync::Arc;
use token::Fault;
use tokio::sync::Semaphore;

/// Where the provider sends a browser back to.
const CALLBACK: &str = "/console/sign-in/callback";

/// Sign-ins that speak to the provider at once.
const AT_ONCE: usize = 8;

/// Characters of a code, and of what a provider says instead, that are taken.
const LONGEST_CODE: usize = 4096;
const LONGEST_WORD: usize = 60;

/// A provider of the configuration, checked.
#[derive(Debug)]
pub(super) struct Provider {
    label: String,
    issuer: String,
    client_id: String,
    /// `None`: the client is a public one.
    secret: Option<Secret>,
    redirect_uri: String,
    scopes: String,
    claims: Claims,
    client: Client,
    discovery: Discovery,
    pending: Pending,
    room: Semaphore,
}

/// A secret that no log shows.
struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Where a browser goes to sign in, and what it must bring back.
#[derive(Debug)]
pub(super) struct Away {
    /// The address at the provider.
    pub(super) to: String,
    /// What only this browser knows.
    pub(super) secret: String,
}

/// Somebody came back.
#[derive(Debug)]
pub(super) struct Back {
    /// Who.
    pub(super) person: Person,
    /// The page that was asked for.
    pub(super) next: String,
    /// The session that the browser had before.
    pub(super) old: Option<String>,
}

impl Provider {
    /// Checks the settings and reads the secret; `None` where there is no provider.
    ///
    /// # Errors
    /// When an address is neither https nor of this machine, a role is unknown, or the secret cannot be read.
    pub(super) fn new(options: &config::Oidc) -> Result<Option<Self>, ProviderError> {
        let Some(issuer) = options.issuer.clone() else { return Ok(None) };
        let setting = |setting: &'static str| move |why: String| ProviderError::Setting { setting, why };
        let discovery = Discovery::new(&issuer).map_err(setting("issuer"))?;
        let public = Address::of_origin(&options.public_url).map_err(setting("public_url"))?;
        let secret = options.client_secret_file.as_ref().map(|path| {
            let read = fs::read_to_string(path);
            let text = read.map_err(|source| ProviderError::Secret { path: path.clone(), source })?.trim().to_owned();
            if text.is_empty() {
                return Err(setting("client_secret_file")(format!("{} is empty", path.display())));
            }
            Ok(Secret(text))
        });
        Ok(Some(Self {
            label: options.label.clone(),
            client_id: options.client_id.clone(),
            secret: secret.transpose()?,
            redirect_uri: format!("{}{CALLBACK}", public.as_str().trim_end_matches('/')),
            scopes: std::iter::once("openid")
                .chain(options.scopes.iter().map(String::as_str))
                .collect::<Vec<_>>()
                .join(" "),
            claims: Claims::of(options).map_err(setting("roles"))?,
            client: Client::new().map_err(ProviderError::Client)?,
            discovery,
            pending: Pending::default(),
            room: Semaphore::new(AT_ONCE),
            issuer,
        }))
    }

    /// What the button says after "Sign in with".
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    /// Whether browsers reach the console by https.
    pub(super) fn is_secure(&self) -> bool {
        self.redirect_uri.starts_with("https:")
    }

    /// Begins a sign-in that leads to `next`, for a browser that has the session `old`.
    ///
    /// # Errors
    /// When the provider cannot be asked for its addresses.
    pub(super) async fn begin(&self, next: &str, old: Option<&str>) -> Result<Away, Refusal> {
        let _turn = self.room.try_acquire().map_err(|_| Refusal::Busy)?;
        let known = self.discovery.known(&self.client, None).await?;
        let (state, secret) = (new_secret(), new_secret());
        let begun = Begun::new(next, old);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&begun.verifier));
        let query: String = Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &self.scopes)
            .append_pair("state", &state)
            .append_pair("nonce", &begun.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .finish();
        self.pending.add(&state, &secret, begun);
        let at = known.authorization.as_str();
        Ok(Away { to: format!("{at}{}{query}", if at.contains('?') { '&' } else { '?' }), secret })
    }

    /// Ends a sign-in with what the browser brought back, and the secret that it was given.
    ///
    /// # Errors
    /// When it is none that was begun by this browser, the provider refuses, or its answer does not hold.
    pub(super) async fn finish(&self, query: &Query, secret: Option<&str>) -> Result<Back, Refusal> {
        // Whatever comes of it, a state is used up.
        let begun = secret.and_then(|secret| self.pending.take(query.text("state"), secret)).ok_or(Refusal::Stale)?;
        if let Some(word) = query.get("error") {
            let is_word = word.len() <= LONGEST_WORD && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            return Err(Refusal::Denied(if is_word { word.to_owned() } else { "an unknown error".to_owned() }));
        }
        // RFC 9207: an answer that names another issuer was mixed up with ours.
        if query.get("iss").is_some_and(|iss| iss != self.issuer) {
            return Err(Refusal::Invalid("the answer names another issuer".to_owned()));
        }
        let code = query.get("code").filter(|code| !code.is_empty() && code.len() <= LONGEST_CODE);
        let code = code.ok_or_else(|| Refusal::Invalid("the answer has no code".to_owned()))?;
        let _turn = self.room.try_acquire().map_err(|_| Refusal::Busy)?;
        let known = self.discovery.known(&self.client, None).await?;
        let token = self.redeem(&known, code, &begun).await?;
        let claims = self.checked(known, &token, &begun).await?;
        Ok(Back { person: self.claims.person(&claims)?, next: begun.next, old: begun.old })
    }

    /// The claims of an ID token that holds. A key that is not known is asked for again, once: keys are rotated.
    async fn checked(&self, known: Arc<Known>, token: &str, begun: &Begun) -> Result<Value, Refusal> {
        let expected = token::Expected { issuer: &self.issuer, client_id: &self.client_id, nonce: &begun.nonce };
        let refused = |fault: Fault| Refusal::Invalid(fault.to_string());
        match token::check(token, &known.keys, &expected) {
            Err(Fault::Key(_)) => {
                let again = self.discovery.known(&self.client, Some(&known)).await?;
                token::check(token, &again.keys, &expected).map_err(refused)
            }
            checked => checked.map_err(refused),
        }
    }

    /// The ID token for a code.
    async fn redeem(&self, known: &Known, code: &str, begun: &Begun) -> Result<String, Refusal> {
        let basic = self.secret.as_ref().filter(|_| known.takes_basic).map(|s| (self.client_id.as_str(), s.0.as_str()));
        let form = self.form(code, begun, basic.is_some());
        let answer = self.client.post(&known.token, form, basic).await?;
        let token = answer.get("id_token").and_then(Value::as_str);
        token.map(str::to_owned).ok_or_else(|| Refusal::Invalid("the provider gave no ID token".to_owned()))
    }

    /// What redeems a code; who the client is, unless the header says it.
    fn form(&self, code: &str, begun: &Begun, is_known: bool) -> String {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("code_verifier", &begun.verifier);
        if !is_known {
            form.append_pair("client_id", &self.client_id);
            if let Some(Secret(secret)) = &self.secret {
                form.append_pair("client_secret", secret);
            }
        }
        form.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(secret: Option<std::path::PathBuf>) -> config::Oidc {
        config::Oidc {
            issuer: Some("https://login.example/realm".to_owned()),
            client_id: "x".to_owned(),
            client_secret_file: secret,
            public_url: "https://screening.example/".to_owned(),
            roles: [("desk".to_owned(), "analyst".to_owned())].into(),
            ..config::Oidc::default()
        }
    }

    #[test]
    fn a_setting_that_is_wrong_is_named() {
        let fault = |change: fn(&mut config::Oidc)| {
            let mut options = options(None);
            change(&mut options);
            Provider::new(&options).unwrap_err().to_string()
        };
        let plain = fault(|o| o.issuer = Some("http://login.example".to_owned()));
        assert!(plain.starts_with("console.oidc.issuer: invalid address; expected https"), "{plain}");
        let path = fault(|o| o.public_url = "https://screening.example/console".to_owned());
        assert!(path.starts_with("console.oidc.public_url: "), "{path}");
        let role = fault(|o| drop(o.roles.insert("a".to_owned(), "root".to_owned())));
        assert!(role.starts_with("console.oidc.roles: unknown role `root`"), "{role}");
        let missing = fault(|o| o.client_secret_file = Some("nowhere/secret".into()));
        assert!(missing.starts_with("console.oidc.client_secret_file: nowhere/secret: "), "{missing}");
        assert!(Provider::new(&config::Oidc::default()).unwrap().is_none());
    }

    #[test]
    fn a_secret_is_read_from_its_file_and_shown_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        fs::write(&file, "\n").unwrap();
        let empty = Provider::new(&options(Some(file.clone()))).unwrap_err().to_string();
        assert!(empty.ends_with("is empty"), "{empty}");
        fs::write(&file, "open sesame\n").unwrap();
        let provider = Provider::new(&options(Some(file))).unwrap().unwrap();
        assert!(!format!("{provider:?}").contains("sesame") && provider.is_secure());
        assert_eq!(provider.redirect_uri, "https://screening.example/console/sign-in/callback");
    }
}
