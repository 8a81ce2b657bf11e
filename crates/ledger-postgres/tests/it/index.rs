//! The index in the database: it says what a file beside a copy says, whoever fills it, and whatever happens meanwhile.

use crate::server::{Server, alert, master, screened};
use jiff::civil::{Date, date};
use ledger::case::{Action, Case, Decision, Step};
use ledger::index::{CaseQuery, Query};
use ledger::record::{Hold, Screened};
use ledger::rescreen::Change;
use ledger::{Basis, Error, Ledger, Ruling};
use wire::v1;

/// Empties the tables as if they were begun anew.
const EMPTY: &str = "CREATE TABLE saved AS SELECT * FROM tidewaiter_index.meta; \
     UPDATE saved SET value = '0' WHERE key = 'next'; \
     TRUNCATE tidewaiter_index.meta, tidewaiter_index.word, tidewaiter_index.record, tidewaiter_index.day, \
     tidewaiter_index.card, tidewaiter_index.print, tidewaiter_index.name, tidewaiter_index.seen, tidewaiter_index.finding, \
     tidewaiter_index.cases, tidewaiter_index.case_alert, tidewaiter_index.case_event, tidewaiter_index.hold";

const TODAY: Date = date(2026, 11, 30);

fn record(ledger: &Ledger, screened: Screened) -> u64 {
    ledger.record(vec![screened], &Basis::default(), true).unwrap().start
}

fn by_party(party: &str) -> Query {
    Query { party: party.to_owned(), limit: 1000, ..Query::default() }
}

fn numbers(ledger: &Ledger, query: &Query) -> Vec<u64> {
    ledger.find(query).unwrap().into_iter().map(|found| found.number).collect()
}

fn ruling(case: &Case, decision: Decision) -> Ruling {
    let (case, revision, by, reason) = (case.id.clone(), case.revision, "ann".to_owned(), "different_name".to_owned());
    let (note, attachments) = ("looked\u{1F50D} at".to_owned(), Vec::new());
    Ruling { case, revision, by, note, attachments, decision, reason, exception_until: None }
}

fn step(case: &Case, by: &str, action: Action) -> Step {
    let (case, revision, by) = (case.id.clone(), case.revision, by.to_owned());
    Step { case, revision, by, note: String::new(), attachments: Vec::new(), action }
}

/// An alert about another entry than that of [`alert`].
fn other_alert(reference: &str, party: &str, entry: &str) -> Screened {
    let mut screened = alert(reference, party);
    screened.answer.outcome = v1::screening::Outcome::Review as i32;
    let finding = &mut screened.answer.findings[0];
    finding.reason = v1::finding::Reason::PartyAddress as i32;
    finding.entry = Some(v1::EntryReference {
        list: "curated".to_owned(),
        id: entry.to_owned(),
        name: "Quiet Plover".to_owned(),
        ..Default::default()
    });
    screened
}

/// A ledger with everything that the index tells apart.
fn fill(ledger: &Ledger) {
    let long = "Very Long Name ".repeat(400);
    for n in 0..40 {
        record(ledger, screened(&format!("S-{n}"), &format!("Copper Heron {} GmbH", n % 7)));
    }
    for name in ["Ärzte & Söhne", "河豚貿易有限公司", "Ünïcödé", "Zorro", &long, &format!("{long}B")] {
        record(ledger, screened(name, name));
    }
    for n in 0..5 {
        record(ledger, alert(&format!("H-{n}"), "Grey Cormorant"));
        record(ledger, other_alert(&format!("P-{n}"), &format!("Quiet Plover {}", n % 2), &"e".repeat(3000 + n % 2)));
    }
    let cases = ledger.cases(&CaseQuery { limit: 10, ..Default::default() }).unwrap();
    assert_eq!(cases.len(), 3, "{cases:?}");
    ledger.decide(ruling(&cases[0], Decision::FalsePositive), TODAY).unwrap();
    ledger.step(&step(&cases[1], "bob", Action::Assign { to: "eve".to_owned() }), TODAY).unwrap();
    let released = ledger.decide(ruling(&cases[2], Decision::Release), TODAY).unwrap();
    ledger.step(&step(&released, "bob", Action::Approve), TODAY).unwrap();
    record(ledger, alert("H-9", "Grey Cormorant"));
    let hold = |name: &str, by: &str, value: &str, is_lifted| {
        let (name, by, value) = (name.to_owned(), by.to_owned(), value.to_owned());
        ledger.hold(&Hold { name, by, value, reason: "an inquiry".to_owned(), who: "counsel".to_owned(), is_lifted })
    };
    hold("a", "party", "grey corm*", false).unwrap();
    hold("b", "reference", "S-3", false).unwrap();
    hold("c", "case", &cases[0].id, false).unwrap();
    hold("b", "", "", true).unwrap();
    let screen = |cards: &[ledger::index::Card]| {
        let findings = |card: &ledger::index::Card| match card.shipment.parties.first() {
            Some(party) if party.name.starts_with("Copper Heron 3") => alert("", &party.name).answer.findings,
            _ => Vec::new(),
        };
        Ok(cards.iter().map(findings).collect())
    };
    let change = Change { entries: 1, lists: "12".repeat(32), day: "2026-11-30".to_owned(), ..Default::default() };
    ledger.rescreen(change, screen, |_, _| true).unwrap();
}

