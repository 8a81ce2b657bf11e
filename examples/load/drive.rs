//! Drives a service for a while and notes how long each call took.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint};
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

pub(crate) type Record = v1::Shipment;
type Client = ScreeningServiceClient<Channel>;

/// What is sent, and how much of it at once.
#[derive(Clone, Copy)]
pub(crate) enum Plan {
    Unary { in_flight: usize },
    Batch { size: usize, in_flight: usize },
    Stream { size: usize, window: usize },
}

/// What came of it.
pub(crate) struct Figures {
    shipments: u64,
    took: Duration,
    /// Microseconds of each call or message, sorted.
    latencies: Vec<u32>,
}

impl Figures {
    pub(crate) fn shipments(&self) -> f64 {
        self.shipments as f64
    }

    pub(crate) fn shipments_a_second(&self) -> f64 {
        self.shipments as f64 / self.took.as_secs_f64()
    }

    /// Microseconds at a share of the calls.
    pub(crate) fn at(&self, share: f64) -> u32 {
        let at = (self.latencies.len() as f64 * share) as usize;
        self.latencies.get(at.min(self.latencies.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// A client with windows that fit large batches.
pub(crate) async fn client(url: &str) -> anyhow::Result<Client> {
    let endpoint = Endpoint::from_shared(url.to_owned())?.tcp_nodelay(true);
    let endpoint = endpoint.initial_stream_window_size(1 << 21).initial_connection_window_size(1 << 22);
    Ok(ScreeningServiceClient::new(endpoint.connect().await?).max_decoding_message_size(usize::MAX))
}

/// Runs a plan for `each`.
pub(crate) async fn run(url: &str, shipments: &[Record], plan: Plan, each: Duration) -> anyhow::Result<Figures> {
    let shipments: Arc<[Record]> = shipments.into();
    let next = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let until = start + each;
    let (size, tasks) = match plan {
        Plan::Unary { in_flight } => (1, in_flight),
        Plan::Batch { size, in_flight } => (size, in_flight),
        Plan::Stream { size, .. } => (size, 1),
    };
    // A connection for each sixteen at once, as a pool would have.
    let mut clients = Vec::new();
    for _ in 0..tasks.div_ceil(16) {
        clients.push(client(url).await?);
    }
    let mut running = tokio::task::JoinSet::new();
    for task in 0..tasks {
        let (shipments, next) = (Arc::clone(&shipments), Arc::clone(&next));
        let take = move || {
            let at = next.fetch_add(size, Ordering::Relaxed);
            (0..size).map(|i| shipments[(at + i) % shipments.len()].clone()).collect::<Vec<_>>()
        };
        let client = clients[task % clients.len()].clone();
        running.spawn(async move {
            match plan {
                Plan::Stream { window, .. } => stream(client, take, window, until).await,
                _ => calls(client, take, matches!(plan, Plan::Unary { .. }), until).await,
            }
        });
    }
    let mut latencies = Vec::new();
    while let Some(done) = running.join_next().await {
        latencies.extend(done??);
    }
    let took = start.elapsed();
    latencies.sort_unstable();
    Ok(Figures { shipments: (latencies.len() * size) as u64, took, latencies })
}

async fn calls(
    mut client: Client,
    take: impl Fn() -> Vec<Record>,
    is_unary: bool,
    until: Instant,
) -> anyhow::Result<Vec<u32>> {
    let mut latencies = Vec::new();
    while Instant::now() < until {
        let mut shipments = take();
        let start = Instant::now();
        if is_unary {
            client.screen(v1::ScreenRequest { shipment: shipments.pop(), verbose: false }).await?;
        } else {
            let asked = shipments.len();
            let answer = client.screen_batch(v1::ScreenBatchRequest { shipments, verbose: false }).await?.into_inner();
            anyhow::ensure!(answer.screenings.len() == asked, "an answer for each");
        }
        latencies.push(start.elapsed().as_micros() as u32);
    }
    Ok(latencies)
}

async fn stream(
    mut client: Client,
    take: impl Fn() -> Vec<Record>,
    window: usize,
    until: Instant,
) -> anyhow::Result<Vec<u32>> {
    let (send, requests) = mpsc::channel(window);
    let mut answers = client.screen_stream(ReceiverStream::new(requests)).await?.into_inner();
    let (mut latencies, mut sent) = (Vec::new(), VecDeque::new());
    let mut send = Some(send);
    loop {
        while let Some(open) = &send
            && sent.len() < window
        {
            if Instant::now() >= until {
                send = None;
                break;
            }
            sent.push_back(Instant::now());
            open.send(v1::ScreenStreamRequest { shipments: take(), verbose: false }).await?;
        }
        let Some(_) = answers.message().await? else { break };
        latencies.extend(sent.pop_front().map(|start| start.elapsed().as_micros() as u32));
    }
    anyhow::ensure!(sent.is_empty(), "an answer for each message");
    Ok(latencies)
}
