//! Fetching lists, accepting what was kept apart, and comparing states of the lists.

use super::super::serve;
use super::super::table::labelled;
use super::super::text::visible;
use super::super::{Format, OutputError};
use super::Place;
use crate::batch::report::grouped;
use crate::cli::screen::json_line;
use crate::config::{Config, Refresh};
use crate::refresh::{Bounds, Client, Refresher, Target};
use anyhow::{Context as _, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use lists::guard::Limits;
use lists::store::{Retention, Store};
use lists::{Delta, Snapshot, Source};
use model::finding::ListUsed;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use wire::{delta_to_wire, v1};

/// Keeps the lists of `store` current as the configuration asks for; `ids` instead of its publications.
pub(in crate::cli) fn refresher(store: Store, refresh: &Refresh, ids: &[String]) -> anyhow::Result<Refresher> {
    let ids = if ids.is_empty() { &refresh.publications } else { ids };
    let targets = Target::choose(ids, |id| refresh.mirrors.get(id).cloned())?;
    let bounds = Bounds { bytes: (refresh.max_file_mib as u64) << 20, total: refresh.timeout(), ..Bounds::default() };
    let client = Client::new(bounds).context("start the client")?;
    let percent = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let limits =
        Limits { shrink_percent: percent(refresh.shrink_percent), grow_percent: percent(refresh.grow_percent) };
    let retention = Retention { days: percent(refresh.keep_days), ..Retention::default() };
    Ok(Refresher::new(store, targets, client, limits, retention))
}

fn opened(place: &Place) -> anyhow::Result<(Config, Store)> {
    let config = Config::load(place.config.as_deref(), serve::variables())?;
    let folder = place.data_dir.clone().or_else(|| config.lists.data_dir.clone());
    let folder = folder.context("no data directory: give --data-dir DIR, or lists.data_dir in the configuration")?;
    let store = Store::open(&folder).with_context(|| format!("open the data directory {}", folder.display()))?;
    Ok((config, store))
}

pub(super) fn fetch(out: &mut dyn Write, ids: &[String], place: &Place) -> anyhow::Result<ExitCode> {
    let (config, store) = opened(place)?;
    let refresher = Arc::new(refresher(store, &config.refresh, ids)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("start the reactor")?;
    let is_well = runtime.block_on(async {
        let mut fetching = tokio::task::JoinSet::new();
        for at in 0..refresher.targets().len() {
            let refresher = Arc::clone(&refresher);
            fetching.spawn(async move { refresher.fetch(at, Timestamp::now()).await });
        }
        let mut is_well = true;
        while let Some(report) = fetching.join_next().await {
            let report = report.context("fetch")?;
            is_well &= !report.needs_attention();
            writeln!(out, "{}", visible(&report.to_string())).and_then(|()| out.flush()).map_err(OutputError)?;
        }
        anyhow::Ok(is_well)
    })?;
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

pub(super) fn accept(out: &mut dyn Write, id: &str, note: &str, place: &Place) -> anyhow::Result<ExitCode> {
    if note.trim().is_empty() {
        bail!("--note says nothing; say why the publication is right");
    }
    let (_, store) = opened(place)?;
    let held = store.accept(id, note.trim(), Timestamp::now())?;
    let rows: u64 = held.lists.iter().map(|l| u64::from(l.entries)).sum();
    let day = held.known_from();
    writeln!(
        out,
        "{id}: the publication of {day} is in force, {} rows; a running service takes it over with its next \
        reload",
        grouped(rows)
    )
    .and_then(|()| out.flush())
    .map_err(OutputError)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn diff(before: &str, after: &str, only: Option<&str>, data_dir: Option<&Path>) -> anyhow::Result<Delta> {
    let state = |text: &str| -> anyhow::Result<Snapshot> {
        let day: Option<Date> = text.parse().ok().filter(|_| text.len() == 10);
        let Some(day) = day else { return Ok(lists::load(&[Source::Path(PathBuf::from(text))])?) };
        let folder = data_dir.context("a day needs a data directory: give --data-dir DIR")?;
        let source = Source::StoreOn(folder.to_owned(), day);
        lists::load(&[source]).with_context(|| format!("no publication was known on {day}"))
    };
    let delta = Delta::between(&state(before)?, &state(after)?, only);
    Ok(delta)
}

pub(super) fn print_delta(out: &mut dyn Write, format: Format, delta: &Delta) -> io::Result<()> {
    if format == Format::Json {
        return json_line(out, &delta_to_wire(delta));
    }
    for list in &delta.lists {
        writeln!(
            out,
            "{}: {} added, {} removed, {} changed, {} unchanged",
            list.list,
            grouped(list.added.len() as u64),
            grouped(list.removed.len() as u64),
            grouped(list.changed.len() as u64),
            grouped(list.unchanged.into())
        )?;
        for (sign, rows) in [("+", &list.added), ("-", &list.removed)] {
            for entry in rows {
                writeln!(out, "  {sign} {}  [{}]", visible(entry.primary_name()), visible(&entry.id))?;
            }
        }
        for change in &list.changed {
            let before = change.previous_id.as_ref().map_or_else(String::new, |id| format!(", before {}", visible(id)));
            writeln!(out, "  ~ {}  [{}{before}]", visible(&change.name), visible(&change.id))?;
            for field in &change.fields {
                for (sign, values) in [("-", &field.removed), ("+", &field.added)] {
                    for value in values {
                        labelled(out, "      ", field.field, &format!("{sign} {value}"))?;
                    }
                }
            }
        }
    }
    if delta.lists.is_empty() { writeln!(out, "no difference") } else { Ok(()) }
}

/// What was known on a day, and the rows of it that were in force.
pub(super) fn known(sources: &[Source], day: Date) -> anyhow::Result<(Snapshot, Vec<ListUsed>)> {
    let (known, used) = lists::known_on(sources, day)?;
    let now = lists::load(sources)?;
    // A row that became known later, with effect for that day, was in force; the other rows of later publications are
    // left to their own dates too.
    Ok((now.with_dropped(&known).in_force_on(day), used))
}

pub(super) fn print_used(out: &mut dyn Write, format: Format, day: Date, used: &[ListUsed]) -> io::Result<()> {
    if format == Format::Json {
        return Ok(());
    }
    writeln!(out, "known on {day}:")?;
    for used in used {
        match &used.publication {
            Some(p) => {
                let published = p.published.map_or_else(String::new, |d| format!("published {d}, "));
                writeln!(out, "  {}: {published}fetched {}, sha256 {}", used.list, p.fetched_at, p.sha256)?;
            }
            None => writeln!(out, "  {}: no stored publication is that old; the rows' own dates decide", used.list)?,
        }
    }
    Ok(())
}

/// Adds to the state what is kept apart, and what the last attempts failed of.
pub(super) fn add_apart(response: &mut v1::GetStatusResponse, data_dir: Option<&Path>) -> anyhow::Result<()> {
    let Some(folder) = data_dir else { return Ok(()) };
    let mut told = Vec::new();
    for record in Store::open(folder)?.records()? {
        for held in record.quarantined() {
            let (id, reasons) = (&record.publication, held.reasons.join("; "));
            told.push(format!("{id}: the publication of {} is quarantined: {reasons}", held.known_from()));
        }
        if let Some(last) = record.last.as_ref().filter(|_| record.failures > 0) {
            let failures = match record.failures {
                1 => "one failure, at".to_owned(),
                many => format!("{many} failures, the last at"),
            };
            told.push(format!("{}: {failures} {}: {}", record.publication, last.at, last.line));
        }
    }
    response.last_failure = told.join(". ");
    Ok(())
}

/// The age of a list, for reading.
pub(super) fn age_in_words(age: &v1::ListAge) -> String {
    if age.since.is_empty() {
        return "nothing says how old it is".to_owned();
    }
    let hours = |h: u32| if h < 72 { format!("{h} hours") } else { format!("{} days", h / 24) };
    let limit = if age.limit_hours == 0 { String::new() } else { format!(", {} allowed", hours(age.limit_hours)) };
    let stale = if age.is_stale { ": stale" } else { "" };
    format!("{}{limit}{stale}", hours(age.age_hours))
}
