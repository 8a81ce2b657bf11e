//! The readers of lists beyond those of OFAC and the screening list, on the real files of `../shared/data/lists`.

use crate::shared::data;
use lists::{ListInfo, Snapshot, Source};
use model::country::Country;
use model::entry::{Effect, Entry, EntryKind, IdentifierType, NameKind};

/// Rows, names, day of publication.
type Counts<'a> = (u32, u32, Option<&'a str>);

const UN: &str = "lists/un/un_2026-02-27.xml";

/// Checks what one file with one list holds; false when the file is not here.
fn holds(path: &str, expected: Counts<'_>, repairs: &[(&str, u32)]) -> bool {
    let Some(path) = data(path) else { return false };
    let infos = lists::check(&path).expect("the list reads");
    let [ListInfo { entries, names, published, repairs: made, .. }] = infos.as_slice() else { panic!("{infos:?}") };
    let published = published.map(|d| d.to_string());
    assert_eq!((*entries, *names, published.as_deref()), expected, "{}", path.display());
    let made: Vec<(&str, u32)> = made.iter().map(|(kind, count)| (&**kind, *count)).collect();
    assert_eq!(made, repairs, "{}", path.display());
    true
}

fn load(path: &str) -> Option<Snapshot> {
    Some(lists::load(&[Source::Path(data(path)?)]).expect("the list loads"))
}

/// What no reader may leave in a row.
fn is_clean(entry: &Entry) -> bool {
    let clean = |t: &str| !t.is_empty() && t.trim() == t && !t.contains(['\n', '\t']) && !t.contains("  ");
    // A ban on travel alone is no matter of shipments.
    (entry.effect == Effect::Blocking || entry.remarks.contains("(Travel Ban)"))
        && !entry.names.is_empty()
        && entry.names[0].kind == NameKind::Primary
        && entry.names.iter().all(|n| clean(&n.text))
        && entry.names[1..].iter().all(|n| n.kind != NameKind::Primary)
        && entry.identifiers.iter().all(|i| clean(&i.value))
        && entry.addresses.iter().all(|a| a.country.is_some() || clean(&a.text))
}

#[test]
fn the_lists_of_the_security_council_are_read_to_the_last_row() {
    let dated = |day| Some(day);
    let known = holds(
        "lists/un/un_2020-03-20.xml",
        (1_014, 4_232, dated("2020-03-20")),
        &[
            ("acronym_split", 41),
            ("annotation_cut", 12),
            ("blanks", 40),
            ("duplicate_alias", 15),
            ("joined_aliases", 17),
            ("leading_punctuation", 1),
            ("number_in_text", 3),
            ("script_split", 30),
            ("trailing_punctuation", 1),
            ("unknown_country", 14),
            ("wrapped_quotes", 17),
        ],
    );
    if !known {
        return;
    }
    let repairs = [
        ("acronym_split", 31),
        ("annotation_cut", 11),
        ("blanks", 54),
        ("duplicate_alias", 14),
        ("joined_aliases", 6),
        ("leading_punctuation", 1),
        ("number_in_text", 16),
        ("script_split", 30),
        ("trailing_punctuation", 1),
        ("unknown_country", 1),
        ("wrapped_quotes", 17),
    ];
    holds("lists/un/un_2024-05-15.xml", (875, 4_086, dated("2024-05-15")), &repairs);
    holds("lists/un/un_2024-11-30.xml", (879, 4_096, dated("2024-11-30")), &repairs);
    holds(
        UN,
        (1_003, 4_308, dated("2026-02-27")),
        &[
            ("acronym_split", 42),
            ("annotation_cut", 11),
            ("blanks", 2),
            ("duplicate_alias", 14),
            ("joined_aliases", 24),
            ("leading_punctuation", 1),
            ("lost_characters", 1),
            ("number_in_text", 16),
            ("script_split", 30),
            ("trailing_punctuation", 1),
            ("unknown_country", 1),
            ("wrapped_quotes", 17),
        ],
    );
}

#[test]
fn rows_of_the_security_council_read_as_published() {
    let Some(snapshot) = load(UN) else { return };
    assert!(snapshot.entries().iter().all(is_clean));
    assert!(snapshot.entries().iter().all(|e| e.effective.is_some() && e.citations.len() == 1));
    let badege = snapshot.entry(Some("un-sc"), "6907993").expect("listed");
    assert_eq!((badege.primary_name(), badege.kind), ("ERIC BADEGE", EntryKind::Person));
    assert_eq!(badege.effective.unwrap().to_string(), "2012-12-31");
    assert_eq!((badege.births.join(","), badege.programmes.join(",")), ("1971".into(), "DRC".into()));
    assert_eq!(badege.citations, ["UN Security Council, reference CDi.001"]);
    assert_eq!(badege.countries, [Country::from_code("CD").unwrap()]);
    assert_eq!(badege.addresses[0].country, Country::from_code("RW"));
    assert!(badege.remarks.starts_with("He fled to Rwanda in March 2013"));
    let weak = snapshot.entries().iter().flat_map(|e| &e.names).filter(|n| n.weak).count();
    let imo = snapshot.entries().iter().flat_map(|e| &e.identifiers).filter(|i| i.kind == IdentifierType::Imo);
    assert_eq!((weak, imo.count()), (646, 16));
    let Some(cases) = data("benchmarks/un_treated_names.csv") else { return };
    let mut reader = csv::Reader::from_path(cases).unwrap();
    for case in reader.records() {
        let case = case.unwrap();
        for id in case[1].split(';') {
            // A few names are expected to find nothing.
            let Some(id) = id.trim().strip_prefix("un-") else { continue };
            assert!(snapshot.entry(Some("un-sc"), id).is_some(), "{case:?}");
        }
    }
}
