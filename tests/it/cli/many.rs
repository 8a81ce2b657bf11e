//! Several inputs, an output for each, the progress and the summary for programs.

use super::Folder;
use serde_json::Value;
use std::fs;

fn two_files() -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path("in")).expect("makes a folder");
    folder.file("in/b.csv", "reference,consignee\nB1,SZ DJI Technology\n");
    folder.file("in/a.csv", "reference,consignee\nA1,Baltic Rope GmbH\nA2,too,many\n");
    folder.file("in/.hidden.csv", "x").file("in/_SUCCESS", "");
    folder
}

#[test]
fn a_folder_and_a_pattern_stand_for_their_files() {
    let folder = two_files();
    let (code, out, err) = folder.run(&["batch", "in", "--out", "-", "--format", "jsonl"]);
    assert_eq!(code, 3, "{err}");
    let references: Vec<_> = super::json_lines(&out).iter().map(|l| l["reference"].clone()).collect();
    assert_eq!(references, ["A1", "A2", "B1"]);
    let (_, by_pattern, _) = folder.run(&["batch", "in/*.csv", "--out", "-", "--format", "jsonl"]);
    assert_eq!(by_pattern, out);
    let (code, _, err) = folder.run(&["batch", "in/*.tsv", "--out", "-"]);
    assert!(code == 2 && err.contains("no file is named by in/*.tsv"), "{err}");
}

#[test]
fn each_input_may_have_an_output_of_its_own_and_whole_ones_are_left_alone() {
    let folder = two_files();
    let args = ["batch", "in", "--out-dir", "out", "--format", "jsonl", "--summary", "s.json", "--resume"];
    let (code, _, err) = folder.run(&args);
    assert_eq!(code, 3, "{err}");
    assert_eq!(folder.read("out/a.jsonl").lines().count(), 2);
    assert!(folder.read("out/b.jsonl").contains("\"outcome\":\"HOLD\""));
    let summary: Value = serde_json::from_str(&folder.read("s.json")).expect("is JSON");
    assert_eq!(
        (&summary["complete"], &summary["records"], &summary["recordsResumed"]),
        (&true.into(), &3.into(), &0.into())
    );
    assert_eq!(summary["outcomes"]["HOLD"], 1);
    assert_eq!(summary["refused"]["wrong number of columns"]["first"][0], "in/a.csv:3");
    assert!(summary["snapshot"].as_str().is_some_and(|s| s.starts_with("sha256:")));

    // One input changes: the other output is not written again.
    let before = fs::metadata(folder.path("out/a.jsonl")).expect("is there").modified().expect("has a time");
    folder.file("in/b.csv", "reference,consignee\nB1,SZ DJI Technology\nB2,Baltic Rope\n");
    let (_, _, err) = folder.run(&args);
    assert!(err.contains("out/a.jsonl is whole already") && !err.contains("out/b.jsonl is whole"), "{err}");
    assert_eq!(fs::metadata(folder.path("out/a.jsonl")).expect("is there").modified().expect("has a time"), before);
    assert_eq!(folder.read("out/b.jsonl").lines().count(), 2);
    let summary: Value = serde_json::from_str(&folder.read("s.json")).expect("is JSON");
    assert_eq!((&summary["records"], &summary["recordsResumed"]), (&4.into(), &2.into()));

    // Other lists: nothing is whole.
    folder.file("own.csv", "name\nHarbour Dynamics\n");
    let (_, _, err) = folder.run(&[&args[..], &["--list", "own.csv"]].concat());
    assert!(!err.contains("whole already"), "{err}");
}

#[test]
fn two_inputs_do_not_share_an_output() {
    let folder = two_files();
    folder.file("a.csv.gz", "reference,consignee\nX,y\n");
    let (code, _, err) = folder.run(&["batch", "in/a.csv", "a.csv.gz", "--out-dir", "out"]);
    assert!(code == 2 && err.contains("would both be answered in out/a.csv"), "{err}");
    let (code, _, err) = folder.run(&["batch", "in/a.csv", "--out-dir", "in"]);
    assert!(code == 2 && err.contains("is one of the inputs"), "{err}");
}

#[test]
fn progress_is_json_for_programs() {
    let folder = two_files();
    let (_, _, err) = folder.run(&["batch", "in", "--out", "o.csv", "--progress", "json"]);
    let line = err.lines().find(|line| line.starts_with("{\"progress\"")).expect("the last line of progress");
    let progress: Value = serde_json::from_str(line).expect("is JSON");
    let progress = &progress["progress"];
    assert_eq!((&progress["records"], &progress["done"]), (&3.into(), &true.into()));
    assert_eq!(progress["bytesRead"], progress["bytes"]);
    let (_, _, quiet) = folder.run(&["batch", "in", "--out", "o.csv", "--progress", "none"]);
    assert!(!quiet.contains("progress"), "{quiet}");
}

#[test]
fn a_run_that_stops_says_so_in_the_summary() {
    let folder = two_files();
    // The output cannot be written: its folder is a file.
    folder.file("file", "");
    let (code, _, err) =
        folder.run(&["batch", "in/b.csv", "--out", "file/o.csv", "--summary", "s.json", "--progress", "none"]);
    assert_eq!(code, 2, "{err}");
    let summary: Value = serde_json::from_str(&folder.read("s.json")).expect("is JSON");
    assert_eq!(summary["complete"], false);
    assert!(summary["error"].as_str().is_some_and(|e| e.contains("file/o.csv")), "{summary}");
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_so() {
    let folder = two_files();
    folder.file("p.parquet", b"PAR1 and more");
    for args in [["batch", "p.parquet", "--out", "o.csv"], ["batch", "in/a.csv", "--out", "o.parquet"]] {
        let (code, _, err) = folder.run(&args);
        assert!(code == 2 && err.contains("this build has no Parquet; build it with `--features parquet`"), "{err}");
    }
}
