//! `tidewaiter batch`: files of any size.

use super::engine::Screening;
use super::screen::{date, say_columns};
use super::{FailOn, say, table};
use crate::batch::checkpoint::{Job, Target};
use crate::batch::columns::Field;
use crate::batch::input::{Format, Input, Location};
use crate::batch::options::InputOptions;
use crate::batch::output::OutputFormat;
use crate::batch::report::{Report, grouped};
use crate::batch::run::{Plan, Position, Settings};
use anyhow::{Context as _, bail, ensure};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::civil::Date;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Screens files of any size, in constant memory, on every core; answers stand in the order of the input.
///
/// A record that cannot be read does not stop the run: it is answered as REFUSED in its place and counted.
#[derive(Debug, clap::Args)]
#[command(after_long_help = columns_help())]
pub(super) struct Args {
    /// CSV, JSONL, JSON, xlsx or ods files, plain or .gz, recognised by content; `-` is standard input.
    #[arg(value_name = "IN", required = true)]
    inputs: Vec<String>,
    /// Where the answers go; `-` is standard output. A file is written as FILE.partial and renamed at the end.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "explain_columns",
        default_value_if("explain_columns", "true", "-")
    )]
    out: String,
    /// Form of the answers. Without it the name of --out tells: .jsonl, .ndjson and .json are jsonl, all else is csv.
    #[arg(long, value_enum)]
    format: Option<BatchFormat>,
    #[command(flatten)]
    screening: Screening,
    /// Threads that screen. Without it: as many as there are cores.
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Exit with 1 when a shipment comes to this or worse; one that could not be screened counts as worse.
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
    /// Screen against the rows in force on this date, YYYY-MM-DD, where a record does not say.
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// Leave out rows published after this date, YYYY-MM-DD, where a record does not say.
    #[arg(long, value_name = "DATE", value_parser = date)]
    known_on: Option<Date>,
    /// Go on from FILE.checkpoint, if there is one, where an interrupted run stopped.
    #[arg(long)]
    resume: bool,
    /// Rows between checkpoints.
    #[arg(long, value_name = "ROWS", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    checkpoint_every: u64,
}

/// Form of the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum BatchFormat {
    /// The input's columns and the answer beside them.
    Csv,
    /// The proto3 JSON form of a screening, one a line.
    Jsonl,
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
        let locations: Vec<_> = self.inputs.iter().map(|i| Location::parse(i)).collect();
        if self.explain_columns {
            return explain_columns(&locations, &mapping.explaining());
        }
        let to_stdout = self.out == "-";
        ensure!(!(self.resume && to_stdout), "--resume needs a file: standard output cannot be continued");
        ensure!(
            locations.iter().filter(|l| **l == Location::Stdin).count() < 2,
            "standard input can be read once only"
        );
        if !to_stdout {
            self.spare_the_inputs(&locations)?;
        }
        let text = |date: Option<Date>| date.map_or_else(String::new, |d| d.to_string());
        let settings =
            Settings { mapping, format: self.format(), as_of: text(self.as_of), known_on: text(self.known_on) };
        let plan = Plan::new(&locations, settings)?;
        for (name, format) in plan.names().iter().zip(plan.formats()) {
            say_columns(name, format);
        }
        let backend = self.screening.backend()?;
        let identity = backend.identity();
        let threads = self.threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let screeners = backend.screeners(threads)?;

        let (mut target, from) = if to_stdout {
            let out = Box::new(BufWriter::with_capacity(1 << 18, io::stdout()));
            (Target::stream(out, "standard output", &plan.head())?, Position::default())
        } else {
            let job = if plan.resumable() { Some(self.job(&locations, &identity)?) } else { None };
            Target::file(Path::new(&self.out), &plan.head(), job, self.checkpoint_every, self.resume)?
        };
        let resumed = target.report().rows;
        let snapshot = table::short(&identity.snapshot);
        let many = if threads == 1 { "thread" } else { "threads" };
        say(format_args!("screening with snapshot {snapshot} on {threads} {many}"));
        if resumed > 0 {
            say(format_args!("going on after {} rows", grouped(resumed)));
        }

        let started = Instant::now();
        let progress = Progress::new(&locations, &plan, resumed);
        let run = plan.run(screeners, &identity, from, &mut |answers| {
            target.take(answers)?;
            progress.show(target.report());
            Ok(())
        });
        progress.bar.finish_and_clear();
        if let Err(error) = run {
            let done = grouped(target.report().rows);
            let hint = if to_stdout || error.is_broken_pipe() {
                String::new()
            } else {
                format!("; {}.partial has what was done, --resume goes on from the last checkpoint", self.out)
            };
            let stopped = format!("stopped after {done} rows{hint}");
            return Err(anyhow::Error::new(error).context(stopped));
        }
        let report = target.finish()?;
        summarise(&report, report.rows - resumed, started.elapsed());
        Ok(FailOn::exit_code(self.fail_on, self.allow_refused, &report))
    }

    fn format(&self) -> OutputFormat {
        let extension = Path::new(&self.out).extension().map(|e| e.to_ascii_lowercase());
        match (self.format, extension.as_deref().and_then(|e| e.to_str())) {
            (Some(BatchFormat::Jsonl), _) | (None, Some("jsonl" | "ndjson" | "json")) => OutputFormat::Jsonl,
            _ => OutputFormat::Csv,
        }
    }

    /// Refuses to write over what is read.
    fn spare_the_inputs(&self, locations: &[Location]) -> anyhow::Result<()> {
        let Ok(out) = std::fs::canonicalize(&self.out) else { return Ok(()) };
        for location in locations {
            if let Location::File(path) = location
                && std::fs::canonicalize(path).is_ok_and(|path| path == out)
            {
                bail!("--out {} is one of the inputs", self.out);
            }
        }
        if out.is_dir() {
            bail!("--out {} is a directory", self.out);
        }
        Ok(())
    }

    fn job(&self, locations: &[Location], identity: &crate::batch::screener::Identity) -> anyhow::Result<Job> {
        let paths: Vec<&Path> = locations
            .iter()
            .filter_map(|l| match l {
                Location::File(path) => Some(PathBuf::as_path(path)),
                Location::Stdin => None,
            })
            .collect();
        let mut options = self.input.words();
        options.extend(self.as_of.map(|d| format!("as_of {d}")));
        options.extend(self.known_on.map(|d| format!("known_on {d}")));
        Ok(Job::new(&paths, self.format(), options, identity)?)
    }
}

