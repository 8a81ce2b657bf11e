//! The page Search: entries by name, number or address.

use super::desk::html;
use super::form::Sent;
use super::visit::Visit;
use super::words;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::questions::quick;
use ::console::{Found, SearchPage, SearchResults, Tab};
use axum::response::Response;
use engine::screen::{Engine, Scratch};
use model::entry::Entry;

/// Results at most.
const RESULTS: usize = 40;

/// Bytes of a question; listed names have a few hundred at most.
const LONGEST: usize = 1000;

/// The empty page.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    visit.needs(Scope::Lists)?;
    let shell = visit.shell(Tab::Search);
    Ok(html(&SearchPage { shell, query: String::new(), results: SearchResults::default() }))
}

/// The page with results; for the script, that asks while somebody types, the results alone.
pub(super) async fn search(Sent { visit, fields }: Sent) -> Result<Response, Failure> {
    visit.needs(Scope::Lists)?;
    let query = fields.text("q").trim().to_owned();
    let results = results(&visit, query.clone()).await?;
    if visit.is_part {
        return Ok(html(&results));
    }
    Ok(html(&SearchPage { shell: visit.shell(Tab::Search), query, results }))
}

async fn results(visit: &Visit, query: String) -> Result<SearchResults, Failure> {
    if query.is_empty() {
        return Ok(SearchResults::default());
    }
    if query.len() > LONGEST {
        let fault = format!("This is too long to look for; {LONGEST} bytes are the most.");
        return Ok(SearchResults { fault, ..SearchResults::default() });
    }
    let shared = &visit.console.web.shared;
    let loaded = shared.loaded()?;
    let answer = shared.pool.submit(quick(&visit.asked), move |scratch, _| {
        let found = find(loaded.engine(), &query, scratch);
        Ok(SearchResults { is_asked: true, found, fault: String::new() })
    });
    answer.await
}

/// Entries by number or id first, then by name, then by address.
fn find(engine: &Engine, query: &str, scratch: &mut Scratch) -> Vec<Found> {
    let mut found: Vec<(&Entry, Found)> = Vec::new();
    let mut add = |entry| {
        let (entry, one): (&Entry, Found) = entry;
        if found.len() < RESULTS && !found.iter().any(|(known, _)| std::ptr::eq(*known, entry)) {
            found.push((entry, one));
        }
    };
    let snapshot = engine.snapshot();
    if query.chars().any(|c| c.is_ascii_digit()) {
        if let Some(entry) = snapshot.entry(None, query) {
            add((entry, found_by(engine, entry, 1000, &format!("id {query}"))));
        }
        let asked = model::entry::Identifier {
            kind: model::entry::IdentifierType::Other,
            value: query.to_owned(),
            country: None,
        };
        let mut numbered = Vec::new();
        engine.index().identifiers_of(&asked, |id, number| numbered.push((id, number)));
        for (id, number) in numbered {
            let entry = snapshot.entry_at(id);
            let listed = &entry.identifiers[usize::from(number)];
            add((
                entry,
                found_by(engine, entry, 1000, &format!("{} {}", words::identifier(listed.kind), listed.value)),
            ));
        }
    }
    for hit in engine.search(query, RESULTS, scratch) {
        let matched = if hit.matched_name == hit.entry.primary_name() { "" } else { hit.matched_name };
        add((hit.entry, found_by(engine, hit.entry, u32::from(hit.score.get()), matched)));
    }
    for hit in engine.addresses().find(query).0 {
        let entry = snapshot.entry_at(hit.entry);
        let address = &entry.addresses[usize::from(hit.address)].text;
        add((entry, found_by(engine, entry, u32::from(hit.score), address)));
    }
    found.into_iter().map(|(_, one)| one).collect()
}

fn found_by(engine: &Engine, entry: &Entry, score: u32, matched: &str) -> Found {
    let countries: std::collections::BTreeSet<_> = entry.all_countries().map(|c| c.name()).collect();
    Found {
        name: words::shown(entry.primary_name()),
        url: words::entry_url(entry.list.as_str(), &entry.id),
        matched: words::shown(matched),
        kind: words::kind(entry.kind).to_owned(),
        list: engine.snapshot().title(&entry.list).to_owned(),
        id: words::shown(&entry.id),
        effect: words::effect(entry.effect).to_owned(),
        countries: countries.into_iter().collect::<Vec<_>>().join(", "),
        score,
    }
}
