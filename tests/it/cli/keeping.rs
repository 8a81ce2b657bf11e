//! Keeping lists with the program: fetched over TLS through a proxy, quarantined and accepted, too old, and by several
//! processes on one data directory.

mod compiled;
mod disks;
mod in_force;
mod site;

use super::Folder;
use super::service::Service;
use site::{Authority, Proxy, Site};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A name that no other row resembles.
fn name(id: usize) -> String {
    let letters = |mut n: usize| -> String {
        let mut syllable = || {
            let (c, v) = (char::from(b'B' + (n % 20) as u8), ["A", "E", "I", "O", "U"][n % 5]);
            n /= 20;
            format!("{c}{v}")
        };
        (0..4).map(|_| syllable()).collect()
    };
    format!("{} {} HARBOURAGE", letters(id * 7919 + 13), letters(id * 104_729 + 7))
}

/// A UN list of this day with these rows.
fn un(day: &str, rows: std::ops::Range<usize>) -> Vec<u8> {
    let mut text =
        format!("<?xml version=\"1.0\"?>\n<CONSOLIDATED_LIST dateGenerated=\"{day}T00:00:00Z\"><ENTITIES>\n");
    for id in rows {
        text.push_str(&format!(
            "<ENTITY><DATAID>{}</DATAID><FIRST_NAME>{}</FIRST_NAME><UN_LIST_TYPE>S</UN_LIST_TYPE>\
             <REFERENCE_NUMBER>SYe.{id}</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON></ENTITY>\n",
            id + 9_000_000,
            name(id)
        ));
    }
    text.push_str("</ENTITIES></CONSOLIDATED_LIST>\n");
    text.into_bytes()
}

/// An EU list with so many rows.
fn eu(rows: usize) -> Vec<u8> {
    let mut text = String::from(
        "<?xml version=\"1.0\"?>\n<export xmlns=\"http://eu.europa.ec/fpi/fsd/export\" generationDate=\"2026-01-10T00:00:00.000+01:00\">\n",
    );
    for id in 0..rows {
        text.push_str(&format!(
            "<sanctionEntity euReferenceNumber=\"EU.{id}.1\" logicalId=\"{id}\"><regulation regulationType=\"regulation\" \
             publicationDate=\"2022-02-28\" entryIntoForceDate=\"2022-02-28\" numberTitle=\"2022/99\" programme=\"SYN\" \
             logicalId=\"1{id}\"/><subjectType code=\"enterprise\" classificationCode=\"E\"/><nameAlias wholeName=\"{}\" \
             strong=\"true\" logicalId=\"2{id}\"/></sanctionEntity>\n",
            name(id + 10_000)
        ));
    }
    text.push_str("</export>\n");
    text.into_bytes()
}

/// Runs to the end with these variables.
fn run_with(folder: &Folder, variables: &[(&str, &str)], args: &[&str]) -> (i32, String, String) {
    let mut command = quiet(folder.command(args));
    command.envs(variables.iter().copied());
    super::done(command.output().expect("runs"))
}

/// Without what the machine says of proxies and certificates.
fn quiet(mut command: Command) -> Command {
    for variable in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY"] {
        command.env_remove(variable);
    }
    command.env_remove("no_proxy").env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    command
}

