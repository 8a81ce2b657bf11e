//! The table of bad inputs in `docs/input.md`: each is made here, and what the document says of it is what happens.

use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::process::Command;
use tempfile::TempDir;

/// A bad input: what the document calls it, its file, further arguments, the exit code, the outcome or `error`, and
/// words that the answer or the message holds.
struct Case {
    input: &'static str,
    file: &'static str,
    bytes: Vec<u8>,
    args: &'static [&'static str],
    exit: i32,
    outcome: &'static str,
    says: &'static str,
}

const HEADER: &str = "reference,description,shipper,consignee,consignee_country";
const ROW: &str = "R1,cotton shirts,Acme Textiles,Copper Heron,DE";

fn csv(header_end: &str, row_end: &str) -> Vec<u8> {
    format!("{HEADER}{header_end}\n{ROW}{row_end}\n").into_bytes()
}

fn json(extra: &str) -> Vec<u8> {
    format!(
        r#"{{"reference": "R1", "parties": [{{"role": "SHIPPER", "name": "Acme Textiles"}}, {{"role": "CONSIGNEE", "name": "Copper Heron"{extra}]}}"#
    )
    .into_bytes()
}

fn utf_16(text: &[u8], to: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::str::from_utf8(text).expect("is UTF-8").encode_utf16().flat_map(to).collect()
}

/// The smallest workbook: one sheet of texts.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let cells = |row: &&[&str]| {
        let cells: String = row.iter().map(|c| format!("<c t=\"inlineStr\"><is><t>{c}</t></is></c>")).collect();
        format!("<row>{cells}</row>")
    };
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let office = "http://schemas.openxmlformats.org";
    let sheet: String = rows.iter().map(cells).collect();
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "{head}<Types xmlns=\"{office}/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "{head}<Relationships xmlns=\"{office}/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "{head}<workbook xmlns=\"{office}/spreadsheetml/2006/main\" xmlns:r=\"{office}/officeDocument/2006/relationships\"><sheets><sheet name=\"Shipments\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "{head}<Relationships xmlns=\"{office}/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "{head}<worksheet xmlns=\"{office}/spreadsheetml/2006/main\"><sheetData>{sheet}</sheetData></worksheet>"
            ),
        ),
    ];
    archive(&parts)
}

fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begins a part");
        zip.write_all(text.as_bytes()).expect("writes a part");
    }
    zip.finish().expect("ends the archive").into_inner()
}

