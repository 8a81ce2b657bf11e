//! `tidewaiter compare`: how alike two names are, one pair or a file of them.

use super::engine::{Lists, PolicyFile, Server};
use super::output::{Format, OutputError, json_line};
use super::table::labelled;
use super::text::visible;
use anyhow::{Context as _, bail};
use engine::screen::{Engine, NameComparison};
use model::entry::EntryKind;
use rayon::prelude::*;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wire::{evidence_to_wire, v1};

/// Pairs compared at once.
const CHUNK: usize = 4096;

/// Compares two names as screening does, and shows what counts for and against a match.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// First name.
    #[arg(required_unless_present = "pairs", requires = "right")]
    left: Option<String>,
    /// Second name.
    right: Option<String>,
    /// What the names belong to.
    #[arg(long, value_enum, default_value_t)]
    kind: Kind,
    /// CSV file with columns left, right and, optionally, kind. Its rows are printed as CSV with score, match and
    /// reason added, or with `--format json` as one JSON object a line, with all evidence; `-` is standard input.
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["left", "right", "url"])]
    pairs: Option<PathBuf>,
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    policy: PolicyFile,
    #[command(flatten)]
    server: Server,
    /// Form of the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What names belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// A natural person.
    Person,
    /// A company.
    Company,
    /// Any organisation.
    Organization,
    /// A ship.
    Vessel,
    /// Not known.
    #[default]
    Any,
}

impl Kind {
    fn entry_kind(self) -> EntryKind {
        match self {
            Self::Person => EntryKind::Person,
            Self::Company | Self::Organization => EntryKind::Company,
            Self::Vessel => EntryKind::Vessel,
            Self::Any => EntryKind::Unknown,
        }
    }

    fn wire_kind(self) -> v1::entry::Kind {
        match self {
            Self::Person => v1::entry::Kind::Person,
            Self::Company | Self::Organization => v1::entry::Kind::Company,
            Self::Vessel => v1::entry::Kind::Vessel,
            Self::Any => v1::entry::Kind::Unspecified,
        }
    }
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        if let Some(path) = &self.pairs {
            pairs(&*self.lists.engine(&self.policy)?, path, self.kind, self.format)?;
        } else if let (Some(left), Some(right)) = (&self.left, &self.right) {
            let response = self.ask(left, right)?;
            let mut out = BufWriter::new(anstream::stdout());
            print(&mut out, self.format, [left, right], &response).map_err(OutputError)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn ask(&self, left: &str, right: &str) -> anyhow::Result<v1::CompareNamesResponse> {
        if let Some(mut remote) = self.server.connect()? {
            let (left, right) = (left.to_owned(), right.to_owned());
            let request = v1::CompareNamesRequest { left, right, kind: self.kind.wire_kind() as i32 };
            return Ok(remote.compare(request)?);
        }
        Ok(answer(self.lists.engine(&self.policy)?.compare(left, right, self.kind.entry_kind())))
    }
}

fn answer(compared: NameComparison) -> v1::CompareNamesResponse {
    v1::CompareNamesResponse {
        score: compared.score.get().into(),
        r#match: compared.is_match,
        evidence: compared.evidence.into_iter().map(evidence_to_wire).collect(),
        explanation: compared.explanation,
    }
}

/// A pair of a file and its answer, as a line of JSON.
#[derive(serde::Serialize)]
struct PairLine<'a> {
    left: &'a str,
    right: &'a str,
    #[serde(flatten)]
    answer: v1::CompareNamesResponse,
}

fn print(
    out: &mut dyn Write,
    format: Format,
    [left, right]: [&str; 2],
    compared: &v1::CompareNamesResponse,
) -> io::Result<()> {
    match format {
        Format::Json => json_line(out, compared)?,
        Format::Table => {
            let verdict = if compared.r#match { "match" } else { "no match" };
            writeln!(out, "{verdict}  score {}", compared.score)?;
            labelled(out, "  ", "left", left)?;
            labelled(out, "  ", "right", right)?;
            for evidence in &compared.evidence {
                writeln!(out, "  {:>+6}  {}  {}", evidence.points, visible(&evidence.name), visible(&evidence.detail))?;
            }
            if !compared.explanation.is_empty() {
                labelled(out, "  ", "why", &compared.explanation)?;
            }
        }
    }
    out.flush()
}

