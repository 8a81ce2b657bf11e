//! `tidewaiter screen`: a few shipments, answered for reading.

use super::engine::{Backend, Screening};
use super::output::{Format, OutputError, say};
use super::table::{DIM, identity};
use super::text::page_width;
use super::values::{FailOn, country, date, role, say_columns};
use super::{brief, cells, detail, in_force};
use crate::batch::input::{Input, Location};
use crate::batch::options::InputOptions;
use crate::batch::report::Report;
use crate::batch::run::{ReadRecord, read_record};
use anyhow::{Context as _, bail, ensure};
use current::answer;
use current::screener::{Identity, Screener};
use engine::screen::Use;
use jiff::civil::Date;
use model::EvidenceMode;
use model::country::Country;
use model::shipment::Role;
use records::Cause;
use records::columns::{Mapping, role_number};
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::sync::Arc;
use wire::v1;

/// Records screened at once; small, so that the first answers come early.
const CHUNK: usize = 64;

/// Screens the shipments of files, or a text or party named here.
///
/// FILE is CSV with a header, xlsx, ods, JSON (one shipment or an array) or JSONL, recognised by content; `-` is standard input.
/// The columns and the JSON form are described in docs/input.md.
///
/// For reading, each finding of a file is one line, strongest first; --explain shows the text, the entry and the reasons. What
/// is named here is always answered so.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Shipments to screen.
    #[arg(value_name = "FILE", conflicts_with_all = ["text", "party"])]
    files: Vec<String>,
    /// Goods description to screen, as a goods line. May be repeated.
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,
    /// Party name to screen. May be repeated.
    #[arg(long, value_name = "NAME")]
    party: Vec<String>,
    /// Country of the parties named with --party: ISO 3166-1 alpha-2 code or English name.
    #[arg(long, value_name = "COUNTRY", requires = "party", value_parser = country)]
    country: Option<Country>,
    /// Role of the parties named with --party, for example consignee.
    #[arg(long, value_name = "ROLE", requires = "party", value_parser = role)]
    role: Option<Role>,
    /// Screen against the entries in force on this date, YYYY-MM-DD, unless the shipment gives one.
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// Leave out entries published after this date, YYYY-MM-DD, unless the shipment gives one.
    #[arg(long, value_name = "DATE", value_parser = date)]
    known_on: Option<Date>,
    #[command(flatten)]
    screening: Screening,
    /// Form of the answers.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Show every detail of each finding: the text, the entry, its legal basis and why it is reported, and how party cells
    /// were read. Without a FILE this is the usual form. JSON always has the findings' details; cells with --verbose.
    #[arg(long)]
    explain: bool,
    /// Add the rules that ran and those that could not run, with what they lacked, and how party cells were read.
    #[arg(long)]
    verbose: bool,
    /// Exit with 1 when a shipment has this outcome or a worse one; one that could not be screened counts as worse.
    #[arg(long, value_enum, value_name = "OUTCOME")]
    fail_on: Option<FailOn>,
    /// Exit with 0 although records were refused. Without it: 3.
    #[arg(long)]
    allow_refused: bool,
    #[command(flatten)]
    input: InputOptions,
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mapping = self.input.mapping().context("options of the input")?;
        if self.files.is_empty() && self.text.is_empty() && self.party.is_empty() {
            bail!("nothing to screen: give a FILE (`-` for standard input), --text or --party");
        }
        // The inputs first: a misspelt file name should not wait for the lists.
        let inputs = self.inputs(&mapping)?;
        let for_use = if inputs.is_empty() { Use::Few } else { Use::Many };
        let backend = self.screening.backend(for_use)?;
        let mut printer = Printer::new(self.form(), &backend);
        in_force::warn(&printer.identity.lists);
        warn_of_evidence(&backend);
        let mut screener = backend.screeners(1)?.remove(0);
        if inputs.is_empty() {
            let record = Record { title: "shipment".to_owned(), place: String::new(), read: Ok(self.shipment()) };
            printer.answer(vec![record], screener.as_mut())?;
        }
        for input in inputs {
            self.screen_file(input, &mut printer, screener.as_mut())?;
        }
        printer.finish()?;
        // The program ends; giving back what the lists take, piece by piece, would only cost time.
        std::mem::forget(backend);
        Ok(FailOn::exit_code(self.fail_on, self.allow_refused, &printer.report))
    }

    fn inputs(&self, mapping: &Mapping) -> anyhow::Result<Vec<Input>> {
        let locations: Vec<_> = self.files.iter().map(|file| Location::parse(file)).collect();
        let from_stdin = locations.iter().filter(|l| **l == Location::Stdin).count();
        ensure!(from_stdin < 2, "standard input can be read only once");
        let open = |location: &Location| Ok(Input::open(location, mapping, Arc::default())?);
        locations.iter().map(open).collect()
    }

    fn form(&self) -> Form {
        // Who asks about one party or text wants to know why; a file may have thousands of findings.
        match (self.format, self.explain || self.files.is_empty()) {
            (Format::Json, _) => Form::Json { verbose: self.verbose },
            (Format::Table, true) => Form::Detail { verbose: self.verbose },
            (Format::Table, false) => Form::Brief { verbose: self.verbose },
        }
    }

    fn screen_file(&self, mut input: Input, printer: &mut Printer, screener: &mut dyn Screener) -> anyhow::Result<()> {
        say_columns(input.name(), input.format());
        let mut bytes = Vec::new();
        let mut records = Vec::new();
        while let Some(raw) = input.next(&mut bytes)? {
            let ReadRecord { reference, shipment: read, .. } =
                read_record(input.format(), &raw, &bytes[raw.start..raw.end]);
            bytes.clear();
            let place = format!("{}:{}", input.name(), raw.line);
            let title = if reference.is_empty() { place.clone() } else { reference.clone() };
            let described = |cause| (reference, format!("{} line {}: {cause}", input.name(), raw.line), cause);
            let read = read.map(|shipment| self.dated(shipment)).map_err(described);
            records.push(Record { title, place, read });
            if records.len() == CHUNK {
                printer.answer(std::mem::take(&mut records), screener)?;
            }
        }
        printer.answer(records, screener)
    }

    fn shipment(&self) -> v1::Shipment {
        let party = |name: &String| v1::Party {
            role: self.role.map_or(0, role_number),
            name: name.clone(),
            country: self.country.map_or_else(String::new, |c| c.code().to_owned()),
            ..Default::default()
        };
        let goods = |text: &String| v1::Goods { description: text.clone(), ..Default::default() };
        self.dated(v1::Shipment {
            parties: self.party.iter().map(party).collect(),
            goods: self.text.iter().map(goods).collect(),
            ..Default::default()
        })
    }

    fn dated(&self, mut shipment: v1::Shipment) -> v1::Shipment {
        if let Some(date) = self.as_of.filter(|_| shipment.as_of.is_empty()) {
            shipment.as_of = date.to_string();
        }
        if let Some(date) = self.known_on.filter(|_| shipment.known_on.is_empty()) {
            shipment.known_on = date.to_string();
        }
        shipment
    }
}

