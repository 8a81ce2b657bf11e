//! Sums, layers, rings, unknown shares, dates and bounds.

use super::*;
use crate::policy::OwnershipFile;
use jiff::civil::date;
use model::entry::{Effect, EntryKind, ListId, Name, NameKind, Relation};
use text::Reading;

fn entry(list: &str, name: &str, effect: Effect) -> Entry {
    let mut entry = Entry::new(ListId::new(list), name, EntryKind::Company, effect);
    entry.names.push(Name::new(name, NameKind::Primary));
    entry
}

/// `Bad One` and `Bad Two` are blocked by OFAC, `Denied` is on the Entity List, `Frozen` on the UK's list.
fn graph(csv: &str) -> (Vec<Entry>, Ownership) {
    let entries = vec![
        entry("us-ofac-sdn", "Bad One", Effect::Blocking),
        entry("us-ofac-sdn", "Bad Two", Effect::Blocking),
        entry("us-bis-el", "Denied", Effect::Licence),
        entry("uk-ofsi", "Frozen", Effect::Blocking),
    ];
    let file = OwnershipFile::read(&format!("owner,owned,share,date\n{csv}"), "o.csv").unwrap();
    let graph = build(&entries, &file);
    (entries, graph)
}

fn build(entries: &[Entry], file: &OwnershipFile) -> Ownership {
    let names: Vec<String> = entries.iter().map(|e| e.primary_name().to_owned()).collect();
    Ownership::build(entries, file, |name, _| {
        names.iter().position(|n| n == name).map(EntryId::from_index).into_iter().collect()
    })
}

/// Regime ids with whether they hold for certain, and the share.
fn judged(csv: &str, name: &str) -> Vec<(String, bool, u32)> {
    let (entries, graph) = graph(csv);
    let owned = graph.judge(name, None, |regime, id| regime.counts(&entries[id.index()]), &plain(name)).unwrap();
    owned.iter().map(|o| (Regime::all()[o.regime].id.clone(), o.is_certain, o.share)).collect()
}

fn ofac(is_certain: bool, share: u32) -> Vec<(String, bool, u32)> {
    vec![("ofac-50".to_owned(), is_certain, share)]
}

fn plain(name: &str) -> Folded {
    Folded::of(name, Reading::Plain)
}

#[test]
fn shares_of_several_listed_owners_are_added_up() {
    assert_eq!(judged("Bad One,X,30,\nBad Two,X,30,\n", "X"), ofac(true, 600));
    assert_eq!(judged("Bad One,X,30,\nBad Two,X,19.99,\n", "X"), []);
    assert_eq!(judged("Bad One,X,25,\nBad Two,X,25,\n", "x"), ofac(true, 500));
    // The UK looks at each owner alone and asks for more than half.
    assert_eq!(judged("Frozen,X,50,\n", "X"), []);
    assert_eq!(judged("Frozen,X,50.1,\n", "X"), [("uk-ownership".to_owned(), true, 501)]);
    assert_eq!(judged("Denied,X,50,\n", "X"), [("bis-affiliates".to_owned(), true, 500)]);
    // Shares under different regimes are not one sum.
    assert_eq!(judged("Bad One,X,30,\nDenied,X,30,\n", "X"), []);
}

#[test]
fn layers_count_whole_or_not_at_all() {
    let three = "Bad One,A,30,\nBad Two,A,30,\nA,B,50,\nB,C,25,\nBad Two,C,25,\n";
    assert_eq!(judged(three, "A"), ofac(true, 600));
    assert_eq!(judged(three, "B"), ofac(true, 500));
    assert_eq!(judged(three, "C"), ofac(true, 500));
    // A is not owned, so what it holds counts for nothing (FAQ 401).
    assert_eq!(judged("Bad One,A,49,\nA,B,100,\n", "B"), []);
    let (entries, graph) = graph(three);
    let owned = graph.judge("B", None, |regime, id| regime.counts(&entries[id.index()]), &plain("B")).unwrap();
    assert_eq!((owned[0].owners[0].name.as_str(), &owned[0].owners[0].through[..]), ("A", &["Bad One".to_owned()][..]));
}

#[test]
fn a_ring_is_owned_by_nobody_unless_somebody_listed_owns_into_it() {
    let ring = "A,B,60,\nB,C,60,\nC,A,60,\n";
    assert_eq!(judged(ring, "A"), []);
    assert_eq!(judged(&format!("{ring}Bad One,B,40,\n"), "A"), []);
    assert_eq!(judged(&format!("{ring}Bad One,D,90,\nD,B,50,\n"), "A"), ofac(true, 600));
    assert_eq!(judged("Bad One,A,10,\nA,B,100,\nB,A,90,\n", "A"), []);
}

