//! Files made by hand: lists recognised, fields, and every refusal.

use super::classic::read;
use super::lists::SDN;
use crate::build::ParsedFile;
use model::country::Country;
use model::entry::{EntryKind, NameKind};

const OLD: &str = "http://tempuri.org/sdnList.xsd";

fn file_of(rows: &[&str], count: usize) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<sdnList xmlns=\"{OLD}\"><publshInformation>\n<Publish_Date>05/07/2024</Publish_Date>\
         <Record_Count>{count}</Record_Count></publshInformation>\n{}</sdnList>\n",
        rows.concat()
    )
}

fn row(uid: &str, inner: &str) -> String {
    format!("<sdnEntry>\n<uid>{uid}</uid><lastName>NAME {uid}</lastName><sdnType>Entity</sdnType>{inner}</sdnEntry>\n")
}

fn refusal(text: &str) -> String {
    match read("t.xml", &mut text.as_bytes()).map(ParsedFile::finish) {
        Ok(Ok(_)) => panic!("accepted"),
        Ok(Err(e)) | Err(e) => format!("{} {e}", e.code()),
    }
}

fn lists(rows: &[&str]) -> Vec<String> {
    let loaded = read("t.xml", &mut file_of(rows, rows.len()).as_bytes()).unwrap().finish().unwrap();
    loaded.entries.iter().map(|e| format!("{} {} {}", e.list, e.id, e.effect.as_str())).collect()
}

fn programme(uid: &str, name: &str) -> String {
    row(uid, &format!("<programList><program>{name}</program></programList>"))
}

#[test]
fn an_entry_reads_whole() {
    let inner = "<title>Chief &amp; owner</title><programList><program>SDGT</program></programList>\
        <akaList><aka><uid>1</uid><type>a.k.a.</type><category>weak</category><lastName>\"FUPI\"</lastName></aka>\
        <aka><uid>2</uid><type>f.k.a.</type><category>strong</category><lastName>OLD</lastName><firstName>Jo</firstName></aka></akaList>\
        <addressList><address><uid>3</uid><address1>1 Street</address1><city>Havana</city><country>Cuba</country></address>\
        <address><uid>4</uid><country>Region: Crimea</country></address></addressList>\
        <idList><id><uid>5</uid><idType>Vessel Registration Identification</idType><idNumber>IMO 9138044</idNumber></id></idList>\
        <nationalityList><nationality><uid>6</uid><country>Iran</country><mainEntry>true</mainEntry></nationality></nationalityList>\
        <vesselInfo><callSign>5IM 597</callSign><vesselFlag>Korea, North</vesselFlag></vesselInfo>";
    let row = row("36", inner);
    let loaded = read("t.xml", &mut file_of(&[&row], 1).as_bytes()).unwrap().finish().unwrap();
    let entry = &loaded.entries[0];
    assert_eq!((entry.list.as_str(), entry.id.as_str(), entry.kind), (SDN, "36", EntryKind::Company));
    let names: Vec<_> = entry.names.iter().map(|n| (n.text.as_str(), n.kind, n.weak)).collect();
    assert_eq!(
        names,
        [("NAME 36", NameKind::Primary, false), ("FUPI", NameKind::Alias, true), ("OLD, Jo", NameKind::Former, false)]
    );
    let addresses: Vec<_> = entry.addresses.iter().map(|a| a.text.as_str()).collect();
    assert_eq!(addresses, ["1 Street, Havana", "Region: Crimea"]);
    assert_eq!(entry.identifiers[0].value, "9138044");
    assert_eq!(entry.countries.iter().map(Country::code).collect::<Vec<_>>(), ["IR", "KP"]);
    assert_eq!(entry.remarks, "Title: Chief & owner; Call sign: 5IM 597");
    assert_eq!(loaded.infos[0].published.unwrap().to_string(), "2024-05-07");
    assert_eq!(loaded.infos[0].repairs, [("unknown_country".into(), 1), ("wrapped_quotes".into(), 1)]);
}