/// What the index says to every question, each in a line.
fn answers(ledger: &Ledger) -> Vec<String> {
    let text = str::to_owned;
    let query = || Query { limit: 7, ..Query::default() };
    let long = "Very Long Name ".repeat(400);
    let mut said = Vec::new();
    for party in ["copper heron 3 gmbh", "COPPER*", "*", "ärzte*", "河豚*", "zorro", "nobody", &long, "very long*"] {
        said.push(format!("{:?}", ledger.find(&Query { party: text(party), ..query() })));
        let query = Query { party: text(party), outcome: Some(v1::screening::Outcome::Hold), ..query() };
        said.push(format!("{:?}", ledger.find(&query)));
    }
    for query in [
        query(),
        Query { reference: text("S-3"), ..query() },
        Query { reference: long, ..query() },
        Query { list: text("us-bis-el"), ..query() },
        Query { entry: text("7"), ..query() },
        Query { list: text("curated"), entry: "e".repeat(3001), ..query() },
        Query { list: text("none"), entry: text("7"), ..query() },
        Query { reason: Some(v1::finding::Reason::PartyAddress), ..query() },
        Query { outcome: Some(v1::screening::Outcome::NoFinding), ..query() },
        Query { outcome: Some(v1::screening::Outcome::Review), caller: text("erp"), ..query() },
        Query { caller: text("nobody"), ..query() },
        Query { from: 20, until: Some(33), limit: 1000, ..Query::default() },
        Query { from: 50, until: Some(u64::MAX), reason: Some(v1::finding::Reason::PartyListed), ..query() },
    ] {
        said.push(format!("{:?}", ledger.find(&query)));
    }
    let query = || CaseQuery { limit: 10, ..CaseQuery::default() };
    for query in [
        query(),
        CaseQuery { limit: 1, ..query() },
        CaseQuery { state: text("closed"), ..query() },
        CaseQuery { assignee: text("eve"), ..query() },
        CaseQuery { queue: text("default"), due_by: text("2060-01-01"), ..query() },
        CaseQuery { due_by: text("2000-01-01"), ..query() },
        CaseQuery { list: text("curated"), entry: "e".repeat(3000), ..query() },
        CaseQuery { party: text("corm"), ..query() },
        CaseQuery { party: text("--"), ..query() },
        CaseQuery { reference: text("H-3"), ..query() },
    ] {
        said.push(format!("{:?} {:?}", ledger.cases(&query), ledger.case_counts(&query)));
        said.push(format!("{:?}", ledger.cases_from(&query, 1)));
    }
    for case in ledger.cases(&query()).unwrap() {
        said.push(format!("{:?} {:?}", ledger.case(&case.id), ledger.rulings(&case.id)));
    }
    said.push(format!("{:?}", ledger.case("99-0").map_err(|e| e.to_string())));
    said.push(format!("{:?} {:?} {:?}", ledger.exceptions(), ledger.holds(), ledger.retention()));
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    said.push(format!(
        "{:?} {:?}",
        ledger.outcomes(today),
        ledger.outcomes(TODAY.saturating_sub(jiff::ToSpan::years(9)))
    ));
    said.push(format!("{:?} {:?}", ledger.reasons_of_closed(), ledger.asked_up_to()));
    let mut cards = Vec::new();
    let screen = |asked: &[ledger::index::Card]| {
        cards.extend(asked.iter().map(|card| format!("{:?} {:?}", card.kind, card.shipment)));
        Ok(vec![Vec::new(); asked.len()])
    };
    let change = Change { entries: 1, ..Default::default() };
    assert!(matches!(ledger.rescreen(change, screen, |_, _| false), Err(Error::Cancelled)));
    cards.sort_unstable();
    said.push(cards.join("\n"));
    said
}

#[test]
fn both_databases_give_the_same_answers() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
    let ledger = server.init(&one);
    fill(&ledger);
    let from_file = answers(&ledger);
    assert!(from_file.iter().all(|said| !said.contains("Err(Index")), "{from_file:?}");
    assert!(one.join("index.sqlite").exists() && !ledger.has_shared_index());
    let same = |ledger: &Ledger, whose: &str| {
        for (at, (file, database)) in from_file.iter().zip(answers(ledger)).enumerate() {
            assert_eq!(*file, database, "answer {at} of {whose}");
        }
    };
    server.place().move_index(true).unwrap();
    same(&ledger, "the replica that fills it");
    assert!(ledger.has_shared_index() && !one.join("index.sqlite").exists(), "no name stays in a file");
    let other = server.join(&two);
    same(&other, "another one");
    assert!(!two.join("index.sqlite").exists());
    // Record by record, as a service fills it.
    other.forget_index().unwrap();
    same(&ledger, "the first, emptied by another");
    // And back: the tables are gone, the replicas make their files.
    server.place().move_index(false).unwrap();
    same(&other, "the other with its file again");
    assert!(two.join("index.sqlite").exists());
    assert_eq!(server.count("SELECT count(*) FROM pg_namespace WHERE nspname = 'tidewaiter_index'"), 0);
}

