//! One party, one finding: entries of several lists that list the same party are linked and reported once.

use crate::shared::{builtin, data, engine};
use engine::link::Parties;
use engine::screen::{Engine, Scratch};
use lists::Source;
use model::entry::Effect;
use model::finding::{Finding, Outcome, Severity};
use model::shipment::{Party, Shipment};
use std::collections::BTreeSet;
use std::time::Instant;

fn screen(engine: &Engine, name: &str, as_of: Option<&str>) -> (Outcome, Vec<Finding>) {
    let shipment = Shipment {
        parties: vec![Party { name: name.to_owned(), ..Party::default() }],
        as_of: as_of.map(|day| day.parse().expect("a date")),
        ..Shipment::default()
    };
    let screening = engine.screen(&shipment, &mut Scratch::default());
    (screening.outcome, screening.findings)
}

/// Lists of a finding, its own first, each with its effect.
fn listings(finding: &Finding) -> Vec<(&str, Effect)> {
    let own = finding.entry.iter();
    own.chain(finding.also_listed.iter().map(|l| &l.entry)).map(|e| (e.list.as_str(), e.effect)).collect()
}

#[test]
fn dji_is_one_party_with_all_its_listings() {
    let (outcome, findings) = screen(builtin(), "SZ DJI Technology Co., Ltd.", None);
    assert_eq!(outcome, Outcome::Hold);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let shown = listings(&findings[0]);
    assert_eq!(
        shown,
        [("us-bis-el", Effect::Licence), ("us-ofac-cmic", Effect::Investment), ("us-dod-1260h", Effect::Procurement)]
    );
    assert!(findings[0].explanation.contains("is also listed on"), "{}", findings[0].explanation);

    let paths = ["lists/us/csl_2022-05.csv.gz", "lists/us/ofac_cons_2024-05-06.xml.gz"];
    let [Some(csl), Some(cons)] = paths.map(data) else { return };
    let snapshot = lists::load(&[Source::Builtin, Source::Path(csl), Source::Path(cons)]).expect("the lists load");
    let all = engine(snapshot);
    for name in ["SZ DJI Technology Co., Ltd.", "Shenzhen DJI Innovation Technology", "SZ DJI TECHNO LOGY CO LTD"] {
        let (outcome, findings) = screen(&all, name, None);
        let of_dji: Vec<_> = findings.iter().filter(|f| f.severity >= Severity::Medium).collect();
        assert_eq!((outcome, of_dji.len()), (Outcome::Hold, 1), "{name}: {findings:#?}");
        // Each list once, although the curated file repeats entries of the publishers'.
        assert_eq!(listings(of_dji[0]), shown, "{name}");
    }
    // Nobody is held for a listing that was not yet in force.
    let (outcome, findings) = screen(&all, "SZ DJI Technology Co., Ltd.", Some("2020-12-17"));
    assert_eq!((outcome, findings.len()), (Outcome::NoFinding, 0));
    let (outcome, findings) = screen(&all, "SZ DJI Technology Co., Ltd.", Some("2020-12-18"));
    assert_eq!((outcome, listings(&findings[0]).len()), (Outcome::Hold, 1));
}

/// All official files together: how many entries repeat a party, and that nothing is linked that cannot be one.
#[test]
fn the_official_lists_are_linked_across_publishers() {
    let names = [
        "us/csl_2022-05.csv.gz",
        "us/ofac_sdn_2024-05-07.xml.gz",
        "us/ofac_cons_2024-05-06.xml.gz",
        "un/un_2026-02-27.xml",
        "eu/fsf_2024-05-13.xml.gz",
        "uk/ofsi_2025-04-10.csv.gz",
        "au/dfat_2026-02.xlsx",
        "us/bis_dpl_2023-11.txt",
    ];
    let mut sources = vec![Source::Builtin];
    for name in names {
        let Some(path) = data(&format!("lists/{name}")) else { return };
        match lists::check(&path) {
            Ok(_) => sources.push(Source::Path(path)),
            Err(error) => eprintln!("left out: {error}"),
        }
    }
    let snapshot = lists::load(&sources).expect("the lists load");
    let start = Instant::now();
    let parties = Parties::link(&snapshot);
    let took = start.elapsed();
    let entries = snapshot.entries();
    let mut across = 0;
    let mut largest: Vec<(usize, Vec<String>)> = Vec::new();
    for group in parties.groups() {
        let rows: Vec<_> = group.iter().map(|&(id, _)| snapshot.entry_at(id)).collect();
        let lists: BTreeSet<_> = rows.iter().map(|e| &e.list).collect();
        across += usize::from(lists.len() > 1);
        largest.push((rows.len(), rows.iter().map(|e| format!("{}/{} {}", e.list, e.id, e.primary_name())).collect()));
    }
    largest.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    println!(
        "{} rows; {} parties with several rows, {across} of them on several lists; {} rows repeat a party; {took:?}",
        entries.len(),
        largest.len(),
        parties.duplicates()
    );
    for (n, rows) in largest.iter().take(8) {
        println!("{n}: {rows:#?}");
    }
    if std::env::var_os("SHOW_LINKS").is_some() {
        let mut choice = crate::shared::Choice::seeded(7);
        for _ in 0..40 {
            let (_, rows) = &largest[choice.below(largest.len())];
            println!("{rows:?}");
        }
    }
}
