use super::cell::{Listed, read as read_cell};
use super::*;
use crate::input::LINE_END;

fn cell(text: &str) -> Vec<Listed> {
    read_cell(&text.replace('\n', &LINE_END.to_string()))
}

fn one(text: &str) -> (String, Vec<String>, Vec<String>) {
    let mut found = cell(text);
    assert_eq!(found.len(), 1, "{found:?}");
    let Listed { name, aliases, addresses, .. } = found.remove(0);
    (name, aliases, addresses)
}

fn texts(of: &[&str]) -> Vec<String> {
    of.iter().map(|t| (*t).to_owned()).collect()
}

#[test]
fn a_name_ends_where_its_address_begins() {
    for (text, name, addresses) in [
        (
            "Osric Quill, 501, 5th Floor, Quay Market, Kabul, Afghanistan.",
            "Osric Quill",
            &["501, 5th Floor, Quay Market, Kabul, Afghanistan"][..],
        ),
        (
            "Brambleton Optics Co., Ltd. (BOC), Room 1, Hong Kong; and Room 2, Kowloon, Hong Kong.",
            "Brambleton Optics Co., Ltd. (BOC)",
            &["Room 1, Hong Kong", "Room 2, Kowloon, Hong Kong"],
        ),
        (
            "Heron Academy of Sciences, Institute of Basic Medicine, Beijing, China",
            "Heron Academy of Sciences, Institute of Basic Medicine",
            &["Beijing, China"],
        ),
        // A person's workplace is no part of the name.
        (
            "Osric Quill, Heron Research Institute, P.O. Box 3, Tehran, Iran",
            "Osric Quill",
            &["Heron Research Institute, P.O. Box 3, Tehran, Iran"],
        ),
        (
            "Heron Plant, JSC (a.k.a., Heron Works, OAO), Address: 3 Ul. Gagarina, Russia",
            "Heron Plant, JSC (a.k.a., Heron Works, OAO)",
            &["3 Ul. Gagarina, Russia"],
        ),
    ] {
        let found = one(text);
        assert_eq!((found.0.as_str(), found.1, found.2), (name, Vec::new(), texts(addresses)), "{text}");
    }
}

#[test]
fn aliases_stand_behind_dashes_with_or_without_line_ends() {
    let expected = (
        "Brambleton Holding".to_owned(),
        texts(&["Brambleton AI", "Brambleton Atlas Technology Co., Ltd."]),
        texts(&["Floor 10, Building 9, Beijing, 100080, China"]),
    );
    for text in [
        "Brambleton Holding, a.k.a., the following two aliases:\n\u{2014}Brambleton AI; and\n\u{2014}Brambleton Atlas Technology Co., Ltd.\nFloor 10, Building 9, Beijing, 100080, China.",
        "Brambleton Holding, a.k.a., the following two aliases: \u{2014}Brambleton AI; and \u{2014}Brambleton Atlas Technology Co., Ltd. Floor 10, Building 9, Beijing, 100080, China.",
    ] {
        assert_eq!(one(text), expected, "{text}");
    }
    let found = cell("Quill, a.k.a., Quillfeather, 1 Mole Road, Mombasa, Kenya (See also addresses under Oman (two)).");
    assert_eq!((found[0].name.as_str(), &found[0].aliases), ("Quill", &texts(&["Quillfeather"])));
    assert_eq!(
        (&found[0].addresses, &found[0].notes),
        (&texts(&["1 Mole Road, Mombasa, Kenya"]), &texts(&["See also addresses under Oman (two"]))
    );
}

#[test]
fn affiliates_in_a_row_are_parties_of_their_own() {
    let text = "Brambleton Co., Ltd., a.k.a., the following one alias:\n\u{2014}Brambleton.\nQuay Base, Shenzhen, China.\n\
                Brambleton Marine Co., Ltd., a.k.a., the following one alias:\n\u{2014}Bramble Marine.\nRoom 8, Tianjin, China.\n\
                Brambleton Lab Ltd., Xi'an, China.";
    let found = cell(text);
    let seen: Vec<_> = found.iter().map(|p| (p.name.as_str(), p.aliases.len(), p.addresses.len())).collect();
    assert_eq!(
        seen,
        [("Brambleton Co., Ltd.", 1, 1), ("Brambleton Marine Co., Ltd.", 1, 1), ("Brambleton Lab Ltd.", 0, 1)]
    );
    // Where nothing parts them, it is said.
    let glued = cell("Brambleton, Quay Base, China. Brambleton Marine Co., Ltd., Room 8, Tianjin, China.");
    assert!(glued.len() == 1 && glued[0].has_company_in_address);
}

