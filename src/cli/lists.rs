//! `tidewaiter lists`: what is screened against.

mod current;

pub(super) use current::refresher;

use super::engine::{Lists, PolicyFile, Server};
use super::screen::json_line;
use super::table::{effect_in_words, identity, labelled};
use super::text::visible;
use super::{Format, OutputError};
use crate::batch::report::grouped;
use crate::batch::screener::Identity;
use crate::service::grpc::client::Remote;
use crate::telemetry;
use anyhow::Context as _;
use engine::screen::{Scratch, SearchHit};
use jiff::Timestamp;
use jiff::civil::Date;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use wire::{entry_to_wire, list_age_to_wire, list_info_to_wire, v1};

/// Shows the lists, their rows, and what reading a file comes to.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Says which lists are in force.
    Status {
        /// Say which publication of each list was known on this day, and which rows were in force, YYYY-MM-DD.
        #[arg(long, value_name = "DATE", value_parser = super::screen::date, conflicts_with = "url")]
        as_of: Option<Date>,
        #[command(flatten)]
        common: Common,
    },
    /// Shows one row as listed.
    Show {
        /// Id of the row, with or without its list: ID or LIST/ID.
        #[arg(value_name = "ENTRY")]
        entry: String,
        #[command(flatten)]
        common: Common,
    },
    /// Finds rows by name, as screening does.
    Search {
        /// Name to look for.
        name: String,
        /// How many rows to show at most.
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=100))]
        limit: u8,
        #[command(flatten)]
        common: Common,
    },
    /// Fetches publications into a data directory; those in force stay when anything is wrong.
    ///
    /// Prints one line for each. Exit code 2 when one could not be fetched or was quarantined.
    Fetch {
        /// Publications, by id; without any those of the configuration, or the default ones.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Puts a quarantined publication into force, by your word.
    Accept {
        /// Id of the publication.
        id: String,
        /// Why; it is kept with the publication.
        #[arg(long, value_name = "TEXT")]
        note: String,
        #[command(flatten)]
        place: Place,
    },
    /// Says which rows came, went and changed.
    Diff {
        /// Before: a list file, or a day (YYYY-MM-DD) of the data directory.
        before: String,
        /// After: likewise.
        after: String,
        /// Only this list, by its id.
        #[arg(long, value_name = "LIST")]
        only: Option<String>,
        /// Data directory, for days.
        #[arg(long, value_name = "DIR", env = "TIDEWAITER_DATA_DIR")]
        data_dir: Option<PathBuf>,
        /// Form of the answer.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Reads files as --list would and reports what was found and repaired.
    Check {
        /// List files.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<String>,
        /// Form of the report.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// Where fetched lists are kept.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// Data directory; over that of the configuration.
    #[arg(long, value_name = "DIR", env = "TIDEWAITER_DATA_DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// Configuration file of `serve`.
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_CONFIG")]
    pub(super) config: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct Common {
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    policy: PolicyFile,
    #[command(flatten)]
    server: Server,
    /// Form of the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Common {
    fn remote(&self) -> anyhow::Result<Option<Remote>> {
        self.server.connect()
    }
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mut out = BufWriter::new(anstream::stdout());
        let printed = match &self.command {
            Command::Fetch { ids, place } => return current::fetch(&mut out, ids, place),
            Command::Accept { id, note, place } => return current::accept(&mut out, id, note, place),
            Command::Diff { before, after, only, data_dir, format } => {
                let delta = current::diff(before, after, only.as_deref(), data_dir.as_deref())?;
                current::print_delta(&mut out, *format, &delta)
            }
            Command::Status { as_of: Some(day), common } => {
                let (snapshot, used) = current::known(&common.lists.sources(), *day)?;
                let identity = Identity { snapshot: snapshot.fingerprint().to_owned(), ..Identity::default() };
                print_status(&mut out, common.format, &status(&identity, &snapshot))
                    .and_then(|()| current::print_used(&mut out, common.format, *day, &used))
            }
            Command::Status { common, .. } => {
                let response = match common.remote()? {
                    Some(mut remote) => remote.status()?,
                    None => {
                        let loaded = common.lists.loaded(&common.policy, engine::rule::Rules::builtin())?;
                        let mut response = status(&Identity::of(loaded.engine()), loaded.engine().snapshot());
                        let ages: Vec<_> = loaded.ages(Timestamp::now()).into_iter().map(list_age_to_wire).collect();
                        for list in &mut response.lists {
                            list.age = ages.iter().find(|a| a.list == list.list).cloned();
                        }
                        response.linked = u32::try_from(loaded.engine().parties().duplicates()).unwrap_or(u32::MAX);
                        response.load_ms = u32::try_from(loaded.took().as_millis()).unwrap_or(u32::MAX);
                        response.resident_bytes = telemetry::resident_bytes().unwrap_or(0);
                        current::add_apart(&mut response, common.lists.data_dir.as_deref())?;
                        response
                    }
                };
                print_status(&mut out, common.format, &response)
            }
            Command::Show { entry, common } => {
                let (list, id) = entry.split_once('/').unwrap_or(("", entry));
                let (title, entry) = match common.remote()? {
                    Some(mut remote) => (String::new(), remote.entry(list, id)?),
                    None => {
                        let snapshot = common.lists.load()?;
                        // An id may hold a slash itself.
                        let found = snapshot.entry(Some(list).filter(|l| !l.is_empty()), id);
                        let found = found.or_else(|| snapshot.entry(None, entry));
                        let found = found.with_context(|| format!("no loaded list has an entry {entry:?}"))?;
                        (snapshot.title(&found.list).to_owned(), entry_to_wire(found))
                    }
                };
                print_entry(&mut out, common.format, &title, &v1::GetEntryResponse { entry: Some(entry) })
            }
            Command::Search { name, limit, common } => {
                let results = match common.remote()? {
                    Some(mut remote) => remote.search(name, u32::from(*limit))?,
                    None => {
                        let engine = common.lists.engine(&common.policy)?;
                        let hits = engine.search(name, usize::from(*limit), &mut Scratch::default());
                        let result = |hit: &SearchHit<'_>| v1::SearchResult {
                            entry: Some(entry_to_wire(hit.entry)),
                            score: hit.score.get().into(),
                            matched_name: hit.matched_name.to_owned(),
                        };
                        hits.iter().map(result).collect()
                    }
                };
                print_results(&mut out, common.format, &v1::SearchEntriesResponse { results })
            }
            Command::Check { files, format } => {
                let snapshot = Lists { lists: files.clone(), data_dir: None }.load()?;
                let identity = Identity { snapshot: snapshot.fingerprint().to_owned(), ..Identity::default() };
                print_status(&mut out, *format, &status(&identity, &snapshot))
            }
        };
        printed.and_then(|()| out.flush()).map_err(OutputError)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn status(identity: &Identity, snapshot: &lists::Snapshot) -> v1::GetStatusResponse {
    let lists: Vec<_> = snapshot.lists().iter().map(list_info_to_wire).collect();
    v1::GetStatusResponse {
        snapshot: identity.snapshot.clone(),
        entries: lists.iter().map(|l| l.entries).sum(),
        names: lists.iter().map(|l| l.names).sum(),
        lists,
        policy: identity.policy.clone(),
        engine: identity.engine.clone(),
        ..Default::default()
    }
}

fn print_status(out: &mut dyn Write, format: Format, status: &v1::GetStatusResponse) -> io::Result<()> {
    if format == Format::Json {
        return json_line(out, status);
    }
    for list in &status.lists {
        writeln!(out, "{}  {}", list.list, visible(&list.title))?;
        let mut rows = format!("{} rows, {} names", grouped(list.entries.into()), grouped(list.names.into()));
        if list.records > 0 && list.records != list.entries {
            rows.push_str(&format!(", from {} records of the file", grouped(list.records.into())));
        }
        labelled(out, "  ", "rows", &rows)?;
        let published = if list.published.is_empty() { "the file gives no date" } else { &list.published };
        labelled(out, "  ", "publisher", &list.publisher)?;
        labelled(out, "  ", "published", published)?;
        labelled(out, "  ", "source", &list.source)?;
        if let Some(age) = &list.age {
            labelled(out, "  ", "age", &current::age_in_words(age))?;
        }
        let repairs: Vec<_> = list.repairs.iter().map(|r| format!("{} {}", grouped(r.count.into()), r.kind)).collect();
        if !repairs.is_empty() {
            labelled(out, "  ", "repairs", &repairs.join(", "))?;
        }
    }
    if !status.last_failure.is_empty() {
        writeln!(out, "attention: {}", visible(&status.last_failure))?;
    }
    let (entries, names) = (grouped(status.entries.into()), grouped(status.names.into()));
    writeln!(out, "{} lists, {entries} rows, {names} names", status.lists.len())?;
    if status.load_ms > 0 {
        let memory = match status.resident_bytes >> 20 {
            0 => String::new(),
            mib => format!("; {} MiB in memory", grouped(mib)),
        };
        writeln!(out, "{} rows repeat a party of another row", grouped(status.linked.into()))?;
        writeln!(out, "loaded and compiled in {} ms{memory}", grouped(status.load_ms.into()))?;
    }
    if status.engine.is_empty() {
        return writeln!(out, "snapshot {}", status.snapshot);
    }
    identity(out, &status.snapshot, &status.policy, &status.engine)
}

fn print_results(out: &mut dyn Write, format: Format, response: &v1::SearchEntriesResponse) -> io::Result<()> {
    if format == Format::Json {
        return json_line(out, response);
    }
    for result in &response.results {
        let Some(entry) = &result.entry else { continue };
        let primary = entry.names.first().map_or("", |n| n.text.as_str());
        writeln!(out, "{:>4}  {}  [{}/{}]", result.score, visible(primary), entry.list, visible(&entry.id))?;
        if result.matched_name != primary {
            writeln!(out, "      as {}", visible(&result.matched_name))?;
        }
    }
    if response.results.is_empty() { writeln!(out, "no row has a name like it") } else { Ok(()) }
}

fn print_entry(out: &mut dyn Write, format: Format, title: &str, response: &v1::GetEntryResponse) -> io::Result<()> {
    let Some(entry) = response.entry.as_ref().filter(|_| format == Format::Table) else {
        return json_line(out, response);
    };
    let primary = entry.names.first().map_or("", |n| n.text.as_str());
    writeln!(out, "{}  [{}/{}]", visible(primary), entry.list, visible(&entry.id))?;
    let mut row = |label: &str, text: &str| if text.is_empty() { Ok(()) } else { labelled(out, "  ", label, text) };
    row("list", title)?;
    row("effect", effect_in_words(entry.effect()))?;
    row("kind", &entry.kind().as_str_name().to_ascii_lowercase())?;
    for name in entry.names.iter().skip(1) {
        let weak = if name.weak { ", weak" } else { "" };
        let script =
            if matches!(name.script.as_str(), "" | "Latn") { String::new() } else { format!(", {}", name.script) };
        row("name", &format!("{} ({}{weak}{script})", name.text, name.kind().as_str_name().to_ascii_lowercase()))?;
    }
    for id in &entry.identifiers {
        row("identifier", &format!("{} {} {}", id.r#type().as_str_name(), id.value, id.country))?;
    }
    for address in &entry.addresses {
        row("address", &format!("{} {}", address.text, address.country))?;
    }
    row("countries", &entry.countries.join(", "))?;
    for relation in &entry.relations {
        let kind = relation.kind().as_str_name().to_ascii_lowercase().replace('_', " ");
        let share = relation.share.map(|s| format!(", {}.{} %", s / 10, s % 10)).unwrap_or_default();
        let id = if relation.id.is_empty() { String::new() } else { format!(" [{}]", relation.id) };
        row("relation", &format!("{kind} {}{id}{share}", relation.name))?;
    }
    row("programmes", &entry.programmes.join("; "))?;
    row("citations", &entry.citations.join("; "))?;
    row("licence", &entry.licence_requirement)?;
    row("review", &entry.licence_policy)?;
    row("effective", &entry.effective)?;
    row("published", &entry.published)?;
    row("ends", &entry.ends)?;
    row("born", &entry.births.join("; "))?;
    row("remarks", &entry.remarks)?;
    row("source", &entry.source_url)?;
    row("read on", &entry.read_on)
}
