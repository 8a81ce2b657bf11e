//! What the ledger costs. Not run by itself: `cargo test -p tidewaiter-ledger -- --ignored --nocapture measure`.
//!
//! RECORDS says how many, 200,000 without it. The figures of docs/ledger.md come from here.
#![allow(clippy::print_stdout, reason = "it measures")]

use crate::shared::{clear, init, master};
use ledger::index::Query;
use ledger::record::Screened;
use ledger::{Basis, Ledger, Options};
use std::path::Path;
use std::time::{Duration, Instant};

/// A clear shipment as real ones are: two parties with addresses, two goods lines; parties come back.
fn ordinary(n: usize) -> Screened {
    let party = n / 3;
    let mut screened =
        clear(&format!("BL{:08}", n * 7919 % 100_000_000), &format!("Copper Heron Components {party} GmbH"));
    screened.request.parties[0].address = format!("Kranweg {}, 28199 Bremen", party % 400);
    screened.request.parties.push(wire::v1::Party {
        name: format!("Blue Larch Glassware {} Trading Co., Ltd.", party % 90_000),
        country: "CN".to_owned(),
        address: format!("No. {} Binhai Road, Nanshan District, Shenzhen", party % 900),
        ..Default::default()
    });
    screened.request.goods[0].description = format!("hose clamps, stainless steel, {} mm", n % 5000);
    screened
}

fn size_of(path: &Path) -> u64 {
    let Ok(meta) = std::fs::metadata(path) else { return 0 };
    if !meta.is_dir() {
        return meta.len();
    }
    std::fs::read_dir(path).unwrap().map(|file| size_of(&file.unwrap().path())).sum()
}

fn write(ledger: &Ledger, from: usize, count: usize, group: usize, threads: usize, is_durable: bool) -> f64 {
    let started = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let share = count / threads;
                let first = from + thread * share;
                for at in (first..first + share).step_by(group) {
                    let screened = (at..(at + group).min(first + share)).map(ordinary).collect();
                    ledger.record(screened, &Basis::default(), is_durable).unwrap();
                }
            });
        }
    });
    count as f64 / started.elapsed().as_secs_f64()
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100]
}

#[test]
#[ignore = "measures, for a minute"]
fn measure_the_ledger() {
    let count: usize = std::env::var("RECORDS").ok().and_then(|n| n.parse().ok()).unwrap_or(200_000);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let root = folder.path().join("ledger");
    let ledger = init(&root, Options::default());
    println!("durable, 256 a call, 4 threads: {:.0} records/s", write(&ledger, 0, count / 2, 256, 4, true));
    println!("async, 256 a call, 4 threads: {:.0} records/s", write(&ledger, count / 2, count / 2, 256, 4, false));

    let mut unary: Vec<Duration> = std::thread::scope(|scope| {
        let one = |thread: usize| {
            let ledger = &ledger;
            move || {
                let time = |n: usize| {
                    let screened = vec![ordinary(count + thread * 100 + n)];
                    let started = Instant::now();
                    ledger.record(screened, &Basis::default(), true).unwrap();
                    started.elapsed()
                };
                (0..50).map(time).collect::<Vec<_>>()
            }
        };
        let threads: Vec<_> = (0..64).map(|thread| scope.spawn(one(thread))).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    println!(
        "durable, one a call, 64 in flight: p50 {:?}, p99 {:?}",
        percentile(&mut unary, 50),
        percentile(&mut unary, 99)
    );

    let records = ledger.size();
    drop(ledger);
    let started = Instant::now();
    let (ledger, _) = Ledger::open(&root, &master(), Options::default()).unwrap();
    println!("open with {records} records: {:?}", started.elapsed());
    let started = Instant::now();
    ledger.catch_up().unwrap();
    println!("index: {:.0} records/s", records as f64 / started.elapsed().as_secs_f64());
    let mut times: Vec<Duration> = (0..200)
        .map(|n| {
            let party = format!("COPPER HERON COMPONENTS {} GMBH", n * 331 % (count / 3));
            let started = Instant::now();
            assert!(!ledger.find(&Query { party, limit: 20, ..Query::default() }).unwrap().is_empty());
            started.elapsed()
        })
        .collect();
    println!("find by party: p50 {:?}, p99 {:?}", percentile(&mut times, 50), percentile(&mut times, 99));
    let started = Instant::now();
    let verified = ledger::verify(ledger.layout(), None).unwrap();
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    println!("verify: {:.0} records/s", records as f64 / started.elapsed().as_secs_f64());
    drop(ledger);
    let each = |name: &str| size_of(&root.join(name)) as f64 / records as f64;
    println!("bytes a record: log {:.0}, tiles {:.0}, index {:.0}", each("log"), each("tile"), each("index.sqlite"));
}
