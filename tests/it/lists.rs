//! The readers on the real files of `../shared/data/lists`: every row, and every repair counted.

use lists::{ListInfo, Snapshot, Source};
use model::country::Country;
use model::entry::{Effect, Entry, EntryKind, IdentifierType, NameKind};
use std::path::PathBuf;

const CSL: &str = "us/csl_2022-05.csv.gz";
const SDN: &str = "us/ofac_sdn_2024-05-07.xml.gz";
const CONS: &str = "us/ofac_cons_2024-05-06.xml.gz";

/// The file, or a note that the test cannot run without it.
fn real(name: &str) -> Option<PathBuf> {
    crate::shared::data(&format!("lists/{name}"))
}

/// List, rows, names.
fn counts(infos: &[ListInfo]) -> Vec<(&str, u32, u32)> {
    infos.iter().map(|l| (l.id.as_str(), l.entries, l.names)).collect()
}

fn repairs<'a>(infos: &'a [ListInfo], list: &str) -> Vec<(&'a str, u32)> {
    let info = infos.iter().find(|l| l.id.as_str() == list).expect("the list is there");
    info.repairs.iter().map(|(kind, count)| (&**kind, *count)).collect()
}

fn names(entry: &Entry) -> Vec<&str> {
    entry.names.iter().map(|n| n.text.as_str()).collect()
}

fn numbers(entry: &Entry) -> Vec<(IdentifierType, &str, Option<&str>)> {
    entry.identifiers.iter().map(|i| (i.kind, i.value.as_str(), i.country.as_ref().map(Country::code))).collect()
}

#[test]
fn the_screening_list_is_read_to_the_last_row() {
    let Some(path) = real(CSL) else { return };
    let infos = lists::check(&path).unwrap();
    // 14,160 rows; CAPTA row 15268 stands in the file twice.
    assert_eq!(
        counts(&infos),
        [
            ("us-bis-dpl", 462, 465),
            ("us-bis-el", 2_001, 4_098),
            ("us-bis-meu", 71, 76),
            ("us-bis-uvl", 201, 201),
            ("us-ofac-capta", 52, 265),
            ("us-ofac-cmic", 68, 205),
            ("us-ofac-fse", 3, 3),
            ("us-ofac-mbs", 17, 89),
            ("us-ofac-plc", 78, 161),
            ("us-ofac-sdn", 10_026, 26_249),
            ("us-ofac-ssi", 290, 1_170),
            ("us-state-dtc", 727, 861),
            ("us-state-isn", 163, 307)
        ]
    );
    assert_eq!(infos.iter().map(|l| l.entries).sum::<u32>(), 14_159);
    assert_eq!(
        repairs(&infos, "us-ofac-capta"),
        [("address_lost_characters", 1), ("duplicate_alias", 1), ("repeated_row", 1)]
    );
    assert_eq!(
        repairs(&infos, "us-bis-el"),
        [
            ("acronym_split", 42),
            ("address_lost_characters", 106),
            ("address_stray_and", 100),
            ("alias_in_name", 21),
            ("annotation_cut", 3),
            ("blanks", 110),
            ("duplicate_alias", 92),
            ("impossible_date", 3),
            ("joined_aliases", 2),
            ("leading_hyphen", 4),
            ("lost_characters", 130),
            ("parent_prefix", 44),
            ("place_cut", 23),
            ("stray_and", 254),
            ("tail_cut", 2),
            ("trailing_punctuation", 23)
        ]
    );
    assert_eq!(
        repairs(&infos, "us-state-isn"),
        [
            ("acronym_split", 9),
            ("alias_in_name", 4),
            ("annotation_cut", 3),
            ("blanks", 30),
            ("duplicate_alias", 4),
            ("stray_and", 1),
            ("tail_cut", 17),
            ("wrapped_quotes", 1)
        ]
    );
    assert_eq!(repairs(&infos, "us-bis-uvl"), []);
}