const HEAD: &str = "<?xml version=\"1.0\"?><DIV5 N=\"744\" TYPE=\"PART\"><DIV9 N=\"Supplement No. 4 to Part 744\" \
    TYPE=\"APPENDIX\"><DIV class=\"gpotbl_div\"><TABLE><THEAD><TR><TH>Country</TH><TH>Entity</TH><TH>License requirement\
    </TH><TH>License review policy</TH><TH>Federal Register citation</TH></TR></THEAD><TBODY>\n";
const TAIL: &str = "</TBODY></TABLE></DIV></DIV9></DIV5>";

fn row(cells: [&str; 5]) -> String {
    let cells: String = cells.iter().map(|c| format!("<TD>{c}</TD>")).collect();
    format!("<TR>{cells}</TR>\n")
}

fn read_text(text: &str) -> Result<crate::build::SourceEntries, Error> {
    read("f", &mut text.as_bytes())?.finish()
}

#[test]
fn rows_become_entries_and_a_country_holds_for_those_below() {
    let rows = [
        row([
            "CHINA, PEOPLE'S REPUBLIC OF",
            "Brambleton Holding, <E T=\"03\">a.k.a.,</E> the following one alias:<br/>\u{2014}Bramble.<br/>Room 1,\n Beijing, China.",
            "All items <I>subject</I> to the EAR.",
            "Presumption of denial",
            "85 FR 83420, 12/22/20, 86 FR 29193, 6/1/21.",
        ]),
        row(["", "Brambleton Holding, Room 2, Xi'an, China", "All", "Denial", "90 FR 1, 1/2/25."]),
        row(["", "[Reserved]", "", "", ""]),
        row(["CRIMEA REGION OF UKRAINE", "Address 01, 3 Quay, Kerch", "All", "Denial", "90 FR 7, 1/2/25"]),
    ];
    let read = read_text(&format!("{HEAD}{}{TAIL}", rows.concat())).unwrap();
    let ids: Vec<_> = read.entries.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["cn-brambleton-holding@85-83420", "cn-brambleton-holding@90-1", "ua-address-01"]);
    let first = &read.entries[0];
    assert_eq!(first.names.iter().map(|n| n.text.as_str()).collect::<Vec<_>>(), ["Brambleton Holding", "Bramble"]);
    assert_eq!((first.addresses[0].text.as_str(), first.countries.len()), ("Room 1, Beijing", 1));
    assert_eq!(first.licence_requirement.as_deref(), Some("All items subject to the EAR."));
    assert_eq!(first.citations, ["85 FR 83420, 12/22/20", "86 FR 29193, 6/1/21"]);
    assert_eq!(first.published, Some(jiff::civil::date(2020, 12, 22)));
    let kinds = |at: usize| (read.entries[at].kind, read.entries[at].names.len());
    assert_eq!(kinds(2), (model::entry::EntryKind::Address, 0));
    assert_eq!(read.infos[0].records, 4);
    assert!(read.infos[0].repairs.contains(&("blank_row".into(), 1)), "{:?}", read.infos[0].repairs);
}

#[test]
fn a_table_with_other_columns_or_rows_is_refused_with_its_line() {
    let good = row(["CHINA", "Brambleton, Beijing", "All", "Denial", "90 FR 1, 1/2/25"]);
    for (text, problem) in [
        (format!("{}{good}{TAIL}", HEAD.replace("Country", "Nation")), "expected 5 columns from the country"),
        (format!("{HEAD}{}{TAIL}", good.replace("CHINA", "")), "line 2, field `TD[1]`: expected the country"),
        (
            format!("{HEAD}{}{TAIL}", good.replace("90 FR 1, 1/2/25", "")),
            "line 2, field `TD[5]`: expected the Federal Register notice",
        ),
        (format!("{HEAD}{good}{}{TAIL}", "<TR><TD>a note</TD></TR>".repeat(3)), "found others in 3 of them"),
        (HEAD.replace("No. 4", "No. 5") + &good + TAIL, "expected a DIV9 with one of"),
        (format!("{HEAD}{TAIL}"), "no entr"),
    ] {
        let error = read_text(&text).err().unwrap_or_else(|| panic!("{problem}: was read")).to_string();
        assert!(error.contains(problem), "{problem}: {error}");
    }
}
