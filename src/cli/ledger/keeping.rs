//! `ledger init`, `settings`, `hold`, `erase`, `rebuild`.

use super::super::output::{OutputError, say};
use super::super::table::labelled;
use super::super::values::date;
use super::open::{Key, Place, join, place, place_of, today};
use crate::config::IndexIn;
use crate::wording::counted;
use anyhow::Context as _;
use jiff::civil::Date;
use ledger::record::Hold;
use ledger::settings::DEFAULT_SETTINGS;
use ledger::{Layout, Ledger, Options, new_master_key, rebuild};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Makes a ledger in a new folder, and its master key where the file named is not there yet.
///
/// Keep a copy of the master key elsewhere: without it nobody can read the ledger. Note the public key that is printed: whoever
/// checks proofs needs it.
#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// New or empty folder.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    #[command(flatten)]
    key: Key,
    /// Name of the ledger in signed tree heads, for example example.com/screening.
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
    /// File with the address of a Postgres database, postgres://USER:PASSWORD@HOST/NAME: the ledger is made there for several
    /// replicas, and DIR becomes a copy of it. Builds with the feature `ledger-postgres`.
    #[arg(long, value_name = "FILE")]
    postgres_file: Option<PathBuf>,
    /// Where the index is that records and cases are found by: `file`, beside each copy; `postgres`, in the database, which then
    /// holds the names of parties in clear, and where a new replica finds it made. `ledger index` moves it later.
    #[arg(long, value_name = "WHERE", default_value = "file", requires = "postgres_file")]
    index: IndexIn,
}

