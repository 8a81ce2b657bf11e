//! What the ledger costs: `cargo run --release -p tidewaiter-ledger --example measure`.
//!
//! RECORDS says how many, 200,000 without it. The figures of docs/ledger.md come from here.
#![allow(clippy::print_stdout, reason = "it measures")]

use engine::policy::Policy;
use engine::rule::Rules;
use engine::screen::{Engine, Limits, Scratch};
use ledger::index::{Card, Query};
use ledger::record::{Received, Screened};
use ledger::rescreen::Change;
use ledger::{Basis, Ledger, MasterKey, Options};
use model::entry::{Effect, Entry, EntryKind, ListId, Name, NameKind};
use model::snapshot::Snapshot;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wire::{findings_to_wire, shipment_from_wire, v1};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Entries that change at once, in the rescreening.
const CHANGED: usize = 1000;

/// A clear shipment as real ones are: two parties with addresses, two goods lines; parties come back.
fn ordinary(n: usize) -> Screened {
    let party = n / 3;
    let reference = format!("BL{:08}", n * 7919 % 100_000_000);
    let shipper = v1::Party {
        name: format!("Copper Heron Components {party} GmbH"),
        country: "DE".to_owned(),
        address: format!("Kranweg {}, 28199 Bremen", party % 400),
        ..Default::default()
    };
    let consignee = v1::Party {
        name: format!("Blue Larch Glassware {} Trading Co., Ltd.", party % 90_000),
        country: "CN".to_owned(),
        address: format!("No. {} Binhai Road, Nanshan District, Shenzhen", party % 900),
        ..Default::default()
    };
    let description = format!("hose clamps, stainless steel, {} mm", n % 5000);
    let mut request = v1::Shipment {
        reference: reference.clone(),
        parties: vec![shipper, consignee],
        goods: vec![v1::Goods { description, ..Default::default() }],
        ..Default::default()
    };
    let answer = v1::Screening {
        reference,
        outcome: v1::screening::Outcome::NoFinding as i32,
        summary: "No finding: nothing is listed.".to_owned(),
        snapshot: format!("sha256:{}", "1".repeat(64)),
        policy: format!("sha256:{}", "2".repeat(64)),
        engine: "tidewaiter 0".to_owned(),
        lists: Some(v1::ListsInForce { count: 9, entries: 9000, ..Default::default() }),
        ..Default::default()
    };
    let (caller, trace) = ("erp".to_owned(), String::new());
    let request = Received::of(&mut request);
    Screened { request, answer, caller, trace, is_verbose: false, unread: None, context: None }
}

fn size_of(path: &Path) -> u64 {
    let Ok(meta) = std::fs::metadata(path) else { return 0 };
    if !meta.is_dir() {
        return meta.len();
    }
    std::fs::read_dir(path).into_iter().flatten().flatten().map(|file| size_of(&file.path())).sum()
}

/// Records a second, on so many threads that each hand over groups.
fn write(
    ledger: &Ledger,
    from: usize,
    count: usize,
    (group, threads): (usize, usize),
    is_durable: bool,
) -> Result<f64> {
    let started = Instant::now();
    let share = count / threads;
    std::thread::scope(|scope| {
        let write = |thread: usize| {
            let first = from + thread * share;
            move || -> Result<()> {
                for at in (first..first + share).step_by(group) {
                    let screened = (at..(at + group).min(first + share)).map(ordinary).collect();
                    ledger.record(screened, &Basis::default(), is_durable)?;
                }
                Ok(())
            }
        };
        let threads: Vec<_> = (0..threads).map(|thread| scope.spawn(write(thread))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread panicked")?)
    })?;
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100]
}

/// Times of calls of one record each, with so many in flight.
fn unary(ledger: &Ledger, from: usize, in_flight: usize, each: usize) -> Result<Vec<Duration>> {
    std::thread::scope(|scope| {
        let ask = |thread: usize| {
            move || -> Result<Vec<Duration>> {
                let time = |n: usize| {
                    let screened = vec![ordinary(from + thread * each + n)];
                    let started = Instant::now();
                    ledger.record(screened, &Basis::default(), true)?;
                    Ok(started.elapsed())
                };
                (0..each).map(time).collect()
            }
        };
        let threads: Vec<_> = (0..in_flight).map(|thread| scope.spawn(ask(thread))).collect();
        let mut times = Vec::new();
        for thread in threads {
            times.extend(thread.join().map_err(|_| "a thread panicked")??);
        }
        Ok(times)
    })
}

