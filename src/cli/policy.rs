//! `tidewaiter policy`: checks a policy file, shows what is in force, and tries a change on real records.

mod diff;

use super::engine::{Lists, PolicyFile};
use super::output::OutputError;
use super::text::visible;
use super::values::date;
use crate::wording::counted;
use current::files;
use engine::policy::Policy;
use jiff::civil::Date;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Checks, shows and compares policy files: thresholds, rules, outcomes and suppressors.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Checks a policy file, and warns of what somebody should know before it is used.
    ///
    /// Warns of suppressors that no longer apply to the lists given, because their entry has changed or is gone.
    Check {
        /// Policy file.
        file: PathBuf,
        /// Ownership file, checked as well.
        #[arg(long, value_name = "FILE")]
        ownership: Option<PathBuf>,
        /// Warn of suppressors that have expired on this day, YYYY-MM-DD.
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
    /// Screens the records of a file under two policies and shows what would change.
    Diff(Box<diff::Args>),
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mut out = BufWriter::new(io::stdout());
        match &self.command {
            Command::Check { file, ownership, as_of, lists } => {
                let policy = files::policy(Some(file), ownership.as_deref())?;
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
    let shares = policy.ownership().edges().len() as u64;
    if shares > 0 {
        let shares = counted(shares, "share", "shares");
        writeln!(out, "ownership file: {shares}, {}", policy.ownership().fingerprint())?;
    }
    writeln!(out, "the policy is valid, {}", policy.fingerprint())
}
