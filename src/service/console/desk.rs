//! The console itself: who is signed in, and what stands around every page.

use super::accounts::{Accounts, Role};
use super::provider::{Provider, ProviderError};
use super::sessions::{self, Opened, Session, Sessions};
use super::way::{self, redirect};
use super::words;
use crate::config;
use crate::service::guard::access::{Caller, Peer};
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::guard::roster::RosterError;
use crate::service::web::{Web, origin, problem, reply};
use ::console::{ErrorPage, Page, Shell, Tab};
use axum::http::header::{HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::response::Response;
use model::EvidenceMode;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Passwords that are checked at once: each takes a processor and 19 MiB for some hundredths of a second.
const SIGNING_IN: usize = 2;

/// Why there can be no console.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The accounts cannot be read.
    #[error("console accounts: {0}")]
    Accounts(#[from] RosterError),
    /// The provider of OpenID Connect cannot be used.
    #[error(transparent)]
    Provider(#[from] ProviderError),
}

/// Checks accounts and provider as a start would; the provider itself is not asked.
///
/// # Errors
/// What is wrong with them.
pub fn check(options: &config::Console) -> Result<(), ConsoleError> {
    options.accounts.as_deref().map(Accounts::load).transpose()?;
    Provider::new(&options.oidc)?;
    Ok(())
}

/// The console.
#[derive(Debug)]
pub(in crate::service) struct Console {
    pub(super) web: Arc<Web>,
    /// `None`: nobody has a password here.
    pub(super) accounts: Option<Arc<Accounts>>,
    /// `None`: nobody signs in elsewhere.
    pub(super) provider: Option<Provider>,
    pub(super) sessions: Sessions,
    /// The session of everyone on this machine, where nobody signs in.
    open: Arc<Session>,
    pub(super) signing_in: Arc<Semaphore>,
    /// Policies that are tried at once.
    pub(super) trying: Arc<Semaphore>,
}

impl Console {
    /// With the accounts of the configuration; `None` when there is no console.
    pub(in crate::service) fn load(options: &config::Console, web: &Arc<Web>) -> Result<Option<Self>, ConsoleError> {
        if !options.is_on() {
            return Ok(None);
        }
        let accounts = options.accounts.as_deref().map(Accounts::load).transpose()?.map(Arc::new);
        let open =
            Session::new("", Role::Admin, Opened::Freely, web.shared.access.person("console", Role::Admin.scopes()));
        Ok(Some(Self {
            web: Arc::clone(web),
            accounts,
            provider: Provider::new(&options.oidc)?,
            sessions: Sessions::new(options.idle, options.session),
            open: Arc::new(open),
            signing_in: Arc::new(Semaphore::new(SIGNING_IN)),
            trying: Arc::new(Semaphore::new(1)),
        }))
    }

    /// Whether everyone on this machine may use it.
    pub(super) fn is_open(&self) -> bool {
        self.accounts.is_none() && self.provider.is_none()
    }

    /// Whether browsers reach it by https: on this port, or through a proxy.
    pub(super) fn is_secure(&self) -> bool {
        self.web.is_secure || self.provider.as_ref().is_some_and(Provider::is_secure)
    }

    /// For whom a page is made.
    ///
    /// # Errors
    /// When nobody is signed in, or a page of another origin asks for an open console.
    pub(in crate::service) fn identify(&self, peer: &Peer, parts: &Parts) -> Result<Arc<Caller>, Failure> {
        if self.is_open() {
            origin::check_open(&parts.uri, &parts.headers)?;
            if !peer.address.ip().to_canonical().is_loopback() {
                return Err(Failure::SignedOut);
            }
        }
        self.session(&parts.headers).map(|session| Arc::clone(&session.caller))
    }

    /// The session of a request.
    pub(super) fn session(&self, headers: &HeaderMap) -> Result<Arc<Session>, Failure> {
        if self.is_open() {
            return Ok(Arc::clone(&self.open));
        }
        let session = sessions::token(headers).and_then(|token| self.sessions.find(token));
        // An account that was changed or taken away has no session any more.
        let account = |name: &str| self.accounts.as_ref().and_then(|accounts| accounts.find(name));
        let holds = |s: &Arc<Session>| match &s.opened {
            Opened::Freely => false,
            Opened::Password(hash) => account(&s.name).is_some_and(|a| a.role == s.role && a.password == *hash),
            Opened::Provider => account(&s.name).is_none(),
        };
        session.filter(holds).ok_or(Failure::SignedOut)
    }

    /// What stands around a page.
    pub(super) fn shell(&self, session: &Session, tab: Tab) -> Shell {
        let loaded = self.web.shared.current.load();
        let in_force = loaded.map(|loaded| {
            let ages = self.web.shared.ages(&loaded);
            words::in_force(&ages, loaded.engine().snapshot().fingerprint())
        });
        let recorder = self.web.shared.recorder.as_ref();
        Shell {
            tab,
            user: words::shown(&session.name),
            role: session.role.as_str().to_owned(),
            may_screen: session.caller.may(Scope::Screen),
            is_recorded: recorder.is_some_and(|r| r.mode(session.caller.evidence()) != EvidenceMode::Off),
            may_see_cases: recorder.is_some() && session.caller.may(Scope::Ledger),
            csrf: session.csrf.clone(),
            in_force: in_force.unwrap_or_else(|| "No lists are in force.".to_owned()),
            attention: self.web.shared.attention().unwrap_or_default(),
        }
    }

    /// The page for a refusal: to sign in where nobody is signed in, otherwise what is wrong.
    pub(in crate::service) fn refusal(&self, failure: &Failure, path: &str, request_id: &str) -> Response {
        if matches!(failure, Failure::SignedOut) && !self.is_open() {
            return redirect(&way::to_sign_in(path));
        }
        let status = problem::status_of(failure);
        let error = ErrorPage { status: status.as_u16(), text: failure.to_string(), request_id: request_id.to_owned() };
        let mut response = html(&error);
        *response.status_mut() = status;
        response
    }
}

/// A page, with what it may do.
pub(super) fn html(page: &impl Page) -> Response {
    let mut response = reply::with_type("text/html; charset=utf-8", page.html());
    let policy = HeaderValue::from_static(::console::CONTENT_SECURITY_POLICY);
    response.headers_mut().insert("content-security-policy", policy);
    response.headers_mut().insert("x-frame-options", HeaderValue::from_static("DENY"));
    // Without any a browser would not say either which page sent a form.
    response.headers_mut().insert("referrer-policy", HeaderValue::from_static("same-origin"));
    response.headers_mut().insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}
