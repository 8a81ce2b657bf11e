//! The program as a script sees it: exit codes, standard output, files.

mod keeping;
mod many;
#[cfg(feature = "parquet")]
mod parquet;
mod readme;
mod resume;
mod service;
mod split;

use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A folder to run the program in.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("makes a folder"))
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.0.path().join(name), bytes).expect("writes a file");
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).expect("reads a file")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidewaiter"));
        command.current_dir(self.0.path()).args(args).stdin(Stdio::null());
        // The wall clock of the test's day must not make the lists inside the program stale.
        command.env("TIDEWAITER_BUILTIN_STALE_AFTER", "0");
        command
    }

    /// Runs to the end; the exit code, standard output and standard error.
    pub(crate) fn run(&self, args: &[&str]) -> (i32, String, String) {
        done(self.command(args).output().expect("runs"))
    }

    fn run_with_input(&self, args: &[&str], input: &[u8]) -> (i32, String, String) {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("starts");
        child.stdin.take().expect("is piped").write_all(input).expect("writes");
        done(child.wait_with_output().expect("ends"))
    }
}

pub(crate) fn done(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("prints UTF-8");
    (output.status.code().expect("is not killed"), text(output.stdout), text(output.stderr))
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect()
}

fn outcomes(lines: &[Value]) -> Vec<(String, String)> {
    let text = |line: &'_ Value, key| line[key].as_str().expect("is text").to_owned();
    lines.iter().map(|l| (text(l, "reference"), text(l, "outcome"))).collect()
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(reference, outcome)| ((*reference).to_owned(), (*outcome).to_owned())).collect()
}

/// Four rows, two of them damaged.
const MIXED: &str = "reference,description,my note\nR1,\"lenses\nand mounts\",x\nR2,too,many,cells\n\
                     R3,\"a\"b,x\nR4,timber,-5\n";

#[test]
fn what_could_not_run_exits_with_2_and_says_why() {
    let folder = Folder::new();
    folder.file("known.csv", "a,b\n1,2\n").file("twice.csv", "a,b\nx,y\n").file("empty.csv", "");
    folder.file("list.bin", [0, 1, 2, 3]).file("ok.csv", "description\nx\n");
    let cases: [(&[&str], &str); 14] = [
        (&[], "Usage"),
        (&["screen"], "nothing to screen"),
        (&["screen", "missing.csv"], "missing.csv: No such file"),
        (&["screen", "known.csv"], "reference, description"),
        (&["screen", "twice.csv", "--map", "a=reference", "--map", "b=reference"], "\"a\" and \"b\""),
        (&["screen", "empty.csv"], "empty"),
        (&["screen", "--text", "x", "--as-of", "2024-2-3"], "YYYY-MM-DD"),
        (&["screen", "--party", "x", "--role", "friend"], "consignee"),
        (&["screen", "ok.csv", "--map", "nowhere=marks"], "nowhere"),
        (&["screen", "ok.csv", "--map", "description=nothing"], "is not a field"),
        (&["screen", "ok.csv", "--server", "http://127.0.0.1:1"], "127.0.0.1:1"),
        (&["screen", "ok.csv", "--policy", "missing.toml"], "missing.toml"),
        (&["batch", "ok.csv", "--out", "ok.csv"], "one of the inputs"),
        (&["batch", "-", "--out", "-", "--resume"], "--resume"),
    ];
    for (args, wanted) in cases {
        let (code, out, err) = folder.run(args);
        assert_eq!(code, 2, "{args:?}: {err}");
        assert!(err.contains(wanted) && out.is_empty(), "{args:?}: {err}");
    }
    assert_eq!(folder.read("ok.csv"), "description\nx\n");
}

