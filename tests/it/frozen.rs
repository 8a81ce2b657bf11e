//! The answers to 20,000 records of every kind, byte for byte: work on speed must not change them.
//!
//! A change of the rules, the scoring or the wording changes the digests of the kinds that it is about. To see what
//! differs, write the records with `tests/records.py all`, screen them with `tidewaiter batch` before and after, and
//! compare the two with `tests/compare_answers.py`; then accept the new digests with
//! `INSTA_UPDATE=always cargo test --test it frozen`.

use crate::shared;
use current::answer;
use current::screener::{Bare, Screener as _};
use engine::policy::Policy;
use engine::screen::Engine;
use lists::Source;
use rayon::prelude::*;
use records::json;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use wire::v1;

/// What `tests/records.py` reads.
const DATA: [&str; 9] = [
    "benchmarks/clean_person_names.txt",
    "benchmarks/eu_un_by_reference.jsonl",
    "benchmarks/uk_un_by_reference_2026.jsonl",
    "goods/clean_parties.txt",
    "goods/extra_references.csv",
    "goods/usaid_scms_deliveries.csv",
    "goods/vague_terms.csv",
    "lists/other/cn.json",
    "lists/other/jp.json",
];
/// The kind of record that is screened against lists with names in their own script.
const NATIVE: &str = "native";
/// Records that one thread screens in one go.
const CHUNK: usize = 250;

/// The records, or `None` after a message.
fn shipments() -> Option<Vec<v1::Shipment>> {
    if DATA.iter().any(|path| shared::data(path).is_none()) {
        return None;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = match Command::new("python3").current_dir(root).args(["tests/records.py", "all"]).output() {
        Ok(output) => output,
        Err(error) => {
            assert!(std::env::var("CI").map_or(true, |ci| ci != "true"), "python3: {error}");
            eprintln!("skipped: python3: {error}");
            return None;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let shipment = |line: &[u8]| json::record(line).1.expect("the record is a shipment");
    Some(output.stdout.split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(shipment).collect())
}

/// The kind of a record, which its reference begins with.
fn kind(shipment: &v1::Shipment) -> &str {
    shipment.reference.split('-').next().unwrap_or_default()
}

/// The digest of the answers as lines of JSON, without what names the lists, the policy and the engine.
fn digest(engine: &Arc<Engine>, shipments: &[v1::Shipment]) -> String {
    let lines: Vec<Vec<u8>> = shipments
        .par_chunks(CHUNK)
        .flat_map_iter(|chunk| {
            let answers = Bare::new(Arc::clone(engine)).screen(chunk.to_vec(), false).expect("they are screened");
            answers.into_iter().map(|answer| {
                let nameless = v1::Screening {
                    snapshot: String::new(),
                    policy: String::new(),
                    engine: String::new(),
                    suppressors: String::new(),
                    ownership: String::new(),
                    lists: None,
                    ..answer
                };
                let mut line = Vec::new();
                answer::json_line(nameless, false, &mut line);
                line
            })
        })
        .collect();
    let mut hasher = Sha256::new();
    lines.iter().for_each(|line| hasher.update(line));
    hasher.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[test]
fn twenty_thousand_records_are_answered_as_before() {
    let native_lists = ["lists/un/un_2024-11-30.xml", "lists/eu/fsf_2024-05-13.xml.gz"];
    let native_lists = native_lists.map(|path| shared::data(path).map(Source::Path));
    let (Some(shipments), Some(csl)) = (shipments(), shared::csl()) else { return };
    let Some(native_lists) = native_lists.into_iter().collect::<Option<Vec<Source>>>() else { return };
    let native = Arc::new(shared::engine(lists::load(&native_lists).expect("the lists load")));
    let csl = Arc::new(csl.with_policy(Arc::new(Policy::default())));
    assert_eq!(shipments.len(), 20_000);
    let mut all = String::new();
    for of_kind in shipments.chunk_by(|a, b| kind(a) == kind(b)) {
        let kind = kind(&of_kind[0]);
        let engine = if kind == NATIVE { &native } else { &csl };
        writeln!(all, "{kind}: {} answers, sha256 {}", of_kind.len(), digest(engine, of_kind)).expect("it is a string");
    }
    insta::assert_snapshot!("twenty_thousand_records", all);
}
