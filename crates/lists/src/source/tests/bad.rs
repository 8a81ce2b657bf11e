//! Every reader against every kind of bad input: one table of fixtures, one law a test.

use super::super::*;
use crate::build::{ParsedFile, SourceEntries};
use crate::catalogue::Format;
use crate::error::Error;
use crate::format::{self, SHAPES};
use crate::input::UnpackLimits;
use model::snapshot::ListInfo;
use std::path::PathBuf;

/// A fixture, its format, records, entries and names.
struct Fixture {
    name: &'static str,
    format: Format,
    records: u32,
    entries: u32,
    names: u32,
}

const fn fixture(name: &'static str, format: Format, records: u32, entries: u32, names: u32) -> Fixture {
    Fixture { name, format, records, entries, names }
}

/// All but the workbook and the three tables, which are no single text.
const FIXTURES: &[Fixture] = &[
    fixture("us_csl.csv", Format::UsCslCsv, 3, 3, 6),
    fixture("us_csl.json", Format::UsCslJson, 3, 3, 6),
    fixture("ofac.xml", Format::OfacXml, 2, 2, 3),
    fixture("ofac_enhanced.xml", Format::OfacEnhancedXml, 1, 1, 3),
    fixture("ofac_advanced.xml", Format::OfacAdvancedXml, 4, 4, 8),
    fixture("bis_dpl.txt", Format::BisDpl, 3, 2, 3),
    fixture("un.xml", Format::UnXml, 2, 2, 3),
    fixture("eu_fsf.xml", Format::EuFsfXml, 2, 2, 3),
    fixture("eu_fsf.csv", Format::EuFsfCsv, 4, 2, 3),
    fixture("uk_ofsi.csv", Format::UkOfsiCsv, 4, 2, 5),
    fixture("uk_fcdo.csv", Format::UkFcdoCsv, 3, 2, 4),
    fixture("uk_fcdo.xml", Format::UkFcdoXml, 3, 3, 7),
    fixture("ch_seco.xml", Format::ChSecoXml, 2, 1, 3),
    fixture("ca_sema.xml", Format::CaSemaXml, 2, 2, 4),
    fixture("us_ecfr.xml", Format::UsEcfrXml, 4, 3, 5),
    fixture("fr_gels.json", Format::FrGelsJson, 3, 3, 5),
    fixture("ua_sfms.xml", Format::UaSfmsXml, 2, 2, 4),
    fixture("wb_debarred.json", Format::WorldBankJson, 2, 2, 2),
    fixture("opensanctions.ftm.json", Format::OpenSanctionsFtm, 3, 2, 4),
    fixture("opensanctions.csv", Format::OpenSanctionsCsv, 2, 2, 4),
    fixture("own.csv", Format::OwnCsv, 2, 2, 4),
    fixture("curated.toml", Format::Curated, 1, 1, 1),
];

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/lists").join(name)
}

fn bytes(fixture: &Fixture) -> Vec<u8> {
    std::fs::read(path(fixture.name)).unwrap()
}

fn read_as(format: Format, content: &[u8]) -> Result<SourceEntries, Error> {
    format::read(format, "file", &mut { content }).and_then(ParsedFile::finish)
}

fn load(content: &[u8]) -> Result<SourceEntries, Error> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    read_path(file.path(), LIMITS)
}

fn refused(content: &[u8], what: &str) -> Error {
    load(content).err().unwrap_or_else(|| panic!("{what} was read"))
}

fn is_xml(fixture: &Fixture) -> bool {
    fixture.name.ends_with(".xml")
}

fn is_table(fixture: &Fixture) -> bool {
    fixture.name.ends_with(".csv") || fixture.name.ends_with(".txt")
}

/// Lines above the header.
fn preamble(fixture: &Fixture) -> usize {
    usize::from(matches!(fixture.format, Format::UkOfsiCsv | Format::UkFcdoCsv))
}

fn delimiter(fixture: &Fixture) -> u8 {
    match fixture.format {
        Format::BisDpl => b'\t',
        Format::EuFsfCsv | Format::OwnCsv => b';',
        _ => b',',
    }
}

