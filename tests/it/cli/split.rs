//! The CSV forms that programs split, read back with libraries other than the one that wrote them.

use super::{Folder, json_lines};
use serde_json::Value;
use std::process::Command;

/// Reads a CSV file as a list of objects; gives the rows as JSON.
const PYTHON: &str = "import csv, json, sys\n\
                      print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))))";

/// Shipments whose cells hold what would split a cell, a line or a list.
const INPUT: &str = "reference,consignee,description,consignee_country\n\
                     \"R;1\",\"SZ DJI; \"\"TECHNOLOGY\"\"\nCO., LTD\",=parts,CN\n\
                     R2,Blue Larch Glassware,\"Knitted scarves, acrylic\",GB\n\
                     R3,x,y\n";

fn by_python(folder: &Folder, name: &str) -> Option<Vec<Value>> {
    let output = Command::new("python3").args(["-c", PYTHON]).arg(folder.path(name)).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).expect("Python writes JSON"))
}

/// The same by the csv crate, with double quotes and nothing trimmed, flexible where lines differ in length.
fn by_crate(folder: &Folder, name: &str) -> Vec<Value> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_path(folder.path(name))
        .expect("the file opens");
    let mut rows = reader.records().map(|row| row.expect("is CSV"));
    let header = rows.next().expect("has a header");
    rows.map(|row| {
        assert_eq!(row.len(), header.len(), "every line has every column");
        header.iter().zip(row.iter()).map(|(key, cell)| (key.to_owned(), Value::from(cell))).collect()
    })
    .collect()
}

fn read(folder: &Folder, name: &str) -> Vec<Value> {
    let rows = by_crate(folder, name);
    if let Some(other) = by_python(folder, name) {
        assert_eq!(rows, other, "two libraries read the same");
    }
    rows
}

#[test]
fn csv_answers_can_be_split() {
    let folder = Folder::new();
    folder.file("in.csv", INPUT);
    let batch = |out: &str, args: &[&str]| {
        let (code, _, err) = folder.run(&[&["batch", "in.csv", "--out", out], args].concat());
        // One record of the input is refused.
        assert_eq!(code, 3, "{err}");
    };
    batch("all.jsonl", &[]);
    batch("arrays.csv", &["--list-cells", "json"]);
    batch("lines.csv", &["--per-finding"]);
    let answers = json_lines(&folder.read("all.jsonl"));
    let findings: Vec<&Vec<Value>> = answers.iter().map(|a| a["findings"].as_array().unwrap()).collect();
    assert!(findings[0].len() > 1 && answers[2]["outcome"] == "REFUSED");

    let rows = read(&folder, "arrays.csv");
    assert_eq!((rows.len(), &rows[0]["reference"], &rows[0]["description"]), (3, &"R;1".into(), &"'=parts".into()));
    for (row, findings) in rows.iter().zip(&findings) {
        let array = |column: &str| serde_json::from_str::<Vec<String>>(row[column].as_str().unwrap()).unwrap();
        for (column, key) in [
            ("reasons", "reason"),
            ("severities", "severity"),
            ("matched_names", "matchedName"),
            ("explanations", "explanation"),
        ] {
            let wanted: Vec<&str> = findings.iter().map(|f| f[key].as_str().unwrap()).collect();
            assert_eq!(array(column), wanted, "{column}");
        }
    }
    assert_ne!(rows[2]["problems"], "[]");

    let rows = read(&folder, "lines.csv");
    let wanted: usize = findings.iter().map(|f| f.len().max(1)).sum();
    assert_eq!(rows.len(), wanted);
    for (row, (number, finding)) in rows.iter().zip(findings[0].iter().enumerate()) {
        assert_eq!((&row["reference"], &row["finding"]), (&"R;1".into(), &(number + 1).to_string().into()));
        assert_eq!((&row["reason"], &row["explanation"]), (&finding["reason"], &finding["explanation"]));
    }
    let refused = rows.last().unwrap();
    assert_eq!((&refused["outcome"], &refused["finding"]), (&"REFUSED".into(), &"".into()));
    assert_ne!(refused["problems"], "");
}

#[test]
fn a_clean_answer_is_small() {
    let folder = Folder::new();
    folder.file(
        "in.csv",
        "reference,shipper,shipper_country,consignee,consignee_country,description,hs_code\n\
         TW-1,Millbrook Optics Fictive Inc.,US,Blue Larch Glassware,GB,\"Knitted scarves and hats, acrylic\",611710\n",
    );
    let (_, out, err) = folder.run(&["screen", "in.csv", "--format", "json"]);
    assert!(out.contains("NO_FINDING") && out.len() < 600, "{} bytes: {out}{err}", out.len());
    let (_, verbose, _) = folder.run(&["screen", "in.csv", "--format", "json", "--verbose"]);
    assert!(verbose.contains("\"rulesSkipped\":[{") && verbose.contains("\"cells\":[]"), "{verbose}");
}

/// A cell is shown as it was read where somebody asks, and nowhere else.
#[test]
fn how_a_cell_was_read_is_shown_when_asked_for() {
    const CELL: &str = "Blue Harbour, INN 7802170550, 5 High Street, Leeds";
    let folder = Folder::new();
    folder.file("in.csv", format!("reference,consignee\nC1,\"{CELL}\"\n"));
    let run = |args: &[&str]| folder.run(&[&["screen", "--party", CELL], args].concat()).1;
    let of_file = |args: &[&str]| folder.run(&[&["screen", "in.csv"], args].concat()).1;
    for explained in [run(&[]), run(&["--explain"]), of_file(&["--explain"])] {
        for line in ["is read as", "    number     7802170550 (inn)\n", "    address    5 High Street, Leeds\n"] {
            assert!(explained.contains(line), "{line} in {explained}");
        }
    }
    assert!(run(&["--format", "json", "--verbose"]).contains(r#""identifierType":"INN""#));
    for plain in [of_file(&[]), run(&["--format", "json"])] {
        assert!(!plain.contains("read as") && !plain.contains("cells"), "{plain}");
        assert!(plain.contains("the check digit is wrong"), "{plain}");
    }
}