/// Where the columns stand.
struct Columns {
    left: usize,
    right: usize,
    kind: Option<usize>,
}

impl Columns {
    fn find(header: &csv::StringRecord) -> anyhow::Result<Self> {
        let plain = |column: &str| column.trim().trim_start_matches('\u{feff}').to_ascii_lowercase();
        let find = |wanted: &str| header.iter().position(|column| plain(column) == wanted);
        let (Some(left), Some(right)) = (find("left"), find("right")) else {
            let there = header.iter().collect::<Vec<_>>().join(", ");
            bail!("expected columns left and right; the header has {there}");
        };
        Ok(Self { left, right, kind: find("kind") })
    }
}

fn pairs(engine: &Engine, path: &Path, default: Kind, format: Format) -> anyhow::Result<()> {
    let name = path.display().to_string();
    let reading = || format!("read {name}");
    let input: Box<dyn io::Read> =
        if name == "-" { Box::new(io::stdin()) } else { Box::new(File::open(path).with_context(reading)?) };
    let mut reader = csv::ReaderBuilder::new().from_reader(input);
    let header = reader.headers().with_context(reading)?.clone();
    let columns = Columns::find(&header).with_context(reading)?;

    let mut out = BufWriter::new(io::stdout());
    if format == Format::Table {
        let mut table = csv::Writer::from_writer(&mut out);
        table.write_record(header.iter().chain(["score", "match", "reason"])).map_err(output_error)?;
        table.flush().map_err(OutputError)?;
    }
    let mut records = reader.records();
    loop {
        let rows: Vec<csv::StringRecord> =
            records.by_ref().take(CHUNK).collect::<Result<_, _>>().with_context(reading)?;
        if rows.is_empty() {
            break;
        }
        let compared: Vec<(csv::StringRecord, NameComparison)> = rows
            .into_par_iter()
            .map(|row| compared(engine, row, &columns, default).with_context(reading))
            .collect::<anyhow::Result<_>>()?;
        match format {
            Format::Table => write_rows(&mut out, &compared)?,
            Format::Json => {
                for (row, compared) in compared {
                    let (left, right) = (&row[columns.left], &row[columns.right]);
                    let line = PairLine { left, right, answer: answer(compared) };
                    json_line(&mut out, &line).map_err(OutputError)?;
                }
            }
        }
    }
    out.flush().map_err(OutputError)?;
    Ok(())
}

fn write_rows(out: &mut dyn Write, compared: &[(csv::StringRecord, NameComparison)]) -> anyhow::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    for (row, compared) in compared {
        let score = compared.score.get().to_string();
        let matched = if compared.is_match { "true" } else { "false" };
        let added = [score.as_str(), matched, compared.explanation.as_str()];
        table.write_record(row.iter().chain(added)).map_err(output_error)?;
    }
    table.flush().map_err(OutputError)?;
    Ok(())
}

fn compared(
    engine: &Engine,
    row: csv::StringRecord,
    columns: &Columns,
    default: Kind,
) -> anyhow::Result<(csv::StringRecord, NameComparison)> {
    let kind = kind_of(&row, columns, default)?;
    let compared = engine.compare(&row[columns.left], &row[columns.right], kind.entry_kind());
    Ok((row, compared))
}

fn kind_of(row: &csv::StringRecord, columns: &Columns, default: Kind) -> anyhow::Result<Kind> {
    use clap::ValueEnum as _;
    let word = columns.kind.map_or("", |c| row[c].trim());
    if word.is_empty() {
        return Ok(default);
    }
    Kind::from_str(word, true).map_err(|_| {
        let line = row.position().map_or(0, csv::Position::line);
        anyhow::anyhow!("line {line}: kind {word:?}: expected one of person, company, organization, vessel, any")
    })
}

fn output_error(error: csv::Error) -> OutputError {
    OutputError(match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}
