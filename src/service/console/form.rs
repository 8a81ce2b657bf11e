//! Reading forms: fields, files, and the secret that shows that a page of ours sent them.

use super::desk::Console;
use super::sessions::Session;
use super::way::check_origin;
use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use crate::service::web::body;
use crate::service::web::query::Query;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Uri, header};
use multer::Multipart;
use std::convert::Infallible;
use std::sync::Arc;

/// The fields of a form.
///
/// # Errors
/// When it is no form, too large or too slow.
pub(super) async fn read(console: &Console, asked: &Asked, headers: &HeaderMap, body: Body) -> Result<Query, Failure> {
    if body::media_type(headers) != "application/x-www-form-urlencoded" {
        return Err(Failure::MediaUnknown("a form of a page of the console"));
    }
    Ok(Query::parse(&body::whole(&console.web, asked, headers, body).await?))
}

/// The fields of a form that a page of this session sent.
///
/// # Errors
/// As [`read`], and when another page sent it.
pub(super) async fn of_session(
    console: &Console,
    asked: &Asked,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Arc<Session>, Query), Failure> {
    check_origin(uri, headers)?;
    let session = console.session(headers)?;
    let form = read(console, asked, headers, body).await?;
    if session.is_own(form.text("csrf")) { Ok((session, form)) } else { Err(Failure::Forged) }
}

/// A file that was sent.
pub(super) struct File {
    pub(super) name: String,
    pub(super) bytes: Bytes,
}

/// The file of a form that a page of this session sent.
///
/// # Errors
/// As [`of_session`], and when there is no file in it.
pub(super) async fn file_of_session(
    console: &Console,
    asked: &Asked,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Arc<Session>, File), Failure> {
    check_origin(uri, headers)?;
    let session = console.session(headers)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind).map_err(|_| Failure::MediaUnknown("a form with a file"))?;
    let whole = body::whole(&console.web, asked, headers, body).await?;
    let mut parts = Multipart::new(tokio_stream::once(Ok::<_, Infallible>(whole)), boundary);
    let broken = |_: multer::Error| Failure::Malformed("the form with the file is malformed".to_owned());
    let (mut csrf, mut file) = (String::new(), None);
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        match part.name() {
            Some("csrf") => csrf = part.text().await.map_err(broken)?,
            Some("file") => {
                // A path is the sender's own business.
                let name = part.file_name().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
                let name = name.chars().take(120).collect();
                file = Some(File { name, bytes: part.bytes().await.map_err(broken)? });
            }
            _ => {}
        }
    }
    if !session.is_own(&csrf) {
        return Err(Failure::Forged);
    }
    let file = file.filter(|file| !file.bytes.is_empty());
    Ok((session, file.ok_or_else(|| Failure::Malformed("no file was sent, or it is empty".to_owned()))?))
}
