//! One table: every reason of the rules and every heading of the conflicts, with a case that it is for, one that it is not
//! for, and one that comes near and is not. A reason or a heading without the three fails.

use super::*;
use model::shipment::{Attestation, AttestationKind};
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Expect {
    /// It fires.
    Positive,
    /// It does not, as for any ordinary shipment.
    Negative,
    /// It does not, although the record comes near.
    NearMiss,
}
use Expect::{NearMiss, Negative, Positive};

/// From Hamburg to Almaty with these goods, and a clause if one is attested.
fn export(to: &str, code: &str, attested: bool) -> Shipment {
    let mut shipment = route("Hamburg", &[], to);
    shipment.goods = goods("circuits", code).goods;
    if attested {
        shipment.attestations.push(attested_as(AttestationKind::ReexportClause, ""));
    }
    shipment
}

fn attested_as(kind: AttestationKind, note: &str) -> Attestation {
    Attestation { kind, by: "export desk".to_owned(), date: None, note: note.to_owned() }
}

fn attesting(kind: AttestationKind) -> Shipment {
    let mut shipment = receiver("Copper Heron Components");
    shipment.attestations.push(attested_as(kind, "asked twice"));
    shipment
}

fn at(address: &str, country: &str) -> Shipment {
    let parties = vec![party(Role::Consignee, "Fictive Works", address, country)];
    Shipment { parties, ..Shipment::default() }
}

fn sure(thousandths: u16) -> Shipment {
    let mut shipment = receiver("Copper Heron Components");
    shipment.parties[1].role_confidence = model::finding::Score::new(thousandths);
    shipment
}

fn without_receiver() -> Shipment {
    let mut shipment = receiver("x");
    shipment.parties.pop();
    shipment
}

/// Priority goods by Almaty to this receiver.
fn story(name: &str, code: &str) -> Shipment {
    let mut shipment = route("Shenzhen", &["Almaty"], "Almaty");
    shipment.goods = goods("cameras for cars", code).goods;
    shipment.parties = receiver(name).parties;
    shipment
}

