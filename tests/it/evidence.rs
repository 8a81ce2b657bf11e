//! The ledger in use: the story of a listing from end to end, by the command line; crashes; the service.

mod crash;
mod faults;
mod ground;
mod harness;
mod modes;
mod past;
mod service;

use crate::cli::Folder;
use crate::shared::data;
use ::ledger::{Ledger, MasterKey, Options};
use flate2::read::GzDecoder;
use jiff::civil::date;
use serde_json::Value;
use std::fs::File;
use std::path::Path;
use std::process::Command;

/// Writes the Entity List of May 2022 as it was after a day: the rows that had begun by then.
fn list_as_of(csl: &Path, day: &str, path: &Path, change: impl Fn(&str) -> String) {
    let mut input = csv::Reader::from_reader(GzDecoder::new(File::open(csl).expect("it opens")));
    let mut output = csv::Writer::from_path(path).expect("it is written");
    let header = input.headers().expect("it has a header").clone();
    output.write_record(&header).expect("it is written");
    let at = |name: &str| header.iter().position(|h| h == name).expect("the column is there");
    let (source, start) = (at("source"), at("start_date"));
    for row in input.records() {
        let row = row.expect("it reads");
        if row[source].starts_with("Entity List") && &row[start] <= day {
            let cells: Vec<String> = row.iter().map(&change).collect();
            output.write_record(&cells).expect("it is written");
        }
    }
    output.flush().expect("it is written");
}

fn shipment(reference: &str, name: &str, country: &str, address: &str) -> String {
    let party = |role: &str, name: &str, country: &str, address: &str| serde_json::json!({"role": role, "name": name, "country": country, "address": address});
    let parties = [
        party("SHIPPER", "Copper Heron Components GmbH", "DE", "Kranweg 4, Bremen"),
        party("CONSIGNEE", name, country, address),
    ];
    let goods = [serde_json::json!({"description": "stainless steel hose clamps"})];
    serde_json::json!({"reference": reference, "parties": parties, "goods": goods}).to_string() + "\n"
}

/// Runs the program, which must end well; standard output.
fn run(folder: &Folder, args: &[&str]) -> String {
    let (code, out, err) = folder.run(args);
    assert_eq!(code, 0, "{args:?}\n{out}\n{err}");
    out
}

/// Runs the program, which must refuse; standard error.
fn refused(folder: &Folder, args: &[&str]) -> String {
    let (code, out, err) = folder.run(args);
    assert_eq!(code, 2, "{args:?}\n{out}\n{err}");
    err
}

fn python(args: &[&str]) -> Option<(bool, String)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ledger/verify.py");
    let Ok(output) = Command::new("python3").arg(script).args(args).output() else {
        eprintln!("skipped: python3 is not here");
        return None;
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((output.status.success(), text(&output.stdout) + &text(&output.stderr)))
}

const KEY: [&str; 2] = ["--ledger-key", "master.key"];

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
}

fn batch(folder: &Folder, list: &str, input: &str, out: &str) {
    run(
        folder,
        &["batch", input, "--out", out, "--list", list, "--ledger", "ledger", KEY[0], KEY[1], "--allow-refused"],
    );
}

fn cases(folder: &Folder) -> Vec<Value> {
    lines(&run(folder, &["ledger", "case", "list", "ledger", KEY[0], KEY[1], "--format", "json"]))
}

