//! One screening: the request as it was received, and the answer as it was given.
//!
//! The canonical bytes of both are their protobuf encoding with fields in the order of their numbers and no maps: the same
//! message gives the same bytes. What many answers share stands once, in a context record.

use super::context::Context;
use crate::bytes::sha256;
use crate::error::{Error, Result};
use prost::Message;
use std::mem;
use wire::v1;

/// What is kept of one screening.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Evidence {
    /// The request, a `v1.Shipment`.
    #[prost(bytes = "vec", tag = "1")]
    pub request: Vec<u8>,
    /// The answer, a `v1.Screening` without what the context holds.
    #[prost(bytes = "vec", tag = "2")]
    pub answer: Vec<u8>,
    /// Number of the context record.
    #[prost(uint64, tag = "3")]
    pub context: u64,
    /// Who asked; empty when callers are not known.
    #[prost(string, tag = "4")]
    pub caller: String,
    /// The id of the call or run.
    #[prost(string, tag = "5")]
    pub trace: String,
    /// Whether a verbose answer was asked for.
    #[prost(bool, tag = "6")]
    pub is_verbose: bool,
    /// The summary is that of the context.
    #[prost(bool, tag = "7")]
    pub has_shared_summary: bool,
    /// The reference of request and answer, which stands in neither.
    #[prost(string, tag = "8")]
    pub reference: String,
    /// The answer has another reference than the request, and holds it itself.
    #[prost(bool, tag = "9")]
    pub has_own_reference: bool,
    /// What was received, where no request could be made of it: at most [`UNREAD`] bytes.
    #[prost(bytes = "vec", optional, tag = "10")]
    pub unread: Option<Vec<u8>>,
    /// How many bytes were received, where they are more than are kept.
    #[prost(uint64, tag = "11")]
    pub unread_bytes: u64,
    /// SHA-256 of all that was received, where it is more than is kept.
    #[prost(bytes = "vec", tag = "12")]
    pub unread_sha256: Vec<u8>,
}

/// The most bytes that are kept of a record that could not be read.
pub const UNREAD: usize = 64 << 10;

/// A request as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Its reference.
    reference: String,
    /// The canonical bytes of all else.
    rest: Vec<u8>,
}

impl Received {
    /// Of a request, which stays as it is.
    pub fn of(request: &mut v1::Shipment) -> Self {
        let reference = mem::take(&mut request.reference);
        let rest = request.encode_to_vec();
        request.reference.clone_from(&reference);
        Self { reference, rest }
    }

    /// The request.
    ///
    /// # Errors
    /// When the bytes are no request.
    pub fn request(&self) -> std::result::Result<v1::Shipment, prost::DecodeError> {
        Ok(v1::Shipment { reference: self.reference.clone(), ..v1::Shipment::decode(&self.rest[..])? })
    }
}

/// A screening that is to be recorded, with its answer or a way to it.
#[derive(Clone, Debug)]
pub struct Screened<A = v1::Screening> {
    /// The request as received.
    pub request: Received,
    /// The answer as given. It is taken apart for a moment and is then as it was.
    pub answer: A,
    /// Who asked.
    pub caller: String,
    /// The id of the call or run.
    pub trace: String,
    /// Whether a verbose answer was asked for.
    pub is_verbose: bool,
    /// What was received, where no request could be made of it and the answer is a refusal; `None`: a request was read.
    pub unread: Option<Vec<u8>>,
    /// What it rests on, where that is not what the others of its call rest on.
    pub context: Option<Box<Context>>,
}

impl<A> Screened<A> {
    /// The answer, and all else.
    pub(crate) fn split(self) -> (A, Screened<()>) {
        let Self { request, answer, caller, trace, is_verbose, unread, context } = self;
        (answer, Screened { request, answer: (), caller, trace, is_verbose, unread, context })
    }
}

/// Takes out of an answer what others made with the same lists and policy share.
fn take_shared(answer: &mut v1::Screening) -> v1::Screening {
    let is_clear = answer.outcome() == v1::screening::Outcome::NoFinding;
    v1::Screening {
        snapshot: mem::take(&mut answer.snapshot),
        policy: mem::take(&mut answer.policy),
        engine: mem::take(&mut answer.engine),
        suppressors: mem::take(&mut answer.suppressors),
        ownership: mem::take(&mut answer.ownership),
        lists: answer.lists.take(),
        lists_used: mem::take(&mut answer.lists_used),
        rules_run: mem::take(&mut answer.rules_run),
        rules_skipped: mem::take(&mut answer.rules_skipped),
        // That of a clear answer names no party.
        summary: if is_clear { mem::take(&mut answer.summary) } else { String::new() },
        ..Default::default()
    }
}

/// Undoes [`take_shared`]. An answer without a summary of its own has the shared one.
fn put_back(answer: &mut v1::Screening, shared: v1::Screening) {
    if answer.summary.is_empty() {
        answer.summary = shared.summary;
    }
    answer.snapshot = shared.snapshot;
    answer.policy = shared.policy;
    answer.engine = shared.engine;
    answer.suppressors = shared.suppressors;
    answer.ownership = shared.ownership;
    answer.lists = shared.lists;
    answer.lists_used = shared.lists_used;
    answer.rules_run = shared.rules_run;
    answer.rules_skipped = shared.rules_skipped;
}

