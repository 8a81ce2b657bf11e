//! Ledgers and screenings for the tests.

use ledger::record::{Received, Screened};
use ledger::{Basis, Ledger, MasterKey, Options};
use std::path::Path;
use wire::v1;

pub(crate) fn master() -> MasterKey {
    MasterKey::from_text(&"5a".repeat(32), "the test".to_owned()).unwrap()
}

pub(crate) fn init(root: &Path, options: Options) -> Ledger {
    Ledger::init(root, &master(), Some("example.com/ledger"), options).unwrap()
}

pub(crate) fn open(root: &Path) -> Ledger {
    Ledger::open(root, &master(), Options::default()).unwrap().0
}

/// A clear screening of one party.
pub(crate) fn clear(reference: &str, party: &str) -> Screened {
    let mut request = v1::Shipment {
        reference: reference.to_owned(),
        parties: vec![v1::Party { name: party.to_owned(), country: "DE".to_owned(), ..Default::default() }],
        goods: vec![v1::Goods { description: "hose clamps, stainless steel".to_owned(), ..Default::default() }],
        ..Default::default()
    };
    let answer = v1::Screening {
        reference: reference.to_owned(),
        outcome: v1::screening::Outcome::NoFinding as i32,
        summary: "No finding: nothing is listed.".to_owned(),
        snapshot: format!("sha256:{}", "1".repeat(64)),
        policy: format!("sha256:{}", "2".repeat(64)),
        engine: "tidewaiter 0".to_owned(),
        lists: Some(v1::ListsInForce { count: 9, entries: 9000, ..Default::default() }),
        ..Default::default()
    };
    Screened {
        request: Received::of(&mut request),
        answer,
        caller: "erp".to_owned(),
        trace: String::new(),
        is_verbose: false,
        unread: None,
        context: None,
    }
}

/// Records so many, one by one.
pub(crate) fn record(ledger: &Ledger, count: usize) {
    for n in 0..count {
        let screened = clear(&format!("S-{n}"), &format!("Copper Heron {n} GmbH"));
        ledger.record(vec![screened], &Basis::default(), true).unwrap();
    }
}
