//! Signing in and out.

use super::accounts::is_password;
use super::desk::{Console, html};
use super::form::{self, Sent};
use super::sessions::{self, Session};
use super::way::{check_origin, own_path, redirect};
use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use crate::service::web::query::Query;
use ::console::SignInPage;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;

/// How long a wrong password takes beyond its check, so that guessing is slow.
const WRONG: Duration = Duration::from_millis(400);

/// Characters of a name and a password that are looked at.
const LONGEST: usize = 1024;

/// The page.
pub(super) async fn page(State(console): State<Arc<Console>>, uri: Uri) -> Response {
    if console.accounts.is_none() {
        return redirect("/console/search");
    }
    let next = own_path(Query::of(&uri).text("next")).to_owned();
    html(&SignInPage { next, ..SignInPage::default() })
}

/// Opens a session. Whatever session the browser had before ends, so that nobody can have prepared it.
pub(super) async fn sign_in(
    State(console): State<Arc<Console>>,
    Extension(asked): Extension<Asked>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    check_origin(&uri, &headers)?;
    let Some(accounts) = console.accounts.clone() else { return Ok(redirect("/console/search")) };
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
        let mut response = html(&SignInPage { fault, next: own_path(form.text("next")).to_owned(), name });
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        return Ok(response);
    };
    if let Some(old) = sessions::token(&headers) {
        console.sessions.close(old);
    }
    let caller = console.web.shared.access.person(&account.name, account.role.scopes());
    let token = console.sessions.open(Session::new(&account.name, account.role, &account.password, caller));
    tracing::info!(console.account = account.name, console.role = account.role.as_str(), "signed in to the console");
    let mut response = redirect(own_path(form.text("next")));
    response.headers_mut().insert(header::SET_COOKIE, sessions::cookie(&token, console.web.is_secure));
    Ok(response)
}

/// Ends the session.
pub(super) async fn sign_out(headers: HeaderMap, Sent { visit, .. }: Sent) -> Response {
    let console = visit.console;
    if let Some(token) = sessions::token(&headers) {
        console.sessions.close(token);
    }
    let mut response = redirect("/console/sign-in");
    response.headers_mut().insert(header::SET_COOKIE, sessions::cookie("", console.web.is_secure));
    response
}
