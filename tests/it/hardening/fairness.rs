//! One caller's large calls beside another's small ones, on the real program.

use super::hostile;
use crate::chaos::{Running, crowd_alone, folder};
use crate::shared::Choice;
use std::fs;
use std::time::{Duration, Instant};
use tonic::transport::Channel;
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

/// Small calls are sent this far apart, for so long.
const EVERY: Duration = Duration::from_millis(15);
const FOR: Duration = Duration::from_secs(6);

fn small(number: usize) -> v1::ScreenRequest {
    let party = v1::Party { name: format!("Copper Heron {number} Trading Ltd"), ..v1::Party::default() };
    let goods = v1::Goods { description: format!("{number} cartons of printed matter"), ..Default::default() };
    let shipment = v1::Shipment { parties: vec![party], goods: vec![goods], ..v1::Shipment::default() };
    v1::ScreenRequest { shipment: Some(shipment), verbose: false }
}

/// A call of 15 MB, made of listed names.
fn large(choice: &mut Choice) -> v1::ScreenRequest {
    let lines =
        (0..235).map(|_| v1::Goods { description: hostile::of_names(64_000, " ", choice), ..Default::default() });
    let shipment = v1::Shipment { goods: lines.collect(), ..v1::Shipment::default() };
    v1::ScreenRequest { shipment: Some(shipment), verbose: false }
}

async fn client(running: &Running) -> ScreeningServiceClient<Channel> {
    let url = format!("http://{}", running.address);
    let channel = Channel::from_shared(url).expect("an address").connect().await.expect("connects");
    ScreeningServiceClient::new(channel).max_decoding_message_size(256 << 20)
}

/// How long small calls take, sorted, while they are sent at a fixed pace.
async fn small_calls(running: &Running) -> Vec<Duration> {
    let mut calls = tokio::task::JoinSet::new();
    let client = client(running).await;
    let started = Instant::now();
    let mut number = 0;
    while started.elapsed() < FOR {
        let mut client = client.clone();
        calls.spawn(async move {
            let asked = Instant::now();
            client.screen(small(number)).await.expect("is answered");
            asked.elapsed()
        });
        number += 1;
        tokio::time::sleep(EVERY).await;
    }
    let mut took = calls.join_all().await;
    took.sort_unstable();
    took
}

fn at(took: &[Duration], per_mille: usize) -> Duration {
    took[(took.len() * per_mille / 1000).min(took.len() - 1)]
}

/// Clock ticks that the program has worked.
fn worked(running: &Running) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", running.child.id())).expect("it runs");
    let fields: Vec<&str> = stat.rsplit(')').next().expect("a name").split_whitespace().collect();
    fields[11].parse::<u64>().expect("ticks") + fields[12].parse::<u64>().expect("ticks")
}

#[test]
fn small_calls_pass_large_ones_and_a_deadline_ends_the_work() {
    let _alone = crowd_alone();
    // The lists inside the program, beside the file.
    let running = Running::start_with(folder(), "", "paths = ['list.csv']", "call_seconds = 300\nworkers = 2");
    let runtime = tokio::runtime::Runtime::new().expect("a reactor");
    runtime.block_on(async {
        let alone = small_calls(&running).await;
        let mut choice = Choice::seeded(2);
        let larges: Vec<v1::ScreenRequest> = (0..4).map(|_| large(&mut choice)).collect();
        let mut calls = tokio::task::JoinSet::new();
        for request in larges {
            let mut client = client(&running).await;
            calls.spawn(async move {
                let began = Instant::now();
                let mut request = tonic::Request::new(request);
                request.set_timeout(Duration::from_secs(20));
                let ended = client.screen(request).await;
                (began.elapsed(), ended.is_ok())
            });
        }
        // Until they are at work.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let beside = small_calls(&running).await;
        let still = calls.len();
        println!(
            "{} small calls alone: median {:?}, p99 {:?}; beside four of 15 MB: median {:?}, p99 {:?}, at most {:?}",
            alone.len(),
            at(&alone, 500),
            at(&alone, 990),
            at(&beside, 500),
            at(&beside, 990),
            at(&beside, 1000)
        );
        let more = at(&beside, 990).saturating_sub(at(&alone, 990));
        // 20 ms on a machine of its own (docs/reliability.md); other tests run beside this one.
        assert!(more < Duration::from_millis(400), "p99 is {more:?} more beside large calls");
        assert!(still > 0, "the large calls were over before the small ones");
        for (took, is_whole) in calls.join_all().await {
            println!("a large call ended after {took:?}, answered: {is_whole}");
            assert!(is_whole || took < Duration::from_secs(25));
        }
        // Whatever was given up is no longer worked at.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let before = worked(&running);
        tokio::time::sleep(Duration::from_secs(1)).await;
        let ticks = worked(&running) - before;
        assert!(ticks < 30, "{ticks} ticks of work for nobody");
    });
}
