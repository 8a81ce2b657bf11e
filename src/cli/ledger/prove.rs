//! `ledger verify` and `ledger prove`.

use super::super::output::{OutputError, say};
use super::open::Place;
use crate::wording::counted;
use anyhow::{Context as _, bail};
use ledger::proof::consistency;
use ledger::{Layout, verify};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Checks everything against everything: records, tree, signed heads, keys, kept files. Needs no key.
///
/// Exit codes: 0 all holds, 1 something does not, 2 it could not be checked.
#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// Folder of the ledger.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Only from the last signed head on that covers no record behind this one.
    #[arg(long, value_name = "RECORD")]
    since: Option<u64>,
}

impl Verify {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let verified = verify(&Layout::new(&self.dir), self.since)?;
        for fault in &verified.faults {
            writeln!(out, "fault: {fault}").map_err(OutputError)?;
        }
        for stamp in &verified.stamps {
            let (over, bytes) = (counted(stamp.stamped.head, "record", "records"), stamp.stamped.bytes);
            let (token, number, time) = (&stamp.stamped.token, stamp.number, stamp.time);
            writeln!(out, "stamp: head over {over}, token {token} ({bytes} bytes), record {number} of {time}")
                .map_err(OutputError)?;
        }
        let records = counted(verified.records, "record", "records");
        let heads = counted(verified.heads, "signed head", "signed heads");
        writeln!(
            out,
            "{records} checked, {} under the last of {heads}, {} erased, {}",
            verified.sealed,
            verified.erased,
            counted(verified.faults.len() as u64, "fault", "faults")
        )
        .map_err(OutputError)?;
        if verified.torn > 0 {
            let what = "stand behind the last record: it is being written now, or a crash left them";
            say(format_args!("{} bytes {what}", verified.torn));
        }
        Ok(if verified.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

/// Has the last signed head stamped by another house: a command gets it on standard input and prints a token, which is kept
/// and recorded. `verify` lists the stamps, and `kept` gives a token back.
#[derive(Debug, clap::Args)]
pub(super) struct Stamp {
    #[command(flatten)]
    place: Place,
    /// Command that prints the token; run by the shell.
    #[arg(long, value_name = "COMMAND")]
    command: String,
}

impl Stamp {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let ledger = self.place.write()?;
        ledger.seal()?;
        match ledger.stamp(&self.command)? {
            Some(stamped) => {
                let over = counted(stamped.head, "record", "records");
                writeln!(out, "the head over {over} is stamped: token {}", stamped.token).map_err(OutputError)?;
            }
            None => say(format_args!("nothing new since the last stamp")),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes a kept file to standard output as it was: an attachment, a policy, a token of a time stamp.
#[derive(Debug, clap::Args)]
pub(super) struct Kept {
    #[command(flatten)]
    place: Place,
    /// Its digest.
    #[arg(value_name = "DIGEST")]
    digest: String,
}

impl Kept {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let bytes = self.place.read()?.kept("the file", &self.digest)?;
        out.write_all(&bytes).map_err(OutputError)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes a proof that a record stands in the ledger, as JSON that examples/ledger/verify.py checks; or that one signed
/// head continues another.
#[derive(Debug, clap::Args)]
pub(super) struct Prove {
    #[command(flatten)]
    place: Place,
    /// Number of the record.
    #[arg(value_name = "RECORD", required_unless_present = "from_head")]
    record: Option<u64>,
    /// Also say what the record says.
    #[arg(long, requires = "record")]
    disclose: bool,
    /// Prove that the last signed head continues the one over so many records.
    #[arg(long, value_name = "RECORDS", conflicts_with = "record")]
    from_head: Option<u64>,
}

impl Prove {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let ledger = self.place.read()?;
        let text = match (self.record, self.from_head) {
            (Some(record), _) => serde_json::to_string_pretty(&ledger.prove(record, self.disclose)?)?,
            (None, from) => {
                let heads = ledger.heads()?;
                let from = from.unwrap_or_default();
                let old = heads.iter().find(|(head, _)| head.size == from);
                let sizes = || heads.iter().map(|(head, _)| head.size.to_string()).collect::<Vec<_>>().join(", ");
                let old = old.with_context(|| {
                    format!("no head was signed over {from} records; there are heads over {}", sizes())
                })?;
                let Some(new) = heads.last() else { bail!("no head was signed yet") };
                consistency(ledger.layout(), old, new)?
            }
        };
        writeln!(out, "{text}").map_err(OutputError)?;
        Ok(ExitCode::SUCCESS)
    }
}
