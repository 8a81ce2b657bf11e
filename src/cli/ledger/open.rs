//! Which ledger, with which key.

use super::super::output::say;
use crate::config::Config;
use crate::evidence::Recorder;
use anyhow::{Context as _, bail};
use current::files;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::{Evidence, Ledger, MasterKey, Options};
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
    pub(super) fn file(&self) -> Option<&Path> {
        self.ledger_key.as_deref()
    }

    pub(super) fn load(&self) -> anyhow::Result<MasterKey> {
        match (&self.ledger_key, &self.ledger_key_command) {
            (Some(file), _) => Ok(MasterKey::from_file(file)?),
            (None, Some(command)) => Ok(MasterKey::from_command(command)?),
            (None, None) => {
                bail!("the ledger needs its master key: give --ledger-key FILE or --ledger-key-command COMMAND")
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
        Ledger::read(&self.dir, &self.key.load()?).context("open the ledger")
    }

    /// Opens it for writing.
    pub(super) fn write(&self) -> anyhow::Result<Ledger> {
        open(&self.dir, &self.key)
    }
}

fn open(dir: &Path, key: &Key) -> anyhow::Result<Ledger> {
    let (ledger, report) = Ledger::open(dir, &key.load()?, Options::default()).context("open the ledger")?;
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
    /// Ledger that every screening is recorded in; `tidewaiter ledger init` makes one. Its exceptions apply.
    #[arg(long, value_name = "DIR", env = "TIDEWAITER_LEDGER")]
    ledger: Option<PathBuf>,
    #[command(flatten)]
    key: Key,
    /// When an answer leaves: `durable`, when its record is on disk; `async`, at once; `off`, at once and without a record.
    #[arg(long, value_name = "WHEN", default_value = "durable", value_parser = evidence)]
    evidence: Evidence,
}

fn evidence(word: &str) -> Result<Evidence, String> {
    let words = || Evidence::WORDS.map(|(word, _)| word).join(", ");
    Evidence::parse(word).ok_or_else(|| format!("expected one of {}", words()))
}

impl Recording {
    /// Opens the ledger that is named, and puts its exceptions into the configuration; `None` where none is named.
    pub(in crate::cli) fn open(&self, config: &mut Config) -> anyhow::Result<Option<Arc<Recorder>>> {
        let Some(dir) = &self.ledger else { return Ok(None) };
        let ledger = Arc::new(open(dir, &self.key)?);
        let base = files::policy(config.policy.as_deref(), config.ownership.as_deref())?;
        let ownership = config.ownership.as_ref().map(std::fs::read).transpose().context("read the ownership file")?;
        config.exceptions = ledger.suppressors().context("read the exceptions of the ledger")?;
        let recorder = Recorder::new(ledger, self.evidence, &base, ownership.as_deref())?;
        Ok(Some(Arc::new(recorder)))
    }

    /// Whether a ledger is named.
    pub(in crate::cli) fn is_named(&self) -> bool {
        self.ledger.is_some()
    }
}
