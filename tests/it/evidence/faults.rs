//! A full disk and a clock that steps back, provoked for real in a running service whose callers ask for different evidence.
//!
//! The disk is "full" at the size limit of a file, which the kernel keeps as it keeps the end of a disk: a write goes as far
//! as there is room, and the next one fails. The limit is lifted while the service runs.

use super::{KEY, lines, run};
use crate::chaos::{FAKETIME, Running, folder as with_list};
use crate::cli::Folder;
use crate::grpc::guarded::caller;
use crate::shared::Choice;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tidewaiter::service::grpc::client::{ApiKey, Remote, Target};
use wire::v1;

/// A service that records for two of three callers, under conditions given in shell.
struct Desk {
    running: Running,
    observed: String,
}

impl Desk {
    fn start(before: &str) -> Self {
        let folder = with_list();
        let made = Command::new(env!("CARGO_BIN_EXE_tidewaiter"))
            .args(["ledger", "init", "ledger", KEY[0], KEY[1]])
            .current_dir(folder.path())
            .output();
        assert!(made.expect("it runs").status.success());
        let callers = [
            caller("strict", "k-strict", "scopes = ['screen']\nevidence = 'durable'"),
            caller("loose", "k-loose", "scopes = ['screen']\nevidence = 'async'"),
            caller("none", "k-none", "scopes = ['screen']"),
        ];
        fs::write(folder.path().join("callers.toml"), callers.concat()).expect("writes");
        let observed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("it has one").to_string();
        let settings = format!(
            "[server.access]\ncallers = 'callers.toml'\n[observe]\nlisten = '{observed}'\n\
             [ledger]\ndir = 'ledger'\nkey_file = 'master.key'\nevidence = 'off'"
        );
        Self { running: Running::start(folder, before, &settings), observed }
    }

    /// Screens one shipment with so many bytes of text that no compression shortens by much.
    fn screen(&self, who: &str, reference: &str, bytes: usize) -> Result<(), String> {
        let mut choice = Choice::seeded(reference.len() as u64 + bytes as u64);
        let text: String = (0..bytes).map(|_| char::from(b'a' + choice.below(26) as u8)).collect();
        let party = v1::Party { name: "Zhumadian 77 Harbour Dynamics".to_owned(), ..v1::Party::default() };
        let goods = text.as_bytes().chunks(40).map(|word| String::from_utf8_lossy(word).into_owned());
        let goods = v1::Goods { description: goods.collect::<Vec<_>>().join(" "), ..Default::default() };
        let shipment = v1::Shipment {
            reference: reference.to_owned(),
            parties: vec![party],
            goods: vec![goods],
            ..Default::default()
        };
        let target = Target {
            url: format!("http://{}", self.running.address),
            ca: None,
            identity: None,
            key: Some(ApiKey::new(&format!("k-{who}")).expect("it is a key")),
        };
        let answered = Remote::open(&target).and_then(|mut remote| remote.screen_batch(vec![shipment], false));
        answered.map(drop).map_err(|error| error.to_string())
    }