/// The records of a table from its header on, and what stands above.
fn records(fixture: &Fixture) -> (Vec<u8>, Vec<Vec<String>>) {
    let whole = bytes(fixture);
    let mut from = 0;
    for _ in 0..preamble(fixture) {
        from += whole[from..].iter().position(|b| *b == b'\n').unwrap() + 1;
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter(fixture)).from_reader(&whole[from..]);
    let records = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
    (whole[..from].to_vec(), records)
}

fn written(fixture: &Fixture, above: &[u8], records: &[Vec<String>]) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().flexible(true).delimiter(delimiter(fixture)).from_writer(above.to_vec());
    records.iter().for_each(|r| out.write_record(r).unwrap());
    out.into_inner().unwrap()
}

#[test]
fn every_fixture_is_recognised_by_its_content_and_reads_whole() {
    for f in FIXTURES {
        let loaded = load(&bytes(f)).unwrap_or_else(|e| panic!("{}: {e}", f.name));
        let sum = |of: fn(&ListInfo) -> u32| loaded.infos.iter().map(of).sum::<u32>();
        assert_eq!(
            (sum(|i| i.records), sum(|i| i.entries), sum(|i| i.names)),
            (f.records, f.entries, f.names),
            "{}",
            f.name
        );
        let direct = read_as(f.format, &bytes(f)).unwrap();
        assert_eq!(direct.entries, loaded.entries, "{} was read as another format", f.name);
    }
    let folder = read_path(&path("ofac_legacy"), LIMITS).unwrap();
    let beside = read_path(&path("ofac_legacy/alt.csv"), LIMITS).unwrap();
    assert_eq!((folder.entries.len(), folder.infos[0].names), (2, 4));
    assert_eq!(folder.entries, beside.entries);
    assert_eq!(folder.entries[1].relations[0].kind, model::entry::RelationKind::VesselOwner);
}

#[test]
fn both_forms_of_the_screening_list_give_the_same_entries() {
    let [csv, json] = [0, 1].map(|at| load(&bytes(&FIXTURES[at])).unwrap().entries);
    assert_eq!(csv, json);
}

#[test]
fn a_reader_refuses_the_file_of_another_publisher() {
    for f in FIXTURES {
        for other in FIXTURES.iter().filter(|o| o.format != f.format) {
            if let Ok(loaded) = read_as(f.format, &bytes(other)) {
                panic!("{} was read as {:?}: {} rows", other.name, f.format, loaded.entries.len());
            }
        }
    }
}

#[test]
fn a_file_cut_short_is_refused() {
    for f in FIXTURES {
        let whole = bytes(f);
        if is_table(f) {
            // In the middle of the last record: a table cut between two records cannot be told.
            let end = whole.iter().rposition(|b| !b.is_ascii_whitespace()).unwrap();
            let start = whole[..end].iter().rposition(|b| *b == b'\n').unwrap() + 1;
            let at = whole[start..end].iter().position(|b| *b == delimiter(f)).unwrap() + start;
            let error = refused(&whole[..=at], f.name);
            assert!(matches!(error, Error::Syntax { line, .. } if line > 1), "{}: {error}", f.name);
            continue;
        }
        if f.format == Format::Curated {
            continue;
        }
        let end = whole.iter().rposition(|b| !b.is_ascii_whitespace()).unwrap();
        for step in 1..40 {
            let cut = end * step / 40;
            if f.format == Format::OpenSanctionsFtm && (whole[cut] == b'\n' || whole[cut - 1] == b'\n') {
                continue;
            }
            refused(&whole[..cut], &format!("{} cut at {cut}", f.name));
        }
    }
}

#[test]
fn columns_may_stand_in_any_order_and_a_missing_one_is_named() {
    for f in FIXTURES.iter().filter(|f| is_table(f)) {
        let (above, records) = records(f);
        let turned: Vec<Vec<String>> = records.iter().map(|r| r.iter().rev().cloned().collect()).collect();
        let plain = load(&bytes(f)).unwrap();
        let loaded = load(&written(f, &above, &turned)).unwrap_or_else(|e| panic!("{}: {e}", f.name));
        assert_eq!(loaded.entries, plain.entries, "{}", f.name);
        let shape = SHAPES.iter().find(|(_, format)| *format == f.format);
        let required = shape.map_or(vec!["Name"], |(shape, _)| shape.required.to_vec());
        for column in required {
            let at = records[0].iter().position(|c| c == column).unwrap();
            let mut without = records.clone();
            without.iter_mut().for_each(|r| {
                r.remove(at);
            });
            let error = read_as(f.format, &written(f, &above, &without)).err().expect("a column is missing");
            let named = error.to_string().to_lowercase().contains(&format!("`{}`", column.to_lowercase()));
            assert!(named && error.code() == "LIST-007", "{} without {column}: {error}", f.name);
        }
    }
    let error = refused(b"name;alais;country\nX;Y;CN\n", "a misspelt column");
    assert!(error.to_string().contains("`alais`"), "{error}");
}

