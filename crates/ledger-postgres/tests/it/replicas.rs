//! What one replica does, the others see.

use crate::server::{Server, alert, screened};
use ledger::case::{Action, Case, Stale, Step};
use ledger::index::{CaseQuery, Query};
use ledger::record::Hold;
use ledger::settings::DEFAULT_SETTINGS;
use ledger::{Basis, Error, Ledger, verify};
use std::path::Path;

fn only_case(ledger: &Ledger) -> Case {
    let mut cases = ledger.cases(&CaseQuery { limit: 10, ..Default::default() }).unwrap();
    assert_eq!(cases.len(), 1, "{cases:?}");
    cases.pop().unwrap()
}

fn assign(case: &Case, to: &str) -> Step {
    let (case, revision, by) = (case.id.clone(), case.revision, "ann".to_owned());
    let action = Action::Assign { to: to.to_owned() };
    Step { case, revision, by, note: String::new(), attachments: Vec::new(), action }
}

fn find(ledger: &Ledger, party: &str) -> Vec<u64> {
    let query = Query { party: party.to_owned(), limit: 50, ..Query::default() };
    ledger.find(&query).unwrap().into_iter().map(|found| found.number).collect()
}

#[test]
fn records_cases_settings_and_files_are_the_same_in_every_replica() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    are_the_same(&server, folder.path(), server.init(&folder.path().join("one")));
}

#[test]
fn records_cases_settings_and_files_are_the_same_with_the_index_in_the_database() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    are_the_same(&server, folder.path(), server.init_with_index(&folder.path().join("one")));
}

fn are_the_same(server: &Server, folder: &Path, one: Ledger) {
    let two = server.join(&folder.join("two"));
    // Both need a data key at once, and one is made.
    std::thread::scope(|scope| {
        for (ledger, name) in [(&one, "A"), (&two, "B")] {
            scope.spawn(move || {
                for n in 0..10 {
                    let record = screened(&format!("{name}-{n}"), "Copper Heron GmbH");
                    ledger.record(vec![record], &Basis::default(), true).unwrap();
                }
            });
        }
    });
    assert_eq!(find(&one, "copper heron gmbh").len(), 20);
    assert_eq!(find(&one, "copper heron gmbh"), find(&two, "copper heron gmbh"));
    assert_eq!((one.keys().unwrap().len(), one.keys().unwrap()), (1, two.keys().unwrap()));

    // A step counts once, in the order of the log; who comes second is told what changed.
    one.record(vec![alert("H-1", "Grey Cormorant")], &Basis::default(), true).unwrap();
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let case = only_case(&two);
    assert_eq!(case, only_case(&one));
    let taken: Vec<_> = std::thread::scope(|scope| {
        let case = &case;
        let take = |(ledger, to): (&'static str, &Ledger)| ledger_step(to, case, ledger, today);
        let threads = [("bob", &one), ("eve", &two)].map(|each| scope.spawn(move || take(each)));
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let stale = taken.iter().filter(|done| matches!(done, Err(Error::Stale(Stale::Changed { .. })))).count();
    assert_eq!((stale, taken.iter().filter(|done| done.is_ok()).count()), (1, 1), "{taken:?}");
    assert_eq!(only_case(&one), only_case(&two));

    let settings = DEFAULT_SETTINGS.replace("due_days = 3", "due_days = 9");
    assert_ne!(settings, DEFAULT_SETTINGS);
    one.set_settings(&settings, "settings.toml", "ann").unwrap();
    two.pull().unwrap();
    assert_eq!(two.settings().decisions.due_days, 9);
    let attachment = two.keep(b"an invoice").unwrap();
    one.pull().unwrap();
    assert_eq!(one.kept("the attachment", &attachment).unwrap(), b"an invoice");

    let head = one.seal().unwrap();
    two.pull().unwrap();
    assert_eq!(two.heads().unwrap().last().unwrap().0, head);
    for ledger in [&one, &two] {
        let verified = verify(ledger.layout(), None).unwrap();
        assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    }
}

fn ledger_step(ledger: &Ledger, case: &Case, to: &str, today: jiff::civil::Date) -> ledger::Result<Case> {
    ledger.step(&assign(case, to), today)
}

#[test]
fn what_is_erased_is_gone_from_every_copy_and_a_hold_of_another_replica_keeps_it() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    is_gone(&server, folder.path(), server.init(&folder.path().join("one")));
}

#[test]
fn what_is_erased_is_gone_from_the_index_in_the_database() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    is_gone(&server, folder.path(), server.init_with_index(&folder.path().join("one")));
}

fn is_gone(server: &Server, folder: &Path, one: Ledger) {
    let two = server.join(&folder.join("two"));
    let number = one.record(vec![screened("E-1", "Silver Thistle")], &Basis::default(), true).unwrap().start;
    assert_eq!(find(&two, "silver thistle"), [number]);
    let hold = Hold {
        name: "inquiry".to_owned(),
        by: "party".to_owned(),
        value: "silver thistle".to_owned(),
        reason: "an inquiry".to_owned(),
        who: "counsel".to_owned(),
        is_lifted: false,
    };
    one.hold(&hold).unwrap();
    let later = jiff::civil::date(2060, 1, 1);
    assert_eq!(two.erase_due(later, "ann").unwrap(), [], "the other replica's hold keeps it");
    assert!(two.hold(&hold).unwrap_err().to_string().contains("is there already"));
    two.hold(&Hold { is_lifted: true, ..hold }).unwrap();
    // A third copy is closed while that happens, and hears of it when it is opened.
    drop(server.join(&folder.join("three")));
    assert_eq!(one.erase_due(later, "ann").unwrap().len(), 1);
    let three = server.open(&folder.join("three"));
    for ledger in [&one, &two, &three] {
        assert_eq!(find(ledger, "silver thistle"), [0; 0]);
        assert!(matches!(ledger.show(number), Err(Error::Erased { .. })));
        assert!(ledger.keys().unwrap().is_empty());
    }
    // The next key has another number, whoever makes it.
    two.record(vec![screened("E-2", "Quiet Plover")], &Basis::default(), true).unwrap();
    assert_eq!(three.record(vec![screened("E-3", "Quiet Plover")], &Basis::default(), true).unwrap().count(), 1);
    assert_eq!(find(&one, "quiet plover").len(), 2);
    assert_eq!(one.keys().unwrap()[0].key.0, 2);
    one.seal().unwrap();
    for ledger in [&one, &two, &three] {
        ledger.pull().unwrap();
        let verified = verify(ledger.layout(), None).unwrap();
        assert!(verified.faults.is_empty() && verified.erased > 0, "{:?}", verified.faults);
    }
}
