//! `lists show` and `lists search`: single entries.

use super::super::output::{Format, json_line};
use super::super::table::{effect_in_words, labelled};
use super::super::text::visible;
use super::common::Common;
use anyhow::Context as _;
use engine::screen::{Scratch, SearchHit};
use std::io::{self, Write};
use wire::{entry_to_wire, v1};

/// One entry and the title of its list, empty where a service answers.
pub(super) fn find(wanted: &str, common: &Common) -> anyhow::Result<(String, v1::Entry)> {
    let (list, id) = wanted.split_once('/').unwrap_or(("", wanted));
    if let Some(mut remote) = common.server.connect()? {
        return Ok((String::new(), remote.entry(list, id)?));
    }
    let snapshot = common.lists.load()?;
    // An id may hold a slash itself.
    let found = snapshot.entry(Some(list).filter(|l| !l.is_empty()), id).or_else(|| snapshot.entry(None, wanted));
    let found = found.with_context(|| format!("no loaded list has an entry {wanted:?}"))?;
    Ok((snapshot.title(&found.list).to_owned(), entry_to_wire(found)))
}

/// The entries whose names are most like `name`, best first.
pub(super) fn search(name: &str, limit: u8, common: &Common) -> anyhow::Result<Vec<v1::SearchResult>> {
    if let Some(mut remote) = common.server.connect()? {
        return Ok(remote.search(name, u32::from(limit))?);
    }
    let engine = common.lists.engine(&common.policy)?;
    let hits = engine.search(name, usize::from(limit), &mut Scratch::default());
    let result = |hit: &SearchHit<'_>| v1::SearchResult {
        entry: Some(entry_to_wire(hit.entry)),
        score: hit.score.get().into(),
        matched_name: hit.matched_name.to_owned(),
    };
    Ok(hits.iter().map(result).collect())
}

/// Prints what a search found.
pub(super) fn print_results(
    out: &mut dyn Write,
    format: Format,
    response: &v1::SearchEntriesResponse,
) -> io::Result<()> {
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
    if response.results.is_empty() { writeln!(out, "no entry has a name like that") } else { Ok(()) }
}

/// Prints one entry as listed.
pub(super) fn print(
    out: &mut dyn Write,
    format: Format,
    title: &str,
    response: &v1::GetEntryResponse,
) -> io::Result<()> {
    let Some(entry) = response.entry.as_ref().filter(|_| format == Format::Table) else {
        return json_line(out, response);
    };
    let primary = entry.names.first().map_or("", |n| n.text.as_str());
    writeln!(out, "{}  [{}/{}]", visible(primary), entry.list, visible(&entry.id))?;
    let mut line = |label: &str, text: &str| if text.is_empty() { Ok(()) } else { labelled(out, "  ", label, text) };
    line("list", title)?;
    line("effect", effect_in_words(entry.effect()))?;
    line("kind", &entry.kind().as_str_name().to_ascii_lowercase())?;
    for name in entry.names.iter().skip(1) {
        let weak = if name.weak { ", weak" } else { "" };
        let script =
            if matches!(name.script.as_str(), "" | "Latn") { String::new() } else { format!(", {}", name.script) };
        line("name", &format!("{} ({}{weak}{script})", name.text, name.kind().as_str_name().to_ascii_lowercase()))?;
    }
    for id in &entry.identifiers {
        line("identifier", &format!("{} {} {}", id.r#type().as_str_name(), id.value, id.country))?;
    }
    for address in &entry.addresses {
        line("address", &format!("{} {}", address.text, address.country))?;
    }
    line("countries", &entry.countries.join(", "))?;
    for relation in &entry.relations {
        let kind = relation.kind().as_str_name().to_ascii_lowercase().replace('_', " ");
        let share = relation.share.map(|s| format!(", {}.{} %", s / 10, s % 10)).unwrap_or_default();
        let id = if relation.id.is_empty() { String::new() } else { format!(" [{}]", relation.id) };
        line("relation", &format!("{kind} {}{id}{share}", relation.name))?;
    }
    line("programmes", &entry.programmes.join("; "))?;
    line("citations", &entry.citations.join("; "))?;
    line("licence", &entry.licence_requirement)?;
    line("review", &entry.licence_policy)?;
    line("effective", &entry.effective)?;
    line("published", &entry.published)?;
    line("ends", &entry.ends)?;
    line("born", &entry.births.join("; "))?;
    line("remarks", &entry.remarks)?;
    line("source", &entry.source_url)?;
    line("read on", &entry.read_on)
}
