//! The console: pages over the same engine for people who look at findings in a browser.
//!
//! Routes ask, fill the models of the crate `console` and send its HTML. Who is signed in is known by a cookie, and every
//! form brings back a secret of its session. What a person types stands in the body of a request, never in an address, and
//! is not kept.

pub mod accounts;
mod answer;
mod asset;
mod entry;
mod form;
mod lists;
mod policy;
mod screen;
mod search;
mod sessions;
mod sign_in;
mod upload;
mod words;

use super::guard::access::{Caller, Peer};
use super::guard::callers::Scope;
use super::guard::failure::Failure;
use super::web::{Web, origin, problem, reply};
use crate::config;
use ::console::{ErrorPage, Page, Shell, Tab};
use accounts::{Accounts, AccountsError, Role};
use axum::Router;
use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::{get, post};
use sessions::{Session, Sessions};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Passwords that are checked at once: each takes a processor and 19 MiB for some hundredths of a second.
const SIGNING_IN: usize = 2;

/// The console.
#[derive(Debug)]
pub(super) struct Console {
    web: Arc<Web>,
    /// `None`: everyone on this machine may use it.
    accounts: Option<Arc<Accounts>>,
    sessions: Sessions,
    /// The session of everyone on this machine, where nobody signs in.
    open: Arc<Session>,
    signing_in: Arc<Semaphore>,
}

impl Console {
    /// With the accounts of the configuration; `None` when there is no console.
    pub(super) fn load(options: &config::Console, web: &Arc<Web>) -> Result<Option<Self>, AccountsError> {
        if !options.is_on() {
            return Ok(None);
        }
        let accounts = options.accounts.as_deref().map(Accounts::load).transpose()?.map(Arc::new);
        let open = Session::new("", Role::Admin, "", web.shared.access.person("console", Role::Admin.scopes()));
        Ok(Some(Self {
            web: Arc::clone(web),
            accounts,
            sessions: Sessions::new(options.idle, options.session),
            open: Arc::new(open),
            signing_in: Arc::new(Semaphore::new(SIGNING_IN)),
        }))
    }

    /// For whom a page is made.
    ///
    /// # Errors
    /// When nobody is signed in, or a page of another origin asks for an open console.
    pub(super) fn identify(&self, peer: &Peer, parts: &Parts) -> Result<Arc<Caller>, Failure> {
        if self.accounts.is_none() {
            origin::check_open(&parts.uri, &parts.headers)?;
            if !peer.address.ip().to_canonical().is_loopback() {
                return Err(Failure::SignedOut);
            }
        }
        self.session(&parts.headers).map(|session| Arc::clone(&session.caller))
    }

    /// The session of a request.
    fn session(&self, headers: &HeaderMap) -> Result<Arc<Session>, Failure> {
        let Some(accounts) = &self.accounts else { return Ok(Arc::clone(&self.open)) };
        let session = sessions::token(headers).and_then(|token| self.sessions.find(token));
        // An account that was changed or taken away has no session any more.
        let is_same =
            |s: &Arc<Session>| accounts.find(&s.name).is_some_and(|a| a.role == s.role && a.password == s.password);
        session.filter(is_same).ok_or(Failure::SignedOut)
    }

    /// The session of a request that needs a scope.
    fn session_with(&self, headers: &HeaderMap, scope: Scope) -> Result<Arc<Session>, Failure> {
        let session = self.session(headers)?;
        if session.caller.may(scope) { Ok(session) } else { Err(Failure::ScopeMissing(scope.as_str())) }
    }

    /// What stands around a page.
    fn shell(&self, session: &Session, tab: Tab) -> Shell {
        let loaded = self.web.shared.current.load();
        let in_force = loaded.map(|loaded| {
            let ages = self.web.shared.ages(&loaded);
            words::in_force(&ages, loaded.engine().snapshot().fingerprint())
        });
        Shell {
            tab,
            user: session.name.clone(),
            role: session.role.as_str().to_owned(),
            may_screen: session.caller.may(Scope::Screen),
            csrf: session.csrf.clone(),
            in_force: in_force.unwrap_or_else(|| "No lists are in force.".to_owned()),
            attention: self.web.shared.attention().unwrap_or_default(),
        }
    }

    /// The page for a refusal: to sign in where nobody is signed in, otherwise what is wrong.
    pub(super) fn refusal(&self, failure: &Failure, path: &str, request_id: &str) -> Response {
        if matches!(failure, Failure::SignedOut) && self.accounts.is_some() {
            return redirect(&sign_in::address(path));
        }
        let status = problem::status_of(failure);
        let error = ErrorPage { status: status.as_u16(), text: failure.to_string(), request_id: request_id.to_owned() };
        let mut response = html(&error);
        *response.status_mut() = status;
        response
    }
}

/// The routes.
pub(super) fn routes(console: Arc<Console>) -> Router {
    Router::new()
        .route("/console", get(|| async { redirect("/console/search") }))
        .route("/console/", get(|| async { redirect("/console/search") }))
        .route("/console/assets/{name}", get(asset::asset))
        .route("/console/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/search", get(search::page).post(search::search))
        .route("/console/entries/{list}/{*id}", get(entry::page))
        .route("/console/screen", get(screen::page).post(screen::screen))
        .route("/console/screen/file", post(upload::screen))
        .route("/console/lists", get(lists::page))
        .route("/console/policy", get(policy::page))
        .method_not_allowed_fallback(|| async { Failure::VerbUnknown })
        .with_state(console)
}

/// A page, with what it may do.
fn html(page: &impl Page) -> Response {
    let mut response = reply::with_type("text/html; charset=utf-8", page.html());
    let policy = HeaderValue::from_static(::console::CONTENT_SECURITY_POLICY);
    response.headers_mut().insert("content-security-policy", policy);
    response.headers_mut().insert("x-frame-options", HeaderValue::from_static("DENY"));
    // Without any a browser would not say either which page sent a form.
    response.headers_mut().insert("referrer-policy", HeaderValue::from_static("same-origin"));
    response.headers_mut().insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}

/// Sends a browser to another page of ours.
fn redirect(to: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let to = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/console/search"));
    response.headers_mut().insert(header::LOCATION, to);
    response
}

/// Whether a form was sent from a page of this origin, as far as the browser says.
fn check_origin(uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
    if origin::is_foreign(uri, headers) { Err(Failure::Forged) } else { Ok(()) }
}
