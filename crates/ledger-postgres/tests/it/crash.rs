//! Replicas and the server are killed while they write.

use crate::server::{Server, master, screened};
use ledger::index::Query;
use ledger::{Basis, Ledger, Options, verify};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Sender;
use std::time::Duration;

/// Records that are handed over together.
const GROUP: usize = 20;

/// The other process of [`no_acknowledged_record_is_lost_when_replicas_and_the_server_are_killed`]: writes groups until it is
/// killed, and prints the number of the first record of each that is recorded. Does nothing where it is not told where.
#[test]
fn replica_process() {
    let (Ok(root), Ok(address)) = (std::env::var("REPLICA_ROOT"), std::env::var("REPLICA_ADDRESS")) else { return };
    let open =
        || Ledger::open_shared(Path::new(&root), &master(), Options::default(), ledger_postgres::open(&address)?);
    // The server may be on its way up.
    let ledger = std::iter::repeat_with(|| {
        let opened = open();
        if let Err(error) = &opened {
            println!("\nfault {error}");
            std::thread::sleep(Duration::from_millis(100));
        }
        opened.ok()
    });
    let (ledger, _) = ledger.flatten().next().unwrap();
    let pid = std::process::id();
    let party = || Query { party: "copper heron gmbh".to_owned(), limit: 1_000_000, ..Query::default() };
    for group in 0.. {
        if group % 5 == 4 {
            match ledger.find(&party()) {
                Ok(found) => println!("\nfound {}", found.len()),
                Err(error) => println!("\nfault {error}"),
            }
        }
        let records = (0..GROUP).map(|n| screened(&format!("{pid}-{group}-{n}"), "Copper Heron GmbH")).collect();
        match ledger.record(records, &Basis::default(), true) {
            Ok(numbers) => println!("\nrecorded {} {pid}-{group}", numbers.start),
            Err(error) => {
                println!("\nfault {error}");
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        std::io::stdout().flush().unwrap();
    }
}

/// Starts a replica; what it prints comes over `said`.
fn replica(root: &Path, address: &str, said: Sender<String>) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["crash::replica_process", "--exact", "--nocapture"])
        .env("REPLICA_ROOT", root)
        .env("REPLICA_ADDRESS", address)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| said.send(line)));
    child
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn no_acknowledged_record_is_lost_when_replicas_and_the_server_are_killed() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let [one, two, three] = ["one", "two", "three"].map(|name| folder.path().join(name));
    drop(server.init_with_index(&one));
    drop(server.join(&two));
    let (said, heard) = std::sync::mpsc::channel();
    let start = |root: &Path| replica(root, &server.address(), said.clone());
    let (first, mut second) = (start(&one), start(&two));
    for round in 0..8_u64 {
        // At moments that have nothing to do with what is written.
        std::thread::sleep(Duration::from_millis(700 + round * 373 % 500));
        kill(second);
        if round == 4 {
            server.crash();
            server.go();
        }
        second = start(&two);
    }
    std::thread::sleep(Duration::from_secs(2));
    kill(first);
    kill(second);
    drop(said);
    let lines: Vec<String> = heard.into_iter().collect();
    let recorded: Vec<(u64, &str)> = lines.iter().filter_map(|line| line.strip_prefix("recorded ")).map(read).collect();
    let writers: BTreeSet<&str> = recorded.iter().filter_map(|(_, group)| group.split('-').next()).collect();
    assert!(recorded.len() > 20 && writers.len() > 3, "{} groups of {} replicas", recorded.len(), writers.len());

    // A copy that is made now has everything.
    let ledger = server.join(&three);
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for number in 0..ledger.size() {
        if let Ok(shown) = ledger.show(number) {
            let group = shown.answer.reference.rsplit_once('-').unwrap().0.to_owned();
            *groups.entry(group).or_default() += 1;
        }
    }
    for (first, group) in &recorded {
        for n in 0..GROUP {
            let shown = ledger.show(first + n as u64).unwrap();
            assert_eq!(shown.answer.reference, format!("{group}-{n}"));
        }
    }
    let found = ledger.find(&Query { party: "copper heron gmbh".to_owned(), limit: 1_000_000, ..Query::default() });
    let found: Vec<u64> = found.unwrap().into_iter().map(|found| found.number).collect();
    assert_eq!(found.len(), groups.values().sum::<usize>(), "every record is in the index, once");
    assert!(lines.iter().filter(|line| line.starts_with("found ")).count() > 3, "it was filled while they were killed");
    let halves: Vec<_> = groups.iter().filter(|(_, count)| **count != GROUP).collect();
    assert!(halves.is_empty(), "groups that are not whole: {halves:?}");
    println!("{} records, {} groups acknowledged by {} replicas", ledger.size(), recorded.len(), writers.len());

    // One tree: every copy ends with the same head, and each verifies.
    let head = ledger.seal().unwrap();
    for root in [&one, &two] {
        let copy = server.open(root);
        copy.pull().unwrap();
        assert_eq!(copy.heads().unwrap().last().unwrap().0, head);
    }
    drop(ledger);
    for root in [&one, &two, &three] {
        let verified = verify(&ledger::Layout::new(root), None).unwrap();
        assert!(verified.faults.is_empty(), "{root:?}: {:?}", verified.faults);
        assert_eq!((verified.records, verified.sealed), (head.size, head.size));
    }
}

fn read(line: &str) -> (u64, &str) {
    let (number, group) = line.split_once(' ').unwrap();
    (number.parse().unwrap(), group)
}
