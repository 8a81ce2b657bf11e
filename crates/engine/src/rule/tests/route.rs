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

/// A licence is required, with a policy of denial: the outcome by default is HOLD. A route that only passes asks for a look.
#[test]
fn goods_that_end_in_a_restricted_country_are_held_and_those_that_pass_are_not() {
    let found = |shipment: &Shipment| {
        let report = screen(shipment);
        let of = |r: &&Ruled| r.finding.matched_name.ends_with("restricted");
        let told = |r: &Ruled| (r.finding.matched_name.clone(), r.finding.severity);
        report.findings.iter().filter(of).map(told).collect::<Vec<_>>()
    };
    let ends = |id: &str| vec![(id.to_owned(), Severity::High)];
    let of = |code: &str, loading: &str, by: &[&str], end: &str| Shipment {
        goods: goods("cameras for cars, model 5", code).goods,
        ..route(loading, by, end)
    };
    let priority = "priority-goods-end-in-restricted";
    assert_eq!(found(&of("852589", "Shenzhen", &["Almaty"], "Moscow")), ends(priority));
    assert_eq!(found(&of("8525.89.00", "Shenzhen", &[], "Minsk")), ends(priority));
    assert_eq!(found(&of("880622", "Shenzhen", &[], "Moscow")), ends("drone-codes-end-in-restricted"));
    let passes = [("priority-goods-to-restricted".to_owned(), Severity::Medium)];
    assert_eq!(found(&of("852589", "Shenzhen", &["Moscow"], "Almaty")), passes);
    assert!(found(&of("852589", "Shenzhen", &["Almaty"], "Hamburg")).is_empty());
    // A receiver there is an end too, whatever the route says; one who hands the goods on is not.
    let mut received = of("852589", "Shenzhen", &[], "Almaty");
    for (role, name, address, country, expected) in [
        (Role::Consignee, "Copper Heron", "", "RU", ends(priority)),
        (Role::EndUser, "Copper Heron", "12 Lenin St, Minsk, Belarus", "", ends(priority)),
        (Role::EndUser, "Copper Heron", "ул. Ленина 12, Москва, Россия", "", ends(priority)),
        (Role::Consignee, "COPPER HERON LLC, 12 Lenin St, Moscow, Rusia", "", "", ends(priority)),
        (Role::IntermediateConsignee, "Copper Heron", "", "RU", passes.to_vec()),
        (Role::Shipper, "Copper Heron", "", "RU", Vec::new()),
    ] {
        received.parties = vec![party(role, name, address, country)];
        assert_eq!(found(&received), expected, "{role:?} {name} {address} {country}");
    }
    // Before the measure nothing was to be held.
    let mut early = of("852589", "Shenzhen", &[], "Moscow");
    early.as_of = Some(date(2022, 1, 1));
    assert!(found(&early).is_empty());
}

/// What stands in a name field does the work of an address field.
#[test]
fn addresses_in_a_name_field_and_in_other_languages_are_embargoed_places() {
    let at = |name: &str, address: &str| {
        let parties = vec![party(Role::Consignee, name, address, "")];
        severities(&Shipment { parties, ..Shipment::default() }, Reason::RouteEmbargo)
    };
    for name in [
        "COPPER HERON LLC, 12 Lenin St, Simferopol, Crimea",
        "Copper Heron\nAzadi Avenue 5\nTeherán\nIrán",
        "Copper Heron GmbH, Hauptstr. 5, Nordkorea",
        "COPPER HERON, CALLE 5, PYONGYANG, COREA DEL NORTE",
        "Медная Цапля, ул. Ленина 1, Севастополь",
        "铜鹭贸易公司，伊朗德黑兰",
        "Blue Harbour c/o Copper Heron, 5 Azadi Ave, Tehran, Iran",
    ] {
        assert_eq!(at(name, ""), [Severity::High], "{name}");
    }
    for address in ["Calle 5, Corea del Norte", "ул. Победы 1, КНДР", "Rua 1, Irã", "12 Rue de la Paix, Cuba"]
    {
        assert_eq!(at("Copper Heron", address), [Severity::High], "{address}");
    }
    let syria = |day| {
        let parties = vec![party(Role::Consignee, "Copper Heron", "Damascus", "")];
        let shipment = Shipment { parties, as_of: day, ..Shipment::default() };
        severities(&shipment, Reason::RouteEmbargo)
    };
    assert_eq!(syria(Some(date(2025, 1, 1))), [Severity::High]);
    assert_eq!((syria(Some(date(2025, 10, 1))), syria(None)), (vec![Severity::Medium], vec![Severity::Medium]));
}
