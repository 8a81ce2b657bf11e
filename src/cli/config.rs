//! `tidewaiter config`: the configuration of `serve`, before it serves.

use super::serve;
use crate::config::{Config, DEFAULT_FILE};
use crate::service::grpc::{self, new_key};
use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check, show and write the configuration of `serve`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// Say what is wrong with a configuration, certificates, callers and lists included; exit code 2 when anything is.
    Check(File),
    /// Print the settings in force, every key, with environment variables over the file.
    Show(File),
    /// Print the commented default file.
    Init,
    /// Print a new API key, and the row for the callers file that lets it in. The key is shown once and kept nowhere;
    /// the row has its SHA-256 only.
    Caller(Caller),
}

#[derive(Clone, Debug, clap::Args)]
struct File {
    /// Configuration file (TOML); without it the defaults
    #[arg(value_name = "FILE", env = "TIDEWAITER_CONFIG")]
    file: Option<PathBuf>,
}

#[derive(Clone, Debug, clap::Args)]
struct Caller {
    /// What metrics and logs shall call it
    name: String,
    /// What it may do; may be repeated
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<Scope>,
    /// The last day on which the key opens anything (YYYY-MM-DD, UTC); without it there is no end
    #[arg(long, value_name = "DAY")]
    expires: Option<jiff::civil::Date>,
    /// Where the key goes, as a new file that only its owner reads; without it, to standard error
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Scope {
    /// Screen shipments and compare names
    Screen,
    /// Read the lists
    Lists,
    /// Change what is in force, Reload among it
    Admin,
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let text = match self.action {
            Action::Init => DEFAULT_FILE.to_owned(),
            Action::Show(File { file }) => Config::show(file.as_deref(), serve::variables())?,
            Action::Check(file) => check(&file.load()?)?,
            Action::Caller(caller) => caller.row()?,
        };
        anstream::stdout().write_all(text.as_bytes()).map_err(super::OutputError::from)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl File {
    fn load(&self) -> anyhow::Result<Config> {
        Ok(Config::load(self.file.as_deref(), serve::variables())?)
    }
}

/// Everything `serve` would refuse, without serving.
fn check(config: &Config) -> anyhow::Result<String> {
    serve::refuse_exposure(config)?;
    for warning in grpc::check(&config.server)? {
        super::say(format_args!("warning: {warning}"));
    }
    Ok(format!("sound: {} rows would be in force\n", serve::rows(config)?))
}

impl Caller {
    fn row(&self) -> anyhow::Result<String> {
        let (key, hash) = new_key();
        match &self.key_file {
            None => super::say(format_args!("{key}")),
            Some(path) => {
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let written = options.open(path).and_then(|mut file| writeln!(file, "{key}"));
                written.with_context(|| format!("write the key to {}", path.display()))?;
            }
        }
        let mut row = String::new();
        let scopes: Vec<_> = self.scopes.iter().map(|s| format!("\"{s:?}\"").to_lowercase()).collect();
        writeln!(row, "[[caller]]\nname = \"{}\"\nkeys_sha256 = [\"{hash}\"]", self.name)?;
        writeln!(row, "scopes = [{}]", scopes.join(", "))?;
        match self.expires {
            Some(day) => writeln!(row, "expires = {day}")?,
            None => writeln!(row, "# expires = 2027-12-31    # the last day, UTC; without it there is no end")?,
        }
        for bound in ["calls_per_second", "shipments_per_second", "max_in_flight", "max_streams"] {
            writeln!(row, "# {bound} = 0    # 0: no bound; without the key: that of [server.access]")?;
        }
        grpc::check_callers(&row)?;
        Ok(row)
    }
}