#[test]
fn the_entry_of_dji_reads_as_published() {
    let Some(path) = real(CSL) else { return };
    let snapshot = lists::load(&[Source::Path(path)]).unwrap();
    let dji = snapshot.entry(Some("us-bis-el"), "ce7140d470d19fe6e5aed2ae6ee74233ce0c2098").expect("DJI is listed");
    assert_eq!((dji.kind, dji.effect), (EntryKind::Unknown, Effect::Licence));
    assert_eq!(
        names(dji),
        [
            "DJI",
            "Shenzhen DJI Innovation Technology Co., Ltd.",
            "SZ DJI Technology Co., Ltd.",
            "Shenzhen DJI Sciences and Technologies Ltd.",
            "Da-Jiang Innovations"
        ]
    );
    assert_eq!(dji.effective.unwrap().to_string(), "2020-12-18");
    assert_eq!(dji.addresses[0].country, Country::from_code("CN"));
    assert!(dji.licence_policy.as_ref().unwrap().starts_with("Case-by-case review for items necessary to detect"));
    assert!(dji.licence_requirement.as_ref().unwrap().contains("released to this entity by the operator of the UAV"));
    assert_eq!(dji.citations, ["85 FR 83420", "86 FR 29193"]);

    let cmic = snapshot.entry(Some("us-ofac-cmic"), "33111").expect("DJI is on the NS-CMIC list");
    assert_eq!((cmic.primary_name(), cmic.effect), ("SZ DJI TECHNOLOGY CO., LTD.", Effect::Investment));
    assert_eq!(numbers(cmic), [(IdentifierType::Uscc, "914403007954257495", Some("CN"))]);
    assert_eq!(cmic.published.unwrap().to_string(), "2021-12-16");
    assert_eq!(cmic.effective.unwrap().to_string(), "2022-02-14");
    assert_eq!(snapshot.title(&cmic.list), "OFAC NS-CMIC List");

    // What no repair may leave behind, and what none may take.
    for entry in snapshot.entries() {
        for name in &entry.names {
            assert!(!name.text.is_empty() && name.text.trim() == name.text, "{name:?}");
            assert!(!name.text.starts_with("and "), "{name:?}");
            assert!(!name.text.contains("a.k.a.") && !name.text.contains("f.k.a."), "{name:?}");
        }
        assert!(entry.effective.is_none_or(|d| d.year() > 1940));
    }
    let by_directive_4 = |e: &&Entry| e.list.as_str() == "us-ofac-ssi" && e.effect == Effect::Licence;
    assert_eq!(snapshot.entries().iter().filter(by_directive_4).count(), 86);
}

#[test]
fn the_lists_of_ofac_are_read_to_the_last_row() {
    let (Some(sdn), Some(cons)) = (real(SDN), real(CONS)) else { return };
    let snapshot = lists::load(&[Source::Path(sdn.clone()), Source::Path(cons)]).unwrap();
    assert_eq!(
        counts(snapshot.lists()),
        [
            ("us-ofac-capta", 1, 3),
            ("us-ofac-cmic", 68, 205),
            ("us-ofac-fse", 1, 1),
            ("us-ofac-mbs", 8, 38),
            ("us-ofac-plc", 78, 163),
            ("us-ofac-sdn", 14_966, 36_717),
            ("us-ofac-ssi", 287, 1_158)
        ]
    );
    assert_eq!(snapshot.lists()[5].published.unwrap().to_string(), "2024-05-07");
    let of_sdn =
        |kind| snapshot.entries().iter().filter(|e| e.list.as_str() == "us-ofac-sdn" && e.kind == kind).count();
    assert_eq!(
        [EntryKind::Person, EntryKind::Company, EntryKind::Vessel, EntryKind::Aircraft].map(of_sdn),
        [6855, 6884, 851, 376]
    );
    // 21,754 + 1,126 other names, of which 3 + 1 repeat one of their row; 3,694 + 66 of them weak.
    let other: Vec<_> = snapshot.entries().iter().flat_map(|e| &e.names[1..]).collect();
    assert_eq!(other.len(), 21_754 + 1_126 - 4);
    assert_eq!(other.iter().filter(|n| n.weak).count(), 3_694 + 66);
    assert_eq!(other.iter().filter(|n| n.kind == NameKind::Former).count(), 653 + 144);
    assert_eq!(
        repairs(snapshot.lists(), "us-ofac-sdn"),
        [("duplicate_alias", 3), ("unknown_country", 14), ("wrapped_quotes", 3)]
    );
    let nacional = snapshot.entry(Some("us-ofac-sdn"), "306").unwrap();
    assert_eq!(names(nacional), ["BANCO NACIONAL DE CUBA", "BNC", "NATIONAL BANK OF CUBA"]);
    assert!(nacional.names[1].weak && !nacional.names[2].weak);
    assert_eq!(nacional.addresses[3].text, "Federico Boyd Avenue & 51 Street, Panama City");

    // The same rows give the same fingerprint, whatever the order of the files.
    let Some(cons) = real(CONS) else { return };
    let turned = lists::load(&[Source::Path(cons), Source::Path(sdn)]).unwrap();
    assert_eq!(turned.fingerprint(), snapshot.fingerprint());
}

