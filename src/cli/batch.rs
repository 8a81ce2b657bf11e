//! `tidewaiter batch`: files of any size.

mod finished;
mod inputs;
mod sink;
mod summary;

use super::engine::{Backend, Screening};
use super::in_force;
use super::ledger::Recording;
use super::output::{OutputError, say};
use super::progress::{Progress, ProgressForm};
use super::table::short;
use super::text::page_width;
use super::values::{FailOn, date, say_columns};
use crate::batch::checkpoint::Job;
use crate::batch::destination::Destination;
use crate::batch::input::{Format, Input, Location};
use crate::batch::options::InputOptions;
use crate::batch::output::{CsvStyle, ListCells, OutputFormat};
use crate::batch::report::Report;
use crate::batch::run::{Plan, Position, Settings};
use crate::evidence::{Recorded, Recorder};
use crate::wording::counted;
use anyhow::{Context as _, bail, ensure};
use current::screener::{Identity, Screener};
use engine::screen::Use;
use jiff::civil::Date;
use ledger::EvidenceMode;
use records::columns::{Field, Mapping};
use sink::Sink;
use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use summary::Run;

/// Screens files of any size, in constant memory, on every core. The answers are in the order of the input.
///
/// A record that cannot be read does not stop the run: it is answered as REFUSED in its place and counted.
#[derive(Debug, clap::Args)]
#[command(after_long_help = columns_help())]
pub(super) struct Args {
    /// CSV, JSONL, JSON, xlsx or ods files, plain or .gz, and Parquet files, recognised by content; `-` is standard input. A
    /// folder stands for the files in it and below, a quoted pattern such as "in/*.csv" for those it names.
    #[arg(value_name = "IN", required = true)]
    inputs: Vec<String>,
    /// File for the answers; `-` is standard output. It is written as FILE.partial and renamed at the end; a link is
    /// followed, and a device or FIFO is written in place.
    #[arg(long, value_name = "FILE", required_unless_present_any = ["explain_columns", "out_dir"])]
    out: Option<String>,
    /// Folder for the answers, a file for each input, of the same name with the ending of the form. It is made where it is not
    /// there. With --resume, inputs whose answers are whole are left as they are.
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    out_dir: Option<PathBuf>,
    /// Form of the answers. Without it the name of --out decides: .jsonl, .ndjson and .json are jsonl, .parquet is parquet,
    /// all else is csv.
    #[arg(long, value_enum)]
    format: Option<BatchFormat>,
    /// CSV and Parquet: one line for each finding, in place of one for each record. A record without findings has one line.
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
    #[command(flatten)]
    recording: Recording,
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
    /// How to show progress on standard error.
    #[arg(long, value_enum, default_value_t)]
    progress: ProgressForm,
    /// File for the summary of the run as JSON; written when the run stops with an error, too.
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
    /// Continue an interrupted run from FILE.checkpoint, if there is one.
    #[arg(long)]
    resume: bool,
    /// Records between checkpoints.
    #[arg(long, value_name = "RECORDS", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    checkpoint_every: u64,
}

/// What a run needs.
type Prepared = (Vec<Output>, Vec<Plan>, Backend, Option<Arc<Recorder>>);

