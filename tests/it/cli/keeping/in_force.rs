//! Nothing is cleared for want of a list: data directories that are not there, lists that must be in force, files that
//! shrank, and what every run says of the lists it rests on.

use super::super::{Folder, json_lines};
use super::site::Site;
use super::{Service, becomes, eu, name, quiet, row_of, run_with, un};
use crate::shared::data;
use std::fs;
use std::time::{Duration, Instant};

const SERVE: [&str; 5] = ["serve", "--config", "t.toml", "--listen", "127.0.0.1:0"];

fn serve(folder: &Folder) -> Service {
    Service::with(folder, quiet, &[], &SERVE)
}

/// A list of your own: rows of these lists.
fn own(rows: &[(&str, std::ops::Range<usize>)]) -> String {
    let mut text = "name;id;list\n".to_owned();
    for (list, ids) in rows {
        ids.clone().for_each(|id| text += &format!("{};{id};{list}\n", name(id)));
    }
    text
}

/// Asks again until the answer holds the words; a minute at most.
fn until(mut ask: impl FnMut() -> String, words: &str) -> String {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let answer = ask();
        if answer.contains(words) {
            return answer;
        }
        assert!(Instant::now() < end, "expected {words:?} in {answer}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_data_directory_without_lists_is_an_error_and_is_never_made() {
    let folder = Folder::new();
    folder
        .file("in.csv", "reference,description,consignee\nR1,pumps,Acme\n")
        .file("t.toml", "[lists]\ndata_dir = 'typo'\n[refresh]\nenabled = false\n");
    fs::create_dir_all(folder.path("empty")).unwrap();
    fs::create_dir_all(folder.path("bare/publications")).unwrap();
    folder.file("file", "x");
    for (dir, why) in [
        ("typo", "typo does not exist"),
        ("empty", "empty is not a data directory"),
        ("file", "file is a file, expected a directory"),
        ("bare", "data directory bare: no list in it is in force"),
    ] {
        for command in [
            &["screen", "in.csv"][..],
            &["batch", "in.csv", "--out", "out.csv"],
            &["compare", "Acme", "Acme Ltd"],
            &["lists", "status"],
            &["lists", "search", "Acme"],
            &["lists", "status", "--as-of", "2026-01-20"],
        ] {
            let (code, out, err) = folder.run(&[command, &["--data-dir", dir]].concat());
            assert_eq!((code, out.as_str()), (2, ""), "{command:?} {dir}: {err}");
            assert!(err.contains(why), "{command:?} {dir}: {err}");
        }
    }
    let accept = ["lists", "accept", "un-sc", "--note", "x", "--data-dir", "typo"];
    for command in [&accept[..], &SERVE, &["config", "check", "t.toml"], &["screen", "in.csv", "--config", "t.toml"]] {
        let (code, _, err) = folder.run(command);
        assert!(code == 2 && err.contains("typo does not exist"), "{command:?}: {code} {err}");
    }
    assert!(!folder.path("typo").exists());
    for dir in ["empty", "bare/publications"] {
        assert_eq!(fs::read_dir(folder.path(dir)).unwrap().count(), 0, "{dir}");
    }
    assert_eq!(fs::read_dir(folder.path("bare")).unwrap().count(), 1);
}

#[test]
fn a_service_that_fetches_waits_for_its_first_lists() {
    let folder = Folder::new();
    let site = Site::start(None);
    folder.file(
        "t.toml",
        format!(
            "[lists]\ndata_dir = 'data'\nrequire = ['un-sc']\n[refresh]\npublications = ['un-sc']\nretry_seconds = 1\n\
             [refresh.mirrors]\nun-sc = 'http://127.0.0.1:{}/un.xml'\n",
            site.port
        ),
    );
    let (code, out, err) = run_with(&folder, &[], &["config", "check", "t.toml"]);
    assert!(code == 0 && out.contains("fetched before anything is screened"), "{out}{err}");
    // Nothing there to fetch yet.
    let service = serve(&folder);
    let health = || folder.run(&["health", "--server", &service.url]);
    let (code, out, err) = health();
    assert_eq!((code, out.as_str()), (2, "NOT_SERVING\n"));
    assert!(err.contains("attention: ") && err.contains("no list in it is in force"), "{err}");
    let screen = ["screen", "--party", "Acme", "--server", &service.url];
    let (code, out, err) = folder.run(&screen);
    assert!(code == 2 && out.is_empty() && err.contains("no lists are in force"), "{out}{err}");
    site.put("/un.xml", un("2026-01-10", 0..700));
    assert!(becomes(&folder, &service, "SERVING"));
    let (code, out, err) = folder.run(&screen);
    assert!(code == 0 && out.contains("un-sc 700"), "{out}{err}");
}

/// At its first start a service says what it fetches, and afterwards, wherever it is asked, what it could not.
#[test]
fn a_first_start_says_what_it_fetches_and_what_it_could_not() {
    let folder = Folder::new();
    let site = Site::start(None);
    site.put("/un.xml", un("2026-01-10", 0..700));
    let config = format!(
        "[lists]\ndata_dir = 'data'\nbuiltin = false\n[refresh]\npublications = ['un-sc', 'eu-fsf']\nretry_seconds = 1\n\
         [refresh.mirrors]\nun-sc = 'http://127.0.0.1:{0}/un.xml'\n\
         eu-fsf = 'http://127.0.0.1:{0}/fsf.xml'\n",
        site.port
    );
    folder.file("t.toml", &config);
    let service = serve(&folder);
    let fetching = service.said("fetching 2 publications into ");
    assert!(fetching.ends_with("for the first time: un-sc, eu-fsf"), "{fetching}");
    let attention = service.said("attention: 1 of 2 publications");
    assert!(attention.contains("not in force and not screened against: eu-fsf"), "{attention}");
    // The list that came is screened against; the other one is asked for wherever the state is.
    assert!(becomes(&folder, &service, "SERVING"));
    let health = until(|| folder.run(&["health", "--server", &service.url]).2, "attention: eu-fsf: ");
    assert!(health.contains("no publication is in force"), "{health}");
    let status = || folder.run(&["lists", "status", "--server", &service.url]).1;
    let out = status();
    assert!(row_of(&out, "un-sc").contains(" 700  2026-01-10 ") && row_of(&out, "un-sc").contains("in "), "{out}");
    let row = row_of(&out, "eu-fsf");
    assert!(row.contains("  never  ") && row.contains("not fetched, failed "), "{out}");
    site.put("/fsf.xml", eu(3_100));
    until(status, "3,100");
    assert!(folder.run(&["health", "--server", &service.url]).2.is_empty());
    // At the next start there is nothing to fetch for the first time.
    drop(service);
    let again = serve(&folder);
    assert!(!again.so_far().contains("for the first time"), "{}", again.so_far());
}

/// Plain HTTP to another machine is trusted only by the operator's word, and `config check` says so before `serve` does.
#[test]
fn a_mirror_must_be_safe_or_said_to_be_trusted() {
    let folder = Folder::new();
    let mirror = |id: &str, value: &str| {
        folder.file("t.toml", format!("[lists]\ndata_dir = 'data'\n[refresh.mirrors]\n{id} = {value}\n"));
    };
    for (id, value, said) in [
        ("un-sc", "'http://mirror.lan/un.xml'", "refresh.mirrors.un-sc: invalid address `http://mirror.lan/un.xml`"),
        ("un-sc", "{ url = 'http://10.0.0.7/un.xml' }", "trusted = true"),
        ("un-sc", "'ftp://mirror.lan/un.xml'", "unknown scheme `ftp`, expected https"),
        ("un-sc", "'mirror.lan/un.xml'", "refresh.mirrors.un-sc: invalid address"),
        ("un-cs", "'https://mirror.lan/un.xml'", "refresh.mirrors: unknown publication `un-cs`"),
        ("un-sc", "{ url = 'https://m/un.xml', trust = true }", "unknown field `trust`"),
    ] {
        mirror(id, value);
        for command in [&["config", "check", "t.toml"][..], &SERVE, &["lists", "fetch", "--config", "t.toml"]] {
            let (code, _, err) = folder.run(command);
            assert!(code == 2 && err.contains(said), "{value} {command:?}: {code} {err}");
        }
        assert!(!folder.path("data/publications/un-sc.json").exists());
    }
    for value in
        ["'https://mirror.lan/un.xml'", "'http://localhost/un.xml'", "{ url = 'http://m.lan/x', trusted = true }"]
    {
        mirror("un-sc", value);
        let (code, out, err) = folder.run(&["config", "check", "t.toml"]);
        assert!(code == 0 && out.starts_with("valid: "), "{value}: {out}{err}");
    }
    // A trusted one is asked, by plain HTTP; here nothing answers.
    mirror("un-sc", "{ url = 'http://mirror.invalid/un.xml', trusted = true }");
    let (code, out, _) = run_with(&folder, &[], &["lists", "fetch", "un-sc", "--config", "t.toml"]);
    assert!(code == 2 && out.contains("the transfer from mirror.invalid broke off"), "{out}");
}

#[test]
fn lists_that_are_required_must_be_in_force() {
    let folder = Folder::new();
    folder
        .file("own.csv", own(&[("ours", 0..30)]))
        .file("t.toml", "[lists]\npaths = ['own.csv']\nrequire = ['un-sc']\n[lists.min_entries]\nun-sc = 12\n");
    let missing = "the required list un-sc is not in force";
    let screen = ["screen", "--party", "Acme", "--format", "json"];
    for options in [&["--config", "t.toml"][..], &["--require", "un-sc"]] {
        let (code, out, err) = folder.run(&[&screen[..], options].concat());
        assert!(code == 2 && out.is_empty() && err.contains(missing), "{out}{err}");
    }
    let (_, out, _) = folder.run(&["lists", "status", "--config", "t.toml"]);
    assert!(out.contains(&format!("attention: {missing}")), "{out}");
    let (_, _, err) = folder.run(&["config", "check", "t.toml"]);
    assert!(err.contains(&format!("warning: {missing}")), "{err}");

    let service = serve(&folder);
    let at_service = [&screen[..], &["--server", &service.url]].concat();
    let health = || folder.run(&["health", "--server", &service.url]);
    let (code, out, err) = health();
    assert!((code, out.as_str()) == (2, "NOT_SERVING\n") && err.contains(&format!("attention: {missing}")), "{err}");
    let (code, out, err) = folder.run(&at_service);
    assert!(code == 2 && out.is_empty() && err.contains(missing), "{out}{err}");

    folder.file("own.csv", own(&[("ours", 0..30), ("un-sc", 30..40)]));
    service.hang_up();
    let few = "the required list un-sc has 10 entries, lists.min_entries requires 12";
    until(|| health().2, few);
    assert!(!becomes_at_once(&folder, &service) && folder.run(&at_service).2.contains(few));
    folder.file("own.csv", own(&[("ours", 0..30), ("un-sc", 30..42)]));
    service.hang_up();
    assert!(becomes(&folder, &service, "SERVING"));
    assert_eq!(folder.run(&at_service).0, 0);
    assert_eq!(folder.run(&[&screen[..], &["--config", "t.toml"]].concat()), folder.run(&at_service));

    // Once they are in force, a set without them does not come in.
    folder.file("own.csv", own(&[("ours", 0..30), ("un-sc", 30..41)]));
    service.hang_up();
    let attention = until(|| health().2, "has 11 entries");
    assert!(attention.contains("attention: ") && health().0 == 0, "{attention}");
    let (_, out, _) = folder.run(&["lists", "status", "--server", &service.url]);
    assert!(
        row_of(&out, "un-sc").contains(" 12  ") && out.contains("has 11 entries, lists.min_entries requires 12"),
        "{out}"
    );
}

fn becomes_at_once(folder: &Folder, service: &Service) -> bool {
    folder.run(&["health", "--server", &service.url]).0 == 0
}

/// The Consolidated Screening List cut to 3,000 rows: the old one stays in force, and health and status say why.
#[test]
fn a_screening_list_cut_short_stays_out_until_a_person_accepts_it() {
    use std::io::Read as _;
    let Some(path) = data("lists/us/csl_2022-05.csv.gz") else { return };
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut text).unwrap();
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(&text[..]);
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let written = |rows: &[csv::StringRecord]| -> Vec<u8> {
        let mut out = csv::Writer::from_writer(Vec::new());
        rows.iter().for_each(|row| out.write_record(row).unwrap());
        out.into_inner().unwrap()
    };
    let folder = Folder::new();
    folder.file("csl.csv", &text);
    folder.file("t.toml", "[lists]\npaths = ['csl.csv']\nbuiltin = false\n");
    let service = serve(&folder);
    let status = || folder.run(&["lists", "status", "--server", &service.url]).1;
    assert!(status().contains("14,159 entries"), "{}", status());

    folder.file("csl.csv", written(&rows[..=3_000]));
    service.hang_up();
    let said = until(status, "attention: ");
    assert!(said.contains("14,159 entries") && said.contains("kept out of force"), "{said}");
    assert!(said.contains(" are gone (") || said.contains(" is missing; it had "), "{said}");
    let (code, out, err) = folder.run(&["health", "--server", &service.url]);
    assert_eq!((code, out.as_str()), (0, "SERVING\n"));
    assert!(err.contains("csl.csv is kept out of force until a person runs `tidewaiter lists accept --list"), "{err}");
    let gone = rows[rows.len() - 1][5].to_owned();
    let screen = ["screen", "--format", "json", "--party", &gone, "--server", &service.url];
    assert!(folder.run(&screen).1.contains("\"reason\":\"PARTY_LISTED\""), "{gone} is in force");

    let accept = ["lists", "accept", "--list", "csl.csv", "--note"];
    let (code, _, err) = folder.run(&[&accept[..], &[" "]].concat());
    assert!(code == 2 && err.contains("--note is empty"), "{err}");
    let (code, out, err) = folder.run(&[&accept[..], &["an extract for the test"]].concat());
    assert!(code == 0 && out.contains("accepted with 2,999 entries, noted in csl.csv.accepted"), "{out}{err}");
    service.hang_up();
    // One row of the file is there twice.
    let said = until(status, "2,999 entries");
    assert!(!said.contains("attention"), "{said}");
}

