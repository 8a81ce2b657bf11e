//! `lists status` and `lists check`: which lists there are, how many entries they have, how old they are.

mod table;

use super::super::engine::{Lists, Packs, PolicyFile};
use super::super::in_force::{dated, duration};
use super::super::loading::sources;
use super::super::output::{Format, json_line};
use super::super::table::{identity, labelled};
use super::super::text::visible;
use crate::batch::screener::Identity;
use crate::config::{self, Config};
use crate::refresh::{self, Pace, PublicationState};
use crate::telemetry;
use crate::wording::{counted, entries, grouped, names};
use engine::screen::Use;
use jiff::Timestamp;
use jiff::civil::Date;
use lists::store::Store;
use lists::{Snapshot, Source};
use model::finding::ListUsed;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use wire::{list_age_to_wire, list_info_to_wire, v1};

/// The lists as they would be screened against now, with their ages and what the data directory quarantines.
pub(super) fn now(lists: &Lists, policy: &PolicyFile) -> anyhow::Result<v1::GetStatusResponse> {
    let loaded = lists.loaded(policy, &Packs::default(), Use::Few)?;
    let mut response = of_snapshot(&Identity::of(loaded.engine()), loaded.engine().snapshot());
    let ages: Vec<_> = loaded.ages(Timestamp::now()).into_iter().map(list_age_to_wire).collect();
    for list in &mut response.lists {
        list.age = ages.iter().find(|a| a.list == list.list).cloned();
    }
    response.linked = u32::try_from(loaded.engine().parties().duplicates()).unwrap_or(u32::MAX);
    response.load_ms = u32::try_from(loaded.took().as_millis()).unwrap_or(u32::MAX);
    response.resident_bytes = telemetry::resident_bytes().unwrap_or(0);
    response.missing = loaded.missing().to_vec();
    response.publications = publications(&lists.config()?)?;
    Ok(response)
}

/// What the data directory holds of each publication, and when a service with this configuration asks for the next one.
fn publications(config: &Config) -> anyhow::Result<Vec<v1::PublicationStatus>> {
    let Some(folder) = config.lists.data_dir.as_deref() else { return Ok(Vec::new()) };
    let refresh = &config.refresh;
    let keeps = refresh.enabled && refresh::CAN_FETCH;
    let wanted = if keeps { refresh::wanted(&refresh.publications) } else { BTreeSet::new() };
    let pace = Pace { interval: refresh.interval(), retry: refresh.retry(), seed: 0 };
    let store = Store::existing(folder)?;
    let states = refresh::states(&store, &wanted, keeps.then_some(&pace), Timestamp::now())?;
    Ok(states.iter().map(PublicationState::to_wire).collect())
}

/// The lists that were known on a day, and which publication of each was used.
pub(super) fn on(lists: &Lists, day: Date) -> anyhow::Result<(v1::GetStatusResponse, Vec<ListUsed>)> {
    let (snapshot, used) = known(&lists.sources()?, day)?;
    Ok((without_engine(&snapshot), used))
}

/// What reading these files comes to.
pub(super) fn of_files(files: &[PathBuf]) -> anyhow::Result<v1::GetStatusResponse> {
    let builtin = files.iter().any(|f| f.as_os_str() == "builtin");
    let paths = files.iter().filter(|f| f.as_os_str() != "builtin").cloned().collect();
    let files = config::Lists { paths, builtin, ..config::Lists::default() };
    Ok(without_engine(&lists::load(&sources(&files))?))
}

fn without_engine(snapshot: &Snapshot) -> v1::GetStatusResponse {
    of_snapshot(&Identity { snapshot: snapshot.fingerprint().to_owned(), ..Identity::default() }, snapshot)
}

fn of_snapshot(identity: &Identity, snapshot: &Snapshot) -> v1::GetStatusResponse {
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

/// In which form the lists are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A line a list.
    Table,
    /// Everything that is known of each.
    Details,
}

