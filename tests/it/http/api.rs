//! JSON over HTTP: the answers of gRPC, and its refusals.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

use super::client::{Reply, Web};
use crate::grpc::harness::shipment;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write as _;
use std::time::Duration;
use tidewaiter::config;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wire::v1;

const LISTED: &str = "Zhumadian Harbour Dynamics";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn keys(options: &mut config::Server, folder: &tempfile::TempDir) {
    use sha2::{Digest as _, Sha256};
    let hash = |key: &str| Sha256::digest(key).iter().map(|b| format!("{b:02x}")).collect::<String>();
    let caller =
        |name: &str, rest: &str| format!("[[caller]]\nname = '{name}'\nkeys_sha256 = ['{}']\n{rest}\n", hash(name));
    let text = [
        caller("erp", "scopes = ['screen']"),
        caller("desk", "scopes = ['lists']"),
        caller("slow", "scopes = ['screen']\nshipments_per_second = 2"),
    ];
    let path = folder.path().join("callers.toml");
    std::fs::write(&path, text.concat()).unwrap();
    options.access.callers = Some(path);
}

#[tokio::test(flavor = "multi_thread")]
async fn http_answers_what_grpc_answers() {
    let web = Web::start().await;
    let mut sent = shipment("r-7");
    sent.parties[0].name = "ZHUMADIAN HARBOR DYNAMIC".to_owned();
    let request = v1::ScreenRequest { shipment: Some(sent), verbose: true };
    let over_http = web.post("/v1/screen", &serde_json::to_value(&request).unwrap()).await;
    assert_eq!(over_http.status, 200, "{}", over_http.text());
    let over_grpc = web.service.screening().screen(request).await.unwrap().into_inner();
    assert_eq!(over_http.json()["screening"], serde_json::to_value(over_grpc.screening.unwrap()).unwrap());
    assert_eq!(over_http.json()["screening"]["outcome"], "HOLD");
    assert_eq!(over_http.json()["lists"][0]["list"], "us-bis-el");

    // What people write instead of the protocol's words is read as in a file.
    let loose = json!({"shipment": {"reference": 7, "parties": [{"role": "empfänger", "name": LISTED}]}});
    let answer = web.post("/v1/screen", &loose).await.json();
    assert_eq!((&answer["screening"]["reference"], &answer["screening"]["outcome"]), (&json!("7"), &json!("HOLD")));
    assert!(answer["screening"].get("rulesRun").is_none(), "only a verbose answer says which rules ran");

    let compared = web.post("/v1/compare", &json!({"left": LISTED, "right": "Zhumadian Harbour Dynamic"})).await.json();
    assert_eq!(compared["match"], true);
    let status = web.get("/v1/lists").await.json();
    assert_eq!((&status["entries"], &status["lists"][0]["list"]), (&json!(1), &json!("us-bis-el")));
    assert_eq!(web.get("/v1/entries/us-bis-el/a1").await.json()["entry"]["names"][0]["text"], LISTED);
    assert_eq!(web.get("/v1/search?name=zhumadian+harbour&limit=1").await.json()["results"][0]["entry"]["id"], "a1");
    let described = web.get("/v1/openapi.json").await.json();
    assert_eq!((&described["openapi"], described["paths"].as_object().unwrap().len()), (&json!("3.1.0"), 17));
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_the_codes_and_reasons_of_grpc() {
    let web = Web::with(keys, config::Http::default(), |_, _| {}).await;
    let screen = async |key: &str, body: &str| -> Reply {
        let headers = format!("Content-Type: application/json\r\n{key}");
        web.send("POST", "/v1/screen", &headers, body.as_bytes()).await
    };
    let said = |reply: Reply, status: u16, code: &str, reason: &str| {
        assert_eq!(reply.problem(), (status, code.to_owned(), reason.to_owned()), "{}", reply.text());
        assert!(reply.header("x-request-id").is_some() && reply.header("cache-control") == Some("no-store"));
        reply
    };
    let sound = json!({"shipment": {"parties": [{"name": "Acme"}]}}).to_string();
    let erp = "Authorization: Bearer erp\r\n";
    assert_eq!(screen(erp, &sound).await.status, 200);
    assert_eq!(screen("Authorization: ApiKey erp\r\n", &sound).await.status, 200);
    let missing = said(screen("", &sound).await, 401, "UNAUTHENTICATED", "CREDENTIALS_MISSING");
    assert!(missing.header("www-authenticate").is_some());
    said(screen("Authorization: Bearer erq\r\n", &sound).await, 401, "UNAUTHENTICATED", "CREDENTIALS_INVALID");
    said(web.get("/v1/screen?api_key=erp").await, 401, "UNAUTHENTICATED", "CREDENTIALS_MISSING");
    let scope = said(screen("Authorization: Bearer desk\r\n", &sound).await, 403, "PERMISSION_DENIED", "SCOPE_MISSING");
    assert_eq!(scope.json()["scope"], "screen");
    let empty = said(screen(erp, r#"{"shipment": {}}"#).await, 400, "INVALID_ARGUMENT", "SHIPMENT_INVALID");
    assert!(empty.json()["violations"].is_array());
    said(screen(erp, "{}").await, 400, "INVALID_ARGUMENT", "SHIPMENT_INVALID");
    said(screen(erp, "[").await, 400, "INVALID_ARGUMENT", "MESSAGE_MALFORMED");
    said(screen(erp, r#"{"shipment": {"partys": []}}"#).await, 400, "INVALID_ARGUMENT", "MESSAGE_MALFORMED");
    let plain = web.send("POST", "/v1/screen", &format!("Content-Type: text/plain\r\n{erp}"), sound.as_bytes()).await;
    said(plain, 415, "INVALID_ARGUMENT", "MEDIA_UNKNOWN");
    let late = screen(&format!("{erp}Prefer: wait=0\r\n"), &sound).await;
    said(late, 504, "DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED");
    said(web.send("GET", "/v1/nothing", erp, b"").await, 404, "UNIMPLEMENTED", "METHOD_UNKNOWN");
    said(web.send("DELETE", "/v1/screen", erp, b"").await, 405, "UNIMPLEMENTED", "METHOD_UNKNOWN");
    let desk = "Authorization: Bearer desk\r\n";
    said(web.send("GET", "/v1/entries/us-bis-el/zz", desk, b"").await, 404, "NOT_FOUND", "ENTRY_NOT_FOUND");
    said(web.send("GET", "/v1/search?name=x&limit=101", desk, b"").await, 400, "INVALID_ARGUMENT", "REQUEST_INVALID");
    let slow = "Authorization: Bearer slow\r\n";
    let refused = async || {
        for _ in 0..50 {
            let reply = screen(slow, &sound).await;
            if reply.status != 200 {
                return reply;
            }
        }
        panic!("the quota is never used up")
    };
    let quota = said(refused().await, 429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED");
    assert_eq!(quota.header("retry-after"), Some("1"));
    let metrics = web.service.handle.metrics();
    assert!(metrics.contains(r#"tidewaiter_calls_total{method="http screen",code="Unauthenticated"}"#), "{metrics}");
    assert!(metrics.contains(r#"tidewaiter_caller_calls_total{caller="erp"}"#));
}

/// `count` lines of shipments, each with its number.
fn lines(count: usize) -> Vec<u8> {
    let line = |n: usize| json!({"reference": n.to_string(), "parties": [{"name": "Acme Widgets"}]}).to_string() + "\n";
    (0..count).map(line).collect::<String>().into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_answered_in_order_and_damage_in_its_place() {
    let web = Web::start().await;
    let mut sent = lines(300);
    sent.extend(b"\n{\"reference\": \"x\", \"parties\": 7}\nnot json\n\r\n");
    sent.extend(format!("{{\"reference\": \"{}\"}}\n", "y".repeat(5 << 20)).into_bytes());
    sent.extend(json!({"reference": "last", "parties": [{"name": LISTED}]}).to_string().into_bytes());
    let reply = web.send("POST", "/v1/screen/batch", "Content-Type: application/x-ndjson\r\n", &sent).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/x-ndjson")));
    let answers: Vec<Value> = reply.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 304);
    let numbered =
        answers[..300].iter().enumerate().all(|(n, a)| a["reference"].as_str().is_some_and(|r| r.parse() == Ok(n)));
    assert!(numbered && answers[..300].iter().all(|a| a["outcome"] == "NO_FINDING"));
    let refused: Vec<_> = answers[300..303].iter().map(|a| (&a["outcome"], &a["reference"])).collect();
    assert_eq!(
        refused,
        [(&json!("REFUSED"), &json!("x")), (&json!("REFUSED"), &json!("")), (&json!("REFUSED"), &json!(""))]
    );
    assert!(answers[302]["problems"][0]["description"].as_str().unwrap().contains("too long"));
    assert_eq!((&answers[303]["reference"], &answers[303]["outcome"]), (&json!("last"), &json!("HOLD")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_no_answers_is_read_no_further() {
    let web = Web::start().await;
    let mut stream = TcpStream::connect(web.address).await.unwrap();
    let head =
        "POST /v1/screen/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let part = lines(1000);
    let chunk = [format!("{:x}\r\n", part.len()).as_bytes(), &part, b"\r\n"].concat();
    let (mut read, mut write) = stream.into_split();
    // Far more than buffers on the way hold, so that a reader without end would show.
    let mut sent = 0;
    let stalled = loop {
        match tokio::time::timeout(Duration::from_secs(2), write.write_all(&chunk)).await {
            Err(_) => break true,
            Ok(done) => done.unwrap(),
        }
        sent += 1;
        if sent == 2000 {
            break false;
        }
    };
    assert!(stalled, "{} MB were read without an answer being taken", (sent * part.len()) >> 20);
    assert!(web.service.handle.metrics().contains("tidewaiter_open_streams 1"));
    let mut taken = vec![0; 1 << 20];
    assert!(read.read(&mut taken).await.unwrap() > 0);
    drop((read, write));
    let start = std::time::Instant::now();
    while !web.service.handle.metrics().contains("tidewaiter_held_bytes 0") {
        assert!(start.elapsed() < Duration::from_secs(20), "bytes of a stream that has ended still count");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_beyond_a_quota_says_so_in_its_last_line() {
    let web = Web::with(keys, config::Http::default(), |_, _| {}).await;
    let reply = web.send("POST", "/v1/screen/batch", "Authorization: Bearer slow\r\n", &lines(500)).await;
    let text = reply.text();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((&last["problem"]["reason"], last.get("outcome")), (&json!("QUOTA_EXCEEDED"), None));
    assert!(text.lines().count() < 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_may_be_compressed_both_ways() {
    let web = Web::with(|o, _| o.max_message_bytes = 1 << 20, config::Http::default(), |_, _| {}).await;
    let body = json!({"shipment": {"parties": [{"name": LISTED}]}}).to_string();
    let headers = "Content-Type: application/json\r\nContent-Encoding: gzip\r\nAccept-Encoding: gzip\r\n";
    let reply = web.send("POST", "/v1/screen", headers, &gzip(body.as_bytes())).await;
    assert_eq!((reply.status, reply.header("content-encoding")), (200, Some("gzip")));
    let mut unpacked = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&reply.body[..]), &mut unpacked).unwrap();
    assert!(unpacked.contains("\"HOLD\""));
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 1 << 17);
    let refused = web.send("POST", "/v1/screen", headers, &bomb).await;
    assert!([413, 503].contains(&refused.status), "{} {}", refused.status, refused.head);
    let unknown = "Content-Type: application/json\r\nContent-Encoding: br\r\n";
    assert_eq!(web.send("POST", "/v1/screen", unknown, b"{}").await.problem().2, "MEDIA_UNKNOWN");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_in_progress_are_answered_when_the_service_stops() {
    let web = Web::start().await;
    let (address, shutdown) = (web.address, web.service.shutdown.clone());
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = json!({"shipment": {"parties": [{"name": LISTED}]}}).to_string();
    let head = format!(
        "POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    while !web.service.handle.metrics().contains("tidewaiter_in_flight_calls 1") {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shutdown.stop.cancel();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_eq!(Reply::parse(&answer).json()["screening"]["outcome"], "HOLD");
    tokio::time::timeout(Duration::from_secs(30), web.served).await.expect("it ends").unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
