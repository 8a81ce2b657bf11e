//! `tidewaiter batch`: files of any size.

use super::engine::{Backend, Screening};
use super::in_force;
use super::output::{OutputError, say};
use super::progress::{Progress, rate};
use super::table::short;
use super::text::page_width;
use super::values::{FailOn, date, say_columns};
use crate::batch::checkpoint::{Job, Target};
use crate::batch::columns::{Field, Mapping};
use crate::batch::destination::Destination;
use crate::batch::input::{Format, Input, Location};
use crate::batch::options::InputOptions;
use crate::batch::output::{CsvStyle, ListCells, OutputFormat};
use crate::batch::report::Report;
use crate::batch::run::{Plan, Position, Settings};
use crate::batch::screener::Identity;
use crate::wording::{counted, grouped};
use anyhow::{Context as _, bail, ensure};
use engine::screen::Use;
use jiff::civil::Date;
use std::io::{self, BufWriter, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Screens files of any size, in constant memory, on every core. The answers are in the order of the input.
///
/// A record that cannot be read does not stop the run: it is answered as REFUSED in its place and counted.
#[derive(Debug, clap::Args)]
#[command(after_long_help = columns_help())]
pub(super) struct Args {
    /// CSV, JSONL, JSON, xlsx or ods files, plain or .gz, recognised by content; `-` is standard input.
    #[arg(value_name = "IN", required = true)]
    inputs: Vec<String>,
    /// File for the answers; `-` is standard output. It is written as FILE.partial and renamed at the end; a link is
    /// followed, and a device or FIFO is written in place.
    #[arg(long, value_name = "FILE", required_unless_present = "explain_columns")]
    out: Option<String>,
    /// Form of the answers. Without it the name of --out decides: .jsonl, .ndjson and .json are jsonl, all else is csv.
    #[arg(long, value_enum)]
    format: Option<BatchFormat>,
    /// CSV: one line for each finding, in place of one for each record. A record without findings has one line.
    #[arg(long)]
    per_finding: bool,
    /// CSV: how a cell holds the values of several findings.
    #[arg(long, value_enum, default_value_t = ListForm::Joined, conflicts_with = "per_finding")]
    list_cells: ListForm,
    /// JSON: add the rules that ran and those that could not run, with what they lacked.
    #[arg(long)]
    verbose: bool,
    #[command(flatten)]
    screening: Screening,
    /// Threads that screen. Without it: one for each core.
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Exit with 1 when a shipment has this outcome or a worse one; one that could not be screened counts as worse.
    #[arg(long, value_enum, value_name = "OUTCOME")]
    fail_on: Option<FailOn>,
    /// Show what is made of each column, and screen nothing.
    #[arg(long)]
    explain_columns: bool,
    /// Exit with 0 although records were refused. Without it: 3.
    #[arg(long)]
    allow_refused: bool,
    #[command(flatten)]
    input: InputOptions,
    /// Screen against the entries in force on this date, YYYY-MM-DD, unless the record gives one.
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// Leave out entries published after this date, YYYY-MM-DD, unless the record gives one.
    #[arg(long, value_name = "DATE", value_parser = date)]
    known_on: Option<Date>,
    /// Continue an interrupted run from FILE.checkpoint, if there is one.
    #[arg(long)]
    resume: bool,
    /// Records between checkpoints.
    #[arg(long, value_name = "RECORDS", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    checkpoint_every: u64,
}

/// Form of the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum BatchFormat {
    /// The input's columns with the answer beside them.
    Csv,
    /// The proto3 JSON form of a screening, one a line.
    Jsonl,
}

/// How a CSV cell holds several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ListForm {
    /// Joined with "; ", for reading; at most ten findings.
    Joined,
    /// A JSON array, for programs; every finding.
    Json,
}

