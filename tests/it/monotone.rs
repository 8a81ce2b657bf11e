//! Adding a row to the lists never takes another row's finding away.

use crate::shared::{Choice, csl, data, engine};
use engine::screen::{Engine, Scratch};
use lists::Snapshot;
use model::entry::{Effect, Entry, EntryKind, ListId, Name, NameKind};
use model::finding::{Screening, Severity};
use model::shipment::{Goods, Party, Shipment};
use std::collections::BTreeSet;

fn named(id: usize, kind: EntryKind, name: &str) -> Entry {
    let mut entry = Entry::new(ListId::new("added"), id.to_string(), kind, Effect::Blocking);
    entry.names.push(Name::new(name, NameKind::Primary));
    entry
}

/// Rows that alert, with those told beside them.
fn rows(screening: &Screening) -> BTreeSet<String> {
    let alerts = screening.findings.iter().filter(|f| f.severity > Severity::Info);
    alerts
        .flat_map(|f| f.entry.iter().chain(f.also_listed.iter().map(|l| &l.entry)))
        .map(|e| format!("{} {}", e.list, e.id))
        .collect()
}

fn texts(names: &[String], choice: &mut Choice) -> Vec<Shipment> {
    let mut all = Vec::new();
    for name in names {
        let mut letters: Vec<char> = name.chars().collect();
        let at = choice.below(letters.len());
        letters[at] = 'e';
        for written in [name.clone(), letters.into_iter().collect()] {
            let description = format!("spare parts for {written} pumps");
            let goods = vec![Goods { description, ..Goods::default() }];
            all.push(Shipment { goods, ..Shipment::default() });
            let parties = vec![Party { name: written, ..Party::default() }];
            all.push(Shipment { parties, ..Shipment::default() });
        }
    }
    all
}

fn compiled(entries: Vec<Entry>) -> Engine {
    engine(Snapshot::from_entries(entries, Vec::new()).expect("the rows are unique"))
}

#[test]
fn more_entries_take_no_finding_away() {
    if data("lists/us/csl_2022-05.csv.gz").is_none() {
        return;
    }
    let Some(whole) = csl() else { return };
    let mut choice = Choice::seeded(11);
    let base: Vec<Entry> = whole.snapshot().entries().iter().step_by(5).cloned().collect();
    let names: Vec<String> = (0..150)
        .map(|_| base[choice.below(base.len())].primary_name().to_owned())
        .filter(|name| name.chars().count() > 2)
        .collect();
    let shipments = texts(&names, &mut choice);
    let before = compiled(base.clone());
    let mut scratch = Scratch::default();
    let found: Vec<_> = shipments.iter().map(|s| rows(&before.screen(s, &mut scratch))).collect();

    // The same names, longer names around them, and hundreds of rows that share a word with one of them.
    let mut additions: Vec<(&str, Vec<Entry>)> = vec![("the same names", Vec::new()), ("longer names", Vec::new())];
    for (id, name) in names.iter().enumerate() {
        additions[0].1.push(named(id, EntryKind::Company, name));
        additions[1].1.push(named(id, EntryKind::Company, &format!("{name} pumps Kronverk")));
    }
    let crowd = names
        .iter()
        .take(3)
        .flat_map(|name| (0..400).map(move |n| format!("{} Zq{n}", name.split(' ').next().unwrap_or_default())));
    additions.push(("a crowd", crowd.enumerate().map(|(id, n)| named(id, EntryKind::Person, &n)).collect()));
    for (what, added) in additions {
        let after = compiled(base.iter().cloned().chain(added).collect());
        let mut lost = Vec::new();
        for (shipment, before) in shipments.iter().zip(&found) {
            let now = after.screen(shipment, &mut scratch);
            if !before.is_subset(&rows(&now)) && now.limits_reached.is_empty() {
                let text = shipment.parties.first().map_or(&shipment.goods, |_| &shipment.goods);
                let name = shipment.parties.first().map(|p| &p.name);
                let gone: Vec<_> = before.difference(&rows(&now)).cloned().collect();
                lost.push(format!("{name:?} {:?}: {gone:?}", text.first().map(|g| &g.description)));
            }
        }
        assert!(lost.is_empty(), "{what} took away {} of {}: {lost:#?}", lost.len(), shipments.len());
    }
}
