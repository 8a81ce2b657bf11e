//! `ledger replay`: a past answer again, byte for byte, or what differs.

use super::super::output::{OutputError, say};
use super::open::Place;
use crate::evidence::{Difference, Replayer};
use crate::wording::{counted, grouped};
use anyhow::bail;
use current::files;
use ledger::index::Query;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Makes past answers again from what the ledger keeps, and compares them byte for byte; or measures another policy on them.
///
/// Exit codes: 0 every answer is the same, 1 some differ, 2 some could not be made again.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    /// Number of the record.
    #[arg(value_name = "RECORD", required_unless_present = "all")]
    record: Option<u64>,
    /// Every screening.
    #[arg(long, conflicts_with = "record")]
    all: bool,
    /// At most so many of the latest.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, requires = "all")]
    limit: usize,
    /// Policy file in place of the policies that were in force.
    #[arg(long, value_name = "FILE")]
    with_policy: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let ledger = self.place.read()?;
        let policy = self.with_policy.as_ref().map(|path| files::policy(Some(path), None)).transpose()?;
        let mut replayer = Replayer::new(&ledger, policy);
        if let Some(record) = self.record {
            let replayed = replayer.replay(record)?;
            if !replayed.was_screened {
                let what = "could not be read and was refused without being screened; there is nothing to make again";
                writeln!(out, "record {record} {what}").map_err(OutputError)?;
                return Ok(ExitCode::SUCCESS);
            }
            return match replayed.difference {
                None => {
                    writeln!(out, "record {record}: the same answer, byte for byte").map_err(OutputError)?;
                    Ok(ExitCode::SUCCESS)
                }
                Some(difference) => {
                    print(out, record, &difference).map_err(OutputError)?;
                    Ok(ExitCode::from(1))
                }
            };
        }
        let mut found = ledger.find(&Query { limit: self.limit, ..Query::default() })?;
        found.reverse();
        let mut tally = Tally::default();
        for found in found {
            match replayer.replay(found.number) {
                Ok(replayed) if !replayed.was_screened => tally.unscreened += 1,
                Ok(replayed) => tally.count(out, found.number, replayed.difference).map_err(OutputError)?,
                Err(error) => {
                    tally.failed += 1;
                    writeln!(out, "{error}").map_err(OutputError)?;
                }
            }
        }
        tally.print(out).map_err(OutputError)?;
        if tally.same + tally.differ + tally.failed + tally.unscreened == 0 {
            bail!("the ledger has no screening");
        }
        Ok(match (tally.failed, tally.differ) {
            (0, 0) => ExitCode::SUCCESS,
            (0, _) => ExitCode::from(1),
            _ => ExitCode::from(2),
        })
    }
}

/// What became of many answers.
#[derive(Default)]
struct Tally {
    same: u64,
    differ: u64,
    failed: u64,
    /// Refused because they could not be read.
    unscreened: u64,
    /// How often one outcome became another.
    outcomes: BTreeMap<String, u64>,
    said: u64,
}

/// Differences that are shown one by one; of more, the counts say enough.
const SHOWN: u64 = 20;

impl Tally {
    fn count(&mut self, out: &mut dyn Write, number: u64, difference: Option<Difference>) -> std::io::Result<()> {
        let Some(difference) = difference else {
            self.same += 1;
            return Ok(());
        };
        self.differ += 1;
        if let Some((then, now)) = difference.outcomes {
            *self.outcomes.entry(format!("{} to {}", then.as_str_name(), now.as_str_name())).or_default() += 1;
        }
        // Another policy is another fingerprint in every answer; what it finds is what counts.
        if difference.says_more() && self.said < SHOWN {
            self.said += 1;
            print(out, number, &difference)?;
        }
        Ok(())
    }

    fn print(&self, out: &mut dyn Write) -> std::io::Result<()> {
        for (change, count) in &self.outcomes {
            writeln!(out, "{change}: {}", grouped(*count))?;
        }
        if self.failed > 0 {
            let count = counted(self.failed, "record", "records");
            say(format_args!("attention: {count} could not be made again"));
        }
        if self.unscreened > 0 {
            let count = counted(self.unscreened, "record", "records");
            say(format_args!("{count} could not be read and were refused without being screened"));
        }
        writeln!(out, "{} the same, {} differ", grouped(self.same), grouped(self.differ))
    }
}

fn print(out: &mut dyn Write, number: u64, difference: &Difference) -> std::io::Result<()> {
    writeln!(out, "record {number} differs")?;
    for made_with in &difference.made_with {
        writeln!(out, "  {made_with}")?;
    }
    if let Some((then, now)) = difference.outcomes {
        writeln!(out, "  outcome: {} then, {} now", then.as_str_name(), now.as_str_name())?;
    }
    for (sign, findings) in [("-", &difference.gone), ("+", &difference.new)] {
        for finding in findings {
            writeln!(out, "  {sign} {finding}")?;
        }
    }
    Ok(())
}
