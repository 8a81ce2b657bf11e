//! Names in other scripts and orthographies, from the list to the outcome.

use super::{Engine, Limits, Scratch};
use crate::policy::Policy;
use model::country::Country;
use model::entry::{Effect, Entry, EntryKind, ListId, Name, NameKind};
use model::finding::{EvidenceKind, Outcome, Severity};
use model::shipment::{Party, Shipment};
use model::snapshot::Snapshot;
use std::sync::Arc;

fn engine(entries: &[(&str, EntryKind, &[&str])]) -> Engine {
    let entries = entries.iter().map(|(id, kind, names)| {
        let mut entry = Entry::new(ListId::new("own"), *id, *kind, Effect::Blocking);
        let kinds = std::iter::once(NameKind::Primary).chain(std::iter::repeat(NameKind::Alias));
        entry.names.extend(names.iter().zip(kinds).map(|(name, kind)| Name::new(*name, kind)));
        entry
    });
    let snapshot = Snapshot::from_entries(entries.collect(), Vec::new()).expect("ids differ");
    Engine::build(Arc::new(snapshot), Arc::new(Policy::default()), Limits::default()).expect("it fits")
}

fn screen(engine: &Engine, name: &str) -> model::finding::Screening {
    let party = Party { name: name.to_owned(), country: Country::from_code("CN"), ..Party::default() };
    engine.screen(&Shipment { parties: vec![party], ..Shipment::default() }, &mut Scratch::default())
}

#[test]
fn other_ideographs_of_the_same_sound_are_another_name() {
    let listed: &[(&str, EntryKind, &[&str])] = &[
        ("1", EntryKind::Company, &["Shenzhen Jinlong Trading", "深圳市锦隆贸易有限公司"]),
        ("2", EntryKind::Person, &["王小明"]),
        ("3", EntryKind::Person, &["Takaichi Sanae", "高市早苗"]),
    ];
    let engine = engine(listed);
    // The listed name, also in the forms of Taiwan and Japan.
    for same in ["深圳市锦隆贸易有限公司", "深圳市錦隆貿易有限公司", "王小明", "高市早苗"]
    {
        assert_eq!(screen(&engine, same).outcome, Outcome::Hold, "{same}");
    }
    for other in ["深圳市金龙贸易有限公司", "汪晓鸣"] {
        let screening = screen(&engine, other);
        assert_eq!(screening.outcome, Outcome::NoFinding, "{other}: {}", screening.summary);
        let homophone =
            screening.findings.iter().find(|f| f.evidence.iter().any(|e| e.kind == EvidenceKind::Homophone));
        let homophone = homophone.unwrap_or_else(|| panic!("{other}: what sounds alike is kept for the record"));
        assert_eq!(homophone.severity, Severity::Info);
        assert!(homophone.score.get() < 700);
    }
    for (one, other) in
        [("高石早苗", "高市早苗"), ("深圳市金龙贸易有限公司", "深圳市锦隆贸易有限公司"), ("王小明", "汪晓鸣")]
    {
        assert!(!engine.compare(one, other, EntryKind::Unknown).is_match, "{one} {other}");
    }
    assert!(engine.compare("王小明", "Wang Xiaoming", EntryKind::Person).is_match, "sound is all there is");
}

#[test]
fn names_are_found_in_the_orthographies_of_other_languages() {
    let listed: &[(&str, EntryKind, &[&str])] = &[
        ("1", EntryKind::Person, &["KUZNETSOV, Andrei"]),
        ("2", EntryKind::Person, &["PRIGOZHIN, Yevgeny"]),
        ("3", EntryKind::Person, &["SHUBIN, Sergei"]),
        ("4", EntryKind::Person, &["KOZLOV, Dmitry"]),
        ("5", EntryKind::Person, &["Kim Yong Chol"]),
        ("6", EntryKind::Person, &["Moshe Cohen"]),
    ];
    let engine = engine(listed);
    for (written, id) in [
        ("Andrejs Kuzņecovs", "1"),
        ("Jevgeņijs Prigožins", "2"),
        ("Jewgienij Prigożyn", "2"),
        ("Evgueni Prigojine", "2"),
        ("Sergueï Choubine", "3"),
        ("Siergiej Szubin", "3"),
        ("Dmitrijus Kozlovas", "4"),
        ("김영철", "5"),
        ("משה כהן", "6"),
    ] {
        let screening = screen(&engine, written);
        let found = screening.findings.iter().find(|f| f.entry.as_ref().is_some_and(|e| e.id == id));
        let found = found.unwrap_or_else(|| panic!("{written} is not found: {}", screening.summary));
        assert!(found.score.get() >= 700, "{written}: {}", found.score.get());
    }
    for (written, name) in [("דוד לוי", "David Levy"), ("רון גור", "Ron Gur")] {
        assert!(engine.compare(written, name, EntryKind::Person).is_match, "{written}");
    }
    for other in ["Andrejs Kuzmins", "Sergueï Choukine", "Moshe Kahane", "김영수"] {
        let screening = screen(&engine, other);
        assert_ne!(screening.outcome, Outcome::Hold, "{other}: {}", screening.summary);
    }
}