#[test]
fn damaged_rows_are_refused_in_their_place() {
    let folder = Folder::new();
    folder.file("in.csv", MIXED);
    let (code, out, err) = folder.run(&["screen", "in.csv", "--format", "json", "--verbose"]);
    assert_eq!(code, 3, "{err}");
    assert_eq!(err.matches("\"my note\"").count(), 1, "{err}");
    let lines = json_lines(&out);
    let wanted = [("R1", "NO_FINDING"), ("R2", "REFUSED"), ("R3", "REFUSED"), ("R4", "NO_FINDING")];
    assert_eq!(outcomes(&lines), owned(&wanted));
    let problem = lines[2]["problems"][0]["description"].as_str().unwrap();
    assert!(problem.starts_with("in.csv line 5: malformed CSV"), "{problem}");
    assert_eq!(lines[2]["summary"], format!("Refused: {problem}."));
    for key in ["findings", "rulesRun", "rulesSkipped", "limitsReached", "snapshot", "policy", "engine"] {
        assert!(lines.iter().all(|l| !l[key].is_null()), "{key}");
    }

    let (code, out, _) = folder.run(&["screen", "in.csv"]);
    assert_eq!(code, 3);
    assert!(out.contains("4 shipments: 0 HOLD, 0 REVIEW, 2 NO_FINDING, 2 REFUSED"), "{out}");
    assert!(!out.contains('\x1b'), "colour without a terminal");
}

#[test]
fn batch_keeps_the_columns_and_counts_the_causes() {
    let folder = Folder::new();
    folder.file("in.csv", MIXED);
    let (code, _, err) = folder.run(&["batch", "in.csv", "--out", "out.csv", "--threads", "3"]);
    assert_eq!(code, 3, "{err}");
    let mut reader = csv::Reader::from_path(folder.path("out.csv")).expect("opens");
    let header = reader.headers().expect("has a header").clone();
    let added = "outcome,score,reasons,lists,entry_ids,matched_names,fields,explanations";
    assert_eq!(header.iter().collect::<Vec<_>>().join(","), format!("reference,description,my note,{added}"));
    let rows: Vec<_> = reader.records().map(|r| r.expect("is a row")).collect();
    assert_eq!(rows.iter().map(|r| &r[3]).collect::<Vec<_>>(), ["NO_FINDING", "REFUSED", "REFUSED", "NO_FINDING"]);
    assert_eq!((&rows[0][1], &rows[3][2]), ("lenses\nand mounts", "-5"));
    assert!(err.contains("refused: 1 wrong number of columns (in.csv:4)"), "{err}");
    assert!(err.contains("refused: 1 malformed CSV (in.csv:5)"), "{err}");
    assert!(!folder.path("out.csv.partial").exists() && !folder.path("out.csv.checkpoint").exists());

    // The same answers as JSON, whatever the number of threads, and from gzip.
    let (_, screened, _) = folder.run(&["screen", "in.csv", "--format", "json"]);
    let (code, streamed, _) = folder.run(&["batch", "in.csv", "--out", "-", "--format", "jsonl"]);
    assert_eq!((code, &streamed), (3, &screened));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(MIXED.as_bytes()).expect("packs");
    folder.file("in.csv.gz", packed.finish().expect("packs"));
    folder.run(&["batch", "in.csv.gz", "--out", "gz.jsonl"]);
    assert_eq!(folder.read("gz.jsonl"), screened.replace("in.csv line", "in.csv.gz line"));
}

#[test]
fn every_way_to_write_a_file_is_understood() {
    let folder = Folder::new();
    folder.file("cr.csv", "reference;Goods\rA;\"x;\"\"y\"\"\"\rB;y\r").file("tab.csv", "\u{feff}reference\tx\nA\tb\n");
    let (_, out, err) = folder.run(&["screen", "cr.csv", "--format", "json", "--map", "Goods=description"]);
    assert_eq!(outcomes(&json_lines(&out)), owned(&[("A", "NO_FINDING"), ("B", "NO_FINDING")]), "{err}");
    assert!(!err.contains("warning"), "{err}");
    let (_, out, _) = folder.run(&["screen", "tab.csv", "--format", "json"]);
    assert_eq!(json_lines(&out).len(), 1);

    let jsonl =
        "{\"reference\":\"A\",\"goods\":[{\"description\":\"x\"}]}\nnot json\n{\"reference\":\"C\",\"nosuch\":1}\n";
    let (code, out, _) = folder.run_with_input(&["screen", "-", "--format", "json"], jsonl.as_bytes());
    assert_eq!(code, 3);
    assert_eq!(outcomes(&json_lines(&out)), owned(&[("A", "NO_FINDING"), ("", "REFUSED"), ("C", "REFUSED")]));
    let document = "{\n  \"reference\": \"A\",\n  \"goods\": [{\"description\": \"x\"}]\n}\n";
    let (_, out, _) = folder.run_with_input(&["screen", "-", "--format", "json"], document.as_bytes());
    assert_eq!(outcomes(&json_lines(&out)), owned(&[("A", "NO_FINDING")]));
}