#[test]
fn texts_that_a_database_cannot_hold_are_found() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let ledger = server.init_with_index(&folder.path().join("one"));
    let number = record(&ledger, alert("A\0B", "Zero \0 Trading"));
    assert_eq!(numbers(&ledger, &Query { reference: "A\0B".to_owned(), limit: 5, ..Query::default() }), [number]);
    assert_eq!(numbers(&ledger, &by_party("zero \0 trading")), [number]);
    let note = Step {
        note: "a\0b".to_owned(),
        ..step(&ledger.cases(&CaseQuery { limit: 1, ..Default::default() }).unwrap()[0], "ann", Action::Note)
    };
    ledger.step(&note, TODAY).unwrap();
}

#[test]
fn an_index_of_another_version_or_ledger_is_made_again_and_a_newer_one_refused() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let ledger = server.init_with_index(&folder.path().join("one"));
    let number = record(&ledger, screened("A", "Copper Heron GmbH"));
    let find = || ledger.find(&by_party("copper heron gmbh"));
    assert_eq!(find().unwrap()[0].number, number);
    let put = |key: &str, value: &str| {
        server.sql(&format!("UPDATE tidewaiter_index.meta SET value = '{value}' WHERE key = '{key}'"));
    };
    let spoilt = "INSERT INTO tidewaiter_index.name VALUES ('nobody', 1)";
    for damage in ["version 4", "ledger 00", "drop", "next 99"] {
        server.sql(spoilt);
        match damage.split_once(' ') {
            Some((key, value)) => put(key, value),
            None => server.sql("DROP SCHEMA tidewaiter_index CASCADE"),
        }
        assert_eq!(numbers(&ledger, &by_party("copper heron gmbh")), [number], "{damage}");
        assert_eq!(numbers(&ledger, &by_party("nobody")), [0; 0], "{damage}");
    }
    put("version", "99");
    let said = find().unwrap_err().to_string();
    assert!(said.contains("the index: it is of version 99") && said.contains("use a newer one"), "{said}");
    put("version", "5");
    server.crash();
    let said = find().unwrap_err().to_string();
    assert!(said.contains("Postgres") && !said.contains("5a5a"), "{said}");
    server.go();
    let again = std::iter::repeat_with(find).take(3).find_map(Result::ok);
    assert_eq!(again.unwrap()[0].number, number, "it goes on by itself");
}

#[test]
fn what_is_erased_is_in_no_table_whoever_fills_the_index() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let one = server.init_with_index(&folder.path().join("one"));
    let two = server.join(&folder.path().join("two"));
    record(&one, screened("E-1", "Silver Thistle"));
    assert_eq!(numbers(&two, &by_party("silver thistle")).len(), 1);
    let names = "SELECT count(*) FROM tidewaiter_index.name WHERE squeezed = 'silverthistle'";
    assert_eq!(server.count(names), 1);
    let before = one.size();
    one.erase_due(date(2060, 1, 1), "ann").unwrap();
    assert_eq!(server.count(names), 0);
    // As if the replica that erased had been killed before it emptied the tables.
    let back = format!("UPDATE tidewaiter_index.meta SET value = '{before}' WHERE key IN ('next', 'known')");
    server.sql(&format!("INSERT INTO tidewaiter_index.name VALUES ('silverthistle', 1); {back}"));
    assert_eq!(numbers(&two, &by_party("silver thistle")), [0; 0]);
    assert_eq!(server.count(names), 0);
}

#[test]
fn a_reader_beside_a_service_waits_for_what_other_replicas_filled() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("one");
    let one = server.init_with_index(&root);
    let two = server.join(&folder.path().join("two"));
    let reader = Ledger::read_shared(&root, &master(), server.place()).unwrap();
    let number = record(&two, screened("A", "Copper Heron GmbH"));
    assert_eq!(numbers(&two, &by_party("copper heron gmbh")), [number]);
    let found = numbers(&reader, &by_party("copper heron gmbh"));
    assert_eq!(found, [number]);
    assert_eq!(reader.show(number).unwrap().answer.reference, "A");
    // Emptied by a replica that knows more than the reader, who may not fill it before it knows as much.
    let number = record(&one, screened("B", "Copper Heron GmbH"));
    server.sql(&format!("{EMPTY}; INSERT INTO tidewaiter_index.meta SELECT * FROM saved; DROP TABLE saved"));
    let known = one.size();
    server.sql(&format!("UPDATE tidewaiter_index.meta SET value = '{known}' WHERE key = 'known'"));
    assert_eq!(numbers(&reader, &by_party("copper heron gmbh")).first(), Some(&number));
}
