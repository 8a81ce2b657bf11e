use super::*;
use model::entry::{Address, Effect, EntryKind};

fn row(id: &str, name: &str) -> Entry {
    let mut entry = Entry::new(ListId::new("l"), id, EntryKind::Unknown, Effect::Blocking);
    entry.names.push(Name::new(name, NameKind::Primary));
    entry
}

fn at(mut entry: Entry, address: &str) -> Entry {
    entry.addresses.push(Address { text: address.into(), country: None });
    entry
}

fn delta(before: Vec<Entry>, after: Vec<Entry>) -> ListDelta {
    let snapshot = |rows| Snapshot::from_entries(rows, Vec::new()).unwrap();
    let (before, after) = (snapshot(before), snapshot(after));
    let mut delta = Delta::between(&before, &after, None);
    assert_eq!((delta.from.as_str(), delta.to.as_str()), (before.fingerprint(), after.fingerprint()));
    delta.lists.pop().unwrap_or(ListDelta {
        list: ListId::new("l"),
        added: vec![],
        removed: vec![],
        changed: vec![],
        unchanged: 0,
    })
}

fn ids(rows: &[Entry]) -> Vec<&str> {
    rows.iter().map(|e| e.id.as_str()).collect()
}

#[test]
fn entries_are_added_removed_and_changed_by_their_ids() {
    let mut changed = row("3", "Three");
    changed.names.push(Name { text: "Drei".into(), kind: NameKind::Alias, weak: true });
    changed.ends = Some(jiff::civil::date(2026, 1, 1));
    let found = delta(
        vec![row("1", "One"), row("2", "Two"), row("3", "Three"), row("4", "Four")],
        vec![row("2", "Two"), changed, row("4", "Four"), row("5", "Five")],
    );
    assert_eq!((ids(&found.added), ids(&found.removed), found.unchanged), (vec!["5"], vec!["1"], 2));
    let [change] = &found.changed[..] else { panic!("{found:?}") };
    assert_eq!((change.id.as_str(), &change.previous_id, change.name.as_str()), ("3", &None, "Three"));
    let fields: Vec<_> = change.fields.iter().map(|f| (f.field, f.removed.len(), f.added.join("|"))).collect();
    assert_eq!(fields, [("names", 0, "Drei (alias, weak)".into()), ("ends", 0, "2026-01-01".to_owned())]);
    assert_eq!(found.entries_before(), 4);
}

#[test]
fn an_entry_whose_id_is_made_anew_is_the_same_entry() {
    let found = delta(
        vec![at(row("a1", "DOE, John"), "1 Quay"), at(row("a2", "Doe, John"), "2 Quay"), row("b", "Harbour")],
        vec![
            at(at(row("x1", "John Doe"), "2 Quay"), "3 Quay"),
            at(row("x2", "John Doe"), "1 Quay"),
            row("y", "Harbour"),
        ],
    );
    assert!(found.added.is_empty() && found.removed.is_empty(), "{found:?}");
    let ids: Vec<_> = found.changed.iter().map(|c| (c.previous_id.as_deref().unwrap(), c.id.as_str())).collect();
    assert_eq!(ids, [("a2", "x1"), ("a1", "x2")]);
    assert_eq!(found.unchanged, 1);
    // Persons of one name born in other years are two.
    let born = |id: &str, year: &str| {
        let mut person = row(id, "John Doe");
        person.births = vec![year.into()];
        person
    };
    let found = delta(vec![born("1", "1960")], vec![born("2", "1980")]);
    assert_eq!((found.added.len(), found.removed.len()), (1, 1));
}

#[test]
fn order_alone_is_no_change() {
    let mut one = row("1", "One");
    one.programmes = vec!["A".into(), "B".into()];
    let mut two = row("1", "One");
    two.programmes = vec!["B".into(), "A".into()];
    assert_eq!(delta(vec![one], vec![two]).changed, []);
}
