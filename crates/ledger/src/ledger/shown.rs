//! A record as it was written, opened.

use super::Ledger;
use crate::error::{Error, Result};
use crate::log::frame::{Kind, Sealed};
use crate::record::{self, Context, Evidence, answer_of};
use jiff::Timestamp;
use prost::Message as _;
use std::sync::Arc;
use wire::v1;

/// A screening as it was recorded.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its number.
    pub number: u64,
    /// When it was recorded.
    pub time: Timestamp,
    /// Who asked; empty when callers are not known.
    pub caller: String,
    /// The id of the call or run.
    pub trace: String,
    /// Whether a verbose answer was asked for.
    pub is_verbose: bool,
    /// The request as it was received.
    pub request: v1::Shipment,
    /// The answer as it was given.
    pub answer: v1::Screening,
    /// What it was made with.
    pub context: Arc<Context>,
}

impl Ledger {
    /// A screening as it was recorded.
    ///
    /// # Errors
    /// When there is no such record, it is no screening, it was erased, or it is damaged.
    pub fn show(&self, number: u64) -> Result<Shown> {
        self.shown(&self.log.read(number)?)
    }

    /// Opens a screening.
    pub(crate) fn shown(&self, sealed: &Sealed) -> Result<Shown> {
        let number = sealed.number;
        if sealed.kind != Kind::Screening {
            return Err(Error::OtherKind { number, found: sealed.kind.as_str(), expected: "screening" });
        }
        let opened: record::Opened = self.opened(sealed)?;
        let evidence = Evidence::decode(&opened.message[..]);
        let evidence = evidence.map_err(|e| Error::Refused(format!("record {number} cannot be read: {e}")))?;
        let context = self.context(evidence.context)?;
        let answer = answer_of(number, &evidence, &context)?;
        Ok(Shown {
            number,
            time: time_of(sealed),
            request: evidence.request(number)?,
            answer,
            caller: evidence.caller,
            trace: evidence.trace,
            is_verbose: evidence.is_verbose,
            context,
        })
    }
}

/// When a record was written.
pub(crate) fn time_of(sealed: &Sealed) -> Timestamp {
    Timestamp::from_microsecond(sealed.time).unwrap_or(Timestamp::UNIX_EPOCH)
}
