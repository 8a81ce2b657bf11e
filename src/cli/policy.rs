//! `tidewaiter policy`: check a policy file, show what is in force, and what a change would do to real records.

use super::OutputError;
use super::engine::{Lists, PolicyFile, load_policy};
use super::screen::date;
use super::text::visible;
use crate::batch::input::{Input, Location};
use crate::batch::options::InputOptions;
use crate::batch::run::read_record;
use crate::batch::screener::{Bare, Screener};
use anyhow::Context as _;
use engine::policy::Policy;
use engine::screen::{Engine, Limits};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use wire::v1;

/// Records screened at once under both policies.
const CHUNK: usize = 256;

/// Works with policy files: thresholds, rules, outcomes and suppressors.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Checks a policy file, and says what a person should know before it goes live.
    ///
    /// Names suppressors that are void for the lists given, because the row they were written for has changed or gone.
    Check {
        /// Policy file.
        file: PathBuf,
        /// Ownership file to check as well.
        #[arg(long, value_name = "FILE")]
        ownership: Option<PathBuf>,
        /// Name suppressors that have expired on this day, YYYY-MM-DD.
        #[arg(long, value_name = "DATE", value_parser = date)]
        as_of: Option<Date>,
        #[command(flatten)]
        lists: Lists,
    },
    /// Prints every setting in force as a policy file, and its fingerprint.
    Show {
        #[command(flatten)]
        policy: PolicyFile,
    },
    /// Screens the records of a file under two policies and tells what would change.
    Diff(Box<DiffArgs>),
}

#[derive(Debug, clap::Args)]
struct DiffArgs {
    /// Policy file in force; `default` is the built-in policy.
    old: String,
    /// Policy file to come; `default` is the built-in policy.
    new: String,
    /// Records to screen: CSV, JSON or JSONL; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    on: String,
    #[command(flatten)]
    lists: Lists,
    /// Ownership file, under both policies.
    #[arg(long, value_name = "FILE")]
    ownership: Option<PathBuf>,
    /// Screen against the rows in force on this date, YYYY-MM-DD, where a record does not say; suppressors need one.
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    input: InputOptions,
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mut out = BufWriter::new(io::stdout());
        match &self.command {
            Command::Check { file, ownership, as_of, lists } => {
                let policy = load_policy(Some(file), ownership.as_deref())?;
                let void = if policy.names_rows() { policy.void_suppressors(&lists.load()?) } else { Vec::new() };
                check(&mut out, &policy, *as_of, void).map_err(OutputError)?;
            }
            Command::Show { policy } => {
                let policy = policy.load()?;
                write!(out, "{}\n# {}\n", policy.to_toml(), policy.fingerprint()).map_err(OutputError)?;
            }
            Command::Diff(args) => args.run(&mut out)?,
        }
        out.flush().map_err(OutputError)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn check(out: &mut dyn Write, policy: &Policy, as_of: Option<Date>, void: Vec<String>) -> io::Result<()> {
    for warning in policy.warnings(as_of).into_iter().chain(void) {
        writeln!(out, "warning: {}", visible(&warning))?;
    }
    let owners = policy.ownership().edges().len();
    if owners > 0 {
        writeln!(out, "owners: {owners} edges, {}", policy.ownership().fingerprint())?;
    }
    writeln!(out, "the policy is sound, {}", policy.fingerprint())
}

/// What a record comes to under one policy, as far as two policies can differ.
#[derive(PartialEq, Eq)]
struct Seen {
    outcome: &'static str,
    /// Reason, field and row of each finding, with its severity and whether it counts.
    findings: BTreeMap<(String, String, String), String>,
}

impl Seen {
    fn of(screening: &v1::Screening) -> Self {
        let mut findings = BTreeMap::new();
        for finding in &screening.findings {
            let row =
                finding.entry.as_ref().map_or_else(|| finding.matched_name.clone(), |e| format!("{}/{}", e.list, e.id));
            let shadow = if finding.is_shadow { " in the shadow" } else { "" };
            let lowered = finding.suppressions.iter().find(|s| s.not_applied.is_empty());
            let by = lowered.map_or_else(String::new, |s| format!(" by suppressor {}", s.id));
            findings.insert(
                (finding.reason().as_str_name().to_owned(), finding.field_path.clone(), row),
                format!("{}{shadow}{by}", finding.severity().as_str_name()),
            );
        }
        Self { outcome: screening.outcome().as_str_name(), findings }
    }

