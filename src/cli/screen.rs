//! `tidewaiter screen`: a few shipments, answered for reading.

use super::engine::{Backend, Screening};
use super::{FailOn, Format, OutputError, say, table};
use crate::batch::columns::{Field, Meaning, PartyField, meaning, role_number};
use crate::batch::input::{Format as InputFormat, Input, Location};
use crate::batch::options::InputOptions;
use crate::batch::report::Report;
use crate::batch::run::read_record;
use crate::batch::screener::{Identity, Screener};
use anyhow::{Context as _, bail};
use jiff::civil::Date;
use model::country::Country;
use model::shipment::Role;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::sync::Arc;
use wire::v1;

/// Records screened at once; small, so that the first answers come early.
const CHUNK: usize = 64;

/// Screens the shipments of files, or a text or party named here.
///
/// FILE is CSV with a header, xlsx, ods, JSON (one shipment or an array) or JSONL, recognised by content; `-` is standard
/// input. The columns and the JSON form are described in docs/input.md.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Shipments to screen.
    #[arg(value_name = "FILE", conflicts_with_all = ["text", "party"])]
    files: Vec<String>,
    /// Goods description to screen; each one is a goods line.
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,
    /// Party name to screen; may be repeated.
    #[arg(long, value_name = "NAME")]
    party: Vec<String>,
    /// Country of the parties named with --party: ISO 3166-1 alpha-2 code or English name.
    #[arg(long, value_name = "CC", requires = "party", value_parser = country)]
    country: Option<Country>,
    /// Role of the parties named with --party, for example consignee.
    #[arg(long, value_name = "ROLE", requires = "party", value_parser = role)]
    role: Option<Role>,
    /// Screen against the rows in force on this date, YYYY-MM-DD, where a shipment does not say.
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// Leave out rows published after this date, YYYY-MM-DD, where a shipment does not say.
    #[arg(long, value_name = "DATE", value_parser = date)]
    known_on: Option<Date>,
    #[command(flatten)]
    screening: Screening,
    /// Form of the answers.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exit with 1 when a shipment comes to this or worse; one that could not be screened counts as worse.
    #[arg(long, value_enum, value_name = "OUTCOME")]
    fail_on: Option<FailOn>,
    /// Exit with 0 although records were refused. Without it: 3.
    #[arg(long)]
    allow_refused: bool,
    #[command(flatten)]
    input: InputOptions,
}

fn country(text: &str) -> Result<Country, String> {
    Country::parse(text).ok_or_else(|| "no country; an ISO 3166-1 alpha-2 code is expected".to_owned())
}

fn role(text: &str) -> Result<Role, String> {
    let known = || Role::ALL.map(Role::as_str).join(", ");
    // The word of a column header is as good: "Notify Party", "Empfänger".
    let by_header = || match meaning(text) {
        Meaning::Field(Field::Party(role, PartyField::Name)) => role,
        _ => None,
    };
    Role::parse(text).or_else(by_header).ok_or_else(|| format!("not a role; expected one of {}", known()))
}

/// A date as the records write it, and nothing looser.
pub(super) fn date(text: &str) -> Result<Date, String> {
    let date: Option<Date> = text.parse().ok().filter(|_| text.len() == 10);
    date.ok_or_else(|| "no date; YYYY-MM-DD is expected".to_owned())
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mapping = self.input.mapping().context("options of the input")?;
        if self.files.is_empty() && self.text.is_empty() && self.party.is_empty() {
            bail!("nothing to screen: name a FILE (`-` for standard input), --text or --party");
        }
        // The inputs first: a misspelt file name should not wait for the lists.
        let open = |file: &String| Input::open(&Location::parse(file), &mapping, Arc::default());
        let inputs = self.files.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let backend = self.screening.backend()?;
        let mut printer = Printer::new(self.format, &backend);
        let mut screener = backend.screeners(1)?.remove(0);
        if inputs.is_empty() {
            let record = Record { title: "shipment".to_owned(), place: String::new(), read: Ok(self.shipment()) };
            printer.answer(vec![record], screener.as_mut())?;
        }
        for input in inputs {
            self.file_of(input, &mut printer, screener.as_mut())?;
        }
        printer.finish()?;
        Ok(FailOn::exit_code(self.fail_on, self.allow_refused, &printer.report))
    }

    fn file_of(&self, mut input: Input, printer: &mut Printer, screener: &mut dyn Screener) -> anyhow::Result<()> {
        say_columns(input.name(), input.format());
        let mut bytes = Vec::new();
        let mut records = Vec::new();
        while let Some(raw) = input.next(&mut bytes)? {
            let (_, reference, read) = read_record(input.format(), &raw, &bytes[raw.start..raw.end]);
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

/// Says what is made of each column, once a file.
pub(super) fn say_columns(name: &str, format: &InputFormat) {
    let InputFormat::Csv(header) = format else { return };
    say(format_args!("{name}: {}", header.summary()));
}

/// A record as read: the shipment, or the reference, the description of the fault and its cause.
struct Record {
    title: String,
    place: String,
    read: Result<v1::Shipment, (String, String, crate::batch::Cause)>,
}

struct Printer {
    format: Format,
    out: Box<dyn Write>,
    identity: Identity,
    report: Report,
}

impl Printer {
    fn new(format: Format, backend: &Backend) -> Self {
        let out: Box<dyn Write> = match format {
            Format::Table => Box::new(BufWriter::new(anstream::stdout())),
            Format::Json => Box::new(BufWriter::new(io::stdout())),
        };
        Self { format, out, identity: backend.identity(), report: Report::default() }
    }

    fn answer(&mut self, records: Vec<Record>, screener: &mut dyn Screener) -> anyhow::Result<()> {
        let shipments: Vec<_> = records.iter().filter_map(|r| r.read.as_ref().ok().cloned()).collect();
        let expected = shipments.len();
        let screened =
            if expected == 0 { Vec::new() } else { screener.screen(shipments).map_err(anyhow::Error::from_boxed)? };
        anyhow::ensure!(screened.len() == expected, "{} answers to {expected} shipments", screened.len());
        let mut screened = screened.into_iter();
        for Record { title, place, read } in records {
            let (shipment, cause, screening) = match read {
                Ok(shipment) => (Some(shipment), None, screened.next().expect("the answers were counted")),
                Err((reference, what, cause)) => (None, Some(cause), self.identity.refuse(reference, what)),
            };
            self.report.count(&screening, cause.as_ref(), || place.clone());
            let printed = match self.format {
                Format::Table => table::screening(&mut self.out, &title, shipment.as_ref(), &screening),
                Format::Json => json_line(&mut self.out, &screening),
            };
            printed.map_err(OutputError)?;
        }
        self.out.flush().map_err(OutputError)?;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), OutputError> {
        if self.format == Format::Table {
            writeln!(self.out, "{}", self.report.line())?;
            let Identity { snapshot, policy, engine } = &self.identity;
            table::identity(&mut self.out, snapshot, policy, engine)?;
        }
        Ok(self.out.flush()?)
    }
}

/// One value in its proto3 JSON form, on a line of its own.
pub(super) fn json_line(out: &mut dyn Write, value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}