impl Init {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        if let Some(file) = self.key.file().filter(|file| !file.exists()) {
            new_master_key(file)?;
            say(format_args!("made the master key {}; keep a copy of it elsewhere", file.display()));
        }
        let (key, origin) = (self.key.load()?, self.origin.as_deref());
        let options = Options { has_shared_index: self.index == IndexIn::Postgres, ..Options::default() };
        let ledger = match &self.postgres_file {
            None => Ledger::init(&self.dir, &key, origin, options)?,
            Some(file) => {
                let (place, address) = place_of(file)?;
                Ledger::init_shared(&self.dir, &key, origin, options, (place, &address))?
            }
        };
        let key = ledger.vkey()?;
        writeln!(out, "ledger {} in {}\npublic key {key}", ledger.about().id, self.dir.display())
            .map_err(OutputError)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes a new folder a copy of a ledger that several replicas share in Postgres. A folder that is one already takes the
/// new address.
///
/// Every command that takes the folder of a ledger takes a copy, and asks and changes the shared ledger. Each process that writes
/// needs a copy of its own.
#[derive(Debug, clap::Args)]
pub(super) struct Join {
    /// New or empty folder.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// File with the address of the database, postgres://USER:PASSWORD@HOST/NAME.
    #[arg(long, value_name = "FILE")]
    postgres_file: PathBuf,
}

impl Join {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        match join(&self.dir, &self.postgres_file)? {
            true => say(format_args!("{} is a copy of the shared ledger", self.dir.display())),
            false => {
                say(format_args!("{} was a copy of the shared ledger; it remembers this address", self.dir.display()))
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Says where a ledger that several replicas share has its index, or moves it: into the database, or into a file beside each
/// copy.
///
/// The index holds the names of parties in clear. Moved into the database, it is filled by the replica that asks first, and each
/// replica removes its file. Moved into files, its tables are dropped, and each replica makes its file from its copy. Running
/// replicas follow within a second; nothing is stopped. The master key is not needed.
#[derive(Debug, clap::Args)]
pub(super) struct MoveIndex {
    /// Folder of a copy.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Where it is to be; without it, this says where it is.
    #[arg(value_name = "WHERE")]
    to: Option<IndexIn>,
}

impl MoveIndex {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let Some(mut place) = place(&self.dir)? else {
            anyhow::bail!("{} is no copy of a shared ledger: its index is in a file", self.dir.display());
        };
        let Some(to) = self.to else {
            let is = if place.tip()?.has_index { IndexIn::Postgres } else { IndexIn::File };
            writeln!(out, "{}", is.as_str()).map_err(OutputError)?;
            return Ok(ExitCode::SUCCESS);
        };
        place.move_index(to == IndexIn::Postgres)?;
        say(format_args!("the index of the ledger in {} is in \"{}\"", place.place(), to.as_str()));
        Ok(ExitCode::SUCCESS)
    }
}

/// Puts a file of settings into force: classes and years, reasons, what needs a second person. Without a file, prints
/// those in force.
#[derive(Debug, clap::Args)]
pub(super) struct PutSettings {
    #[command(flatten)]
    place: Place,
    /// File of settings (TOML).
    #[arg(value_name = "FILE", requires = "by")]
    file: Option<PathBuf>,
    /// Who puts them into force.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Prints the default settings with what each key means.
    #[arg(long, conflicts_with = "file")]
    default: bool,
}

impl PutSettings {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let Some((file, by)) = self.file.as_ref().zip(self.by.as_ref()) else {
            let path = Layout::new(&self.place.dir).settings();
            let text = match self.default {
                true => DEFAULT_SETTINGS.to_owned(),
                false => fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?,
            };
            out.write_all(text.as_bytes()).map_err(OutputError)?;
            return Ok(ExitCode::SUCCESS);
        };
        let text = fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
        self.place.write()?.set_settings(&text, &file.display().to_string(), by)?;
        say(format_args!("the settings of {} are in force", file.display()));
        Ok(ExitCode::SUCCESS)
    }
}

/// Lays a legal hold, lifts one, or lists those in force. What is held is not erased.
#[derive(Debug, clap::Args)]
pub(super) struct HoldArgs {
    #[command(flatten)]
    place: Place,
    /// Name of the hold; without it those in force are listed.
    #[arg(long, value_name = "NAME", requires_all = ["reason", "by"])]
    name: Option<String>,
    /// Hold the records of this shipment.
    #[arg(long, value_name = "REFERENCE", group = "what")]
    reference: Option<String>,
    /// Hold the records in which this party stands.
    #[arg(long, value_name = "NAME", group = "what")]
    party: Option<String>,
    /// Hold the records of this case.
    #[arg(long, value_name = "CASE", group = "what")]
    case: Option<String>,
    /// Lift the hold.
    #[arg(long, conflicts_with = "what")]
    lift: bool,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl HoldArgs {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let Some(name) = &self.name else {
            for hold in self.place.read()?.holds()? {
                let text = format!("{} {} ({}), by {}", hold.by, hold.value, hold.reason, hold.who);
                labelled(out, "", &hold.name, &text).map_err(OutputError)?;
            }
            return Ok(ExitCode::SUCCESS);
        };
        let what = [("reference", &self.reference), ("party", &self.party), ("case", &self.case)];
        let what = what.into_iter().find_map(|(by, value)| value.as_ref().map(|v| (by, v.clone())));
        let (by, value) = match (what, self.lift) {
            (Some(what), _) => what,
            (None, true) => ("", String::new()),
            (None, false) => anyhow::bail!("say what is held: --reference, --party or --case; or --lift"),
        };
        let ledger = self.place.write()?;
        ledger.hold(&Hold {
            name: name.clone(),
            by: by.to_owned(),
            value,
            reason: self.reason.clone().unwrap_or_default(),
            who: self.by.clone().unwrap_or_default(),
            is_lifted: self.lift,
        })?;
        say(format_args!("the hold `{name}` is {}", if self.lift { "lifted" } else { "in force" }));
        Ok(ExitCode::SUCCESS)
    }
}

/// Shows when records are due to be erased and what holds them; with --due, erases those that are.
///
/// Erasing destroys keys: nobody can read the records again, and the log still verifies.
#[derive(Debug, clap::Args)]
pub(super) struct Erase {
    #[command(flatten)]
    place: Place,
    /// Erase what is due.
    #[arg(long, requires = "by")]
    due: bool,
    /// Who asks for it.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// As if today were this day, YYYY-MM-DD; only to look ahead.
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with = "due")]
    on: Option<Date>,
}

impl Erase {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let day = self.on.unwrap_or_else(today);
        let (dues, word) = match (&self.by, self.due) {
            (Some(by), true) => (self.place.write()?.erase_due(day, by)?, "erased"),
            _ => (self.place.read()?.retention()?, "due"),
        };
        for due in &dues {
            let from = due.from.map_or_else(|| "never".to_owned(), |d| d.to_string());
            let state = match (due.held_by.as_slice(), due.is_due(day)) {
                ([], true) => word.to_owned(),
                ([], false) => format!("due from {from}"),
                (names, _) => format!("due from {from}, held by {}", names.join(", ")),
            };
            let records = counted(due.records, "screening", "screenings");
            let text = format!("key {}: {records}, {state} {}", due.info.key, due.because);
            labelled(out, "", &format!("{} {}", due.info.class, due.info.period), &text).map_err(OutputError)?;
        }
        if dues.is_empty() {
            say(format_args!("nothing is due on {day}"));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes again what follows from the log: offsets, tiles and the index.
#[derive(Debug, clap::Args)]
pub(super) struct Rebuild {
    #[command(flatten)]
    place: Place,
}

impl Rebuild {
    pub(super) fn run(&self, _out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let key = self.place.key.load()?;
        rebuild(&Layout::new(&self.place.dir), &key)?;
        let ledger = self.place.write()?;
        ledger.forget_index()?;
        say(format_args!("offsets, tiles and index are made again from {} records", ledger.size()));
        Ok(ExitCode::SUCCESS)
    }
}
