//! The engine on the Consolidated Screening List and real goods texts, beside the yardstick: a bare Aho-Corasick
//! scan of the same folded text for the same names. Run with `cargo bench -p tidewaiter-benches`; results are kept in `docs/performance.md`.

#[path = "../examples/support/goods_lines.rs"]
mod goods_lines;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use engine::name::{Margins, Uniform, View, Word, compare, parse};
use engine::policy::Policy;
use engine::screen::{Engine, Limits, Scratch};
use lists::Source;
use model::entry::EntryKind;
use model::shipment::{Goods, Party, Role, Shipment};
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use text::{Folded, Reading};

fn data(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(path)
}

fn goods(line: &str) -> Shipment {
    Shipment { goods: vec![Goods { description: line.to_owned(), ..Goods::default() }], ..Shipment::default() }
}

/// A typical shipment: three parties that nobody lists and one goods line.
fn shipment(number: usize, line: &str, names: &[&str]) -> Shipment {
    let roles = [Role::Shipper, Role::Consignee, Role::NotifyParty];
    let party = |(at, role): (usize, Role)| Party {
        role: Some(role),
        name: names[(number * 3 + at) % names.len()].to_owned(),
        ..Party::default()
    };
    Shipment { parties: roles.into_iter().enumerate().map(party).collect(), ..goods(line) }
}

/// Pairs of names that somebody labelled as the same or not.
fn pairs() -> Vec<[String; 2]> {
    let mut reader = csv::Reader::from_path(data("benchmarks/name_pairs.csv")).expect("the pairs are there");
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| [0, 1].map(|at| row[at].to_owned())).collect()
}

fn parsed(name: &str) -> (Folded, Vec<Word>) {
    let folded = Folded::of(name, Reading::Plain);
    let mut words = Vec::new();
    parse(folded.as_text(), false, &Uniform, &mut words);
    (folded, words)
}

fn view((folded, words): &(Folded, Vec<Word>)) -> View<'_> {
    View { text: folded.squeezed(), words }
}

fn engine(c: &mut Criterion) {
    if !data("lists/us/csl_2022-05.csv.gz").exists() {
        return;
    }
    let sources = [Source::Path(data("lists/us/csl_2022-05.csv.gz"))];
    let snapshot = Arc::new(lists::load(&sources).expect("the list loads"));
    let build = || {
        Engine::build(Arc::clone(&snapshot), Arc::new(Policy::default()), Limits::default()).expect("the list compiles")
    };
    let engine = build();
    let lines = goods_lines::read(&data("")).expect("the goods are there");
    let bytes: u64 = lines.iter().map(|l| l.len() as u64).sum();
    let text = std::fs::read_to_string(data("benchmarks/clean_person_names.txt")).expect("the names are there");
    let names: Vec<&str> = text.lines().filter(|l| l.is_ascii()).collect();

    let mut group = c.benchmark_group("csl");
    group.sample_size(10).measurement_time(Duration::from_secs(4)).throughput(Throughput::Bytes(bytes));
    let mut folded = Folded::default();
    group.bench_function("fold", |b| {
        b.iter(|| lines.iter().for_each(|line| folded.fold(black_box(line), Reading::Plain)));
    });

    let mut patterns: Vec<String> = snapshot
        .entries()
        .iter()
        .flat_map(|e| &e.names)
        .map(|n| Folded::of(&n.text, Reading::Plain).squeezed().to_owned())
        .filter(|n| !n.is_empty())
        .collect();
    patterns.sort();
    patterns.dedup();
    let bare = |patterns: &[String], any_case: bool| {
        AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(any_case)
            .build(patterns)
            .expect("the names fit")
    };
    let automaton = bare(&patterns, false);
    let squeezed: Vec<String> = lines.iter().map(|l| Folded::of(l, Reading::Plain).squeezed().to_owned()).collect();
    group.bench_function("bare aho-corasick scan, folded text", |b| {
        b.iter(|| squeezed.iter().map(|l| automaton.find_overlapping_iter(black_box(l)).count()).sum::<usize>());
    });
    let listed: Vec<String> = snapshot.entries().iter().flat_map(|e| &e.names).map(|n| n.text.clone()).collect();
    let automaton = bare(&listed, true);
    group.bench_function("bare aho-corasick scan, text as sent", |b| {
        b.iter(|| lines.iter().map(|l| automaton.find_overlapping_iter(black_box(l)).count()).sum::<usize>());
    });

    let mut scratch = Scratch::default();
    let goods_only: Vec<Shipment> = lines.iter().map(|l| goods(l)).collect();
    group.bench_function("screen goods line", |b| {
        b.iter(|| goods_only.iter().map(|s| engine.screen(black_box(s), &mut scratch).findings.len()).sum::<usize>());
    });
    let typical: Vec<Shipment> = lines.iter().enumerate().map(|(at, l)| shipment(at, l, &names)).collect();
    group.throughput(Throughput::Elements(typical.len() as u64));
    group.bench_function("screen shipment of three parties", |b| {
        b.iter(|| {
            // What was found of a name before is not what a stranger's costs.
            let mut fresh = |s: &Shipment| {
                scratch.forget_names();
                engine.screen(black_box(s), &mut scratch).findings.len()
            };
            typical.iter().map(&mut fresh).sum::<usize>()
        });
    });
    group.bench_function("screen shipment of three parties met before", |b| {
        b.iter(|| typical.iter().map(|s| engine.screen(black_box(s), &mut scratch).findings.len()).sum::<usize>());
    });
    let parties: Vec<Shipment> = names
        .iter()
        .map(|n| Shipment { parties: vec![Party { name: (*n).to_owned(), ..Party::default() }], ..Shipment::default() })
        .collect();
    group.throughput(Throughput::Elements(parties.len() as u64));
    group.bench_function("screen party name", |b| {
        b.iter(|| {
            let mut fresh = |s: &Shipment| {
                scratch.forget_names();
                engine.screen(black_box(s), &mut scratch).findings.len()
            };
            parties.iter().map(&mut fresh).sum::<usize>()
        });
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("load", |b| b.iter(|| lists::load(black_box(&sources)).expect("the list loads")));
    group.bench_function("compile", |b| b.iter(build));
    let pairs = pairs();
    group.throughput(Throughput::Elements(pairs.len() as u64));
    group.bench_function("compare labelled pairs, sentences included", |b| {
        b.iter(|| pairs.iter().for_each(|[l, r]| drop(black_box(engine.compare(l, r, EntryKind::Unknown)))));
    });
    let parsed: Vec<_> = pairs.iter().map(|[left, right]| [parsed(left), parsed(right)]).collect();
    group.bench_function("compare labelled pairs, words parsed beforehand", |b| {
        let score = |[l, r]: &[_; 2]| u64::from(compare(view(l), view(r), Margins::Count, None).score);
        b.iter(|| parsed.iter().map(score).sum::<u64>());
    });
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