#[test]
fn the_same_configuration_gives_the_same_lists_and_answers_here_and_there() {
    let folder = Folder::new();
    let site = Site::start(None);
    site.put("/un.xml", un("2026-01-10", 0..700));
    folder
        .file("own.csv", own(&[("ours", 700..720), ("us-bis-el", 720..722)]))
        .file("policy.toml", "[thresholds]\nparty_review = 720\n")
        .file("in.csv", format!("reference,description,consignee\nR1,pumps,{}\nR2,pumps,{}\n", name(701), name(5)))
        .file(
            "t.toml",
            format!(
                "policy = 'policy.toml'\n[lists]\npaths = ['own.csv']\ndata_dir = 'data'\nrequire = ['un-sc', 'ours']\n\
                 [limits]\nparties = 3\n[packs]\noff = ['chpl']\n[refresh]\nenabled = false\n[refresh.mirrors]\n\
                 un-sc = 'http://127.0.0.1:{}/un.xml'\n",
                site.port
            ),
        );
    assert_eq!(run_with(&folder, &[], &["lists", "fetch", "un-sc", "--config", "t.toml"]).0, 0);
    let service = serve(&folder);
    let run =
        |options: &[&str]| folder.run(&[&["screen", "in.csv", "--format", "json", "--verbose"], options].concat());
    let here = run(&["--config", "t.toml"]);
    assert_eq!(here, run(&["--server", &service.url]));
    let answers = json_lines(&here.1);
    assert!(answers.iter().all(|a| a["outcome"] == "HOLD" && a["policy"].as_str().unwrap().contains("+packs:")));
    let fingerprint = |options: &[&str]| {
        let (code, out, err) = folder.run(&[&["lists", "status", "--format", "json"], options].concat());
        assert_eq!(code, 0, "{err}");
        json_lines(&out)[0]["snapshot"].clone()
    };
    let there = fingerprint(&["--server", &service.url]);
    assert_eq!(fingerprint(&["--config", "t.toml"]), there);
    // The order of the options does not matter, here or there.
    let options = ["--list", "own.csv", "--list", "builtin", "--list", "own.csv", "--data-dir", "data"];
    assert_eq!(fingerprint(&options), there);
    let args = [&["serve", "--listen", "127.0.0.1:0"], &options[..]].concat();
    let other = Service::with(&folder, quiet, &[("TIDEWAITER__REFRESH__ENABLED", "false")], &args);
    assert_eq!(fingerprint(&["--server", &other.url]), there);
}

