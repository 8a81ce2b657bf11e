//! gRPC-web on the HTTP port, by raw requests as a browser sends them: the same answers, keys, scopes, limits and origins.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

use super::client::{Reply, Web};
use crate::grpc::guarded::caller;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message;
use tidewaiter::config;
use wire::v1;

const SCREEN: &str = "/tidewaiter.v1.ScreeningService/Screen";
const BINARY: &str = "Content-Type: application/grpc-web+proto\r\nX-Grpc-Web: 1\r\n";
const TEXT: &str = "Content-Type: application/grpc-web-text\r\nAccept: application/grpc-web-text\r\n";

fn request(name: &str) -> v1::ScreenRequest {
    let party = v1::Party { name: name.to_owned(), ..Default::default() };
    v1::ScreenRequest { shipment: Some(v1::Shipment { parties: vec![party], ..Default::default() }), verbose: false }
}

/// A message with its length, as gRPC frames it.
fn framed(message: &impl Message) -> Vec<u8> {
    let bytes = message.encode_to_vec();
    [&[0], &u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], &bytes].concat()
}

/// The messages of an answer, and its trailers.
fn read<M: Message + Default>(mut body: &[u8]) -> (Vec<M>, String) {
    let (mut messages, mut trailers) = (Vec::new(), String::new());
    while let [kind, a, b, c, d, rest @ ..] = body {
        let (frame, after) = rest.split_at(u32::from_be_bytes([*a, *b, *c, *d]) as usize);
        match kind {
            0 => messages.push(M::decode(frame).unwrap()),
            0x80 => trailers.push_str(std::str::from_utf8(frame).unwrap()),
            other => panic!("unknown frame {other}"),
        }
        body = after;
    }
    assert!(body.is_empty(), "{body:?}");
    (messages, trailers.replace("\r\n", ";"))
}

