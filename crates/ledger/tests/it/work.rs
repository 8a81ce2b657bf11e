//! Finding, deciding, asking again, erasing.

use crate::shared::{clear, init, master, open, record};
use jiff::civil::{Date, date};
use ledger::case::{Action, Decision, Stale, State, Step, Void};
use ledger::index::{Card, CaseQuery, Query};
use ledger::keep::keep_snapshot;
use ledger::record::{Hold, Screened};
use ledger::rescreen::Change;
use ledger::{Basis, Error, Ledger, Options, Ruling, verify};
use model::entry::{Address, Effect, Entry, EntryKind, ListId, Name, NameKind};
use model::snapshot::Snapshot;
use std::fs;
use wire::v1;

const TODAY: Date = date(2026, 11, 30);

fn lists(address: &str) -> Snapshot {
    let mut entry = Entry::new(ListId::new("us-bis-el"), "7", EntryKind::Company, Effect::Licence);
    entry.names.push(Name::new("Grey Cormorant Robotics", NameKind::Primary));
    entry.addresses.push(Address { text: address.to_owned(), country: None });
    Snapshot::from_entries(vec![entry], Vec::new()).unwrap()
}

fn alert(reference: &str, party: &str) -> Screened {
    let mut screened = clear(reference, party);
    screened.answer.outcome = v1::screening::Outcome::Hold as i32;
    screened.answer.findings = vec![v1::Finding {
        reason: v1::finding::Reason::PartyListed as i32,
        severity: v1::finding::Severity::High as i32,
        score: 900,
        field_path: "parties[0].name".to_owned(),
        entry: Some(v1::EntryReference {
            list: "us-bis-el".to_owned(),
            id: "7".to_owned(),
            name: "Grey Cormorant Robotics".to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    }];
    screened
}

fn basis(ledger: &Ledger, address: &str) -> Basis {
    let mut basis = Basis::default();
    basis.context.lists = keep_snapshot(ledger.layout(), &lists(address)).unwrap();
    basis.context.base_policy = "sha256:base".to_owned();
    basis
}

fn only_case(ledger: &Ledger) -> ledger::case::Case {
    let mut cases = ledger.cases(&CaseQuery { limit: 10, ..Default::default() }).unwrap();
    assert_eq!(cases.len(), 1, "{cases:?}");
    cases.pop().unwrap()
}

fn ruling(case: &ledger::case::Case, by: &str, until: Option<Date>) -> Ruling {
    Ruling {
        case: case.id.clone(),
        revision: case.revision,
        by: by.to_owned(),
        note: "another house".to_owned(),
        attachments: Vec::new(),
        decision: Decision::FalsePositive,
        reason: "different_address".to_owned(),
        exception_until: until,
    }
}

fn step(case: &ledger::case::Case, by: &str, action: Action) -> Step {
    let (case, revision, by) = (case.id.clone(), case.revision, by.to_owned());
    Step { case, revision, by, note: String::new(), attachments: Vec::new(), action }
}

#[test]
fn records_are_found_by_what_they_say_and_the_index_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    let ledger = init(&root, Options::default());
    record(&ledger, 30);
    let number = ledger.record(vec![alert("H-1", "Grey Cormorant, Robotics")], &Basis::default(), true).unwrap().start;
    let numbers = |query: Query| -> Vec<u64> {
        ledger.find(&Query { limit: 5, ..query }).unwrap().into_iter().map(|found| found.number).collect()
    };
    let query = Query::default;
    assert_eq!(numbers(Query { party: "GREY CORMORANT robotics".to_owned(), ..query() }), [number]);
    assert_eq!(numbers(Query { party: "grey corm*".to_owned(), ..query() }), [number]);
    assert_eq!(numbers(Query { reference: "H-1".to_owned(), ..query() }), [number]);
    assert_eq!(numbers(Query { list: "us-bis-el".to_owned(), entry: "7".to_owned(), ..query() }), [number]);
    assert_eq!(numbers(Query { reason: Some(v1::finding::Reason::PartyListed), ..query() }), [number]);
    assert_eq!(numbers(Query { outcome: Some(v1::screening::Outcome::Hold), ..query() }), [number]);
    assert_eq!(numbers(Query { caller: "erp".to_owned(), ..query() }).len(), 5);
    assert_eq!(numbers(Query { caller: "nobody".to_owned(), ..query() }), [0; 0]);
    assert_eq!(numbers(Query { from: number, until: Some(number), ..query() }), [0; 0]);
    let before = only_case(&ledger);
    ledger.forget_index().unwrap();
    assert_eq!(only_case(&ledger), before);
    // A file that is no database is made anew, too.
    drop(ledger);
    fs::write(root.join("index.sqlite"), vec![b'x'; 5000]).unwrap();
    assert_eq!(only_case(&open(&root)), before);
}

#[test]
fn a_case_is_decided_by_two_people_and_opens_again_when_its_ground_moves() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = init(&folder.path().join("ledger"), Options::default());
    let old = basis(&ledger, "1 Quay");
    ledger.record(vec![alert("H-1", "Grey Cormorant Robotics GmbH")], &old, true).unwrap();
    let stale = only_case(&ledger);
    ledger.record(vec![alert("H-2", "Grey Cormorant Robotics GmbH")], &old, true).unwrap();
    // Two alerts of one party and entry are one case, and who looked before the second is told.
    let error = ledger.decide(ruling(&stale, "ann", None), TODAY).unwrap_err();
    let Error::Stale(Stale::Changed { changed, .. }) = &error else { panic!("{error}") };
    assert!(changed[0].starts_with("a new alert in record"), "{changed:?}");
    let case = only_case(&ledger);
    assert_eq!((case.alerts, case.state, case.why.as_str()), (2, State::Open, "a new alert"));

    let unknown = Ruling { reason: "because".to_owned(), ..ruling(&case, "ann", None) };
    assert!(ledger.decide(unknown, TODAY).unwrap_err().to_string().contains("expected one of different_name"));
    let late = ledger.decide(ruling(&case, "ann", Some(date(2030, 1, 1))), TODAY).unwrap_err().to_string();
    assert!(late.contains("expected a day from 2026-11-30 to 2027-11-30"), "{late}");
    let case = ledger.decide(ruling(&case, "ann", Some(date(2027, 6, 30))), TODAY).unwrap();
    assert_eq!(case.state, State::Pending);
    assert_eq!(ledger.suppressors().unwrap(), "", "what waits for a second person is not in force");
    let own = ledger.step(&step(&case, "ann", Action::Approve), TODAY).unwrap_err().to_string();
    assert!(own.contains("expected a second person"), "{own}");
    let case = ledger.step(&step(&case, "bob", Action::Approve), TODAY).unwrap();
    assert_eq!(case.state, State::Closed);
    let text = ledger.suppressors().unwrap();
    assert!(text.contains("ruled by bob") && text.contains("expires = 2027-06-30"), "{text}");

    let void = |address: &str, policy: &str, day| ledger.review_exceptions(&lists(address), policy, day).unwrap();
    assert_eq!(void("1 Quay", "sha256:base", TODAY), []);
    let voided = void("2 Quay", "sha256:base", TODAY);
    let [(id, Void::Entry { changes, .. })] = &voided[..] else { panic!("{voided:?}") };
    assert_eq!((id, changes[0].as_str()), (&case.id, "addresses: from 1 Quay to 2 Quay"));
    let case = only_case(&ledger);
    assert_eq!(case.state, State::Open);
    assert!(case.why.contains("from 1 Quay to 2 Quay"), "{}", case.why);
    assert_eq!(ledger.suppressors().unwrap(), "");
    assert_eq!(ledger.case(&case.id).unwrap().1.last().unwrap().revision, case.revision);

    for (policy, day, why) in [("sha256:other", TODAY, "policy"), ("sha256:base", date(2027, 7, 1), "last day")] {
        let case = ledger.decide(ruling(&only_case(&ledger), "ann", Some(date(2027, 6, 30))), TODAY).unwrap();
        ledger.step(&step(&case, "bob", Action::Approve), TODAY).unwrap();
        let voided = void("1 Quay", policy, day);
        assert!(voided[0].1.why().contains(why), "{voided:?}");
    }
}

