//! The report of agreement as a page.

use super::super::block::{Block, Page};
use super::report::{AgreementRow, Report, SilentPair};

/// Examples on the page; the JSON form has more.
const EXAMPLES: usize = 40;

/// The page of a report.
pub(super) fn of(report: &Report) -> Page {
    let mut blocks = vec![
        Block::Heading("Agreement of index and comparison".to_owned()),
        Block::Paragraph(format!(
            "Listed names written in another way. Alike means that the comparison of the two scores {} and more, the \
             policy's threshold for parties. Of those, told means that the answer reports the entry, or another \
             entry of the same party, at whatever severity, or says that a limit was reached; silent, that it does \
             neither.",
            report.threshold
        )),
        rows("", &[report.total.clone()]),
    ];
    for (title, what, table) in [
        ("Agreement by list", "list", &report.lists),
        ("Agreement by script", "script", &report.scripts),
        ("Agreement by kind", "kind", &report.kinds),
    ] {
        blocks.push(Block::Heading(title.to_owned()));
        blocks.push(rows(what, table));
    }
    blocks.push(Block::Heading("Examples of pairs that nothing is said of".to_owned()));
    blocks.push(examples(report));
    blocks.push(Block::Heading("What was measured".to_owned()));
    let lists = report.lists_measured.iter();
    let lists = lists.map(|l| vec![l.id.clone(), l.entries.to_string(), l.names.to_string()]).collect();
    blocks.push(Block::Table { header: owned(&["list", "entries", "names"]), rows: lists, is_text: false });
    blocks.push(Block::Paragraph(format!(
        "Seed {}, up to {} names of each list and script. Snapshot {}, policy {}, {}.",
        report.seed, report.count, report.snapshot, report.policy, report.engine
    )));
    Page { title: "Agreement of index and comparison", command: report.command.clone(), blocks }
}

fn rows(what: &str, rows: &[AgreementRow]) -> Block {
    let header = [
        what,
        "compared",
        "alike",
        "screening tells",
        "of a limit",
        "silent",
        "%",
        "search tells",
        "of a limit",
        "silent",
        "%",
    ];
    let line = |row: &AgreementRow| {
        let count = |n: u32| n.to_string();
        vec![
            if row.name.is_empty() { "none".to_owned() } else { row.name.replace('_', " ") },
            count(row.compared),
            count(row.alike),
            count(row.screening_reported + row.screening_limited),
            count(row.screening_limited),
            count(row.screening_silent()),
            share(row, row.screening_per_million),
            count(row.search_reported + row.search_limited),
            count(row.search_limited),
            count(row.search_silent()),
            share(row, row.search_per_million),
        ]
    };
    Block::Table { header: owned(&header), rows: rows.iter().map(line).collect(), is_text: false }
}

/// Millionths as per cent with two digits, rounded down: 100.00 is said of nothing less than all.
fn share(row: &AgreementRow, millionths: u32) -> String {
    if row.alike == 0 {
        return String::new();
    }
    let hundredths = millionths / 100;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn examples(report: &Report) -> Block {
    if report.silent.is_empty() {
        return Block::Paragraph("None.".to_owned());
    }
    let row = |pair: &SilentPair| {
        vec![
            pair.silent.to_owned(),
            pair.kind.replace('_', " "),
            pair.score.to_string(),
            pair.written.replace('\n', " ⏎ "),
            pair.listed.clone(),
            format!("{}/{}", pair.list, pair.id),
        ]
    };
    let header = owned(&["silent", "kind", "score", "written", "listed", "entry"]);
    Block::Table { header, rows: report.silent.iter().take(EXAMPLES).map(row).collect(), is_text: true }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