#[test]
fn every_reason_has_a_case_for_it_one_against_and_one_near() {
    use Reason as R;
    let table: Vec<(Reason, Expect, &str, Shipment)> = vec![
        (R::GoodsVague, Positive, "only a class of goods", goods("new machine parts, 10 ctns", "")),
        (R::GoodsVague, Negative, "goods by name", goods("porcelain cups", "")),
        (R::GoodsVague, NearMiss, "the same words beside goods by name", goods("parts of bicycle brakes", "")),
        (R::GoodsInvalidText, Positive, "digits", goods("4711-12", "")),
        (R::GoodsInvalidText, Negative, "words", goods("steel pipes", "")),
        (R::GoodsInvalidText, NearMiss, "digits and a word", goods("4711-12 pipes", "")),
        (R::GoodsHsPriority, Positive, "a longer code of the list", goods("circuits", "8542 31 90")),
        (R::GoodsHsPriority, Negative, "shirts", goods("shirts", "610910")),
        (R::GoodsHsPriority, NearMiss, "the neighbouring subheading", goods("circuits", "854290")),
        (R::GoodsHsUav, Positive, "unmanned, up to 7 kg", goods("aircraft", "88062200")),
        (R::GoodsHsUav, Negative, "shirts", goods("shirts", "610910")),
        (R::GoodsHsUav, NearMiss, "the heading of aeroplanes", goods("aircraft", "880240")),
        (R::GoodsCodeConflict, Positive, "a drone as a camera", goods("quadcopter", "852589")),
        (R::GoodsCodeConflict, Negative, "a camera as a camera", goods("digital camera", "852589")),
        (R::GoodsCodeConflict, NearMiss, "a camera for a drone", goods("camera for quadcopter", "852589")),
        (R::RouteEmbargo, Positive, "a city of Crimea", at("Lenina 1, Simferopol", "UA")),
        (R::RouteEmbargo, Negative, "a city of Germany", at("Lindenallee 1, Hamburg", "DE")),
        (R::RouteEmbargo, NearMiss, "a city of Ukraine in no such territory", at("Lenina 1, Kharkiv", "UA")),
        (R::RouteTransshipment, Positive, "by Tashkent", route("Shenzhen", &["Tashkent"], "Moscow")),
        (R::RouteTransshipment, Negative, "by Rotterdam", route("Shanghai", &["Rotterdam"], "Hamburg")),
        (R::RouteTransshipment, NearMiss, "loaded in such a country", route("Tashkent", &[], "Hamburg")),
        (R::RouteDetour, Positive, "far out of the way", route("Hamburg", &["Singapore"], "Istanbul")),
        (R::RouteDetour, Negative, "on the way", route("Shanghai", &["Singapore"], "Hamburg")),
        (R::RouteDetour, NearMiss, "longer than the straight way", route("Hamburg", &["Algeciras"], "Istanbul")),
        (R::RouteListedPlace, Positive, "a listed port", route("Mersin", &[], "Ust-Luga")),
        (R::RouteListedPlace, Negative, "a port", route("Mersin", &[], "Hamburg")),
        (R::RouteListedPlace, NearMiss, "another port of the same country", route("Mersin", &[], "Saint Petersburg")),
        (R::RoleForwarderFinal, Positive, "a forwarder receives", receiver("Wren Freight Forwarding Ltd")),
        (R::RoleForwarderFinal, Negative, "a maker receives", receiver("Copper Heron Components")),
        (R::RoleForwarderFinal, NearMiss, "a maker of software for them", receiver("Logistics Software GmbH")),
        (R::RoleBankConsignee, Positive, "a bank receives", receiver("Fictive Commercial Bank Ltd")),
        (R::RoleBankConsignee, Negative, "a maker receives", receiver("Copper Heron Components")),
        (R::RoleBankConsignee, NearMiss, "a maker of power banks", receiver("Power Bank Electronics")),
        (R::RoleToOrder, Positive, "to order", receiver("TO THE ORDER OF SHIPPER")),
        (R::RoleToOrder, Negative, "a name", receiver("Copper Heron Components")),
        (R::RoleToOrder, NearMiss, "a name with the words", receiver("Made To Order Suits")),
        (R::RoleMissing, Positive, "no receiver", without_receiver()),
        (R::RoleMissing, Negative, "both named", receiver("Copper Heron Components")),
        (R::RoleMissing, NearMiss, "a receiver to order is one", receiver("TO ORDER OF Fictive Bank")),
        (R::RoleDisputed, Positive, "its source doubts it", sure(499)),
        (R::RoleDisputed, Negative, "nobody doubts it", receiver("Copper Heron Components")),
        (R::RoleDisputed, NearMiss, "as likely as not", sure(500)),
        (R::PartyPlaceholder, Positive, "nobody by name", receiver("UNKNOWN")),
        (R::PartyPlaceholder, Negative, "a name", receiver("Copper Heron Components")),
        (R::PartyPlaceholder, NearMiss, "a name with the word", receiver("Unknown Worlds Games")),
        (R::ReexportClauseMissing, Positive, "nothing attested", export("Almaty", "854231", false)),
        (R::ReexportClauseMissing, Negative, "other goods", export("Almaty", "610910", false)),
        (R::ReexportClauseMissing, NearMiss, "attested", export("Almaty", "854231", true)),
        (R::ReexportClauseMissing, NearMiss, "to a partner country", export("Los Angeles", "854231", false)),
        (R::AttestedRedFlag, Positive, "cash", attesting(AttestationKind::RedFlagCash)),
        (R::AttestedRedFlag, Negative, "nothing attested", receiver("Copper Heron Components")),
        (R::AttestedRedFlag, NearMiss, "a statement is no red flag", attesting(AttestationKind::EndUseStatement)),
        (R::Combination, Positive, "all parts", story("Wren Freight Forwarding Ltd", "852589")),
        (R::Combination, Negative, "no part", receiver("Copper Heron Components")),
        (R::Combination, NearMiss, "a part is missing", story("Copper Heron Components", "852589")),
        (R::Combination, NearMiss, "another code", story("Wren Freight Forwarding Ltd", "852580")),
    ];
    let mut wrong = Vec::new();
    for (reason, expect, what, shipment) in &table {
        if fires(shipment, *reason) != (*expect == Positive) {
            wrong.push(format!("{} {expect:?}: {what}", reason.as_str()));
        }
        // A rule that could not run would pass every case against it.
        if skipped(shipment, *reason) && *expect != Negative {
            wrong.push(format!("{} {expect:?}: {what}: it did not run", reason.as_str()));
        }
    }
    let have: BTreeSet<(Reason, Expect)> = table.iter().map(|(reason, expect, ..)| (*reason, *expect)).collect();
    for reason in Rules::REASONS {
        for expect in [Positive, Negative, NearMiss] {
            if !have.contains(&(reason, expect)) {
                wrong.push(format!("{} has no {expect:?}", reason.as_str()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// For every heading of the conflicts pack: text and heading that clash, that agree, and that nearly clash.
#[test]
fn every_heading_of_the_conflicts_has_its_cases() {
    let table = [
        // Goods of another kind under the code, and the same words where the drone is not the goods.
        ("8525", "drone with camera", "television cameras", "cameras for drones"),
        ("8529", "fpv drone", "antennas", "antenna for fpv"),
        ("9006", "flying camera", "photographic cameras", "camera for quadcopter"),
        ("9007", "quadcopters", "cinema projectors", "gimbal camera for hexacopter"),
        ("9503", "quadcopter with 4K lens", "dolls", "toy drone"),
        ("9504", "racing drones", "video game consoles", "game console with drone game"),
        ("9506", "octocopter", "golf clubs", "golf bag for drone"),
        ("8543", "multirotor, unmanned aircraft", "signal generators", "jammer for drone"),
        ("8479", "uav", "industrial robots", "robot compatible with uav"),
        ("8471", "drones", "laptop computers", "computer for drones"),
        ("3926", "hexacopter", "plastic buttons", "case of drone"),
    ];
    let pack: toml::Value = toml::from_str(include_str!("../../../../../lists/packs/conflicts.toml")).unwrap();
    let drone = &pack["conflict"][0];
    let of = |key: &str| drone[key].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(of("wrong"), table.map(|(heading, ..)| heading), "each heading has its row");
    let mut wrong = Vec::new();
    for (heading, clash, agree, near) in table {
        let code = format!("{heading}90");
        for (text, expected) in [(clash, true), (agree, false), (near, false)] {
            if fires(&goods(text, &code), Reason::GoodsCodeConflict) != expected {
                wrong.push(format!("{text:?} under {code}: expected {expected}"));
            }
        }
    }
    // The right headings, where the same words are no conflict, and other goods under the one that drones alone have.
    for heading in of("right") {
        if fires(&goods("quadcopter drones", &format!("{heading}10")), Reason::GoodsCodeConflict) {
            wrong.push(format!("drones under {heading}"));
        }
    }
    assert_eq!(of("only"), ["8806"]);
    for (text, code, expected) in [
        ("cotton shirts for men", "880622", true),
        ("unmanned helicopter", "880622", false),
        ("PARTS", "880622", false),
        ("aluminium screws", "880790", false),
    ] {
        if fires(&goods(text, code), Reason::GoodsCodeConflict) != expected {
            wrong.push(format!("{text:?} under {code}: expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Each red flag that can be attested has its meaning, and asks for a review in the words of who attests it.
#[test]
fn every_red_flag_is_a_finding_with_its_reason() {
    let mut titles = BTreeSet::new();
    for kind in AttestationKind::ALL {
        let report = screen(&attesting(kind));
        let found = report.findings.iter().find(|r| r.finding.reason == Reason::AttestedRedFlag);
        assert_eq!(found.is_some(), kind.is_red_flag(), "{kind:?}");
        let Some(ruled) = found else { continue };
        let finding = &ruled.finding;
        assert_eq!((finding.severity, finding.matched_name.as_str()), (Severity::Low, kind.as_str()));
        assert_eq!(finding.field_path, "attestations[0].kind");
        assert!(finding.citations[0].contains("Red Flag Indicators"), "{:?}", finding.citations);
        let RuleFact::RedFlag { title, by, note } = &ruled.fact else { panic!("{:?}", ruled.fact) };
        assert_eq!((by.as_str(), note.as_str()), ("export desk", "asked twice"));
        titles.insert(title.clone());
    }
    assert_eq!(titles.len(), 10, "each says something of its own");
    // With goods that are sought for weapons it weighs more.
    let mut priority = attesting(AttestationKind::RedFlagEvasive);
    priority.goods = goods("circuits", "854231").goods;
    assert_eq!(severities(&priority, Reason::Combination), [Severity::Medium]);
}
