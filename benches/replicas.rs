//! How fast several replicas write one ledger, and what its index costs in a file and in the database, in a Postgres server that
//! is started for it: `cargo run --release -p tidewaiter-ledger-postgres --example replicas`. `RECORDS`: how many in each run;
//! `INDEXED`: in the ledger that is indexed, 300,000 without it. The figures of docs/ledger.md come from here.
#![allow(clippy::print_stdout, reason = "it measures")]

#[expect(clippy::unwrap_used, clippy::print_stderr, dead_code, reason = "a part of the tests, which use more of it")]
#[path = "../crates/ledger-postgres/tests/it/server.rs"]
mod server;

use ledger::index::Query;
use ledger::{Basis, Ledger, verify};
use server::{Server, screened};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Threads that hand records over to each replica.
const THREADS: usize = 4;

/// Has each replica write its share in calls of so many records that wait until they are in the database; gives the records
/// a second of all together, and the times of the calls in order.
fn write(replicas: &[Ledger], count: usize, group: usize) -> Result<(f64, Vec<Duration>)> {
    let share = count / (replicas.len() * THREADS);
    let started = Instant::now();
    let mut times = std::thread::scope(|scope| -> Result<Vec<Duration>> {
        let write = |(replica, thread): (usize, usize)| {
            move || -> Result<Vec<Duration>> {
                let call = |from: usize| {
                    let one = |n: usize| {
                        let reference = format!("{replica}-{thread}-{n}");
                        screened(&reference, &format!("Copper Heron Components {} GmbH", n / 3))
                    };
                    let records = (from..(from + group).min(share)).map(one).collect();
                    let started = Instant::now();
                    replicas[replica].record(records, &Basis::default(), true)?;
                    Ok(started.elapsed())
                };
                (0..share).step_by(group).map(call).collect()
            }
        };
        let each = (0..replicas.len()).flat_map(|replica| (0..THREADS).map(move |thread| (replica, thread)));
        let threads: Vec<_> = each.map(|one| scope.spawn(write(one))).collect();
        let mut times = Vec::new();
        for thread in threads {
            times.extend(thread.join().map_err(|_| "a thread panicked")??);
        }
        Ok(times)
    })?;
    times.sort_unstable();
    Ok(((share * replicas.len() * THREADS) as f64 / started.elapsed().as_secs_f64(), times))
}

/// A percentile of times in order.
fn at(times: &[Duration], percent: usize) -> Duration {
    times[(times.len() - 1) * percent / 100]
}

/// Fills the index of a ledger with so many records, and finds parties in it.
fn index(ledger: &Ledger, records: usize, what: &str) -> Result<()> {
    ledger.pull()?;
    let started = Instant::now();
    ledger.forget_index()?;
    println!("index in {what}: {:.0} records/s", records as f64 / started.elapsed().as_secs_f64());
    let find = |n: usize| -> Result<Duration> {
        let party = format!("COPPER HERON COMPONENTS {} GMBH", n * 331 % (records / 3 / 4));
        let started = Instant::now();
        let found = ledger.find(&Query { party, limit: 20, ..Query::default() })?;
        if found.is_empty() { Err("every party was recorded".into()) } else { Ok(started.elapsed()) }
    };
    let mut times = (0..200).map(find).collect::<Result<Vec<_>>>()?;
    times.sort_unstable();
    println!("find by party in {what}: p50 {:?}, p99 {:?}", at(&times, 50), at(&times, 99));
    Ok(())
}

/// How long a new replica needs until it has answered a question.
fn start(server: &Server, root: &Path, what: &str) -> Result<()> {
    let started = Instant::now();
    let ledger = server.join(root);
    let joined = started.elapsed();
    ledger.find(&Query { limit: 1, ..Query::default() })?;
    println!("a new replica, index in {what}: its copy {joined:?}, first answer after {:?}", started.elapsed());
    Ok(())
}

/// What the index costs in a file and in the database.
fn both_indexes(records: usize) -> Result<()> {
    let server = Server::start().ok_or("there is no Postgres server on this machine")?;
    let folder = tempfile::tempdir()?;
    let mut ledgers = vec![server.init(&folder.path().join("0"))];
    write(&ledgers, records, 256)?;
    let ledger = ledgers.remove(0);
    for (is_here, what) in [(false, "a file"), (true, "the database")] {
        server.place().move_index(is_here)?;
        index(&ledger, records, what)?;
        start(&server, &folder.path().join(what), what)?;
    }
    let bytes = "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class \
                 WHERE relnamespace = 'tidewaiter_index'::regnamespace AND relkind = 'r'";
    println!("bytes a record of the index in the database: {:.0}", server.count(bytes) as f64 / records as f64);
    Ok(())
}

fn main() -> Result<()> {
    let indexed = std::env::var("INDEXED").ok().and_then(|n| n.parse().ok()).unwrap_or(300_000);
    if indexed > 0 {
        both_indexes(indexed)?;
    }
    let count: usize = std::env::var("RECORDS").ok().and_then(|n| n.parse().ok()).unwrap_or(50_000);
    for replicas in [1, 2, 4] {
        for (group, count) in [(256, count), (1, count / 10)] {
            let server = Server::start().ok_or("there is no Postgres server on this machine")?;
            let folder = tempfile::tempdir()?;
            let mut ledgers = vec![server.init(&folder.path().join("0"))];
            ledgers.extend((1..replicas).map(|n| server.join(&folder.path().join(n.to_string()))));
            let (rate, times) = write(&ledgers, count, group)?;
            let (p50, p99) = (at(&times, 50), at(&times, 99));
            println!("{replicas} replicas, {group} a call: {rate:.0} records/s, a call p50 {p50:?}, p99 {p99:?}");
            for ledger in &ledgers {
                ledger.pull()?;
                let verified = verify(ledger.layout(), None)?;
                if !verified.faults.is_empty() {
                    return Err(format!("a copy does not verify: {:?}", verified.faults).into());
                }
            }
        }
    }
    Ok(())
}
