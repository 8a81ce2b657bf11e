//! The command line: one file a subcommand. Scripts rely on the options, the exit codes and the JSON forms.
//!
//! Exit codes: 0 it ran; 2 it could not (usage, input, lists, service); 1 only with `--fail-on`, when that outcome
//! or a worse one occurred; 3 when records were refused, unless `--allow-refused`. A reader that closes our output
//! early is no failure.

mod batch;
mod brief;
mod cells;
mod compare;
mod config;
mod detail;
mod effectiveness;
mod engine;
mod excerpt;
mod health;
mod in_force;
mod ledger;
mod lists;
mod loading;
mod mcp;
mod output;
mod policy;
mod progress;
mod refresher;
mod screen;
mod serve;
mod serving;
mod table;
mod text;
mod values;

use clap::{Parser, Subcommand};
use output::{OutputError, say};
use std::io;
use std::process::ExitCode;

/// Screens shipments against official denied-party lists and says exactly why.
///
/// Exit codes: 0 it ran, 2 it could not, 1 only with --fail-on when that outcome or a worse one occurred.
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
    Ledger(Box<ledger::Args>),
    Lists(lists::Args),
    Mcp(mcp::Args),
    Policy(policy::Args),
    Serve(serve::Args),
    Config(config::Args),
    Health(health::Args),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Screen(args) => args.run(),
        Command::Batch(args) => args.run(),
        Command::Compare(args) => args.run(),
        Command::Effectiveness(args) => args.run(),
        Command::Ledger(args) => args.run(),
        Command::Lists(args) => args.run(),
        Command::Mcp(args) => args.run(),
        Command::Policy(args) => args.run(),
        Command::Serve(args) => args.run(),
        Command::Config(args) => args.run(),
        Command::Health(args) => args.run(),
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

/// The error and its causes; a cause that its parent already quotes is not repeated.
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
