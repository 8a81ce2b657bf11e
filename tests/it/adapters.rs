//! Documents of other standards, from the examples that ship.

use model::shipment::Role;
use records::adapter::InputKind;
use records::columns::{Mapping, role_number};
use std::sync::Arc;
use tidewaiter::batch::input::{Input, Raw};
use tidewaiter::batch::run::read_record;
use wire::{shipment_from_wire, v1};

/// Reads a text as a file of this kind; each record with its line.
fn records(text: &str, kind: InputKind) -> Vec<(u64, Result<v1::Shipment, String>)> {
    let mapping = Mapping::default().of_kind(kind);
    let reader = Box::new(std::io::Cursor::new(text.to_owned().into_bytes()));
    let mut input = Input::from_reader("t".to_owned(), reader, &mapping, Arc::default()).expect("the input opens");
    let mut bytes = Vec::new();
    let mut out = Vec::new();
    while let Some(Raw { line, start, end, bad }) = input.next(&mut bytes).expect("the input reads") {
        let raw = Raw { line, start, end, bad };
        let read = read_record(input.format(), &raw, &bytes[start..end]).shipment;
        out.push((line, read.map_err(|c| c.to_string())));
    }
    out
}

fn example(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    std::fs::read_to_string(path).expect("the example reads")
}

fn one(text: &str) -> v1::Shipment {
    let mut all = records(text, InputKind::Auto);
    assert_eq!(all.len(), 1);
    let read = all.remove(0).1.expect("the record reads");
    // What an adapter gives must pass the checks of all records.
    assert_eq!(shipment_from_wire(read.clone()).unread, []);
    read
}

#[test]
fn an_ebl_is_recognised_and_nothing_that_names_a_party_is_lost() {
    let shipment = one(&example("ebl.json"));
    assert_eq!(shipment.reference, "TWEX71800042");
    let roles: Vec<i32> = shipment.parties.iter().map(|p| p.role).collect();
    let expected = [Role::Shipper, Role::Consignee, Role::NotifyParty, Role::Carrier].map(role_number);
    for role in expected {
        assert!(roles.contains(&role), "{role}");
    }
    let payer = shipment.parties.iter().find(|p| p.name == "Copper Heron Components GmbH").expect("the payer is kept");
    assert_eq!((payer.role, payer.role_source.as_str()), (0, "DCSA documentParties.other[0] COW"));
    let goods = &shipment.goods[0];
    assert_eq!(goods.description, "MAVIC 3 DRONE PARTS, GIMBAL CAMERA\nASSEMBLIES, 400 PCS");
    assert_eq!((goods.hs_code.as_str(), &goods.other_hs_codes[..]), ("852589", &["8525891100".to_owned()][..]));
    assert_eq!((goods.value.as_str(), goods.net_weight_kg.as_str()), ("18250.5", "612.5"));
    assert_eq!(goods.licences[0].reference, "EMC007123");
    assert_eq!(shipment.vessels[0].name, "PAPER LANTERN EXPRESS");
    let route = shipment.route.expect("a route");
    assert_eq!(route.delivery.map(|p| p.country).as_deref(), Some("KZ"));
    assert_eq!(route.loading.map(|p| p.locode).as_deref(), Some("CNYTN"));
    // The same document is one among others in an array, and in JSON Lines.
    let line = example("ebl.json").replace('\n', " ");
    assert_eq!(records(&format!("[{line},{line}]"), InputKind::Auto).len(), 2);
    assert_eq!(records(&format!("{line}\n{line}\n"), InputKind::Dcsa).len(), 2);
}

#[test]
fn a_bill_to_order_names_nobody() {
    let text =
        r#"{"documentParties": {"shipper": {"partyName": "A"}, "madeUpParty": {"partyName": "B"}}, "isToOrder": true}"#;
    let shipment = one(text);
    let consignee = shipment.parties.iter().find(|p| p.is_to_order).expect("a party to order");
    assert_eq!((consignee.role, consignee.name.as_str()), (role_number(Role::Consignee), ""));
    assert!(shipment.parties.iter().any(|p| p.name == "B" && p.role == 0), "a party of an unknown kind is kept");
}