fn columns_help() -> String {
    format!(
        "Fields of --map, which are column names too (columns are recognised by rule in seven languages and more; see \
         docs/input.md):\n  {}",
        Field::names().join(", ")
    )
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mapping = self.input.mapping().context("options of the input")?;
        if self.explain_columns {
            let locations: Vec<_> = self.inputs.iter().map(|i| Location::parse(i)).collect();
            return explain_columns(&locations, &mapping.explaining());
        }
        let destination = Destination::of(self.out()).with_context(|| format!("--out {}", self.out()))?;
        let locations = self.locations(&destination)?;
        let plan = Plan::new(&locations, self.settings(mapping))?;
        for (name, format) in plan.names().iter().zip(plan.formats()) {
            say_columns(name, format);
        }
        let backend = self.screening.backend(Use::Many)?;
        let (target, from) = self.target(&destination, &locations, &plan, &backend.identity())?;
        let report = self.screen(&locations, &destination, plan, &backend, (target, from))?;
        Ok(FailOn::exit_code(self.fail_on, self.allow_refused, &report))
    }

    /// The inputs, none of which is written to or read twice.
    fn locations(&self, destination: &Destination) -> anyhow::Result<Vec<Location>> {
        let locations: Vec<_> = self.inputs.iter().map(|i| Location::parse(i)).collect();
        if self.resume {
            match destination {
                Destination::Replaced(_) => {}
                Destination::Stdout => bail!("--resume needs a file: standard output cannot be continued"),
                Destination::InPlace(_) => {
                    bail!("--resume needs a file: --out {} is not a regular file and cannot be continued", self.out())
                }
            }
        }
        let from_stdin = locations.iter().filter(|l| **l == Location::Stdin).count();
        ensure!(from_stdin < 2, "standard input can be read only once");
        if let Destination::Replaced(path) = destination {
            self.spare_the_inputs(path, &locations)?;
        }
        Ok(locations)
    }

    fn settings(&self, mapping: Mapping) -> Settings {
        let text = |date: Option<Date>| date.map_or_else(String::new, |d| d.to_string());
        let list_cells = match self.list_cells {
            ListForm::Joined => ListCells::Joined,
            ListForm::Json => ListCells::Json,
        };
        Settings {
            mapping,
            format: self.format(),
            csv: CsvStyle { per_finding: self.per_finding, list_cells },
            verbose: self.verbose,
            as_of: text(self.as_of),
            known_on: text(self.known_on),
        }
    }

    /// What is written to, and where the run continues.
    fn target(
        &self,
        destination: &Destination,
        locations: &[Location],
        plan: &Plan,
        identity: &Identity,
    ) -> anyhow::Result<(Target, Position)> {
        let (out, name): (Box<dyn io::Write>, _) = match destination {
            Destination::Replaced(path) => {
                let job = if plan.resumable() { Some(self.job(locations, identity)?) } else { None };
                return Ok(Target::file(path, &plan.head(), job, self.checkpoint_every, self.resume)?);
            }
            Destination::Stdout => (Box::new(io::stdout()), "standard output"),
            Destination::InPlace(path) => {
                let opened = Destination::open(path).with_context(|| format!("write {}", self.out()))?;
                (Box::new(opened), self.out())
            }
        };
        let out = Box::new(BufWriter::with_capacity(1 << 18, out));
        Ok((Target::stream(out, name, &plan.head())?, Position::default()))
    }

    /// Screens everything after `from`, and reports the whole.
    fn screen(
        &self,
        locations: &[Location],
        destination: &Destination,
        plan: Plan,
        backend: &Backend,
        (mut target, from): (Target, Position),
    ) -> anyhow::Result<Report> {
        let identity = backend.identity();
        let threads = self.threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let screeners = backend.screeners(threads)?;
        let resumed = target.report().rows;
        let on = counted(threads as u64, "thread", "threads");
        say(format_args!("screening with snapshot {} on {on}", short(&identity.snapshot)));
        in_force::warn(&identity.lists);
        if resumed > 0 {
            say(format_args!("continuing after {}", counted(resumed, "record", "records")));
        }
        let started = Instant::now();
        let progress = Progress::new(locations, &plan, resumed);
        let run = plan.run(screeners, &identity, from, &mut |answers| {
            target.take(answers)?;
            progress.show(target.report());
            Ok(())
        });
        progress.finish();
        if let Err(error) = run {
            let hint = match destination {
                Destination::Replaced(path) if !error.is_broken_pipe() => format!(
                    "; {}.partial has the answers so far, --resume continues from the last checkpoint",
                    path.display()
                ),
                _ => String::new(),
            };
            let stopped = format!("stopped after {}{hint}", counted(target.report().rows, "record", "records"));
            return Err(anyhow::Error::new(error).context(stopped));
        }
        let report = target.finish()?;
        summarise(&report, report.rows - resumed, started.elapsed());
        for line in in_force::lines(&identity.lists, page_width()) {
            say(format_args!("{line}"));
        }
        Ok(report)
    }

    /// Where the answers go.
    fn out(&self) -> &str {
        self.out.as_deref().unwrap_or("-")
    }

    fn format(&self) -> OutputFormat {
        let extension = Path::new(self.out()).extension().map(|e| e.to_ascii_lowercase());
        match (self.format, extension.as_deref().and_then(|e| e.to_str())) {
            (Some(BatchFormat::Jsonl), _) | (None, Some("jsonl" | "ndjson" | "json")) => OutputFormat::Jsonl,
            _ => OutputFormat::Csv,
        }
    }

    /// Refuses to write over what is read.
    fn spare_the_inputs(&self, out: &Path, locations: &[Location]) -> anyhow::Result<()> {
        let Ok(out) = std::fs::canonicalize(out) else { return Ok(()) };
        for location in locations {
            if let Location::File(path) = location
                && std::fs::canonicalize(path).is_ok_and(|path| path == out)
            {
                bail!("--out {} is one of the inputs", self.out());
            }
        }
        Ok(())
    }

    fn job(&self, locations: &[Location], identity: &Identity) -> anyhow::Result<Job> {
        let paths: Vec<&Path> = locations
            .iter()
            .filter_map(|l| match l {
                Location::File(path) => Some(PathBuf::as_path(path)),
                Location::Stdin => None,
            })
            .collect();
        let mut options = self.input.words();
        options.extend(self.per_finding.then(|| "per_finding".to_owned()));
        options.extend((self.list_cells == ListForm::Json).then(|| "list_cells json".to_owned()));
        options.extend(self.verbose.then(|| "verbose".to_owned()));
        options.extend(self.as_of.map(|d| format!("as_of {d}")));
        options.extend(self.known_on.map(|d| format!("known_on {d}")));
        Ok(Job::new(&paths, self.format(), options, identity)?)
    }
}

