//! Real data in `../shared/data`, read in place. A test that needs it skips, saying so, where it is absent.

use engine::policy::Policy;
use engine::screen::{Engine, Limits};
use lists::{Snapshot, Source};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// The path of a file of the shared data, or `None` after a message.
pub(crate) fn data(path: &str) -> Option<PathBuf> {
    let full = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    if full.exists() {
        return Some(full);
    }
    eprintln!("skipped: ../shared/data/{path} is not here");
    None
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

/// The lists that ship, compiled once.
pub(crate) fn builtin() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| engine(lists::load(&[Source::Builtin]).expect("the built-in lists load")))
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
