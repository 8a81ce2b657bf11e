//! The fuzz targets of the readers, driven by a seeded generator over small files written by hand: no panic, an error
//! or a whole list, whatever is changed in them.
//!
//! `TIDEWAITER_FUZZ_SECONDS=600 cargo test --test it lists_fuzz` goes on for ten minutes.

#[path = "../../fuzz/src/list_laws.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate offers these to its targets")]
mod list_laws;

use crate::shared::Choice;
use lists::Format;
use std::time::{Duration, Instant};

/// Changed files of each format without the variable.
const ROUNDS: usize = 400;

const FILES: &[(&str, Format)] = &[
    ("us_csl.csv", Format::UsCslCsv),
    ("us_csl.json", Format::UsCslJson),
    ("ofac.xml", Format::OfacXml),
    ("ofac_enhanced.xml", Format::OfacEnhancedXml),
    ("ofac_advanced.xml", Format::OfacAdvancedXml),
    ("bis_dpl.txt", Format::BisDpl),
    ("un.xml", Format::UnXml),
    ("eu_fsf.xml", Format::EuFsfXml),
    ("eu_fsf.csv", Format::EuFsfCsv),
    ("uk_ofsi.csv", Format::UkOfsiCsv),
    ("uk_fcdo.csv", Format::UkFcdoCsv),
    ("uk_fcdo.xml", Format::UkFcdoXml),
    ("ch_seco.xml", Format::ChSecoXml),
    ("ca_sema.xml", Format::CaSemaXml),
    ("us_ecfr.xml", Format::UsEcfrXml),
    ("fr_gels.json", Format::FrGelsJson),
    ("ua_sfms.xml", Format::UaSfmsXml),
    ("wb_debarred.json", Format::WorldBankJson),
    ("opensanctions.ftm.json", Format::OpenSanctionsFtm),
    ("opensanctions.csv", Format::OpenSanctionsCsv),
    ("own.csv", Format::OwnCsv),
    ("curated.toml", Format::Curated),
];

/// What readers look for, and what breaks them.
const PIECES: &[&[u8]] = &[
    b"",
    b"\"",
    b"'",
    b",",
    b";",
    b"\t",
    b"\n",
    b"\r",
    b"\0",
    b"\x1a",
    b"-0-",
    b"<",
    b">",
    b"</",
    b"/>",
    b"&",
    b"&#x0;",
    b"&#xD800;",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?",
    b"{",
    b"}",
    b"[",
    b"]",
    b"null",
    b"1e999",
    b"\\u0000",
    b"\\ud800",
    b"(1)",
    b"(2)",
    b"a) ",
    b"(",
    b")",
    b"):",
    b"(a.k.a. ",
    b"; and ",
    b"00/00/0000",
    b"31/02/2020",
    b"9999-99-99",
    b"99999999999999999999",
    b"\xff",
    b"\xc3\x28",
    b"\xef\xbb\xbf",
    "\u{202e}".as_bytes(),
    "\u{0130}".as_bytes(),
    "ﬃ".as_bytes(),
    "漢".as_bytes(),
    b"IMO",
    b"INN: ",
    b"Linked To: ",
    b"id",
    b"true",
];

fn changed(choice: &mut Choice, file: &[u8]) -> Vec<u8> {
    let mut out = file.to_vec();
    for _ in 0..=choice.below(3) {
        let at = choice.below(out.len() + 1);
        let end = (at + choice.below(40)).min(out.len());
        match choice.below(6) {
            0 if at < out.len() => out[at] ^= 1 << choice.below(8),
            1 => {
                out.drain(at..end);
            }
            2 => {
                let piece = PIECES[choice.below(PIECES.len())];
                out.splice(at..at, piece.iter().copied());
            }
            3 => {
                let piece = PIECES[choice.below(PIECES.len())];
                out.splice(at..end, piece.iter().copied());
            }
            4 => {
                // A part of the file again, elsewhere.
                let from = choice.below(out.len() + 1);
                let part = out[from..(from + choice.below(400)).min(out.len())].to_vec();
                out.splice(at..at, part);
            }
            _ => out.truncate(at.max(1)),
        }
    }
    out
}

fn run(seed: u64, format: Format, file: &[u8]) {
    let seconds = std::env::var("TIDEWAITER_FUZZ_SECONDS").ok().and_then(|s| s.parse::<u64>().ok());
    let end = seconds.map(|s| Instant::now() + Duration::from_secs(s) / 20);
    let mut choice = Choice::seeded(seed);
    let mut round = 0;
    while end.map_or(round < ROUNDS, |end| Instant::now() < end) {
        list_laws::read(format, &changed(&mut choice, file));
        round += 1;
    }
}

#[test]
fn changed_files_give_an_error_or_a_whole_list() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists");
    for (at, (name, format)) in FILES.iter().enumerate() {
        run(at as u64 + 1, *format, &std::fs::read(folder.join(name)).expect("the fixture reads"));
    }
    let tables = ["sdn", "add", "alt"]
        .map(|t| std::fs::read(folder.join("ofac_legacy").join(format!("{t}.csv"))).expect("reads"));
    run(90, Format::OfacLegacyCsv, &tables.join(&0));
    // A workbook is packed: its bytes change, and those of the sheet inside it.
    for (seed, place) in [(91, None), (92, Some("xl/worksheets/sheet1.xml")), (93, Some("xl/sharedStrings.xml"))] {
        let parts = workbook_parts();
        let mut choice = Choice::seeded(seed);
        for _ in 0..ROUNDS {
            let content = match place {
                None => changed(&mut choice, &packed(&parts)),
                Some(place) => {
                    let mut parts = parts.clone();
                    let part = parts.iter_mut().find(|(name, _)| *name == place).expect("the part is there");
                    part.1 = changed(&mut choice, &part.1);
                    packed(&parts)
                }
            };
            list_laws::read(Format::AuDfatXlsx, &content);
        }
    }
}

fn packed(parts: &[(&'static str, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write;
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).expect("starts");
        out.write_all(content).expect("writes");
    }
    out.finish().expect("closes").into_inner()
}

fn workbook_parts() -> Vec<(&'static str, Vec<u8>)> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let titles =
        ["Reference", "Name of Individual or Entity", "Type", "Name Type", "Listing Information", "Committees"];
    let row = ["8151", "Osric Quillfeather", "Individual", "Primary Name", "Listed", "Autonomous"];
    let shared: String = titles.iter().chain(&row).map(|t| format!("<si><t>{t}</t></si>")).collect();
    let cells = |row: usize| -> String {
        let cell =
            |c: usize| format!("<c r=\"{}{row}\" t=\"s\"><v>{}</v></c>", char::from(b'A' + c as u8), (row - 1) * 6 + c);
        (0..6).map(cell).collect()
    };
    let sheet = format!(
        "<worksheet xmlns=\"{MAIN}\"><sheetData><row r=\"1\">{}</row><row r=\"2\">{}</row></sheetData></worksheet>",
        cells(1),
        cells(2)
    );
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{DOCUMENT}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |all: String| format!("<Relationships xmlns=\"{PACKAGE}\">{all}</Relationships>").into_bytes();
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{DOCUMENT}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    vec![
        ("_rels/.rels", relations(relation("r1", "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", book.into_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            relations(
                relation("r1", "worksheet", "worksheets/sheet1.xml")
                    + &relation("r2", "sharedStrings", "sharedStrings.xml"),
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{MAIN}\">{shared}</sst>").into_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.into_bytes()),
    ]
}
