//! The ledger over gRPC: records read and proven.

mod cases;
mod convert;
mod jobs;

pub(in crate::service) use cases::Decisions;

use super::call::asked;
use crate::service::guard::failure::{self, Failure};
use crate::service::ledger::ask;
use crate::service::shared::Shared;
use ::ledger::Error;
use ::ledger::index::Query;
use jobs::Messages;
use std::sync::Arc;
use tonic::{Request, Response, Status};
use v1::ledger_service_server::LedgerService;
use wire::v1;

/// The most records or cases of one answer, and how many when nothing is said.
const MOST: u32 = 1000;
const USUAL: u32 = 50;

/// Answers questions to the ledger.
#[derive(Clone, Debug)]
pub(in crate::service) struct Records(pub(in crate::service) Arc<Shared>);

/// A limit as a request gives it.
fn limit(given: u32) -> Result<usize, Failure> {
    match given {
        0 => Ok(USUAL as usize),
        1..=MOST => Ok(given as usize),
        _ => Err(Failure::field(failure::REQUEST_INVALID, "limit", format!("is {given}; expected at most {MOST}"))),
    }
}

#[tonic::async_trait]
impl LedgerService for Records {
    type VerifyStream = Messages<v1::VerifyResponse>;
    type ReplayStream = Messages<v1::ReplayResponse>;
    type RescreenStream = Messages<v1::RescreenResponse>;

    async fn verify(&self, request: Request<v1::VerifyRequest>) -> Result<Response<Self::VerifyStream>, Status> {
        let asked = asked(&request)?;
        Ok(Response::new(jobs::verify(&self.0, &asked, request.into_inner())?))
    }

    async fn replay(&self, request: Request<v1::ReplayRequest>) -> Result<Response<Self::ReplayStream>, Status> {
        let asked = asked(&request)?;
        Ok(Response::new(jobs::replay(&self.0, &asked, request.into_inner())?))
    }

    async fn rescreen(&self, request: Request<v1::RescreenRequest>) -> Result<Response<Self::RescreenStream>, Status> {
        let asked = asked(&request)?;
        Ok(Response::new(jobs::rescreen(&self.0, &asked, request.into_inner())?))
    }

    async fn get_record(
        &self,
        request: Request<v1::GetRecordRequest>,
    ) -> Result<Response<v1::GetRecordResponse>, Status> {
        let number = request.into_inner().number;
        let shown = ask(&self.0, move |ledger| ledger.show(number)).await?;
        let record = v1::RecordedScreening {
            number,
            time: shown.time.to_string(),
            caller: shown.caller,
            call_id: shown.trace,
            shipment: Some(shown.request),
            screening: Some(shown.answer),
            unread: shown.unread.map(|unread| unread.bytes).unwrap_or_default(),
        };
        Ok(Response::new(v1::GetRecordResponse { record: Some(record) }))
    }

    async fn find_records(
        &self,
        request: Request<v1::FindRecordsRequest>,
    ) -> Result<Response<v1::FindRecordsResponse>, Status> {
        let v1::FindRecordsRequest { reference, party, list, entry, reason, outcome, caller, before, limit: most } =
            request.into_inner();
        let unknown =
            |field: &str, n: i32| Failure::field(failure::REQUEST_INVALID, field, format!("invalid value {n}"));
        let query = Query {
            reference,
            party,
            list,
            entry,
            reason: match reason {
                0 => None,
                n => Some(v1::finding::Reason::try_from(n).map_err(|_| unknown("reason", n))?),
            },
            outcome: match outcome {
                0 => None,
                n => Some(v1::screening::Outcome::try_from(n).map_err(|_| unknown("outcome", n))?),
            },
            caller,
            from: 0,
            until: (before > 0).then_some(before),
            limit: limit(most)?,
        };
        let records = ask(&self.0, move |ledger| {
            let found = ledger.find(&query)?.into_iter().map(|found| {
                Ok(v1::FoundRecord {
                    number: found.number,
                    reference: found.reference,
                    outcome: found.outcome as i32,
                    caller: found.caller,
                    time: ledger.time_of(found.number)?.to_string(),
                })
            });
            found.collect::<Result<Vec<_>, Error>>()
        });
        Ok(Response::new(v1::FindRecordsResponse { records: records.await? }))
    }

    async fn prove_record(
        &self,
        request: Request<v1::ProveRecordRequest>,
    ) -> Result<Response<v1::ProveRecordResponse>, Status> {
        let v1::ProveRecordRequest { number, disclose } = request.into_inner();
        let paper = ask(&self.0, move |ledger| ledger.prove(number, disclose)).await?;
        let proof_json = serde_json::to_string_pretty(&paper).expect("a paper has a JSON form");
        Ok(Response::new(v1::ProveRecordResponse { proof_json }))
    }
}
