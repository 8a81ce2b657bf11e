//! Headers, rows and places.

use super::*;

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
