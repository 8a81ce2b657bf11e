//! The list service.

use super::admission::{Shared, deadline};
use super::pool::Lane;
use super::service::check_name;
use super::status::{self, Failure};
use crate::screen::ENGINE;
use crate::wire::{self, v1};
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// Rows of a search at most, and when the caller does not say.
const MAX_RESULTS: u32 = 100;
const DEFAULT_RESULTS: u32 = 10;

/// Answers questions about the lists.
#[derive(Clone, Debug)]
pub(super) struct Lists(pub(super) Arc<Shared>);

#[tonic::async_trait]
impl v1::list_service_server::ListService for Lists {
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
            lists: lists.iter().map(wire::list_info_to_wire).collect(),
            policy: loaded.engine().policy_fingerprint(),
            engine: ENGINE.to_owned(),
            loaded_at: loaded.loaded_at().to_string(),
            last_failure: self.0.current.last_failure().unwrap_or_default(),
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
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
