//! Goods texts, goods codes, and what goods need.

use super::*;

#[test]
fn a_text_is_vague_when_nothing_names_goods() {
    for text in [
        "PARTS",
        "Spare parts",
        "10 CTNS SPARE PARTS",
        "ACCESSORIES, 3 PCS",
        "general cargo",
        "FREIGHT ALL KINDS",
        "1 X 40 HC FAK SHIPPERS LOAD",
        "gift",
        "said to contain goods",
        "machine parts",
        "DRONE PARTS",
        "MAVIC 3 DRONE PARTS",
        "new items as per attached invoice",
        "black, size 10",
        "2 pallets of merchandise",
        "metal parts",
        "plastic products",
    ] {
        assert!(fires(&goods(text, ""), Reason::GoodsVague), "{text}");
    }
    for text in [
        "CERAMIC GLAZED VITRIFIED TILES",
        "STEEL PIPES 6M",
        "Efavirenz 600mg, tablets, 30 Tabs",
        "cotton t-shirts for men",
        "BRAKE DISCS FOR PASSENGER CARS",
        "welding machine",
        "FRESH APPLES",
        "lithium battery cells 21700, UN3480",
        "SODIUM HYDROXIDE SOLUTION 50%",
        "ENGINE VALVES, SPARE PARTS FOR TRACTORS",
        "wooden furniture, chairs and tables",
        "FERNSEHGERAETE ERSATZLAMPEN GEHAEUSE STAENDER",
    ] {
        assert!(!fires(&goods(text, ""), Reason::GoodsVague), "{text}");
    }
    assert!(!fires(&goods("无人机配件", ""), Reason::GoodsVague));
    assert!(skipped(&goods("无人机配件", ""), Reason::GoodsVague));
    assert!(skipped(&Shipment::default(), Reason::GoodsVague));
}

#[test]
fn a_text_without_words_is_invalid() {
    for text in ["123456", "...", "XXXX", "a a a", "-", "scan0001.pdf", "12/34"] {
        assert_eq!(severities(&goods(text, ""), Reason::GoodsInvalidText), [Severity::Low], "{text}");
        assert!(!fires(&goods(text, ""), Reason::GoodsVague), "{text}");
    }
    for text in ["PVC", "B2B", "steel pipes 12/34", "see photo.pdf for steel pipes", "aa b"] {
        assert!(!fires(&goods(text, ""), Reason::GoodsInvalidText), "{text}");
    }
}

#[test]
fn codes_count_by_their_first_digits() {
    let tier = |code: &str| {
        let report = screen(&goods("cameras", code));
        let of = |r: &&Ruled| r.finding.reason == Reason::GoodsHsPriority;
        report.findings.iter().find(of).map(|r| r.finding.matched_name.clone())
    };
    assert_eq!(tier("852589").as_deref(), Some("3.A"));
    assert_eq!(tier("8525.89.00 10").as_deref(), Some("3.A"));
    assert_eq!(tier("8542310000").as_deref(), Some("1"));
    assert_eq!(tier("852580"), None);
    assert_eq!(tier("8525"), None);
    assert!(skipped(&goods("cameras", "8525"), Reason::GoodsHsPriority));

    assert!(fires(&goods("aircraft", "88062200"), Reason::GoodsHsUav));
    assert!(fires(&goods("propellers", "8807.10"), Reason::GoodsHsUav));
    assert!(!fires(&goods("aeroplanes", "880220"), Reason::GoodsHsUav));
    let mut old = goods("aircraft", "880622");
    old.goods[0].hs_edition = Some(2017);
    assert!(!fires(&old, Reason::GoodsHsUav), "heading 8806 is of 2022");
    old.as_of = Some(date(2020, 12, 18));
    assert!(!fires(&goods("cameras", "852589"), Reason::GoodsHsUav));
    let mut early = goods("cameras", "852589");
    early.as_of = Some(date(2020, 12, 18));
    assert!(!fires(&early, Reason::GoodsHsPriority), "the list is of February 2024");
}

#[test]
fn a_drone_under_a_cameras_code_is_a_conflict() {
    for (text, code) in [
        ("MAVIC 3 DRONE PARTS", "852589"),
        ("quadcopter with 4K lens", "95030070"),
        ("flying cameras", "8525 89 00"),
        ("cotton shirts for men", "880622"),
    ] {
        assert_eq!(severities(&goods(text, code), Reason::GoodsCodeConflict), [Severity::Low], "{text} {code}");
    }
    for (text, code) in [
        ("MAVIC 3 DRONE", "880622"),
        ("cameras for drones", "852589"),
        ("battery pack compatible with drone", "852589"),
        ("toy drone with remote control", "950300"),
        ("drone propellers", "880710"),
        ("DJI MATRICE 300", "880622"),
        ("unmanned aircraft, 20 kg", "880623"),
        ("PARTS", "880622"),
        ("drone motors", "850131"),
    ] {
        assert!(!fires(&goods(text, code), Reason::GoodsCodeConflict), "{text} {code}");
    }
    assert!(skipped(&goods("drone", ""), Reason::GoodsCodeConflict));
}

#[test]
fn the_reexport_clause_is_asked_of_exports_from_the_union() {
    let shipment = |from: &str, to: &str, code: &str| {
        let mut shipment = route(from, &[], to);
        shipment.goods = goods("circuits", code).goods;
        shipment
    };
    let missing = |s: &Shipment| severities(s, Reason::ReexportClauseMissing);
    let to_almaty = shipment("Hamburg", "Almaty", "854231");
    assert_eq!(missing(&to_almaty), [Severity::Low]);
    let mut attested = to_almaty;
    attested.attestations.push(model::shipment::Attestation {
        kind: model::shipment::AttestationKind::ReexportClause,
        by: "exporter".to_owned(),
        date: None,
        note: String::new(),
    });
    assert!(missing(&attested).is_empty());
    for (from, to, code) in [
        ("Hamburg", "Los Angeles", "854231"),
        ("Hamburg", "Rotterdam", "854231"),
        ("Shenzhen", "Almaty", "854231"),
        ("Hamburg", "Almaty", "610910"),
    ] {
        assert!(missing(&shipment(from, to, code)).is_empty(), "{from} {to} {code}");
    }
    assert!(skipped(&goods("circuits", "854231"), Reason::ReexportClauseMissing));
}
