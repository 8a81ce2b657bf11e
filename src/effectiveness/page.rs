//! The report of names as a page.

use super::block::{Block, Page, per_thousand, percent};
use super::kind::{Kind, Length};
use super::report::{FieldReport, Miss, Report, Row, Tally};
use super::share::thousandths;

/// The page of a report.
pub(super) fn of(report: &Report) -> Page {
    let mut page = Vec::new();
    by_kind(report, &mut page);
    let say = |text: &str| Block::Paragraph(text.to_owned());
    page.push(Block::Heading("Recall by type".to_owned()));
    page.push(both(report, "type", |f| &f.types));
    page.push(Block::Heading("Recall by letters of the listed name".to_owned()));
    page.push(both(report, "letters", |f| &f.lengths));
    page.push(say("By kind and letters, the per cent found and, in brackets, the names:"));
    page.push(matrix(report));
    page.push(say(
        "The tables by type and letters also count names that were drawn until each type and length had a tenth of \
         the names asked for, as far as the lists have them.",
    ));
    page.push(Block::Heading("Names that are not meant to alert on their own".to_owned()));
    page.push(say(
        "Not part of the recall above. Single words say too little in running text; names of up to four letters, \
         everyday names and names that the publisher calls weak say too little anywhere; entries that the policy \
         reports for the record never alert. Reported means: at any severity.",
    ));
    page.push(both(report, "cause", |f| &f.by_design));
    ranks(report, &mut page);
    clean(report, &mut page);
    sweep(report, &mut page);
    misses(report, &mut page);
    lists(report, &mut page);
    Page { title: "Effectiveness", command: report.command.clone(), blocks: page }
}

fn by_kind(report: &Report, page: &mut Vec<Block>) {
    page.push(Block::Heading("Recall by kind".to_owned()));
    page.push(Block::Paragraph(
        "Found means that the name's own entry is reported above INFO, with the 95 % Wilson interval; reported means \
         at any severity. All figures but counts are per cent."
            .to_owned(),
    ));
    page.push(both(report, "kind", |f| &f.kinds));
    page.push(Block::Paragraph("All kinds together:".to_owned()));
    page.push(both(report, "", |f| &f.totals));
}

/// A table with one line a row and the figures of both fields beside it; lines without any name are left out.
fn both(report: &Report, what: &str, rows: impl Fn(&FieldReport) -> &Vec<Row>) -> Block {
    // The kind says which set it is.
    let with_set = what != "kind";
    let mut header = vec![what.to_owned()];
    header.extend(with_set.then(|| "set".to_owned()));
    for field in &report.fields {
        header.extend([&format!("{} names", field.field), "found", "95 %", "reported"].map(str::to_owned));
    }
    let Some(first) = report.fields.first() else { return Block::Table { header, rows: Vec::new(), is_text: false } };
    let mut lines = Vec::new();
    for (at, row) in rows(first).iter().enumerate() {
        let tallies: Vec<Tally> = report.fields.iter().map(|f| rows(f)[at].tally).collect();
        if tallies.iter().all(|t| t.drawn == 0) {
            continue;
        }
        let mut line = vec![row.name.replace('_', " ")];
        line.extend(with_set.then(|| row.set.to_owned()));
        line.extend(tallies.into_iter().flat_map(figures));
        lines.push(line);
    }
    Block::Table { header, rows: lines, is_text: false }
}

fn matrix(report: &Report) -> Block {
    let mut header = vec!["kind".to_owned()];
    for field in &report.fields {
        header.extend(Length::ALL.map(|length| format!("{} {}", field.field, length.as_str())));
    }
    let rows = Kind::ALL.iter().enumerate().map(|(at, kind)| {
        let cells = |field: &FieldReport| {
            field
                .kinds_by_length
                .chunks(Length::ALL.len())
                .nth(at)
                .unwrap_or_default()
                .iter()
                .map(cell)
                .collect::<Vec<_>>()
        };
        let cell_rows = report.fields.iter().flat_map(cells);
        std::iter::once(kind.as_str().replace('_', " ")).chain(cell_rows).collect::<Vec<_>>()
    });
    let rows = rows.filter(|row| row[1..].iter().any(|cell| !cell.is_empty()));
    Block::Table { header, rows: rows.collect(), is_text: false }
}

fn cell(row: &Row) -> String {
    let tally = row.tally;
    if tally.drawn == 0 { String::new() } else { format!("{} ({})", percent(tally.recall), tally.drawn) }
}

fn figures(tally: Tally) -> [String; 4] {
    if tally.drawn == 0 {
        return ["0".to_owned(), String::new(), String::new(), String::new()];
    }
    [
        tally.drawn.to_string(),
        percent(tally.recall),
        format!("{} to {}", percent(tally.recall_low), percent(tally.recall_high)),
        percent(thousandths(tally.seen, tally.drawn)),
    ]
}