/// With a data directory a start is guarded as a reload is, and one word counts for both.
#[test]
fn a_file_that_shrank_between_two_starts_is_kept_out() {
    let folder = Folder::new();
    let site = Site::start(None);
    site.put("/un.xml", un("2026-01-10", 0..700));
    folder.file("own.csv", own(&[("ours", 700..800)])).file(
        "t.toml",
        format!(
            "[lists]\npaths = ['own.csv']\ndata_dir = 'data'\n[refresh]\nenabled = false\n[refresh.mirrors]\n\
             un-sc = 'http://127.0.0.1:{}/un.xml'\n",
            site.port
        ),
    );
    assert_eq!(run_with(&folder, &[], &["lists", "fetch", "un-sc", "--config", "t.toml"]).0, 0);
    let screen = ["screen", "--party", "Acme", "--config", "t.toml"];
    assert_eq!(folder.run(&screen).0, 0);
    assert!(!folder.path("data/files.json").exists(), "who only reads writes nothing");
    drop(serve(&folder));
    folder.file("own.csv", own(&[("ours", 700..740)]));
    let why = "ours has 40 entries, 100 when it was last loaded (60 % are gone, allowed 10 %)";
    for command in [&SERVE[..], &screen] {
        let (code, out, err) = folder.run(command);
        assert!(code == 2 && out.is_empty() && err.contains(why) && err.contains("lists accept --list"), "{out}{err}");
    }
    assert_eq!(folder.run(&["lists", "accept", "--list", "own.csv", "--note", "a corrected edition"]).0, 0);
    drop(serve(&folder));
    let (code, out, err) = folder.run(&screen);
    assert!(code == 0 && out.contains("ours 40"), "{out}{err}");
}

