//! Files made by hand: fields and every refusal.

use super::*;
use model::entry::Effect;
use model::entry::IdentifierType;

fn file_of(rows: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<CONSOLIDATED_LIST dateGenerated=\"2026-02-27T00:00:09.554Z\">\n\
         <INDIVIDUALS>{rows}</INDIVIDUALS></CONSOLIDATED_LIST>\n"
    )
}

fn refusal(text: &str) -> String {
    match read("t.xml", &mut text.as_bytes()).map(ParsedFile::finish) {
        Ok(Ok(_)) => panic!("accepted"),
        Ok(Err(e)) | Err(e) => format!("{} {e}", e.code()),
    }
}

const PERSON: &str = "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME> RI </FIRST_NAME><SECOND_NAME>WON HO</SECOND_NAME>\
    <THIRD_NAME/><UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.033</REFERENCE_NUMBER>\
    <LISTED_ON>2015-03-27-04:00</LISTED_ON><NAME_ORIGINAL_SCRIPT>리원호</NAME_ORIGINAL_SCRIPT>\
    <COMMENTS1>An official\n   in Syria &amp; abroad.</COMMENTS1><TITLE><VALUE>Dr</VALUE></TITLE>\
    <NATIONALITY><VALUE>Democratic People's Republic of Korea</VALUE><VALUE>na</VALUE></NATIONALITY>\
    <LAST_DAY_UPDATED><VALUE/><VALUE>2016-10-13</VALUE></LAST_DAY_UPDATED>\
    <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Ho</ALIAS_NAME></INDIVIDUAL_ALIAS>\
    <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Ri Won\n Ho</ALIAS_NAME></INDIVIDUAL_ALIAS>\
    <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>\
    <INDIVIDUAL_ADDRESS><CITY>Damascus</CITY><COUNTRY>Syrian Arab Republic</COUNTRY><NOTE>as of 2016</NOTE></INDIVIDUAL_ADDRESS>\
    <INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>\
    <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1964-07-17</DATE></INDIVIDUAL_DATE_OF_BIRTH>\
    <INDIVIDUAL_PLACE_OF_BIRTH><CITY>Wonsan</CITY><COUNTRY/></INDIVIDUAL_PLACE_OF_BIRTH>\
    <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>381310014</NUMBER>\
    <ISSUING_COUNTRY>Democratic People's Republic of Korea</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT><INDIVIDUAL_DOCUMENT/>\
    </INDIVIDUAL>\n";

#[test]
fn a_person_reads_whole() {
    let loaded = read("t.xml", &mut file_of(PERSON).as_bytes()).unwrap().finish().unwrap();
    let entry = &loaded.entries[0];
    assert_eq!((entry.list.as_str(), entry.id.as_str(), entry.kind), (LIST, "1", EntryKind::Person));
    assert_eq!(entry.effect, Effect::Blocking);
    let names: Vec<_> = entry.names.iter().map(|n| (n.text.as_str(), n.kind, n.weak)).collect();
    assert_eq!(
        names,
        [
            ("RI WON HO", NameKind::Primary, false),
            ("리원호", NameKind::Alias, false),
            ("Ho", NameKind::Alias, true),
            ("Ri Won Ho", NameKind::Alias, false)
        ]
    );
    assert_eq!(entry.effective.unwrap().to_string(), "2015-03-27");
    assert_eq!((entry.programmes.join(","), entry.births.join(",")), ("DPRK".into(), "1964-07-17".into()));
    assert_eq!(entry.citations, ["UN Security Council, reference KPi.033"]);
    assert_eq!(entry.countries.iter().map(Country::code).collect::<Vec<_>>(), ["KP"]);
    let addresses: Vec<_> = entry.addresses.iter().map(|a| (a.text.as_str(), a.country)).collect();
    assert_eq!(addresses, [("Damascus", Country::from_code("SY"))]);
    let number = &entry.identifiers[0];
    assert_eq!((number.kind, number.value.as_str()), (IdentifierType::Passport, "381310014"));
    assert_eq!(
        entry.remarks,
        "An official in Syria & abroad.; Address: as of 2016; Place of birth: Wonsan; Title: Dr; Last updated: 2016-10-13"
    );
    let info = &loaded.infos[0];
    assert_eq!(
        (info.published.unwrap().to_string().as_str(), info.title.as_str()),
        ("2026-02-27", "UN Security Council Consolidated List")
    );
    assert_eq!(info.repairs, [("blanks".into(), 1)]);
}

#[test]
fn a_company_keeps_former_names_and_acronyms() {
    let row = "<ENTITY><DATAID>2</DATAID><FIRST_NAME>OCEAN MARITIME MANAGEMENT (OMM)</FIRST_NAME>\
        <COMMENTS1>IMO number: 1790183</COMMENTS1>\
        <ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Old Ocean</ALIAS_NAME></ENTITY_ALIAS>\
        <ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Lost \u{fffd}\u{fffd}</ALIAS_NAME></ENTITY_ALIAS></ENTITY>";
    let loaded = read("t.xml", &mut file_of(row).as_bytes()).unwrap().finish().unwrap();
    let entry = &loaded.entries[0];
    let names: Vec<_> = entry.names.iter().map(|n| (n.text.as_str(), n.kind)).collect();
    assert_eq!(
        names,
        [
            ("OCEAN MARITIME MANAGEMENT", NameKind::Primary),
            ("OMM", NameKind::Acronym),
            ("Old Ocean", NameKind::Former),
            ("Lost \u{fffd}\u{fffd}", NameKind::Alias)
        ]
    );
    assert_eq!((entry.kind, entry.identifiers[0].kind), (EntryKind::Company, IdentifierType::Imo));
    assert_eq!(
        loaded.infos[0].repairs,
        [("acronym_split".into(), 1), ("lost_characters".into(), 1), ("number_in_text".into(), 1)]
    );
}

#[test]
fn what_is_damaged_is_refused_with_line_and_field() {
    let whole = file_of(PERSON);
    assert!(refusal(&whole[..whole.len() / 2]).starts_with("LIST-010"));
    assert!(refusal(&whole[..whole.find("</CONS").unwrap()]).contains("cut short"));
    assert!(refusal(&file_of("")).starts_with("LIST-011"));
    assert!(refusal(&file_of(&PERSON.replace("<DATAID>1</DATAID>", ""))).contains("line 3, field `DATAID`"));
    let nameless = PERSON.replace("> RI <", "><").replace(">WON HO<", "><");
    assert!(refusal(&file_of(&nameless)).contains("field `FIRST_NAME`: expected a name for entry 1"));
    assert!(refusal(&file_of(&PERSON.replace("2015-03-27-04:00", "27 March"))).contains("field `LISTED_ON`"));
    assert!(refusal(&whole.replace("2026-02-27T", "27.2.2026 ")).contains("field `dateGenerated`"));
    assert!(refusal(&whole.replace("dateGenerated=\"", "dateGenerated=\"&x;")).starts_with("LIST-010"));
    let other = PERSON.replace("WON HO", "WON");
    assert!(refusal(&file_of(&format!("{PERSON}{other}"))).starts_with("LIST-012"));
}