/// Prints the state of the lists.
pub(super) fn print(out: &mut dyn Write, format: Format, form: Form, status: &v1::GetStatusResponse) -> io::Result<()> {
    if format == Format::Json {
        return json_line(out, status);
    }
    match form {
        Form::Table => table::print(out, status, Timestamp::now())?,
        Form::Details => status.lists.iter().try_for_each(|list| print_list(out, list))?,
    }
    for attention in attention(status) {
        writeln!(out, "attention: {}", visible(&attention))?;
    }
    let lists = counted(status.lists.len() as u64, "list", "lists");
    writeln!(out, "{lists}, {}, {}", entries(status.entries.into()), names(status.names.into()))?;
    if status.load_ms > 0 {
        let memory = match status.resident_bytes >> 20 {
            0 => String::new(),
            mib => format!("; {} MiB in memory", grouped(mib)),
        };
        writeln!(out, "{} of a party that another entry lists too", entries(status.linked.into()))?;
        writeln!(out, "loaded and compiled in {} ms{memory}", grouped(status.load_ms.into()))?;
    }
    if status.engine.is_empty() {
        return writeln!(out, "snapshot {}", status.snapshot);
    }
    identity(out, &status.snapshot, &status.policy, &status.engine)
}

/// What a person should know of the lists: why a load failed, what is missing, what could not be fetched or is quarantined.
pub(in crate::cli) fn attention(status: &v1::GetStatusResponse) -> Vec<String> {
    let of_load = Some(&status.last_failure).filter(|f| !f.is_empty()).into_iter().chain(&status.missing).cloned();
    let of_publications = status.publications.iter().flat_map(|p| {
        let said = [&p.quarantined, &p.last_failure].into_iter().filter(|s| !s.is_empty());
        said.map(|said| format!("{}: {said}", p.publication))
    });
    of_load.chain(of_publications).collect()
}

fn print_list(out: &mut dyn Write, list: &v1::ListStatus) -> io::Result<()> {
    writeln!(out, "{}  {}", list.list, visible(&list.title))?;
    let mut held = format!("{}, {}", entries(list.entries.into()), names(list.names.into()));
    if list.records > 0 && list.records != list.entries {
        held.push_str(&format!(", from {} of the file", counted(list.records.into(), "record", "records")));
    }
    labelled(out, "  ", "entries", &held)?;
    let published = if list.published.is_empty() { "the file gives no date" } else { &list.published };
    labelled(out, "  ", "publisher", &list.publisher)?;
    labelled(out, "  ", "published", published)?;
    if !list.read.is_empty() {
        labelled(out, "  ", "read", &list.read)?;
    }
    labelled(out, "  ", "source", &list.source)?;
    if !list.note.is_empty() {
        labelled(out, "  ", "note", &list.note)?;
    }
    if let Some(age) = &list.age {
        labelled(out, "  ", "age", &age_in_words(age))?;
    }
    let repairs: Vec<_> = list.repairs.iter().map(|r| format!("{} {}", grouped(r.count.into()), r.kind)).collect();
    if repairs.is_empty() { Ok(()) } else { labelled(out, "  ", "repairs", &repairs.join(", ")) }
}

/// Which publication of each list was known on the day.
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
            None => {
                writeln!(out, "  {}: no stored publication is that old; the entries' own dates were used", used.list)?;
            }
        }
    }
    Ok(())
}

/// What was known on a day, and the entries of it that were in force.
fn known(sources: &[Source], day: Date) -> anyhow::Result<(Snapshot, Vec<ListUsed>)> {
    let (known, used) = lists::known_on(sources, day)?;
    let now = lists::load(sources)?;
    // An entry that became known later, with effect for that day, was in force; the other entries of later
    // publications are left to their own dates too.
    Ok((now.with_dropped(&known).in_force_on(day), used))
}

/// The age of a list, for reading.
fn age_in_words(age: &v1::ListAge) -> String {
    if age.since.is_empty() {
        return "unknown: neither the file nor the data directory gives a date".to_owned();
    }
    let limit = if age.limit_hours == 0 { String::new() } else { format!(", limit {}", duration(age.limit_hours)) };
    let stale = match (age.is_stale, age.is_old) {
        (true, _) => ": stale",
        (_, true) => ": older than a fetched copy may be",
        _ => "",
    };
    format!("{}{limit}{stale}; {}", duration(age.age_hours), dated(age))
}
