//! Signing in and out.

use super::accounts::is_password;
use super::sessions::{self, Session};
use super::{Console, check_origin, form, html, redirect};
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

/// The address of the page to sign in, which leads back to `path` afterwards.
pub(super) fn address(path: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(own_path(path).as_bytes()).collect();
    format!("/console/sign-in?next={next}")
}

/// A path of the console, and nothing that leads elsewhere.
fn own_path(path: &str) -> &str {
    let is_own = path.starts_with("/console/")
        && !path.contains("//")
        && !path.contains("..")
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.~%:".contains(&b))
        && !path.starts_with("/console/sign-");
    if is_own { path } else { "/console/search" }
}

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
pub(super) async fn sign_out(
    State(console): State<Arc<Console>>,
    Extension(asked): Extension<Asked>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let (_session, _form) = form::of_session(&console, &asked, &uri, &headers, body).await?;
    if let Some(token) = sessions::token(&headers) {
        console.sessions.close(token);
    }
    let mut response = redirect("/console/sign-in");
    response.headers_mut().insert(header::SET_COOKIE, sessions::cookie("", console.web.is_secure));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_elsewhere_leads_to_the_search() {
        for elsewhere in [
            "https://evil.example/",
            "//evil.example/console/",
            "/console//evil.example",
            "/console/../v1/lists",
            "/console/\\evil.example",
            "/console/sign-in",
            "/console/sign-out",
            "/console/x\r\nset-cookie: a=b",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(own_path(elsewhere), "/console/search", "{elsewhere:?}");
        }
        assert_eq!(own_path("/console/entries/us-bis-el/a%2Fb"), "/console/entries/us-bis-el/a%2Fb");
    }
}