/// Shipments of November 2020 screened clear; the list of 18 December 2020; what it means for them; decisions; an exception
/// that reopens; a year erased; and a verifier in another language throughout.
#[test]
fn the_listing_of_dji_from_end_to_end() {
    let Some(csl) = data("lists/us/csl_2022-05.csv.gz") else { return };
    let folder = Folder::new();
    let same = |cell: &str| cell.to_owned();
    list_as_of(&csl, "2020-12-17", &folder.path("before.csv"), same);
    list_as_of(&csl, "2020-12-18", &folder.path("after.csv"), same);
    let moved = |cell: &str| cell.replace("14 Floor, West Wing, Skyworth", "15 Floor, West Wing, Skyworth");
    list_as_of(&csl, "2020-12-18", &folder.path("moved.csv"), moved);
    let made = run(&folder, &["ledger", "init", "ledger", KEY[0], KEY[1], "--origin", "example.com/ledger"]);
    let public = made.lines().find_map(|line| line.strip_prefix("public key ")).expect("it is printed").to_owned();
    let dji = "SZ DJI Technology Co., Ltd.";
    let november: String = (0..30)
        .map(|n| match n % 10 {
            3 => shipment(&format!("N-{n}"), dji, "CN", "Nanshan, Shenzhen"),
            _ => shipment(&format!("N-{n}"), &format!("Blue Larch Glassware {n} Ltd"), "NL", "Dok 1, Rotterdam"),
        })
        .collect();
    folder.file("november.jsonl", november);
    batch(&folder, "before.csv", "november.jsonl", "november.out.jsonl");
    let answers = lines(&folder.read("november.out.jsonl"));
    assert!(answers.iter().all(|a| a["outcome"] == "NO_FINDING"), "{answers:?}");
    assert_eq!(cases(&folder), Vec::<Value>::new());

    // The list of 18 December: which of the past would now be found?
    let found = run(
        &folder,
        &["ledger", "rescreen", "ledger", KEY[0], KEY[1], "--list", "after.csv", "--day", "2020-12-18", "--by", "ann"],
    );
    let touched: Vec<&str> = found.lines().filter(|l| l.trim_start().starts_with("record")).collect();
    assert_eq!(touched.len(), 3, "{found}");
    assert!(["N-3", "N-13", "N-23"].iter().all(|n| found.contains(n)) && found.contains("score 1000"), "{found}");
    let open = cases(&folder);
    assert_eq!((open.len(), &open[0]["why"]), (1, &"found by the change of 2020-12-18".into()), "{open:?}");
    let case = open[0]["id"].as_str().expect("it has an id").to_owned();

    // An analyst decides, a second approves.
    let decide = ["ledger", "case", "decide", "ledger", &case, "release", "--reason", "not_subject", "--by", "ann"];
    run(&folder, &[&decide[..], &KEY].concat());
    let own = refused(&folder, &["ledger", "case", "approve", "ledger", &case, "--by", "ann", KEY[0], KEY[1]]);
    assert!(own.contains("expected a second person"), "{own}");
    run(&folder, &["ledger", "case", "approve", "ledger", &case, "--by", "bob", KEY[0], KEY[1]]);
    let stale = refused(
        &folder,
        &["ledger", "case", "note", "ledger", &case, "--by", "ann", "--revision", "1", KEY[0], KEY[1]],
    );
    assert!(stale.contains("since then:") && stale.contains("approved by bob"), "{stale}");

    except_an_unlike_party(&folder);

    let report = run(&folder, &["ledger", "verify", "ledger"]);
    assert!(report.ends_with("0 faults\n"), "{report}");
    run(&folder, &["ledger", "case", "export", "ledger", &case, "--out", "export", KEY[0], KEY[1]]);
    let page = folder.read("export/index.html");
    assert!(page.contains("release (not_subject) by ann") && page.contains("N-13"), "{page}");
    let record = touched[0].split_whitespace().nth(1).expect("a number").to_owned();
    let proof = run(&folder, &["ledger", "prove", "ledger", &record, "--disclose", KEY[0], KEY[1]]);
    folder.file("proof.json", &proof);
    let paths = [folder.path("proof.json"), folder.path("ledger")].map(|p| p.display().to_string());
    let Some((holds, said)) = python(&["proof", &paths[0], &public]) else { return };
    assert!(holds && said.contains("says what is disclosed"), "{said}");
    folder.file("proof.json", proof.replace(&format!("\"record\": {record}"), "\"record\": 1"));
    assert!(!python(&["proof", &paths[0]]).expect("it runs").0);

    // Every answer can be made again, byte for byte.
    let replayed = run(&folder, &["ledger", "replay", "ledger", "--all", KEY[0], KEY[1]]);
    assert!(replayed.ends_with("33 the same, 0 differ\n"), "{replayed}");

    erase_a_year(&folder, &record);
    let (holds, said) = python(&["ledger", &paths[1]]).expect("it runs");
    assert!(holds, "{said}");
    let report = run(&folder, &["ledger", "verify", "ledger"]);
    assert!(report.ends_with("33 erased, 0 faults\n") || report.contains(" erased, 0 faults"), "{report}");
}

