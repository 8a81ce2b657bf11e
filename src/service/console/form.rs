//! Reading forms: fields, files, and the secret that shows that a page of ours sent them.

use super::desk::Console;
use super::visit::Visit;
use super::way::check_origin;
use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use crate::service::web::body;
use crate::service::web::query::Query;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderMap, header};
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

/// A form that a page of this session sent.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) visit: Visit,
    pub(super) fields: Query,
}

impl FromRequest<Arc<Console>> for Sent {
    type Rejection = Failure;

    /// Refuses what is no form, too large, too slow, or sent by another page.
    async fn from_request(request: Request, console: &Arc<Console>) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        check_origin(&parts.uri, &parts.headers)?;
        let visit = Visit::from_request_parts(&mut parts, console).await?;
        let fields = read(console, &visit.asked, &parts.headers, body).await?;
        if visit.session.is_own(fields.text("csrf")) { Ok(Self { visit, fields }) } else { Err(Failure::Forged) }
    }
}

/// A form with a file that a page of this session sent.
#[derive(Debug)]
pub(super) struct SentFile {
    pub(super) visit: Visit,
    /// The other fields.
    pub(super) fields: Query,
    /// Its name, without the path that it had.
    pub(super) name: String,
    /// Never empty.
    pub(super) bytes: Bytes,
}

impl FromRequest<Arc<Console>> for SentFile {
    type Rejection = Failure;

    /// As [`Sent`], and refuses a form without a file.
    async fn from_request(request: Request, console: &Arc<Console>) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        check_origin(&parts.uri, &parts.headers)?;
        let visit = Visit::from_request_parts(&mut parts, console).await?;
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| Failure::MediaUnknown("a form with a file"))?;
        let whole = body::whole(&console.web, &visit.asked, &parts.headers, body).await?;
        let mut multipart = Multipart::new(tokio_stream::once(Ok::<_, Infallible>(whole)), boundary);
        let broken = |_: multer::Error| Failure::Malformed("the form with the file is malformed".to_owned());
        let (mut fields, mut file) = (Vec::new(), None);
        while let Some(part) = multipart.next_field().await.map_err(broken)? {
            match part.name().map(str::to_owned) {
                Some(field) if field == "file" => {
                    // A path is the sender's own business.
                    let name = part.file_name().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
                    let name = name.chars().take(120).collect();
                    file = Some((name, part.bytes().await.map_err(broken)?));
                }
                Some(field) => fields.push((field, part.text().await.map_err(broken)?)),
                None => {}
            }
        }
        let fields = Query::of_pairs(fields);
        if !visit.session.is_own(fields.text("csrf")) {
            return Err(Failure::Forged);
        }
        let none = || Failure::Malformed("no file was sent, or it is empty".to_owned());
        let (name, bytes) = file.filter(|(_, bytes)| !bytes.is_empty()).ok_or_else(none)?;
        Ok(Self { visit, fields, name, bytes })
    }
}