#[test]
fn a_doubled_header_or_root_is_refused_with_its_line() {
    for f in FIXTURES.iter().filter(|f| is_table(f)) {
        let (above, mut records) = records(f);
        records.insert(2, records[0].clone());
        let error = refused(&written(f, &above, &records), f.name);
        let line = 3 + preamble(f) as u64;
        let expected = match &error {
            Error::Syntax { line: at, .. } | Error::UnknownSource { line: at, .. } => *at == line,
            _ => false,
        };
        assert!(expected, "{}: {error}", f.name);
    }
    for f in FIXTURES.iter().filter(|f| is_xml(f)) {
        let text = String::from_utf8(bytes(f)).unwrap();
        let root = text.split_once("?>").unwrap().1;
        let error = refused(format!("{text}{root}").as_bytes(), f.name);
        assert!(matches!(error, Error::Syntax { .. }), "{}: {error}", f.name);
    }
}

#[test]
fn text_that_is_not_utf_8_is_refused_with_its_line() {
    for f in FIXTURES {
        let mut content = bytes(f);
        // A letter of the last row in Latin-1.
        let at = content.iter().rposition(u8::is_ascii_alphabetic).unwrap();
        let at = if is_xml(f) || f.name.ends_with("json") {
            // Not in markup: inside the last value.
            content[..at].windows(3).rposition(|w| w.iter().all(u8::is_ascii_lowercase)).unwrap()
        } else {
            at
        };
        content[at] = 0xe9;
        let error = refused(&content, f.name);
        assert!(matches!(error.code(), "LIST-008" | "LIST-010"), "{}: {error}", f.name);
        assert!(error.to_string().contains("line "), "{}: {error}", f.name);
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(bytes(f).iter().flat_map(|b| [*b, 0])).collect();
        assert!(refused(&wide, f.name).to_string().contains("UTF-16"));
    }
}

#[test]
fn what_holds_no_entry_is_refused() {
    for content in [&b""[..], b"\xef\xbb\xbf", b" \n\n"] {
        assert_eq!(refused(content, "nothing").code(), "LIST-003");
    }
    for f in FIXTURES {
        assert!(read_as(f.format, b"").is_err() && read_as(f.format, b"\n").is_err(), "{}", f.name);
        if is_table(f) {
            let (above, records) = records(f);
            assert_eq!(refused(&written(f, &above, &records[..1]), f.name).code(), "LIST-011", "{}", f.name);
        } else if is_xml(f) {
            let text = String::from_utf8(bytes(f)).unwrap();
            let root = text.split_once("?>").unwrap().1.trim();
            let open = &root[..=root.find('>').unwrap()];
            let name = open.trim_start_matches('<').split([' ', '>']).next().unwrap();
            assert!(read_as(f.format, format!("{open}</{name}>").as_bytes()).is_err(), "{}", f.name);
        }
    }
}

