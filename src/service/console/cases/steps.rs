//! Steps in a case that a person takes on its page.

use super::chosen::Chosen;
use super::view::{self, Said};
use crate::service::console::desk::html;
use crate::service::console::form::Sent;
use crate::service::console::visit::Visit;
use crate::service::console::way::redirect;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use crate::service::ledger::{apply, failure, today};
use crate::service::web::problem::status_of;
use crate::service::web::query::Query;
use ::ledger::case::{Action, Case, Decision, Stale, Step};
use ::ledger::{Error, Ledger, Result as LedgerResult, Ruling};
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use std::sync::Arc;

/// Bytes of a note.
const LONGEST: usize = 10_000;

/// Takes a step. Afterwards the next case of the queue is shown, or this one where the step did not end the work on it.
/// A step that is refused leaves the page with what was typed, and says what changed.
pub(in crate::service::console) async fn step(
    Path(id): Path<String>,
    Sent { visit, fields }: Sent,
) -> Result<Response, Failure> {
    visit.needs(Scope::Decide)?;
    let asked = Asked::read(&fields)?;
    if matches!(asked, Asked::Other(Action::Approve | Action::Reject)) && !visit.session.role.may_approve() {
        return Err(Failure::ScopeMissing("approver"));
    }
    let ends_work = matches!(asked, Asked::Decide { .. } | Asked::Other(Action::Approve | Action::Reject));
    let revision = fields.parsed("revision", "the revision of the page")?.unwrap_or_default();
    let taken = Taken { id: id.clone(), revision, by: visit.person().to_owned(), note: note(&fields)?, asked };
    let shared = Arc::clone(&visit.console.web.shared);
    let recorder = shared.recorder.clone().ok_or(Failure::NoLedger)?;
    let done = tokio::task::spawn_blocking(move || taken.take(recorder.ledger())).await;
    match done.map_err(|_| Failure::Panicked)? {
        Ok(case) => {
            apply(&shared, &case);
            onward(&visit, &id, ends_work).await
        }
        Err(error) => refused(&visit, id, fields, error).await,
    }
}

fn note(fields: &Query) -> Result<String, Failure> {
    let note = fields.text("note").trim();
    let long = || Failure::field(REQUEST_INVALID, "note", format!("is too long; expected at most {LONGEST} bytes"));
    if note.len() > LONGEST { Err(long()) } else { Ok(note.replace("\r\n", "\n")) }
}

/// What the form asks for.
enum Asked {
    Decide {
        decision: Decision,
        reason: String,
        until: Option<Date>,
    },
    /// Gives it to whoever asks.
    Take,
    Other(Action),
}

impl Asked {
    fn read(fields: &Query) -> Result<Self, Failure> {
        let day = |name: &str| fields.parsed::<Date>(name, "a day, YYYY-MM-DD");
        let missing = |name: &str, expected: &str| {
            Failure::field(REQUEST_INVALID, name, format!("is missing; expected {expected}"))
        };
        Ok(match fields.text("do") {
            "decide" => Self::Decide {
                decision: Decision::parse(fields.text("decision")).ok_or_else(|| missing("decision", "a decision"))?,
                reason: fields.text("reason").to_owned(),
                until: day("until")?,
            },
            "take" => Self::Take,
            "approve" => Self::Other(Action::Approve),
            "reject" => Self::Other(Action::Reject),
            "give-back" => Self::Other(Action::Assign { to: String::new() }),
            "note" => Self::Other(Action::Note),
            "due" => Self::Other(Action::Due { on: day("due")?.ok_or_else(|| missing("due", "a day"))? }),
            "reopen" => {
                let why: String = fields.text("why").trim().chars().take(500).collect();
                if why.is_empty() {
                    return Err(missing("why", "why it is opened again"));
                }
                Self::Other(Action::Reopen { why })
            }
            _ => return Err(missing("do", "a step")),
        })
    }
}

/// A step by a person on the revision that they saw.
struct Taken {
    id: String,
    revision: u64,
    by: String,
    note: String,
    asked: Asked,
}

impl Taken {
    fn take(self, ledger: &Ledger) -> LedgerResult<Case> {
        let Self { id: case, revision, by, note, asked } = self;
        let attachments = Vec::new();
        let action = match asked {
            Asked::Decide { decision, reason, until: exception_until } => {
                let ruling = Ruling { case, revision, by, note, attachments, decision, reason, exception_until };
                return ledger.decide(ruling, today());
            }
            Asked::Take => Action::Assign { to: by.clone() },
            Asked::Other(action) => action,
        };
        ledger.step(&Step { case, revision, by, note, attachments, action }, today())
    }
}

/// The next case of the queue behind one that is done with; this one otherwise.
async fn onward(visit: &Visit, id: &str, ends_work: bool) -> Result<Response, Failure> {
    let chosen = Chosen::of(&visit.query)?;
    if !ends_work {
        return Ok(redirect(&chosen.case_url(id)));
    }
    let (of, person, id) = (chosen.clone(), visit.person().to_owned(), id.to_owned());
    let next = crate::service::ledger::ask(&visit.console.web.shared, move |ledger| {
        let (earlier, later) = view::neighbours(ledger, &id, &of, &person, today())?;
        let next = [later, earlier].into_iter().find(|url| !url.is_empty());
        Ok(format!("{}&done={id}", next.unwrap_or_else(|| of.behind(0).queue_url())))
    });
    Ok(redirect(&next.await?))
}

/// The page again, with why the step was not taken.
pub(super) async fn refused(visit: &Visit, id: String, typed: Query, error: Error) -> Result<Response, Failure> {
    let (fault, changed, failure) = match error {
        Error::Stale(stale) => {
            let changed = match &stale {
                Stale::Changed { changed, .. } => changed.clone(),
                Stale::State { .. } => Vec::new(),
            };
            let fault = match &stale {
                Stale::Changed { .. } => "The case has changed since you opened it. Since then:".to_owned(),
                Stale::State { why, .. } => format!("This is not possible now: {why}."),
            };
            (fault, changed, Failure::CaseChanged(stale.to_string()))
        }
        Error::Refused(why) => (format!("This was not recorded: {why}."), Vec::new(), Failure::LedgerRefused(why)),
        error => return Err(failure(error)),
    };
    let page = view::model(visit, id, Said { fault, changed, typed }).await?;
    let mut response = html(&page);
    *response.status_mut() = status_of(&failure);
    Ok(response)
}
