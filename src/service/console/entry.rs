//! The page of one entry.

use super::desk::html;
use super::visit::Visit;
use super::words;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::questions::quick;
use crate::service::web::listed::relation_words;
use ::console::{EntryPage, Fact, Link, NameRow, Script, Shell, Tab};
use axum::extract::Path;
use axum::response::Response;
use engine::screen::Engine;
use model::entry::Entry;

/// The page.
pub(super) async fn page(visit: Visit, Path((list, id)): Path<(String, String)>) -> Result<Response, Failure> {
    visit.needs(Scope::Lists)?;
    let shell = visit.shell(Tab::Other);
    let shared = &visit.console.web.shared;
    let loaded = shared.loaded()?;
    let history = history_url(&visit, &list, &id);
    let answer = shared.pool.submit(quick(&visit.asked), move |_, _| {
        let engine = loaded.engine();
        let entry = engine.snapshot().entry(Some(&list), &id).ok_or(Failure::EntryNotFound)?;
        Ok(EntryPage { history, ..model(engine, entry, shell) })
    });
    Ok(html(&answer.await?))
}

/// Where its history stands; empty where no publications are kept.
fn history_url(visit: &Visit, list: &str, id: &str) -> String {
    match visit.console.web.shared.current.store() {
        Some(_) => words::entry_url(list, id).replacen("/entries/", "/history/", 1),
        None => String::new(),
    }
}

fn fact(label: &str, value: impl AsRef<str>) -> Fact {
    Fact { label: label.to_owned(), value: words::shown(value.as_ref()) }
}

fn model(engine: &Engine, entry: &Entry, shell: Shell) -> EntryPage {
    let list = engine.snapshot().title(&entry.list).to_owned();
    let country = |c: Option<model::country::Country>| c.map_or("", |c| c.name());
    let address = |a: &model::entry::Address| {
        let text = if a.text.is_empty() { country(a.country) } else { &a.text };
        fact(if a.text.is_empty() { "" } else { country(a.country) }, text)
    };
    let relation = |r: &model::entry::Relation| {
        let share = r.share.map(|s| format!(", {}.{} %", s / 10, s % 10)).unwrap_or_default();
        let name = if r.name.is_empty() { r.id.clone().unwrap_or_default() } else { r.name.clone() };
        fact(relation_words(r.kind), format!("{name}{share}"))
    };
    let texts = [
        ("Licence requirement", entry.licence_requirement.clone().unwrap_or_default()),
        ("Licence review policy", entry.licence_policy.clone().unwrap_or_default()),
        ("Remarks", entry.remarks.clone()),
    ];
    let is_link = entry.source_url.starts_with("https://") || entry.source_url.starts_with("http://");
    EntryPage {
        title: words::shown(entry.primary_name()),
        list,
        meaning: words::meaning(entry.effect).to_owned(),
        effect: words::effect(entry.effect).to_owned(),
        facts: facts(entry),
        scripts: scripts(entry),
        addresses: entry.addresses.iter().map(address).collect(),
        identifiers: entry.identifiers.iter().map(|i| fact(words::identifier(i.kind), &i.value)).collect(),
        relations: entry.relations.iter().map(relation).collect(),
        citations: entry.citations.iter().map(|c| words::shown(c)).collect(),
        texts: texts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(label, text)| fact_lines(label, &text))
            .collect(),
        same: same(engine, entry),
        history: String::new(),
        source_url: if is_link { entry.source_url.clone() } else { String::new() },
        shell,
    }
}

/// A longer text keeps its lines.
fn fact_lines(label: &str, text: &str) -> Fact {
    let lines: Vec<String> = text.lines().map(words::shown).collect();
    Fact { label: label.to_owned(), value: lines.join("\n") }
}

fn facts(entry: &Entry) -> Vec<Fact> {
    let day = |day: Option<jiff::civil::Date>| day.map(|d| d.to_string()).unwrap_or_default();
    let countries: Vec<&str> = entry.countries.iter().map(|c| c.name()).collect();
    let born = if entry.kind == model::entry::EntryKind::Person { "Born" } else { "Founded" };
    [
        ("Kind", words::kind(entry.kind).to_owned()),
        ("Publisher’s id", entry.id.clone()),
        ("List", entry.list.as_str().to_owned()),
        ("Countries", countries.join(", ")),
        (born, entry.births.join("; ")),
        ("Programmes", entry.programmes.join("; ")),
        ("In force since", day(entry.effective)),
        ("Published", day(entry.published)),
        ("In force until", day(entry.ends)),
        ("Read at the source", day(entry.read_on)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(label, value)| fact(label, value))
    .collect()
}

/// The names, those of one script together, in the order in which scripts first occur.
fn scripts(entry: &Entry) -> Vec<Script> {
    let mut scripts: Vec<Script> = Vec::new();
    for name in &entry.names {
        let script = words::script(name.script());
        let row = NameRow { text: words::shown(&name.text), kind: words::name_kind(name.kind, name.weak) };
        match scripts.iter_mut().find(|known| known.script == script) {
            Some(known) => known.names.push(row),
            None => scripts.push(Script { script, names: vec![row] }),
        }
    }
    scripts
}

/// Other entries that list the same party.
fn same(engine: &Engine, entry: &Entry) -> Vec<Link> {
    let snapshot = engine.snapshot();
    let Some(id) = snapshot.id_of(&entry.list, &entry.id) else { return Vec::new() };
    let others = engine.parties().listings(id).iter().filter(|(other, _)| *other != id);
    let link = |(other, _): &(model::ids::EntryId, _)| {
        let other = snapshot.entry_at(*other);
        Link {
            name: words::shown(other.primary_name()),
            list: snapshot.title(&other.list).to_owned(),
            url: words::entry_url(other.list.as_str(), &other.id),
        }
    };
    others.map(link).collect()
}