#[test]
fn some_alerts_of_a_case_are_decided_and_many_at_once_need_a_second_person() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    let ledger = init(&root, Options::default());
    let settings = "[decisions]\nsecond_person = ['bulk']\nbulk_from = 3\n";
    ledger.set_settings(settings, "s.toml", "ann").unwrap();
    let alerts = |from: usize, to: usize| -> Vec<u64> {
        let many = (from..to).map(|n| alert(&format!("H-{n}"), "Grey Cormorant Robotics GmbH")).collect();
        ledger.record(many, &Basis::default(), true).unwrap().collect()
    };
    let numbers = alerts(0, 6);
    let case = only_case(&ledger);
    assert_eq!((case.alerts, case.undecided), (6, 6));
    let ruled = |ledger: &Ledger| -> Vec<Option<Decision>> {
        let rulings = ledger.rulings(&only_case(ledger).id).unwrap();
        rulings.into_iter().map(|alert| alert.ruled.map(|(decision, _)| decision)).collect()
    };
    let other = ledger.decide_some(ruling(&case, "ann", None), &[999], TODAY).unwrap_err().to_string();
    assert!(other.contains("record 999 is no undecided alert of case"), "{other}");
    let part = ledger.decide_some(ruling(&case, "ann", Some(date(2027, 1, 1))), &numbers[..1], TODAY).unwrap_err();
    assert!(part.to_string().contains("expected a decision on all of its alerts"), "{part}");

    // Two of six, by one person; the case stays open for the others.
    let release = Ruling { decision: Decision::Release, ..ruling(&case, "ann", None) };
    let case = ledger.decide_some(release, &numbers[..2], TODAY).unwrap();
    assert_eq!((case.state, case.undecided), (State::Open, 4));
    assert_eq!(case.why, "4 of its 6 alerts are not decided");
    let twice = ledger.decide_some(ruling(&case, "ann", None), &numbers[1..3], TODAY).unwrap_err();
    assert!(twice.to_string().contains(&format!("record {} is no undecided alert", numbers[1])), "{twice}");

    // The other four are a decision in bulk. One that comes while it waits is none of theirs.
    let case = ledger.decide(ruling(&case, "ann", None), TODAY).unwrap();
    assert_eq!((case.state, case.undecided), (State::Pending, 4));
    alerts(6, 7);
    let case = ledger.step(&step(&only_case(&ledger), "bob", Action::Approve), TODAY).unwrap();
    assert_eq!((case.state, case.undecided), (State::Open, 1));
    let (released, cleared) = (Some(Decision::Release), Some(Decision::FalsePositive));
    let expected = [released, released, cleared, cleared, cleared, cleared, None];
    assert_eq!(ruled(&ledger), expected);
    let case = ledger.decide(ruling(&case, "ann", None), TODAY).unwrap();
    assert_eq!((case.state, case.undecided), (State::Closed, 0), "one is not many");
    let before = ledger.rulings(&case.id).unwrap();
    ledger.forget_index().unwrap();
    assert_eq!((only_case(&ledger), ledger.rulings(&case.id).unwrap()), (case.clone(), before), "the log has it all");
    let reopened = ledger.step(&step(&case, "bob", Action::Reopen { why: "an audit".to_owned() }), TODAY).unwrap();
    assert_eq!((reopened.undecided, ruled(&ledger)), (7, vec![None; 7]));
    assert!(verify(ledger.layout(), None).unwrap().faults.is_empty());
}

