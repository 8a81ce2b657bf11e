//! Pages of other origins: which may call from a browser, and what is refused to the rest.
//!
//! A browser sends what a page of any origin asks for, with the address of this machine if the page says so. Where callers
//! need a key that is no danger, for no page has one. Where none is needed the request is refused, when the browser says
//! that another origin asked, or when the name in `Host` is one that somebody else could make to lead here.

use super::Web;
use crate::service::guard::failure::Failure;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use std::net::IpAddr;

/// How long a browser may remember what it was allowed.
const REMEMBERED: &str = "600";

/// Refuses a request that a page of another origin has made, where callers need no credentials.
pub(in crate::service) fn check(web: &Web, uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
    if web.shared.access.must_identify() || allowed(web, headers).is_some() {
        return Ok(());
    }
    // Only a browser can be made to ask by a page; every browser begins its name so.
    let is_browser = text(headers, header::USER_AGENT).is_some_and(|name| name.starts_with("Mozilla/"));
    if is_foreign(uri, headers) || (is_browser && !is_by_address(host_of(uri, headers))) {
        return Err(Failure::OriginRefused);
    }
    Ok(())
}

/// Refuses a request that a page of another origin has made, and one under a name that somebody else could make to lead
/// here: for pages that everyone on this machine may use.
pub(in crate::service) fn check_open(uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
    if is_foreign(uri, headers) || !is_by_address(host_of(uri, headers)) { Err(Failure::OriginRefused) } else { Ok(()) }
}

/// Whether the browser says that a page of another origin asks. Whoever follows a link from one does too, so that is
/// allowed where nothing is sent.
pub(in crate::service) fn is_foreign(uri: &Uri, headers: &HeaderMap) -> bool {
    let host = host_of(uri, headers);
    let is_ours = |origin: &str| origin.split_once("://").is_some_and(|(_, at)| at == host);
    let site = text(headers, HeaderName::from_static("sec-fetch-site"));
    let is_link = text(headers, HeaderName::from_static("sec-fetch-mode")) == Some("navigate")
        && text(headers, header::ORIGIN).is_none();
    text(headers, header::ORIGIN).is_some_and(|origin| !is_ours(origin))
        || (matches!(site, Some("cross-site" | "same-site")) && !is_link)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

/// The host that the caller thinks it calls, with its port.
fn host_of<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> &'r str {
    let given = headers.get(header::HOST).and_then(|v| v.to_str().ok());
    given.or_else(|| uri.authority().map(|a| a.as_str())).unwrap_or_default()
}

/// Whether a host is an address or this machine's own name, which nobody else can make to lead here. Without any host it
/// is no browser.
fn is_by_address(host: &str) -> bool {
    let bare = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    bare.is_empty() || bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok()
}

/// The origin that asks, if its pages may call.
fn allowed<'r>(web: &Web, headers: &'r HeaderMap) -> Option<&'r HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    web.origins.iter().any(|known| known.as_bytes() == origin.as_bytes()).then_some(origin)
}

/// The answer to a browser that asks first whether a page may call.
pub(in crate::service) fn preflight(method: &Method, headers: &HeaderMap) -> Option<Response> {
    let asks = method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    asks.then(|| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        response
    })
}

/// Adds to a response what lets a page of an allowed origin read it.
pub(in crate::service) fn allow<B>(web: &Web, asked: &HeaderMap, response: &mut axum::http::Response<B>) {
    if web.origins.is_empty() {
        return;
    }
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    let Some(origin) = allowed(web, asked) else { return };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    let shown = "x-request-id, retry-after, grpc-status, grpc-message, grpc-status-details-bin";
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(shown));
    if asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        let sent = "authorization, content-type, content-encoding, prefer, x-request-id, grpc-timeout, x-grpc-web, \
                    x-user-agent";
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(sent));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(REMEMBERED));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_somebody_else_can_point_here_is_no_address() {
        assert!(
            ["127.0.0.1:8080", "[::1]:80", "localhost", "LOCALHOST:1", "10.0.0.7", ""].map(is_by_address) == [true; 6]
        );
        assert!(
            ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example"].map(is_by_address) == [false; 3]
        );
    }
}