/// A party of the same name in another country: an exception lowers it, and is void when the entry's address changes.
fn except_an_unlike_party(folder: &Folder) {
    let party = shipment("E-1", "SZ DJI Technology SA", "CH", "Rue du Port 3, Geneve");
    folder.file("january.jsonl", &party);
    batch(folder, "after.csv", "january.jsonl", "january.out.jsonl");
    let first = lines(&folder.read("january.out.jsonl")).remove(0);
    assert!(first["outcome"] != "NO_FINDING", "{first}");
    let all = cases(folder);
    let case = all.iter().find(|c| c["party"] == "SZ DJI Technology SA").expect("it is a case")["id"]
        .as_str()
        .expect("text")
        .to_owned();
    let until = jiff::Zoned::now().date().saturating_add(jiff::Span::new().days(30)).to_string();
    let ruled = ["ledger", "case", "decide", "ledger", &case, "false_positive", "--reason", "different_country"];
    run(folder, &[&ruled[..], &["--by", "ann", "--except-until", &until], &KEY].concat());
    run(folder, &["ledger", "case", "approve", "ledger", &case, "--by", "bob", KEY[0], KEY[1]]);

    batch(folder, "after.csv", "january.jsonl", "again.out.jsonl");
    let again = lines(&folder.read("again.out.jsonl")).remove(0);
    let listed = &again["findings"][0];
    assert_eq!(listed["suppressions"][0]["id"], format!("case {case}"), "{again}");
    assert_eq!((&listed["severity"], &again["outcome"]), (&"INFO".into(), &"NO_FINDING".into()), "{again}");
    // The same name, described otherwise, is another party.
    folder.file("other.jsonl", shipment("E-2", "SZ DJI Technology SA", "CH", "Rue du Lac 9, Lausanne"));
    batch(folder, "after.csv", "other.jsonl", "other.out.jsonl");
    let other = lines(&folder.read("other.out.jsonl")).remove(0);
    let why = other["findings"][0]["suppressions"][0]["notApplied"].as_str().expect("it says why");
    assert!(why.contains("the party is not the one that was examined"), "{why}");
    let state = |folder: &Folder| cases(folder).into_iter().find(|c| c["id"] == *case).expect("it is there");
    assert_eq!((&state(folder)["state"], &state(folder)["why"]), (&"open".into(), &"a new alert".into()));

    // Ruled on again, and then the publisher changes the entry's address.
    run(folder, &[&ruled[..], &["--by", "ann", "--except-until", &until], &KEY].concat());
    run(folder, &["ledger", "case", "approve", "ledger", &case, "--by", "bob", KEY[0], KEY[1]]);
    let review = ["ledger", "case", "exceptions", "ledger", "--review", "--list"];
    run(folder, &[&review[..], &["after.csv"], &KEY].concat());
    assert_eq!(state(folder)["state"], "closed", "what did not change stays");
    run(folder, &[&review[..], &["moved.csv"], &KEY].concat());
    let why = state(folder)["why"].as_str().expect("text").to_owned();
    assert!(why.contains("has changed: addresses: from 14 Floor") && why.contains("to 15 Floor"), "{why}");
}

