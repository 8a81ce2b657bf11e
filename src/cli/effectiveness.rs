//! `tidewaiter effectiveness`: measures lists and policy before anyone relies on them.

use super::engine::{Lists, PolicyFile};
use super::output::{OutputError, say};
use crate::effectiveness::{DEFAULT_COUNT, Setup, agreement, cells, json, markdown, measure, table};
use anyhow::Context as _;
use clap::ValueEnum;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Letters from which a goods line says something.
const GOODS_LETTERS: usize = 5;
/// Letters from which a text is a name.
const NAME_LETTERS: usize = 2;
/// Columns of a CSV file that hold the text, the first that is there.
const COLUMNS: [&str; 4] = ["description", "goods description", "text", "name"];

/// Measures how well the lists and the policy find what they should.
///
/// Names drawn from the lists, as listed and manipulated, are screened as a party's name and in goods text, and so are
/// records that name nobody. With --cells the names are written as documents carry parties, with an address, a
/// contact, a relation or another party in the same cell, in ten languages; and listed numbers behind their labels.
/// With --agreement, listed names written in other ways are compared with the listed ones, and where the comparison calls
/// them alike, screening and search must tell of the entry.
/// The same seed gives the same report on every machine.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    policy: PolicyFile,
    /// Seed of all choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Measure party cells in place of names.
    #[arg(long, conflicts_with_all = ["goods", "clean"])]
    cells: bool,
    /// Measure whether screening and search tell of what the comparison calls alike.
    #[arg(long, conflicts_with_all = ["goods", "clean", "clean_names", "cells"])]
    agreement: bool,
    /// Names of each kind and field, of each form of a cell, or of each list and script. Without it: 1000, or 200 with
    /// --cells and with --agreement.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    count: Option<u32>,
    /// Goods descriptions that carry the names, one a line, or CSV with a column "description" or "goods
    /// description". Without it: lines in the program.
    #[arg(long, value_name = "FILE")]
    goods: Option<PathBuf>,
    /// Goods descriptions that name nobody. Without it: those that carry the names.
    #[arg(long, value_name = "FILE")]
    clean: Option<PathBuf>,
    /// Parties that are not listed, one a line, or CSV with a column "name".
    #[arg(long, value_name = "FILE")]
    clean_names: Option<PathBuf>,
    /// Form of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the report to this file.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// A line below the title of the table and Markdown forms, for example date and machine. May be repeated.
    #[arg(long, value_name = "TEXT")]
    note: Vec<String>,
}

