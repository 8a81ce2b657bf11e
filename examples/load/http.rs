//! JSON over HTTP beside gRPC, and yente's interface, on the real program.

use crate::child::Service;
use crate::drive::{self, Plan, Record};
use anyhow::Context as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use wire::v1;

/// Calls under way at once.
const IN_FLIGHT: usize = 16;
/// Queries of one request to `/match`.
const QUERIES: usize = 100;

/// One connection that is kept.
struct Kept(BufReader<TcpStream>);

impl Kept {
    async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// The body of the answer, whose length it says.
    async fn post(&mut self, path: &str, body: &[u8]) -> anyhow::Result<Vec<u8>> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.0.get_mut().write_all(&[head.as_bytes(), body].concat()).await?;
        let (mut line, mut status, mut length) = (String::new(), String::new(), None);
        loop {
            line.clear();
            anyhow::ensure!(self.0.read_line(&mut line).await? > 0, "the connection ended");
            if status.is_empty() {
                status = line.trim().to_owned();
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = Some(value.trim().parse()?);
            }
            if line == "\r\n" {
                break;
            }
        }
        anyhow::ensure!(status.contains(" 200 "), "answered {status}");
        let mut answer = vec![0; length.context("a length")?];
        self.0.read_exact(&mut answer).await?;
        Ok(answer)
    }
}

/// Requests a second of callers who ask one after the other, each beginning with another of the bodies.
async fn rate(address: &str, path: &'static str, bodies: Arc<[Vec<u8>]>, each: Duration) -> anyhow::Result<f64> {
    let start = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..IN_FLIGHT {
        let (bodies, mut kept) = (Arc::clone(&bodies), Kept::open(address).await?);
        callers.spawn(async move {
            let mut calls = 0u32;
            while start.elapsed() < each {
                let body = &bodies[(caller + calls as usize * IN_FLIGHT) % bodies.len()];
                kept.post(path, body).await?;
                calls += 1;
            }
            anyhow::Ok(calls)
        });
    }
    let mut calls = 0;
    while let Some(done) = callers.join_next().await {
        calls += done??;
    }
    Ok(f64::from(calls) / start.elapsed().as_secs_f64())
}

/// Prints the rates of both, and of queries to `/match`.
pub(crate) async fn measure(service: &Service, shipments: &[Record], each: Duration) -> anyhow::Result<()> {
    let address = service.http.as_deref().context("the service says where it speaks HTTP")?;
    let request =
        |shipment: &Record| serde_json::to_vec(&v1::ScreenRequest { shipment: Some(shipment.clone()), verbose: false });
    let bodies: Arc<[Vec<u8>]> = shipments.iter().map(request).collect::<Result<_, _>>()?;
    // Warm both, then measure one after the other.
    let plan = Plan::Unary { in_flight: IN_FLIGHT };
    let (mut grpc, mut http) = (0.0, 0.0);
    for each in [Duration::from_millis(500), each] {
        grpc = drive::run(&service.url, shipments, plan, each).await?.shipments_a_second();
        http = rate(address, "/v1/screen", Arc::clone(&bodies), each).await?;
    }
    println!("unary, {IN_FLIGHT} in flight: gRPC {grpc:.0}/s, POST /v1/screen {http:.0}/s, {:.2}", http / grpc);
    let names = shipments.iter().flat_map(|shipment| &shipment.parties).map(|party| party.name.as_str());
    let names: Vec<&str> = names.take(QUERIES * IN_FLIGHT).collect();
    let queries = |names: &[&str]| {
        let query = |name: &&str| serde_json::json!({ "schema": "LegalEntity", "properties": { "name": [name] } });
        let queries: serde_json::Map<_, _> =
            names.iter().map(query).enumerate().map(|(n, q)| (n.to_string(), q)).collect();
        serde_json::json!({ "queries": queries }).to_string().into_bytes()
    };
    let bodies: Arc<[Vec<u8>]> = names.chunks(QUERIES).map(queries).collect();
    let requests = rate(address, "/match/default", bodies, each).await?;
    println!("POST /match/default, {QUERIES} queries a request: {:.0} queries/s", requests * QUERIES as f64);
    Ok(())
}
