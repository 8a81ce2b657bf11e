//! What several tests share: real data in `../shared/data`, read in place; engines compiled once; labelled pairs.
//!
//! A test that needs data skips, saying so, on a machine without them. Where `CI` is `true` it fails instead: a run that
//! measured nothing must not look like one that passed.

use engine::policy::Policy;
use engine::screen::{Engine, Limits};
use lists::{Snapshot, Source};
use model::entry::EntryKind;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The path of a file of the shared data, or `None` after a message.
///
/// # Panics
/// Where `CI` is `true` and the file is not there.
pub(crate) fn data(path: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let found = in_folder(&folder, path, is_ci);
    if found.is_none() {
        eprintln!("skipped: ../shared/data/{path} is not here");
    }
    found
}

fn in_folder(folder: &Path, path: &str, is_ci: bool) -> Option<PathBuf> {
    let full = folder.join(path);
    let is_there = full.exists();
    assert!(
        is_there || !is_ci,
        "../shared/data/{path} is not here and CI is `true`: put the data beside the checkout, or unset CI to skip"
    );
    is_there.then_some(full)
}

#[test]
fn missing_data_are_skipped_at_home_only() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("there.csv"), "").expect("it is written");
    assert!(in_folder(folder.path(), "there.csv", true).is_some());
    assert!(in_folder(folder.path(), "missing.csv", false).is_none());
    assert!(std::panic::catch_unwind(|| in_folder(folder.path(), "missing.csv", true)).is_err());
}

/// The Consolidated Screening List of May 2022, compiled once.
pub(crate) fn csl() -> Option<&'static Engine> {
    static ENGINE: OnceLock<Option<Engine>> = OnceLock::new();
    ENGINE
        .get_or_init(|| {
            let snapshot = lists::load(&[Source::Path(data("lists/us/csl_2022-05.csv.gz")?)]).expect("the list loads");
            Some(engine(snapshot))
        })
        .as_ref()
}

/// The lists inside the program, whole ones and curated entries, compiled once.
pub(crate) fn builtin() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| engine(lists::load(&[Source::Builtin]).expect("the built-in lists load")))
}

/// The curated entries alone, compiled once: for what is about names and rules and not about the lists.
pub(crate) fn curated() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| engine(lists::load(&[Source::Curated]).expect("the curated entries load")))
}

/// An engine with the default policy and limits.
pub(crate) fn engine(snapshot: Snapshot) -> Engine {
    Engine::build(Arc::new(snapshot), Arc::new(Policy::default()), Limits::default()).expect("the lists compile")
}

/// Goods descriptions of real parcels and deliveries, in file order.
pub(crate) fn goods_lines() -> Option<Vec<String>> {
    let mut lines = Vec::new();
    for (path, column) in [("goods/extra_references.csv", 0), ("goods/usaid_scms_deliveries.csv", 18)] {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(data(path)?).expect("the file opens");
        for record in reader.byte_records() {
            let record = record.expect("the file is CSV");
            lines.extend(record.get(column).map(|text| String::from_utf8_lossy(text).into_owned()));
        }
    }
    lines.retain(|line| line.chars().filter(|c| c.is_alphabetic()).count() >= 5);
    Some(lines)
}

/// A small generator for choices that are the same on every run (xorshift64*).
pub(crate) struct Choice(u64);

impl Choice {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed.max(1))
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }
}

/// Two names, and whether they may be the same party.
#[derive(Clone)]
pub(crate) struct Pair {
    left: String,
    right: String,
    kind: EntryKind,
    is_match: bool,
    /// The label is beyond doubt.
    is_strong: bool,
}

/// Reads a CSV file of `left,right,kind` and what `labels` makes of the record: is it a match, is that beyond doubt.
pub(crate) fn read_pairs(path: &Path, labels: impl Fn(&csv::StringRecord) -> (bool, bool)) -> Vec<Pair> {
    let mut reader = csv::Reader::from_path(path).expect("the file opens");
    let pair = |record: csv::Result<csv::StringRecord>| {
        let record = record.expect("the file is CSV");
        let kind = match &record[2] {
            "person" => EntryKind::Person,
            "company" | "organization" => EntryKind::Company,
            "vessel" => EntryKind::Vessel,
            _ => EntryKind::Unknown,
        };
        let (is_match, is_strong) = labels(&record);
        Pair { left: record[0].to_owned(), right: record[1].to_owned(), kind, is_match, is_strong }
    };
    reader.records().map(pair).collect()
}

/// How well labelled pairs are told apart.
pub(crate) struct Measured {
    /// F1 at the default threshold, in thousandths.
    pub(crate) f1: u64,
    /// The area under the curve, in thousandths.
    pub(crate) auc: u64,
    /// The pairs labelled beyond doubt that are judged wrongly.
    pub(crate) wrong_strong: Vec<String>,
}

/// Compares the pairs and prints the figures, with each wrong pair if `shows_wrong`.
pub(crate) fn measure(engine: &Engine, pairs: &[Pair], shows_wrong: bool) -> Measured {
    let mut scores = (Vec::new(), Vec::new());
    let (mut hits, mut alarms, mut misses) = (0u64, 0u64, 0u64);
    let mut wrong_strong = Vec::new();
    for pair in pairs {
        let compared = engine.compare(&pair.left, &pair.right, pair.kind);
        let score = compared.score.get();
        if pair.is_match {
            scores.0.push(score)
        } else {
            scores.1.push(score)
        }
        match (compared.is_match, pair.is_match) {
            (true, true) => hits += 1,
            (true, false) => alarms += 1,
            (false, true) => misses += 1,
            (false, false) => {}
        }
        if compared.is_match != pair.is_match {
            let line = format!("{score} {} | {} | {:?} should be {}", pair.left, pair.right, pair.kind, pair.is_match);
            if shows_wrong {
                println!("{}{line}", if pair.is_strong { "STRONG " } else { "" });
            }
            if pair.is_strong {
                wrong_strong.push(line);
            }
        }
    }
    let f1 = 2000 * hits / (2 * hits + alarms + misses);
    let auc = area_under_the_curve(&scores.0, &scores.1);
    println!("f1 {f1} auc {auc} hits {hits} alarms {alarms} misses {misses}");
    Measured { f1, auc, wrong_strong }
}

/// How often a match scores above another pair, in thousandths; a tie counts half.
fn area_under_the_curve(matches: &[u16], others: &[u16]) -> u64 {
    let twice = |m: &u16, o: &u16| match m.cmp(o) {
        Ordering::Greater => 2,
        Ordering::Equal => 1,
        Ordering::Less => 0,
    };
    let sum: u64 = matches.iter().flat_map(|m| others.iter().map(move |o| twice(m, o))).sum();
    sum * 500 / (matches.len() * others.len()) as u64
}
