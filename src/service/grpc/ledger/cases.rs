//! Decisions over gRPC.

use super::super::call::asked;
use super::{convert, limit};
use crate::service::guard::failure::{self, Failure};
use crate::service::ledger::{apply, ask, today};
use crate::service::shared::Shared;
use ::ledger::Ruling;
use ::ledger::case::{Action, Case, Step};
use ::ledger::index::CaseQuery;
use jiff::civil::Date;
use std::sync::Arc;
use tonic::{Request, Response, Status};
use v1::decision_service_server::DecisionService;
use v1::update_case_request::Step as Asked;
use wire::v1;

/// Works on cases.
#[derive(Clone, Debug)]
pub(in crate::service) struct Decisions(pub(in crate::service) Arc<Shared>);

/// A day as requests write it.
fn day(field: &str, text: &str) -> Result<Date, Failure> {
    let day: Option<Date> = text.parse().ok().filter(|_| text.len() == 10);
    let invalid = || format!("invalid date `{text}`; expected YYYY-MM-DD");
    day.ok_or_else(|| Failure::field(failure::REQUEST_INVALID, field, invalid()))
}

/// Who takes a step: whom the request names, or else the caller.
fn by<T>(request: &Request<T>, named: &str) -> String {
    if named.is_empty() {
        asked(request).map(|asked| asked.caller.name().to_owned()).unwrap_or_default()
    } else {
        named.to_owned()
    }
}

impl Decisions {
    /// The case as the wire has it; its exception is put into force, or out of it.
    fn answer(&self, case: Case) -> v1::Case {
        apply(&self.0, &case);
        convert::case(case)
    }
}

#[tonic::async_trait]
impl DecisionService for Decisions {
    async fn list_cases(
        &self,
        request: Request<v1::ListCasesRequest>,
    ) -> Result<Response<v1::ListCasesResponse>, Status> {
        let request = request.into_inner();
        let query = CaseQuery {
            state: convert::state_word(request.state()).to_owned(),
            due_by: if request.due_by.is_empty() { String::new() } else { day("due_by", &request.due_by)?.to_string() },
            limit: limit(request.limit)?,
            assignee: request.assignee,
            queue: request.queue,
            list: request.list,
            entry: request.entry,
            party: request.party,
            reference: request.reference,
        };
        let cases = ask(&self.0, move |ledger| ledger.cases(&query)).await?;
        Ok(Response::new(v1::ListCasesResponse { cases: cases.into_iter().map(convert::case).collect() }))
    }

    async fn get_case(&self, request: Request<v1::GetCaseRequest>) -> Result<Response<v1::GetCaseResponse>, Status> {
        let id = request.into_inner().id;
        let asked = ask(&self.0, move |ledger| Ok((ledger.case(&id)?, ledger.rulings(&id)?)));
        let ((case, events, records), alerts) = asked.await?;
        let events = events.into_iter().map(convert::event).collect();
        let alerts = alerts.into_iter().map(convert::alert).collect();
        Ok(Response::new(v1::GetCaseResponse { found: Some(convert::case(case)), events, records, alerts }))
    }

    async fn decide_case(
        &self,
        request: Request<v1::DecideCaseRequest>,
    ) -> Result<Response<v1::DecideCaseResponse>, Status> {
        let by = by(&request, &request.get_ref().by);
        let request = request.into_inner();
        let none =
            || Failure::field(failure::REQUEST_INVALID, "decision", "is missing; expected a decision".to_owned());
        let decision = convert::decision_of(request.decision()).ok_or_else(none)?;
        let until = request.exception_until.as_str();
        let exception_until = (!until.is_empty()).then(|| day("exception_until", until)).transpose()?;
        let case = ask(&self.0, move |ledger| {
            let kept = request.attachments.iter().map(|bytes| ledger.keep(bytes));
            let ruling = Ruling {
                case: request.id,
                revision: request.revision,
                by,
                note: request.note,
                attachments: kept.collect::<::ledger::Result<_>>()?,
                decision,
                reason: request.reason,
                exception_until,
            };
            ledger.decide_some(ruling, &request.records, today())
        });
        Ok(Response::new(v1::DecideCaseResponse { now: Some(self.answer(case.await?)) }))
    }

    async fn update_case(
        &self,
        request: Request<v1::UpdateCaseRequest>,
    ) -> Result<Response<v1::UpdateCaseResponse>, Status> {
        let by = by(&request, &request.get_ref().by);
        let request = request.into_inner();
        let action = match request.step {
            None => Action::Note,
            Some(Asked::AssignTo(to)) => Action::Assign { to },
            Some(Asked::Due(text)) => Action::Due { on: day("due", &text)? },
            Some(Asked::Approve(true)) => Action::Approve,
            Some(Asked::Reject(true)) => Action::Reject,
            Some(Asked::Approve(false) | Asked::Reject(false)) => {
                let what = "is false; expected true, or no step".to_owned();
                return Err(Failure::field(failure::REQUEST_INVALID, "step", what).into());
            }
            Some(Asked::Reopen(why)) => Action::Reopen { why },
        };
        let case = ask(&self.0, move |ledger| {
            let kept = request.attachments.iter().map(|bytes| ledger.keep(bytes));
            let attachments = kept.collect::<::ledger::Result<_>>()?;
            let (case, revision, note) = (request.id, request.revision, request.note);
            ledger.step(&Step { case, revision, by, note, attachments, action }, today())
        });
        Ok(Response::new(v1::UpdateCaseResponse { now: Some(self.answer(case.await?)) }))
    }
}
