//! What somebody could try against the HTTP port.

use super::client::{Reply, Web};
use serde_json::json;
use std::time::{Duration, Instant};
use tidewaiter::config;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_reaches_nothing_without_a_key() {
    let web = Web::start().await;
    let with = async |headers: &str| web.send("GET", "/v1/lists", headers, b"").await;
    assert_eq!(with("Origin: https://evil.example\r\n").await.problem().2, "ORIGIN_REFUSED");
    assert_eq!(with("Sec-Fetch-Site: cross-site\r\n").await.problem().2, "ORIGIN_REFUSED");
    // A name of somebody else that leads to this machine: the browser takes the page for one of ours.
    let rebound = "Host: evil.example\r\nUser-Agent: Mozilla/5.0\r\n";
    assert_eq!(with(rebound).await.problem().2, "ORIGIN_REFUSED");
    for own in ["Origin: http://127.0.0.1\r\n", "Sec-Fetch-Site: same-origin\r\n", "Host: tidewaiter.internal\r\n"] {
        let reply = with(own).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, None), "{own}");
    }
    let asked = "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n";
    assert_eq!(web.send("OPTIONS", "/v1/screen", asked, b"").await.header("access-control-allow-origin"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_origin_that_is_named_may_call() {
    let http = config::Http { cors_origins: vec!["https://desk.example".to_owned()], ..config::Http::default() };
    let web = Web::with(|_, _| {}, http, |_, _| {}).await;
    let origin = "Origin: https://desk.example\r\n";
    let reply = web.send("GET", "/v1/lists", origin, b"").await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some("https://desk.example")));
    let asked = format!("{origin}Access-Control-Request-Method: POST\r\n");
    let preflight = web.send("OPTIONS", "/v1/screen", &asked, b"").await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-methods")), (204, Some("GET, POST")));
    let other = web.send("GET", "/v1/lists", "Origin: https://desk.example.evil.example\r\n", b"").await;
    assert_eq!((other.status, other.header("access-control-allow-origin")), (403, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn large_and_slow_bodies_are_refused() {
    let change = |o: &mut config::Server, _: &tempfile::TempDir| {
        o.max_message_bytes = 64 << 10;
        o.handshake = Duration::from_secs(1);
    };
    let web = Web::with(change, config::Http::default(), |_, _| {}).await;
    let json = "Content-Type: application/json\r\n";
    // Refused by what it announces, before a byte of it is read.
    let head = format!(
        "POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{json}Content-Length: 70000\r\n\r\n"
    );
    assert_eq!(web.raw(head.as_bytes()).await.problem(), (413, "OUT_OF_RANGE".into(), "MESSAGE_TOO_LARGE".into()));
    for (path, kind) in [
        ("/mcp", "application/json"),
        ("/v1/ledger/find", "application/json"),
        ("/v1/cases/1-0/decide", "application/json"),
        ("/v1/lists/acme-deny?note=x", "text/csv"),
    ] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: 70000\r\n\r\n"
        );
        assert_eq!(web.raw(head.as_bytes()).await.problem().2, "MESSAGE_TOO_LARGE", "{path}");
    }
    let chunked = format!(
        "POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{json}Transfer-Encoding: chunked\r\n\r\n"
    );
    let chunk = [format!("{:x}\r\n", 70_000).into_bytes(), vec![b' '; 70_000], b"\r\n0\r\n\r\n".to_vec()].concat();
    let mut stream = TcpStream::connect(web.address).await.unwrap();
    stream.write_all(chunked.as_bytes()).await.unwrap();
    // The other side may close before it has read all of it.
    let _cut_off = stream.write_all(&chunk).await;
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer).await;
    assert_eq!(Reply::parse(&answer).problem().2, "MESSAGE_TOO_LARGE");

    let mut stream = TcpStream::connect(web.address).await.unwrap();
    let head = format!(
        "POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{json}Content-Length: 50\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let start = Instant::now();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let reply = Reply::parse(&answer);
    assert_eq!(reply.problem(), (408, "DEADLINE_EXCEEDED".into(), "SLOW_REQUEST".into()));
    assert!(start.elapsed() < Duration::from_secs(10));

    // Headers that never end.
    let mut stream = TcpStream::connect(web.address).await.unwrap();
    stream.write_all(b"GET /v1/lists HTTP/1.1\r\nHost: localhost\r\nX-A: ").await.unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer))
        .await
        .expect("it is cut off")
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_reads_a_body_ends_a_slow_one() {
    let patience = |o: &mut config::Server, _: &tempfile::TempDir| o.handshake = Duration::from_secs(1);
    let web = Web::with(patience, config::Http::default(), |_, _| {}).await;
    for (path, kind) in [
        ("/mcp", "application/json"),
        ("/v1/ledger/find", "application/json"),
        ("/v1/cases/1-0/decide", "application/json"),
        ("/v1/cases/1-0/update", "application/json"),
        ("/v1/lists/acme-deny?note=x", "text/csv"),
        ("/match/default", "application/json"),
        ("/reconcile", "application/x-www-form-urlencoded"),
    ] {
        let mut stream = TcpStream::connect(web.address).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: 50\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert_eq!(Reply::parse(&answer).status, 408, "{path}: {}", String::from_utf8_lossy(&answer));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_body_cannot_become_much_memory() {
    let web = Web::start().await;
    let json = "Content-Type: application/json\r\n";
    let parties = format!("{{\"shipment\": {{\"parties\": [{}{{}}]}}}}", "{},".repeat(600_000));
    let reply = web.send("POST", "/v1/screen", json, parties.as_bytes()).await;
    assert_eq!(reply.problem().2, "MESSAGE_MALFORMED");
    assert!(reply.json()["detail"].as_str().unwrap().contains("objects"), "{}", reply.text());
    let deep = format!("{{\"shipment\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(web.send("POST", "/v1/screen", json, deep.as_bytes()).await.status, 400);
    assert_eq!(web.get("/v1/lists").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_path_leads_to_a_file_or_around_the_gate() {
    let web = Web::with(|_, _| {}, config::Http::default(), |c, _| c.open = true).await;
    for path in [
        "/console/assets/../../../../etc/passwd",
        "/console/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/console/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/console/assets//etc/passwd",
        "/../v1/lists",
        "//v1/lists",
        "/%76%31/lists",
        "/v1/lists/../../etc/passwd",
        "/entities/..%2f..%2fetc%2fpasswd",
        "/v1/entries/us-bis-el/..%2f..%2fetc",
    ] {
        let reply = web.get(path).await;
        assert!([403, 404].contains(&reply.status), "{path}: {}", reply.status);
        assert!(!reply.text().contains("root:") && !reply.text().contains("[workspace]"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_smuggled_behind_another_is_refused() {
    let web = Web::start().await;
    let two = "POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n\
               0\r\n\r\nGET /v1/lists HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut stream = TcpStream::connect(web.address).await.unwrap();
    stream.write_all(two.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _closed =
        tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await.expect("it ends");
    let text = String::from_utf8_lossy(&answer);
    // Either the contradiction is refused, or the body is what the chunks say; never is the length believed.
    assert!(!text.contains("\"violations\":[{\"fieldPath\":\"0") && text.starts_with("HTTP/1.1 4"), "{text}");
    let body = json!({"shipment": {"parties": [{"name": "Acme"}]}});
    assert_eq!(web.post("/v1/screen", &body).await.status, 200);
}