#[test]
fn lists_are_fetched_over_tls_through_a_proxy_with_a_token() {
    let folder = Folder::new();
    let authority = Authority::new();
    let site = Site::start(Some(authority.server("lists.example.test")));
    site.put("/un.xml", un("2026-01-10", 0..700)).put("/fsf.xml?token=sesame", eu(3_100));
    let proxy = Proxy::start(site.port);
    let proxy_url = format!("http://127.0.0.1:{}", proxy.port);
    folder.file("ca.pem", &authority.pem).file(
        "t.toml",
        "[lists]\ndata_dir = 'data'\n[refresh.mirrors]\nun-sc = 'https://lists.example.test/un.xml'\n\
         eu-fsf = 'https://lists.example.test/fsf.xml?token={token}'\n",
    );
    let fetch = ["lists", "fetch", "un-sc", "eu-fsf", "--config", "t.toml"];
    let trusted =
        [("HTTPS_PROXY", proxy_url.as_str()), ("SSL_CERT_FILE", "ca.pem"), ("TIDEWAITER_EU_FSF_TOKEN", "sesame")];

    // A certificate of nobody we trust, and no token.
    let (code, out, err) = run_with(&folder, &[("HTTPS_PROXY", &proxy_url)], &fetch);
    assert_eq!(code, 2, "{out}{err}");
    assert!(
        out.contains("un-sc: failed: the transfer from lists.example.test broke off:") && out.contains("ertificate"),
        "{out}"
    );
    assert!(out.contains("eu-fsf: failed: the publisher requires a token: set TIDEWAITER_EU_FSF_TOKEN"), "{out}");

    let (code, out, err) = run_with(&folder, &trusted, &fetch);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("un-sc: updated: 700 entries"), "{out}");
    assert!(out.contains("eu-fsf: updated: 3100 entries"), "{out}");
    assert!(site.asked().contains(&"/fsf.xml?token=sesame 200".to_owned()), "{:?}", site.asked());
    assert!(proxy.asked().iter().all(|host| host == "lists.example.test:443") && proxy.asked().len() >= 3);
    // The token is a secret.
    assert!(!out.contains("sesame") && !folder.read("data/publications/eu-fsf.json").contains("sesame"));

    let (code, out, _) = run_with(&folder, &trusted, &fetch);
    assert_eq!((code, out.matches(": unchanged").count()), (0, 2), "{out}");
    assert!(site.asked().contains(&"/fsf.xml?token=sesame 304".to_owned()));

    // The proxy is gone: what is in force stays, and the program says so.
    let (code, out, _) =
        run_with(&folder, &[("HTTPS_PROXY", "http://127.0.0.1:9"), ("SSL_CERT_FILE", "ca.pem")], &fetch);
    assert_eq!(code, 2);
    assert!(out.contains("un-sc: failed:") && out.contains("the publication of 2026-01-10 stays in force"), "{out}");
    let (code, out, err) = folder.run(&["lists", "status", "--data-dir", "data"]);
    assert_eq!(code, 0, "{err}");
    let row = |list: &str| row_of(&out, list);
    assert!(row("un-sc").contains(" 700  2026-01-10  20"), "{out}");
    assert!(row("un-sc").ends_with("  failed 1\u{d7}"), "{out}");
    assert!(row("eu-fsf").contains(" 3,100  2026-01-10  20"), "{out}");
    // What serve would fetch beside them and is not there.
    assert!(row("uk-fcdo").contains("never") && row("uk-fcdo").ends_with("not fetched"), "{out}");
    assert!(
        out.lines().take_while(|line| !line.starts_with("built in")).all(|line| line.chars().count() <= 100),
        "{out}"
    );
    assert!(out.contains("attention: ") && out.contains("un-sc: one failure, at "), "{out}");
}

