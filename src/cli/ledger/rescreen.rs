//! `ledger rescreen`: what a change of the lists means for past shipments.

use super::super::engine::{Lists, PolicyFile};
use super::super::output::{Format, OutputError, json_line, say};
use super::super::text::visible;
use super::open::{Place, today};
use crate::evidence::{before_of, rescreen};
use crate::wording::{counted, entries};
use anyhow::Context as _;
use lists::Source;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Asks the parties and texts of past shipments against the entries that came or changed, opens cases for those that would now
/// be found, and names cases whose entry went.
///
/// The lists after the change are those of --list, --data-dir or --config; those before it are the ones up to which the past
/// was asked last or, where it never was, those of the last screening, unless --before names others.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    /// Lists before the change. May be repeated.
    #[arg(long, value_name = "PATH")]
    before: Vec<PathBuf>,
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    policy: PolicyFile,
    /// The day of the change, for people. Without it: today.
    #[arg(long, value_name = "DATE")]
    day: Option<String>,
    /// Who asks.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Args {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let ledger = self.place.write()?;
        let before = match self.before.as_slice() {
            [] => before_of(&ledger).context("find the lists before the change; --before names them")?,
            paths => lists::load(&paths.iter().cloned().map(Source::Path).collect::<Vec<_>>())?,
        };
        let after = self.lists.load()?;
        let day = self.day.clone().unwrap_or_else(|| today().to_string());
        let policy = Arc::new(self.policy.load()?);
        let done = rescreen(&ledger, (&before, &after), policy, (day, self.by.clone()), |_, _| true)?;
        ledger.seal()?;
        let asked = counted(done.cards, "party or text", "parties and texts");
        say(format_args!("{} that came or changed asked against {asked}", entries(done.entries)));
        if self.format == Format::Json {
            json_line(out, &serde_json::to_value(&done)?).map_err(OutputError)?;
            return Ok(ExitCode::SUCCESS);
        }
        for found in &done.found {
            let records = counted(found.records.len() as u64, "shipment", "shipments");
            let (party, name) = (visible(&found.party), visible(&found.entry_name));
            writeln!(out, "{party}: {name} ({}/{}), score {}, {records}", found.list, found.entry, found.score)
                .map_err(OutputError)?;
            for number in &found.records {
                let reference = ledger.show(*number).map(|shown| shown.request.reference).unwrap_or_default();
                writeln!(out, "  record {number}  {}", visible(&reference)).map_err(OutputError)?;
            }
        }
        for released in &done.released {
            writeln!(
                out,
                "case {}: the entry {}/{} is not listed any more",
                released.case, released.list, released.entry
            )
            .map_err(OutputError)?;
        }
        if done.found.is_empty() && done.released.is_empty() {
            writeln!(out, "nothing of the past is touched").map_err(OutputError)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
