//! Headers, rows and places.

use super::row::value::place;
use super::*;
use crate::Cause;
use model::shipment::{AttestationKind, Role};
use wire::v1;

fn header(line: &str) -> Result<Header, HeaderError> {
    Header::parse(line.as_bytes(), delimiter(line.as_bytes()), &Mapping::default())
}

#[test]
fn every_role_has_its_number_and_columns() {
    for role in Role::ALL {
        assert_ne!(role_number(role), 0, "{role:?}");
        assert_eq!(Field::parse(role.as_str()), Some(Field::Party(Some(role), PartyField::Name)));
        let id = format!("{}_id", role.as_str());
        assert_eq!(Field::parse(&id), Some(Field::Party(Some(role), PartyField::Id)));
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
    let shipment = wire::shipment_from_wire(wire);
    assert_eq!(shipment.unread, []);
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
    for (from, to, column, expected, needs_review) in [
        (",250,", ",0.25,", "shipper_confidence", "expected whole thousandths, 0 to 1000", false),
        (",yes,", ",perhaps,", "consignee_to_order", "expected yes or no", true),
        ("red_flag_cash", "cash", "attestations", "expected some of reexport_clause, ", true),
        (",2022,", ",HS22,", "hs_edition", "expected the year of an edition", false),
    ] {
        let unread = read(&good.replace(from, to)).unwrap().unread;
        assert_eq!((unread.len(), unread[0].field_path.as_str()), (1, column));
        assert!(unread[0].description.contains(expected), "{unread:?}");
        assert_eq!(unread[0].needs_review, needs_review, "{column}");
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
    let parse = |line: &str, pairs: &[&str]| {
        let pairs: Vec<String> = pairs.iter().map(|p| (*p).to_owned()).collect();
        Header::parse(line.as_bytes(), b',', &Mapping::parse(&pairs).unwrap())
    };
    assert!(parse("x,Free words", &["free words=description"]).is_ok());
    assert!(parse("x,y", &["#2=description"]).is_ok());
    assert!(matches!(parse("reference,y", &["z=marks"]), Err(HeaderError::NotThere(_))));
    assert!(matches!(parse("a,b", &["a=reference", "b=reference"]), Err(HeaderError::Twice(..))));
    assert!(matches!(Mapping::parse(&["a=nothing".to_owned()]), Err(MappingError::UnknownField { .. })));
}

#[test]
fn two_columns_of_a_party_are_two_names_of_it() {
    let header = header("EXPORTER_NAME,EXPORTER_NAME_EN,HS_CODE,HS_CODE_2,PRODUCT_DESCRIPTION,PRODUCT_DESCRIPTION_EN,HS_CODE_DESCRIPTION,COUNTRY").unwrap();
    let shipment =
        header.read("ООО Ромашка,OOO Romashka,852589,85,камера,camera,Television cameras,Iran".as_bytes()).1.unwrap();
    let party = &shipment.parties[0];
    assert_eq!((party.name.as_str(), &party.other_names[..]), ("ООО Ромашка", &["OOO Romashka".to_owned()][..]));
    assert_eq!(shipment.parties[1].country, "IR");
    let goods = &shipment.goods[0];
    assert_eq!((goods.hs_code.as_str(), goods.other_hs_codes.len()), ("852589", 0));
    assert_eq!((goods.description.as_str(), goods.marks.as_str()), ("камера\ncamera", "Television cameras"));
    let shipment = header.read(b"A,,852589,85,,,Television cameras,").1.unwrap();
    assert_eq!(shipment.goods[0].description, "Television cameras");
}

#[test]
fn columns_with_parties_or_goods_are_not_read_over() {
    let check = |line: &str, row: &[&str], ignored: &[&str]| {
        let ignored: Vec<String> = ignored.iter().map(|c| (*c).to_owned()).collect();
        let mapping = Mapping::default().ignoring(&ignored);
        let row: Vec<String> = row.iter().map(|c| (*c).to_owned()).collect();
        Header::parse(line.as_bytes(), b',', &mapping).unwrap().check(&[row], &mapping)
    };
    let unread = |result: Result<(), HeaderError>| match result {
        Err(HeaderError::Unread(columns)) => columns.into_iter().map(|(column, _)| column).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(unread(check("reference,Importer grading", &["1", "Mahan Air"], &[])), ["Importer grading"]);
    assert_eq!(unread(check("reference,zzz", &["1", "Mahan Air Co. Ltd"], &[])), ["zzz"]);
    assert_eq!(unread(check("reference,", &["1", "spare parts for an unmanned aircraft"], &[])), ["#2"]);
    assert!(check("reference,zzz", &["1", "Mahan Air Co. Ltd"], &["zzz"]).is_ok());
    assert!(check("reference,zzz", &["1", "17"], &[]).is_ok());
}

/// The first sixty layouts; the rest are measured by `tests/it/columns.rs`.
#[test]
fn a_role_word_with_a_part_word_is_read_in_every_language() {
    for (header, field) in [
        ("Consignee Name", "consignee"),
        ("NORTIFY_PARTY_NAME", "notify_party"),
        ("DECLARANT_TIN", "agent_id"),
        ("IMPORTER_NAME_AND_ADDRESS", "importer"),
        ("FROM_COUNTRY_NAME", "loading_country"),
        ("shipperCity", "shipper_city"),
        ("Name des Empfängers", "consignee"),
        ("Warenbezeichnung", "description"),
        ("Dirección del exportador", "exporter_address"),
        ("Razón social importador", "importer"),
        ("Adresse de l'expéditeur", "shipper_address"),
        ("Désignation des marchandises", "description"),
        ("CNPJ importador", "importer_id"),
        ("Descrição do produto", "description"),
        ("Наименование отправителя", "shipper"),
        ("ИНН получателя", "consignee_id"),
        ("Gönderici Adresi", "shipper_address"),
        ("Eşyanın Ticari Tanımı", "description"),
        ("GTİP", "hs_code"),
        ("HS_CODE_DESCRIPTION", "tariff_text"),
        ("EXPORT_ADDRESS", "exporter_address"),
        ("Shipper's Address", "shipper_address"),
        ("GOODS_ORIGIN_COUNTRY", "origin"),
    ] {
        let read = match meaning(header) {
            Meaning::Field(field) => field.name(),
            other => format!("{other:?}"),
        };
        assert_eq!(read, field, "{header}");
    }
    for header in
        ["TOTAL_VALUE_USD", "EXPORTER_ID_CHECK_DIGIT", "IMPORTER_TYPE", "ITEM_NUMBER", "TRANSPORT_TYPE", "EXPORT_ID"]
    {
        assert_eq!(meaning(header), Meaning::NotNeeded, "{header}");
    }
}

#[test]
fn bad_rows_say_why() {
    let header = header("reference,description").unwrap();
    let (cells, bad) = header.read(b"R1,a,b");
    assert_eq!(bad.unwrap_err(), Cause::ColumnCount { found: 3, expected: 2 });
    assert_eq!(header.reference(&cells), "R1");
    assert_eq!(header.read(b"R1,\xff").1.unwrap_err(), Cause::Encoding);
}