/// Form of the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum BatchFormat {
    /// The input's columns with the answer beside them.
    Csv,
    /// The proto3 JSON form of a screening, one a line.
    Jsonl,
    /// A Parquet file: the input's columns with the answer and its findings beside them.
    Parquet,
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
        let locations = inputs::expand(&self.inputs)?;
        if self.explain_columns {
            return explain_columns(&locations, &mapping.explaining());
        }
        let (outputs, plans, backend, recorder) = self.prepare(&mapping, &locations).or_else(|error| {
            if let Some(path) = &self.summary {
                summary::not_begun(path, &format!("{error:#}"))?;
            }
            Err(error)
        })?;
        let report = self.screen_all(&outputs, plans, &backend, recorder.as_ref())?;
        if let Some(recorder) = recorder.as_ref().filter(|recorder| recorder.mode(None) != EvidenceMode::Off) {
            recorder.ledger().seal().context("seal the ledger")?;
            if recorder.lost() > 0 {
                bail!("{} were answered and are not in the ledger", counted(recorder.lost(), "record", "records"));
            }
        }
        Ok(FailOn::exit_code(self.fail_on, self.allow_refused, &report))
    }

    /// What a run needs. Every input is understood before the lists are read, and any is screened.
    fn prepare(&self, mapping: &Mapping, locations: &[Location]) -> anyhow::Result<Prepared> {
        let outputs = self.outputs(locations)?;
        let mut plans = Vec::with_capacity(outputs.len());
        for output in &outputs {
            let plan = Plan::new(&output.inputs, self.settings(mapping.clone()))?;
            for (name, format) in plan.names().iter().zip(plan.formats()) {
                say_columns(name, format);
            }
            plans.push(plan);
        }
        let mut recorder = None;
        let backend = self.screening.backend_for(Use::Many, |config| {
            recorder = self.recording.open(config, false)?;
            Ok(())
        })?;
        ensure!(
            recorder.is_some() || !self.recording.is_named(),
            "--ledger needs the engine in this process: a service (--server) records in its own ledger"
        );
        Ok((outputs, plans, backend, recorder))
    }

    /// What is written, each with its inputs, none of which is written to or read twice.
    fn outputs(&self, locations: &[Location]) -> anyhow::Result<Vec<Output>> {
        let from_stdin = locations.iter().filter(|l| **l == Location::Stdin).count();
        ensure!(from_stdin < 2, "standard input can be read only once");
        let Some(folder) = &self.out_dir else {
            let output = Output::new(self.out.clone().unwrap_or_default(), locations.to_vec())?;
            let is_table = self.format() == OutputFormat::Parquet;
            match &output.destination {
                Destination::Replaced(_) => {}
                _ if is_table => bail!("Parquet needs a file: name it with --out"),
                Destination::Stdout if self.resume => {
                    bail!("--resume needs a file: standard output cannot be continued")
                }
                Destination::InPlace(_) if self.resume => {
                    bail!("--resume needs a file: --out {} is not a regular file and cannot be continued", output.to)
                }
                Destination::Stdout | Destination::InPlace(_) => {}
            }
            output.spare_the_inputs()?;
            return Ok(vec![output]);
        };
        std::fs::create_dir_all(folder).with_context(|| format!("make the folder {}", folder.display()))?;
        let mut outputs: Vec<Output> = Vec::with_capacity(locations.len());
        for location in locations {
            let Location::File(path) = location else { bail!("--out-dir needs files: standard input has no name") };
            let to = folder.join(self.name_of_answers(path)).display().to_string();
            if let Some(other) = outputs.iter().find(|other| other.to == to) {
                bail!("{} and {} would both be answered in {to}", other.inputs[0].name(), location.name());
            }
            let output = Output::new(to, vec![location.clone()])?;
            output.spare_the_inputs()?;
            outputs.push(output);
        }
        Ok(outputs)
    }

    /// The name of an input, without its endings, with that of the form.
    fn name_of_answers(&self, input: &Path) -> String {
        let name = input.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let ending = match self.format() {
            OutputFormat::Csv => "csv",
            OutputFormat::Jsonl => "jsonl",
            OutputFormat::Parquet => "parquet",
        };
        format!("{stem}.{ending}")
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
    fn sink(&self, output: &Output, plan: &Plan, identity: &Identity) -> anyhow::Result<(Sink, Position)> {
        let path = match &output.destination {
            Destination::Stdout => {
                return Ok((Sink::stream(io::stdout(), "standard output", plan)?, Position::default()));
            }
            Destination::InPlace(path) => {
                let opened = Destination::open(path).with_context(|| format!("write {}", output.to))?;
                return Ok((Sink::stream(opened, &output.to, plan)?, Position::default()));
            }
            Destination::Replaced(path) => path,
        };
        let job = if plan.resumable() { Some(self.job(&output.inputs, identity)?) } else { None };
        Ok(Sink::file(path, plan, identity, job, self.checkpoint_every, self.resume)?)
    }

    /// Screens every input, output by output, and reports the whole.
    fn screen_all(
        &self,
        outputs: &[Output],
        plans: Vec<Plan>,
        backend: &Backend,
        recorder: Option<&Arc<Recorder>>,
    ) -> anyhow::Result<Report> {
        let identity = backend.identity();
        let threads = self.threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let on = counted(threads as u64, "thread", "threads");
        say(format_args!("screening with snapshot {} on {on}", short(&identity.snapshot)));
        in_force::warn(&identity.lists);
        let started = Instant::now();
        let mut done = Done::default();
        let mut stopped = Ok(());
        for (output, plan) in outputs.iter().zip(plans) {
            stopped = self.screen(output, plan, (backend, recorder), threads, &mut done);
            if stopped.is_err() {
                break;
            }
        }
        let names: Vec<String> = outputs.iter().map(|output| output.to.clone()).collect();
        let run = Run {
            report: &done.report,
            resumed: done.resumed,
            elapsed: started.elapsed(),
            identity: &identity,
            outputs: &names,
            error: stopped.as_ref().err().map(|error| format!("{error:#}")),
        };
        if let Some(path) = &self.summary {
            run.write(path)?;
        }
        stopped?;
        run.say();
        for line in in_force::lines(&identity.lists, page_width()) {
            say(format_args!("{line}"));
        }
        Ok(done.report)
    }

    /// Screens the inputs of one output, from where an interrupted run stopped.
    fn screen(
        &self,
        output: &Output,
        plan: Plan,
        (backend, recorder): (&Backend, Option<&Arc<Recorder>>),
        threads: usize,
        done: &mut Done,
    ) -> anyhow::Result<()> {
        let identity = backend.identity();
        if let Some(report) = self.whole_already(output, &plan, &identity)? {
            say(format_args!("{} is whole already", output.to));
            done.resumed += report.rows;
            done.report.add(report);
            return Ok(());
        }
        let (mut sink, from) = self.sink(output, &plan, &identity)?;
        let mut screeners = backend.screeners(threads)?;
        if let Some((recorder, loaded)) = recorder.zip(backend.loaded()) {
            let recorded = |inner| -> Box<dyn Screener> {
                Box::new(Recorded::new(inner, Arc::clone(recorder), Arc::clone(loaded)))
            };
            screeners = screeners.into_iter().map(recorded).collect();
        }
        let resumed = sink.report().rows;
        done.resumed += resumed;
        if resumed > 0 {
            say(format_args!("continuing after {}", counted(resumed, "record", "records")));
        }
        let mut progress = Progress::new(self.progress, &output.inputs, &plan, resumed);
        let run = plan.run(screeners, &identity, from, &mut |answers| {
            sink.take(answers)?;
            progress.show(sink.report());
            Ok(())
        });
        progress.finish(sink.report(), run.is_ok());
        if let Err(error) = run {
            done.report.add(sink.report().clone());
            let hint = match &output.destination {
                Destination::Replaced(path) if !error.is_broken_pipe() => format!(
                    "; {} has the answers so far, --resume continues from the last checkpoint",
                    unfinished(path, &sink)
                ),
                _ => String::new(),
            };
            let stopped = format!("stopped after {}{hint}", counted(sink.report().rows, "record", "records"));
            return Err(anyhow::Error::new(error).context(stopped));
        }
        let report = sink.finish()?;
        if self.out_dir.is_some() {
            finished::put(Path::new(&output.to), &self.job(&output.inputs, &identity)?, &report)?;
        }
        done.report.add(report);
        Ok(())
    }

    /// What an earlier run reported of an output that it finished; `None` where the output is to be written.
    fn whole_already(&self, output: &Output, plan: &Plan, identity: &Identity) -> anyhow::Result<Option<Report>> {
        if !self.resume || self.out_dir.is_none() || !plan.resumable() {
            return Ok(None);
        }
        finished::find(Path::new(&output.to), &self.job(&output.inputs, identity)?)
    }

    fn format(&self) -> OutputFormat {
        let out = self.out.as_deref().unwrap_or_default();
        let extension = Path::new(out).extension().map(|e| e.to_ascii_lowercase());
        match (self.format, extension.as_deref().and_then(|e| e.to_str())) {
            (Some(BatchFormat::Jsonl), _) | (None, Some("jsonl" | "ndjson" | "json")) => OutputFormat::Jsonl,
            (Some(BatchFormat::Parquet), _) | (None, Some("parquet")) => OutputFormat::Parquet,
            _ => OutputFormat::Csv,
        }
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

/// What has been done so far, over all outputs.
#[derive(Default)]
struct Done {
    report: Report,
    /// Records of it that earlier runs had done.
    resumed: u64,
}

/// One output with its inputs.
struct Output {
    /// As named.
    to: String,
    destination: Destination,
    inputs: Vec<Location>,
}

impl Output {
    fn new(to: String, inputs: Vec<Location>) -> anyhow::Result<Self> {
        let destination = Destination::of(&to).with_context(|| format!("--out {to}"))?;
        Ok(Self { to, destination, inputs })
    }

    /// Refuses to write over what is read.
    fn spare_the_inputs(&self) -> anyhow::Result<()> {
        let Destination::Replaced(out) = &self.destination else { return Ok(()) };
        let Ok(out) = std::fs::canonicalize(out) else { return Ok(()) };
        for location in &self.inputs {
            if let Location::File(path) = location
                && std::fs::canonicalize(path).is_ok_and(|path| path == out)
            {
                bail!("--out {} is one of the inputs", self.to);
            }
        }
        Ok(())
    }
}

/// Where the answers are while the output is not whole.
fn unfinished(path: &Path, sink: &Sink) -> String {
    let ending = match sink {
        Sink::Bytes(_) => "partial",
        Sink::Table(_) => "parts",
    };
    format!("{}.{ending}", path.display())
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