#[test]
fn the_consolidated_list_is_recognised_by_its_entries() {
    let ssi = row(
        "3",
        "<programList><program>UKRAINE-EO13662</program></programList><idList><id>\
         <idType>Executive Order 13662 Directive Determination -</idType><idNumber>Subject to Directive 4</idNumber></id></idList>",
    );
    let other = programme("4", "SOMETHING-NEW");
    assert_eq!(
        lists(&[&programme("1", "CMIC-EO13959"), &programme("2", "NS-PLC"), &ssi, &other]),
        ["us-ofac-cmic 1 investment", "us-ofac-cons 4 investment", "us-ofac-plc 2 blocking", "us-ofac-ssi 3 licence"]
    );
    // The same marks on few rows of many leave the file the SDN list.
    assert_eq!(
        lists(&[&programme("1", "SDGT"), &programme("2", "NS-PLC"), &ssi, &other]),
        ["us-ofac-sdn 1 blocking", "us-ofac-sdn 2 blocking", "us-ofac-sdn 3 blocking", "us-ofac-sdn 4 blocking"]
    );
}

#[test]
fn broken_files_are_refused() {
    let one = row("1", "");
    assert_eq!(
        refusal(&file_of(&[&one], 2)),
        "LIST-013 t.xml: states 2 entries and holds 1; expected a whole list, not a page or a part of one"
    );
    assert!(refusal(&file_of(&[], 0)).starts_with("LIST-011"));
    let whole = file_of(&[&one], 1);
    let cut = whole.strip_suffix("</sdnList>\n").unwrap();
    assert!(refusal(cut).contains("expected the end of element `sdnList`; the file is cut short"));
    assert!(refusal(&cut[..cut.len() - 5]).contains("expected well-formed xml"));
    assert!(
        refusal(&whole.replace("</uid>", "</udi>")).starts_with("LIST-010 t.xml: line 5: expected well-formed xml")
    );
    assert!(refusal(&whole.replace("05/07/2024", "7 May")).contains("line 3, field `Publish_Date`: expected a date"));
    assert!(refusal(&whole.replace("NAME 1", " ")).contains("line 4, field `lastName`: expected a name for entry 1"));
    assert!(refusal(&file_of(&[&one, &row("1", "<title>x</title>")], 2)).starts_with("LIST-012"));
    assert!(refusal(&whole.replace("<Record_Count>1</Record_Count>", "")).contains("field `Record_Count`"));
}

#[test]
fn entities_are_not_expanded_and_nesting_is_bounded() {
    let bomb = file_of(&[&row("1", "")], 1).replacen(
        "<sdnList",
        "<!DOCTYPE sdnList [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<sdnList",
        1,
    );
    assert_eq!(refusal(&bomb), "LIST-010 t.xml: line 2: expected no DOCTYPE; entities are not expanded");
    let entity = file_of(&[&row("1", "<title>&b;</title>")], 1);
    assert_eq!(refusal(&entity), "LIST-010 t.xml: line 5: expected no entity but those of xml, found `&b;`");
    let deep = file_of(&[&row("1", &"<x>".repeat(1000))], 1);
    assert_eq!(refusal(&deep), "LIST-010 t.xml: line 5: expected at most 32 nested elements");
    let long = file_of(&[&row("1", &format!("<title>{}</title>", "x".repeat(3 << 20)))], 1);
    assert!(refusal(&long).contains("expected at most 1048576 bytes"), "{}", refusal(&long));
    let mut bytes = file_of(&[&row("1", "<title>Jos_</title>")], 1).into_bytes();
    let at = bytes.iter().position(|&b| b == b'_' && bytes.len() > 200).unwrap();
    let at = bytes[at + 1..].windows(4).position(|w| w == b"Jos_").map_or(at, |p| at + 1 + p + 3);
    bytes[at] = 0xe9;
    let error = read("t.xml", &mut bytes.as_slice()).err().unwrap();
    assert_eq!(
        format!("{} {error}", error.code()),
        "LIST-008 t.xml: line 5: invalid UTF-8 in the xml; expected text in UTF-8"
    );
}
