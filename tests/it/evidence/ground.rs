//! Past answers that rest on more than the lists in force: on those of a day in the past, and on rule packs of one's own.

use super::{KEY, lines, run};
use crate::cli::Folder;
use crate::shared::data;
use lists::guard::{Expected, Limits};
use lists::store::{Fetched, Store, Validators};
use model::entry::ListId;
use std::fs;

fn replayed(folder: &Folder) -> (i32, String, String) {
    folder.run(&["ledger", "replay", "ledger", "--all", KEY[0], KEY[1]])
}

#[test]
fn answers_from_the_lists_of_a_day_in_the_past_are_made_again_without_the_data_directory() {
    let folder = Folder::new();
    let store = Store::open(&folder.path("data")).expect("it opens");
    for day in ["2024-05-15", "2024-11-30"] {
        let Some(path) = data(&format!("lists/un/un_{day}.xml")) else { return };
        let copy = folder.path("fetched.xml");
        fs::copy(path, &copy).expect("it copies");
        let at = format!("{day}T12:00:00Z").parse().expect("a time");
        let expected = Expected { lists: vec![ListId::new("un-sc")], entries: Some(600..=3_000) };
        let files = [("consolidated.xml".to_owned(), copy)];
        let fetched = Fetched { at, validators: Validators::new() };
        store.take("un-sc", &files, &fetched, &expected, Limits::default()).expect("it is taken");
    }
    drop(store);
    // Listed between the two publications, dropped between them, and neither.
    let names = ["PROPHANE VICTOR", "YASSINE CHEKKOURI", "Blue Larch Glassware"];
    let days = [("", ""), ("", "2024-06-01"), ("2024-06-01", ""), ("2024-06-01", "2024-12-24"), ("", "2020-01-01")];
    let record = |name: &str, (as_of, known_on): (&str, &str)| {
        let party = serde_json::json!([{"role": "CONSIGNEE", "name": name}]);
        let reference = format!("{name} {as_of} {known_on}");
        serde_json::json!({"reference": reference, "parties": party, "asOf": as_of, "knownOn": known_on}).to_string()
    };
    let input: Vec<String> = days.iter().flat_map(|day| names.map(|name| record(name, *day))).collect();
    folder.file("in.jsonl", input.join("\n") + "\n");
    run(&folder, &["ledger", "init", "ledger", KEY[0], KEY[1]]);
    let batch = ["batch", "in.jsonl", "--out", "out.jsonl", "--list", "curated", "--data-dir", "data", "--verbose"];
    run(&folder, &[&batch[..], &["--ledger", "ledger", KEY[0], KEY[1], "--allow-refused"]].concat());
    let answers = lines(&folder.read("out.jsonl"));
    let past = answers.iter().filter(|a| a["listsUsed"].as_array().is_some_and(|used| !used.is_empty())).count();
    assert!(past >= 6, "some rest on other lists: {past}");

    fs::rename(folder.path("data"), folder.path("elsewhere")).expect("it moves");
    let (code, out, said) = replayed(&folder);
    assert_eq!((code, out.as_str()), (0, "15 the same, 0 differ\n"), "{said}");
    assert!(run(&folder, &["ledger", "verify", "ledger"]).ends_with("0 faults\n"));
}

#[test]
fn answers_by_packs_of_ones_own_are_made_again_without_the_files() {
    let folder = Folder::new();
    let pack = "[pack]\nid = \"ours\"\nkind = \"countries\"\nversion = \"1\"\ntitle = \"Ours\"\ncitation = \"Our risk office\"\n\
                [[list]]\nid = \"ours\"\nmeaning = \"transshipment\"\ntitle = \"our list\"\ncountries = [\"MN\"]\n";
    folder.file("ours.toml", pack).file(
        "in.csv",
        "reference,description,hs_code,consignee,loading,transshipment,destination\n\
         R1,circuits,854231,Copper Heron,Shenzhen,\"Zamyn-Uud, MN\",Hamburg\n",
    );
    run(&folder, &["ledger", "init", "ledger", KEY[0], KEY[1]]);
    let batch = ["batch", "in.csv", "--format", "jsonl", "--list", "curated", "--ledger", "ledger", KEY[0], KEY[1]];
    run(&folder, &[&batch[..], &["--out", "plain.jsonl"]].concat());
    run(&folder, &[&batch[..], &["--out", "ours.jsonl", "--pack", "ours.toml", "--without-pack", "chpl"]].concat());
    let found = |name: &str| folder.read(name).contains("Our risk office");
    assert!(!found("plain.jsonl") && found("ours.jsonl"));
    fs::remove_file(folder.path("ours.toml")).expect("it goes");
    let (code, out, said) = replayed(&folder);
    assert_eq!((code, out.as_str()), (0, "2 the same, 0 differ\n"), "{said}");
    // They are evidence: whoever takes them away is found out.
    let kept = walk(&folder.path("ledger/kept"));
    let of_pack = |path: &&std::path::PathBuf| fs::metadata(path).is_ok_and(|meta| meta.len() < 600);
    let smallest = kept.iter().filter(of_pack).min_by_key(|path| fs::metadata(path).map_or(0, |meta| meta.len()));
    fs::remove_file(smallest.expect("there are small ones")).expect("it goes");
    let (code, out, _) = folder.run(&["ledger", "verify", "ledger"]);
    assert!(code == 1 && out.contains("records rest on it, and it is missing"), "{out}");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for path in fs::read_dir(folder).expect("it reads").map(|file| file.expect("it reads").path()) {
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files
}
