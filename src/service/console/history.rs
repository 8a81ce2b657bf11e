//! The page of an entry's history: what each publication that is kept made of it.

use super::desk::html;
use super::publication::{fields, title};
use super::visit::Visit;
use super::words::{entry_url, shown};
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::keeping;
use crate::wording::counted;
use ::console::{HistoryPage, Tab, VersionRow};
use axum::extract::Path;
use axum::response::Response;
use lists::store::{Held, State, Store};
use lists::{Change, Delta, Snapshot};
use model::entry::{Entry, ListId};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Publications that are read, the latest: each is read whole.
const MOST: usize = 12;

/// How long reading them may take; what is not reached is said.
const TIME: Duration = Duration::from_secs(20);

/// The page.
pub(super) async fn page(visit: Visit, Path((list, id)): Path<(String, String)>) -> Result<Response, Failure> {
    visit.needs(Scope::Lists)?;
    let shared = &visit.console.web.shared;
    let loaded = shared.loaded()?;
    // Reading old lists takes a processor for a while; two at once would leave nothing to those who screen.
    let Ok(turn) = Arc::clone(&visit.console.trying).try_acquire_owned() else {
        return Err(Failure::Overloaded("somebody else reads old lists or tries a policy"));
    };
    let (of, wanted) = (ListId::new(&list), id.clone());
    let read = keeping::blocking(shared, move |store| {
        // Held until it is done, also where nobody waits any more.
        let _turn = turn;
        versions(store, &of, &wanted)
    });
    let read = read.await?;
    let snapshot = loaded.engine().snapshot();
    let entry = snapshot.entry(Some(&list), &id);
    if entry.is_none() && read.versions.iter().all(|version| version.entry.is_none()) {
        return Err(Failure::EntryNotFound);
    }
    let known = entry.or_else(|| read.versions.iter().rev().find_map(|version| version.entry.as_ref()));
    let count = counted(read.versions.len() as u64, "publication", "publications");
    let rest = if read.is_cut { " Older ones are kept and not shown." } else { "" };
    Ok(html(&HistoryPage {
        title: shown(known.map_or(id.as_str(), Entry::primary_name)),
        url: entry.map(|_| entry_url(&list, &id)).unwrap_or_default(),
        lead: format!("{}, in the last {count} that came into force.{rest}", snapshot.title(&ListId::new(&list))),
        versions: rows(&read.versions),
        shell: visit.shell(Tab::Other),
    }))
}

/// The entry as a publication has it.
struct Version {
    held: Held,
    entry: Option<Entry>,
}

/// What was read, the oldest first.
struct Read {
    versions: Vec<Version>,
    /// Whether there are older ones.
    is_cut: bool,
}

/// The entry in each publication that came into force.
fn versions(store: &Store, list: &ListId, id: &str) -> Result<Read, Failure> {
    let records = store.records().map_err(keeping::refused)?;
    let has = |held: &&Held| held.holds(list);
    let record = records.iter().find(|record| record.publications.iter().any(|held| has(&held)));
    let Some(record) = record else {
        return Err(Failure::RecordNotFound("no publication of this list is kept".to_owned()));
    };
    let usable = record.publications.iter().rev().filter(|h| h.state == State::Accepted && h.undone.is_none());
    let usable: Vec<&Held> = usable.filter(has).collect();
    let (began, mut versions) = (Instant::now(), Vec::new());
    for held in usable.iter().take(MOST) {
        if !versions.is_empty() && began.elapsed() > TIME {
            break;
        }
        let snapshot = store.snapshot_of(&record.publication, held).map_err(keeping::refused)?;
        versions.push(Version { held: (*held).clone(), entry: snapshot.entry(Some(list.as_str()), id).cloned() });
    }
    let is_cut = versions.len() < usable.len();
    versions.reverse();
    Ok(Read { versions, is_cut })
}

/// What became of it, the latest first.
fn rows(versions: &[Version]) -> Vec<VersionRow> {
    let mut rows = Vec::with_capacity(versions.len());
    let mut before: Option<&Version> = None;
    for version in versions {
        let (what, fields) = match (before.map(|v| v.entry.as_ref()), version.entry.as_ref()) {
            (None, Some(_)) => ("Listed; the oldest that is kept.", Vec::new()),
            (Some(None), Some(_)) => ("New.", Vec::new()),
            (Some(Some(_)), None) => ("Gone.", Vec::new()),
            (None | Some(None), None) => ("Not listed.", Vec::new()),
            (Some(Some(old)), Some(new)) => match change(old, new) {
                None => ("Unchanged.", Vec::new()),
                Some(change) => ("Changed:", fields(&change)),
            },
        };
        rows.push(VersionRow { title: title(&version.held), what: what.to_owned(), fields });
        before = Some(version);
    }
    rows.reverse();
    rows
}

/// How an entry differs from the one before of the same id.
fn change(old: &Entry, new: &Entry) -> Option<Change> {
    let alone = |entry: &Entry| Snapshot::from_entries(vec![entry.clone()], Vec::new()).ok();
    let delta = Delta::between(&alone(old)?, &alone(new)?, None);
    delta.lists.into_iter().flat_map(|list| list.changed).next()
}
