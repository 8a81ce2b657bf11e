//! Questions other than screening: two names compared, the lists, an entry, a search, a difference. Every protocol asks
//! them here, in the form of the wire.

use super::admission::Asked;
use super::guard::failure::{self, Failure};
use super::names::check_name;
use super::pool::{Ask, Lane, Wanted};
use super::shared::Shared;
use crate::refresh::PublicationState;
use crate::telemetry;
use engine::screen::{ENGINE, Scratch};
use jiff::Timestamp;
use jiff::civil::Date;
use lists::{Delta, Snapshot};
use std::sync::Arc;
use wire::{self, v1};

/// The most results of a search, and their number when the caller does not say.
pub(super) const MAX_RESULTS: u32 = 100;
const DEFAULT_RESULTS: u32 = 10;

/// A small job of this call.
pub(super) fn quick(asked: &Asked) -> Ask {
    Ask { lane: Lane::Quick, share: asked.share, deadline: asked.deadline }
}

/// How alike two names are.
pub(super) async fn compare(
    shared: &Shared,
    asked: &Asked,
    request: v1::CompareNamesRequest,
) -> Result<v1::CompareNamesResponse, Failure> {
    let v1::CompareNamesRequest { left, right, kind } = request;
    check_name("left", &left)?;
    check_name("right", &right)?;
    let kind = wire::entry_kind_from_wire(kind).ok_or_else(|| {
        Failure::field(failure::REQUEST_INVALID, "kind", format!("invalid kind {kind}; expected 0..=6"))
    })?;
    let loaded = shared.loaded()?;
    let compare = move |_: &mut Scratch, _: &Arc<Wanted>| Ok(loaded.engine().compare(&left, &right, kind));
    let compared = shared.pool.submit(quick(asked), compare).await?;
    Ok(v1::CompareNamesResponse {
        score: u32::from(compared.score.get()),
        r#match: compared.is_match,
        evidence: compared.evidence.into_iter().map(wire::evidence_to_wire).collect(),
        explanation: compared.explanation,
    })
}

/// Which lists are in force.
pub(super) async fn status(shared: &Arc<Shared>) -> Result<v1::GetStatusResponse, Failure> {
    let loaded = shared.in_force()?;
    let of_store = Arc::clone(shared);
    let read = tokio::task::spawn_blocking(move || of_store.publications(Timestamp::now())).await;
    let publications = read.map_err(|_| Failure::Panicked)?;
    let snapshot = loaded.engine().snapshot();
    let lists = snapshot.lists();
    Ok(v1::GetStatusResponse {
        snapshot: snapshot.fingerprint().to_owned(),
        entries: count(snapshot.entries().len()),
        names: lists.iter().fold(0, |sum, list| sum.saturating_add(list.names)),
        lists: with_ages(lists.iter().map(wire::list_info_to_wire).collect(), &shared.ages(&loaded)),
        policy: loaded.engine().policy_fingerprint(),
        engine: ENGINE.to_owned(),
        loaded_at: loaded.loaded_at().to_string(),
        last_failure: shared.current.last_failure().unwrap_or_default(),
        linked: count(loaded.engine().parties().duplicates()),
        load_ms: u32::try_from(loaded.took().as_millis()).unwrap_or(u32::MAX),
        resident_bytes: telemetry::resident_bytes().unwrap_or(0),
        missing: loaded.missing().to_vec(),
        publications: publications.iter().map(PublicationState::to_wire).collect(),
    })
}

/// One entry as listed.
pub(super) async fn entry(shared: &Shared, asked: &Asked, request: v1::GetEntryRequest) -> Result<v1::Entry, Failure> {
    let v1::GetEntryRequest { list, id } = request;
    check_name("id", &id)?;
    let loaded = shared.loaded()?;
    let answer = shared.pool.submit(quick(asked), move |_, _| {
        let list = Some(list.as_str()).filter(|l| !l.is_empty());
        let entry = loaded.engine().snapshot().entry(list, &id).ok_or(Failure::EntryNotFound)?;
        Ok(wire::entry_to_wire(entry))
    });
    answer.await
}

/// Entries by name, best first.
pub(super) async fn search(
    shared: &Shared,
    asked: &Asked,
    request: v1::SearchEntriesRequest,
) -> Result<Vec<v1::SearchResult>, Failure> {
    let v1::SearchEntriesRequest { name, limit } = request;
    check_name("name", &name)?;
    let limit = match limit {
        0 => DEFAULT_RESULTS,
        1..=MAX_RESULTS => limit,
        _ => {
            let description = format!("{limit} is out of range; expected 0..={MAX_RESULTS}");
            return Err(Failure::field(failure::REQUEST_INVALID, "limit", description));
        }
    };
    let loaded = shared.loaded()?;
    let answer = shared.pool.submit(quick(asked), move |scratch, _| {
        let hits = loaded.engine().search(&name, limit as usize, scratch);
        let results = hits.into_iter().map(|hit| v1::SearchResult {
            entry: Some(wire::entry_to_wire(hit.entry)),
            score: u32::from(hit.score.get()),
            matched_name: hit.matched_name.to_owned(),
        });
        Ok(results.collect())
    });
    answer.await
}

/// What differs between two states of the lists.
pub(super) async fn diff(shared: &Arc<Shared>, request: v1::DiffRequest) -> Result<v1::Delta, Failure> {
    let shared = Arc::clone(shared);
    let found = tokio::task::spawn_blocking(move || difference(&shared, request)).await;
    found.unwrap_or(Err(Failure::Panicked))
}

fn with_ages(mut lists: Vec<v1::ListStatus>, ages: &[v1::ListAge]) -> Vec<v1::ListStatus> {
    for list in &mut lists {
        list.age = ages.iter().find(|age| age.list == list.list).cloned();
    }
    lists
}

/// What differs between two states: sets that were in force, or days of the data directory.
fn difference(shared: &Shared, request: v1::DiffRequest) -> Result<v1::Delta, Failure> {
    let v1::DiffRequest { from, to, list } = request;
    let only = Some(list.as_str()).filter(|l| !l.is_empty());
    let is_day = |text: &str| text.parse::<Date>().ok().filter(|_| text.len() == 10);
    if is_day(&from).is_none() && is_day(&to).is_none() {
        let kept = shared.current.delta(&from, &to).ok_or(Failure::ChangeNotFound)?;
        let delta = Delta::clone(&kept);
        return Ok(wire::delta_to_wire(&only.map_or(delta.clone(), |list| delta.only(list))));
    }
    let state = |field: &'static str, text: &str| -> Result<Arc<Snapshot>, Failure> {
        let wrong = |why: String| Failure::field(failure::REQUEST_INVALID, field, why);
        match is_day(text) {
            Some(day) => {
                let known = lists::known_on(shared.current.sources(), day).map_err(|e| wrong(e.to_string()))?;
                Ok(Arc::new(known.0))
            }
            None => {
                let loaded = shared.in_force()?;
                let snapshot = loaded.engine().snapshot();
                if text.is_empty() || text == snapshot.fingerprint() {
                    return Ok(Arc::clone(snapshot));
                }
                Err(wrong("expected a day (YYYY-MM-DD), the fingerprint in force, or nothing".to_owned()))
            }
        }
    };
    let (before, after) = (state("from", &from)?, state("to", &to)?);
    Ok(wire::delta_to_wire(&Delta::between(&before, &after, only)))
}

/// A count for the wire.
pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