/// Form of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading.
    #[default]
    Table,
    /// One JSON object.
    Json,
    /// For documents.
    Markdown,
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let goods = texts(self.goods.as_deref(), GOODS_LETTERS)?;
        let clean = texts(self.clean.as_deref(), GOODS_LETTERS)?;
        let clean_names = texts(self.clean_names.as_deref(), NAME_LETTERS)?;
        let engine = self.lists.engine(&self.policy)?;
        let (seed, count) = (self.seed, self.count());
        if self.agreement {
            let mut report = agreement::measure(&engine, &agreement::Setup { seed, count });
            report.command = self.command();
            self.print(&|out| match self.format {
                Format::Table => agreement::table(&report, &self.note, out),
                Format::Json => json(&report, out),
                Format::Markdown => agreement::markdown(&report, &self.note, out),
            })?;
        } else if self.cells {
            let mut report = cells::measure(&engine, &cells::Setup { seed, count, clean_names });
            report.command = self.command();
            self.print(&|out| match self.format {
                Format::Table => cells::table(&report, &self.note, out),
                Format::Json => json(&report, out),
                Format::Markdown => cells::markdown(&report, &self.note, out),
            })?;
        } else {
            let mut report = measure(&engine, &Setup { seed, count, goods, clean, clean_names });
            report.command = self.command();
            self.print(&|out| match self.format {
                Format::Table => table(&report, &self.note, out),
                Format::Json => json(&report, out),
                Format::Markdown => markdown(&report, &self.note, out),
            })?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn count(&self) -> u32 {
        self.count.unwrap_or(match (self.cells, self.agreement) {
            (true, _) => cells::DEFAULT_COUNT,
            (_, true) => agreement::DEFAULT_COUNT,
            _ => DEFAULT_COUNT,
        })
    }

    /// Writes the report to the file asked for, or to standard output.
    fn print(&self, write: &dyn Fn(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
        let Some(path) = &self.out else {
            let mut out = BufWriter::new(io::stdout().lock());
            write(&mut out).and_then(|()| out.flush()).map_err(OutputError)?;
            return Ok(());
        };
        let name = path.display();
        let mut file = BufWriter::new(File::create(path).with_context(|| format!("create {name}"))?);
        write(&mut file).and_then(|()| file.flush()).with_context(|| format!("write {name}"))?;
        say(format_args!("wrote {name}"));
        Ok(())
    }

    /// The command that repeats the measurement, whatever form its report takes.
    fn command(&self) -> String {
        let mut words = vec!["tidewaiter effectiveness".to_owned()];
        let mut add = |option: &str, value: &str| words.push(format!("--{option} {}", quoted(value)));
        for list in &self.lists.lists {
            add("list", &list.to_string_lossy());
        }
        let paths = [
            ("data-dir", &self.lists.data_dir),
            ("config", &self.lists.config),
            ("policy", &self.policy.policy),
            ("goods", &self.goods),
            ("clean", &self.clean),
            ("clean-names", &self.clean_names),
        ];
        for (option, path) in paths {
            if let Some(path) = path {
                add(option, &path.display().to_string());
            }
        }
        add("seed", &self.seed.to_string());
        add("count", &self.count().to_string());
        if self.cells {
            words.push("--cells".to_owned());
        }
        if self.agreement {
            words.push("--agreement".to_owned());
        }
        words.join(" ")
    }
}

/// The word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=+,@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// The texts of a file: the column of a CSV file, or its lines. Those that say next to nothing are left out, and
/// bytes that are no UTF-8 are read as U+FFFD.
fn texts(path: Option<&Path>, letters: usize) -> anyhow::Result<Vec<String>> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("read {name}"))?;
    let is_csv = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    let mut texts = if is_csv { column(&bytes).with_context(|| format!("read {name}"))? } else { lines(&bytes) };
    texts.retain(|text| text.chars().filter(|c| c.is_alphabetic()).count() >= letters);
    anyhow::ensure!(!texts.is_empty(), "{name} has no text of {letters} letters or more");
    Ok(texts)
}

fn lines(bytes: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(bytes).lines().map(|line| line.trim().to_owned()).collect()
}

fn column(bytes: &[u8]) -> anyhow::Result<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header: Vec<String> = reader
        .byte_headers()?
        .iter()
        .map(|field| String::from_utf8_lossy(field).trim_start_matches('\u{feff}').trim().to_lowercase())
        .collect();
    let at = COLUMNS.iter().find_map(|wanted| header.iter().position(|field| field == wanted));
    let at = at.with_context(|| format!("expected a column called {}", COLUMNS.join(", ")))?;
    let mut texts = Vec::new();
    for record in reader.byte_records() {
        texts.extend(record?.get(at).map(|field| String::from_utf8_lossy(field).trim().to_owned()));
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_from_a_column() {
        let bytes = b"Code,Goods Description\n1,\"pads, 36ct\"\n2,caf\xe9\n3\n";
        assert_eq!(column(bytes).unwrap(), ["pads, 36ct", "caf\u{fffd}"]);
        assert!(column(b"a,b\n1,2\n").is_err());
    }

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("lists/us.csv.gz"), "lists/us.csv.gz");
        assert_eq!(quoted("it's here"), r"'it'\''s here'");
    }
}