/// Calls `read` with an answer without what others share, and with that; the answer is then as it was.
pub(crate) fn apart<R>(answer: &mut v1::Screening, read: impl FnOnce(&mut v1::Screening, &v1::Screening) -> R) -> R {
    let shared = take_shared(answer);
    let read = read(answer, &shared);
    put_back(answer, shared);
    read
}

/// As much of unread bytes as is kept; and of more than that, how many there were and their digest.
fn cut(unread: Option<Vec<u8>>) -> (Option<Vec<u8>>, u64, Vec<u8>) {
    let Some(mut bytes) = unread else { return (None, 0, Vec::new()) };
    if bytes.len() <= UNREAD {
        return (Some(bytes), 0, Vec::new());
    }
    let (count, digest) = (bytes.len() as u64, sha256(&[&bytes]).to_vec());
    bytes.truncate(UNREAD);
    (Some(bytes), count, digest)
}

impl Evidence {
    /// What is kept of a screening whose context has this number. `answer`: without what others share.
    pub(crate) fn of(screened: Screened<()>, answer: &mut v1::Screening, context: u64) -> Self {
        let Screened { request, caller, trace, is_verbose, unread, .. } = screened;
        let (unread, unread_bytes, unread_sha256) = cut(unread);
        let Received { reference, rest: request } = request;
        let has_own_reference = answer.reference != reference;
        let own = if has_own_reference { None } else { Some(mem::take(&mut answer.reference)) };
        let kept = answer.encode_to_vec();
        if let Some(own) = own {
            answer.reference = own;
        }
        Self {
            request,
            answer: kept,
            context,
            caller,
            trace,
            is_verbose,
            has_shared_summary: answer.summary.is_empty(),
            reference,
            has_own_reference,
            unread,
            unread_bytes,
            unread_sha256,
        }
    }

    /// The request as it was received.
    ///
    /// # Errors
    /// When it is no request.
    pub fn request(&self, number: u64) -> Result<v1::Shipment> {
        let mut request = v1::Shipment::decode(&self.request[..]).map_err(|e| unreadable(number, "request", &e))?;
        request.reference.clone_from(&self.reference);
        Ok(request)
    }
}

/// The answer as it was given.
///
/// # Errors
/// When the record holds none.
pub fn answer_of(number: u64, evidence: &Evidence, context: &Context) -> Result<v1::Screening> {
    let template = v1::Screening::decode(&context.template[..]).map_err(|e| unreadable(number, "context", &e))?;
    let mut answer = v1::Screening::decode(&evidence.answer[..]).map_err(|e| unreadable(number, "answer", &e))?;
    if !evidence.has_own_reference {
        answer.reference.clone_from(&evidence.reference);
    }
    put_back(&mut answer, template);
    Ok(answer)
}

fn unreadable(number: u64, what: &str, why: &prost::DecodeError) -> Error {
    Error::Refused(format!("record {number}: its {what} cannot be read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_back_as_it_was() {
        let mut request = v1::Shipment { reference: "A-1".to_owned(), ..Default::default() };
        for outcome in [v1::screening::Outcome::NoFinding, v1::screening::Outcome::Hold] {
            for reference in ["A-1", "other", ""] {
                let answer = v1::Screening {
                    reference: reference.to_owned(),
                    outcome: outcome as i32,
                    snapshot: "sha256:1".to_owned(),
                    policy: "sha256:2".to_owned(),
                    engine: "e".to_owned(),
                    ownership: "o".to_owned(),
                    summary: "a summary".to_owned(),
                    rules_run: vec!["PARTY_LISTED".to_owned()],
                    lists: Some(v1::ListsInForce { count: 3, ..Default::default() }),
                    limits_reached: vec!["some".to_owned()],
                    ..Default::default()
                };
                let screened = Screened {
                    request: Received::of(&mut request),
                    answer: answer.clone(),
                    caller: String::new(),
                    trace: String::new(),
                    is_verbose: false,
                    unread: None,
                    context: None,
                };
                let (mut given, rest) = screened.split();
                let (evidence, context) = apart(&mut given, |answer, shared| {
                    let context = Context { template: shared.encode_to_vec(), ..Default::default() };
                    (Evidence::of(rest, answer, 0), context)
                });
                assert_eq!(given, answer, "it is as it was");
                assert_eq!(answer_of(1, &evidence, &context).unwrap(), answer);
                assert_eq!(evidence.request(1).unwrap(), request);
            }
        }
    }

    #[test]
    fn bytes_that_could_not_be_read_are_kept_up_to_a_limit() {
        assert_eq!(cut(None), (None, 0, Vec::new()));
        assert_eq!(cut(Some(b"x".to_vec())), (Some(b"x".to_vec()), 0, Vec::new()));
        let long = vec![7; UNREAD + 1];
        let digest = sha256(&[&long]).to_vec();
        assert_eq!(cut(Some(long)), (Some(vec![7; UNREAD]), UNREAD as u64 + 1, digest));
    }
}
