//! What the examples are answered: outcomes and findings without their sentences, as a text that people can read.
//!
//! A refactoring must not change it. A change of the rules or of the scoring changes it in the lines that it is about:
//! look at the difference, then accept it with `INSTA_UPDATE=always cargo test --test it answers`. To compare many
//! answers, wording included, use `tests/compare_answers.py`.

use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const EXAMPLES: [&str; 4] = ["shipments.csv", "ebl.json", "fwb.txt", "fhl.txt"];

/// One line for the answer, one for each finding: severity, reason, score, field, what matched, entry.
fn shown(example: &str, answer: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut lines = format!("{example} {} {}\n", text(&answer["reference"]), text(&answer["outcome"]));
    for finding in answer["findings"].as_array().into_iter().flatten() {
        let [severity, reason, field, matched] =
            ["severity", "reason", "fieldPath", "matchedName"].map(|key| text(&finding[key]));
        write!(lines, "    {severity} {reason} {} {field} [{matched}]", finding["score"]).expect("a string takes it");
        if let Some(entry) = finding["entry"].as_object() {
            write!(lines, " {}/{}", text(&entry["list"]), text(&entry["id"])).expect("a string takes it");
        }
        lines.push('\n');
    }
    for problem in answer["problems"].as_array().into_iter().flatten() {
        writeln!(lines, "    problem {problem}").expect("a string takes it");
    }
    lines
}

#[test]
fn the_examples_are_answered_as_before() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut all = String::new();
    for example in EXAMPLES {
        let output = Command::new(env!("CARGO_BIN_EXE_tidewaiter"))
            .current_dir(&folder)
            .args(["screen", example, "--list", "builtin", "--builtin-stale-after", "0", "--format", "json"])
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{example}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("it prints UTF-8");
        for line in text.lines() {
            all += &shown(example, &serde_json::from_str(line).expect("an answer is JSON"));
        }
    }
    insta::assert_snapshot!("the_examples", all);
}
