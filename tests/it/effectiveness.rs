//! The measurement of effectiveness: repeatable to the byte, complete in its kinds, right on what is certain.

use crate::shared::{builtin, engine};
use lists::Snapshot;
use model::entry::{Effect, Entry, EntryKind, ListId, Name, NameKind};
use tidewaiter::effectiveness::{Kind, Report, Setup, json, markdown, measure, table, wilson};

fn setup(seed: u64, count: u32) -> Setup {
    Setup {
        seed,
        count,
        clean_names: vec!["Maria Schmidt".to_owned(), "Bakery Jones Ltd".to_owned()],
        ..Setup::default()
    }
}

fn bytes(report: &Report) -> Vec<u8> {
    let mut bytes = Vec::new();
    json(report, &mut bytes).expect("writes to memory");
    markdown(report, &["A note.".to_owned()], &mut bytes).expect("writes to memory");
    table(report, &[], &mut bytes).expect("writes to memory");
    bytes
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let first = bytes(&measure(builtin(), &setup(7, 20)));
    assert_eq!(first, bytes(&measure(builtin(), &setup(7, 20))));
    assert_ne!(first, bytes(&measure(builtin(), &setup(8, 20))));
}

#[test]
fn listed_names_are_all_found_in_the_built_in_lists() {
    let report = measure(builtin(), &setup(1, 2000));
    for field in &report.fields {
        let control = field.kinds.iter().find(|row| row.name == "verbatim").expect("controls are measured");
        assert!(control.tally.drawn > 100, "{}: {control:?}", field.field);
        assert_eq!(control.tally.recall, 1000, "{}: {:#?}", field.field, field.misses);
        assert_eq!(control.tally.seen, control.tally.found);
        let drawn: u32 = field.kinds.iter().chain(&field.by_design).map(|row| row.tally.drawn).sum();
        let screened: u32 = field.totals.iter().chain(&field.by_design).map(|row| row.tally.drawn).sum();
        assert_eq!(drawn, screened, "every name counts once");
    }
}

#[test]
fn every_kind_is_measured_where_the_lists_have_names_for_it() {
    let row = |id: &str, kind: EntryKind, name: &str| {
        let mut entry = Entry::new(ListId::new("test"), id, kind, Effect::Blocking);
        entry.names.push(Name::new(name, NameKind::Primary));
        entry
    };
    let entries = vec![
        row("1", EntryKind::Company, "Rosoboron Kalibr Proizvodstvennoe Obyedinenie, OOO"),
        row("2", EntryKind::Company, "Концерн Калибр Вооружения"),
        row("3", EntryKind::Person, "KHRUSHCHEV, Yuri Zhukovich"),
        row("4", EntryKind::Vessel, "ADRIAN DARYA 7"),
    ];
    let snapshot = Snapshot::from_entries(entries, Vec::new()).expect("the rows are unique");
    let report = measure(&engine(snapshot), &setup(1, 10));
    assert_eq!(report.inputs[0].records, 48);
    for field in &report.fields {
        assert_eq!(field.kinds.len(), Kind::ALL.len());
        for (row, kind) in field.kinds.iter().zip(Kind::ALL) {
            assert_eq!(row.name, kind.as_str());
            assert!(row.tally.drawn > 0, "{}: {}", field.field, row.name);
        }
        let types: Vec<_> = field.types.iter().filter(|row| row.tally.drawn > 0).map(|row| row.name).collect();
        assert_eq!(types, ["person", "person", "company", "company", "vessel", "vessel"]);
        assert_eq!(field.totals[0].tally.recall, 1000, "{:#?}", field.misses);
    }
    assert_eq!(report.fields[0].clean.as_ref().expect("clean names were given").alerts, 0);
}

#[test]
fn intervals_are_wilsons() {
    assert_eq!(wilson(95, 100), (888, 979));
    assert_eq!(wilson(0, 10), (0, 278));
    assert_eq!(wilson(10, 10), (722, 1000));
}
