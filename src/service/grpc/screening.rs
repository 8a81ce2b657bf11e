//! The screening service.

use super::call::asked;
use super::stream::Answers;
use crate::service::batch::{self, Batch};
use crate::service::guard::failure::{self, Failure};
use crate::service::pool::{Ask, Lane};
use crate::service::questions;
use crate::service::recording::Recording;
use crate::service::shared::Shared;
use prost::Message as _;
use std::future::poll_fn;
use std::sync::Arc;
use tonic::{Request, Response, Status, Streaming};
use wire::v1;

/// Answers screening calls.
#[derive(Clone, Debug)]
pub(super) struct Screening(pub(super) Arc<Shared>);

#[tonic::async_trait]
impl v1::screening_service_server::ScreeningService for Screening {
    type ScreenStreamStream = Answers;

    async fn screen(&self, request: Request<v1::ScreenRequest>) -> Result<Response<v1::ScreenResponse>, Status> {
        let asked = asked(&request)?;
        let request = request.into_inner();
        let verbose = request.verbose;
        let Some(shipment) = request.shipment else {
            return Err(Failure::field(failure::SHIPMENT_INVALID, "shipment", "is missing".to_owned()).into());
        };
        asked.caller.charge_shipments(1)?;
        let loaded = self.0.loaded()?;
        let recording = Recording::of(&self.0, &loaded, &asked, verbose);
        let ask = Ask { lane: Lane::of_call(shipment.encoded_len()), share: asked.share, deadline: asked.deadline };
        let answer = self
            .0
            .pool
            .submit(ask, move |scratch, wanted| batch::screen_recorded(&recording, shipment, wanted, scratch));
        let (screening, recorded) = answer.await?;
        recorded.await?;
        self.0.screened(std::slice::from_ref(&screening));
        Ok(Response::new(v1::ScreenResponse { screening: Some(screening), lists: self.0.ages(&loaded) }))
    }

    async fn screen_batch(
        &self,
        request: Request<v1::ScreenBatchRequest>,
    ) -> Result<Response<v1::ScreenBatchResponse>, Status> {
        let asked = asked(&request)?;
        let request = request.into_inner();
        if let Some(held) = asked.held.as_ref().filter(|held| held.is_compressed()) {
            held.whole(request.encoded_len())?;
        }
        let mut batch = Batch::start(&self.0, &asked, request.shipments, request.verbose)?;
        let screenings = poll_fn(|cx| batch.poll_finish(cx)).await?;
        Ok(Response::new(v1::ScreenBatchResponse { screenings, lists: self.0.ages(batch.loaded()) }))
    }

    async fn screen_stream(
        &self,
        request: Request<Streaming<v1::ScreenStreamRequest>>,
    ) -> Result<Response<Answers>, Status> {
        let asked = asked(&request)?;
        Ok(Response::new(Answers::new(&self.0, asked, request.into_inner())))
    }

    async fn compare_names(
        &self,
        request: Request<v1::CompareNamesRequest>,
    ) -> Result<Response<v1::CompareNamesResponse>, Status> {
        let asked = asked(&request)?;
        Ok(Response::new(questions::compare(&self.0, &asked, request.into_inner()).await?))
    }
}