/// Prints what is made of each column of each input.
fn explain_columns(locations: &[Location], mapping: &crate::batch::columns::Mapping) -> anyhow::Result<ExitCode> {
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
        print().map_err(super::OutputError)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A bar on a terminal and nothing elsewhere.
struct Progress {
    bar: ProgressBar,
    bytes_read: std::sync::Arc<std::sync::atomic::AtomicU64>,
    started: Instant,
    resumed: u64,
}

impl Progress {
    fn new(locations: &[Location], plan: &Plan, resumed: u64) -> Self {
        let size = |location: &Location| match location {
            Location::File(path) => std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|m| m.len()),
            Location::Stdin => None,
        };
        let total: Option<u64> = locations.iter().map(size).sum();
        let bar = match total {
            _ if !io::stderr().is_terminal() => ProgressBar::hidden(),
            Some(total) => ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(5)),
            None => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5)),
        };
        let template = if total.is_some() { "{bar:30} {percent:>3}%  {msg}, {eta} left" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, bytes_read: plan.bytes_read(), started: Instant::now(), resumed }
    }

    fn show(&self, report: &Report) {
        let rate = rate(report.rows - self.resumed, self.started.elapsed());
        self.bar.set_message(format!("{} rows, {rate} rows/s", grouped(report.rows)));
        self.bar.set_position(self.bytes_read.load(Ordering::Relaxed));
    }
}

fn rate(rows: u64, elapsed: Duration) -> String {
    let millis = elapsed.as_millis().max(1);
    grouped(u64::try_from(u128::from(rows) * 1000 / millis).unwrap_or(u64::MAX))
}

fn summarise(report: &Report, rows_now: u64, elapsed: Duration) {
    say(format_args!("{}", report.line()));
    if !report.findings.is_empty() {
        let findings: Vec<_> = report.findings.iter().map(|(reason, n)| format!("{} {reason}", grouped(*n))).collect();
        say(format_args!("findings: {}", findings.join(", ")));
    }
    for (cause, rejected) in &report.rejected {
        let more = if rejected.count > rejected.first.len() as u64 { ", ..." } else { "" };
        say(format_args!("refused: {} {cause} ({}{more})", grouped(rejected.count), rejected.first.join(", ")));
    }
    say(format_args!("{:.1} s, {} rows/s", elapsed.as_secs_f64(), rate(rows_now, elapsed)));
}
