//! Headers, rows and places.

use super::row::place;
use super::*;
use model::shipment::{AttestationKind, Role};
use wire::v1;

fn header(line: &str) -> Result<Header, HeaderError> {
    Header::parse(line.as_bytes(), delimiter(line.as_bytes()), &Mapping::default())
}

#[test]
fn every_role_has_its_number_and_columns() {
    for role in Role::ALL {
        assert_ne!(role_number(role), 0, "{role:?}");
        assert_eq!(Field::parse(role.as_str()), Some(Field::Party(role, PartyField::Name)));
        let id = format!("{}_id", role.as_str());
        assert_eq!(Field::parse(&id), Some(Field::Party(role, PartyField::Id)));
    }
    assert_eq!(Field::parse("Notify Party-Country"), Field::parse("notify_party_country"));
}

#[test]
fn a_row_becomes_a_shipment() {
    let header = header("reference;Description;consignee;consignee country;consignee_id;loading;my own").unwrap();
    assert_eq!(header.unknown().collect::<Vec<_>>(), ["my own"]);
    let (cells, shipment) =
        header.read("A1;\"drone \"\"x\"\"\nparts\";SZ DJI;China;USCC 91440300;CNSZX;kept".as_bytes());
    assert_eq!(cells[6], "kept");
    let shipment = shipment.unwrap();
    assert_eq!(shipment.goods[0].description, "drone \"x\"\nparts");
    let party = &shipment.parties[0];
    assert_eq!((party.name.as_str(), party.country.as_str()), ("SZ DJI", "CN"));
    assert_eq!(party.identifiers[0].r#type, v1::identifier::Type::Uscc as i32);
    assert_eq!(shipment.route.unwrap().loading.unwrap().locode, "CNSZX");
}

#[test]
fn a_row_may_say_all_that_a_record_holds() {
    let header = header(
        "shipper,shipper_disputed,shipper_source,shipper_confidence,consignee_to_order,consignee_street_number,\
         consignee_street,consignee_incorporated,description,hs_code,other_hs_codes,hs_edition,quantity,unit,\
         net_weight_kg,value,currency,export_licence,export_licence_expires,departure,routing_countries,attestations",
    )
    .unwrap();
    assert_eq!(header.unknown().count(), 0);
    let read = |row: &str| header.read(row.as_bytes()).1;
    let good = "A,DJI denies it,broker,250,yes,19,Jinping Road,2022-03,x,880622,8807.30;880790,2022,5,PCE,1.5,10,USD,\
                D-1,2027-01-31,2026-11-01,CN; Kazakhstan,reexport_clause;red_flag_cash";
    let wire = read(good).unwrap();
    let shipment = wire::shipment_from_wire(wire).unwrap();
    let [shipper, consignee] = &shipment.parties[..] else { panic!("two parties") };
    assert!(shipper.is_disputed && shipper.dispute_note == "DJI denies it" && shipper.role_source == "broker");
    assert_eq!(shipper.role_confidence.map(|c| c.get()), Some(250));
    assert!(consignee.is_to_order && consignee.whole_address() == "19 Jinping Road");
    let goods = &shipment.goods[0];
    let codes: Vec<String> = goods.hs_codes().map(|(path, code)| format!("{path} {code}")).collect();
    assert_eq!(codes, ["hsCode 880622", "otherHsCodes[0] 8807.30", "otherHsCodes[1] 880790"]);
    assert_eq!((goods.hs_edition, goods.licences[0].reference.as_str()), (Some(2022), "D-1"));
    assert_eq!(goods.licences[0].expires, Some(jiff::civil::date(2027, 1, 31)));
    assert_eq!(shipment.route.routing_countries.len(), 2);
    assert!(shipment.attests(AttestationKind::ReexportClause) && shipment.attests(AttestationKind::RedFlagCash));
    for (from, to, expected) in [
        (",250,", ",0.25,", "unreadable cell: column \"shipper_confidence\", expected whole thousandths, 0 to 1000"),
        (",yes,", ",perhaps,", "unreadable cell: column \"consignee_to_order\", expected yes or no"),
        ("red_flag_cash", "cash", "unreadable cell: column \"attestations\", expected some of reexport_clause, "),
        (",2022,", ",HS22,", "unreadable cell: column \"hs_edition\", expected the year of an edition"),
    ] {
        let cause = read(&good.replace(from, to)).unwrap_err().to_string();
        assert!(cause.starts_with(expected), "{cause}");
    }
    assert!(!read(&good.replace("DJI denies it", "no")).unwrap().parties[0].is_disputed);
}

#[test]
fn places_are_read_three_ways() {
    assert_eq!(place("Almaty, KZ").country, "KZ");
    assert_eq!((place("CHINA").country, place("CHINA").locode), ("CN".to_owned(), String::new()));
    assert_eq!(place("TOKYO").locode, "");
    assert_eq!(place("KG").country, "KG");
    assert_eq!(place("somewhere").text, "somewhere");
}

#[test]
fn unusable_headers_are_refused_with_a_way_out() {
    assert!(header("a,b").unwrap_err().to_string().contains("shipper"));
    assert!(matches!(header("shipper,Shipper"), Err(HeaderError::Twice(..))));
    let mapping = Mapping::parse(&["Goods Description=description".to_owned()]).unwrap();
    assert!(Header::parse(b"x,Goods Description", b',', &mapping).is_ok());
    assert!(Header::parse(b"reference,y", b',', &mapping).is_err());
    assert!(Mapping::parse(&["a=nothing".to_owned()]).is_err());
}

#[test]
fn bad_rows_say_why() {
    let header = header("reference,description").unwrap();
    let (cells, bad) = header.read(b"R1,a,b");
    assert_eq!(bad.unwrap_err(), Cause::ColumnCount { found: 3, expected: 2 });
    assert_eq!(header.reference(&cells), "R1");
    assert_eq!(header.read(b"R1,\xff").1.unwrap_err(), Cause::Encoding);
}
