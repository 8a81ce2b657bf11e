//! Names as treated by others against the UN list, and names that are nobody's.

use super::un_list;
use crate::shared::data;
use engine::screen::{Engine, Scratch, SearchHit};
use model::entry::Entry;
use model::finding::Outcome;
use model::shipment::{Party, Shipment};
use serde_json::Value;

fn search<'e>(engine: &'e Engine, name: &str) -> Vec<SearchHit<'e>> {
    engine.search(name, 10, &mut Scratch::default())
}

/// One line for a miss: what was asked, what was expected, what came first.
fn miss(asked: &str, expected: &str, hits: &[SearchHit<'_>]) -> String {
    let came = hits.iter().take(3).map(|h| format!("{} {}", h.score.get(), h.matched_name)).collect::<Vec<_>>();
    format!("{asked} | {expected} | {}", came.join("; "))
}

#[test]
fn treated_names_lead_to_their_entry() {
    let (Some(engine), Some(path)) = (un_list(), data("benchmarks/un_treated_names.csv")) else { return };
    let mut reader = csv::Reader::from_path(path).expect("the file opens");
    let (mut asked, mut found, mut first, mut misses) = (0, 0, 0, Vec::new());
    for record in reader.records() {
        let record = record.expect("the file is CSV");
        let (name, expected) = (&record[0], &record[1]);
        let hits = search(engine, name);
        asked += 1;
        let is_right = |h: &SearchHit<'_>| expected.split(';').any(|id| id.trim_start_matches("un-") == h.entry.id);
        let at = if expected.is_empty() {
            // The party is no longer on the list: nothing is the right answer.
            hits.iter().all(|h| h.score.get() < 700).then_some(0)
        } else {
            hits.iter().position(|h| is_right(h) && h.score.get() >= 700)
        };
        found += usize::from(at.is_some());
        first += usize::from(at == Some(0));
        if at != Some(0) {
            misses.push(format!("{}{}", if at.is_none() { "MISSED " } else { "" }, miss(name, expected, &hits)));
        }
    }
    println!("treated names: {found} of {asked} found at 700, {first} first; {misses:#?}");
    assert!(found * 1000 >= asked * 995, "{found} of {asked}");
}

#[test]
fn nobodys_names_are_not_on_the_un_list() {
    let (Some(engine), Some(path)) = (un_list(), data("benchmarks/clean_person_names.txt")) else { return };
    let text = std::fs::read_to_string(path).expect("the file reads");
    let (mut found, mut alerts) = (Vec::new(), 0);
    for name in text.lines() {
        let hits = search(engine, name);
        if hits.first().is_some_and(|h| h.score.get() >= 700) {
            found.push(miss(name, "nobody", &hits));
        }
        let party = Party { name: name.to_owned(), ..Party::default() };
        let shipment = Shipment { parties: vec![party], ..Shipment::default() };
        alerts += usize::from(engine.screen(&shipment, &mut Scratch::default()).outcome > Outcome::NoFinding);
    }
    let all = text.lines().count();
    println!("clean names: {} of {all} found at 700, {alerts} alerts: {found:#?}", found.len());
    assert!(alerts * 10_000 <= all * 5, "{alerts} alerts");
    // A search shows what screening never comes to compare.
    assert!(found.len() * 1000 <= all * 2, "{} found", found.len());
}

/// Whether the entry has this reference of the UN list (`QDi.001`).
fn is_listed_as(entry: &Entry, reference: &str) -> bool {
    entry.citations.iter().any(|c| c.ends_with(&format!(" {reference}")))
}

/// Asks the UN list for the first name of the left side of each pair; returns asked, first, and at 700 or more.
fn other_publisher(file: &str, engine: &Engine) -> Option<(usize, usize, usize)> {
    let text = std::fs::read_to_string(data(file)?).expect("the file reads");
    let (mut asked, mut first, mut found, mut misses) = (0, 0, 0, Vec::new());
    for line in text.lines() {
        let pair: Value = serde_json::from_str(line).expect("the line is JSON");
        let reference = pair["un_ref"].as_str().expect("a reference");
        if !engine.snapshot().entries().iter().any(|e| is_listed_as(e, reference)) {
            continue;
        }
        let names = pair["left"]["names"].as_array().expect("names");
        let primary = names.iter().find(|n| n[0] == "primary").unwrap_or(&names[0]);
        let name = primary[1].as_str().expect("a name");
        let hits = search(engine, name);
        let is_right = |h: &SearchHit<'_>| is_listed_as(h.entry, reference);
        asked += 1;
        first += usize::from(hits.first().is_some_and(is_right));
        found += usize::from(hits.iter().any(|h| is_right(h) && h.score.get() >= 700));
        if !hits.first().is_some_and(is_right) {
            misses.push(miss(name, reference, &hits));
        }
    }
    println!("{file}: {first} of {asked} first, {found} at 700 or more; {misses:#?}");
    Some((asked, first, found))
}

#[test]
fn primary_names_of_other_publishers_lead_to_the_un_entry() {
    let Some(engine) = un_list() else { return };
    for file in ["benchmarks/uk_un_by_reference_2026.jsonl", "benchmarks/eu_un_by_reference.jsonl"] {
        let Some((asked, first, _)) = other_publisher(file, engine) else { return };
        // Three references of each file name another party than the name does.
        assert!(first * 100 >= asked * 97, "{file}: {first} of {asked}");
    }
}
