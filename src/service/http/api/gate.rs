//! The gate before every request of the HTTP port, the same as before a call of gRPC: who calls, whether they may, whether
//! there is room, and until when; and the form of what is refused.

use crate::service::admission::{self, Admitted};
#[cfg(feature = "console")]
use crate::service::console::Console;
use crate::service::grpc::Calls;
use crate::service::guard::access::{Caller, Peer};
use crate::service::guard::failure::Failure;
use crate::service::methods::{self, METHODS, Method, Need};
use crate::service::record::{Answer, REQUEST_ID, Record, Said};
use crate::service::shared::Shared;
use crate::service::tls::Speaks;
use crate::service::transport::{Answering, Answers};
use crate::service::web::problem::{self, Refused, Shape};
use crate::service::web::query::Query;
use crate::service::web::{Web, body, origin, reply};
use crate::telemetry;
use axum::Router;
use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout_at;
use tonic::codegen::Service as _;

/// The gate, and the routes behind it.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) router: Router,
    /// gRPC from browsers.
    pub(super) calls: Calls,
    pub(super) web: Arc<Web>,
    /// `None`: there is no console.
    #[cfg(feature = "console")]
    pub(super) console: Option<Arc<Console>>,
}

/// What keeps a browser from taking an answer for something else, or telling others where it came from.
const HEADERS: [(&str, &str); 3] =
    [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cache-control", "no-store")];

impl Answers for Gate {
    fn shared(&self) -> &Arc<Shared> {
        &self.web.shared
    }

    fn speaks(&self) -> Speaks {
        Speaks::Both
    }

    fn call(self: Arc<Self>, peer: Arc<Peer>, request: Request<Incoming>) -> Answering {
        Box::pin(async move {
            let is_call = Calls::is_one(request.method(), request.headers());
            if is_call { self.answer_call(peer, request).await } else { self.answer(peer, request).await }
        })
    }
}

impl Gate {
    /// Answers a call of gRPC-web; its gate is that of gRPC.
    async fn answer_call(&self, peer: Arc<Peer>, request: Request<Incoming>) -> Response<Answer> {
        let asked = request.headers().clone();
        let barred = origin::check(&self.web, request.uri(), &asked);
        let mut response = self.calls.answer(peer, request, barred).await;
        self.dress(&asked, &mut response);
        response
    }

    async fn answer(&self, peer: Arc<Peer>, request: Request<Incoming>) -> Response<Answer> {
        let shared = &self.web.shared;
        let (parts, body) = request.into_parts();
        let at = methods::of_http(parts.method.as_str(), parts.uri.path());
        let id = shared.request_ids.of(parts.headers.get(REQUEST_ID));
        let span = telemetry::call_span("http", METHODS[at].label, &id, &parts.headers);
        let mut record = Record::begin(Arc::clone(shared), at, id.clone(), span);
        let (asked, path) = (parts.headers.clone(), parts.uri.path().to_owned());
        let answered = match origin::preflight(&parts.method, &parts.headers) {
            Some(response) => Ok(response),
            None => self.admitted(&METHODS[at], &peer, parts, body, &mut record).await,
        };
        let refused = match &answered {
            Ok(response) => response.extensions().get().map(|Refused(failure)| Arc::clone(failure)),
            Err(failure) => Some(Arc::clone(failure)),
        };
        // An interface of others may refuse in a form of its own, and then says how that counts.
        let own = answered.as_ref().ok().and_then(|response| response.extensions().get::<Said>().copied());
        let said = refused.as_deref().map(problem::said).or(own).unwrap_or(Said::OK);
        let response = match (refused, answered) {
            (Some(failure), _) => self.refusal(&failure, &path, id.to_str().unwrap_or_default()),
            (None, Ok(response)) => response,
            (None, Err(_)) => unreachable!("an error is a refusal"),
        };
        let mut response = reply::compressed(&asked, response).await;
        self.dress(&asked, &mut response);
        record.answer_plainly(response.map(tonic::body::Body::new), said, &peer)
    }

    /// Adds what every answer says to a browser.
    fn dress<B>(&self, asked: &HeaderMap, response: &mut Response<B>) {
        for (name, value) in HEADERS {
            response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
        }
        origin::allow(&self.web, asked, response);
    }

    /// The answer of a route, if the request is let in.
    async fn admitted(
        &self,
        method: &Method,
        peer: &Arc<Peer>,
        parts: Parts,
        body: Incoming,
        record: &mut Record,
    ) -> Result<Response<Body>, Arc<Failure>> {
        let admitted = self.admit(method, peer, &parts, record);
        let Admitted { asked, room, limit } = admitted.map_err(Arc::new)?;
        record.takes(room);
        let mut request = Request::from_parts(parts, Body::new(body));
        request.extensions_mut().insert(asked);
        let answering = self.router.clone().call(request);
        let answered = match limit {
            Some(limit) => timeout_at(limit, answering).await.map_err(|_| Arc::new(Failure::Expired))?,
            None => answering.await,
        };
        Ok(answered.unwrap_or_else(|never| match never {}))
    }

    /// Whether the request may be answered, for whom, and until when.
    fn admit(&self, method: &Method, peer: &Peer, parts: &Parts, record: &Record) -> Result<Admitted, Failure> {
        let Parts { headers, uri, .. } = parts;
        // Pages of the console have sessions, and their forms a secret.
        if Shape::of(uri.path()) != Shape::Page {
            origin::check(&self.web, uri, headers)?;
        }
        let caller = self.identify(method, peer, parts)?;
        let is_compressed = body::is_compressed(headers)?;
        let terms = (record.started(), patience(headers), is_compressed);
        admission::admit(&self.web.shared, method, caller, peer, record.id(), terms)
    }

    fn identify(&self, method: &Method, peer: &Peer, parts: &Parts) -> Result<Arc<Caller>, Failure> {
        let access = &self.web.shared.access;
        let caller = match method.need {
            Need::Nothing => return Ok(access.probe()),
            Need::Session => self.signed_in(peer, parts)?,
            Need::Known | Need::OneOf(_) => {
                let in_query = key_in_query(parts);
                access.identify(parts.headers.get(header::AUTHORIZATION).or(in_query.as_ref()), peer)?
            }
        };
        peer.seat.becomes_known();
        Ok(caller)
    }

    #[cfg(feature = "console")]
    fn signed_in(&self, peer: &Peer, parts: &Parts) -> Result<Arc<Caller>, Failure> {
        self.console.as_ref().ok_or(Failure::PathUnknown)?.identify(peer, parts)
    }

    #[cfg(not(feature = "console"))]
    fn signed_in(&self, _peer: &Peer, _parts: &Parts) -> Result<Arc<Caller>, Failure> {
        Err(Failure::PathUnknown)
    }

    fn refusal(&self, failure: &Failure, path: &str, id: &str) -> Response<Body> {
        let shape = Shape::of(path);
        #[cfg(feature = "console")]
        if let (Shape::Page, Some(console)) = (shape, &self.console) {
            return console.refusal(failure, path, id);
        }
        problem::response(if shape == Shape::Page { Shape::Problem } else { shape }, failure, id)
    }
}

/// How long the caller says that it waits: `Prefer: wait=SECONDS`, RFC 7240.
fn patience(headers: &HeaderMap) -> Option<Duration> {
    let preferred = headers.get_all("prefer").iter().filter_map(|v| v.to_str().ok());
    let seconds = preferred.flat_map(|v| v.split([',', ';'])).find_map(|p| p.trim().strip_prefix("wait="))?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

/// The key that clients of yente and OpenRefine, which can send no header, write into the address. Ours never do: an
/// address is written into logs on its way.
fn key_in_query(parts: &Parts) -> Option<HeaderValue> {
    let path = parts.uri.path();
    let is_reconciling = path.starts_with("/reconcile");
    if Shape::of(path) != Shape::Detail && !is_reconciling {
        return None;
    }
    let query = if is_reconciling { Query::of_appended(&parts.uri) } else { Query::of(&parts.uri) };
    HeaderValue::try_from(format!("ApiKey {}", query.get("api_key")?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_says_how_long_it_waits() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("prefer", HeaderValue::from_static(text));
            patience(&headers)
        };
        assert_eq!(of("respond-async, wait=10"), Some(Duration::from_secs(10)));
        assert_eq!(of("wait=soon"), None);
    }
}
