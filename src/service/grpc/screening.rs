//! The screening service.

use super::batch::{self, Batch, Terms};
use super::call::{call_id, caller, deadline, held, share};
use super::names::check_name;
use super::recording::Recording;
use super::shared::Shared;
use super::stream::Answers;
use crate::service::guard::failure::{self, Failure};
use crate::service::pool::{Ask, Lane, Wanted};
use engine::screen::Scratch;
use prost::Message as _;
use std::future::poll_fn;
use std::sync::Arc;
use tonic::{Request, Response, Status, Streaming};
use wire::{self, v1};

/// Answers screening calls.
#[derive(Clone, Debug)]
pub(super) struct Screening(pub(super) Arc<Shared>);

#[tonic::async_trait]
impl v1::screening_service_server::ScreeningService for Screening {
    type ScreenStreamStream = Answers;

    async fn screen(&self, request: Request<v1::ScreenRequest>) -> Result<Response<v1::ScreenResponse>, Status> {
        let (deadline, caller, share) = (deadline(&request), caller(&request), share(&request));
        let id = call_id(&request);
        let request = request.into_inner();
        let verbose = request.verbose;
        let Some(shipment) = request.shipment else {
            return Err(Failure::field(failure::SHIPMENT_INVALID, "shipment", "is missing".to_owned()).into());
        };
        caller.as_ref().map_or(Ok(()), |caller| caller.charge_shipments(1))?;
        let loaded = self.0.loaded()?;
        let of_call = Arc::clone(&loaded);
        let ask = Ask { lane: Lane::of_call(shipment.encoded_len()), share, deadline };
        let recording = Recording::of(&self.0, &loaded, caller.as_deref(), id, verbose);
        let answer = self.0.pool.submit(ask, move |scratch, wanted| {
            let kept = recording.is_on().then(|| shipment.clone());
            let screening = batch::screen_one(&of_call, shipment, verbose, wanted, scratch)?;
            let recorded = recording.record(kept.into_iter().collect(), std::slice::from_ref(&screening));
            Ok((screening, recorded))
        });
        let (screening, recorded) = answer.await?;
        recorded.await?;
        self.0.meters.screened(std::slice::from_ref(&screening));
        Ok(Response::new(v1::ScreenResponse { screening: Some(screening), lists: self.0.ages(&loaded) }))
    }

    async fn screen_batch(
        &self,
        request: Request<v1::ScreenBatchRequest>,
    ) -> Result<Response<v1::ScreenBatchResponse>, Status> {
        let (deadline, caller, held, share) = (deadline(&request), caller(&request), held(&request), share(&request));
        let id = call_id(&request);
        let request = request.into_inner();
        if let Some(held) = held.filter(|held| held.is_compressed()) {
            held.whole(request.encoded_len())?;
        }
        let terms = Terms { verbose: request.verbose, share, deadline };
        let mut batch = Batch::start(&self.0, caller.as_deref(), request.shipments, terms, id)?;
        let screenings = poll_fn(|cx| batch.poll_finish(cx)).await?;
        Ok(Response::new(v1::ScreenBatchResponse { screenings, lists: self.0.ages(batch.loaded()) }))
    }

    async fn screen_stream(
        &self,
        request: Request<Streaming<v1::ScreenStreamRequest>>,
    ) -> Result<Response<Answers>, Status> {
        let (deadline, caller, share) = (deadline(&request), caller(&request), share(&request));
        let held = held(&request).unwrap_or_else(|| self.0.room.hold(false));
        let id = call_id(&request);
        Ok(Response::new(Answers::new(&self.0, caller, request.into_inner(), (deadline, share, id), held)))
    }

    async fn compare_names(
        &self,
        request: Request<v1::CompareNamesRequest>,
    ) -> Result<Response<v1::CompareNamesResponse>, Status> {
        let ask = Ask { lane: Lane::Quick, share: share(&request), deadline: deadline(&request) };
        let v1::CompareNamesRequest { left, right, kind } = request.into_inner();
        check_name("left", &left)?;
        check_name("right", &right)?;
        let kind = wire::entry_kind_from_wire(kind).ok_or_else(|| {
            Failure::field(failure::REQUEST_INVALID, "kind", format!("invalid kind {kind}; expected 0..=6"))
        })?;
        let loaded = self.0.loaded()?;
        let compare = move |_: &mut Scratch, _: &Arc<Wanted>| Ok(loaded.engine().compare(&left, &right, kind));
        let compared = self.0.pool.submit(ask, compare).await?;
        Ok(Response::new(v1::CompareNamesResponse {
            score: u32::from(compared.score.get()),
            r#match: compared.is_match,
            evidence: compared.evidence.into_iter().map(wire::evidence_to_wire).collect(),
            explanation: compared.explanation,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::call::{self, Deadline};
    use super::*;
    use crate::config;
    use crate::service::guard::access::Access;
    use current::{Current, Recipe};
    use engine::screen::Limits;
    use lists::Source;
    use std::time::Duration;
    use tokio::time::Instant;
    use tonic::Code;
    use v1::screening_service_server::ScreeningService as _;

    /// Called without the transport, which has a timer of its own on either side.
    #[tokio::test]
    async fn a_deadline_in_the_past_is_an_error() {
        let recipe = Recipe {
            sources: vec![Source::Curated],
            policy: Arc::default(),
            limits: Limits::default(),
            rules: engine::rule::Rules::builtin(),
        };
        let access = Access::load(&config::Access::default(), false).unwrap();
        let shared = Arc::new(Shared::new(config::Server::default(), access, Current::new(recipe), None).unwrap());
        Arc::clone(&shared).reload().await.unwrap();
        let service = Screening(shared);
        let late = |timeout: &str| {
            let mut request = Request::new(());
            let header = [("grpc-timeout".parse().unwrap(), timeout.parse().unwrap())].into_iter().collect();
            let at = Instant::now() + call::timeout(&header).unwrap();
            request.extensions_mut().insert(Deadline(at));
            request.into_parts()
        };
        let shipment = v1::Shipment {
            parties: vec![v1::Party { name: "Acme".to_owned(), ..v1::Party::default() }],
            ..v1::Shipment::default()
        };

        let (metadata, extensions, ()) = late("1n");
        tokio::time::sleep(Duration::from_millis(5)).await;
        let one = v1::ScreenRequest { shipment: Some(shipment.clone()), verbose: false };
        let one = Request::from_parts(metadata.clone(), extensions.clone(), one);
        assert_eq!(service.screen(one).await.unwrap_err().code(), Code::DeadlineExceeded);
        let many = v1::ScreenBatchRequest { shipments: vec![shipment.clone(); 100], verbose: false };
        let many = Request::from_parts(metadata, extensions, many);
        assert_eq!(service.screen_batch(many).await.unwrap_err().code(), Code::DeadlineExceeded);

        let (metadata, extensions, ()) = late("1M");
        let one = v1::ScreenRequest { shipment: Some(shipment), verbose: false };
        service.screen(Request::from_parts(metadata, extensions, one)).await.unwrap();
    }
}
