//! The command line: one file a subcommand. Scripts rely on the options, the exit codes and the JSON forms.
//!
//! Exit codes: 0 it ran; 2 it could not (usage, input, lists, service); 1 only with `--fail-on`, when that outcome
//! or a worse one occurred; 3 when records were refused, unless `--allow-refused`. A reader of our output that goes away is no failure.

mod batch;
mod compare;
mod config;
mod effectiveness;
mod engine;
mod excerpt;
pub mod health;
mod lists;
mod policy;
mod screen;
pub mod serve;
mod table;
mod text;

use crate::batch::report::Report;
use clap::{Parser, Subcommand, ValueEnum};
use model::finding::Outcome;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

/// Screens shipments against official denied-party lists and says exactly why.
///
/// Exit codes: 0 it ran, 2 it could not, 1 only with --fail-on when that outcome or a worse one occurred, 3 when records
/// were refused and neither --fail-on nor --allow-refused says otherwise.
#[derive(Debug, Parser)]
#[command(name = "tidewaiter", version, max_term_width = 100, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Screen(screen::Args),
    Batch(batch::Args),
    Compare(compare::Args),
    Effectiveness(effectiveness::Args),
    Lists(lists::Args),
    Policy(policy::Args),
    Serve(serve::Args),
    Config(config::Args),
    Health(health::Args),
}

/// Form of what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading.
    #[default]
    Table,
    /// Proto3 JSON, one value a line.
    Json,
}

/// An outcome that a caller wants to hear of through the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// REVIEW, HOLD or REFUSED.
    Review,
    /// HOLD or REFUSED.
    Hold,
}

impl FailOn {
    fn exit_code(wanted: Option<Self>, allow_refused: bool, report: &Report) -> ExitCode {
        let worst = wanted.map(|wanted| match wanted {
            Self::Review => Outcome::Review,
            Self::Hold => Outcome::Hold,
        });
        if worst.is_some_and(|worst| report.reaches(worst)) {
            return ExitCode::from(1);
        }
        // A record that was not screened is not cleared.
        if report.outcome(Outcome::Refused) > 0 && !allow_refused { ExitCode::from(3) } else { ExitCode::SUCCESS }
    }
}

/// Standard output could not be written.
#[derive(Debug)]
struct OutputError(io::Error);

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "write to standard output: {}", self.0)
    }
}

impl std::error::Error for OutputError {}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Screen(args) => args.run(),
        Command::Batch(args) => args.run(),
        Command::Compare(args) => args.run(),
        Command::Effectiveness(args) => args.run(),
        Command::Lists(args) => args.run(),
        Command::Policy(args) => args.run(),
        Command::Serve(args) => serve::run(args),
        Command::Config(args) => args.run(),
        Command::Health(args) => health::run(args),
    };
    result.unwrap_or_else(|error| {
        if is_broken_pipe(&error) {
            return ExitCode::SUCCESS;
        }
        say(format_args!("error: {}", chain(&error)));
        ExitCode::from(2)
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<OutputError>().is_some_and(|e| e.0.kind() == io::ErrorKind::BrokenPipe)
            || cause.downcast_ref::<crate::batch::Error>().is_some_and(crate::batch::Error::is_broken_pipe)
    })
}

/// The error and its causes; a cause that its parent already quotes is not said twice.
fn chain(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !said.ends_with(&cause) {
            said.push_str(if said.is_empty() { "" } else { ": " });
            said.push_str(&cause);
        }
    }
    text::visible(&said)
}

/// One line on standard error, where nobody may be listening.
fn say(line: fmt::Arguments<'_>) {
    let _nobody_listens = writeln!(anstream::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
