//! The list service.

use super::call::asked;
use super::watch;
use crate::service::guard::failure::Failure;
use crate::service::questions;
use crate::service::shared::Shared;
use std::sync::Arc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use wire::v1;

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
        Ok(Response::new(questions::status(&self.0).await?))
    }

    async fn get_entry(&self, request: Request<v1::GetEntryRequest>) -> Result<Response<v1::GetEntryResponse>, Status> {
        let asked = asked(&request)?;
        let entry = questions::entry(&self.0, &asked, request.into_inner()).await?;
        Ok(Response::new(v1::GetEntryResponse { entry: Some(entry) }))
    }

    async fn search_entries(
        &self,
        request: Request<v1::SearchEntriesRequest>,
    ) -> Result<Response<v1::SearchEntriesResponse>, Status> {
        let asked = asked(&request)?;
        let results = questions::search(&self.0, &asked, request.into_inner()).await?;
        Ok(Response::new(v1::SearchEntriesResponse { results }))
    }

    async fn reload(&self, _request: Request<v1::ReloadRequest>) -> Result<Response<v1::ReloadResponse>, Status> {
        let done = Arc::clone(&self.0).reload().await.map_err(|error| {
            tracing::error!(%error, "reload failed; the old lists stay in force");
            Failure::Reload(error)
        })?;
        let fingerprint = |l: &current::Loaded| l.engine().snapshot().fingerprint().to_owned();
        Ok(Response::new(v1::ReloadResponse {
            previous: done.before.as_deref().map(fingerprint).unwrap_or_default(),
            snapshot: fingerprint(&done.now),
            entries: questions::count(done.now.engine().snapshot().entries().len()),
        }))
    }

    async fn diff(&self, request: Request<v1::DiffRequest>) -> Result<Response<v1::DiffResponse>, Status> {
        let delta = questions::diff(&self.0, request.into_inner()).await?;
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
