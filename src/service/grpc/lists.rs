//! The list service.

use super::call::{deadline, share};
use super::names::check_name;
use super::shared::Shared;
use super::watch;
use crate::refresh::PublicationState;
use crate::service::guard::failure::{self, Failure};
use crate::service::pool::{Ask, Lane};
use crate::telemetry;
use engine::screen::ENGINE;
use jiff::Timestamp;
use jiff::civil::Date;
use lists::{Delta, Snapshot};
use std::sync::Arc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use wire::{self, v1};

/// The most results of a search, and their number when the caller does not say.
const MAX_RESULTS: u32 = 100;
const DEFAULT_RESULTS: u32 = 10;

/// Answers questions about the lists.
#[derive(Clone, Debug)]
pub(super) struct Lists(pub(super) Arc<Shared>);

#[tonic::async_trait]
impl v1::list_service_server::ListService for Lists {
    type WatchListsStream = ReceiverStream<Result<v1::WatchListsResponse, Status>>;

    async fn get_status(
        &self,
        _request: Request<v1::GetStatusRequest>,
    ) -> Result<Response<v1::GetStatusResponse>, Status> {
        let loaded = self.0.in_force()?;
        let shared = Arc::clone(&self.0);
        let asked = tokio::task::spawn_blocking(move || shared.publications(Timestamp::now())).await;
        let publications = asked.map_err(|_| Failure::Panicked)?;
        let snapshot = loaded.engine().snapshot();
        let lists = snapshot.lists();
        Ok(Response::new(v1::GetStatusResponse {
            snapshot: snapshot.fingerprint().to_owned(),
            entries: count(snapshot.entries().len()),
            names: lists.iter().fold(0, |sum, list| sum.saturating_add(list.names)),
            lists: with_ages(lists.iter().map(wire::list_info_to_wire).collect(), &self.0.ages(&loaded)),
            policy: loaded.engine().policy_fingerprint(),
            engine: ENGINE.to_owned(),
            loaded_at: loaded.loaded_at().to_string(),
            last_failure: self.0.current.last_failure().unwrap_or_default(),
            linked: count(loaded.engine().parties().duplicates()),
            load_ms: u32::try_from(loaded.took().as_millis()).unwrap_or(u32::MAX),
            resident_bytes: telemetry::resident_bytes().unwrap_or(0),
            missing: loaded.missing().to_vec(),
            publications: publications.iter().map(PublicationState::to_wire).collect(),
        }))
    }

    async fn get_entry(&self, request: Request<v1::GetEntryRequest>) -> Result<Response<v1::GetEntryResponse>, Status> {
        let ask = Ask { lane: Lane::Quick, share: share(&request), deadline: deadline(&request) };
        let v1::GetEntryRequest { list, id } = request.into_inner();
        check_name("id", &id)?;
        let loaded = self.0.loaded()?;
        let answer = self.0.pool.submit(ask, move |_, _| {
            let list = Some(list.as_str()).filter(|l| !l.is_empty());
            let entry = loaded.engine().snapshot().entry(list, &id).ok_or(Failure::EntryNotFound)?;
            Ok(wire::entry_to_wire(entry))
        });
        let entry = answer.await?;
        Ok(Response::new(v1::GetEntryResponse { entry: Some(entry) }))
    }

    async fn search_entries(
        &self,
        request: Request<v1::SearchEntriesRequest>,
    ) -> Result<Response<v1::SearchEntriesResponse>, Status> {
        let ask = Ask { lane: Lane::Quick, share: share(&request), deadline: deadline(&request) };
        let v1::SearchEntriesRequest { name, limit } = request.into_inner();
        check_name("name", &name)?;
        let limit = match limit {
            0 => DEFAULT_RESULTS,
            1..=MAX_RESULTS => limit,
            _ => {
                let description = format!("{limit} is out of range; expected 0..={MAX_RESULTS}");
                return Err(Failure::field(failure::REQUEST_INVALID, "limit", description).into());
            }
        };
        let loaded = self.0.loaded()?;
        let answer = self.0.pool.submit(ask, move |scratch, _| {
            let hits = loaded.engine().search(&name, limit as usize, scratch);
            let results = hits.into_iter().map(|hit| v1::SearchResult {
                entry: Some(wire::entry_to_wire(hit.entry)),
                score: u32::from(hit.score.get()),
                matched_name: hit.matched_name.to_owned(),
            });
            Ok(results.collect())
        });
        let results = answer.await?;
        Ok(Response::new(v1::SearchEntriesResponse { results }))
    }

    async fn reload(&self, _request: Request<v1::ReloadRequest>) -> Result<Response<v1::ReloadResponse>, Status> {
        let done = Arc::clone(&self.0).reload().await.map_err(|error| {
            tracing::error!(%error, "reload failed; the old lists stay in force");
            Failure::Reload(error)
        })?;
        let fingerprint = |l: &crate::current::Loaded| l.engine().snapshot().fingerprint().to_owned();
        Ok(Response::new(v1::ReloadResponse {
            previous: done.before.as_deref().map(fingerprint).unwrap_or_default(),
            snapshot: fingerprint(&done.now),
            entries: count(done.now.engine().snapshot().entries().len()),
        }))
    }

    async fn diff(&self, request: Request<v1::DiffRequest>) -> Result<Response<v1::DiffResponse>, Status> {
        let shared = Arc::clone(&self.0);
        let request = request.into_inner();
        let found = tokio::task::spawn_blocking(move || difference(&shared, request)).await;
        let delta = found.unwrap_or(Err(Failure::Panicked))?;
        Ok(Response::new(v1::DiffResponse { delta: Some(delta) }))
    }

    async fn watch_lists(
        &self,
        request: Request<v1::WatchListsRequest>,
    ) -> Result<Response<Self::WatchListsStream>, Status> {
        let v1::WatchListsRequest { with_rows, with_entries } = request.into_inner();
        Ok(Response::new(watch::start(Arc::clone(&self.0), with_entries || with_rows)))
    }
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
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
