//! A long run: calls at a share of what the service can do, lists that change, texts that never come again, clients that
//! come and go; memory, descriptors and threads by the minute.
//!
//! A few seconds with every test; for as long as `SOAK_SECONDS` says, at `SOAK_PERCENT` of the highest rate:
//! `SOAK_SECONDS=3600 SOAK_PERCENT=80 cargo test --locked --test it hardening::soak -- --nocapture`, or
//! `SOAK_PROGRAM=target/release/tidewaiter` beside it for another build.

use crate::chaos::{Running, crowd_alone, folder};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tonic::transport::Channel;
use v1::list_service_client::ListServiceClient;
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

/// Shipments of a call.
const SIZE: usize = 16;
/// A connection is used for so many calls, then another one comes.
const CALLS_OF_A_CLIENT: u64 = 50;
/// Calls under way at most: beyond, the machine is too slow for the rate, and the run says so.
const MOST_UNDER_WAY: usize = 512;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A text that no other call has: a number in it, and words by that number.
fn shipment(number: u64) -> v1::Shipment {
    const WORDS: [&str; 12] = [
        "copper", "heron", "valve", "bearing", "marigold", "pump", "amber", "gasket", "otter", "filter", "loom", "kite",
    ];
    let word = |n: u64| WORDS[(number.wrapping_mul(6_364_136_223_846_793_005).rotate_left(n as u32 * 7) % 12) as usize];
    let party = |role, n: u64| v1::Party {
        role,
        name: format!("{} {} {number} Trading Co., Ltd.", word(n), word(n + 1)),
        address: format!("{number} {} Road, Hamburg", word(n + 2)),
        country: "DE".to_owned(),
        ..v1::Party::default()
    };
    let goods = v1::Goods {
        description: format!("{number} cartons of {} {} and {} parts", word(5), word(6), word(7)),
        ..Default::default()
    };
    v1::Shipment {
        reference: number.to_string(),
        parties: vec![party(v1::party::Role::Shipper as i32, 1), party(v1::party::Role::Consignee as i32, 3)],
        goods: vec![goods],
        ..v1::Shipment::default()
    }
}

fn batch(next: &AtomicU64) -> v1::ScreenBatchRequest {
    let from = next.fetch_add(SIZE as u64, Ordering::Relaxed);
    v1::ScreenBatchRequest { shipments: (from..from + SIZE as u64).map(shipment).collect(), verbose: false }
}

async fn connected(address: &str) -> Channel {
    Channel::from_shared(format!("http://{address}")).expect("an address").connect().await.expect("connects")
}

/// Calls a second that two callers in a row bring about, each sending the next call when the last is answered.
async fn most(address: &str, next: &Arc<AtomicU64>) -> f64 {
    let began = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (channel, next) = (connected(address).await, Arc::clone(next));
        callers.spawn(async move {
            let mut client = ScreeningServiceClient::new(channel);
            let mut calls = 0;
            while began.elapsed() < Duration::from_secs(3) {
                client.screen_batch(batch(&next)).await.expect("is answered");
                calls += 1;
            }
            calls
        });
    }
    callers.join_all().await.iter().sum::<u64>() as f64 / began.elapsed().as_secs_f64()
}

/// What the program holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    resident_kib: u64,
    descriptors: usize,
    threads: usize,
}

impl Held {
    fn of(running: &Running) -> Self {
        let process = format!("/proc/{}", running.child.id());
        let count = |folder: &str| fs::read_dir(format!("{process}/{folder}")).map_or(0, Iterator::count);
        Self { resident_kib: running.resident(), descriptors: count("fd"), threads: count("task") }
    }
}

/// Another list every ten seconds: entries come and go, and the fingerprint changes.
fn publish(running: &Running, edition: u64) {
    let path = running.folder.path().join("extra.csv");
    let rows: String = (0..200).map(|row| format!("Tidewater Soak Edition {edition} Row {row},{row}\n")).collect();
    let text = format!("name,id\n{rows}");
    fs::write(path.with_extension("next"), text).expect("writes");
    fs::rename(path.with_extension("next"), &path).expect("renames");
}

fn start() -> Running {
    let folder = folder();
    fs::write(folder.path().join("extra.csv"), "name,id\nTidewater Soak Edition 0,0\n").expect("writes");
    let lists = "paths = ['list.csv', 'extra.csv', 'curated']";
    // The guard keeps out a file that grows at once; here it has to.
    Running::start_with(folder, "", lists, "[refresh]\ngrow_percent = 100000\nshrink_percent = 100")
}

