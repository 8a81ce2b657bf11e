//! Rates, in one run: `cargo test http::measure -- --ignored --nocapture`. The build of the tests is not the one that is
//! shipped, so what counts is how the rates stand to each other.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

use super::client::Web;
use crate::grpc::harness::shipment;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use wire::v1;

const CALLERS: usize = 8;
const SPAN: Duration = Duration::from_secs(4);

/// One connection that is kept, and answers whose length is said.
struct Kept(BufReader<TcpStream>);

impl Kept {
    async fn post(&mut self, path: &str, body: &[u8]) -> Vec<u8> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.0.get_mut().write_all(&[head.as_bytes(), body].concat()).await.unwrap();
        let (mut line, mut length) = (String::new(), 0);
        loop {
            line.clear();
            self.0.read_line(&mut line).await.unwrap();
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        body
    }
}

/// Calls a second of some callers at once.
async fn rate<F: Future<Output = usize> + Send + 'static>(caller: impl Fn() -> F) -> f64 {
    let start = Instant::now();
    let callers: Vec<_> = (0..CALLERS).map(|_| tokio::spawn(caller())).collect();
    let mut calls = 0;
    for caller in callers {
        calls += caller.await.unwrap();
    }
    calls as f64 / start.elapsed().as_secs_f64()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures for half a minute"]
async fn http_beside_grpc() {
    let web = Web::start().await;
    let request = v1::ScreenRequest { shipment: Some(shipment("r")), verbose: false };
    let body: &'static [u8] = Vec::leak(serde_json::to_vec(&request).unwrap());
    let address = web.address;
    let (mut best_grpc, mut best_http) = (0.0_f64, 0.0_f64);
    for _ in 0..3 {
        let client = web.service.screening();
        let grpc = rate(|| {
            let (mut client, request) = (client.clone(), request.clone());
            async move {
                let (start, mut calls) = (Instant::now(), 0);
                while start.elapsed() < SPAN {
                    client.screen(request.clone()).await.unwrap();
                    calls += 1;
                }
                calls
            }
        });
        best_grpc = best_grpc.max(grpc.await);
        let http = rate(|| async move {
            let mut kept = Kept(BufReader::new(TcpStream::connect(address).await.unwrap()));
            let (start, mut calls) = (Instant::now(), 0);
            while start.elapsed() < SPAN {
                assert!(kept.post("/v1/screen", body).await.starts_with(b"{\"screening\":"));
                calls += 1;
            }
            calls
        });
        best_http = best_http.max(http.await);
    }
    println!("grpc {best_grpc:.0}/s, http {best_http:.0}/s: {:.0} %", 100.0 * best_http / best_grpc);

    let party = json!({"schema": "Company", "properties": {"name": ["Acme Widgets Trading Ltd"], "country": ["de"]}});
    let queries: serde_json::Map<String, Value> = (0..100).map(|n| (n.to_string(), party.clone())).collect();
    let body = json!({ "queries": queries }).to_string();
    let mut kept = Kept(BufReader::new(TcpStream::connect(address).await.unwrap()));
    let (start, mut calls) = (Instant::now(), 0);
    while start.elapsed() < SPAN {
        let answer: Value = serde_json::from_slice(&kept.post("/match/default", body.as_bytes()).await).unwrap();
        assert_eq!(answer["responses"].as_object().unwrap().len(), 100);
        calls += 1;
    }
    println!("match: {:.0} queries/s in requests of 100", f64::from(calls) * 100.0 / start.elapsed().as_secs_f64());
}