const CLEAR: &str = "NO_FINDING";

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    let case = |input, file, bytes: Vec<u8>, args, exit, outcome, says| Case { input, file, bytes, args, exit, outcome, says };
    let sheet: [&[&str]; 2] = [&["reference", "Goods Description", "Shipper", "Consignee Name"], &["R1", "cotton shirts", "Acme Textiles", "Copper Heron"]];
    let cyrillic = encoding_rs::WINDOWS_1251.encode("Номер;Описание товара;Отправитель;Получатель\nR1;хлопковые рубашки для мужчин;Ромашка;Василёк\n").0.into_owned();
    let plain = csv("", "");
    vec![
        // The file.
        case("a file that does not exist", "", vec![], &["missing.csv"], 2, "error", "missing.csv: No such file"),
        case("an empty file", "a.csv", vec![], &[], 2, "error", "it is empty"),
        case("an empty file, with `--allow-empty`", "a.csv", vec![], &["--allow-empty"], 0, "", ""),
        case("a header and no row", "a.csv", format!("{HEADER}\n").into_bytes(), &[], 2, "error", "it holds no record"),
        case("`[]`", "a.json", b"[]".to_vec(), &[], 2, "error", "it holds no record"),
        case("UTF-16 with its mark", "a.csv", [&[0xff, 0xfe][..], &utf_16(&plain, u16::to_le_bytes)].concat(), &[], 0, CLEAR, ""),
        case("UTF-16 without its mark", "a.csv", utf_16(&plain, u16::to_be_bytes), &[], 0, CLEAR, ""),
        case("windows-1251, not named", "a.csv", cyrillic.clone(), &[], 2, "error", "--encoding windows-1251"),
        case("windows-1251, with `--encoding windows-1251`", "a.csv", cyrillic, &["--encoding", "windows-1251", "--map", "Номер=reference"], 0, CLEAR, ""),
        case("`--encoding` with a name that does not exist", "a.csv", plain.clone(), &["--encoding", "latin-99"], 2, "error", "\"latin-99\" is not an encoding"),
        case("an xlsx file", "a.xlsx", workbook(&sheet), &[], 0, CLEAR, ""),
        case("an xlsx file, with `--sheet` naming a sheet that it does not have", "a.xlsx", workbook(&sheet), &["--sheet", "May"], 2, "error", "no sheet \"May\"; its sheets are Shipments"),
        case("a zip archive that is not a workbook", "a.zip", archive(&[("a.csv", HEADER.to_owned())]), &[], 2, "error", "neither a workbook"),
        // The header.
        case("a header without a column that is known", "a.csv", b"a,b\n1,2\n".to_vec(), &[], 2, "error", "no column of the header is known"),
        case("title lines before the header", "a.csv", [b"Report of May\n\n".to_vec(), plain.clone()].concat(), &[], 2, "error", "the header seems to be line 3"),
        case("`sep=;` before the header", "a.csv", [b"sep=;\n".to_vec(), plain.iter().map(|b| if *b == b',' { b';' } else { *b }).collect()].concat(), &[], 0, CLEAR, ""),
        case("a column whose name refers to a party and is not understood", "a.csv", csv(",Importer grading", ",Mahan Air"), &[], 2, "error", "column \"Importer grading\": its name refers to a party"),
        case("a column that is not understood and holds companies", "a.csv", csv(",zzz", ",Mahan Air Co. Ltd"), &[], 2, "error", "column \"zzz\": it holds companies"),
        case("a column that is not understood and holds text", "a.csv", csv(",zzz", ",spare parts for an unmanned aircraft"), &[], 2, "error", "column \"zzz\": it holds text"),
        case("the same column, with `--ignore-column`", "a.csv", csv(",zzz", ",spare parts for an unmanned aircraft"), &["--ignore-column", "zzz"], 0, CLEAR, ""),
        case("`--map` naming a column that is not there", "a.csv", plain.clone(), &["--map", "Goods=description"], 2, "error", "\"Goods\", which the header does not have"),
        // The row.
        case("a row with too many cells", "a.csv", csv("", ",x"), &[], 3, "REFUSED", "wrong number of columns: 6, the header has 5"),
        case("the same row, with `--allow-refused`", "a.csv", csv("", ",x"), &["--allow-refused"], 0, "REFUSED", "wrong number of columns"),
        case("text behind a closing quote", "a.csv", format!("{HEADER}\nR1,\"cotton\" shirts,a,b,DE\n").into_bytes(), &[], 3, "REFUSED", "malformed CSV: text follows a closing quote"),
        case("a quote that is never closed", "a.csv", format!("{HEADER}\nR1,\"cotton shirts,a,b,DE\n").into_bytes(), &[], 3, "REFUSED", "malformed CSV: a quote is opened and never closed"),
        case("one row that is not UTF-8", "a.csv", [format!("{HEADER}\nR1,").into_bytes(), b"\xffcotton,a,b,DE\n".to_vec()].concat(), &[], 3, "REFUSED", "not UTF-8"),
        // The field.
        case("a country that does not exist", "a.csv", csv(",origin", ",Atlantis"), &[], 0, "REVIEW", "`Atlantis` is not a country"),
        case("a country written as a name", "a.csv", csv(",origin", ",Germany"), &[], 0, CLEAR, ""),
        case("a country `N/A`, `-` or `unknown`", "a.csv", csv(",origin", ",N/A"), &[], 0, CLEAR, ""),
        case("an HS code with a letter", "a.csv", csv(",hs_code", ",6105O0"), &[], 0, "REVIEW", "`6105O0` holds `O`"),
        case("two HS codes in a cell", "a.csv", csv(",hs_code", ",610510;852589"), &[], 0, "", "852589"),
        case("an HS code in full-width digits", "a.csv", csv(",hs_code", ",８５２５８９"), &[], 0, "", "852589"),
        case("a quantity that is not a number", "a.csv", csv(",quantity", ",a few"), &[], 0, CLEAR, "`a few` is not a number"),
        case("a value `1.234,50`", "a.csv", csv(",value", ",\"1.234,50\""), &[], 0, CLEAR, ""),
        case("a departure on `04/05/2025`", "a.csv", csv(",departure", ",04/05/2025"), &[], 0, CLEAR, "may be day/month or month/day"),
        case("an `as_of` that is not a date", "a.csv", csv(",as_of", ",soon"), &[], 0, "REVIEW", "`soon` is not a date"),
        case("`consignee_to_order` that is neither yes nor no", "a.csv", csv(",consignee_to_order", ",perhaps"), &[], 0, "REVIEW", "expected yes or no"),
        // JSON.
        case("JSON with a key that is not known", "a.json", json(r#", "nmae": "x"}"#), &[], 3, "REFUSED", "nmae"),
        case("JSON with the role `friend`", "a.json", json(r#"}, {"role": "friend", "name": "x"}"#), &[], 0, "REVIEW", "unknown role `friend`"),
        case("JSON with the role `notify party`", "a.json", json(r#"}, {"role": "notify party", "name": "Blue Lantern"}"#), &[], 0, CLEAR, ""),
        case("`{\"shipments\": [...]}`", "a.json", [b"{\"shipments\": [".to_vec(), json("}"), b"]}".to_vec()].concat(), &[], 0, CLEAR, ""),
        case("a JSON line that is cut short", "a.jsonl", [json("}"), b"\n{\"reference\": \"R2\",\n".to_vec()].concat(), &[], 3, "REFUSED", "malformed JSON"),
    ]
}

#[test]
fn every_bad_input_is_answered_as_the_document_says() {
    let document =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/input.md")).expect("reads the document");
    let cases = cases();
    assert!(cases.len() >= 40, "{}", cases.len());
    let mut wrong = Vec::new();
    for (number, case) in (1..).zip(&cases) {
        let folder = TempDir::new().expect("makes a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidewaiter"));
        command.current_dir(folder.path()).args(["screen", "--format", "json"]);
        if !case.file.is_empty() {
            fs::write(folder.path().join(case.file), &case.bytes).expect("writes the input");
            command.arg(case.file);
        }
        let output = command.args(case.args).output().expect("runs");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let last: Value = out.lines().last().map_or(Value::Null, |line| serde_json::from_str(line).expect("is JSON"));
        let outcome = last["outcome"].as_str().unwrap_or(if output.status.code() == Some(2) { "error" } else { "" });
        let is_as_said = output.status.code() == Some(case.exit)
            && (case.outcome.is_empty() || case.outcome == outcome)
            && (case.says.is_empty() || out.contains(case.says) || err.contains(case.says));
        if !is_as_said {
            wrong.push(format!("{number}. {}: {:?} {outcome}\n{out}\n{err}", case.input, output.status.code()));
        }
        let shown = if case.outcome.is_empty() { "screened" } else { case.outcome };
        let row = format!("| {number} | {} | {} | {shown} |", case.input, case.exit);
        if !document.contains(&row) {
            wrong.push(format!("docs/input.md lacks: {row}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
