//! Each rule with a positive case, a negative one and a near miss.

mod packs;

use super::*;
use crate::country::Country;
use crate::finding::Severity;
use crate::shipment::{Goods, Party, Place, Role, Shipment};
use jiff::civil::date;

fn goods(description: &str, hs_code: &str) -> Shipment {
    let line = Goods { description: description.to_owned(), hs_code: hs_code.to_owned(), ..Goods::default() };
    Shipment { goods: vec![line], ..Shipment::default() }
}

fn place(text: &str, country: &str) -> Place {
    Place { text: text.to_owned(), country: Country::from_code(country), ..Place::default() }
}

fn party(role: Role, name: &str, address: &str, country: &str) -> Party {
    Party {
        role: Some(role),
        name: name.to_owned(),
        address: address.to_owned(),
        country: Country::from_code(country),
        ..Party::default()
    }
}

fn receiver(name: &str) -> Shipment {
    let parties = vec![party(Role::Shipper, "Fictive Works", "", ""), party(Role::Consignee, name, "", "")];
    Shipment { parties, ..Shipment::default() }
}

fn route(loading: &str, by: &[&str], destination: &str) -> Shipment {
    let mut shipment = Shipment::default();
    shipment.route.loading = Some(place(loading, ""));
    shipment.route.transshipment = by.iter().map(|p| place(p, "")).collect();
    shipment.route.destination = Some(place(destination, ""));
    shipment
}

fn screen(shipment: &Shipment) -> Report {
    screen_with(shipment, |_| true, &[])
}

fn screen_with(shipment: &Shipment, is_on: impl Fn(Reason) -> bool, known: &[Part]) -> Report {
    let rules = Rules::builtin();
    rules.screen(shipment, &Prepared::of(shipment, rules.lexicon()), is_on, |_| true, known)
}

fn severities(shipment: &Shipment, reason: Reason) -> Vec<Severity> {
    let of_reason = |r: &&Ruled| r.finding.reason == reason;
    screen(shipment).findings.iter().filter(of_reason).map(|r| r.finding.severity).collect()
}

fn fires(shipment: &Shipment, reason: Reason) -> bool {
    !severities(shipment, reason).is_empty()
}

fn skipped(shipment: &Shipment, reason: Reason) -> bool {
    screen(shipment).ran.iter().any(|(r, cause)| *r == reason && cause.is_some())
}

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
fn embargoed_places_are_told_from_streets_and_namesakes() {
    let at = |address: &str, country: &str| {
        let parties = vec![party(Role::Consignee, "Fictive Works", address, country)];
        severities(&Shipment { parties, ..Shipment::default() }, Reason::RouteEmbargo)
    };
    for (address, country) in [
        ("Yalta, Krimea", ""),
        ("12 Lenina St, Sevastopol", "RU"),
        ("Artema 5, Donetsk", "UA"),
        ("ул. Ленина 1, Севастополь", "RU"),
        ("Tehran, Iran", ""),
        ("Valiasr Ave, Tehran, Iran", "AE"),
        ("Plaza Vieja, La Habana", "CU"),
        ("", "KP"),
    ] {
        assert_eq!(at(address, country), [Severity::High], "{address} {country}");
    }
    assert_eq!(at("Latakia", "SY"), [Severity::Medium]);
    for (address, country) in [
        ("14 Cuba Street, Te Aro, Wellington", "NZ"),
        ("14 Cuba Street, Te Aro, Wellington", ""),
        ("Havana, FL", "US"),
        ("Havana, FL", ""),
        ("Cuba, MO 65453, USA", ""),
        ("Calle Cuba 14, Sevilla", ""),
    ] {
        assert_eq!(at(address, country), [Severity::Info], "{address} {country}");
    }
    for (address, country) in [
        ("Calle Irantzu 3, Bilbao", "ES"),
        ("Peachtree St, Atlanta, Georgia", ""),
        ("Miami, Florida", "US"),
        ("Kramatorsk", "UA"),
        ("Seoul", "KR"),
    ] {
        assert!(at(address, country).is_empty(), "{address} {country}");
    }
    let mut early = route("Hamburg", &[], "Sevastopol");
    assert_eq!(severities(&early, Reason::RouteEmbargo), [Severity::High]);
    early.as_of = Some(date(2014, 1, 1));
    assert!(!fires(&early, Reason::RouteEmbargo));
    let by_code = Place { locode: "IRBND".to_owned(), ..Place::default() };
    let mut coded = route("Hamburg", &[], "Mumbai");
    coded.route.discharge = Some(by_code);
    assert_eq!(severities(&coded, Reason::RouteEmbargo), [Severity::High]);
    assert!(skipped(&goods("x", ""), Reason::RouteEmbargo));
}

