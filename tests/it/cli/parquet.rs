//! Parquet in and out.

use super::Folder;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array as _, ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::DataType;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Records as they would stand in a CSV file.
fn csv(count: usize) -> String {
    let mut text = "reference,description,consignee,hs_code,lot\n".to_owned();
    for number in 0..count {
        let consignee = if number % 7 == 3 { "SZ DJI Technology" } else { "Acme GmbH" };
        text.push_str(&format!("R{number},timber lot,{consignee} {},852589,{number}\n", number % 5));
    }
    text
}

/// The same records as a Parquet file, with numbers as such.
fn write(path: &Path, count: usize, group: usize) {
    let numbers = |of: &dyn Fn(i64) -> i64| -> ArrayRef { Arc::new((0..count as i64).map(of).collect::<Int64Array>()) };
    let texts =
        |of: &dyn Fn(usize) -> String| -> ArrayRef { Arc::new(StringArray::from_iter_values((0..count).map(of))) };
    let consignee = |n: usize| if n % 7 == 3 { "SZ DJI Technology" } else { "Acme GmbH" };
    let batch = RecordBatch::try_from_iter([
        ("reference", texts(&|n| format!("R{n}"))),
        ("description", texts(&|_| "timber lot".to_owned())),
        ("consignee", texts(&|n| format!("{} {}", consignee(n), n % 5))),
        ("hs_code", numbers(&|_| 852_589)),
        ("lot", numbers(&|n| n)),
    ])
    .expect("the columns are as long");
    let mut writer =
        ArrowWriter::try_new(File::create(path).expect("makes a file"), batch.schema(), None).expect("begins");
    for start in (0..count).step_by(group) {
        writer.write(&batch.slice(start, group.min(count - start))).expect("writes");
        writer.flush().expect("ends the group");
    }
    writer.close().expect("ends");
}

fn read(path: &Path) -> (Vec<RecordBatch>, BTreeMap<String, String>) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("is there")).expect("is Parquet");
    let said = builder.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
    let said = said.into_iter().map(|kv| (kv.key, kv.value.unwrap_or_default())).collect();
    (builder.build().expect("reads").map(|b| b.expect("reads")).collect(), said)
}

fn texts(batches: &[RecordBatch], column: &str) -> Vec<String> {
    batches.iter().flat_map(|b| b[column].as_string::<i32>().iter().map(|t| t.unwrap_or("").to_owned())).collect()
}

#[test]
fn the_same_records_have_the_same_answers_in_either_form() {
    let folder = Folder::new();
    folder.file("in.csv", csv(3000));
    write(&folder.path("in.parquet"), 3000, 700);
    for (input, out) in [("in.csv", "c.jsonl"), ("in.parquet", "p.jsonl"), ("in.csv", "c.csv"), ("in.parquet", "p.csv")]
    {
        let (code, _, err) = folder.run(&["batch", input, "--out", out]);
        assert_eq!(code, 0, "{err}");
    }
    assert!(folder.read("c.jsonl") == folder.read("p.jsonl"));
    assert!(folder.read("c.csv") == folder.read("p.csv"));

    let (code, _, err) = folder.run(&["batch", "in.parquet", "--out", "out.parquet"]);
    assert_eq!(code, 0, "{err}");
    let (batches, said) = read(&folder.path("out.parquet"));
    let schema = batches[0].schema();
    assert_eq!(schema.field_with_name("lot").expect("is kept").data_type(), &DataType::Int64);
    let lots: Vec<i64> = batches.iter().flat_map(|b| b["lot"].as_primitive::<Int64Type>().values().to_vec()).collect();
    assert!(lots.iter().copied().eq(0..3000));
    let lines = super::json_lines(&folder.read("c.jsonl"));
    let field = |key: &str| lines.iter().map(|l| l[key].as_str().expect("is text").to_owned()).collect::<Vec<_>>();
    assert_eq!(texts(&batches, "outcome"), field("outcome"));
    assert_eq!(texts(&batches, "summary"), field("summary"));
    let counts: Vec<usize> = batches
        .iter()
        .flat_map(|b| b["findings"].as_list::<i32>().iter().map(|f| f.expect("is there").len()))
        .collect();
    let wanted: Vec<usize> = lines.iter().map(|l| l["findings"].as_array().expect("is a list").len()).collect();
    assert_eq!(counts, wanted);
    assert_eq!((said["tidewaiter.columns"].as_str(), &said["tidewaiter.snapshot"]), ("1", &field("snapshot")[0]));
    assert!(said["tidewaiter.policy"].starts_with("sha256:") && said["tidewaiter.engine"].starts_with("tidewaiter "));
    assert!(!folder.path("out.parquet.parts").exists());

    // From text, cells are kept as text; a finding may be a row.
    let (_, _, err) = folder.run(&["batch", "in.csv", "--out", "each.parquet", "--per-finding"]);
    let (batches, _) = read(&folder.path("each.parquet"));
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    assert_eq!(rows, wanted.iter().map(|n| (*n).max(1)).sum::<usize>(), "{err}");
    assert_eq!(batches[0].schema().field_with_name("lot").expect("is kept").data_type(), &DataType::Utf8);
    let first: Vec<_> = batches[0]["finding"].as_primitive::<Int32Type>().iter().take(1).collect();
    assert_eq!(first, [Some(1)]);
}