#[test]
fn what_is_not_understood_in_an_ebl_is_named() {
    for (text, expected) in [
        (r#"{"documentParties": {"shipper": {"partyNam": "A"}}}"#, "documentParties.shipper.partyNam: unknown key"),
        (r#"{"documentParties": {"shipper": {"partyName": 7}}}"#, "documentParties.shipper.partyName: expected text"),
        (r#"{"documentParties": {"shipper": "A"}}"#, "documentParties.shipper: expected an object"),
        (r#"{"documentParties": {}, "goods": []}"#, "goods: unknown key"),
        (
            r#"{"documentParties": {}, "consignmentItems": [{"HSCodes": "1"}]}"#,
            "consignmentItems[0].HSCodes: expected a list",
        ),
    ] {
        let error = records(text, InputKind::Auto).remove(0).1.expect_err(text);
        assert!(error.starts_with(&format!("unreadable DCSA eBL document: {expected}")), "{error}");
    }
    let missing = records("{}", InputKind::Dcsa).remove(0).1.expect_err("no parties");
    assert!(missing.contains("documentParties: missing"), "{missing}");
}

#[test]
fn an_air_waybill_is_read() {
    let shipment = one(&example("fwb.txt"));
    assert_eq!(shipment.reference, "020-12345675");
    let of = |role: Role| shipment.parties.iter().find(|p| p.role == role_number(role)).expect("the party");
    let shipper = of(Role::Shipper);
    assert_eq!((shipper.name.as_str(), shipper.country.as_str()), ("QIANHAI TULIP PATH TRADING CO LTD", "CN"));
    assert_eq!(shipper.address, "12 TULIP PATH FLOOR 3\nSHENZHEN");
    assert_eq!(shipper.identifiers[0].value, "91440300TULIPPATH0");
    assert_eq!((of(Role::Consignee).country.as_str(), of(Role::Agent).name.as_str()), ("KZ", "HARBOUR WREN LOGISTICS"));
    assert!(shipment.parties.iter().any(|p| p.role == 0 && p.name == "SILVER THISTLE HANDLING"));
    let goods = &shipment.goods[0];
    assert_eq!(goods.description, "GIMBAL CAMERA ASSEMBLIES FOR DRONES\nMFR SZ DJI TECHNO\nLOGY CO LTD SHENZHEN");
    assert_eq!((goods.hs_code.as_str(), goods.origin.as_str(), goods.quantity.as_str()), ("852589", "CN", "40"));
    assert_eq!((goods.value.as_str(), goods.currency.as_str()), ("18250.5", "USD"));
    let route = shipment.route.expect("a route");
    assert_eq!(route.transshipment.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["FRA"]);
    assert_eq!(route.destination.map(|p| p.text).as_deref(), Some("ALA"));
}

#[test]
fn each_house_waybill_is_a_record() {
    let all = records(&example("fhl.txt"), InputKind::Auto);
    let lines: Vec<u64> = all.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 19]);
    let [first, second] = [0, 1].map(|at| all[at].1.clone().expect("the record reads"));
    assert_eq!((first.reference.as_str(), second.reference.as_str()), ("TWH0001", "TWH0002"));
    assert_eq!(first.goods[0].description, "PARTS\nSPARE PARTS FOR CAMERAS\nWITHOUT BATTERIES");
    assert_eq!((first.goods[0].hs_code.as_str(), first.goods[0].value.as_str()), ("85258900", "4100"));
    assert_eq!((first.parties[1].name.as_str(), first.parties[1].country.as_str()), ("AUTEL ROBOTICS", "HK"));
    assert_eq!(first.parties[0].identifiers[0].value, "91440300TULIPPATH0", "customs' lines stand before the party");
    assert_eq!((second.parties.len(), second.goods[0].quantity.as_str()), (2, "28"));
    assert_eq!(second.route.and_then(|r| r.destination).map(|p| p.text).as_deref(), Some("ALA"));
}

#[test]
fn what_is_not_understood_in_a_message_is_named_by_line() {
    let fwb = example("fwb.txt");
    for (from, to, expected) in [
        ("FLT/LH8441/15", "XYZ/1", "line 3, segment XYZ: unknown segment"),
        ("020-12345675SZXALA", "020-1234567SZXALA", "line 2, segment AWB: expected a waybill"),
        ("RTG/FRALH/ALALH", "RTG/FR/ALALH", "line 4, segment RTG: invalid stop `FR`"),
        ("/5/NO/CN", "/5/NO/XX", "segment RTD: NO/XX: invalid country"),
        ("FLT/LH8441/15", "some words", "line 3: `some words` does not begin a segment"),
    ] {
        let error = records(&fwb.replace(from, to), InputKind::Auto).remove(0).1.expect_err(from);
        assert!(error.starts_with("unreadable Cargo-IMP document: ") && error.contains(expected), "{error}");
    }
    // Network lines before the message, and one message after the other.
    let two = format!("QK ALAFMXH\n.SZXFMLH 150800\n{fwb}{fwb}");
    assert_eq!(records(&two, InputKind::CargoImp).len(), 2);
}