#[test]
fn transshipment_counts_behind_the_loading_and_names_its_list() {
    let lists = |shipment: &Shipment| {
        let report = screen(shipment);
        let of = |r: &&Ruled| r.finding.reason == Reason::RouteTransshipment;
        report.findings.iter().filter(of).map(|r| r.finding.citations[0].clone()).collect::<Vec<_>>()
    };
    let by_almaty = lists(&route("Shenzhen", &["Almaty"], "Moscow"));
    assert_eq!(by_almaty.len(), 2);
    assert!(by_almaty[0].contains("FIN-2022-Alert003") && by_almaty[1].contains("DroneXL"));
    assert_eq!(lists(&route("Shenzhen", &[], "Karachi")).len(), 1, "Pakistan stands in the report alone");
    assert!(lists(&route("Shenzhen", &[], "Hamburg")).is_empty(), "China is where the goods come from");
    assert!(lists(&route("Hamburg", &["Rotterdam"], "Atlanta, Georgia")).is_empty());
    assert_eq!(lists(&route("Hamburg", &[], "Tbilisi, Georgia")).len(), 1);
    let mut early = route("Shenzhen", &["Almaty"], "Moscow");
    early.as_of = Some(date(2022, 1, 1));
    assert!(lists(&early).is_empty());
    let consignee = Shipment { parties: vec![party(Role::Consignee, "x", "", "KG")], ..Shipment::default() };
    assert_eq!(lists(&consignee).len(), 1);
    let shipper = Shipment { parties: vec![party(Role::Shipper, "x", "", "KG")], ..Shipment::default() };
    assert!(lists(&shipper).is_empty() && skipped(&shipper, Reason::RouteTransshipment));
}

#[test]
fn a_detour_leads_far_out_of_the_way() {
    assert_eq!(severities(&route("Hamburg", &["Singapore"], "Istanbul"), Reason::RouteDetour), [Severity::Low]);
    let mut back = route("Shanghai", &["Moscow", "Minsk"], "Moscow");
    assert!(fires(&back, Reason::RouteDetour));
    back.route.transshipment.pop();
    assert!(!fires(&back, Reason::RouteDetour));
    for (from, by, to) in [
        ("Shanghai", "Singapore", "Rotterdam"),
        ("Shenzhen", "Almaty", "Moscow"),
        ("Busan", "Los Angeles", "New York"),
        ("Mumbai", "Jebel Ali", "Hamburg"),
        ("Hamburg", "Rotterdam", "Santos"),
        ("Vladivostok", "Busan", "Los Angeles"),
    ] {
        assert!(!fires(&route(from, &[by], to), Reason::RouteDetour), "{from} {by} {to}");
    }
    assert!(skipped(&route("Hamburg", &[], "Istanbul"), Reason::RouteDetour));
}

#[test]
fn listed_ports_are_found_where_they_lie() {
    assert_eq!(severities(&route("Mersin", &[], "Novorossiysk"), Reason::RouteListedPlace), [Severity::Medium]);
    assert!(fires(&route("Mersin", &["Усть-Луга"], "Moscow"), Reason::RouteListedPlace));
    assert!(!fires(&route("Mersin", &[], "Vladivostok"), Reason::RouteListedPlace));
    let mut namesake = route("Mersin", &[], "Rijeka");
    namesake.route.discharge = Some(place("Primorsk", "BG"));
    assert!(!fires(&namesake, Reason::RouteListedPlace));
    let mut early = route("Mersin", &[], "Novorossiysk");
    early.as_of = Some(date(2024, 1, 1));
    assert!(!fires(&early, Reason::RouteListedPlace));
}

#[test]
fn receivers_are_told_apart() {
    for name in [
        "Steppe Lantern Freight Forwarding LLP",
        "Harbour Wren Logistics Ltd",
        "ТОО Логистика Азия",
        "深圳物流有限公司",
    ] {
        assert_eq!(severities(&receiver(name), Reason::RoleForwarderFinal), [Severity::Info], "{name}");
    }
    for name in
        ["Freightliner Dealers Inc", "Forward Industries", "Logistics Software GmbH", "Velvet Badger Hobby Shop"]
    {
        assert!(!fires(&receiver(name), Reason::RoleForwarderFinal), "{name}");
    }
    let mut with_user = receiver("Harbour Wren Logistics Ltd");
    with_user.parties.push(party(Role::EndUser, "Copper Heron Components", "", ""));
    assert!(!fires(&with_user, Reason::RoleForwarderFinal), "the end user is named");
    let mut same = receiver("Copper Heron LLP");
    same.parties.push(party(Role::Forwarder, "COPPER HERON, LLP", "", ""));
    assert!(fires(&same, Reason::RoleForwarderFinal));
    assert!(skipped(&goods("x", ""), Reason::RoleForwarderFinal));

    for name in ["Fictive Commercial Bank Ltd", "TO THE ORDER OF BANCO FICTIVO", "АО Банк Фиктив", "中国虚构银行"]
    {
        assert!(fires(&receiver(name), Reason::RoleBankConsignee), "{name}");
    }
    for name in
        ["Power Bank Electronics", "West Bank Olive Oil", "Food Bank Utrecht", "14 Bank Street Traders", "Banken GmbH"]
    {
        assert!(!fires(&receiver(name), Reason::RoleBankConsignee), "{name}");
    }

    for name in ["TO ORDER", "To the order of shipper", "TO ORDER OF Fictive Bank"] {
        assert!(fires(&receiver(name), Reason::RoleToOrder), "{name}");
    }
    for name in ["Tailored to Order Ltd", "Made To Order Suits", "Orderly Storage"] {
        assert!(!fires(&receiver(name), Reason::RoleToOrder), "{name}");
    }
    let mut flag = receiver("");
    flag.parties[1].is_to_order = true;
    assert!(fires(&flag, Reason::RoleToOrder));

    for (name, severity) in [("UNKNOWN", Severity::Low), ("N/A", Severity::Low), ("---", Severity::Low)] {
        assert_eq!(severities(&receiver(name), Reason::PartyPlaceholder), [severity], "{name}");
    }
    for name in ["SAME AS SHIPPER", "Unknown Worlds Games", "Private Label Foods", "Na & Sons"] {
        assert!(!fires(&receiver(name), Reason::PartyPlaceholder), "{name}");
    }
    let mut notify = receiver("Copper Heron Components");
    notify.parties.push(party(Role::NotifyParty, "N/A", "", ""));
    assert_eq!(severities(&notify, Reason::PartyPlaceholder), [Severity::Info]);
}

