//! `tidewaiter config`: the configuration of `serve`, before it serves.

use super::ledger;
use super::loading::variables;
use super::output::{OutputError, say};
use super::serving::{self, Start};
use crate::config::{Config, DEFAULT_FILE};
#[cfg(feature = "console")]
use crate::service::console::accounts;
use crate::service::grpc::{self, new_key};
use crate::wording::entries;
use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Checks, shows and writes the configuration of `serve`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// Checks a configuration with its certificates, callers and lists; exit code 2 when anything is wrong.
    Check(File),
    /// Prints every setting in force; environment variables override the file.
    Show(File),
    /// Prints the default file with comments.
    Init,
    /// Prints a new API key, and the entry for the callers file that admits it.
    ///
    /// The key is shown once and stored nowhere; the entry has only its SHA-256.
    Caller(Caller),
    /// Prints a new password, and the entry for the accounts file of the console that admits it.
    ///
    /// The password is shown once and stored nowhere; the entry has only its Argon2id hash.
    #[cfg(feature = "console")]
    Account(Account),
}

#[derive(Clone, Debug, clap::Args)]
struct File {
    /// Configuration file (TOML). Without it: the defaults.
    #[arg(value_name = "FILE", env = "TIDEWAITER_CONFIG")]
    file: Option<PathBuf>,
}

#[derive(Clone, Debug, clap::Args)]
struct Caller {
    /// Name of the caller in metrics and logs.
    name: String,
    /// What it may do. May be repeated.
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<Scope>,
    /// Last day on which the key is valid, YYYY-MM-DD (UTC). Without it the key never expires.
    #[arg(long, value_name = "DAY")]
    expires: Option<jiff::civil::Date>,
    /// New file for the key, readable by its owner only. Without it the key goes to standard error.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

#[cfg(feature = "console")]
#[derive(Clone, Debug, clap::Args)]
struct Account {
    /// Name to sign in with.
    name: String,
    /// What the person may do.
    #[arg(long, value_name = "ROLE")]
    role: Role,
    /// File with the password, its first line. Without it a new password goes to standard error.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

#[cfg(feature = "console")]
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Role {
    /// Read the lists and the policy.
    Reader,
    /// Also screen.
    Analyst,
    /// Also approve what others have decided.
    Approver,
    /// Also change what is in force.
    Admin,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Scope {
    /// Screen shipments and compare names.
    Screen,
    /// Read the lists.
    Lists,
    /// Read the ledger: recorded screenings, proofs, cases.
    Ledger,
    /// Work on cases of the ledger.
    Decide,
    /// Change what is in force, for example with Reload.
    Admin,
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let text = match self.action {
            Action::Init => DEFAULT_FILE.to_owned(),
            Action::Show(File { file }) => Config::show(file.as_deref(), variables())?,
            Action::Check(file) => check(&file.load()?)?,
            Action::Caller(caller) => caller.create()?,
            #[cfg(feature = "console")]
            Action::Account(account) => account.create()?,
        };
        anstream::stdout().write_all(text.as_bytes()).map_err(OutputError)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl File {
    fn load(&self) -> anyhow::Result<Config> {
        Ok(Config::load(self.file.as_deref(), variables())?)
    }
}

/// Everything `serve` would refuse, without serving.
fn check(config: &Config) -> anyhow::Result<String> {
    serving::refuse_exposure(config)?;
    serving::refuse_targets(config)?;
    for warning in grpc::check(&config.server, config.ledger.dir.is_some())? {
        say(format_args!("warning: {warning}"));
    }
    ledger::check(config)?;
    #[cfg(feature = "console")]
    crate::service::console::check(&config.console)?;
    match serving::start(config)? {
        Start::Fetches => {
            Ok("valid: the data directory is empty, its lists are fetched before anything is screened\n".into())
        }
        Start::Loaded(count, missing) => {
            for missing in missing {
                say(format_args!("warning: {missing}; nothing is screened until it is"));
            }
            Ok(format!("valid: {} would be in force\n", entries(count as u64)))
        }
    }
}

impl Caller {
    /// The entry of the callers file, after the key went where it was asked for.
    fn create(&self) -> anyhow::Result<String> {
        let (key, hash) = new_key();
        match &self.key_file {
            None => say(format_args!("{key}")),
            Some(path) => {
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let written = options.open(path).and_then(|mut file| writeln!(file, "{key}"));
                written.with_context(|| format!("write the key to {}", path.display()))?;
            }
        }
        let mut entry = String::new();
        let scopes: Vec<_> = self.scopes.iter().map(|s| format!("\"{s:?}\"").to_lowercase()).collect();
        writeln!(entry, "[[caller]]\nname = \"{}\"\nkeys_sha256 = [\"{hash}\"]", self.name)?;
        writeln!(entry, "scopes = [{}]", scopes.join(", "))?;
        match self.expires {
            Some(day) => writeln!(entry, "expires = {day}")?,
            None => writeln!(entry, "# expires = 2027-12-31    # the last day, UTC; without it the key never expires")?,
        }
        for bound in ["calls_per_second", "shipments_per_second", "max_in_flight", "max_streams"] {
            writeln!(entry, "# {bound} = 0    # 0: no limit; without this line: the limit of [server.access]")?;
        }
        writeln!(
            entry,
            "# evidence = \"durable\"    # durable, async or off; the strictest of configuration, policy and caller applies"
        )?;
        grpc::check_callers(&entry)?;
        Ok(entry)
    }
}

#[cfg(feature = "console")]
impl Account {
    /// The entry of the accounts file, after a new password was shown.
    fn create(&self) -> anyhow::Result<String> {
        let role = match self.role {
            Role::Reader => accounts::Role::Reader,
            Role::Analyst => accounts::Role::Analyst,
            Role::Approver => accounts::Role::Approver,
            Role::Admin => accounts::Role::Admin,
        };
        let password = match &self.password_file {
            Some(path) => {
                let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
                text.lines().next().unwrap_or_default().to_owned()
            }
            None => accounts::new_password(),
        };
        let entry = accounts::new_account(&self.name, role, &password)?;
        if self.password_file.is_none() {
            say(format_args!("{password}"));
        }
        Ok(entry)
    }
}
