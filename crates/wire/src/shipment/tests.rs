//! Records off the wire: whole, and every fault by its path.

use super::party::{identifier_type_from_wire, role_from_wire};
use super::*;
use model::country::Country;
use model::entry::{Identifier, IdentifierType};
use model::finding::Score;
use model::shipment::{Currency, Decimal, Goods, Licence, LicenceKind, PartialDate, Party, Role, StructuredAddress};

fn problems(shipment: v1::Shipment) -> Vec<(String, String)> {
    let found = shipment_from_wire(shipment).unread;
    found.into_iter().map(|u| (u.problem.field_path, u.problem.description)).collect()
}

#[test]
fn every_fault_is_named_by_its_path() {
    let mut shipment: v1::Shipment = serde_json::from_str(
        r#"{"asOf": "2026-2-30", "knownOn": "soon",
            "parties": [{}, {"country": "ZZ", "identifiers": [{"country": "Q9"}]},
                        {"roleConfidence": 1001, "structuredAddress": {"locode": "X"}, "born": "65",
                         "incorporated": "2022-13"}],
            "goods": [{"hsCode": "85O589", "origin": "Chyna", "quantity": "a few", "value": "-1", "currency": "EURO", "hsEdition": 2020,
                       "netWeightKg": "1e3", "licences": [{"issued": "x", "expires": "2026"}]}],
            "attestations": [{}],
            "route": {"loading": {"country": "1A", "locode": "SHANGHAI"}, "transshipment": [{"country": "x"}],
                      "routingCountries": ["cn", "", "QQ"]},
            "vessels": [{"flag": "QQ"}],
            "dates": {"issued": "2026-02-30", "departure": "01/02/2026", "arrival": "1.2.26"}}"#,
    )
    .unwrap();
    // The JSON reader refuses unknown numbers itself; the binary form lets them through.
    shipment.parties[1].role = 77;
    shipment.parties[1].identifiers[0].r#type = 99;
    let found = problems(shipment);
    let paths: Vec<&str> = found.iter().map(|(p, _)| p.as_str()).collect();
    assert_eq!(
        paths,
        [
            "asOf",
            "knownOn",
            "parties[1].role",
            "parties[1].country",
            "parties[1].identifiers[0].type",
            "parties[1].identifiers[0].country",
            "parties[2].roleConfidence",
            "parties[2].structuredAddress.locode",
            "parties[2].born",
            "parties[2].incorporated",
            "goods[0].value",
            "goods[0].currency",
            "goods[0].quantity",
            "goods[0].hsCode",
            "goods[0].hsEdition",
            "goods[0].netWeightKg",
            "goods[0].origin",
            "goods[0].licences[0].issued",
            "goods[0].licences[0].expires",
            "route.loading.country",
            "route.loading.locode",
            "route.transshipment[0].country",
            "route.routingCountries[1]",
            "route.routingCountries[2]",
            "vessels[0].flag",
            "dates.issued",
            "dates.departure",
            "dates.arrival",
            "attestations[0].kind",
        ]
    );
    assert_eq!(found[2].1, "77 is not a role; expected 0 to 21");
    assert_eq!(found[3].1, "`ZZ` is not a country; expected an ISO 3166-1 code or an English name");
    assert_eq!(found[25].1, "`2026-02-30` is not a date; expected YYYY-MM-DD");
}

