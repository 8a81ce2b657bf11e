//! Load below the limit for a long time, with a reload each second, after each of which other rows are in force.

use super::{Options as Measure, child, drive, records};
use anyhow::ensure;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tonic::transport::Channel;
use v1::list_service_client::ListServiceClient;
use wire::v1;

#[derive(Args)]
// Those of `measure` are a group of the same name.
#[group(id = "soak")]
pub(crate) struct Options {
    #[command(flatten)]
    measure: Measure,
    /// Percent of what the service can do
    #[arg(long, default_value_t = 80)]
    share: u64,
}

/// Shipments of a call.
const SIZE: usize = 16;

struct Seen {
    worst: Vec<u32>,
    mixed: u64,
}

pub(crate) async fn run(options: &Options) -> anyhow::Result<()> {
    let Options { measure, share } = options;
    let shipments = records::typical(&measure.data)?;
    let changing = std::env::temp_dir().join(format!("tidewaiter-soak-{}.csv", std::process::id()));
    publish(&changing, 0)?;
    let lists: Vec<PathBuf> = measure.lists.iter().chain([&changing]).cloned().collect();
    let service = child::service(measure.bin.as_deref(), &lists)?;
    let most =
        drive::run(&service.url, &shipments, drive::Plan::Batch { size: SIZE, in_flight: 4 }, Duration::from_secs(5));
    let most = most.await?.shipments_a_second();
    let rate = most * *share as f64 / 100.0;
    println!("at most {most:.0} shipments/s; {share} % of it, {rate:.0}/s, in calls of {SIZE}");
    let quiet = Duration::from_secs((measure.seconds / 4).max(5));
    let phases = [
        ("without reloads", quiet, Reloads::None),
        ("with a reload each second of lists that stay as they are", quiet, Reloads::Same),
        (
            "with a reload each second of lists that change",
            Duration::from_secs(measure.seconds),
            Reloads::Other(&changing),
        ),
    ];
    let mut seen = Vec::new();
    for (what, time, reloads) in phases {
        let (p99, most) = phase(&service, &shipments, rate, time, reloads).await?;
        println!("p99 {p99} us, most {most} us {what}");
        seen.push((p99, most));
    }
    let (p99, most) = seen[0];
    let more = |of: u32, than: u32| (f64::from(of) - f64::from(than)) / 1000.0;
    println!(
        "with reloads of lists that change, p99 is {:.1} ms and the longest call {:.1} ms more than without",
        more(seen[2].0, p99),
        more(seen[2].1, most)
    );
    std::fs::remove_file(&changing)?;
    Ok(())
}

/// What is reloaded each second.
#[derive(Clone, Copy)]
enum Reloads<'a> {
    None,
    /// The same lists.
    Same,
    /// The lists, this one changed.
    Other(&'a Path),
}

/// A list of one row, another for each edition.
fn publish(path: &Path, edition: u64) -> anyhow::Result<()> {
    Ok(std::fs::write(path, format!("name\nTidewater Soak Edition {edition} Trading\n"))?)
}

/// p99 and the longest call, in microseconds.
async fn phase(
    service: &child::Service,
    shipments: &[drive::Record],
    rate: f64,
    time: Duration,
    reloads: Reloads<'_>,
) -> anyhow::Result<(u32, u32)> {
    let (stop, failed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let shipments: Arc<[drive::Record]> = shipments.into();
    let client = drive::client(&service.url).await?;
    let start = Instant::now();
    let reloading = tokio::spawn({
        let (url, stop) = (service.url.clone(), Arc::clone(&stop));
        let (is_asked, changing) = match reloads {
            Reloads::None => (false, None),
            Reloads::Same => (true, None),
            Reloads::Other(path) => (true, Some(path.to_owned())),
        };
        async move {
            let mut lists = ListServiceClient::new(Channel::from_shared(url)?.connect().await?);
            let mut done = 0_u64;
            while is_asked && !stop.load(Ordering::Relaxed) {
                if let Some(path) = &changing {
                    publish(path, done + 1)?;
                }
                lists.reload(v1::ReloadRequest {}).await?;
                done += 1;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            anyhow::Ok(done)
        }
    });
    let mut calls = tokio::task::JoinSet::new();
    let mut seen = Seen { worst: Vec::new(), mixed: 0 };
    let mut resident: BTreeMap<u64, u64> = BTreeMap::new();
    let pause = Duration::from_secs_f64(SIZE as f64 / rate);
    let mut due = start;
    let mut sent = 0;
    while start.elapsed() < time {
        // Sent when due, whether or not the last was answered: a stall would show as a queue.
        tokio::time::sleep_until(due.into()).await;
        let batch = (0..SIZE).map(|i| shipments[(sent * SIZE + i) % shipments.len()].clone()).collect();
        sent += 1;
        // From when it was due: a client that is late makes callers wait as a service does.
        let (mut client, failed, at) = (client.clone(), Arc::clone(&failed), due);
        calls.spawn(async move {
            match client.screen_batch(v1::ScreenBatchRequest { shipments: batch, verbose: false }).await {
                Ok(answer) => {
                    let screenings = answer.into_inner().screenings;
                    let is_one = screenings.windows(2).all(|w| w[0].snapshot == w[1].snapshot);
                    (at.elapsed().as_micros() as u32, screenings.len() == SIZE && is_one)
                }
                Err(_) => {
                    failed.fetch_add(1, Ordering::Relaxed);
                    (at.elapsed().as_micros() as u32, true)
                }
            }
        });
        due += pause;
        while let Some(done) = calls.try_join_next() {
            let (took, is_whole) = done?;
            seen.worst.push(took);
            seen.mixed += u64::from(!is_whole);
        }
        resident.entry(start.elapsed().as_secs() / 10).or_insert_with(|| service.resident_mb());
    }
    while let Some(done) = calls.join_next().await {
        let (took, is_whole) = done?;
        seen.worst.push(took);
        seen.mixed += u64::from(!is_whole);
    }
    stop.store(true, Ordering::Relaxed);
    let reloaded = reloading.await??;
    seen.worst.sort_unstable();
    let failed = failed.load(Ordering::Relaxed);
    let memory: Vec<String> = resident.values().map(u64::to_string).collect();
    println!(
        "{} s: {sent} calls, {failed} failed, {} mixed or short, {reloaded} reloads, resident each 10 s: {} MB",
        start.elapsed().as_secs(),
        seen.mixed,
        memory.join(" ")
    );
    ensure!(failed == 0 && seen.mixed == 0, "every call is answered whole");
    let p99 = seen.worst[(seen.worst.len() * 99 / 100).min(seen.worst.len() - 1)];
    Ok((p99, seen.worst.last().copied().unwrap_or_default()))
}
