//! The report of cells as a page.

use super::super::block::{Block, Page, per_thousand, percent};
use super::report::{CellTally, CleanTally, GroupRow, Report};
use super::setup::PARTY_SCORE;

/// The page of a report.
pub(super) fn of(report: &Report) -> Page {
    let mut blocks = Vec::new();
    by_form(report, &mut blocks);
    blocks.push(Block::Heading("Party cells by language".to_owned()));
    blocks.push(groups("language", report.languages.iter().chain([&report.total])));
    blocks.push(Block::Heading("Party cells by type".to_owned()));
    blocks.push(groups("type", report.types.iter()));
    numbers(report, &mut blocks);
    examples(report, &mut blocks);
    measured(report, &mut blocks);
    Page { title: "Party cells", command: report.command.clone(), blocks }
}

fn by_form(report: &Report, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading("Party cells by form".to_owned()));
    blocks.push(Block::Paragraph(format!(
        "Found means that the entry is reported by name above INFO, with the 95 % Wilson interval; as party, that it \
         is reported as a party with a score of {PARTY_SCORE} and more, as the name alone is. Clean cells are the \
         same forms with parties that nobody lists. All figures but counts are per cent or per 1,000."
    )));
    let mut header = vec!["form", "language", "cell", "cells", "found", "95 %", "as party"];
    header.extend(["clean cells", "alerts", "per 1,000"]);
    let rows = report.forms.iter().map(|row| {
        let mut line = vec![row.form.replace('_', " "), row.language.clone(), row.cell.replace('\n', " ⏎ ")];
        line.extend(figures(row.tally));
        line.push(percent(row.as_party_share));
        line.extend(clean(row.clean));
        line
    });
    blocks.push(Block::Table { header: owned(&header), rows: rows.collect(), is_text: true });
}

fn groups<'a>(what: &str, rows: impl Iterator<Item = &'a GroupRow>) -> Block {
    let header = [what, "cells", "found", "95 %", "as party", "clean cells", "alerts", "per 1,000"];
    let line = |row: &GroupRow| {
        let mut line = vec![row.name.clone()];
        line.extend(figures(row.tally));
        line.push(percent(row.as_party_share));
        line.extend(clean(row.clean));
        line
    };
    Block::Table { header: owned(&header), rows: rows.map(line).collect(), is_text: false }
}

fn numbers(report: &Report, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading("Labelled numbers in party cells".to_owned()));
    blocks.push(Block::Paragraph(
        "Listed numbers that are found in the field for identifiers, behind a label in the party's name. Found means \
         that an entry with the number is reported for it. Labels for which the lists have no number are left out."
            .to_owned(),
    ));
    let header = ["label", "language", "cell", "cells", "found", "95 %"];
    let with_numbers = report.numbers.iter().filter(|row| row.tally.drawn > 0);
    let mut rows: Vec<Vec<String>> = with_numbers
        .map(|row| {
            let mut line = vec![row.form.replace('_', " "), row.language.clone(), row.cell.replace('\n', " ⏎ ")];
            line.extend(figures(row.tally));
            line
        })
        .collect();
    let mut all = vec!["all".to_owned(), String::new(), String::new()];
    all.extend(figures(report.all_numbers));
    rows.push(all);
    blocks.push(Block::Table { header: owned(&header), rows, is_text: true });
}

fn examples(report: &Report, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading("Examples of cells that were not found".to_owned()));
    let header = owned(&["form", "listed", "entry", "cell"]);
    let rows = report.misses.iter().map(|miss| {
        vec![
            miss.form.replace('_', " "),
            miss.listed.clone(),
            format!("{}/{}", miss.list, miss.id),
            miss.cell.replace('\n', " ⏎ "),
        ]
    });
    blocks.push(table_or_none(header, rows.collect()));
    blocks.push(Block::Heading("Examples of alerts on clean cells".to_owned()));
    let header = owned(&["form", "cell", "reason", "listed name", "score"]);
    let rows = report.clean_alerts.iter().map(|alert| {
        vec![
            alert.form.replace('_', " "),
            alert.cell.replace('\n', " ⏎ "),
            alert.reason.to_owned(),
            alert.listed.clone(),
            alert.score.to_string(),
        ]
    });
    blocks.push(table_or_none(header, rows.collect()));
}

fn table_or_none(header: Vec<String>, rows: Vec<Vec<String>>) -> Block {
    if rows.is_empty() { Block::Paragraph("None.".to_owned()) } else { Block::Table { header, rows, is_text: true } }
}

fn measured(report: &Report, blocks: &mut Vec<Block>) {
    let about = &report.about;
    blocks.push(Block::Heading("What was measured".to_owned()));
    let rows = about.lists.iter().map(|l| vec![l.id.clone(), l.entries.to_string(), l.names.to_string()]);
    blocks.push(Block::Table { header: owned(&["list", "entries", "names"]), rows: rows.collect(), is_text: false });
    blocks.push(Block::Paragraph(format!(
        "Seed {}, {} names in each form, drawn among those that are reported as a party with {PARTY_SCORE} and more \
         when they stand alone; {} did not and were left out. Snapshot {}, policy {}, {}.",
        about.seed, about.names, about.left_out, about.snapshot, about.policy, about.engine
    )));
}

fn figures(tally: CellTally) -> [String; 3] {
    let interval = format!("{} to {}", percent(tally.recall_low), percent(tally.recall_high));
    [tally.drawn.to_string(), percent(tally.recall), interval]
}

fn clean(tally: CleanTally) -> [String; 3] {
    if tally.clean_records == 0 {
        return [String::new(), String::new(), String::new()];
    }
    let per_thousand = per_thousand(tally.clean_alerts_per_million);
    [tally.clean_records.to_string(), tally.clean_alerts.to_string(), per_thousand]
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