#[test]
fn fail_on_turns_outcomes_into_the_exit_code() {
    let folder = Folder::new();
    folder.file("in.csv", MIXED).file("clean.csv", "description\ntimber\n");
    assert_eq!(folder.run(&["screen", "in.csv", "--fail-on", "hold"]).0, 1, "REFUSED is no pass");
    assert_eq!(folder.run(&["batch", "in.csv", "--out", "o.csv", "--fail-on", "review"]).0, 1);
    assert_eq!(folder.run(&["screen", "clean.csv", "--fail-on", "review"]).0, 0);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::new();
    folder.file("in.csv", format!("description\n{}", "timber\n".repeat(20_000)));
    for args in [&["screen", "in.csv", "--format", "json"][..], &["batch", "in.csv", "--out", "-"]] {
        let mut child = folder.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
        drop(child.stdout.take());
        let (code, _, err) = done(child.wait_with_output().expect("ends"));
        assert_eq!(code, 0, "{args:?}: {err}");
        assert!(!err.contains("error"), "{err}");
    }
}

#[test]
fn pairs_are_compared_row_by_row() {
    let folder = Folder::new();
    folder.file("pairs.csv", "id,left,right,kind\n1,Acme Ltd,ACME Limited,company\n2,\"B, C\",D,\n");
    let (code, out, err) = folder.run(&["compare", "--pairs", "pairs.csv"]);
    assert_eq!(code, 0, "{err}");
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["id", "left", "right", "kind", "score", "match", "reason"]);
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), &rows[1][1]), (2, "B, C"));
    assert!(rows.iter().all(|r| r[4].parse::<u16>().is_ok_and(|s| s <= 1000) && ["true", "false"].contains(&&r[5])));

    folder.file("bad.csv", "left,right,kind\na,b,ship\n").file("short.csv", "left,x\na,b\n");
    let (code, _, err) = folder.run(&["compare", "--pairs", "bad.csv"]);
    assert!(code == 2 && err.contains("line 2") && err.contains("vessel"), "{err}");
    assert_eq!(folder.run(&["compare", "--pairs", "short.csv"]).0, 2);
}

#[test]
fn a_listed_name_is_found_explained_and_pointed_at() {
    let folder = Folder::new();
    let name = "SZ DJI TECHNO\nLOGY CO., LTD";
    folder.file("in.csv", format!("reference,description,consignee,consignee_country\nR1,lenses,\"{name}\",China\n"));
    let (code, out, err) = folder.run(&["screen", "in.csv", "--format", "json", "--verbose", "--fail-on", "hold"]);
    assert_eq!(code, 1, "{err}");
    let answer = &json_lines(&out)[0];
    assert_eq!((&answer["reference"], &answer["outcome"]), (&"R1".into(), &"HOLD".into()));
    assert!(answer["rulesRun"].as_array().is_some_and(|r| !r.is_empty()) && answer["rulesSkipped"].is_array());
    let first = &answer["findings"][0];
    assert_eq!((&first["reason"], &first["severity"]), (&"PARTY_LISTED".into(), &"HIGH".into()));
    assert!(first["score"].as_u64().is_some_and(|s| (700..=1000).contains(&s)), "{first}");
    assert_eq!(first["fieldPath"], "parties[0].name");
    let span = &first["spans"][0];
    let (start, end) = (span["start"].as_u64().unwrap() as usize, span["end"].as_u64().unwrap() as usize);
    assert_eq!(span["text"], name[start..end]);
    for key in ["list", "id", "name", "kind", "effect"] {
        assert!(first["entry"][key].as_str().is_some_and(|v| !v.is_empty()), "{key}: {first}");
    }
    assert_eq!((&first["entry"]["list"], &first["entry"]["effect"]), (&"us-bis-el".into(), &"LICENCE".into()));
    assert!(first["citations"].as_array().is_some_and(|c| !c.is_empty()));
    assert!(first["matchedName"].is_string() && first["explanation"].as_str().is_some_and(|e| !e.is_empty()));

    // The day after the listing took effect it was in force; it was not yet published.
    let on = |known: &str| {
        folder.run(&["screen", "in.csv", "--format", "json", "--as-of", "2020-12-19", "--known-on", known])
    };
    assert_eq!(json_lines(&on("2020-12-19").1)[0]["outcome"], "NO_FINDING");
    assert_eq!(json_lines(&on("2020-12-22").1)[0]["outcome"], "HOLD");

    let (_, out, _) = folder.run(&["screen", "in.csv"]);
    assert!(out.lines().nth(1).is_some_and(|summary| summary.starts_with("  Hold: party ")), "{out}");
    let line = out.lines().find(|line| line.contains("PARTY_LISTED")).unwrap_or_default();
    let wanted = "PARTY_LISTED  consignee \"SZ DJI TECHNO\u{21b5}LOGY CO., LTD\": SZ DJI Technology Co., Ltd";
    assert!(line.starts_with("  HIGH ") && line.contains(wanted), "{out}");
    assert!(!out.contains("why"), "{out}");
    let (_, out, _) = folder.run(&["screen", "in.csv", "--explain"]);
    assert!(out.contains("      SZ DJI TECHNO\u{21b5}LOGY CO., LTD\n      ^^^^^^^^"), "{out}");
    assert!(out.contains("effect     licence required\n"), "{out}");
    folder.run(&["batch", "in.csv", "--out", "out.csv"]);
    let row = csv::Reader::from_path(folder.path("out.csv")).unwrap().records().next().unwrap().unwrap();
    assert_eq!((&row[4], row[10].split("; ").next()), ("HOLD", Some("consignee")));
}