#[test]
fn a_sound_record_arrives_whole() {
    let wire: v1::Shipment = serde_json::from_str(
        r#"{"reference": "r", "asOf": "2020-12-18", "parties": [{"role": "CONSIGNEE", "name": "A\nB",
            "otherNames": ["C"], "address": "d", "country": "cn", "roleSource": "broker",
            "roleConfidence": 600, "disputeNote": "DJI denies it", "isToOrder": true, "born": "1965",
            "incorporated": "2022-03", "structuredAddress": {"unit": "803", "floor": "8", "building": "Chevalier House",
            "streetNumber": "45-51", "street": "Chatham Road South", "poBox": "7", "city": "Hong Kong",
            "region": "KLN", "postCode": "0", "locode": "HKHKG"},
            "identifiers": [{"type": "USCC", "value": "1", "country": "CN"}]}],
            "goods": [{"description": "x", "marks": "m", "hsCode": "8806.22", "eccn": "9A012", "brand": "b",
            "model": "k", "origin": "DE", "otherHsCodes": ["8807"], "hsEdition": 2022, "quantity": "12.50",
                "unit": "PCE", "netWeightKg": "3", "value": "1000.1", "currency": "usd",
                "licences": [{"kind": "EXPORT", "reference": "D1", "isRequired": true, "expires": "2027-01-01"}]}],
                "attestations": [{"kind": "REEXPORT_CLAUSE", "by": "sales", "date": "2026-01-01", "note": "n"}],
            "route": {"receipt": {"text": "r"}, "destination": {"locode": "cn sha"}, "routingCountries": ["DE", "cn"]},
            "vessels": [{"name": "v", "imo": "IMO 9074729", "flag": "PA"}], "dates": {"arrival": "2021-01-02"}}"#,
    )
    .unwrap();
    let country = Country::from_code;
    assert_eq!(
        shipment_from_wire(wire),
        Shipment {
            reference: "r".into(),
            as_of: Some(jiff::civil::date(2020, 12, 18)),
            known_on: None,
            parties: vec![Party {
                role: Some(Role::Consignee),
                name: "A\nB".into(),
                other_names: vec!["C".into()],
                address: "d".into(),
                country: country("CN"),
                identifiers: vec![Identifier { kind: IdentifierType::Uscc, value: "1".into(), country: country("CN") }],
                role_source: "broker".into(),
                role_confidence: Score::new(600),
                is_disputed: true,
                dispute_note: "DJI denies it".into(),
                is_to_order: true,
                born: PartialDate::parse("1965"),
                incorporated: PartialDate::parse("2022-03"),
                structured_address: StructuredAddress {
                    unit: "803".into(),
                    floor: "8".into(),
                    building: "Chevalier House".into(),
                    street_number: "45-51".into(),
                    street: "Chatham Road South".into(),
                    po_box: "7".into(),
                    city: "Hong Kong".into(),
                    region: "KLN".into(),
                    post_code: "0".into(),
                    locode: "HKHKG".into(),
                },
            }],
            goods: vec![Goods {
                description: "x".into(),
                marks: "m".into(),
                hs_code: "8806.22".into(),
                eccn: "9A012".into(),
                brand: "b".into(),
                model: "k".into(),
                origin: country("DE"),
                other_hs_codes: vec!["8807".into()],
                hs_edition: Some(2022),
                quantity: Decimal::parse("12.5"),
                unit: "PCE".into(),
                net_weight_kg: Decimal::parse("3"),
                value: Decimal::parse("1000.1"),
                currency: Currency::parse("USD"),
                licences: vec![Licence {
                    kind: LicenceKind::Export,
                    reference: "D1".into(),
                    is_required: Some(true),
                    issued: None,
                    expires: Some(jiff::civil::date(2027, 1, 1)),
                }],
            }],
            route: Route {
                receipt: Some(Place { text: "r".into(), ..Place::default() }),
                destination: Some(Place { locode: "CNSHA".into(), ..Place::default() }),
                routing_countries: vec![country("DE").unwrap(), country("CN").unwrap()],
                ..Route::default()
            },
            vessels: vec![Vessel { name: "v".into(), imo: "IMO 9074729".into(), flag: country("PA") }],
            dates: ShipmentDates { arrival: Some(jiff::civil::date(2021, 1, 2)), ..ShipmentDates::default() },
            unread: vec![],
            attestations: vec![Attestation {
                kind: AttestationKind::ReexportClause,
                by: "sales".into(),
                date: Some(jiff::civil::date(2026, 1, 1)),
                note: "n".into(),
            }],
        }
    );
    assert_eq!(shipment_from_wire(v1::Shipment::default()), Shipment::default());
}

