//! Signing in, with a password or at the provider, and out.

use super::accounts::{Role, is_password};
use super::desk::{Console, html};
use super::form::{self, Sent};
use super::provider::{Away, Back, LONGEST as AWAY_LONGEST, Refusal};
use super::sessions::{self, Opened, Session};
use super::way::{check_origin, own_path, redirect};
use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use crate::service::web::query::Query;
use ::console::{SignInPage, SignedInPage};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;

/// How long a wrong password takes beyond its check, so that guessing is slow.
const WRONG: Duration = Duration::from_millis(400);

/// Characters of a name and a password that are looked at.
const LONGEST: usize = 1024;

/// The page.
pub(super) async fn page(State(console): State<Arc<Console>>, uri: Uri) -> Response {
    if console.is_open() {
        return redirect("/console/search");
    }
    html(&empty(&console, Query::of(&uri).text("next")))
}

/// The page as it is before anything was typed.
fn empty(console: &Console, next: &str) -> SignInPage {
    let next = own_path(next).to_owned();
    let label = console.provider.as_ref().map(|provider| provider.label().to_owned()).unwrap_or_default();
    let encoded: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    SignInPage {
        provider: label,
        provider_url: format!("/console/sign-in/provider?next={encoded}"),
        has_accounts: console.accounts.is_some(),
        next,
        ..SignInPage::default()
    }
}

/// Opens a session with a password. Whatever session the browser had before ends, so that nobody can have prepared it.
pub(super) async fn sign_in(
    State(console): State<Arc<Console>>,
    Extension(asked): Extension<Asked>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    check_origin(&uri, &headers)?;
    let Some(accounts) = console.accounts.clone() else { return Ok(redirect("/console/sign-in")) };
    let form = form::read(&console, &asked, &headers, body).await?;
    let clip = |name: &str| form.text(name).chars().take(LONGEST).collect::<String>();
    let (name, password) = (clip("name"), clip("password"));
    let Ok(_turn) = Arc::clone(&console.signing_in).try_acquire_owned() else {
        return Err(Failure::Overloaded("too many people sign in at once"));
    };
    let asked_for = name.clone();
    let checked = tokio::task::spawn_blocking(move || {
        let account = accounts.find(&asked_for);
        let is_right = is_password(account.as_ref(), &password);
        account.filter(|_| is_right)
    });
    let Some(account) = checked.await.map_err(|_| Failure::Panicked)? else {
        if console.web.shared.may_log() {
            tracing::warn!("a name or password of the console was wrong");
        }
        tokio::time::sleep(WRONG).await;
        let fault = "This name and password do not fit.".to_owned();
        let mut response = html(&SignInPage { fault, name, ..empty(&console, form.text("next")) });
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        return Ok(response);
    };
    let opened = Opened::Password(account.password);
    let cookie = open(&console, &account.name, account.role, opened, sessions::token(&headers));
    let mut response = redirect(own_path(form.text("next")));
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Opens a session in the place of an old one; its cookie.
fn open(console: &Console, name: &str, role: Role, opened: Opened, old: Option<&str>) -> HeaderValue {
    if let Some(old) = old {
        console.sessions.close(old);
    }
    let way = if opened == Opened::Provider { "provider" } else { "password" };
    let caller = console.web.shared.access.person(name, role.scopes());
    let token = console.sessions.open(Session::new(name, role, opened, caller));
    tracing::info!(console.account = name, console.role = role.as_str(), console.way = way, "signed in to the console");
    sessions::cookie(&token, console.is_secure())
}

/// Sends the browser to the provider.
pub(super) async fn away(
    State(console): State<Arc<Console>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let provider = console.provider.as_ref().ok_or(Failure::PathUnknown)?;
    let query = Query::of(&uri);
    let next = own_path(query.text("next"));
    match provider.begin(next, sessions::token(&headers)).await {
        Ok(Away { to, secret }) => {
            // The address is made of what the provider published and of what was encoded.
            let to = HeaderValue::try_from(to).map_err(|_| Failure::Panicked)?;
            let mut response = redirect("/console/sign-in");
            response.headers_mut().insert(header::LOCATION, to);
            let cookie = sessions::away(&secret, AWAY_LONGEST, console.is_secure());
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(refusal) => Ok(refused(&console, &refusal, next)),
    }
}

/// Takes a browser that comes back from the provider.
pub(super) async fn back(
    State(console): State<Arc<Console>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let provider = console.provider.as_ref().ok_or(Failure::PathUnknown)?;
    let finished = provider.finish(&Query::of(&uri), sessions::away_secret(&headers)).await;
    let finished = finished.and_then(|back| {
        // One name, one person: what an account did and what somebody of the provider did would look the same.
        let is_taken = console.accounts.as_ref().is_some_and(|a| a.find(&back.person.name).is_some());
        if is_taken { Err(Refusal::NoName("an account of this console has it")) } else { Ok(back) }
    });
    let mut response = match finished {
        Ok(Back { person, next, old }) => {
            let cookie = open(&console, &person.name, person.role, Opened::Provider, old.as_deref());
            // A page and no redirect: a browser that was sent here by another site would not send the new cookie along.
            let mut response = html(&SignedInPage { next: own_path(&next).to_owned() });
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(refusal) => refused(&console, &refusal, ""),
    };
    let gone = sessions::away("", AWAY_LONGEST, console.is_secure());
    response.headers_mut().append(header::SET_COOKIE, gone);
    Ok(response)
}

/// The page to sign in, with why it did not work.
fn refused(console: &Console, refusal: &Refusal, next: &str) -> Response {
    if console.web.shared.may_log() {
        tracing::warn!(error = %refusal, "a sign-in with the provider failed");
    }
    let label = console.provider.as_ref().map(|provider| provider.label()).unwrap_or_default();
    let fault = refusal.words(label, console.accounts.is_some());
    let mut response = html(&SignInPage { fault, ..empty(console, next) });
    *response.status_mut() = if refusal.is_passing() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::FORBIDDEN };
    response
}

/// Ends the session.
pub(super) async fn sign_out(headers: HeaderMap, Sent { visit, .. }: Sent) -> Response {
    let console = visit.console;
    if let Some(token) = sessions::token(&headers) {
        console.sessions.close(token);
    }
    let mut response = redirect("/console/sign-in");
    response.headers_mut().insert(header::SET_COOKIE, sessions::cookie("", console.is_secure()));
    response
}
