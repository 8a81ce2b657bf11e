//! A service with an HTTP port, and a client that can also send what no client should.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

use crate::grpc::harness::Service;
use ::ledger::{Ledger, MasterKey, Options};
use engine::policy::Policy;
use lists::guard::{Expected, Limits};
use lists::store::{Fate, Fetched, Store, Validators};
use model::EvidenceMode;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use tempfile::TempDir;
use tidewaiter::config;
use tidewaiter::evidence::Recorder;
use tidewaiter::service::http::Api;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// A running service with an HTTP port.
pub(super) struct Web {
    pub(super) service: Service,
    pub(super) address: SocketAddr,
    pub(super) served: JoinHandle<()>,
    pub(super) _folder: TempDir,
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// Reads an answer whose connection has ended.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let at = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("an answer has a head");
        let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("an answer has a status");
        let mut body = bytes[at + 4..].to_vec();
        if head.to_lowercase().contains("transfer-encoding: chunked") {
            body = unchunked(&body);
        }
        Self { status, head, body }
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    /// Status, code and reason of problem details.
    pub(super) fn problem(&self) -> (u16, String, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        (self.status, problem["code"].as_str().unwrap().into(), problem["reason"].as_str().unwrap().into())
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(at) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..at]).unwrap().trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        whole.extend_from_slice(&rest[at + 2..at + 2 + size]);
        rest = &rest[at + 4 + size..];
    }
    whole
}

impl Web {
    /// Serving one list, without credentials or console.
    pub(super) async fn start() -> Self {
        Self::with(|_, _| {}, config::Http::default(), |_, _| {}).await
    }

    /// Serving one list with other settings.
    pub(super) async fn with(
        change: impl FnOnce(&mut config::Server, &TempDir),
        http: config::Http,
        console: impl FnOnce(&mut config::Console, &TempDir),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let service = Service::with(|options| change(options, &folder)).await;
        Self::over(service, folder, http, console).await
    }

    /// Serving one list with a ledger.
    pub(super) async fn recording(console: impl FnOnce(&mut config::Console, &TempDir)) -> (Self, Arc<Ledger>) {
        let folder = tempfile::tempdir().unwrap();
        let master = MasterKey::from_text(&"77".repeat(32), "the test".to_owned()).unwrap();
        let ledger = Ledger::init(&folder.path().join("ledger"), &master, None, Options::default()).unwrap();
        let ledger = Arc::new(ledger);
        let recorder = Recorder::new(Arc::clone(&ledger), EvidenceMode::Durable, &Policy::default(), None).unwrap();
        let service = Service::recording(|_| {}, Arc::new(recorder)).await;
        (Self::over(service, folder, config::Http::default(), console).await, ledger)
    }

    /// Serving one list and those of a data directory.
    pub(super) async fn keeping(console: impl FnOnce(&mut config::Console, &TempDir)) -> (Self, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("data")).unwrap();
        // A data directory in which nothing is in force is refused.
        let path = folder.path().join("base");
        std::fs::write(&path, "#list,base\n#title,Base\n#effect,watch\nname\nCopper Heron Components\n").unwrap();
        let fetched = Fetched { at: jiff::Timestamp::now(), validators: Validators::new() };
        let expected = Expected { lists: Vec::new(), entries: None };
        let fate = store.take("base", &[("list".to_owned(), path)], &fetched, &expected, Limits::default());
        assert!(matches!(fate, Ok(Fate::InForce { .. })), "{fate:?}");
        let service = Service::keeping(|_| {}, store.root().to_owned()).await;
        (Self::over(service, folder, config::Http::default(), console).await, store)
    }

    async fn over(
        service: Service,
        folder: TempDir,
        http: config::Http,
        console: impl FnOnce(&mut config::Console, &TempDir),
    ) -> Self {
        let mut of_console = config::Console::default();
        console(&mut of_console, &folder);
        let api = Api::bind("127.0.0.1:0".parse().unwrap(), &http, &of_console, &service.handle).await.unwrap();
        let address = api.local_addr().unwrap();
        let served = tokio::spawn(api.serve(service.shutdown.clone()));
        Self { service, address, served, _folder: folder }
    }

    /// Sends bytes as they are, and reads until the connection ends.
    pub(super) async fn raw(&self, bytes: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        Reply::parse(&answer)
    }

    /// Sends a request with these lines among its headers.
    pub(super) async fn send(&self, verb: &str, path: &str, headers: &str, body: &[u8]) -> Reply {
        let length = body.len();
        let host = if headers.to_lowercase().contains("host:") { "" } else { "Host: 127.0.0.1\r\n" };
        let head =
            format!("{verb} {path} HTTP/1.1\r\n{host}Connection: close\r\n{headers}Content-Length: {length}\r\n\r\n");
        self.raw(&[head.as_bytes(), body].concat()).await
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "", b"").await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, "Content-Type: application/json\r\n", body.to_string().as_bytes()).await
    }

    pub(super) async fn form(&self, path: &str, headers: &str, fields: &[(&str, &str)]) -> Reply {
        let encode = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02X}")).collect() };
        let body: Vec<String> = fields.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
        let headers = format!("Content-Type: application/x-www-form-urlencoded\r\n{headers}");
        self.send("POST", path, &headers, body.join("&").as_bytes()).await
    }
}