#[test]
fn entities_are_not_expanded_and_nesting_is_bounded() {
    for f in FIXTURES.iter().filter(|f| is_xml(f)) {
        let text = String::from_utf8(bytes(f)).unwrap();
        let (head, root) = text.split_once("?>").unwrap();
        let laughs = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
        let error = read_as(f.format, format!("{head}?>{laughs}{root}").as_bytes()).err().expect("a DOCTYPE");
        assert!(error.to_string().contains("DOCTYPE"), "{}: {error}", f.name);
        let at = root.find('>').unwrap() + 1;
        let entity = format!("{head}?>{}<x>&b;</x>{}", &root[..at], &root[at..]);
        let error = read_as(f.format, entity.as_bytes()).err().expect("an entity");
        assert!(error.to_string().contains("`&b;`"), "{}: {error}", f.name);
        let deep = format!("{head}?>{}{}{}{}", &root[..at], "<x>".repeat(200), "</x>".repeat(200), &root[at..]);
        let error = read_as(f.format, deep.as_bytes()).err().expect("deep nesting");
        assert!(error.to_string().contains("nested"), "{}: {error}", f.name);
    }
    let deep = |n| "[".repeat(n) + &"]".repeat(n);
    let csl = format!("{{\"x\": {}, \"results\": []}}", deep(500));
    assert!(read_as(Format::UsCslJson, csl.as_bytes()).is_err());
    let ftm = format!("{{\"id\":\"1\",\"schema\":\"Person\",\"properties\":{{\"name\":[{}]}}}}", deep(500));
    assert!(read_as(Format::OpenSanctionsFtm, ftm.as_bytes()).is_err());
    let inner = (0..6).fold(String::from("\"x\""), |inner, n| {
        format!("{{\"id\":\"{n}\",\"schema\":\"Person\",\"properties\":{{\"relative\":[{inner}]}}}}")
    });
    let error = read_as(Format::OpenSanctionsFtm, inner.as_bytes()).err().expect("entities in entities");
    assert!(error.to_string().contains("deep"), "{error}");
}

#[test]
fn a_hundred_times_the_records_read_in_a_moment() {
    // A party with 40,000 records must not cost the square of them.
    let f = FIXTURES.iter().find(|f| f.format == Format::UkOfsiCsv).unwrap();
    let (above, mut records) = records(f);
    let last = records.pop().unwrap();
    records.extend((0..40_000).map(|n| {
        let mut one = last.clone();
        one[0] = format!("VOLNA {}", n % 50);
        one
    }));
    let before = std::time::Instant::now();
    let loaded = load(&written(f, &above, &records)).unwrap();
    assert_eq!((loaded.infos[0].records, loaded.infos[0].entries), (40_003, 2));
    assert!(before.elapsed().as_secs() < 20, "{:?}", before.elapsed());
    // An open quote does not take in the rest of the file.
    let mut open = written(f, &above, &records[..4]);
    open.extend_from_slice(b"\"");
    open.extend(std::iter::repeat_n(b'x', 3 << 20));
    assert!(refused(&open, "an open quote").to_string().contains("quote"));
}