#[test]
fn every_run_names_its_lists_and_their_days() {
    let folder = Folder::new();
    folder
        .file("own.csv", own(&[("ours", 0..30), ("us-bis-el", 30..31)]))
        .file("in.csv", "reference,description,consignee\nR1,pumps,Acme\n");
    folder.file("t.toml", "[lists]\npaths = ['own.csv']\n[freshness.stale_after_hours]\nours = 48\n");
    let file = fs::File::options().write(true).open(folder.path("own.csv")).unwrap();
    let changed: jiff::Timestamp = "2025-03-01T08:30:00Z".parse().unwrap();
    file.set_modified(changed.into()).unwrap();
    let lists = ["--list", "own.csv", "--list", "builtin"];

    let (code, out, err) = folder.run(&[&["screen", "in.csv"], &lists[..]].concat());
    assert_eq!(code, 0, "{err}");
    // The program's own entries of the Entity List lend the file no date.
    assert!(out.contains("file dated 2025-03-01: ours 30, us-bis-el "), "{out}");
    assert!(out.contains("  read 20") && !err.contains(" ours ("), "{out}{err}");
    assert!(
        err.contains("older than a fetched copy may be") && err.contains("us-bis-el (file dated 2025-03-01"),
        "{err}"
    );
    let (code, _, err) = folder.run(&[&["batch", "in.csv", "--out", "out.jsonl"], &lists[..]].concat());
    assert!(code == 0 && err.contains("file dated 2025-03-01: ours 30, us-bis-el "), "{err}");

    let plain = &json_lines(&folder.read("out.jsonl"))[0];
    let (numbers, snapshot) = (&plain["lists"], &plain["snapshot"]);
    assert_eq!((&numbers["oldest"], numbers.get("each")), (&"2025-03-01".into(), None));
    assert!(snapshot.as_str().unwrap().starts_with("sha256:") && numbers["count"].as_u64().unwrap() > 5, "{numbers}");
    assert!(numbers["entries"].as_u64().unwrap() > 30 && numbers["oldestDays"].as_u64().unwrap() > 600, "{numbers}");
    let (_, out, _) = folder.run(&[&["screen", "in.csv", "--format", "json", "--verbose"], &lists[..]].concat());
    let verbose = &json_lines(&out)[0]["lists"];
    let each = verbose["each"].as_array().unwrap();
    assert_eq!(each.len() as u64, verbose["count"].as_u64().unwrap());
    let ours = each.iter().find(|l| l["list"] == "ours").unwrap();
    assert_eq!((&ours["entries"], &ours["basis"], &ours["isStale"]), (&30.into(), &"FILE_TIME".into(), &false.into()));

    // With a limit it is stale, as any list.
    let (_, out, err) = folder.run(&["screen", "in.csv", "--format", "json", "--config", "t.toml"]);
    let stale = &json_lines(&out)[0];
    let is_stale = stale["findings"].as_array().unwrap().iter().any(|f| f["reason"] == "LIST_STALE");
    assert!(is_stale && stale["outcome"] == "REVIEW", "{stale}");
    assert!(err.contains("warning: older than they may be: ours (file dated 2025-03-01"), "{err}");
    let (_, out, _) = folder.run(&["lists", "status", "--details", "--config", "t.toml"]);
    assert!(out.contains("limit 48 hours: stale; file dated 2025-03-01"), "{out}");
    let service = serve(&folder);
    let (_, out, _) = folder.run(&["lists", "status", "--details", "--server", &service.url]);
    assert!(out.contains("limit 48 hours: stale; file dated 2025-03-01"), "{out}");
}