#[test]
fn newer_ofac_entries_replace_those_of_the_screening_list() {
    let (Some(csl), Some(cons)) = (real(CSL), real(CONS)) else { return };
    let snapshot = lists::load(&[Source::Path(csl), Source::Path(cons)]).unwrap();
    let cmic: Vec<_> = snapshot.lists().iter().filter(|l| l.id.as_str() == "us-ofac-cmic").collect();
    assert_eq!(cmic.iter().map(|l| l.entries).sum::<u32>(), 68);
    assert_eq!(cmic.iter().flat_map(|l| &l.repairs).collect::<Vec<_>>(), [&("superseded".into(), 68)]);
    let rows: u32 = snapshot.lists().iter().map(|l| l.entries).sum();
    assert_eq!(rows as usize, snapshot.entries().len());
}

/// Every other file of a publisher in `../shared/data/lists`: records, rows, names, day of publication, repairs.
#[test]
fn every_file_of_a_publisher_is_read_to_the_last_record() {
    type Expected<'a> = (u32, u32, u32, Option<&'a str>, &'a [(&'static str, u32)]);
    let files: &[(&str, Expected<'_>)] = &[
        (
            "us/bis_dpl_2019.txt",
            (
                546,
                416,
                419,
                None,
                &[("acronym_split", 1), ("alias_in_name", 2), ("country_from_state", 88), ("unknown_country", 1)],
            ),
        ),
        (
            "us/bis_dpl_2023-11.txt",
            (
                665,
                546,
                550,
                None,
                &[
                    ("acronym_split", 1),
                    ("alias_in_name", 3),
                    ("country_from_state", 279),
                    ("trailing_punctuation", 1),
                    ("unknown_country", 1),
                ],
            ),
        ),
        ("us/ofac_legacy_sdn.csv.gz", (8_976, 8_976, 23_318, None, &[("duplicate_alias", 6), ("unknown_country", 21)])),
        ("us/ofac_cons_enhanced_2025-01.zip", (443, 443, 1_623, Some("2025-01-10"), &[("duplicate_alias", 1)])),
        (
            "uk/ofsi_2025-04-10.csv.gz",
            (
                18_796,
                4_686,
                16_013,
                Some("2025-04-10"),
                &[
                    ("acronym_split", 73),
                    ("blanks", 27),
                    ("duplicate_alias", 24),
                    ("no_primary_name", 2),
                    ("number_in_text", 25),
                    ("unknown_country", 32),
                ],
            ),
        ),
        (
            "au/dfat_2026-02.xlsx",
            (
                10_976,
                3_811,
                10_983,
                Some("2026-02-24"),
                &[
                    ("acronym_split", 45),
                    ("blanks", 11),
                    ("duplicate_alias", 3),
                    ("no_primary_name", 2),
                    ("no_type", 1),
                    ("number_in_text", 21),
                    ("trailing_punctuation", 3),
                    ("unknown_country", 16),
                    ("wrapped_quotes", 7),
                ],
            ),
        ),
        (
            "au/dfat_2024-11.xlsx",
            (
                9_560,
                3_062,
                9_542,
                Some("2024-11-11"),
                &[
                    ("acronym_split", 28),
                    ("blank_row", 7),
                    ("blanks", 18),
                    ("duplicate_alias", 4),
                    ("number_in_text", 21),
                    ("trailing_punctuation", 2),
                    ("unknown_country", 36),
                    ("wrapped_quotes", 6),
                ],
            ),
        ),
        (
            "eu/fsf_2024-05-13.xml.gz",
            (
                4_811,
                4_808,
                24_967,
                Some("2024-05-13"),
                &[
                    ("acronym_split", 34),
                    ("blanks", 1_562),
                    ("duplicate_alias", 28),
                    ("merged_rows", 3),
                    ("number_in_text", 4),
                    ("trailing_punctuation", 11),
                    ("unknown_country", 1),
                    ("wrapped_quotes", 32),
                ],
            ),
        ),
    ];
    let mut wrong = Vec::new();
    for (name, (records, rows, names, published, repairs)) in files {
        let Some(path) = real(name) else { return };
        let infos = lists::check(&path).unwrap_or_else(|e| panic!("{e}"));
        let sum = |of: fn(&ListInfo) -> u32| infos.iter().map(of).sum::<u32>();
        let counts = (sum(|i| i.records), sum(|i| i.entries), sum(|i| i.names));
        let day = infos[0].published.map(|d| d.to_string());
        let mut made: Vec<(&str, u32)> = Vec::new();
        for (kind, count) in infos.iter().flat_map(|i| &i.repairs) {
            match made.iter_mut().find(|(k, _)| k == kind) {
                Some((_, sum)) => *sum += count,
                None => made.push((kind, *count)),
            }
        }
        made.sort_unstable();
        if counts != (*records, *rows, *names) || day.as_deref() != *published || made != *repairs {
            wrong.push(format!("{name}: {counts:?} {day:?} {made:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The three tables, and the one that continues cut remarks: the programmes and notes say which list an entry is on.
#[test]
fn the_legacy_consolidated_list_is_not_the_sdn_list() {
    let Some(path) = real("us/ofac_legacy_cons") else { return };
    let infos = lists::check(&path).unwrap();
    assert_eq!(
        counts(&infos),
        [
            ("us-ofac-capta", 1, 3),
            ("us-ofac-cmic", 68, 205),
            ("us-ofac-cons", 1, 3),
            ("us-ofac-mbs", 8, 38),
            ("us-ofac-plc", 78, 163),
            ("us-ofac-ssi", 286, 1_173)
        ]
    );
}

/// A renewed order keeps its entry id from one publication to the next.
#[test]
fn a_denied_person_keeps_its_id() {
    let (Some(old), Some(new)) = (real("us/bis_dpl_2019.txt"), real("us/bis_dpl_2023-11.txt")) else { return };
    let [old, new] = [old, new].map(|path| lists::load(&[Source::Path(path)]).unwrap());
    let names = |s: &Snapshot| {
        s.entries().iter().map(|e| e.primary_name().to_owned()).collect::<std::collections::BTreeSet<_>>()
    };
    let ids = |s: &Snapshot| s.entries().iter().map(|e| e.id.clone()).collect::<std::collections::BTreeSet<_>>();
    let both_names = names(&old).intersection(&names(&new)).count();
    let both_ids = ids(&old).intersection(&ids(&new)).count();
    eprintln!("{both_names} names and {both_ids} ids on both dates");
    assert!(both_ids * 100 >= both_names * 97, "{both_ids} of {both_names}");
    let renewed = "al-naser-wings-airlines@82-61745";
    let [before, after] = [&old, &new].map(|s| s.entry(Some("us-bis-dpl"), renewed).expect("listed on both dates"));
    assert_eq!(before.effective.unwrap().to_string(), "2019-06-05");
    assert_eq!(after.effective.unwrap().to_string(), "2023-10-31");
}

#[test]
fn relations_are_read_where_the_list_gives_them() {
    use model::entry::RelationKind;
    let Some(path) = real("us/ofac_cons_enhanced_2025-01.zip") else { return };
    let snapshot = lists::load(&[Source::Path(path)]).unwrap();
    let count = |kind| snapshot.entries().iter().flat_map(|e| &e.relations).filter(|r| r.kind == kind).count();
    // 283 relations in the file: 278 owned, 4 owning, 1 acting for.
    assert_eq!((count(RelationKind::SubsidiaryOf), count(RelationKind::OwnerOf)), (278, 4));
    let owned =
        snapshot.entries().iter().flat_map(|e| &e.relations).find(|r| r.name == "PUBLIC JOINT STOCK COMPANY GAZPROM");
    assert!(snapshot.entry(None, owned.unwrap().id.as_deref().unwrap()).is_some(), "{owned:?}");
    let native = snapshot
        .entries()
        .iter()
        .flat_map(|e| &e.names)
        .filter(|n| n.text.chars().any(|c| !c.is_ascii() && c.is_alphabetic()));
    assert!(native.count() >= 45);
}

/// All official files of `../shared/data/lists` together: what the start of a service has to read.
#[test]
fn all_official_files_read_in_a_moment() {
    let names = [
        CSL,
        SDN,
        CONS,
        "us/bis_dpl_2023-11.txt",
        "eu/fsf_2024-05-13.xml.gz",
        "uk/ofsi_2025-04-10.csv.gz",
        "un/un_2026-02-27.xml",
        "au/dfat_2026-02.xlsx",
    ];
    let Some(sources) = names.iter().map(|n| real(n).map(Source::Path)).collect::<Option<Vec<_>>>() else { return };
    let before = std::time::Instant::now();
    let snapshot = lists::load(&sources).unwrap();
    let names: usize = snapshot.entries().iter().map(|e| e.names.len()).sum();
    eprintln!("{} rows, {names} names in {:?}", snapshot.entries().len(), before.elapsed());
    assert!(snapshot.entries().len() > 34_000);
}
