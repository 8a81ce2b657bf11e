//! Where goods go, and what comes together on the way.

use super::*;

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

    let brand = [Part { reason: Reason::GoodsBrand, number: 0 }];
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