/// An engine over as many entries as may change at once, none of which is among the parties.
fn changed() -> Result<Engine> {
    const FIRST: [&str; 10] =
        ["Grey", "Red", "Silver", "Northern", "Amber", "Quiet", "Western", "Golden", "Violet", "Iron"];
    const SECOND: [&str; 10] =
        ["Cormorant", "Plover", "Thistle", "Lantern", "Harbour", "Meridian", "Falcon", "Juniper", "Tamarisk", "Beacon"];
    const THIRD: [&str; 10] = [
        "Robotics",
        "Mining",
        "Avionics",
        "Shipping",
        "Optics",
        "Petrochemicals",
        "Dynamics",
        "Metals",
        "Telecom",
        "Foods",
    ];
    let entry = |n: usize| {
        let mut entry = Entry::new(ListId::new("own"), n.to_string(), EntryKind::Company, Effect::Blocking);
        let name = [FIRST[n % 10], SECOND[n / 10 % 10], THIRD[n / 100 % 10]].join(" ");
        entry.names.push(Name::new(name, NameKind::Primary));
        entry
    };
    let snapshot = Snapshot::from_entries((0..CHANGED).map(entry).collect(), Vec::new())?;
    // As `evidence::rescreen` asks: without the rules, which rest on no entry.
    let policy = Policy::default().without(&Rules::REASONS);
    Ok(Engine::build_with(Arc::new(snapshot), Arc::new(policy), Limits::default(), Rules::builtin())?)
}

/// Asks every card of the ledger against the entries that changed, on two threads.
fn rescreen(ledger: &Ledger) -> Result<f64> {
    let engine = changed()?;
    let answer = |cards: &[Card]| -> Vec<Vec<v1::Finding>> {
        let mut scratch = Scratch::default();
        let one = |card: &Card| {
            findings_to_wire(engine.screen(&shipment_from_wire(card.shipment.clone()), &mut scratch).findings)
        };
        cards.iter().map(one).collect()
    };
    let screen = |cards: &[Card]| {
        let (left, right) = cards.split_at(cards.len() / 2);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| answer(right));
            let mut answers = answer(left);
            answers.extend(other.join().map_err(|_| "a thread panicked".to_owned())?);
            Ok(answers)
        })
    };
    let started = Instant::now();
    let change = Change { entries: CHANGED as u64, ..Default::default() };
    let done = ledger.rescreen(change, screen, |_, _| true)?;
    Ok(done.cards as f64 / started.elapsed().as_secs_f64())
}

fn main() -> Result<()> {
    let count: usize = std::env::var("RECORDS").ok().and_then(|n| n.parse().ok()).unwrap_or(200_000);
    let folder = tempfile::tempdir_in(std::env::var("MEASURE_DIR").unwrap_or_else(|_| ".".to_owned()))?;
    let root = folder.path().join("ledger");
    let master = MasterKey::from_text(&"5a".repeat(32), "the measurement".to_owned())?;
    let ledger = Ledger::init(&root, &master, Some("example.com/ledger"), Options::default())?;
    println!("durable, 256 a call, 4 threads: {:.0} records/s", write(&ledger, 0, count / 2, (256, 4), true)?);
    println!("async, 256 a call, 4 threads: {:.0} records/s", write(&ledger, count / 2, count / 2, (256, 4), false)?);
    let mut times = unary(&ledger, count, 64, 50)?;
    let (p50, p99) = (percentile(&mut times, 50), percentile(&mut times, 99));
    println!("durable, one a call, 64 in flight: p50 {p50:?}, p99 {p99:?}");

    let records = ledger.size();
    drop(ledger);
    let started = Instant::now();
    let (ledger, _) = Ledger::open(&root, &master, Options::default())?;
    println!("open with {records} records: {:?}", started.elapsed());
    let started = Instant::now();
    ledger.catch_up()?;
    println!("index: {:.0} records/s", records as f64 / started.elapsed().as_secs_f64());
    let mut times = Vec::new();
    for n in 0..200 {
        let party = format!("COPPER HERON COMPONENTS {} GMBH", n * 331 % (count / 3).max(1));
        let started = Instant::now();
        let found = ledger.find(&Query { party, limit: 20, ..Query::default() })?;
        times.push(started.elapsed());
        assert!(!found.is_empty(), "every party was recorded");
    }
    println!("find by party: p50 {:?}, p99 {:?}", percentile(&mut times, 50), percentile(&mut times, 99));
    let started = Instant::now();
    let verified = ledger::verify(ledger.layout(), None)?;
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    println!("verify: {:.0} records/s", records as f64 / started.elapsed().as_secs_f64());
    println!("rescreen, {CHANGED} entries, 2 threads: {:.0} parties and texts/s", rescreen(&ledger)?);
    drop(ledger);
    let each = |name: &str| size_of(&root.join(name)) as f64 / records as f64;
    println!("bytes a record: log {:.0}, tiles {:.0}, index {:.0}", each("log"), each("tile"), each("index.sqlite"));
    Ok(())
}