/// The status of a refusal, which has no body.
fn status(reply: &Reply) -> (Option<&str>, String) {
    let reason = reply.header("grpc-status-details-bin").unwrap_or_default();
    let bytes = base64::engine::general_purpose::STANDARD_NO_PAD.decode(reason.trim_end_matches('=')).unwrap();
    (reply.header("grpc-status"), String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_answered_what_grpc_answers() {
    let web = Web::start().await;
    let sent = request("ZHUMADIAN HARBOR DYNAMIC");
    let native = web.service.screening().screen(sent.clone()).await.unwrap().into_inner();
    let reply = web.send("POST", SCREEN, BINARY, &framed(&sent)).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/grpc-web+proto")));
    let (messages, trailers) = read::<v1::ScreenResponse>(&reply.body);
    assert_eq!(messages, std::slice::from_ref(&native));
    assert!(trailers.contains("grpc-status:0"), "{trailers}");
    assert!(reply.header("x-request-id").is_some() && reply.header("x-content-type-options") == Some("nosniff"));
    // As base64, for browsers that can read no bytes as they come.
    let text = STANDARD.encode(framed(&sent));
    let reply = web.send("POST", SCREEN, TEXT, text.as_bytes()).await;
    assert_eq!(reply.header("content-type"), Some("application/grpc-web-text+proto"), "{}", reply.head);
    let parts = reply.text();
    let parts = parts.split_inclusive("==").flat_map(|part| part.split_inclusive('=')).filter(|part| *part != "=");
    let whole: Vec<u8> = parts.flat_map(decoded).collect();
    let (messages, trailers) = read::<v1::ScreenResponse>(&whole);
    assert_eq!((messages.len(), trailers.contains("grpc-status:0")), (1, true));
    // A stream answers message by message.
    let stream = [framed(&sent), framed(&request("Blue Larch Glassware"))].concat();
    let reply = web.send("POST", "/tidewaiter.v1.ScreeningService/ScreenStream", BINARY, &stream).await;
    let (messages, trailers) = read::<v1::ScreenStreamResponse>(&reply.body);
    assert_eq!((messages.len(), trailers.contains("grpc-status:0")), (2, true), "{trailers}");
}

/// Base64 with or without its padding.
fn decoded(text: &str) -> Vec<u8> {
    let bare = text.trim_end_matches('=');
    base64::engine::general_purpose::STANDARD_NO_PAD.decode(bare).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_scopes_and_limits_are_those_of_the_service() {
    let with = |options: &mut config::Server, folder: &tempfile::TempDir| {
        let text = caller("desk", "k-desk", "scopes = ['screen']") + &caller("lists", "k-lists", "scopes = ['lists']");
        let path = folder.path().join("callers.toml");
        std::fs::write(&path, text).unwrap();
        options.access.callers = Some(path);
        options.max_message_bytes = 4096;
    };
    let web = Web::with(with, config::Http::default(), |_, _| {}).await;
    let send = async |path: &str, key: &str, body: &[u8]| {
        let key = if key.is_empty() { String::new() } else { format!("Authorization: Bearer {key}\r\n") };
        web.send("POST", path, &format!("{BINARY}{key}"), body).await
    };
    let body = framed(&request("Blue Larch Glassware"));
    let (messages, _) = read::<v1::ScreenResponse>(&send(SCREEN, "k-desk", &body).await.body);
    assert_eq!(messages.len(), 1);
    for (key, code, reason) in
        [("", "16", "CREDENTIALS_MISSING"), ("k-dest", "16", "CREDENTIALS_INVALID"), ("k-lists", "7", "SCOPE_MISSING")]
    {
        let reply = send(SCREEN, key, &body).await;
        let (said, details) = status(&reply);
        assert_eq!((said, details.contains(reason)), (Some(code), true), "{key}: {} {details}", reply.head);
    }
    let reload = framed(&v1::ReloadRequest::default());
    assert_eq!(status(&send("/tidewaiter.v1.ListService/Reload", "k-desk", &reload).await).0, Some("7"));
    assert_eq!(status(&send("/tidewaiter.v1.Nowhere/Call", "k-desk", &body).await).0, Some("7"));
    let large = send(SCREEN, "k-desk", &framed(&request(&"x".repeat(5000)))).await;
    assert!(large.head.contains("grpc-status: 11") || large.text().contains("grpc-status:11"), "{}", large.head);
    // gRPC itself needs the port of gRPC, and its paths nothing else.
    let native = "Content-Type: application/grpc\r\nAuthorization: Bearer k-desk\r\n";
    assert_eq!(web.send("POST", SCREEN, native, &body).await.status, 404);
    assert_eq!(web.send("GET", SCREEN, &format!("{BINARY}Authorization: Bearer k-desk\r\n"), b"").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_pages_of_origins_that_are_named_may_call() {
    let http = config::Http { cors_origins: vec!["https://desk.example".to_owned()], ..config::Http::default() };
    let web = Web::with(|_, _| {}, http, |_, _| {}).await;
    let body = framed(&request("Blue Larch Glassware"));
    let send = async |origin: &str| web.send("POST", SCREEN, &format!("{BINARY}Origin: {origin}\r\n"), &body).await;
    let reply = send("https://desk.example").await;
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://desk.example"));
    assert!(reply.header("access-control-expose-headers").unwrap().contains("grpc-status-details-bin"));
    assert_eq!(read::<v1::ScreenResponse>(&reply.body).0.len(), 1);
    let reply = send("https://evil.example").await;
    assert_eq!(reply.header("access-control-allow-origin"), None);
    let (code, details) = status(&reply);
    assert_eq!((code, details.contains("ORIGIN_REFUSED")), (Some("7"), true), "{}", reply.head);
    let asked = "Origin: https://desk.example\r\nAccess-Control-Request-Method: POST\r\n";
    let preflight = web.send("OPTIONS", SCREEN, asked, b"").await;
    let allowed = preflight.header("access-control-allow-headers").unwrap();
    assert!(preflight.status == 204 && allowed.contains("x-grpc-web") && allowed.contains("grpc-timeout"), "{allowed}");
}
