//! What records under one key have in common is kept once, under that key.

use crate::shared::{clear, init, master, open};
use ledger::proof::verify_paper;
use ledger::{Basis, Error, Kind, Ledger, Options, Packing, verify};
use std::time::{Duration, Instant};

/// Records until one is written with a dictionary; gives its number and that of the dictionary.
fn until_there_is_one(ledger: &Ledger) -> (u64, u64) {
    let many = |name: &str, count: usize| -> Vec<_> {
        (0..count).map(|n| clear(&format!("{name}-{n}"), &format!("Copper Heron Components {n} GmbH"))).collect()
    };
    let started = Instant::now();
    ledger.record(many("S", 5000), &Basis::default(), true).unwrap();
    let kinds = |size: u64| (0..size).rev().find(|n| ledger.sealed(*n).unwrap().kind == Kind::Dictionary);
    for n in 0.. {
        let number = ledger.record(many(&format!("T-{n}"), 1), &Basis::default(), true).unwrap().start;
        if ledger.sealed(number).unwrap().packing == Packing::WithDictionary {
            return (number, kinds(number).unwrap());
        }
        assert!(started.elapsed() < Duration::from_secs(60), "no dictionary came");
        std::thread::sleep(Duration::from_millis(20));
    }
    unreachable!("it ends with one, or too late")
}

#[test]
fn a_dictionary_makes_records_shorter_and_goes_with_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    let ledger = init(&root, Options::default());
    let (with, dictionary) = until_there_is_one(&ledger);
    let (alone, shorter) = (ledger.sealed(100).unwrap(), ledger.sealed(with).unwrap());
    assert!(alone.packing != Packing::WithDictionary && alone.kind == Kind::Screening);
    assert!(shorter.payload.len() * 3 < alone.payload.len() * 2, "{} {}", shorter.payload.len(), alone.payload.len());
    assert_eq!(ledger.sealed(dictionary).unwrap().key, shorter.key);
    let said = ledger.show(with).unwrap().answer;
    ledger.seal().unwrap();
    // A proof is over the message, whatever became of it on its way to the disk.
    let paper = ledger.prove(with, true).unwrap();
    assert!(verify_paper(&paper, Some(&ledger.about().public_key)).unwrap().is_disclosed);
    drop(ledger);

    let ledger = open(&root);
    assert_eq!(ledger.show(with).unwrap().answer, said);
    assert_eq!(ledger.catch_up().unwrap(), ledger.size());
    assert!(verify(ledger.layout(), None).unwrap().faults.is_empty());
    // The dictionary says names of its class: with the key it is gone, too.
    assert_eq!(ledger.erase_due(jiff::civil::date(2060, 1, 1), "ann").unwrap().len(), 1);
    assert!(matches!(ledger.show(with), Err(Error::Erased { .. })));
    let verified = verify(ledger.layout(), None).unwrap();
    assert!(verified.faults.is_empty() && verified.erased > 5000, "{:?}", verified.faults);
    drop(ledger);
    assert!(Ledger::open(&root, &master(), Options::default()).is_ok());
}