#[test]
fn every_role_and_identifier_type_is_read_as_itself() {
    for (number, role) in (1..).zip(Role::ALL) {
        let wire = v1::party::Role::try_from(number).unwrap();
        assert_eq!(role_from_wire(wire), Some(role));
        assert_eq!(wire.as_str_name().to_ascii_lowercase(), role.as_str());
    }
    for (number, kind) in (1..).zip(AttestationKind::ALL) {
        let wire = v1::attestation::Kind::try_from(number).unwrap();
        assert_eq!(wire.as_str_name().to_ascii_lowercase(), kind.as_str());
    }
    assert!(v1::attestation::Kind::try_from(AttestationKind::ALL.len() as i32 + 1).is_err());
    for number in 0..=13 {
        let wire = v1::identifier::Type::try_from(number).unwrap();
        let back = crate::entry::identifier_type_to_wire(identifier_type_from_wire(wire));
        let expected = if number == 0 { v1::identifier::Type::Other } else { wire };
        assert_eq!(back, expected);
    }
    assert!(v1::party::Role::try_from(22).is_err() && v1::identifier::Type::try_from(14).is_err());
}

#[test]
fn a_flood_of_problems_is_counted_not_listed() {
    let wire = v1::Shipment {
        goods: vec![v1::Goods { origin: "x".repeat(100), ..v1::Goods::default() }; MAX_PROBLEMS + 7],
        ..v1::Shipment::default()
    };
    let found = problems(wire);
    assert_eq!(found.len(), MAX_PROBLEMS + 1);
    assert_eq!(found[MAX_PROBLEMS].1, "7 more fields are not listed here");
    assert!(found[0].1.len() < 130);
}

#[test]
fn an_unknown_json_key_is_an_error() {
    let error = serde_json::from_str::<v1::Shipment>(r#"{"parties": [{"nmae": "x"}]}"#).unwrap_err().to_string();
    assert!(error.contains("nmae"), "{error}");
}

#[test]
fn only_what_a_rule_needs_asks_for_review() {
    let needs = |json: &str| {
        let unread = shipment_from_wire(serde_json::from_str(json).unwrap()).unread;
        assert_eq!(unread.len(), 1, "{json}");
        unread[0].needs_review
    };
    assert!(needs(r#"{"parties": [{"country": "Atlantis"}]}"#));
    assert!(needs(r#"{"goods": [{"hsCode": "85O589"}]}"#));
    assert!(needs(r#"{"asOf": "soon"}"#));
    assert!(needs(r#"{"unread": [{"fieldPath": "parties[0].role", "description": "x", "needsReview": true}]}"#));
    assert!(!needs(r#"{"goods": [{"quantity": "a few"}]}"#));
    assert!(!needs(r#"{"dates": {"arrival": "soon"}}"#));
}

#[test]
fn fields_are_read_as_people_write_them() {
    let json = r#"{"asOf": "Apr 2025", "parties": [{"country": "China"}, {"country": "RUS"}, {"country": "CN - China"},
                   {"country": "N/A"}],
                   "goods": [{"hsCode": "HS 010121;852589", "quantity": "1,200 pcs", "netWeightKg": "12 kg", "value": "1.234,50"}],
                   "dates": {"arrival": "2025-04-25T18:30Z"}}"#;
    let shipment = shipment_from_wire(serde_json::from_str(json).unwrap());
    assert_eq!(shipment.unread, []);
    let countries: Vec<_> = shipment.parties.iter().map(|p| p.country.map(|c| c.code().to_owned())).collect();
    assert_eq!(countries, [Some("CN".to_owned()), Some("RU".to_owned()), Some("CN".to_owned()), None]);
    let goods = &shipment.goods[0];
    assert_eq!((goods.hs_code.as_str(), &goods.other_hs_codes[..]), ("010121", &["852589".to_owned()][..]));
    assert_eq!((goods.quantity, goods.unit.as_str()), (Decimal::parse("1200"), "pcs"));
    assert_eq!((goods.net_weight_kg, goods.value), (Decimal::parse("12"), Decimal::parse("1234.5")));
    assert_eq!(shipment.as_of, Some(jiff::civil::date(2025, 4, 30)));
    assert_eq!(shipment.dates.arrival, Some(jiff::civil::date(2025, 4, 25)));
}