/// A workbook with these cells, as text.
pub(super) fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut sheet = String::from(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    for (row, cells) in rows.iter().enumerate().filter(|(_, cells)| !cells.is_empty()) {
        sheet.push_str(&format!("<row r=\"{}\">", row + 1));
        for (column, text) in cells.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            let place = format!("{}{}", char::from(b'A' + column as u8), row + 1);
            sheet.push_str(&format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"));
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    super::zip(&[
        (
            "[Content_Types].xml",
            b"<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        (
            "_rels/.rels",
            format!("<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{main}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>").as_bytes(),
        ),
        (
            "xl/workbook.xml",
            format!("<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{main}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>").as_bytes(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!("<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{main}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>").as_bytes(),
        ),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

const AU: &[&str] = &[
    "Reference",
    "Name of Individual or Entity",
    "Type",
    "Name Type",
    "Alias Strength",
    "Citizenship",
    "Address",
    "Listing Information",
    "IMO Number",
    "Committees",
];

#[test]
fn the_australian_workbook_is_read_and_its_faults_named() {
    let rows: Vec<&[&str]> = vec![
        AU,
        &[
            "8151",
            "Osric Quillfeather",
            "Individual ",
            "Primary name",
            "",
            "Russian and Ukrainian",
            "a) Tver, Russia b) NA",
            "Listed",
            "",
            "Autonomous",
        ],
        &["8151a", "Ossie", "individual", "Aka ", "Weak", "", "", "Listed", "", "Autonomous"],
        &[],
        &["8152", "Wandering Heron", "Vessel", "Primary Name", "", "", "", "Listed", "9321483", "Autonomous"],
    ];
    let loaded = load(&workbook(&rows)).unwrap();
    let info = &loaded.infos[0];
    assert_eq!((info.id.as_str(), info.records, info.entries, info.names), ("au-dfat", 4, 2, 3));
    assert_eq!(info.repairs, [("blank_row".into(), 1)]);
    let osric = &loaded.entries[0];
    assert!(osric.names[1].weak && osric.countries.len() == 2 && osric.addresses.len() == 1, "{osric:?}");
    let wrong = |at: usize, column: usize, text: &'static str| {
        let mut cells = rows[at].to_vec();
        cells[column] = text;
        let mut rows = rows.clone();
        rows[at] = &cells;
        refused(&workbook(&rows), text).to_string()
    };
    assert!(wrong(0, 3, "Sort of name").contains("line 1: expected column `Name Type`, which is missing"));
    assert!(wrong(1, 0, "eight").contains("line 2, field `Reference`"));
    assert!(wrong(1, 2, "Robot").contains("expected Individual, Entity or Vessel, found `robot`"));
    assert!(wrong(4, 3, "nick").contains("line 5, field `Name Type`"));
    let mut doubled = rows.clone();
    doubled.insert(2, AU);
    assert!(refused(&workbook(&doubled), "a doubled header").to_string().contains("line 3"));
    assert_eq!(refused(&workbook(&[AU]), "a header alone").code(), "LIST-011");
    let whole = workbook(&rows);
    assert_eq!(refused(&whole[..whole.len() / 2], "half a workbook").code(), "LIST-002");
    // A sheet that unpacks to far more than it is.
    let filler = "x".repeat(400_000);
    let bomb = workbook(&[AU, &["8151", &filler, "Individual", "Primary Name"]]);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bomb).unwrap();
    let limits = UnpackLimits { total: 1 << 20, ratio: 20, free: 100_000 };
    assert_eq!(read_path(file.path(), limits).err().unwrap().code(), "LIST-006");
}

#[test]
fn the_three_tables_of_ofac_belong_together() {
    let folder = tempfile::tempdir().unwrap();
    let copy = |name: &str| std::fs::copy(path("ofac_legacy").join(name), folder.path().join(name)).unwrap();
    let load = || read_path(folder.path(), LIMITS).map(|l| l.entries.len()).map_err(|e| e.to_string());
    assert!(load().unwrap_err().contains("without the three files"));
    copy("sdn.csv");
    copy("add.csv");
    assert!(load().unwrap_err().contains("the table `alt` is missing"));
    let alone = read_path(&folder.path().join("sdn.csv"), LIMITS).err().unwrap().to_string();
    assert!(alone.contains("expected `alt` beside it"), "{alone}");
    copy("alt.csv");
    assert_eq!(load(), Ok(2));
    std::fs::write(folder.path().join("alt.csv"), "1,2,\"aka\",\"STRAY\",-0- \r\n").unwrap();
    assert!(load().unwrap_err().contains("entry 1, which the table `sdn` does not hold"));
    std::fs::write(folder.path().join("alt.csv"), "990020,2,\"aka\",\"A\",-0- \r\n990020,\"aka\"\r\n").unwrap();
    assert!(load().unwrap_err().contains("line 2: expected 5 fields, found 2"));
    copy("alt.csv");
    std::fs::copy(path("un.xml"), folder.path().join("un.xml")).unwrap();
    assert!(load().unwrap_err().contains("`un.xml`, a list of its own"));
}

#[test]
fn remarks_go_on_in_the_table_of_comments() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "cons_prim.csv",
        "17022,\"NORDWIND OIL OJSC\",-0- ,\"UKRAINE-EO13662] [RUSSIA-EO14024\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Executive \
         Order 13662 Directive Determination - Subject to Directive 4; Tax ID No. 77000\"\r\n",
    );
    write("cons_add.csv", "17022,1,-0- ,\"Moscow\",\"Russia\",-0- \r\n");
    write("cons_alt.csv", "17022,1,\"aka\",\"NORDWIND\",-0- \r\n");
    write("cons_comments.csv", "17022,\"00012 (Russia); a.k.a. 'NORD OIL'.\"\r\n");
    let paths = ["", "cons_prim.csv", "cons_comments.csv"].map(|name| folder.path().join(name));
    for path in paths {
        let loaded = read_path(&path, LIMITS).unwrap_or_else(|e| panic!("{e}"));
        let [entry] = loaded.entries.as_slice() else { panic!("{:?}", loaded.entries) };
        // Not the SDN list: its programme and the directive say which list it is on, and what that means.
        assert_eq!((entry.list.as_str(), entry.effect), ("us-ofac-ssi", model::entry::Effect::Licence));
        assert_eq!(entry.identifiers[0].value, "7700000012");
        assert_eq!((entry.names[2].text.as_str(), entry.names[2].weak), ("NORD OIL", true));
    }
}