    /// What metrics or probes say.
    fn observe(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.observed).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("it is asked");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("it answers");
        text
    }

    /// How many screenings were answered without a record.
    fn unrecorded(&self) -> u64 {
        let metrics = self.observe("/metrics");
        let line = metrics.lines().find_map(|l| l.strip_prefix("tidewaiter_ledger_unrecorded_total "));
        line.expect("it is counted").trim().parse().expect("a number")
    }

    fn program(&self, args: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidewaiter"));
        let output = command.args(args).current_dir(self.running.folder.path()).output().expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{args:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    /// The references of what is recorded, sorted.
    fn recorded(&self) -> Vec<String> {
        let found = self.program(&["ledger", "find", "ledger", KEY[0], KEY[1], "--limit", "10000", "--format", "json"]);
        let mut references: Vec<String> =
            lines(&found).iter().map(|line| line["reference"].as_str().expect("text").to_owned()).collect();
        references.sort();
        references
    }
}

#[test]
fn on_a_full_disk_durable_refuses_async_alarms_and_both_go_on_when_there_is_room() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        eprintln!("skipped: prlimit is not here");
        return;
    }
    // Ignored, so that the write fails as on a full disk.
    let desk = Desk::start("trap '' XFSZ\nulimit -S -f 1200");
    let mut acknowledged: Vec<String> = Vec::new();
    let refusal = (0..400).find_map(|n| {
        let reference = format!("S-{n}");
        let answered = desk.screen("strict", &reference, 40_000);
        if answered.is_ok() {
            acknowledged.push(reference);
        }
        answered.err()
    });
    let refusal = refusal.expect("there is no room for all");
    assert!(refusal.contains("the disk of the ledger is full"), "{refusal}");
    assert!(!acknowledged.is_empty(), "there was room for the first");
    assert_eq!(desk.unrecorded(), 0, "what was refused was not answered");

    // Who asked for less is answered, and somebody hears of it.
    desk.screen("loose", "L-1", 40_000).expect("it is answered");
    desk.screen("none", "N-1", 40_000).expect("it is answered");
    let started = Instant::now();
    while desk.unrecorded() == 0 {
        assert!(started.elapsed() < Duration::from_secs(30), "it is counted");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(desk.unrecorded(), 1);
    let ready = desk.observe("/readyz");
    assert!(
        ready.contains("1 screening was answered without a record in the ledger: the disk of the ledger"),
        "{ready}"
    );

    let process = desk.running.child.id().to_string();
    let lifted = Command::new("prlimit").args(["--pid", &process, "--fsize=unlimited"]).status().expect("it runs");
    assert!(lifted.success());
    for (who, reference) in [("strict", "S-last"), ("loose", "L-last")] {
        desk.screen(who, reference, 40_000).expect("there is room again");
        acknowledged.push(reference.to_owned());
    }
    let started = Instant::now();
    while !desk.recorded().contains(&"L-last".to_owned()) {
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", desk.recorded());
        std::thread::sleep(Duration::from_millis(50));
    }
    acknowledged.sort();
    assert_eq!(desk.recorded(), acknowledged, "no more and no less than was acknowledged");
    assert!(desk.program(&["ledger", "verify", "ledger"]).contains(" 0 faults"));
}

#[test]
fn a_clock_that_steps_back_is_refused_with_both_times_and_goes_on_when_it_is_mended() {
    let Some(library) = FAKETIME.iter().find(|path| Path::new(path).exists()) else {
        eprintln!("skipped: there is no libfaketime here");
        return;
    };
    let clock = tempfile::tempdir().expect("makes a folder");
    let file = clock.path().join("clock");
    let turn = |offset: &str| {
        let beside = file.with_extension("new");
        fs::write(&beside, offset).and_then(|()| fs::rename(&beside, &file)).expect("turns the clock");
    };
    turn("+0");
    let faked = format!(
        "export LD_PRELOAD={library} FAKETIME_TIMESTAMP_FILE={} FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1",
        file.display()
    );
    let desk = Desk::start(&faked);
    desk.screen("strict", "A-now", 10).expect("it is recorded");
    turn("-3600");
    let refusal = desk.screen("strict", "A-past", 10).expect_err("an hour back is no time to record");
    assert!(refusal.contains("the clock of the machine stands before the last record"), "{refusal}");
    desk.screen("loose", "L-past", 10).expect("it is answered");
    let started = Instant::now();
    while desk.unrecorded() == 0 {
        assert!(started.elapsed() < Duration::from_secs(30), "it is counted");
        std::thread::sleep(Duration::from_millis(50));
    }
    // A step of seconds, as by the protocol that keeps clocks, is none.
    turn("-3");
    desk.screen("strict", "A-seconds", 10).expect("it is recorded");
    turn("+0");
    desk.screen("strict", "A-mended", 10).expect("it is recorded");
    assert_eq!(desk.recorded(), ["A-mended", "A-now", "A-seconds"]);
    assert!(desk.program(&["ledger", "verify", "ledger"]).contains(" 0 faults"));

    // A command says both times.
    let folder = Folder::new();
    run(&folder, &["ledger", "init", "ledger", KEY[0], KEY[1]]);
    let mut hold = folder.command(&["ledger", "hold", "ledger", "--name", "h", "--reference", "A", "--reason", "r"]);
    hold.args(["--by", "ann", KEY[0], KEY[1]]).env("LD_PRELOAD", library).env("FAKETIME", "-3600");
    let output = hold.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("the clock says "), "{said}");
}
