//! Which ledger, with which key.

use super::super::output::say;
use crate::config::{self, Config, IndexIn};
use crate::evidence::{Recorder, strictest};
use anyhow::{Context as _, bail};
use current::files;
use engine::policy::Policy;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::shared::Shared;
use ledger::{EvidenceMode, Layout, Ledger, MasterKey, Options};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the master key is.
#[derive(Clone, Debug, Default, clap::Args)]
pub(in crate::cli) struct Key {
    /// File with the master key of the ledger, 64 hexadecimal digits.
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_LEDGER_KEY_FILE")]
    ledger_key: Option<PathBuf>,
    /// Command that prints the master key, for a key service; run by the shell.
    #[arg(long, value_name = "COMMAND", env = "TIDEWAITER_LEDGER_KEY_COMMAND", conflicts_with = "ledger_key")]
    ledger_key_command: Option<String>,
}

impl Key {
    /// As a configuration has it.
    fn of(ledger: &config::Ledger) -> Self {
        Self { ledger_key: ledger.key_file.clone(), ledger_key_command: ledger.key_command.clone() }
    }

    pub(super) fn file(&self) -> Option<&Path> {
        self.ledger_key.as_deref()
    }

    pub(super) fn load(&self) -> anyhow::Result<MasterKey> {
        match (&self.ledger_key, &self.ledger_key_command) {
            (Some(file), _) => Ok(MasterKey::from_file(file)?),
            (None, Some(command)) => Ok(MasterKey::from_command(command)?),
            (None, None) => {
                bail!(
                    "the ledger needs its master key: give --ledger-key FILE or --ledger-key-command COMMAND \
                     (configuration: ledger.key_file or ledger.key_command)"
                )
            }
        }
    }
}

/// A ledger by its folder.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Place {
    /// Folder of the ledger.
    #[arg(value_name = "DIR")]
    pub(super) dir: PathBuf,
    #[command(flatten)]
    pub(super) key: Key,
}

impl Place {
    /// Opens it for reading; a service may write it meanwhile.
    pub(super) fn read(&self) -> anyhow::Result<Ledger> {
        read(&self.dir, &self.key)
    }

    /// Opens it for writing.
    pub(super) fn write(&self) -> anyhow::Result<Ledger> {
        open(&self.dir, &self.key)
    }
}

/// The address of a database and the way to it.
pub(super) fn place_of(file: &Path) -> anyhow::Result<(Box<dyn Shared>, String)> {
    let address = fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
    Ok((connect(&address)?, address))
}

#[cfg(feature = "ledger-postgres")]
fn connect(address: &str) -> anyhow::Result<Box<dyn Shared>> {
    Ok(ledger_postgres::open(address)?)
}

#[cfg(not(feature = "ledger-postgres"))]
fn connect(_address: &str) -> anyhow::Result<Box<dyn Shared>> {
    bail!(
        "the ledger is shared in Postgres, which this build cannot reach; expected one with the feature `ledger-postgres`"
    )
}

/// Makes a folder the copy of a shared ledger, where it is not one yet.
pub(super) fn join(dir: &Path, file: &Path) -> anyhow::Result<bool> {
    let (place, address) = place_of(file)?;
    Ledger::join(dir, place, &address).context("join the ledger")
}

/// Refuses a ledger whose index is elsewhere than the configuration says.
fn must_have_index_in(ledger: &Ledger, wanted: Option<IndexIn>) -> anyhow::Result<()> {
    let is = if ledger.has_shared_index() { IndexIn::Postgres } else { IndexIn::File };
    if let Some(wanted) = wanted.filter(|wanted| *wanted != is) {
        bail!(
            "ledger.index is \"{}\", and the ledger has its index in \"{}\": `tidewaiter ledger index {} {}` moves it",
            wanted.as_str(),
            is.as_str(),
            ledger.layout().root().display(),
            wanted.as_str()
        );
    }
    Ok(())
}

/// The way to the ledger that a folder is a copy of; `None`: it is a ledger of its own.
pub(super) fn place(dir: &Path) -> anyhow::Result<Option<Box<dyn Shared>>> {
    let file = Layout::new(dir).shared();
    if file.exists() { Ok(Some(place_of(&file)?.0)) } else { Ok(None) }
}

fn read(dir: &Path, key: &Key) -> anyhow::Result<Ledger> {
    let key = key.load()?;
    let ledger = match place(dir)? {
        None => Ledger::read(dir, &key),
        Some(place) => Ledger::read_shared(dir, &key, place),
    };
    ledger.context("open the ledger")
}