    fn tell(&self, new: &Self, out: &mut dyn Write) -> io::Result<()> {
        let keys: std::collections::BTreeSet<_> = self.findings.keys().chain(new.findings.keys()).collect();
        for key in keys {
            let (reason, path, row) = key;
            let what = format!("{reason} {path} {row}");
            match (self.findings.get(key), new.findings.get(key)) {
                (Some(old), Some(new)) if old != new => writeln!(out, "  {}: {old} -> {new}", visible(&what))?,
                (Some(old), None) => writeln!(out, "  {}: {old} -> not reported", visible(&what))?,
                (None, Some(new)) => writeln!(out, "  {}: not reported -> {new}", visible(&what))?,
                _ => {}
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Tally {
    records: u64,
    unreadable: u64,
    changed: u64,
    outcomes: BTreeMap<(&'static str, &'static str), u64>,
}

impl DiffArgs {
    fn run(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let mapping = self.input.mapping().context("options of the input")?;
        let load = |name: &str| {
            let path = (name != "default").then(|| PathBuf::from(name));
            load_policy(path.as_deref(), self.ownership.as_deref()).map(Arc::new)
        };
        let (old, new) = (load(&self.old)?, load(&self.new)?);
        let mut input = Input::open(&Location::parse(&self.on), &mapping, Arc::default())?;
        let old = Engine::build(Arc::new(self.lists.load()?), old, Limits::default())?;
        let new = Arc::new(old.with_policy(new));
        let mut screeners = (Bare::new(Arc::new(old)), Bare::new(new));
        let mut tally = Tally::default();
        let mut bytes = Vec::new();
        let mut chunk: Vec<(String, v1::Shipment)> = Vec::new();
        while let Some(raw) = input.next(&mut bytes)? {
            let (_, reference, read) = read_record(input.format(), &raw, &bytes[raw.start..raw.end]);
            bytes.clear();
            let name = if reference.is_empty() { format!("line {}", raw.line) } else { reference };
            match read {
                Ok(mut shipment) => {
                    if let Some(date) = self.as_of.filter(|_| shipment.as_of.is_empty()) {
                        shipment.as_of = date.to_string();
                    }
                    chunk.push((name, shipment));
                }
                Err(cause) => {
                    tally.unreadable += 1;
                    writeln!(out, "{}: cannot be read: {}", visible(&name), visible(&cause.to_string()))?;
                }
            }
            if chunk.len() == CHUNK {
                compare(&mut chunk, &mut screeners, &mut tally, out)?;
            }
        }
        compare(&mut chunk, &mut screeners, &mut tally, out)?;
        tally.tell(out)?;
        Ok(())
    }
}

fn compare(
    chunk: &mut Vec<(String, v1::Shipment)>,
    (old, new): &mut (Bare, Bare),
    tally: &mut Tally,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let (names, shipments): (Vec<String>, Vec<v1::Shipment>) = std::mem::take(chunk).into_iter().unzip();
    let before = old.screen(shipments.clone()).map_err(anyhow::Error::from_boxed)?;
    let after = new.screen(shipments).map_err(anyhow::Error::from_boxed)?;
    for ((name, before), after) in names.iter().zip(&before).zip(&after) {
        let (before, after) = (Seen::of(before), Seen::of(after));
        tally.records += 1;
        if before == after {
            continue;
        }
        tally.changed += 1;
        *tally.outcomes.entry((before.outcome, after.outcome)).or_default() += 1;
        let outcome = if before.outcome == after.outcome {
            before.outcome.to_owned()
        } else {
            format!("{} -> {}", before.outcome, after.outcome)
        };
        writeln!(out, "{}  {outcome}", visible(name))?;
        before.tell(&after, out)?;
    }
    Ok(())
}

impl Tally {
    fn tell(&self, out: &mut dyn Write) -> io::Result<()> {
        for ((before, after), count) in &self.outcomes {
            if before == after {
                writeln!(out, "{count} stay {before} with other findings")?;
            } else {
                writeln!(out, "{count} go from {before} to {after}")?;
            }
        }
        writeln!(out, "{} of {} records change, {} cannot be read", self.changed, self.records, self.unreadable)
    }
}