#[test]
fn missing_and_disputed_roles_are_said() {
    let whole = receiver("Copper Heron Components");
    assert!(!fires(&whole, Reason::RoleMissing));
    let mut without = whole.clone();
    without.parties.pop();
    assert!(fires(&without, Reason::RoleMissing));
    let text_only = goods("steel pipes", "");
    assert!(!fires(&text_only, Reason::RoleMissing) && skipped(&text_only, Reason::RoleMissing));

    assert!(!fires(&whole, Reason::RoleDisputed));
    let mut disputed = whole.clone();
    disputed.parties[1].is_disputed = true;
    disputed.parties[1].dispute_note = "the vendor took the role from another bill".to_owned();
    let report = screen(&disputed);
    let found = report.findings.iter().find(|r| r.finding.reason == Reason::RoleDisputed).expect("it is disputed");
    assert!(found.finding.explanation.contains("took the role from another bill"), "{}", found.finding.explanation);
    let mut unsure = whole;
    unsure.parties[1].role_confidence = crate::finding::Score::new(300);
    assert!(fires(&unsure, Reason::RoleDisputed));
    unsure.parties[1].role_confidence = crate::finding::Score::new(800);
    assert!(!fires(&unsure, Reason::RoleDisputed));
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
    attested.attestations.push(crate::shipment::Attestation {
        kind: crate::shipment::AttestationKind::ReexportClause,
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

#[test]
fn combinations_need_every_part() {
    let names = |shipment: &Shipment, known: &[Part]| {
        let report = screen_with(shipment, |_| true, known);
        let of = |r: &&Ruled| r.finding.reason == Reason::Combination;
        report.findings.iter().filter(of).map(|r| r.finding.matched_name.clone()).collect::<Vec<_>>()
    };
    let mut story = route("Shenzhen", &["Almaty"], "Almaty");
    story.goods = goods("cameras for cars", "852589").goods;
    story.parties = receiver("Steppe Lantern Freight Forwarding LLP").parties;
    assert_eq!(names(&story, &[]), ["priority-goods-by-forwarder"]);
    let mut direct = story.clone();
    direct.parties = receiver("Copper Heron Components").parties;
    assert!(names(&direct, &[]).is_empty());
    let mut harmless = story.clone();
    harmless.goods[0].hs_code = "610910".to_owned();
    assert!(names(&harmless, &[]).is_empty());
    let mut elsewhere = story.clone();
    elsewhere.route = route("Shenzhen", &["Rotterdam"], "Hamburg").route;
    assert!(names(&elsewhere, &[]).is_empty());

    let brand = [Part { reason: Reason::GoodsBrand, clause: "goods carry the brand DJI".to_owned() }];
    assert_eq!(names(&route("Shenzhen", &[], "Moscow"), &brand), ["drone-goods-to-restricted"]);
    assert!(names(&route("Shenzhen", &[], "Hamburg"), &brand).is_empty());
    let mut vague = route("Shenzhen", &[], "Moscow");
    vague.goods = goods("PARTS", "").goods;
    assert_eq!(names(&vague, &[]), ["vague-text-to-restricted"]);
    vague.route = route("Shenzhen", &[], "Hamburg").route;
    assert!(names(&vague, &[]).is_empty());

    // A rule that is off takes no part.
    let report = screen_with(&story, |r| r != Reason::RoleForwarderFinal, &[]);
    assert!(report.findings.iter().all(|r| r.finding.reason != Reason::Combination));
}
