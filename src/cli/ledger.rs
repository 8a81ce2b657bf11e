//! `tidewaiter ledger`: the stored evidence of screenings, and what people decide about them.

mod case;
mod find;
mod keeping;
mod open;
mod prove;
mod replay;
mod rescreen;

pub(super) use open::{Recording, check};

use std::io::{BufWriter, Write as _};
use std::process::ExitCode;

/// Makes, checks and asks a ledger: the stored evidence of screenings, with proofs, decisions and retention.
///
/// `serve --ledger` and `batch --ledger` write one. docs/ledger.md tells what it is for.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Init(keeping::Init),
    Join(keeping::Join),
    Verify(prove::Verify),
    Prove(prove::Prove),
    Stamp(prove::Stamp),
    Kept(prove::Kept),
    Find(find::Find),
    Show(find::Show),
    Replay(replay::Args),
    Rescreen(Box<rescreen::Args>),
    Case(case::Args),
    Index(keeping::MoveIndex),
    Settings(keeping::PutSettings),
    Hold(keeping::HoldArgs),
    Erase(keeping::Erase),
    Rebuild(keeping::Rebuild),
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mut out = BufWriter::new(anstream::stdout());
        let code = match &self.command {
            Command::Init(args) => args.run(&mut out),
            Command::Join(args) => args.run(),
            Command::Verify(args) => args.run(&mut out),
            Command::Prove(args) => args.run(&mut out),
            Command::Stamp(args) => args.run(&mut out),
            Command::Kept(args) => args.run(&mut out),
            Command::Find(args) => args.run(&mut out),
            Command::Show(args) => args.run(&mut out),
            Command::Replay(args) => args.run(&mut out),
            Command::Rescreen(args) => args.run(&mut out),
            Command::Case(args) => args.run(&mut out),
            Command::Index(args) => args.run(&mut out),
            Command::Settings(args) => args.run(&mut out),
            Command::Hold(args) => args.run(&mut out),
            Command::Erase(args) => args.run(&mut out),
            Command::Rebuild(args) => args.run(&mut out),
        }?;
        out.flush().map_err(super::output::OutputError)?;
        Ok(code)
    }
}
