//! How long one record takes, in percentiles: party names of several kinds and goods lines against a whole list, near
//! matching on, one thread. Figures are kept in `docs/performance.md`.
//!
//! ```sh
//! cargo run --release -p tidewaiter-benches --example latency [LIST [WHAT]]
//! ```
//! Each text is screened several times and its best time counts: what else the machine does is not the engine's. The
//! first pass, with an empty memo, is printed apart, because a stranger's words are new.

#[path = "support/goods_lines.rs"]
mod goods_lines;

use engine::policy::Policy;
use engine::rule::{Known, Prepared};
use engine::screen::{Engine, Limits, Scratch};
use lists::{Snapshot, Source};
use model::country::Country;
use model::shipment::{Goods, Party, Place, Role, Route, Shipment};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Passes over each set.
const PASSES: usize = 7;
/// Names drawn from the list, at most.
const DRAWN: usize = 4000;

fn main() -> anyhow::Result<()> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let wanted = std::env::args().nth(2).unwrap_or_default();
    let list = std::env::args().nth(1).map_or_else(|| data.join("lists/us/csl_2022-05.csv.gz"), PathBuf::from);
    let start = Instant::now();
    let snapshot = Arc::new(lists::load(&[Source::Path(list)])?);
    let loaded = start.elapsed();
    let engine = Engine::build(Arc::clone(&snapshot), Arc::new(Policy::default()), Limits::default())?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{} rows, {} names; loaded in {:?}, compiled in {:?}\n",
        snapshot.entries().len(),
        engine.index().name_count(),
        loaded,
        start.elapsed() - loaded
    )?;
    writeln!(out, "| what | records | mean us | p50 | p90 | p99 | most | first pass, mean |")?;
    writeln!(out, "|---|---:|---:|---:|---:|---:|---:|---:|")?;

    let persons: Vec<String> =
        std::fs::read_to_string(data.join("benchmarks/clean_person_names.txt"))?.lines().map(str::to_owned).collect();
    let (companies, lines) = (companies(&data)?, goods_lines::read(&data)?);
    let listed = listed(&snapshot);
    let misspelt: Vec<String> = listed.iter().enumerate().filter_map(|(at, name)| misspelt(name, at)).collect();
    for (what, names) in [
        ("party: persons nobody lists", &persons),
        ("party: companies nobody lists", &companies),
        ("party: listed names", &listed),
        ("party: listed names, two letters exchanged", &misspelt),
    ] {
        if !what.contains(&wanted) {
            continue;
        }
        let records: Vec<Shipment> = names.iter().map(|name| party(name)).collect();
        measure(&mut out, &engine, what, &records)?;
    }
    let of_goods: Vec<Shipment> = lines.iter().map(|line| goods(line)).collect();
    let what = "goods lines of about 250 bytes";
    if what.contains(&wanted) {
        measure(&mut out, &engine, what, &of_goods)?;
    }
    let what = "shipments of three parties, a goods line and a route";
    if what.contains(&wanted) {
        let shipments: Vec<Shipment> =
            lines.iter().enumerate().map(|(at, line)| shipment(at, line, &persons)).collect();
        measure(&mut out, &engine, what, &shipments)?;
        let mut scratch = Scratch::default();
        time(&mut out, "the same, of parties met before", shipments.len(), |at| {
            std::hint::black_box(engine.screen(&shipments[at], &mut scratch));
        })?;
        let rules = engine.rules();
        // The search for names folds these texts in any case.
        let prepared: Vec<Prepared> = shipments.iter().map(|s| Prepared::of(s, rules.lexicon())).collect();
        time(&mut out, "their rules alone", shipments.len(), |at| {
            std::hint::black_box(rules.screen(&shipments[at], &prepared[at], |_| true, |_| true, Known::default()));
        })?;
    }
    Ok(())
}

fn measure(out: &mut impl std::io::Write, engine: &Engine, what: &str, records: &[Shipment]) -> std::io::Result<()> {
    let mut scratch = Scratch::default();
    time(out, what, records.len(), |at| {
        // Every name is a stranger's; what one costs that came lately is measured apart.
        scratch.forget_names();
        std::hint::black_box(engine.screen(&records[at], &mut scratch));
    })
}