#[test]
fn lists_are_shown_searched_and_checked() {
    let folder = Folder::new();
    folder.file("junk.bin", [0, 1, 2, 3]);
    let (code, out, err) = folder.run(&["lists", "status", "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    let status = &json_lines(&out)[0];
    let lists = status["lists"].as_array().unwrap();
    assert!(lists.iter().any(|l| l["list"] == "us-bis-el" && l["source"] == "builtin"), "{out}");
    assert_eq!(status["snapshot"].as_str().map(str::len), Some("sha256:".len() + 64));

    let (_, out, _) = folder.run(&["lists", "search", "Autel Robotics", "--limit", "1", "--format", "json"]);
    let found = json_lines(&out)[0]["results"].clone();
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    let entry = &found[0]["entry"];
    let id = format!("{}/{}", entry["list"].as_str().unwrap(), entry["id"].as_str().unwrap());
    let (code, out, _) = folder.run(&["lists", "show", &id, "--format", "json"]);
    assert_eq!((code, &json_lines(&out)[0]["entry"]), (0, entry));

    assert_eq!(folder.run(&["lists", "show", "no-such-row"]).0, 2);
    let (code, _, err) = folder.run(&["lists", "check", "junk.bin"]);
    assert!(code == 2 && err.contains("junk.bin") && err.contains("expected one of"), "{err}");
}

#[test]
fn a_summary_claims_no_more_than_was_found() {
    let folder = Folder::new();
    folder.file("owners.csv", "owner,owned,share\nSZ DJI Technology,Cloudbreak Ltd,60\n");
    let summary = |args: &[&str]| {
        let (code, out, err) = folder.run(&[&["screen", "--format", "json"], args].concat());
        assert_eq!(code, 0, "{err}");
        json_lines(&out)[0]["summary"].as_str().expect("is text").to_owned()
    };
    let listed = summary(&["--party", "SZ DJI Technology"]);
    assert!(listed.starts_with("Hold: party \"SZ DJI Technology\" is DJI, listed on the BIS Entity List"), "{listed}");
    let misspelt = summary(&["--party", "SZ DJI Technologi"]);
    assert!(misspelt.starts_with("Hold: party \"SZ DJI Technologi\" resembles DJI, listed on the"), "{misspelt}");
    let other_form = summary(&["--party", "SZ DJI Technology GmbH & Co. KG"]);
    assert!(other_form.contains("\" resembles DJI, listed on the"), "{other_form}");
    let owned = summary(&["--party", "Cloudbreak Limited", "--ownership", "owners.csv"]);
    assert!(owned.starts_with("Review: party \"Cloudbreak Limited\" is owned by DJI, listed on the BIS"), "{owned}");
}
