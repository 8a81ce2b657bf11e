//! That the meaning of a list is not lost on the way: every number that stands in a file is found, every measure decides
//! what a listing means, and every field of a file is taken or left on purpose.

use crate::shared::{data, engine};
use engine::screen::Scratch;
use lists::{ListInfo, Snapshot, Source};
use model::entry::{Effect, Entry, IdentifierType};
use model::finding::Reason;
use model::shipment::Shipment;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The text of a file, unpacked; of a workbook all its XML.
fn text_of(path: &Path) -> String {
    let bytes = std::fs::read(path).expect("it reads");
    let mut unpacked = Vec::new();
    if bytes.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("it is a zip");
        for at in 0..archive.len() {
            archive.by_index(at).expect("it is there").read_to_end(&mut unpacked).expect("it unpacks");
        }
    } else if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut unpacked).expect("it unpacks");
    } else {
        unpacked = bytes;
    }
    String::from_utf8_lossy(&unpacked).into_owned()
}

fn load(path: &Path) -> Snapshot {
    lists::load(&[Source::Path(path.to_owned())]).unwrap_or_else(|e| panic!("{e}"))
}

/// The seven digits behind every "IMO" of a text, with at most thirty other signs and no digit between. Knows nothing of
/// the readers.
fn imo_numbers(text: &str) -> BTreeSet<String> {
    let bytes = text.as_bytes();
    let mut found = BTreeSet::new();
    for at in 0..bytes.len().saturating_sub(10) {
        if !bytes[at..at + 3].eq_ignore_ascii_case(b"imo") {
            continue;
        }
        if at > 0 && bytes[at - 1].is_ascii_alphanumeric() || bytes[at + 3].is_ascii_alphabetic() {
            continue;
        }
        let rest = &bytes[at + 3..];
        let gap = rest.iter().take(31).position(u8::is_ascii_digit);
        let Some(gap) = gap.filter(|g| !rest[..*g].contains(&b'<')) else { continue };
        let digits = rest[gap..].iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 7 {
            found.insert(String::from_utf8_lossy(&rest[gap..gap + 7]).into_owned());
        }
    }
    found
}

#[test]
fn the_imo_numbers_of_every_file_are_found_by_number() {
    for (name, least) in [
        ("us/ofac_sdn_2024-05-07.xml.gz", 981),
        ("us/csl_2022-05.csv.gz", 513),
        ("us/ofac_legacy_sdn.csv.gz", 479),
        ("uk/ofsi_2025-04-10.csv.gz", 29),
        ("au/dfat_2024-11.xlsx", 21),
        ("au/dfat_2026-02.xlsx", 21),
        ("un/un_2026-02-27.xml", 16),
        ("eu/fsf_2024-05-13.xml.gz", 3),
    ] {
        let Some(path) = data(&format!("lists/{name}")) else { return };
        let stands = imo_numbers(&text_of(&path));
        assert!(stands.len() >= least, "{name}: {}", stands.len());
        // The legacy tables are read together; beside this one the others stand under other names.
        let snapshot = if name.contains("legacy") { legacy(&path) } else { load(&path) };
        let listed: BTreeSet<&str> = snapshot.entries().iter().flat_map(numbers).collect();
        let lost: Vec<_> = stands.iter().filter(|n| !listed.contains(n.as_str())).collect();
        println!("{name}: {} of {} lost: {lost:?}", lost.len(), stands.len());
        assert!(lost.len() * 100 <= stands.len(), "{name}: {lost:?}");

        // And a shipment that names one finds it.
        let all = engine(snapshot);
        let mut scratch = Scratch::default();
        for number in stands.iter().filter(|n| !lost.contains(n)).take(40) {
            let party = model::shipment::Party {
                name: "Copper Heron GmbH".to_owned(),
                identifiers: vec![model::entry::Identifier {
                    kind: IdentifierType::Other,
                    value: format!("IMO {number}"),
                    country: None,
                }],
                ..Default::default()
            };
            let shipment = Shipment { parties: vec![party], ..Shipment::default() };
            let findings = all.screen(&shipment, &mut scratch).findings;
            assert!(findings.iter().any(|f| f.reason == Reason::PartyIdentifier), "{name}: {number}: {findings:?}");
        }
    }
}