fn ranks(report: &Report, page: &mut Vec<Block>) {
    page.push(Block::Heading("Rank of the right entry".to_owned()));
    page.push(Block::Paragraph(
        "Of the names that are meant to alert, per cent whose entry stands first, among the first ten, and is not \
         reported at all. Entries that list the same spelling count as one."
            .to_owned(),
    ));
    let mut header = vec!["kind".to_owned()];
    for field in &report.fields {
        header.extend([&format!("{} first", field.field), "in ten", "missing"].map(str::to_owned));
    }
    let Some(first) = report.fields.first() else { return };
    let mut rows = Vec::new();
    for (at, row) in first.kinds.iter().enumerate() {
        let tallies: Vec<Tally> = report.fields.iter().map(|f| f.kinds[at].tally).collect();
        if tallies.iter().all(|t| t.drawn == 0) {
            continue;
        }
        let mut line = vec![row.name.replace('_', " ")];
        for t in tallies {
            let shares = [t.first, t.first_ten, t.drawn - t.seen].map(|part| percent(thousandths(part, t.drawn)));
            line.extend(if t.drawn == 0 { <[String; 3]>::default() } else { shares });
        }
        rows.push(line);
    }
    page.push(Block::Table { header, rows, is_text: false });
}

fn clean(report: &Report, page: &mut Vec<Block>) {
    page.push(Block::Heading("Alerts on clean records".to_owned()));
    let header = ["field", "records", "alerts", "per 1,000", "high", "medium", "low", "for the record"];
    let mut rows = Vec::new();
    let mut examples = Vec::new();
    for field in &report.fields {
        let Some(clean) = &field.clean else {
            page.push(Block::Paragraph(format!("No clean records were given for the {} field.", field.field)));
            continue;
        };
        let counts = [clean.high, clean.medium, clean.low, clean.info].map(|n| n.to_string());
        let mut row = vec![field.field.to_owned(), clean.records.to_string(), clean.alerts.to_string()];
        row.push(per_thousand(clean.alerts_per_million));
        row.extend(counts);
        rows.push(row);
        examples.extend(
            clean
                .examples
                .iter()
                .map(|e| vec![field.field.to_owned(), e.text.clone(), e.listed.clone(), e.score.to_string()]),
        );
    }
    page.push(Block::Table { header: header.map(str::to_owned).to_vec(), rows, is_text: false });
    if !examples.is_empty() {
        page.push(Block::Paragraph("The first of them:".to_owned()));
        let header = ["field", "record", "listed name", "score"].map(str::to_owned).to_vec();
        page.push(Block::Table { header, rows: examples, is_text: true });
    }
}

fn sweep(report: &Report, page: &mut Vec<Block>) {
    page.push(Block::Heading("Thresholds".to_owned()));
    page.push(Block::Paragraph(
        "Recall and alerts per 1,000 clean records if the threshold were higher. Scores below the policy's own \
         threshold are not reported: to see them, measure with a policy that has a lower one."
            .to_owned(),
    ));
    let header = ["field", "threshold", "control", "manipulated", "clean per 1,000"].map(str::to_owned).to_vec();
    let rows = report.fields.iter().flat_map(|field| {
        field.sweep.iter().map(|row| {
            let is_policy = if row.threshold == field.threshold { " (policy)" } else { "" };
            vec![
                field.field.to_owned(),
                format!("{}{is_policy}", row.threshold),
                percent(row.control),
                percent(row.manipulated),
                row.clean_per_million.map_or_else(String::new, per_thousand),
            ]
        })
    });
    page.push(Block::Table { header, rows: rows.collect(), is_text: false });
}

fn misses(report: &Report, page: &mut Vec<Block>) {
    page.push(Block::Heading("Examples of names that did not alert".to_owned()));
    let header = ["field", "kind", "type", "listed", "written", "entry", "reported"].map(str::to_owned).to_vec();
    let row = |field: &FieldReport, miss: &Miss| {
        vec![
            field.field.to_owned(),
            miss.kind.replace('_', " "),
            miss.r#type.to_owned(),
            miss.listed.clone(),
            if miss.kind == "line_break" { miss.text.clone() } else { miss.written.clone() },
            format!("{}/{}", miss.list, miss.id),
            if miss.is_seen { "for the record" } else { "no" }.to_owned(),
        ]
    };
    let rows: Vec<_> = report.fields.iter().flat_map(|f| f.misses.iter().map(move |miss| row(f, miss))).collect();
    page.push(if rows.is_empty() {
        Block::Paragraph("None.".to_owned())
    } else {
        Block::Table { header, rows, is_text: true }
    });
}

fn lists(report: &Report, page: &mut Vec<Block>) {
    page.push(Block::Heading("What was measured".to_owned()));
    let header = ["list", "entries", "names"].map(str::to_owned).to_vec();
    let rows = report.lists.iter().map(|l| vec![l.id.clone(), l.entries.to_string(), l.names.to_string()]);
    page.push(Block::Table { header, rows: rows.collect(), is_text: false });
    let header = ["texts", "records", "fingerprint"].map(str::to_owned).to_vec();
    let rows =
        report.inputs.iter().map(|i| vec![i.what.replace('_', " "), i.records.to_string(), i.fingerprint.clone()]);
    page.push(Block::Table { header, rows: rows.collect(), is_text: true });
    page.push(Block::Paragraph(format!(
        "Seed {}, up to {} names of each kind and field. Snapshot {}, policy {}, {}.",
        report.seed, report.count, report.snapshot, report.policy, report.engine
    )));
}
