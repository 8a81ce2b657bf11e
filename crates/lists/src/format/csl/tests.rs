//! Rows made by hand: each repair outside names, each refusal.

use super::columns::COLUMNS;
use super::table::read;
use crate::build::ParsedFile;
use model::country::Country;
use model::entry::{Effect, Entry, EntryKind, IdentifierType};

/// A file of one row with these columns filled.
fn file_of(rows: &[&[(&str, &str)]]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).unwrap();
    for row in rows {
        let value = |c: &str| row.iter().find(|(k, _)| *k == c).map_or("", |(_, v)| v);
        writer.write_record(COLUMNS.map(value)).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

const EL: &str = "Entity List (EL) - Bureau of Industry and Security";

fn one(row: &[(&str, &str)]) -> Entry {
    let mut full = vec![("_id", "1"), ("source", EL), ("name", "X")];
    full.retain(|(k, _)| row.iter().all(|(r, _)| r != k));
    full.extend_from_slice(row);
    let loaded = read("t.csv", file_of(&[&full]).as_bytes()).unwrap().finish().unwrap();
    loaded.entries.into_iter().next().unwrap()
}

fn refusal(text: &[u8]) -> String {
    match read("t.csv", text).map(ParsedFile::finish) {
        Ok(Ok(_)) => panic!("accepted"),
        Ok(Err(e)) | Err(e) => format!("{} {e}", e.code()),
    }
}

#[test]
fn every_source_has_its_list_and_effect() {
    let sources = [
        ("Specially Designated Nationals (SDN) - Treasury Department", "us-ofac-sdn", Effect::Blocking),
        ("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department", "us-ofac-mbs", Effect::Investment),
        ("Military End User (MEU) List - Bureau of Industry and Security", "us-bis-meu", Effect::Licence),
        ("Capta List (CAP) - Treasury Department", "us-ofac-capta", Effect::Investment),
    ];
    for (source, list, effect) in sources {
        let entry = one(&[("source", source)]);
        assert_eq!((entry.list.as_str(), entry.effect), (list, effect));
    }
    assert_eq!(one(&[]).kind, EntryKind::Unknown);
}

#[test]
fn a_record_reads_whole() {
    let entry = one(&[
        ("addresses", "14 Floor, Shenzhen, 518057, CN; SY; 2nd Floor, Istanbul, Turkey; Ramallah II 970"),
        ("federal_register_notice", "85 FR 83420; 86 FR 29193"),
        ("start_date", "2020-12-18"),
        ("license_requirement", " All items (See §744.11) "),
        (
            "ids",
            "CN, 914403007954257495, Unified Social Credit Code (USCC); JO, 2014-08-30, 2009-08-31, K475336, Passport; www.x.cn, Website",
        ),
        ("citizenships", "CN; SY"),
        ("vessel_flag", "None Identified"),
        ("source_list_url", "http://list"),
    ]);
    let addresses: Vec<_> =
        entry.addresses.iter().map(|a| (a.text.as_str(), a.country.as_ref().map(Country::code))).collect();
    assert_eq!(
        addresses,
        [
            ("14 Floor, Shenzhen, 518057", Some("CN")),
            ("", Some("SY")),
            ("2nd Floor, Istanbul, Turkey", Some("TR")),
            ("Ramallah II 970", None)
        ]
    );
    assert_eq!(entry.citations, ["85 FR 83420", "86 FR 29193"]);
    assert_eq!(entry.effective.unwrap().to_string(), "2020-12-18");
    assert_eq!(entry.licence_requirement.as_deref(), Some("All items (See §744.11)"));
    assert_eq!(entry.identifiers.len(), 2);
    assert_eq!((entry.identifiers[1].kind, entry.identifiers[1].value.as_str()), (IdentifierType::Passport, "K475336"));
    assert_eq!(entry.remarks, "vessel_flag: None Identified; Website: www.x.cn");
    assert_eq!(entry.source_url, "http://list");
}

#[test]
fn dates_of_the_listing_come_from_the_notes_where_the_list_dates_so() {
    let source = "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department";
    let entry =
        one(&[("source", source), ("ids", "14 Feb 2022, Effective Date (CMIC); 16 Dec 2021, Listing Date (CMIC)")]);
    assert_eq!(entry.effective.unwrap().to_string(), "2022-02-14");
    assert_eq!(entry.published.unwrap().to_string(), "2021-12-16");
    let source = "Sectoral Sanctions Identifications List (SSI) - Treasury Department";
    let ids = "26 Mar 2022, Effective Date (EO 14024 Directive 2):; \
               Subject to Directive 4, Executive Order 13662 Directive Determination -";
    let entry = one(&[("source", source), ("ids", ids)]);
    assert_eq!((entry.effective, entry.effect), (None, Effect::Licence));
}

#[test]
fn an_impossible_year_is_dropped_and_noted_and_no_date_is_an_error() {
    let entry = one(&[("start_date", "0097-06-30")]);
    assert_eq!(entry.effective, None);
    assert_eq!(entry.remarks, "Unreadable start_date: 0097-06-30");
    for bad in ["2020-13-01", "20201218", "soon"] {
        let text = file_of(&[&[("_id", "1"), ("source", EL), ("name", "X"), ("end_date", bad)]]);
        let expected =
            format!("LIST-009 t.csv: line 2, field `end_date`: expected a date like 2020-12-18, found `{bad}`");
        assert_eq!(refusal(text.as_bytes()), expected);
    }
}

#[test]
fn the_header_must_hold_every_column_once_in_any_order() {
    let text = file_of(&[&[("_id", "1"), ("source", EL), ("name", "X")]]);
    let shuffled = text.replacen("_id,source", "source,_id", 1).replacen(&format!("1,{EL}"), &format!("{EL},1"), 1);
    assert_eq!(read("t.csv", shuffled.as_bytes()).unwrap().finish().unwrap().entries.len(), 1);
    let missing = text.replacen("alt_names", "aliases", 1);
    assert_eq!(refusal(missing.as_bytes()), "LIST-007 t.csv: line 1: expected column `alt_names`, which is missing");
    let extra = text.replacen(",ids", ",ids,notes", 1);
    assert!(refusal(extra.as_bytes()).contains("unknown column `notes`; expected _id, source"));
    let twice = text.replacen(",ids", ",ids,ids", 1);
    assert!(refusal(twice.as_bytes()).ends_with("expected column `ids` once, found it twice"));
}

#[test]
fn bad_records_are_refused_with_their_line() {
    let row = |id, name, source| [("_id", id), ("name", name), ("source", source)];
    let text = file_of(&[&row("1", "X", EL), &row("2", "", EL)]);
    assert_eq!(refusal(text.as_bytes()), "LIST-009 t.csv: line 3, field `name`: expected a name, found nothing");
    let text = file_of(&[&row("1", "X", "New List (NEW) - Someone")]);
    assert!(refusal(text.as_bytes()).starts_with("LIST-014 t.csv: line 2, field `source`: unknown list `New List"));
    let text = file_of(&[&row("1", "X", EL), &row("2", "Z", EL), &row("1", "Y", EL)]);
    assert_eq!(
        refusal(text.as_bytes()),
        "LIST-012 t.csv: line 4: entry `1` of us-bis-el was already given, differently, on line 2"
    );
    assert!(refusal(file_of(&[]).as_bytes()).starts_with("LIST-011"));
    let cut = file_of(&[&row("1", "X", EL)]);
    assert_eq!(refusal(&cut.as_bytes()[..cut.len() - 5]), "LIST-010 t.csv: line 2: expected 29 fields, found 25");
}

#[test]
fn an_entry_given_twice_alike_counts_once() {
    let row = [("_id", "1"), ("name", "Xylo"), ("source", EL)];
    let loaded = read("t.csv", file_of(&[&row, &row]).as_bytes()).unwrap().finish().unwrap();
    assert_eq!(loaded.entries.len(), 1);
    assert_eq!(loaded.infos[0].repairs, [("repeated_row".into(), 1)]);
}

#[test]
fn text_that_is_not_utf8_is_refused_with_its_line() {
    let mut text = file_of(&[&[("_id", "1"), ("source", EL), ("name", "Y\nJos")]]).into_bytes();
    let at = text.windows(3).position(|w| w == b"Jos").unwrap();
    text[at + 2] = 0xe9;
    assert_eq!(refusal(&text), "LIST-008 t.csv: line 3: invalid UTF-8 in column `name`; expected text in UTF-8");
}
