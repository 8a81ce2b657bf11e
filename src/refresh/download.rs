//! Downloads one file over HTTP: only whole, limited in size and time, from allowed hosts, resumed after a break.

use super::bounds::Bounds;
use super::wanted::{Got, Wanted};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use lists::store::Validator;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Response, StatusCode, Url};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use tokio::time::Instant;

/// Downloads files.
#[derive(Clone, Debug)]
pub struct Client {
    /// Uses the proxy of the environment, if there is one.
    http: reqwest::Client,
    /// For addresses of this machine, without a proxy.
    direct: reqwest::Client,
    bounds: Bounds,
}

/// Why a file could not be downloaded.
#[derive(Debug, thiserror::Error)]
pub(in crate::refresh) enum Error {
    #[error("invalid address `{0}`: {1}")]
    Address(String, String),
    #[error("{0} redirected to {1}, which is not a host of the publication")]
    Elsewhere(String, String),
    #[error("{0} redirected more than {1} times")]
    Redirects(String, usize),
    #[error("{0} answered {1}")]
    Status(String, StatusCode),
    #[error("{0} sent a web page instead of the file")]
    WebPage(String),
    #[error("{0} sent the file in an unexpected encoding: {1}")]
    Encoding(String, String),
    #[error("{0} sent more than {1} bytes")]
    TooLarge(String, u64),
    #[error("{0} sent an empty file")]
    Empty(String),
    #[error("the transfer from {0} broke off: {1}")]
    Broken(String, String),
    #[error("{0} took longer than {1} seconds")]
    TooSlow(String, u64),
    #[error("the file from {0} does not match its digest: expected {1}, found {2}")]
    Digest(String, String, String),
    #[error("{0}: {1}")]
    Io(String, io::Error),
}

impl Error {
    /// Whether another try may succeed.
    fn is_temporary(&self) -> bool {
        match self {
            Self::Broken(..) => true,
            Self::Status(_, code) => {
                code.is_server_error() || matches!(*code, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
            }
            _ => false,
        }
    }
}

/// What is known about an unfinished download.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    validator: Validator,
    digest: Option<String>,
    gzip: bool,
}

