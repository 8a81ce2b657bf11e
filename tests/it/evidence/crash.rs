//! kill -9 while a batch is recorded: what was acknowledged is there, and the ledger holds.

use super::{KEY, run, shipment};
use crate::cli::Folder;
use ::ledger::index::Query;
use ::ledger::{Ledger, MasterKey, Options, verify};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Kills at so many moments, spread over a run.
fn kill(times: u32) {
    let folder = Folder::new();
    run(&folder, &["ledger", "init", "ledger", KEY[0], KEY[1]]);
    folder.file("list.csv", "name,list\nGrey Cormorant Robotics,own\n");
    let input: String =
        (0..6000).map(|n| shipment(&format!("K-{n}"), &format!("Blue Larch {n} Ltd"), "NL", "")).collect();
    folder.file("in.jsonl", input);
    let args = ["batch", "in.jsonl", "--out", "out.jsonl", "--list", "list.csv", "--ledger", "ledger", KEY[0], KEY[1]];
    let started = Instant::now();
    run(&folder, &args);
    let whole = started.elapsed();
    let master = MasterKey::from_file(&folder.path("master.key")).expect("it reads");
    let mut screenings = 6000;
    let mut cuts = 0;
    for n in 1..=times {
        let _none = std::fs::remove_file(folder.path("out.jsonl.partial"));
        let mut child = folder.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        // Not evenly: the tenths of a golden angle never fall on the same moment of a run.
        let share = f64::from(n) * 0.618_034 % 1.0;
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * share));
        let _ended = child.kill();
        child.wait().expect("it ends");
        let written =
            ["out.jsonl.partial", "out.jsonl"].map(|name| std::fs::read(folder.path(name)).unwrap_or_default());
        // A whole run renames its output.
        let written = if written[0].is_empty() && share > 0.8 { &written[1] } else { &written[0] };
        let acknowledged = written.iter().filter(|b| **b == b'\n').count();
        let (ledger, report) = Ledger::open(&folder.path("ledger"), &master, Options::default()).expect("it opens");
        cuts += u32::from(report.cut.is_some());
        let found = ledger.find(&Query { limit: usize::MAX, ..Query::default() }).expect("it finds").len();
        assert!(found >= screenings + if share > 0.8 { 0 } else { acknowledged }, "{n}: {found}, {acknowledged}");
        screenings = found;
        drop(ledger);
        let verified = verify(&::ledger::Layout::new(&folder.path("ledger")), None).expect("it is checked");
        assert!(verified.faults.is_empty(), "{n}: {:?}", verified.faults);
    }
    println!("{times} kills, {screenings} screenings, {cuts} torn ends cut off");
}

/// KILLS says at how many moments; the bar is fifty.
#[test]
fn a_killed_batch_leaves_a_ledger_that_holds() {
    kill(std::env::var("KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(4));
}
