//! Ways from one page to another, and from where forms may come.

use crate::service::guard::failure::Failure;
use crate::service::web::origin;
use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::Response;

/// The address of the page to sign in, which leads back to `path` afterwards.
pub(super) fn to_sign_in(path: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(own_path(path).as_bytes()).collect();
    format!("/console/sign-in?next={next}")
}

/// A path of the console, and nothing that leads elsewhere.
pub(super) fn own_path(path: &str) -> &str {
    let is_own = path.starts_with("/console/")
        && !path.contains("//")
        && !path.contains("..")
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.~%:".contains(&b))
        && !path.starts_with("/console/sign-");
    if is_own { path } else { "/console/search" }
}

/// Sends a browser to another page of ours.
pub(super) fn redirect(to: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let to = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/console/search"));
    response.headers_mut().insert(header::LOCATION, to);
    response
}

/// Whether a form was sent from a page of this origin, as far as the browser says.
pub(super) fn check_origin(uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
    if origin::is_foreign(uri, headers) { Err(Failure::Forged) } else { Ok(()) }
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