/// Why downloads are not possible.
#[derive(Debug, thiserror::Error)]
#[error("start the download client: {0}")]
pub struct ClientError(#[from] reqwest::Error);

impl Client {
    /// # Errors
    /// When TLS or the resolver of names cannot be started.
    pub fn new(bounds: Bounds) -> Result<Self, ClientError> {
        let build = || {
            reqwest::Client::builder()
                .user_agent(concat!("tidewaiter/", env!("CARGO_PKG_VERSION")))
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(bounds.idle)
                // Files are kept compressed as sent, so that a break can be resumed and the limit counts what was sent:
                // reqwest is built without decompression.
                .read_timeout(bounds.idle)
                .no_gzip()
        };
        Ok(Self { http: build().build()?, direct: build().no_proxy().build()?, bounds })
    }

    /// Downloads a file into `folder`.
    pub(super) async fn get(&self, wanted: Wanted<'_>) -> Result<Got, Error> {
        let until = Instant::now() + self.bounds.total;
        let mut tries = 1;
        loop {
            let host = shown_host(wanted.url);
            let got = tokio::time::timeout_at(until, self.attempt(wanted));
            let got = got.await.unwrap_or(Err(Error::TooSlow(host, self.bounds.total.as_secs())));
            match got {
                Err(error) if error.is_temporary() && tries < self.bounds.tries => {
                    tokio::time::sleep(self.bounds.pause * 2u32.pow(tries - 1)).await;
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    async fn attempt(&self, wanted: Wanted<'_>) -> Result<Got, Error> {
        let part_path = wanted.folder.join(format!("{}.part", wanted.name));
        let state_path = wanted.folder.join(format!("{}.part.json", wanted.name));
        let part = resumable(&part_path, &state_path, wanted.url);
        let headers = request_headers(wanted, part.as_ref());
        let is_conditional =
            headers.contains_key(header::IF_NONE_MATCH) || headers.contains_key(header::IF_MODIFIED_SINCE);
        let (response, host) = self.follow(wanted, headers).await?;
        let status = response.status();
        let held = match (status, part) {
            (StatusCode::NOT_MODIFIED, _) if is_conditional => return Ok(Got::NotModified),
            (StatusCode::OK, _) => 0,
            (StatusCode::PARTIAL_CONTENT, Some((held, _))) if starts_at(&response) == Some(held) => held,
            (StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PARTIAL_CONTENT, _) => {
                forget(&part_path, &state_path);
                return Err(Error::Broken(host, format!("the server does not send the rest ({status})")));
            }
            _ => return Err(Error::Status(host, status)),
        };
        self.receive(response, &host, held, wanted, (&part_path, &state_path)).await
    }

    /// Follows redirects itself: only to allowed hosts, and never from TLS to plain HTTP.
    async fn follow(&self, wanted: Wanted<'_>, headers: HeaderMap) -> Result<(Response, String), Error> {
        let mut url = Url::parse(wanted.url).map_err(|e| Error::Address(shown_host(wanted.url), e.to_string()))?;
        let is_plain = url.scheme() == "http";
        for _ in 0..=self.bounds.redirects {
            let host = url.host_str().unwrap_or_default().to_owned();
            let may_be_plain = is_plain && (wanted.is_trusted || is_own(&host));
            if url.scheme() != "https" && !(url.scheme() == "http" && may_be_plain) {
                return Err(Error::Address(shown(&url), "expected https".to_owned()));
            }
            if !wanted.hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(&host)) {
                return Err(Error::Elsewhere(shown_host(wanted.url), shown(&url)));
            }
            let client = if is_own(&host) { &self.direct } else { &self.http };
            let mut request = Request::new(Method::GET, url.clone());
            *request.headers_mut() = headers.clone();
            let response = client.execute(request).await.map_err(|e| Error::Broken(host.clone(), cause(&e)))?;
            if !response.status().is_redirection() || response.status() == StatusCode::NOT_MODIFIED {
                return Ok((response, host));
            }
            let to = response.headers().get(header::LOCATION).and_then(|l| l.to_str().ok());
            let to = to.ok_or_else(|| Error::Status(host.clone(), response.status()))?;
            url = url.join(to).map_err(|e| Error::Address(to.chars().take(200).collect(), e.to_string()))?;
        }
        Err(Error::Redirects(shown_host(wanted.url), self.bounds.redirects))
    }

    async fn receive(
        &self,
        mut response: Response,
        host: &str,
        held: u64,
        wanted: Wanted<'_>,
        (part_path, state_path): (&Path, &Path),
    ) -> Result<Got, Error> {
        let gzip = encoding(&response, host)?;
        let announced = response.content_length();
        if announced.is_some_and(|more| held.saturating_add(more) > self.bounds.bytes) {
            return Err(Error::TooLarge(host.to_owned(), self.bounds.bytes));
        }
        let part = if held == 0 {
            Part { validator: validator(&response, wanted.url), digest: stated_digest(response.headers()), gzip }
        } else {
            // The headers of the first part hold for the whole file.
            read_part(state_path).unwrap_or_else(|| Part {
                validator: validator(&response, wanted.url),
                digest: None,
                gzip,
            })
        };
        fs::write(state_path, serde_json::to_vec(&part).unwrap_or_default()).map_err(io_error(state_path))?;
        let received = self.write(&mut response, host, held, (part_path, state_path)).await?;
        if announced.is_some_and(|announced| announced != received) {
            return Err(Error::Broken(host.to_owned(), format!("{received} of {} bytes came", announced.unwrap_or(0))));
        }
        if held + received == 0 {
            forget(part_path, state_path);
            return Err(Error::Empty(host.to_owned()));
        }
        if let Some(expected) = &part.digest {
            let found = digest_of(part_path).map_err(io_error(part_path))?;
            if found != *expected {
                forget(part_path, state_path);
                return Err(Error::Digest(host.to_owned(), expected.clone(), found));
            }
        }
        let whole = wanted.folder.join(wanted.name);
        fs::rename(part_path, &whole).map_err(io_error(&whole))?;
        forget(part_path, state_path);
        Ok(Got::File(whole, part.validator))
    }

    /// Writes the body behind the bytes held already; how many bytes came. After a break they stay, to be resumed.
    async fn write(
        &self,
        response: &mut Response,
        host: &str,
        held: u64,
        (part_path, state_path): (&Path, &Path),
    ) -> Result<u64, Error> {
        let opened = if held == 0 { File::create(part_path) } else { OpenOptions::new().append(true).open(part_path) };
        let mut file = opened.map_err(io_error(part_path))?;
        let mut received = 0;
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => {
                    file.sync_all().map_err(io_error(part_path))?;
                    return Err(Error::Broken(host.to_owned(), cause(&error)));
                }
            };
            received += chunk.len() as u64;
            if held + received > self.bounds.bytes {
                forget(part_path, state_path);
                return Err(Error::TooLarge(host.to_owned(), self.bounds.bytes));
            }
            file.write_all(&chunk).map_err(io_error(part_path))?;
        }
        file.sync_all().map_err(io_error(part_path))?;
        Ok(received)
    }
}

/// What to send: resume a part, or ask whether the file changed.
fn request_headers(wanted: Wanted<'_>, part: Option<&(u64, Part)>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let is_packed = [".zip", ".gz", ".xlsx"].iter().any(|end| wanted.url.ends_with(end));
    let accepted = if is_packed { "identity" } else { "gzip, identity;q=0.5" };
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
    if let Some((held, part)) = part {
        let mark = part.validator.etag.as_deref().filter(|tag| !tag.starts_with("W/"));
        if let Some(mark) = mark.or(part.validator.last_modified.as_deref()).and_then(|m| m.parse().ok()) {
            insert(&mut headers, header::RANGE, &format!("bytes={held}-"));
            headers.insert(header::IF_RANGE, mark);
        }
    } else if let Some(known) = wanted.known {
        known.etag.iter().for_each(|tag| insert(&mut headers, header::IF_NONE_MATCH, tag));
        known.last_modified.iter().for_each(|day| insert(&mut headers, header::IF_MODIFIED_SINCE, day));
    }
    headers
}

/// Whether the body is compressed by gzip; refuses web pages and other encodings.
fn encoding(response: &Response, host: &str) -> Result<bool, Error> {
    let kind = text(response, header::CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    if kind.trim_start().starts_with("text/html") {
        return Err(Error::WebPage(host.to_owned()));
    }
    match text(response, header::CONTENT_ENCODING).map(str::trim) {
        None | Some("" | "identity") => Ok(false),
        Some("gzip" | "x-gzip") => Ok(true),
        Some(other) => Err(Error::Encoding(host.to_owned(), other.to_owned())),
    }
}

/// What distinguishes this version of the file from another.
fn validator(response: &Response, url: &str) -> Validator {
    Validator {
        url: url.to_owned(),
        etag: text(response, header::ETAG).map(str::to_owned),
        last_modified: text(response, header::LAST_MODIFIED).map(str::to_owned),
    }
}

fn text(response: &Response, name: HeaderName) -> Option<&str> {
    response.headers().get(name).and_then(|value| value.to_str().ok())
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> Error + use<> {
    let path = path.display().to_string();
    move |cause| Error::Io(path, cause)
}

/// Where an address leads.
pub(crate) struct Place {
    /// The host.
    pub(crate) host: String,
    /// Whether nobody on the way can change what is sent: TLS, or this machine.
    pub(crate) is_safe: bool,
}

/// Where an address leads.
///
/// # Errors
/// Why the address is invalid.
pub(crate) fn place_of(url: &str) -> Result<Place, String> {
    let parsed = Url::parse(url).map_err(|e| e.to_string())?;
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err("expected no user or password in it: addresses are shown and logged".to_owned());
    }
    let host = parsed.host_str().filter(|h| !h.is_empty()).ok_or_else(|| "no host in it".to_owned())?.to_owned();
    match parsed.scheme() {
        "https" => Ok(Place { host, is_safe: true }),
        "http" => Ok(Place { is_safe: is_own(&host), host }),
        other => Err(format!("unknown scheme `{other}`, expected https")),
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = text.parse::<HeaderValue>() {
        headers.insert(name, value);
    }
}

/// A part of the same file, with its length.
fn resumable(part: &Path, state: &Path, url: &str) -> Option<(u64, Part)> {
    let held = fs::metadata(part).ok()?.len();
    let known = read_part(state).filter(|s| s.validator.url == url)?;
    (held > 0 && (known.validator.etag.is_some() || known.validator.last_modified.is_some())).then_some((held, known))
}

fn read_part(state: &Path) -> Option<Part> {
    serde_json::from_slice(&fs::read(state).ok()?).ok()
}

fn forget(part: &Path, state: &Path) {
    for path in [part, state] {
        let _may_not_be_there = fs::remove_file(path);
    }
}

/// The first byte of a partial answer: "bytes 100-999/1000" begins at 100.
fn starts_at(response: &Response) -> Option<u64> {
    let range = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.trim().strip_prefix("bytes ")?.split('-').next()?.trim().parse().ok()
}

/// SHA-256 of the whole file, where the server says it (RFC 9530, or RFC 3230 before it).
fn stated_digest(headers: &HeaderMap) -> Option<String> {
    ["repr-digest", "content-digest", "digest"].iter().find_map(|name| {
        let value = headers.get(*name)?.to_str().ok()?;
        let said = value.split(',').find_map(|member| {
            let (algorithm, digest) = member.trim().split_once('=')?;
            algorithm.eq_ignore_ascii_case("sha-256").then(|| digest.trim_matches(':').to_owned())
        })?;
        BASE64.decode(&said).is_ok_and(|bytes| bytes.len() == 32).then_some(said)
    })
}

fn digest_of(path: &Path) -> io::Result<String> {
    let (mut file, mut hash, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 1 << 18]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(BASE64.encode(hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}

/// Whether a host is this machine.
fn is_own(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|a| a.is_loopback())
}

/// The host of an address, for messages; what follows it may hold a token.
fn shown_host(url: &str) -> String {
    Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_else(|| "the address".to_owned())
}

/// Scheme and host of an address.
fn shown(url: &Url) -> String {
    format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default())
}

/// The root of a transport error, without the address, which may hold a token.
fn cause(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    if error.is_timeout() { "no data came in time".to_owned() } else { inner.to_string() }
}
