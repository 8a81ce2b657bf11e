//! `tidewaiter lists`: what is screened against.

mod common;
mod diff;
mod entry;
mod fetch;
mod place;
pub(super) mod status;

use super::output::{Format, OutputError};
use super::values::date;
use common::Common;
use jiff::civil::Date;
use place::Place;
use status::Form;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use wire::v1;

/// Shows the lists and their entries, fetches publications, and checks list files.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Shows which lists are in force, a line each: entries, dates, age, next check and state.
    ///
    /// `next check` is when the service, or one with this configuration, asks the publisher again; `due` when that time
    /// has passed, for example because no service runs.
    Status {
        /// Print everything that is known of each list: publisher, source, where it stands in the law, repairs.
        #[arg(long)]
        details: bool,
        /// Show what was known on this day, YYYY-MM-DD: which publication of each list, and which entries in force.
        #[arg(long, value_name = "DATE", value_parser = date, conflicts_with = "url")]
        as_of: Option<Date>,
        #[command(flatten)]
        common: Common,
    },
    /// Shows one entry as listed.
    Show {
        /// Id of the entry, with or without its list: ID or LIST/ID.
        #[arg(value_name = "ENTRY")]
        entry: String,
        #[command(flatten)]
        common: Common,
    },
    /// Finds entries by name, as screening does.
    Search {
        /// Name to look for.
        name: String,
        /// Most entries to show.
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=100))]
        limit: u8,
        #[command(flatten)]
        common: Common,
    },
    /// Fetches publications into a data directory. What is in force stays when anything is wrong.
    ///
    /// Prints one line for each publication. Exit code 2 when one could not be fetched or was quarantined.
    Fetch {
        /// Publications, by id. Without any: those of the configuration, or the default ones.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Puts a quarantined publication into force, or allows a list file that the guard keeps out, on your responsibility.
    ///
    /// A file is allowed as it is now: the note is written beside it, as FILE.accepted, and no longer counts once the list
    /// changes. A running service uses it from its next reload.
    Accept {
        /// Id of the publication.
        #[arg(required_unless_present = "list", conflicts_with = "list")]
        id: Option<String>,
        /// List file, as --list or lists.paths of the service names it.
        #[arg(long, value_name = "PATH")]
        list: Option<PathBuf>,
        /// Why it is right. The note is kept with the publication.
        #[arg(long, value_name = "TEXT")]
        note: String,
        #[command(flatten)]
        place: Place,
    },
    /// Shows which entries were added, removed and changed.
    Diff {
        /// Before: a list file, or a day (YYYY-MM-DD) of the data directory.
        before: String,
        /// After: a list file, or a day.
        after: String,
        /// Only this list, by its id.
        #[arg(long, value_name = "LIST")]
        only: Option<String>,
        /// Data directory; needed for days.
        #[arg(long, value_name = "DIR", env = "TIDEWAITER_DATA_DIR")]
        data_dir: Option<PathBuf>,
        /// Form of the answer.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Reads files as --list does, and reports what was found and repaired.
    Check {
        /// List files.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// Form of the report.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mut out = BufWriter::new(anstream::stdout());
        let printed = match &self.command {
            Command::Fetch { ids, place } => return fetch::fetch(&mut out, ids, place),
            Command::Accept { id, list, note, place } => {
                let what = (id.as_deref(), list.as_deref());
                return fetch::accept(&mut out, what, note, place);
            }
            Command::Diff { before, after, only, data_dir, format } => {
                let delta = diff::between(before, after, only.as_deref(), data_dir.as_deref())?;
                diff::print(&mut out, *format, &delta)
            }
            Command::Status { as_of: Some(day), details, common } => {
                let (lists, used) = status::on(&common.lists, *day)?;
                status::print(&mut out, common.format, form(*details), &lists)
                    .and_then(|()| status::print_used(&mut out, common.format, *day, &used))
            }
            Command::Status { as_of: None, details, common } => {
                let lists = match common.server.connect()? {
                    Some(mut remote) => remote.status()?,
                    None => status::now(&common.lists, &common.policy)?,
                };
                status::print(&mut out, common.format, form(*details), &lists)
            }
            Command::Show { entry, common } => {
                let (title, found) = entry::find(entry, common)?;
                let response = v1::GetEntryResponse { entry: Some(found) };
                entry::print(&mut out, common.format, &title, &response)
            }
            Command::Search { name, limit, common } => {
                let response = v1::SearchEntriesResponse { results: entry::search(name, *limit, common)? };
                entry::print_results(&mut out, common.format, &response)
            }
            Command::Check { files, format } => {
                status::print(&mut out, *format, Form::Details, &status::of_files(files)?)
            }
        };
        printed.and_then(|()| out.flush()).map_err(OutputError)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn form(details: bool) -> Form {
    if details { Form::Details } else { Form::Table }
}