#[test]
fn a_new_entry_is_asked_against_the_past() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = init(&folder.path().join("ledger"), Options::default());
    record(&ledger, 20);
    for n in 0..3 {
        ledger.record(vec![clear(&format!("G-{n}"), "Grey Cormorant Robotics GmbH")], &Basis::default(), true).unwrap();
    }
    let mut asked = 0;
    let screen = |cards: &[Card]| {
        asked += cards.len();
        let findings = |card: &Card| match card.shipment.parties.first() {
            Some(party) if party.name.starts_with("Grey") => alert("", &party.name).answer.findings,
            _ => Vec::new(),
        };
        Ok(cards.iter().map(findings).collect())
    };
    let change = Change { entries: 1, day: "2020-12-18".to_owned(), by: "ann".to_owned(), ..Default::default() };
    let size = ledger.size();
    let given_up = ledger.rescreen(change.clone(), |cards| Ok(vec![Vec::new(); cards.len()]), |_, _| false);
    assert!(matches!(given_up, Err(Error::Cancelled)) && ledger.size() == size, "what is given up leaves no record");
    let done = ledger.rescreen(change, screen, |_, _| true).unwrap();
    // Twenty parties, the one that came three times, and one goods text that all share.
    assert_eq!((asked, done.cards), (22, 22));
    assert_eq!((done.found.len(), done.found[0].records.len()), (1, 3));
    let case = only_case(&ledger);
    assert_eq!((case.why.as_str(), case.alerts), ("found by the change of 2020-12-18", 3));
    let gone = Change { removed: vec![("us-bis-el".to_owned(), "7".to_owned())], ..Default::default() };
    let done = ledger.rescreen(gone, |_| panic!("nothing came"), |_, _| true).unwrap();
    assert_eq!(done.released[0].case, case.id);
}