/// The three legacy tables of the shared data, under the names that they go by.
fn legacy(sdn: &Path) -> Snapshot {
    let folder = tempfile::tempdir().expect("a folder");
    for table in ["sdn", "add", "alt"] {
        let from = sdn.with_file_name(format!("ofac_legacy_{table}.csv.gz"));
        std::fs::write(folder.path().join(format!("{table}.csv")), text_of(&from)).expect("it writes");
    }
    load(folder.path())
}

fn numbers(entry: &Entry) -> impl Iterator<Item = &str> {
    entry.identifiers.iter().filter(|i| i.kind == IdentifierType::Imo).map(|i| i.value.as_str())
}

fn effects(snapshot: &Snapshot) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    snapshot.entries().iter().for_each(|e| *counts.entry(e.effect.as_str()).or_default() += 1);
    counts
}

#[test]
fn the_publisher_s_measure_decides_what_a_listing_means() {
    let Some(path) = data("lists/au/dfat_2026-02.xlsx") else { return };
    let australia = load(&path);
    // Ships are kept out of ports, and few parties are under an arms or a travel ban alone; the rest are frozen.
    let ships = australia.entries().iter().filter(|e| e.remarks.contains("Maritime Restriction: true"));
    assert!(ships.clone().count() > 100 && ships.clone().all(|e| e.effect == Effect::Licence));
    println!("Australia: {:?}", effects(&australia));
    let Some(path) = data("lists/un/un_2026-02-27.xml") else { return };
    let un = load(&path);
    println!("UN: {:?}", effects(&un));
    let (watched, frozen): (Vec<&Entry>, Vec<&Entry>) = un
        .entries()
        .iter()
        .filter(|e| e.remarks.contains("resolution 1970 (Travel Ban"))
        .partition(|e| e.effect == Effect::Watch);
    assert!(watched.len() >= 5 && watched.iter().all(|e| !e.remarks.to_lowercase().contains("asset freeze")));
    assert!(frozen.iter().all(|e| e.effect == Effect::Blocking && e.remarks.to_lowercase().contains("asset freeze")));
}

#[test]
fn what_is_no_whole_list_or_can_never_match_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("it writes");
        path
    };
    // A page of an answer of the Consolidated Screening List.
    let whole = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists/us_csl.json"));
    let whole = whole.expect("the file is part of the project");
    let results = whole.find("\"results\"").expect("it has results");
    let page = format!("{{\"total\": 14160, \"offset\": 0, {}", &whole[results..]);
    let error = lists::check(&write("page.json", &page)).unwrap_err().to_string();
    assert!(error.contains("states 14160 entries") && error.contains("not a page"), "{error}");

    let never =
        write("never.csv", "name,id,aliases\nX,a,\n\u{1f600},b,\n\u{200b}\u{200c}.,c,\n李,d,\nMarlin Optics,e,—\n");
    let infos = lists::check(&never).expect("it reads");
    let count = |kind: &str| infos[0].repairs.iter().find(|r| r.0 == kind).map_or(0, |r| r.1);
    assert_eq!((count("entry_never_matches"), count("name_never_matches")), (3, 4));

    let Some(path) = data("cases/utf8-line.xml") else { return };
    let error = lists::check(&path).unwrap_err().to_string();
    assert!(error.contains("utf8-line.xml: line 8: invalid UTF-8"), "{error}");
    let Some(path) = data("cases/eu-unknown-columns.csv") else { return };
    assert_eq!(lists::check(&path).expect("it reads")[0].repairs, []);
}

#[test]
fn an_alias_that_spells_a_part_of_a_name_is_weak() {
    let Some(path) = data("lists/ca/sema_2025-05.xml") else { return };
    let canada = load(&path);
    let named =
        |name: &str| canada.entries().iter().find(|e| e.primary_name() == name).unwrap_or_else(|| panic!("{name}"));
    let palchik = named("Andrei Siarheevich PALCHIK");
    let weak = |entry: &Entry| entry.names.iter().filter(|n| n.weak).map(|n| n.text.clone()).collect::<Vec<_>>();
    assert_eq!(weak(palchik), ["Andrey Sergeevich"]);
    assert_eq!(weak(named("Ihar Butkevich")), [""; 0]);
    let parties = canada.entries().iter().filter(|e| e.names.iter().any(|n| n.weak)).count();
    println!("{parties} of {} entries have a weak alias", canada.entries().len());
    assert!(parties < canada.entries().len() / 20);
}