/// A record as read: the shipment, or the reference, the description of the fault and its cause.
struct Record {
    title: String,
    place: String,
    read: Result<v1::Shipment, (String, String, Cause)>,
}

/// How answers are printed; `verbose` adds the rules that ran, those that could not, and how party cells were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Brief { verbose: bool },
    Detail { verbose: bool },
    Json { verbose: bool },
}

/// Says that a policy asks for evidence and these answers leave none.
fn warn_of_evidence(backend: &Backend) {
    let policy = backend.loaded().map(|loaded| loaded.engine().policy().evidence());
    if let Some(mode) = policy.flatten().filter(|mode| *mode != EvidenceMode::Off) {
        say(format_args!(
            "attention: the policy asks for evidence = \"{}\", and `screen` records nothing: use `batch` or a service",
            mode.as_str()
        ));
    }
}

impl Form {
    fn is_verbose(self) -> bool {
        match self {
            Self::Brief { verbose } | Self::Detail { verbose } | Self::Json { verbose } => verbose,
        }
    }
}

struct Printer {
    form: Form,
    out: Box<dyn Write>,
    identity: Identity,
    report: Report,
}

impl Printer {
    fn new(form: Form, backend: &Backend) -> Self {
        let out: Box<dyn Write> = match form {
            Form::Brief { .. } | Form::Detail { .. } => Box::new(BufWriter::new(anstream::stdout())),
            Form::Json { .. } => Box::new(BufWriter::new(io::stdout())),
        };
        Self { form, out, identity: backend.identity(), report: Report::default() }
    }

    fn answer(&mut self, records: Vec<Record>, screener: &mut dyn Screener) -> anyhow::Result<()> {
        let shipments: Vec<_> = records.iter().filter_map(|r| r.read.as_ref().ok().cloned()).collect();
        let expected = shipments.len();
        let wants_cells = matches!(self.form, Form::Detail { .. }) || self.form.is_verbose();
        let screened = match expected {
            0 => Vec::new(),
            _ => screener.screen(shipments, wants_cells).map_err(anyhow::Error::from_boxed)?,
        };
        anyhow::ensure!(screened.len() == expected, "{} answers to {expected} shipments", screened.len());
        let mut screened = screened.into_iter();
        for Record { title, place, read } in records {
            let (shipment, cause, mut screening) = match read {
                Ok(shipment) => (Some(shipment), None, screened.next().expect("the answers were counted")),
                Err((reference, what, cause)) => (None, Some(cause), self.identity.refuse(reference, what)),
            };
            self.report.count(&screening, cause.as_ref(), || place.clone());
            let printed = match self.form {
                Form::Brief { verbose } => brief::screening(&mut self.out, &title, shipment.as_ref(), &screening)
                    .and_then(|()| cells::read(&mut self.out, shipment.as_ref(), &screening))
                    .and_then(|()| detail::rules(&mut self.out, &screening, verbose)),
                Form::Detail { verbose } => detail::screening(&mut self.out, &title, shipment.as_ref(), &screening)
                    .and_then(|()| detail::rules(&mut self.out, &screening, verbose)),
                Form::Json { verbose } => {
                    if verbose {
                        self.identity.name_lists(&mut screening);
                    }
                    let mut line = Vec::new();
                    answer::json_line(screening, verbose, &mut line);
                    self.out.write_all(&line)
                }
            };
            printed.map_err(OutputError)?;
        }
        self.out.flush().map_err(OutputError)?;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), OutputError> {
        if let Form::Brief { .. } | Form::Detail { .. } = self.form {
            writeln!(self.out, "{}", self.report.line())?;
            if matches!(self.form, Form::Brief { .. }) && !self.report.findings.is_empty() {
                writeln!(self.out, "--explain shows the text, the entry and the reasons of each finding")?;
            }
            let Identity { snapshot, policy, engine, lists } = &self.identity;
            for line in in_force::lines(lists, page_width()) {
                writeln!(self.out, "{DIM}{line}{DIM:#}")?;
            }
            identity(&mut self.out, snapshot, policy, engine)?;
        }
        Ok(self.out.flush()?)
    }
}