#[test]
fn what_is_due_is_erased_unless_it_is_held_and_the_log_still_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    let ledger = init(&root, Options::default());
    let settings =
        "[[class]]\nname = 'eu'\nyears = 5\noutcomes = ['NO_FINDING']\n[[class]]\nname = 'rest'\nyears = 10\n";
    ledger.set_settings(settings, "s.toml", "ann").unwrap();
    record(&ledger, 5);
    let kept = ledger.record(vec![alert("H-1", "Grey Cormorant Robotics")], &Basis::default(), true).unwrap().start;
    let erased = ledger.record(vec![clear("E-1", "Silver Thistle")], &Basis::default(), true).unwrap().start;
    let hold = Hold {
        name: "case 12/2031".to_owned(),
        by: "party".to_owned(),
        value: "silver thistle".to_owned(),
        reason: "an inquiry".to_owned(),
        who: "counsel".to_owned(),
        is_lifted: false,
    };
    ledger.hold(&hold).unwrap();
    let later = date(2040, 1, 1);
    let soon = jiff::Zoned::now().date().saturating_add(jiff::Span::new().years(6));
    assert_eq!(ledger.erase_due(soon, "ann").unwrap(), [], "it is held");
    ledger.hold(&Hold { is_lifted: true, ..hold }).unwrap();
    let done = ledger.erase_due(soon, "ann").unwrap();
    assert_eq!((done.len(), done[0].info.class.as_str(), done[0].records), (1, "eu", 6));
    assert!(matches!(ledger.show(erased), Err(Error::Erased { .. })));
    assert_eq!(ledger.show(kept).unwrap().answer.reference, "H-1");
    assert_eq!(ledger.find(&Query { reference: "E-1".to_owned(), limit: 1, ..Query::default() }).unwrap(), []);
    let index = fs::read(root.join("index.sqlite")).unwrap();
    assert!(!index.windows(14).any(|w| w == b"Silver Thistle"), "the index forgets, too");
    let verified = verify(ledger.layout(), None).unwrap();
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    assert_eq!(verified.erased, 6);
    // A new key of the same class does not take the number of the old one.
    record(&ledger, 1);
    drop(ledger);
    let ledger = Ledger::open(&root, &master(), Options::default()).unwrap().0;
    assert!(verify(ledger.layout(), None).unwrap().faults.is_empty());
    assert_eq!(ledger.erase_due(later, "ann").unwrap().len(), 2);
}