/// What was written this month is due when its years are over.
fn erase_a_year(folder: &Folder, record: &str) {
    let nothing = folder.run(&["ledger", "erase", "ledger", "--due", "--by", "ann", KEY[0], KEY[1]]);
    assert!(nothing.2.contains("nothing is due"), "{nothing:?}");
    let master = MasterKey::from_file(&folder.path("master.key")).expect("it reads");
    let (ledger, _) = Ledger::open(&folder.path("ledger"), &master, Options::default()).expect("it opens");
    assert!(!ledger.erase_due(date(2099, 1, 1), "ann").expect("it erases").is_empty());
    drop(ledger);
    let gone = refused(folder, &["ledger", "show", "ledger", record, KEY[0], KEY[1]]);
    assert!(gone.contains("is erased: its key"), "{gone}");
}

#[test]
fn wrong_keys_folders_and_options_are_refused_with_what_to_do() {
    let folder = Folder::new();
    run(&folder, &["ledger", "init", "ledger", KEY[0], KEY[1]]);
    folder.file("other.key", "11".repeat(32)).file("in.jsonl", shipment("A", "Blue Larch", "NL", ""));
    let find = |key: &str| refused(&folder, &["ledger", "find", "ledger", "--ledger-key", key]);
    assert!(find("other.key").contains("wrong master key"), "{}", find("other.key"));
    assert!(find("none.key").contains("none.key"));
    let none = refused(&folder, &["ledger", "find", "ledger"]);
    assert!(none.contains("give --ledger-key FILE or --ledger-key-command COMMAND"), "{none}");
    let empty = refused(&folder, &["ledger", "verify", "."]);
    assert!(empty.contains("`tidewaiter ledger init` makes one"), "{empty}");
    let batch = ["batch", "in.jsonl", "--out", "out.jsonl", "--list", "curated", "--ledger", "none", KEY[0], KEY[1]];
    assert!(refused(&folder, &batch).contains("holds no ledger"));
    assert!(!folder.path("out.jsonl").exists());
    let by_command = ["ledger", "find", "ledger", "--ledger-key-command", "cat master.key"];
    assert_eq!(run(&folder, &by_command), "");
}

#[test]
fn a_copy_of_a_shared_ledger_is_not_used_without_its_database() {
    let folder = Folder::new();
    run(&folder, &["ledger", "init", "ledger", KEY[0], KEY[1]]);
    folder.file("ledger/shared", "postgres://desk:geheim@127.0.0.1:1/ledger");
    folder.file("ledger.url", "postgres://desk:geheim@127.0.0.1:1/ledger");
    let configured = "[ledger]\ndir = \"ledger\"\npostgres_file = \"ledger.url\"\nkey_file = \"master.key\"\n";
    folder.file("copy.toml", configured).file("in.jsonl", shipment("A", "Blue Larch", "NL", ""));
    let why = match cfg!(feature = "ledger-postgres") {
        true => "the ledger in Postgres 127.0.0.1:1/ledger: ",
        false => "expected one with the feature `ledger-postgres`",
    };
    for command in [
        &["ledger", "find", "ledger", KEY[0], KEY[1]][..],
        &["ledger", "erase", "ledger", "--due", "--by", "ann", KEY[0], KEY[1]],
        &["ledger", "join", "new", "--postgres-file", "ledger.url"],
        &["ledger", "index", "ledger"],
        &["ledger", "index", "ledger", "postgres"],
        &["batch", "in.jsonl", "--out", "out.jsonl", "--list", "curated", "--config", "copy.toml"],
    ] {
        let said = refused(&folder, command);
        assert!(said.contains(why) && !said.contains("geheim"), "{command:?}: {said}");
    }
    assert!(!folder.path("new").exists() && !folder.path("out.jsonl").exists());
    run(&folder, &["ledger", "init", "own", KEY[0], KEY[1]]);
    let own = refused(&folder, &["ledger", "index", "own", "postgres"]);
    assert!(own.contains("own is no copy of a shared ledger"), "{own}");
    let alone = ["ledger", "init", "other", "--index", "postgres", KEY[0], KEY[1]];
    assert!(refused(&folder, &alone).contains("--postgres-file"));
}