fn open(dir: &Path, key: &Key) -> anyhow::Result<Ledger> {
    let key = key.load()?;
    let opened = match place(dir)? {
        None => Ledger::open(dir, &key, Options::default()),
        Some(place) => Ledger::open_shared(dir, &key, Options::default(), place),
    };
    let (ledger, report) = opened.context("open the ledger")?;
    if let Some(cut) = report.cut {
        say(format_args!(
            "attention: a crash had left {} bytes of an unfinished record at byte {} of {}; they were cut off and kept in {}",
            cut.bytes,
            cut.offset,
            cut.file,
            ledger.layout().torn().display()
        ));
    }
    Ok(ledger)
}

/// The day, UTC.
pub(super) fn today() -> Date {
    jiff::Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// Whether screenings are recorded, and where.
#[derive(Clone, Debug, Default, clap::Args)]
pub(in crate::cli) struct Recording {
    /// Ledger that every screening is recorded in; `tidewaiter ledger init` makes one. Its exceptions apply. Replaces that of
    /// the configuration.
    #[arg(long, value_name = "DIR", env = "TIDEWAITER_LEDGER")]
    ledger: Option<PathBuf>,
    #[command(flatten)]
    key: Key,
    /// When an answer leaves: `durable`, when its record is on disk; `async`, at once; `off`, at once and without a record.
    /// The policy and, in a service, the caller can ask for more. Without it: as the configuration says, or else durable.
    #[arg(long, value_name = "WHEN", value_parser = evidence)]
    evidence: Option<EvidenceMode>,
}

fn evidence(word: &str) -> Result<EvidenceMode, String> {
    let words = || EvidenceMode::ALL.map(EvidenceMode::as_str).join(", ");
    EvidenceMode::parse(word).ok_or_else(|| format!("expected one of {}", words()))
}

impl Recording {
    /// Puts what is named over the ledger of a configuration.
    pub(in crate::cli) fn put_over(&self, ledger: &mut config::Ledger) {
        if let Some(dir) = &self.ledger {
            // The copy of another ledger has an address of its own.
            (ledger.dir, ledger.postgres_file, ledger.index) = (Some(dir.clone()), None, None);
        }
        if self.key.ledger_key.is_some() || self.key.ledger_key_command.is_some() {
            (ledger.key_file, ledger.key_command) = (self.key.ledger_key.clone(), self.key.ledger_key_command.clone());
        }
        ledger.evidence = self.evidence.unwrap_or(ledger.evidence);
    }

    /// Opens the ledger of the configuration with these over it, and puts its exceptions into the configuration; `None`
    /// where none is named. `has_callers`: callers may ask for more than configuration and policy do.
    pub(in crate::cli) fn open(&self, config: &mut Config, has_callers: bool) -> anyhow::Result<Option<Arc<Recorder>>> {
        self.put_over(&mut config.ledger);
        let base = files::policy(config.policy.as_deref(), config.ownership.as_deref())?;
        let Some(dir) = &config.ledger.dir else {
            refuse_without_ledger(&base)?;
            return Ok(None);
        };
        if let Some(file) = &config.ledger.postgres_file {
            join(dir, file)?;
        }
        let key = Key::of(&config.ledger);
        let records = has_callers || strictest(config.ledger.evidence, &base) != EvidenceMode::Off;
        // Whoever only reads the exceptions may do so beside the service.
        let ledger = if records { open(dir, &key)? } else { read(dir, &key)? };
        must_have_index_in(&ledger, config.ledger.index)?;
        let ownership = config.ownership.as_ref().filter(|_| records).map(std::fs::read).transpose();
        let ownership = ownership.context("read the ownership file")?;
        config.exceptions = ledger.suppressors().context("read the exceptions of the ledger")?;
        let recorder = Recorder::new(Arc::new(ledger), config.ledger.evidence, &base, ownership.as_deref())?;
        let asks = has_callers && config.ledger.rescreen;
        Ok(Some(Arc::new(if asks { recorder.asking_the_past()? } else { recorder })))
    }

    /// Whether a ledger is named.
    pub(in crate::cli) fn is_named(&self) -> bool {
        self.ledger.is_some()
    }
}

/// What opening the ledger of a configuration would say, without writing to it: a service may be doing that.
pub(in crate::cli) fn check(config: &Config) -> anyhow::Result<()> {
    let policy = files::policy(config.policy.as_deref(), None)?;
    match &config.ledger.dir {
        Some(dir) => must_have_index_in(&read(dir, &Key::of(&config.ledger))?, config.ledger.index),
        None => refuse_without_ledger(&policy),
    }
}

/// Refuses a policy that asks for evidence where none can be kept.
fn refuse_without_ledger(policy: &Policy) -> anyhow::Result<()> {
    if let Some(mode) = policy.evidence().filter(|mode| *mode != EvidenceMode::Off) {
        bail!(
            "the policy asks for evidence = \"{}\", and no ledger is named: give --ledger DIR (configuration: ledger.dir)",
            mode.as_str()
        );
    }
    Ok(())
}