#[test]
fn what_is_quarantined_comes_into_force_by_a_person_s_word() {
    let folder = Folder::new();
    let site = Site::start(None);
    folder.file(
        "t.toml",
        format!("[lists]\ndata_dir = 'data'\n[refresh.mirrors]\nun-sc = 'http://127.0.0.1:{}/un.xml'\n", site.port),
    );
    let run = |args: &[&str]| run_with(&folder, &[], args);
    let fetch = ["lists", "fetch", "un-sc", "--config", "t.toml"];
    let accept = ["lists", "accept", "un-sc", "--config", "t.toml", "--note"];
    site.put("/un.xml", un("2026-01-10", 0..750));
    assert_eq!(run(&fetch).0, 0);
    let (code, _, err) = run(&[&accept[..], &["no reason"]].concat());
    assert_eq!(code, 2);
    assert!(err.contains("un-sc: no publication is quarantined"), "{err}");

    site.put("/un.xml", un("2026-02-10", 0..640));
    let (code, out, _) = run(&fetch);
    assert_eq!(code, 2);
    assert!(
        out.contains("un-sc: quarantined: ") && out.contains("the publication of 2026-01-10 stays in force"),
        "{out}"
    );
    assert!(out.contains("run `tidewaiter lists accept un-sc --note TEXT`"), "{out}");
    let gone = name(700);
    let screen = ["screen", "--data-dir", "data", "--format", "json", "--party", &gone];
    assert!(run(&screen).1.contains("\"reason\":\"PARTY_LISTED\""), "the list in force still answers");
    let (_, out, _) = run(&["lists", "status", "--data-dir", "data"]);
    assert!(out.contains("attention: un-sc: the publication of 2026-02-10 is quarantined"), "{out}");
    let row = row_of(&out, "un-sc");
    assert!(row.contains(" 750  2026-01-10 ") && row.ends_with("newer quarantined"), "{out}");
    assert!(out.contains("loaded and compiled in"), "{out}");

    let (code, _, err) = run(&[&accept[..], &["  "]].concat());
    assert_eq!(code, 2);
    assert!(err.contains("--note is empty"), "{err}");
    let (code, out, err) = run(&[&accept[..], &["110 parties were taken off, see the press release"]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("un-sc: the publication of 2026-02-10 is in force, 640 entries"), "{out}");
    assert!(!run(&screen).1.contains("\"reason\":\"PARTY_LISTED\""));
    assert!(folder.read("data/publications/un-sc.json").contains("see the press release"));

    // What was known when.
    let (code, out, err) = run(&["lists", "status", "--data-dir", "data", "--as-of", "2026-01-20"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("known on 2026-01-20:") && out.contains("un-sc: published 2026-01-10"), "{out}");
    let (_, out, _) = run(&["lists", "status", "--data-dir", "data", "--as-of", "2026-02-20"]);
    assert!(out.contains("un-sc: published 2026-02-10"), "{out}");
    let (code, out, err) = run(&["lists", "diff", "2026-01-20", "2026-02-20", "--data-dir", "data"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("un-sc: 0 added, 110 removed, 0 changed, 640 unchanged"), "{out}");
    assert!(out.contains(&format!("- {gone}")), "{out}");
    let then = [&screen[..], &["--as-of", "2026-01-20"]].concat();
    assert!(run(&then).1.contains("\"reason\":\"PARTY_LISTED\""), "on that day it was listed");
}

/// The line of a list in the table of `lists status`.
fn row_of(out: &str, list: &str) -> String {
    let row = out.lines().find(|line| line.split_whitespace().next() == Some(list));
    row.unwrap_or_else(|| panic!("no line for {list} in {out}")).to_owned()
}

/// What health says, once it says this; at most a minute is waited.
fn becomes(folder: &Folder, service: &Service, word: &str) -> bool {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let (code, out, _) = folder.run(&["health", "--server", &service.url]);
        if out.trim() == word {
            assert_eq!(code, if word == "SERVING" { 0 } else { 2 });
            return true;
        }
        if Instant::now() > end {
            return false;
        }
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_service_with_a_list_too_old_says_so_until_it_has_fetched_a_newer_one() {
    let folder = Folder::new();
    let authority = Authority::new();
    let site = Site::start(Some(authority.server("lists.example.test")));
    let proxy = Proxy::start(site.port);
    let proxy_url = format!("http://127.0.0.1:{}", proxy.port);
    site.put("/un.xml", un("2026-01-10", 0..700));
    let config = |enabled: bool| {
        format!(
            "[lists]\ndata_dir = 'data'\nbuiltin = false\n[freshness]\nstale_is_not_serving = true\n[refresh]\n\
             enabled = {enabled}\npublications = ['un-sc']\nretry_seconds = 1\n[refresh.mirrors]\n\
             un-sc = 'https://lists.example.test/un.xml'\n"
        )
    };
    folder.file("ca.pem", &authority.pem).file("off.toml", config(false)).file("on.toml", config(true));
    let variables = [("HTTPS_PROXY", proxy_url.as_str()), ("SSL_CERT_FILE", "ca.pem")];
    let (code, out, _) = run_with(&folder, &variables, &["lists", "fetch", "--config", "on.toml"]);
    assert_eq!(code, 0, "{out}");
    // Ten days ago; the catalogue allows less.
    let path = folder.path("data/publications/un-sc.json");
    let mut record: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    record["checked_at"] = (jiff::Timestamp::now() - jiff::SignedDuration::from_hours(240)).to_string().into();
    std::fs::write(&path, record.to_string()).unwrap();

    let start =
        |file: &str| Service::with(&folder, quiet, &variables, &["serve", "--config", file, "--listen", "127.0.0.1:0"]);
    let ask = |service: &Service, party: &str| {
        folder.run(&["screen", "--server", &service.url, "--format", "json", "--party", party]).1
    };
    let stale = start("off.toml");
    assert!(becomes(&folder, &stale, "NOT_SERVING"));
    // Probes turn traffic away; who asks all the same is answered, and told.
    let answer = ask(&stale, "Hildegard Kornmueller Backwaren");
    assert!(answer.contains("\"reason\":\"LIST_STALE\"") && answer.contains("\"outcome\":\"REVIEW\""), "{answer}");
    let (_, status, _) = folder.run(&["lists", "status", "--server", &stale.url]);
    let row = row_of(&status, "un-sc");
    assert!(row.contains("  10 days  ") && row.ends_with("stale"), "{status}");
    drop(stale);

    // With refresh it fetches by itself, takes over what is new and turns.
    site.put("/un.xml", un("2026-01-20", 0..720));
    let kept = start("on.toml");
    assert!(becomes(&folder, &kept, "SERVING"));
    let answer = ask(&kept, &name(710));
    assert!(
        answer.contains("\"reason\":\"PARTY_LISTED\"") && !answer.contains("\"reason\":\"LIST_STALE\""),
        "{answer}"
    );
}

#[test]
fn several_processes_share_a_data_directory() {
    let folder = Folder::new();
    let site = Site::start(None);
    // Each answer another list, some of them so much shorter that they are quarantined.
    site.put_each("/un.xml", |n| un("2026-01-10", 0..[700, 720, 740, 690, 610][n % 5] + n % 7));
    folder.file(
        "t.toml",
        format!(
            "[lists]\ndata_dir = 'data'\nbuiltin = false\n[refresh]\nenabled = false\n[refresh.mirrors]\n\
             un-sc = 'http://127.0.0.1:{}/un.xml'\n",
            site.port
        ),
    );
    let fetch = ["lists", "fetch", "un-sc", "--config", "t.toml"];
    assert_eq!(run_with(&folder, &[], &fetch).0, 0);
    let serve = ["serve", "--config", "t.toml", "--listen", "127.0.0.1:0"];
    let services = [Service::with(&folder, quiet, &[], &serve), Service::with(&folder, quiet, &[], &serve)];
    let done = AtomicBool::new(false);
    let (mut updated, mut quarantined, mut answered) = (0, 0, 0);
    thread::scope(|scope| {
        let fetchers: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| (0..8).map(|_| run_with(&folder, &[], &fetch).1).collect::<Vec<_>>()))
            .collect();
        let killer = scope.spawn(|| {
            // Ended in the middle of whatever they are at.
            for n in 0..12 {
                let mut child =
                    quiet(folder.command(&fetch)).stdout(std::process::Stdio::null()).spawn().expect("starts");
                thread::sleep(Duration::from_millis(15 * n));
                child.kill().expect("is ours");
                child.wait().expect("ends");
            }
        });
        let accepter = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let (_, _, err) =
                    run_with(&folder, &[], &["lists", "accept", "un-sc", "--config", "t.toml", "--note", "x"]);
                assert!(err.is_empty() || err.contains("no publication is quarantined"), "{err}");
            }
        });
        let askers: Vec<_> = services
            .iter()
            .map(|service| {
                let (done, folder) = (&done, &folder);
                scope.spawn(move || {
                    let mut answered = 0;
                    while !done.load(Ordering::Relaxed) {
                        service.hang_up();
                        let (code, out, err) =
                            folder.run(&["screen", "--server", &service.url, "--format", "json", "--party", &name(5)]);
                        assert_eq!(code, 0, "{err}");
                        assert!(out.contains("\"reason\":\"PARTY_LISTED\""), "{out}");
                        answered += 1;
                    }
                    answered
                })
            })
            .collect();
        for line in fetchers.into_iter().flat_map(|f| f.join().expect("fetches")) {
            let is_known = ["updated: ", "unchanged", "quarantined: ", "another process is fetching it"];
            assert!(is_known.iter().any(|w| line.contains(w)), "{line}");
            updated += usize::from(line.contains("updated: "));
            quarantined += usize::from(line.contains("quarantined: "));
        }
        killer.join().expect("ends");
        done.store(true, Ordering::Relaxed);
        accepter.join().expect("accepts");
        answered = askers.into_iter().map(|a| a.join().expect("asks")).sum::<i32>();
    });
    println!("{updated} updates, {quarantined} quarantined, {answered} answers of two services");
    assert!(updated > 0 && answered > 0);
    // Every history reads, every file is the one that was fetched, nothing is left half done.
    let (code, out, err) = run_with(&folder, &[], &["lists", "status", "--data-dir", "data"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("un-sc"), "{out}");
    let raw = std::fs::read_dir(folder.path("data/raw")).unwrap().map(|e| e.unwrap().path());
    for publication in raw.filter(|p| !p.file_name().unwrap().to_string_lossy().starts_with('.')) {
        let digest = publication.file_name().unwrap().to_string_lossy().into_owned();
        for file in std::fs::read_dir(&publication).unwrap().map(|e| e.unwrap().path()) {
            use sha2::Digest as _;
            let found: String =
                sha2::Sha256::digest(std::fs::read(&file).unwrap()).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(found, digest, "{}", file.display());
        }
    }
    // The lock is free again.
    assert_eq!(run_with(&folder, &[], &fetch).2, "");
}