#[test]
fn unknown_shares_are_said_to_be_unknown() {
    assert_eq!(judged("Bad One,X,unknown,\n", "X"), ofac(false, 0));
    // What is left is not enough.
    assert_eq!(judged("Bad One,X,,\nClean,X,60,\n", "X"), []);
    assert_eq!(judged("Bad One,X,,\nClean,X,50,\n", "X"), ofac(false, 0));
    // Two unknown shares share what is left.
    assert_eq!(judged("Bad One,X,,\nBad Two,X,,\nClean,X,55,\n", "X"), []);
    assert_eq!(judged("Bad One,X,30,\nBad Two,X,,\n", "X"), ofac(false, 300));
    assert_eq!(judged("Bad One,A,,\nA,B,80,\n", "B"), ofac(false, 0));
    assert_eq!(judged("Bad One,X,55,\nBad Two,X,,\n", "X"), ofac(true, 550));
}

#[test]
fn the_latest_edge_that_was_known_counts() {
    let csv = "Bad One,X,80,2024-01-01\nBad One,X,10,2025-01-01\n";
    let (entries, graph) = graph(csv);
    let on = |day| graph.judge("X", day, |regime, id| regime.counts(&entries[id.index()]), &plain("X")).unwrap().len();
    assert_eq!(
        [on(Some(date(2023, 12, 31))), on(Some(date(2024, 6, 1))), on(Some(date(2025, 1, 1))), on(None)],
        [0, 1, 0, 0]
    );
}

#[test]
fn the_lists_own_edges_count() {
    let mut entries =
        vec![entry("us-ofac-sdn", "Bad One", Effect::Blocking), entry("us-ofac-sdn", "Ship", Effect::Blocking)];
    entries[0].relations.push(Relation { share: Some(700), ..Relation::named(RelationKind::OwnerOf, "Daughter Ltd") });
    entries[0].relations.push(Relation::named(RelationKind::LinkedTo, "Cousin Ltd"));
    let graph = build(&entries, &OwnershipFile::default());
    let judge = |name| graph.judge(name, None, |regime, id| regime.counts(&entries[id.index()]), &plain(name)).unwrap();
    assert_eq!((judge("DAUGHTER LTD.")[0].is_certain, judge("Daughter Ltd")[0].share), (true, 700));
    assert!(judge("Cousin Ltd").is_empty() && judge("Bad One").is_empty());
    assert!(graph.fingerprint().is_empty());
}

/// A legal form in other words, or none, is the same party; one of another class is not.
#[test]
fn owners_are_found_by_any_form_of_their_name() {
    let csv = "Bad One,\"Vektor, LLC\",60,\n\"OOO \"\"Vektor\"\"\",Lower GmbH,80,\n";
    for name in ["OOO Vektor", "VEKTOR L.L.C.", "ООО «Вектор»", "Vektor"] {
        assert_eq!(judged(csv, name), ofac(true, 600), "{name}");
    }
    for name in ["Vektor JSC", "АО Вектор", "Vektor Plus LLC", "Vekto LLC"] {
        assert_eq!(judged(csv, name), [], "{name}");
    }
    // The layer above is found under its other form, and the company under none.
    assert_eq!(judged(csv, "Lower"), ofac(true, 800));
    // Whichever way it is written first, with or without a form.
    for csv in ["Bad One,Reed,60,\nReed Ltd,Under,70,\n", "Reed Ltd,Under,70,\nBad One,Reed,60,\n"] {
        assert_eq!(judged(csv, "Under"), ofac(true, 700), "{csv}");
        assert_eq!(judged(csv, "Reed Limited"), ofac(true, 600), "{csv}");
    }
    // Two companies of one name: which of them a bare name is nobody can tell, and that is said.
    let two = "Bad One,Reed Ltd,60,\nClean,Reed JSC,60,\n";
    assert_eq!(judged(two, "Reed"), ofac(false, 600));
    assert_eq!(judged(two, "Reed Limited"), ofac(true, 600));
    assert_eq!(judged(two, "Reed OAO"), []);
}

#[test]
fn ten_thousand_edges_load_and_deep_chains_are_bounded() {
    let mut csv = String::from("owner,owned,share\nBad One,N0,100\n");
    for n in 0..10_000 {
        csv.push_str(&format!("N{n},N{},100\n", n + 1));
    }
    let entries = vec![entry("us-ofac-sdn", "Bad One", Effect::Blocking)];
    let file = OwnershipFile::read(&csv, "o.csv").unwrap();
    let graph = build(&entries, &file);
    let judge = |name| graph.judge(name, None, |regime, id| regime.counts(&entries[id.index()]), &plain(name));
    assert!(judge("N1900").unwrap()[0].is_certain);
    assert_eq!(judge("N9000"), Err(TooMany));
}
