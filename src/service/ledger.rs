//! The ledger behind every protocol: questions asked where blocking is allowed, why it did not answer, and exceptions put
//! into force.

use super::guard::failure::Failure;
use super::shared::Shared;
use crate::evidence::public;
use ::ledger::case::Case;
use ::ledger::{Error, Ledger};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// Today, UTC: the day of steps and ages.
pub(super) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// Asks the ledger on a thread that may block.
///
/// # Errors
/// When there is none, or it does not answer.
pub(super) async fn ask<T: Send + 'static>(
    shared: &Arc<Shared>,
    question: impl FnOnce(&Ledger) -> Result<T, Error> + Send + 'static,
) -> Result<T, Failure> {
    let recorder = shared.recorder.clone().ok_or(Failure::NoLedger)?;
    let asked = tokio::task::spawn_blocking(move || question(recorder.ledger())).await;
    asked.unwrap_or(Err(Error::Refused("the question was given up".to_owned()))).map_err(failure)
}

/// Why the ledger did not answer. Paths and keys are the operator's business and go into the log.
pub(super) fn failure(error: Error) -> Failure {
    match error {
        Error::NoRecord { .. } => Failure::RecordNotFound(error.to_string()),
        Error::Erased { .. } => Failure::RecordErased(error.to_string()),
        Error::Stale(stale) => Failure::CaseChanged(stale.to_string()),
        Error::Refused(why) => Failure::LedgerRefused(why),
        Error::OtherKind { .. } => Failure::RecordNotFound(error.to_string()),
        Error::Full { .. } | Error::ClockBack { .. } | Error::Stopped(_) | Error::Shared(_) => {
            Failure::NotRecorded(public(&error))
        }
        error => {
            tracing::error!(%error, "the ledger could not answer");
            Failure::LedgerFault
        }
    }
}

/// Tells of a step on this case, and puts exceptions into force, or out of it, where the step may have changed them. Nobody waits for it: the
/// lists are read again meanwhile.
pub(super) fn apply(shared: &Arc<Shared>, case: &Case) {
    shared.stepped(case);
    if case.decided.as_ref().is_none_or(|decided| decided.exception.is_none()) {
        return;
    }
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        let to_load = Arc::clone(&shared);
        let changed = tokio::task::spawn_blocking(move || shared.take_exceptions()).await;
        if matches!(changed, Ok(true))
            && let Err(error) = to_load.reload().await
        {
            tracing::error!(%error, "exceptions could not be put into force");
        }
    });
}