/// Prints what is made of each column of each input.
fn explain_columns(locations: &[Location], mapping: &Mapping) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    for location in locations {
        let input = Input::open(location, mapping, std::sync::Arc::default())?;
        let columns = match input.format() {
            Format::Csv(header) => header.explain(),
            Format::Json | Format::Dcsa | Format::CargoImp => Vec::new(),
        };
        let mut print = || -> io::Result<()> {
            writeln!(out, "{}", input.name())?;
            if columns.is_empty() {
                writeln!(out, "  no columns: JSON or messages")?;
            }
            let width = columns.iter().map(|(column, _)| column.chars().count()).max().unwrap_or(0);
            columns.iter().try_for_each(|(column, what)| writeln!(out, "  {column:width$}  {what}"))
        };
        print().map_err(OutputError)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn summarise(report: &Report, records_now: u64, elapsed: Duration) {
    say(format_args!("{}", report.line()));
    if !report.findings.is_empty() {
        let findings: Vec<_> = report.findings.iter().map(|(reason, n)| format!("{} {reason}", grouped(*n))).collect();
        say(format_args!("findings: {}", findings.join(", ")));
    }
    for (cause, rejected) in &report.rejected {
        let more = if rejected.count > rejected.first.len() as u64 { ", ..." } else { "" };
        say(format_args!("refused: {} {cause} ({}{more})", grouped(rejected.count), rejected.first.join(", ")));
    }
    say(format_args!("{:.1} s, {} records/s", elapsed.as_secs_f64(), rate(records_now, elapsed)));
}
