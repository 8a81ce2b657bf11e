//! The comparison of names, on pairs that others labelled.

use crate::shared::{builtin, csl, data};
use engine::screen::Engine;
use model::entry::EntryKind;

#[derive(Clone)]
struct Pair {
    left: String,
    right: String,
    kind: EntryKind,
    is_match: bool,
    is_strong: bool,
}

fn pairs() -> Option<Vec<Pair>> {
    let mut reader = csv::Reader::from_path(data("benchmarks/name_pairs.csv")?).expect("the file opens");
    let pairs = reader.records().map(|record| {
        let record = record.expect("the file is CSV");
        let kind = match &record[2] {
            "person" => EntryKind::Person,
            "company" | "organization" => EntryKind::Company,
            "vessel" => EntryKind::Vessel,
            _ => EntryKind::Unknown,
        };
        Pair {
            left: record[0].to_owned(),
            right: record[1].to_owned(),
            kind,
            is_match: &record[3] == "true",
            is_strong: &record[4] == "STRONG",
        }
    });
    Some(pairs.collect())
}

/// F1 at the default threshold and the area under the curve, both in thousandths, and the STRONG pairs that are wrong.
fn measure(engine: &Engine, pairs: &[Pair], says_misses: bool) -> (u64, u64, Vec<String>) {
    let mut scored: Vec<(u16, bool)> = Vec::new();
    let (mut hits, mut alarms, mut misses) = (0u64, 0u64, 0u64);
    let mut wrong_strong = Vec::new();
    for pair in pairs {
        let compared = engine.compare(&pair.left, &pair.right, pair.kind);
        scored.push((compared.score.get(), pair.is_match));
        match (compared.is_match, pair.is_match) {
            (true, true) => hits += 1,
            (true, false) => alarms += 1,
            (false, true) => misses += 1,
            (false, false) => {}
        }
        if compared.is_match != pair.is_match {
            let line = format!(
                "{} {} | {} | {:?} should be {}",
                compared.score.get(),
                pair.left,
                pair.right,
                pair.kind,
                pair.is_match
            );
            if says_misses {
                println!("{}{line}", if pair.is_strong { "STRONG " } else { "" });
            }
            if pair.is_strong {
                wrong_strong.push(line);
            }
        }
    }
    let of = |label: bool| scored.iter().filter(|s| s.1 == label).map(|s| s.0).collect::<Vec<u16>>();
    let (matches, others) = (of(true), of(false));
    // A pair of pairs in the right order counts two, a tie one.
    let twice: u64 = matches
        .iter()
        .flat_map(|m| {
            others.iter().map(|o| match m.cmp(o) {
                std::cmp::Ordering::Greater => 2,
                std::cmp::Ordering::Equal => 1,
                std::cmp::Ordering::Less => 0,
            })
        })
        .sum();
    let f1 = 2000 * hits / (2 * hits + alarms + misses);
    let auc = twice * 500 / (matches.len() * others.len()) as u64;
    println!("f1 {f1} auc {auc} hits {hits} alarms {alarms} misses {misses}");
    (f1, auc, wrong_strong)
}

#[test]
fn labelled_pairs() {
    let Some(pairs) = pairs() else { return };
    let halves = |from: usize| pairs.iter().skip(from).step_by(2).cloned().collect::<Vec<Pair>>();
    for engine in [Some(builtin()), csl()].into_iter().flatten() {
        let (f1, auc, wrong_strong) = measure(engine, &pairs, false);
        // The first half was looked at while building, the second never.
        measure(engine, &halves(0), true);
        measure(engine, &halves(1), false);
        assert!(f1 >= 900 && auc >= 940 && wrong_strong.is_empty(), "f1 {f1}, auc {auc}, wrong: {wrong_strong:#?}");
    }
}
