//! Files of a case: attached to it by a person, and given back by their digest.

use super::steps;
use crate::service::console::form::SentFile;
use crate::service::console::visit::Visit;
use crate::service::console::way::redirect;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use crate::service::ledger::{apply, ask, today};
use crate::service::web::reply;
use ::ledger::case::{Action, Step};
use ::ledger::{Error, Kind, Ledger, Result as LedgerResult};
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use std::sync::Arc;

/// Bytes of what is said of a file.
const LONGEST: usize = 500;

/// Keeps a file in the ledger and notes it in the case. A case that has changed since leaves nothing of it.
pub(in crate::service::console) async fn attach(
    Path(id): Path<String>,
    SentFile { visit, fields, bytes, .. }: SentFile,
) -> Result<Response, Failure> {
    visit.needs(Scope::Decide)?;
    let note = fields.text("note").trim().to_owned();
    if note.len() > LONGEST {
        let long = format!("is too long; expected at most {LONGEST} bytes");
        return Err(Failure::field(REQUEST_INVALID, "note", long));
    }
    let revision: u64 = fields.parsed("revision", "the revision of the page")?.unwrap_or_default();
    let (case, by) = (id.clone(), visit.person().to_owned());
    let shared = Arc::clone(&visit.console.web.shared);
    let recorder = shared.recorder.clone().ok_or(Failure::NoLedger)?;
    let done = tokio::task::spawn_blocking(move || {
        let ledger = recorder.ledger();
        // A page that is out of date is refused before anything is kept.
        let is_current = ledger.case(&case)?.0.revision == revision;
        let attachments = if is_current { vec![ledger.keep(&bytes)?] } else { Vec::new() };
        ledger.step(&Step { case, revision, by, note, attachments, action: Action::Note }, today())
    });
    match done.await.map_err(|_| Failure::Panicked)? {
        Ok(case) => {
            apply(&shared, &case);
            Ok(redirect(&format!("/console/cases/{id}")))
        }
        Err(error) => steps::refused(&visit, id, fields, error).await,
    }
}

/// Gives a file of a case back, as bytes that a browser keeps and does not show.
pub(in crate::service::console) async fn file(
    visit: Visit,
    Path((id, digest)): Path<(String, String)>,
) -> Result<Response, Failure> {
    visit.needs(Scope::Ledger)?;
    let wanted = digest.clone();
    let found = ask(&visit.console.web.shared, move |ledger| {
        if !is_of_case(ledger, &id, &wanted)? {
            return Ok(None);
        }
        ledger.kept("the attachment", &wanted).map(Some)
    });
    let none = || Failure::RecordNotFound("this case has no such file".to_owned());
    let bytes = found.await?.ok_or_else(none)?;
    let mut response = reply::with_type("application/octet-stream", bytes);
    // Digits alone: the case has it.
    let name = HeaderValue::try_from(format!("attachment; filename=\"{digest}\"")).map_err(|_| none())?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    response.headers_mut().insert("content-security-policy", HeaderValue::from_static("sandbox; default-src 'none'"));
    Ok(response)
}

/// Whether a step in the case has the file: the ledger keeps more than that by digest.
fn is_of_case(ledger: &Ledger, id: &str, digest: &str) -> LedgerResult<bool> {
    let events = match ledger.case(id) {
        Ok((_, events, _)) => events,
        Err(Error::Refused(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    let has = |number: u64| match ledger.text_of(number) {
        Ok((Kind::Step, text)) => {
            serde_json::from_str::<Step>(&text).is_ok_and(|step| step.attachments.iter().any(|d| d == digest))
        }
        _ => false,
    };
    Ok(events.iter().any(|event| has(event.number)))
}