#[test]
fn a_killed_run_goes_on_and_leaves_a_whole_file_or_none() {
    let folder = Folder::new();
    write(&folder.path("a.parquet"), 60_000, 9000);
    write(&folder.path("b.parquet"), 2_000, 9000);
    let (code, _, err) = folder.run(&["batch", "a.parquet", "b.parquet", "--out", "whole.parquet"]);
    assert_eq!(code, 0, "{err}");
    let args = ["batch", "a.parquet", "b.parquet", "--out", "cut.parquet", "--checkpoint-every", "1500", "--resume"];
    let checkpoint = folder.path("cut.parquet.checkpoint");
    let mut kills = 0;
    for _ in 0..3 {
        let mut child = folder.command(&args).stderr(Stdio::null()).spawn().expect("starts");
        let before = fs::read(&checkpoint).ok();
        let patience = Instant::now() + Duration::from_secs(60);
        while child.try_wait().expect("is ours").is_none() && fs::read(&checkpoint).ok() == before {
            assert!(Instant::now() < patience, "no checkpoint in a minute");
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().expect("is ours");
        kills += usize::from(!child.wait().expect("ends").success());
    }
    assert!(kills > 0, "every run was over before it could be killed");
    assert!(!folder.path("cut.parquet").exists(), "a cut run leaves no output");

    let (code, _, err) = folder.run(&args);
    assert!(code == 0 && err.contains("continuing after") && err.contains("62,000 shipments"), "{err}");
    let (cut, said) = read(&folder.path("cut.parquet"));
    let (whole, said_whole) = read(&folder.path("whole.parquet"));
    let schema = whole[0].schema();
    let joined = |batches: &[RecordBatch]| arrow_select::concat::concat_batches(&schema, batches).expect("they fit");
    assert!(joined(&cut) == joined(&whole), "the answers differ");
    assert_eq!(said, said_whole);
    assert!(!checkpoint.exists() && !folder.path("cut.parquet.parts").exists());
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let folder = Folder::new();
    folder.file("broken.parquet", b"PAR1 and nothing more");
    folder.file("ok.csv", "reference,consignee\nR1,x\n");
    write(&folder.path("whole.parquet"), 10, 10);
    let bytes = fs::read(folder.path("whole.parquet")).expect("is there");
    let (code, _, err) = folder.run_with_input(&["batch", "-", "--out", "o.csv"], &bytes);
    assert!(code == 2 && err.contains("cannot be read from standard input"), "{err}");
    let (code, _, err) = folder.run(&["batch", "broken.parquet", "--out", "o.csv"]);
    assert!(code == 2 && err.contains("read broken.parquet"), "{err}");
    let (code, _, err) = folder.run(&["batch", "ok.csv", "--out", "-", "--format", "parquet"]);
    assert!(code == 2 && err.contains("Parquet needs a file"), "{err}");
    // `screen` reads it too.
    let (code, out, err) = folder.run(&["screen", "whole.parquet", "--format", "json"]);
    assert!(code == 0 && out.lines().count() == 10, "{err}");
}
