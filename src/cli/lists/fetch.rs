//! `lists fetch` and `lists accept`: what the data directory holds.

use super::super::loading::variables;
use super::super::output::OutputError;
use super::super::refresher::refresher;
use super::super::text::visible;
use super::place::Place;
use crate::config::Config;
use crate::wording::entries;
use anyhow::{Context as _, bail};
use jiff::Timestamp;
use lists::accepted;
use lists::store::Store;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

fn named(place: &Place) -> anyhow::Result<(Config, PathBuf)> {
    let config = Config::load(place.config.as_deref(), variables())?;
    let folder = place.data_dir.clone().or_else(|| config.lists.data_dir.clone());
    let folder = folder.context("no data directory: give --data-dir DIR, or lists.data_dir in the configuration")?;
    Ok((config, folder))
}

/// Fetches publications, a line for each; exit code 2 when one needs attention.
pub(super) fn fetch(out: &mut dyn Write, ids: &[String], place: &Place) -> anyhow::Result<ExitCode> {
    let (config, folder) = named(place)?;
    let store = Store::open(&folder).with_context(|| format!("open the data directory {}", folder.display()))?;
    let refresher = Arc::new(refresher(store, &config.refresh, ids)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("start the runtime")?;
    let all_well = runtime.block_on(async {
        let mut fetching = tokio::task::JoinSet::new();
        for at in 0..refresher.targets().len() {
            let refresher = Arc::clone(&refresher);
            fetching.spawn(async move { refresher.fetch(at, Timestamp::now()).await });
        }
        let mut all_well = true;
        while let Some(report) = fetching.join_next().await {
            let report = report.context("fetch")?;
            all_well &= !report.needs_attention();
            writeln!(out, "{}", visible(&report.to_string())).and_then(|()| out.flush()).map_err(OutputError)?;
        }
        anyhow::Ok(all_well)
    })?;
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// Puts a quarantined publication into force, or allows a list file as it is.
pub(super) fn accept(
    out: &mut dyn Write,
    what: (Option<&str>, Option<&Path>),
    note: &str,
    place: &Place,
) -> anyhow::Result<ExitCode> {
    let note = note.trim();
    if note.is_empty() {
        bail!("--note is empty: say why the publication is right");
    }
    let said = match what {
        (_, Some(list)) => {
            let accepted = accepted::accept(list, note, Timestamp::now())?;
            let (list, word) = (list.display(), accepted::path_of(list));
            let (held, word) = (entries(accepted.entries.into()), word.display());
            format!("{list}: accepted with {held}, noted in {word}; a running service uses it from its next reload")
        }
        (Some(id), None) => {
            let folder = named(place)?.1;
            let store = Store::existing(&folder).context("open the data directory")?;
            let held = store.accept(id, note, Timestamp::now())?;
            let held_entries: u64 = held.lists.iter().map(|l| u64::from(l.entries)).sum();
            format!(
                "{id}: the publication of {} is in force, {}; a running service uses it from its next reload",
                held.known_from(),
                entries(held_entries)
            )
        }
        (None, None) => bail!("nothing to accept: give the id of a publication, or --list PATH"),
    };
    writeln!(out, "{}", visible(&said)).and_then(|()| out.flush()).map_err(OutputError)?;
    Ok(ExitCode::SUCCESS)
}