/// Files of each format, real ones and those of the project.
const FILES: [(&str, &[&str]); 20] = [
    ("us-csl-csv", &["lists/us/csl_2022-05.csv.gz", "tests/us_csl.csv"]),
    ("us-csl-json", &["tests/us_csl.json"]),
    ("ofac-xml", &["lists/us/ofac_sdn_2024-05-07.xml.gz", "lists/us/ofac_cons_2025-03-28.xml.gz", "tests/ofac.xml"]),
    ("ofac-enhanced-xml", &["lists/us/ofac_cons_enhanced_2025-01.zip", "tests/ofac_enhanced.xml"]),
    ("ofac-advanced-xml", &["tests/ofac_advanced.xml"]),
    ("bis-dpl", &["lists/us/bis_dpl_2019.txt", "lists/us/bis_dpl_2023-11.txt", "tests/bis_dpl.txt"]),
    ("un-xml", &["lists/un/un_2026-02-27.xml", "lists/un/un_2025-04-19.xml", "tests/un.xml"]),
    ("eu-fsf-xml", &["lists/eu/fsf_2024-05-13.xml.gz", "tests/eu_fsf.xml"]),
    ("eu-fsf-csv", &["cases/eu-unknown-columns.csv", "tests/eu_fsf.csv"]),
    ("uk-ofsi-csv", &["lists/uk/ofsi_2025-04-10.csv.gz", "tests/uk_ofsi.csv"]),
    ("uk-fcdo-csv", &["tests/uk_fcdo.csv"]),
    ("uk-fcdo-xml", &["tests/uk_fcdo.xml"]),
    ("au-dfat-xlsx", &["lists/au/dfat_2024-11.xlsx", "lists/au/dfat_2026-02.xlsx"]),
    ("ch-seco-xml", &["tests/ch_seco.xml"]),
    ("ca-sema-xml", &["lists/ca/sema_2025-05.xml", "tests/ca_sema.xml"]),
    ("us-ecfr-xml", &["tests/us_ecfr.xml"]),
    ("fr-gels-json", &["tests/fr_gels.json"]),
    ("ua-sfms-xml", &["tests/ua_sfms.xml"]),
    ("wb-debarred-json", &["tests/wb_debarred.json"]),
    ("opensanctions-csv", &["tests/opensanctions.csv"]),
];

/// By format and meaning, the fields.
fn meanings() -> BTreeMap<String, toml::Table> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lists/fields.toml");
    toml::from_str(&std::fs::read_to_string(path).expect("the file is part of the project")).expect("it is TOML")
}

fn path_of(name: &str) -> Option<PathBuf> {
    match name.strip_prefix("tests/") {
        Some(own) => Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists").join(own)),
        None => data(name),
    }
}

/// A file that holds a field which its reader neither takes nor names fails here.
#[test]
fn every_field_of_every_file_is_taken_or_left_on_purpose() {
    let all = meanings();
    for (format, files) in FILES {
        let named: BTreeSet<&str> =
            all[format].values().flat_map(|f| f.as_array().expect("a list")).filter_map(|f| f.as_str()).collect();
        for file in files {
            let Some(path) = path_of(file) else { return };
            let fields = fields_of(format, &path);
            assert!(fields.len() >= 4, "{file}: {fields:?}");
            // A made-up element by which a test of the project checks that the unknown is counted.
            let unknown: Vec<_> =
                fields.iter().filter(|f| !named.contains(f.as_str()) && *f != "FavouriteColour").collect();
            assert!(unknown.is_empty(), "{file}: name these in lists/fields.toml: {unknown:?}");
            // The reader says the same.
            let infos = lists::check(&path).unwrap_or_else(|e| panic!("{file}: {e}"));
            let counted = |i: &ListInfo| i.repairs.iter().any(|r| r.0 == "unknown_column" || r.0 == "unknown_element");
            assert!(!infos.iter().any(counted) || *file == "tests/uk_fcdo.xml", "{file}: {infos:?}");
        }
    }
}

/// The fields of a file, read without the readers.
fn fields_of(format: &str, path: &Path) -> BTreeSet<String> {
    let text = text_of(path);
    match format {
        _ if format.ends_with("-xml") => {
            elements(&text, matches!(format.split('-').next(), Some("eu" | "un" | "ch")) || format.contains("anced"))
        }
        "us-csl-json" => keys(&serde_json::from_str(&text).expect("it is JSON")),
        "wb-debarred-json" => {
            let file: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
            keys(&file["response"]["ZPROCSUPP"])
        }
        "fr-gels-json" => french(&serde_json::from_str(&text).expect("it is JSON")),
        "au-dfat-xlsx" => titles(path),
        _ => header(format, &text),
    }
}