#[test]
fn a_suppressor_needs_no_date_in_the_record() {
    let folder = Folder::new();
    let policy = |expires: &str| {
        format!("[[suppressor]]\nid = 's'\nreason = 'checked'\nexpires = {expires}\nlist = 'ours'\nentry = '3'\n")
    };
    folder
        .file("own.csv", own(&[("ours", 0..30)]))
        .file("p.toml", policy("2999-12-31"))
        .file("old.toml", policy("2026-01-31"));
    folder.file("t.toml", "policy = 'p.toml'\n[lists]\npaths = ['own.csv']\nbuiltin = false\n");
    let party = name(3);
    let today = || jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let service = serve(&folder);
    let answered = |options: &[&str]| {
        let before = today();
        let (code, out, err) =
            folder.run(&[&["screen", "--format", "json", "--party", &party, "--role", "consignee"], options].concat());
        assert_eq!(code, 0, "{err}");
        let answer = json_lines(&out).remove(0);
        let listed = answer["findings"].as_array().unwrap().iter().find(|f| f["entry"]["id"] == "3").unwrap().clone();
        let day = listed["suppressions"][0]["asOf"].as_str().unwrap().to_owned();
        (listed, day == before || day == today())
    };
    for options in [&["--list", "own.csv", "--policy", "p.toml"][..], &["--server", &service.url]] {
        let (listed, is_today) = answered(options);
        assert_eq!((&listed["severity"], &listed["suppressions"][0]["loweredFrom"]), (&"INFO".into(), &"HIGH".into()));
        assert!(is_today && listed["explanation"].as_str().unwrap().contains("until 2999-12-31, as of 20"), "{listed}");
    }
    let (listed, is_today) = answered(&["--list", "own.csv", "--policy", "old.toml"]);
    assert_eq!(
        (&listed["severity"], &listed["suppressions"][0]["notApplied"]),
        (&"HIGH".into(), &"it has expired".into())
    );
    assert!(is_today, "{listed}");
    // The record's own day goes before the clock's.
    let (listed, is_today) = answered(&["--list", "own.csv", "--policy", "old.toml", "--as-of", "2026-01-31"]);
    assert_eq!((&listed["severity"], &listed["suppressions"][0]["asOf"]), (&"INFO".into(), &"2026-01-31".into()));
    assert!(!is_today);
}