#[test]
fn a_long_run_holds_no_more_at_its_end() {
    let _alone = crowd_alone();
    let (seconds, percent) = (setting("SOAK_SECONDS", 12), setting("SOAK_PERCENT", 30));
    let running = start();
    let runtime = tokio::runtime::Runtime::new().expect("a reactor");
    let next = Arc::new(AtomicU64::new(0));
    let every = Duration::from_secs(if seconds >= 600 { 60 } else { (seconds / 6).max(1) });
    let mut table: Vec<(Duration, Held)> = Vec::new();
    let (calls, failed, late) = runtime.block_on(async {
        let rate = most(&running.address, &next).await * percent as f64 / 100.0;
        println!("{percent} % of the highest rate: {rate:.1} calls of {SIZE} shipments a second, for {seconds} s");
        let reloading = tokio::spawn({
            let channel = connected(&running.address).await;
            async move {
                let mut lists = ListServiceClient::new(channel);
                loop {
                    tokio::time::sleep(Duration::from_secs(10)).await;
                    lists.reload(v1::ReloadRequest {}).await.expect("the lists are sound");
                }
            }
        });
        let (began, pause) = (Instant::now(), Duration::from_secs_f64(1.0 / rate));
        let (mut due, mut sent, mut failed, mut late, mut edition) = (began, 0u64, 0u64, 0u64, 0u64);
        let mut client = ScreeningServiceClient::new(connected(&running.address).await);
        let mut calls = tokio::task::JoinSet::new();
        let mut took: Vec<Duration> = Vec::new();
        let mut next_line = every;
        while began.elapsed() < Duration::from_secs(seconds) {
            tokio::time::sleep_until(due.into()).await;
            due += pause;
            while let Some(done) = calls.try_join_next() {
                let (elapsed, is_whole): (Duration, bool) = done.expect("ends");
                failed += u64::from(!is_whole);
                took.push(elapsed);
            }
            if calls.len() >= MOST_UNDER_WAY {
                late += 1;
                continue;
            }
            if sent % CALLS_OF_A_CLIENT == 0 {
                client = ScreeningServiceClient::new(connected(&running.address).await);
            }
            if began.elapsed().as_secs() / 10 >= edition {
                edition += 1;
                publish(&running, edition);
            }
            let (mut client, request) = (client.clone(), batch(&next));
            // One in twenty gives up before it is answered.
            let patience = if sent % 20 == 7 { Duration::from_millis(1) } else { Duration::from_secs(60) };
            sent += 1;
            calls.spawn(async move {
                let asked = Instant::now();
                let answer = tokio::time::timeout(patience, client.screen_batch(request)).await;
                (
                    asked.elapsed(),
                    answer.map_or(true, |answer| answer.is_ok_and(|a| a.into_inner().screenings.len() == SIZE)),
                )
            });
            if began.elapsed() >= next_line {
                next_line += every;
                took.sort_unstable();
                let p99 = took.get(took.len() * 99 / 100).copied().unwrap_or_default();
                let held = Held::of(&running);
                println!(
                    "| {} s | {} MB | {} | {} | {} calls, p99 {:.1} ms |",
                    began.elapsed().as_secs(),
                    held.resident_kib / 1024,
                    held.descriptors,
                    held.threads,
                    took.len(),
                    p99.as_secs_f64() * 1000.0
                );
                took.clear();
                table.push((began.elapsed(), held));
            }
        }
        reloading.abort();
        for (_, is_whole) in calls.join_all().await {
            failed += u64::from(!is_whole);
        }
        (sent, failed, late)
    });
    println!("{calls} calls, {failed} failed, {late} not sent as too many were under way");
    assert_eq!(failed, 0, "every call is answered whole");
    let half = &table[table.len() / 2..];
    let span = |of: fn(&Held) -> u64| {
        let all = || half.iter().map(|(_, held)| of(held));
        (all().min().unwrap_or(0), all().max().unwrap_or(0))
    };
    let (least, most) = span(|held| held.resident_kib);
    let slack = if seconds >= 600 { 20 } else { 60 };
    assert!(most <= least + least * slack / 100, "memory in the last half: {least} to {most} kB");
    let (least, most) = span(|held| held.threads as u64);
    assert!(most - least <= 16, "threads in the last half: {least} to {most}");
    let (least, most) = span(|held| held.descriptors as u64);
    assert!(most - least <= 16, "descriptors in the last half: {least} to {most}");
}