fn header(format: &str, text: &str) -> BTreeSet<String> {
    let preamble = usize::from(format.starts_with("uk-"));
    let delimiter = match format {
        "bis-dpl" => b'\t',
        "eu-fsf-csv" => b';',
        _ => b',',
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let row = reader.records().nth(preamble).expect("it has a header").expect("it is CSV");
    row.iter().map(|f| f.trim().to_owned()).filter(|f| !f.is_empty()).collect()
}

fn titles(path: &Path) -> BTreeSet<String> {
    use calamine::Reader as _;
    let mut book = calamine::open_workbook_auto(path).expect("it opens");
    let sheet = book.worksheet_range_at(0).expect("it has a sheet").expect("it reads");
    let row = sheet.rows().find(|r| r.iter().any(|c| c.to_string().trim() == "Reference")).expect("it has a header");
    row.iter().map(|c| c.to_string().trim().to_owned()).filter(|t| !t.is_empty()).collect()
}

fn keys(value: &serde_json::Value) -> BTreeSet<String> {
    match value {
        serde_json::Value::Object(map) => {
            let inner = map.values().flat_map(keys);
            map.keys().cloned().chain(inner).filter(|k| k != "type" && k != "country").collect()
        }
        serde_json::Value::Array(all) => all.iter().flat_map(keys).collect(),
        _ => BTreeSet::new(),
    }
}

/// The keys of the register's parties, and of each detail what it is with the keys of its values.
fn french(file: &serde_json::Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for party in file["Publications"]["PublicationDetail"].as_array().expect("parties") {
        found.extend(party.as_object().expect("a party").keys().filter(|k| *k != "RegistreDetail").cloned());
        for detail in party["RegistreDetail"].as_array().expect("details") {
            let field = detail["TypeChamp"].as_str().expect("a field");
            let values = detail["Valeur"].as_array().expect("values").iter();
            let parts = values.flat_map(|v| v.as_object().expect("a value").keys());
            found.extend(parts.map(|part| format!("{field}@{part}")));
        }
    }
    found
}

/// Elements with a text, and attributes with a value: by the marks alone.
fn elements(text: &str, has_attributes: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices('<') {
        let rest = &text[at + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let Some(end) = rest.find('>') else { continue };
        let tag = rest[..end].trim_end_matches('/');
        let (name, attributes) = tag.split_once(|c: char| c.is_whitespace()).unwrap_or((tag, ""));
        let name = name.rsplit(':').next().unwrap_or(name);
        let inner = &rest[end + 1..];
        if !rest[..end].ends_with('/') && !inner[..inner.find('<').unwrap_or(0)].trim().is_empty() {
            found.insert(name.to_owned());
        }
        if has_attributes {
            let mut pieces = attributes.split('"');
            while let (Some(key), Some(value)) = (pieces.next(), pieces.next()) {
                let key = key.trim().trim_end_matches('=').trim();
                let is_named = !key.starts_with("xmlns") && !key.is_empty();
                if is_named && !value.is_empty() {
                    found.insert(format!("{name}@{}", key.rsplit(':').next().unwrap_or(key)));
                }
            }
        }
    }
    found
}

/// The table of fields in docs/lists.md is what lists/fields.toml says.
#[test]
fn the_table_of_fields_is_that_of_the_readers() {
    let mut table = String::new();
    for (format, meanings) in meanings() {
        table += &format!("\n**`{format}`**\n\n| becomes | fields |\n|---|---|\n");
        for (meaning, fields) in &meanings {
            let fields = fields.as_array().expect("a list").iter().filter_map(|f| f.as_str());
            let fields: Vec<String> = fields.map(|f| format!("`{f}`")).collect();
            table += &format!("| {meaning} | {} |\n", fields.join(", "));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lists.md");
    let page = std::fs::read_to_string(&path).expect("the page is part of the project");
    let (start, end) = ("<!-- fields -->\n", "<!-- /fields -->");
    let from = page.find(start).expect("the mark is there") + start.len();
    let to = page.find(end).expect("the mark is there");
    if page[from..to] != table {
        let page = format!("{}{table}{}", &page[..from], &page[to..]);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, page).expect("it writes");
        } else {
            panic!("docs/lists.md is behind lists/fields.toml: run the tests with UPDATE_DOCS=1");
        }
    }
}
