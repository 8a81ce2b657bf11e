//! What is written comes back.

use crate::shared::{clear, init, master, open, record};
use ledger::proof::verify_paper;
use ledger::{Basis, Error, Kind, Ledger, MasterKey, Options, Pace, verify};
use std::time::Duration;

#[test]
fn screenings_come_back_as_they_were_and_the_tree_holds() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    // Small segments, so that there are several.
    let pace = Pace { segment_bytes: 40_000, seal_records: 100, seal_every: Duration::from_secs(60) };
    let ledger = init(&root, Options { pace, ..Options::default() });
    let many: Vec<_> = (0..700).map(|n| clear(&format!("S-{n}"), &format!("Party {n}"))).collect();
    let numbers = ledger.record(many.clone(), &Basis::default(), true).unwrap();
    record(&ledger, 50);
    let shown = ledger.show(numbers.start + 3).unwrap();
    assert_eq!((&shown.request, &shown.answer), (&many[3].request.request().unwrap(), &many[3].answer));
    assert_eq!((shown.caller.as_str(), shown.context.template.is_empty()), ("erp", false));
    let size = ledger.size();
    drop(ledger);

    let again = open(&root);
    assert_eq!(again.size(), size);
    assert_eq!(again.show(numbers.end - 1).unwrap().answer, many[699].answer);
    record(&again, 3);
    let head = again.seal().unwrap();
    assert_eq!(head.size, again.size());
    let verified = verify(again.layout(), None).unwrap();
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    assert_eq!((verified.records, verified.sealed, verified.torn), (head.size, head.size, 0));
    let since = verify(again.layout(), Some(710)).unwrap();
    assert!(since.faults.is_empty() && since.records < 500, "{since:?}");
    assert!(std::fs::read_dir(again.layout().log()).unwrap().count() > 2);

    let paper = again.prove(numbers.start, true).unwrap();
    let verdict = verify_paper(&paper, Some(&again.about().public_key)).unwrap();
    assert_eq!((verdict.record, verdict.head.size, verdict.is_disclosed), (numbers.start, head.size, true));
    let mut other = paper.clone();
    other.record += 1;
    assert!(verify_paper(&other, None).is_err());
    other = paper.clone();
    other.disclosed.as_mut().unwrap().message = other.disclosed.as_ref().unwrap().salt.clone();
    assert!(verify_paper(&other, None).unwrap_err().contains("commits"));
    assert!(verify_paper(&paper, Some(&[9; 32])).unwrap_err().contains("another ledger's key"));
}

#[test]
fn bad_openings_have_clear_errors() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    let none = Ledger::open(&root, &master(), Options::default()).unwrap_err().to_string();
    assert!(none.contains("holds no ledger"), "{none}");
    let ledger = init(&root, Options::default());
    let locked = Ledger::open(&root, &master(), Options::default()).unwrap_err();
    assert!(matches!(locked, Error::Locked { .. }), "{locked}");
    // Readers are welcome meanwhile.
    record(&ledger, 2);
    assert_eq!(Ledger::read(&root, &master()).unwrap().size(), ledger.size());
    let read_only = Ledger::read(&root, &master()).unwrap();
    let refused = read_only.record(vec![clear("x", "y")], &Basis::default(), true).unwrap_err().to_string();
    assert!(refused.contains("open for reading alone"), "{refused}");
    drop(ledger);
    let other = MasterKey::from_text(&"11".repeat(32), "the test".to_owned()).unwrap();
    let wrong = Ledger::open(&root, &other, Options::default()).unwrap_err().to_string();
    assert!(wrong.contains("wrong master key") && wrong.contains("keys/seal.key"), "{wrong}");
    let twice = Ledger::init(&root, &master(), None, Options::default()).unwrap_err().to_string();
    assert!(twice.contains("is not empty"), "{twice}");
    let text = MasterKey::from_text("abc", "the file k".to_owned()).unwrap_err().to_string();
    assert_eq!(text, "master key from the file k: expected 64 hexadecimal digits and nothing else");
    let command = MasterKey::from_command("echo nothing here >&2; exit 3").unwrap_err().to_string();
    assert!(command.contains("nothing here"), "{command}");
    assert_eq!(open(&root).sealed(0).unwrap().kind, Kind::Genesis);
}

#[test]
fn many_writers_at_once_get_numbers_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = init(&folder.path().join("ledger"), Options::default());
    let mut numbers: Vec<u64> = std::thread::scope(|scope| {
        let write = |thread: usize| {
            let ledger = &ledger;
            move || {
                let one = |n: usize| {
                    let screened = clear(&format!("{thread}-{n}"), "Someone");
                    ledger.record(vec![screened], &Basis::default(), n.is_multiple_of(2)).unwrap().start
                };
                (0..40).map(one).collect::<Vec<_>>()
            }
        };
        let threads: Vec<_> = (0..8).map(|thread| scope.spawn(write(thread))).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 320);
    for number in &numbers {
        assert_eq!(ledger.show(*number).unwrap().answer.snapshot.len(), 71);
    }
}