fn time(out: &mut impl std::io::Write, what: &str, records: usize, mut run: impl FnMut(usize)) -> std::io::Result<()> {
    let mut best = vec![u64::MAX; records];
    let mut first = 0;
    for pass in 0..PASSES {
        for (at, best) in best.iter_mut().enumerate() {
            let start = Instant::now();
            run(at);
            let took = start.elapsed().as_nanos() as u64;
            *best = (*best).min(took);
            first += if pass == 0 { took } else { 0 };
        }
    }
    best.sort_unstable();
    let us = |nanos: u64| nanos as f64 / 1000.0;
    let part = |hundredths: usize| us(best[(best.len() * hundredths / 100).min(best.len() - 1)]);
    let count = records.max(1) as u64;
    writeln!(
        out,
        "| {what} | {records} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} |",
        us(best.iter().sum::<u64>() / count),
        part(50),
        part(90),
        part(99),
        us(best.last().copied().unwrap_or_default()),
        us(first / count)
    )
}

fn party(name: &str) -> Shipment {
    Shipment { parties: vec![Party { name: name.to_owned(), ..Party::default() }], ..Shipment::default() }
}

fn goods(line: &str) -> Shipment {
    Shipment { goods: vec![Goods { description: line.to_owned(), ..Goods::default() }], ..Shipment::default() }
}

/// A record as the platforms send it: three parties, a goods line and an ordinary route.
fn shipment(at: usize, line: &str, names: &[String]) -> Shipment {
    let roles = [Role::Shipper, Role::Consignee, Role::NotifyParty];
    let parties = roles.into_iter().enumerate().map(|(n, role)| Party {
        role: Some(role),
        name: names[(at * roles.len() + n) % names.len()].clone(),
        ..Party::default()
    });
    let place = |text: &str, country: &str| {
        Some(Place { text: text.to_owned(), country: Country::parse(country), ..Place::default() })
    };
    let (loading, discharge) = [("Rotterdam", "NL"), ("Hamburg", "DE"), ("Shanghai", "CN")]
        .into_iter()
        .zip([("Los Angeles", "US"), ("Felixstowe", "GB"), ("Antwerp", "BE")])
        .nth(at % 3)
        .expect("there are three");
    Shipment {
        parties: parties.collect(),
        route: Route {
            loading: place(loading.0, loading.1),
            discharge: place(discharge.0, discharge.1),
            destination: place(discharge.0, discharge.1),
            ..Route::default()
        },
        ..goods(line)
    }
}

/// The makers and vendors of real deliveries.
fn companies(data: &Path) -> anyhow::Result<Vec<String>> {
    let path = data.join("goods/usaid_scms_deliveries.csv");
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path)?;
    let header: Vec<String> = reader.byte_headers()?.iter().map(|h| String::from_utf8_lossy(h).into_owned()).collect();
    let columns = ["Vendor", "Manufacturing Site"].map(|name| header.iter().position(|h| h == name));
    let mut companies = Vec::new();
    for record in reader.byte_records() {
        let record = record?;
        let cell = |at: usize| String::from_utf8_lossy(record.get(at).unwrap_or_default()).into_owned();
        companies.extend(columns.into_iter().flatten().map(cell));
    }
    companies.sort_unstable();
    companies.dedup();
    Ok(companies)
}

/// Listed names in the order of the list, evenly drawn.
fn listed(snapshot: &Snapshot) -> Vec<String> {
    let names: Vec<&str> = snapshot.entries().iter().flat_map(|e| &e.names).map(|n| n.text.as_str()).collect();
    let step = names.len().div_ceil(DRAWN).max(1);
    names.into_iter().step_by(step).map(str::to_owned).collect()
}

/// The name with two neighbouring letters in its middle exchanged.
fn misspelt(name: &str, at: usize) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let places: Vec<usize> = (1..letters.len().saturating_sub(1))
        .filter(|&i| letters[i].is_alphabetic() && letters[i + 1].is_alphabetic() && letters[i] != letters[i + 1])
        .collect();
    let place = *places.get(at % places.len().max(1))?;
    letters.swap(place, place + 1);
    Some(letters.into_iter().collect())
}
