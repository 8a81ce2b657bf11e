//! The list service.

use super::admission::{Shared, deadline};
use super::pool::Lane;
use super::service::check_name;
use super::status::{self, Failure};
use crate::current::{Event, Loaded};
use crate::telemetry;
use engine::screen::ENGINE;
use jiff::Timestamp;
use jiff::civil::Date;
use lists::{Delta, Snapshot};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Response, Status};
use wire::{self, v1};

/// Rows of a search at most, and when the caller does not say.
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
        let loaded = self.0.loaded()?;
        let snapshot = loaded.engine().snapshot();
        let lists = snapshot.lists();
        Ok(Response::new(v1::GetStatusResponse {
            snapshot: snapshot.fingerprint().to_owned(),
            entries: count(snapshot.entries().len()),
            names: lists.iter().fold(0, |sum, list| sum.saturating_add(list.names)),
            lists: with_ages(lists.iter().map(wire::list_info_to_wire).collect(), &ages(&self.0, &loaded)),
            policy: loaded.engine().policy_fingerprint(),
            engine: ENGINE.to_owned(),
            loaded_at: loaded.loaded_at().to_string(),
            last_failure: self.0.current.last_failure().unwrap_or_default(),
            linked: count(loaded.engine().parties().duplicates()),
            load_ms: u32::try_from(loaded.took().as_millis()).unwrap_or(u32::MAX),
            resident_bytes: telemetry::resident_bytes().unwrap_or(0),
        }))
    }

    async fn get_entry(&self, request: Request<v1::GetEntryRequest>) -> Result<Response<v1::GetEntryResponse>, Status> {
        let deadline = deadline(&request);
        let v1::GetEntryRequest { list, id } = request.into_inner();
        check_name("id", &id)?;
        let loaded = self.0.loaded()?;
        let answer = self.0.pool.submit(Lane::Quick, deadline, move |_, _| {
            let list = Some(list.as_str()).filter(|l| !l.is_empty());
            let entry = loaded.engine().snapshot().entry(list, &id).ok_or(Failure::NotFound)?;
            Ok(wire::entry_to_wire(entry))
        });
        let entry = answer.await?;
        Ok(Response::new(v1::GetEntryResponse { entry: Some(entry) }))
    }

    async fn search_entries(
        &self,
        request: Request<v1::SearchEntriesRequest>,
    ) -> Result<Response<v1::SearchEntriesResponse>, Status> {
        let deadline = deadline(&request);
        let v1::SearchEntriesRequest { name, limit } = request.into_inner();
        check_name("name", &name)?;
        let limit = match limit {
            0 => DEFAULT_RESULTS,
            1..=MAX_RESULTS => limit,
            _ => {
                let description = format!("{limit} is out of range; expected 0..={MAX_RESULTS}");
                return Err(Failure::field(status::REQUEST_INVALID, "limit", description).into());
            }
        };
        let loaded = self.0.loaded()?;
        let answer = self.0.pool.submit(Lane::Quick, deadline, move |scratch, _| {
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
        let with_rows = request.into_inner().with_rows;
        let shared = Arc::clone(&self.0);
        // Listening before the state is told, so that nothing falls between.
        let mut events = shared.current.events();
        let (sender, receiver) = mpsc::channel(4);
        let in_force = fingerprint(&shared);
        let first = v1::WatchListsResponse {
            event: v1::watch_lists_response::Event::InForce as i32,
            at: shared.current.load().map(|l| l.loaded_at().to_string()).unwrap_or_default(),
            snapshot: in_force,
            ..Default::default()
        };
        tokio::spawn(async move {
            let mut next = Ok(first);
            loop {
                let is_last = next.is_err();
                if sender.send(next).await.is_err() || is_last {
                    return;
                }
                let event = loop {
                    tokio::select! {
                        event = events.recv() => break event,
                        () = sender.closed() => return,
                        () = shared.cut.cancelled() => break Err(RecvError::Closed),
                        // The stop waits for calls; this one has no end of its own.
                        () = tokio::time::sleep(STOP_CHECK) => if shared.open.is_closed() { break Err(RecvError::Closed) },
                    }
                };
                next = match event {
                    Ok(event) => Ok(event_to_wire(event, with_rows, || fingerprint(&shared))),
                    Err(RecvError::Closed) => Err(Failure::Stopping.into()),
                    Err(RecvError::Lagged(skipped)) => {
                        Err(Status::new(Code::DataLoss, format!("{skipped} events were skipped; ask again")))
                    }
                };
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

/// How often a watch looks whether the service is stopping.
const STOP_CHECK: Duration = Duration::from_millis(200);

/// How old each list was at a second, of a generation.
#[derive(Debug)]
pub(super) struct Ages {
    of: (u64, i64),
    lists: Vec<v1::ListAge>,
}

/// How old each list is, as every response says it; worked out once a second.
pub(super) fn ages(shared: &Shared, loaded: &Loaded) -> Vec<v1::ListAge> {
    let now = Timestamp::now();
    let of = (loaded.generation(), now.as_second());
    if let Some(known) = shared.ages.load().as_deref()
        && known.of == of
    {
        return known.lists.clone();
    }
    let lists: Vec<_> = loaded.ages(now).into_iter().map(wire::list_age_to_wire).collect();
    shared.ages.store(Some(Arc::new(Ages { of, lists: lists.clone() })));
    lists
}

fn with_ages(mut lists: Vec<v1::ListStatus>, ages: &[v1::ListAge]) -> Vec<v1::ListStatus> {
    for list in &mut lists {
        list.age = ages.iter().find(|age| age.list == list.list).cloned();
    }
    lists
}

fn fingerprint(shared: &Shared) -> String {
    shared.current.load().map(|l| l.engine().snapshot().fingerprint().to_owned()).unwrap_or_default()
}

/// What differs between two states: sets that were in force, or days of the data directory.
fn difference(shared: &Shared, request: v1::DiffRequest) -> Result<v1::Delta, Failure> {
    let v1::DiffRequest { from, to, list } = request;
    let only = Some(list.as_str()).filter(|l| !l.is_empty());
    let is_day = |text: &str| text.parse::<Date>().ok().filter(|_| text.len() == 10);
    if is_day(&from).is_none() && is_day(&to).is_none() {
        let kept = shared.current.delta(&from, &to).ok_or(Failure::NotFound)?;
        let delta = Delta::clone(&kept);
        return Ok(wire::delta_to_wire(&only.map_or(delta.clone(), |list| delta.only(list))));
    }
    let state = |field: &'static str, text: &str| -> Result<Arc<Snapshot>, Failure> {
        let wrong = |why: String| Failure::field(status::REQUEST_INVALID, field, why);
        match is_day(text) {
            Some(day) => {
                let known = lists::known_on(shared.current.sources(), day).map_err(|e| wrong(e.to_string()))?;
                Ok(Arc::new(known.0))
            }
            None => {
                let loaded = shared.loaded()?;
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

fn event_to_wire(event: Event, with_rows: bool, in_force: impl FnOnce() -> String) -> v1::WatchListsResponse {
    use v1::watch_lists_response::Event as W;
    match event {
        Event::Changed { at, delta } => v1::WatchListsResponse {
            event: W::Changed as i32,
            at: at.to_string(),
            snapshot: delta.to.clone(),
            previous: delta.from.clone(),
            lists: delta
                .lists
                .iter()
                .map(|l| v1::ListChange {
                    list: l.list.as_str().to_owned(),
                    added: count(l.added.len()),
                    removed: count(l.removed.len()),
                    changed: count(l.changed.len()),
                })
                .collect(),
            delta: with_rows.then(|| wire::delta_to_wire(&delta)),
            ..Default::default()
        },
        Event::Quarantined { at, list, message } => v1::WatchListsResponse {
            event: W::Quarantined as i32,
            at: at.to_string(),
            snapshot: in_force(),
            list,
            message,
            ..Default::default()
        },
        Event::Failed { at, list, message } => v1::WatchListsResponse {
            event: W::Failed as i32,
            at: at.to_string(),
            snapshot: in_force(),
            list,
            message,
            ..Default::default()
        },
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
