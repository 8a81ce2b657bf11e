//! `policy diff`: what another policy would make of real records.

use super::super::engine::Lists;
use super::super::text::visible;
use super::super::values::date;
use crate::batch::input::{Input, Location};
use crate::batch::options::InputOptions;
use crate::batch::run::{ReadRecord, read_record};
use crate::wording::counted;
use anyhow::Context as _;
use current::files;
use current::screener::{Bare, Screener};
use engine::policy::Policy;
use engine::screen::{Engine, Limits};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use wire::v1;

/// Records screened at once under both policies.
const CHUNK: usize = 256;

/// Two policies, and the records to try them on.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Present policy file; `default` is the built-in policy.
    old: String,
    /// Proposed policy file; `default` is the built-in policy.
    new: String,
    /// Records to screen: CSV, JSON or JSONL; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    on: String,
    #[command(flatten)]
    lists: Lists,
    /// Ownership file, used with both policies.
    #[arg(long, value_name = "FILE")]
    ownership: Option<PathBuf>,
    /// Screen against the entries in force on this date, YYYY-MM-DD, unless the record gives one. Suppressors need a date.
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    input: InputOptions,
}

/// What a record comes to under one policy, as far as two policies can differ.
#[derive(PartialEq, Eq)]
struct Seen {
    outcome: &'static str,
    /// Reason, field and entry of each finding, with its severity and whether it counts.
    findings: BTreeMap<(String, String, String), String>,
}

impl Seen {
    fn of(screening: &v1::Screening) -> Self {
        let mut findings = BTreeMap::new();
        for finding in &screening.findings {
            let entry =
                finding.entry.as_ref().map_or_else(|| finding.matched_name.clone(), |e| format!("{}/{}", e.list, e.id));
            let shadow = if finding.is_shadow { " in shadow mode" } else { "" };
            let lowered = finding.suppressions.iter().find(|s| s.not_applied.is_empty());
            let by = lowered.map_or_else(String::new, |s| format!(" by suppressor {}", s.id));
            findings.insert(
                (finding.reason().as_str_name().to_owned(), finding.field_path.clone(), entry),
                format!("{}{shadow}{by}", finding.severity().as_str_name()),
            );
        }
        Self { outcome: screening.outcome().as_str_name(), findings }
    }

    fn print_changes(&self, new: &Self, out: &mut dyn Write) -> io::Result<()> {
        let keys: BTreeSet<_> = self.findings.keys().chain(new.findings.keys()).collect();
        for key in keys {
            let (reason, path, entry) = key;
            let what = format!("{reason} {path} {entry}");
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

/// How many records change, and how.
#[derive(Default)]
struct Tally {
    records: u64,
    unreadable: u64,
    changed: u64,
    outcomes: BTreeMap<(&'static str, &'static str), u64>,
}

impl Args {
    /// Screens the records under both policies and prints what differs.
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let load = |name: &str| -> anyhow::Result<Arc<Policy>> {
            let path = (name != "default").then(|| PathBuf::from(name));
            Ok(files::policy(path.as_deref(), self.ownership.as_deref()).map(Arc::new)?)
        };
        let (old, new) = (load(&self.old)?, load(&self.new)?);
        let input = Input::open(
            &Location::parse(&self.on),
            &self.input.mapping().context("options of the input")?,
            Arc::default(),
        )?;
        let old = Engine::build(Arc::new(self.lists.load()?), old, Limits::default())?;
        let new = Arc::new(old.with_policy(new));
        let mut trial = Trial { screeners: [Bare::new(Arc::new(old)), Bare::new(new)], tally: Tally::default() };
        trial.run(input, self.as_of, out)?;
        trial.tally.print(out)?;
        Ok(())
    }
}

/// The two policies at work.
struct Trial {
    screeners: [Bare; 2],
    tally: Tally,
}

impl Trial {
    fn run(&mut self, mut input: Input, as_of: Option<Date>, out: &mut dyn Write) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        let mut chunk: Vec<(String, v1::Shipment)> = Vec::new();
        while let Some(raw) = input.next(&mut bytes)? {
            let ReadRecord { reference, shipment: read, .. } =
                read_record(input.format(), &raw, &bytes[raw.start..raw.end]);
            bytes.clear();
            let name = if reference.is_empty() { format!("line {}", raw.line) } else { reference };
            match read {
                Ok(mut shipment) => {
                    if let Some(date) = as_of.filter(|_| shipment.as_of.is_empty()) {
                        shipment.as_of = date.to_string();
                    }
                    chunk.push((name, shipment));
                }
                Err(cause) => {
                    self.tally.unreadable += 1;
                    writeln!(out, "{}: could not be read: {}", visible(&name), visible(&cause.to_string()))?;
                }
            }
            if chunk.len() == CHUNK {
                self.compare(std::mem::take(&mut chunk), out)?;
            }
        }
        self.compare(chunk, out)
    }

    fn compare(&mut self, chunk: Vec<(String, v1::Shipment)>, out: &mut dyn Write) -> anyhow::Result<()> {
        let (names, shipments): (Vec<String>, Vec<v1::Shipment>) = chunk.into_iter().unzip();
        let [old, new] = &mut self.screeners;
        let before = old.screen(shipments.clone(), false).map_err(anyhow::Error::from_boxed)?;
        let after = new.screen(shipments, false).map_err(anyhow::Error::from_boxed)?;
        for ((name, before), after) in names.iter().zip(&before).zip(&after) {
            let (before, after) = (Seen::of(before), Seen::of(after));
            self.tally.records += 1;
            if before == after {
                continue;
            }
            self.tally.changed += 1;
            *self.tally.outcomes.entry((before.outcome, after.outcome)).or_default() += 1;
            let outcome = if before.outcome == after.outcome {
                before.outcome.to_owned()
            } else {
                format!("{} -> {}", before.outcome, after.outcome)
            };
            writeln!(out, "{}  {outcome}", visible(name))?;
            before.print_changes(&after, out)?;
        }
        Ok(())
    }
}

impl Tally {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        for ((before, after), count) in &self.outcomes {
            let records = counted(*count, "record", "records");
            if before == after {
                writeln!(out, "{records}: {before} as before, with other findings")?;
            } else {
                writeln!(out, "{records}: {before} before, {after} after")?;
            }
        }
        let of = counted(self.records, "record", "records");
        writeln!(out, "{} of {of} changed, {} could not be read", self.changed, self.unreadable)
    }
}
