//! One screening: the request as it was received, and the answer as it was given.
//!
//! The canonical bytes of both are their protobuf encoding with fields in the order of their numbers and no maps: the same
//! message gives the same bytes. What many answers share stands once, in a context record.

use super::context::Context;
use crate::bytes::sha256;
use crate::error::{Error, Result};
use prost::Message;
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

/// A screening that is to be recorded.
#[derive(Clone, Debug)]
pub struct Screened {
    /// The request as received.
    pub request: v1::Shipment,
    /// The answer as given.
    pub answer: v1::Screening,
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

/// The part of an answer that others made with the same lists and policy share.
pub fn template_of(answer: &v1::Screening) -> v1::Screening {
    let is_clear = answer.outcome() == v1::screening::Outcome::NoFinding;
    v1::Screening {
        snapshot: answer.snapshot.clone(),
        policy: answer.policy.clone(),
        engine: answer.engine.clone(),
        suppressors: answer.suppressors.clone(),
        ownership: answer.ownership.clone(),
        lists: answer.lists.clone(),
        lists_used: answer.lists_used.clone(),
        rules_run: answer.rules_run.clone(),
        rules_skipped: answer.rules_skipped.clone(),
        // That of a clear answer names no party.
        summary: if is_clear { answer.summary.clone() } else { String::new() },
        ..Default::default()
    }
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
    /// What is kept of a screening whose context has this number and template.
    pub(crate) fn of(screened: Screened, context: u64, template: &v1::Screening) -> Self {
        let Screened { mut request, mut answer, caller, trace, is_verbose, unread, context: _ } = screened;
        let (unread, unread_bytes, unread_sha256) = cut(unread);
        let has_shared_summary = answer.summary == template.summary;
        if has_shared_summary {
            answer.summary.clear();
        }
        // Named one by one, as in `answer_of`.
        for text in [&mut answer.snapshot, &mut answer.policy, &mut answer.engine, &mut answer.suppressors] {
            text.clear();
        }
        answer.ownership.clear();
        answer.lists = None;
        answer.lists_used.clear();
        answer.rules_run.clear();
        answer.rules_skipped.clear();
        let reference = std::mem::take(&mut request.reference);
        let has_own_reference = answer.reference != reference;
        if !has_own_reference {
            answer.reference.clear();
        }
        let (request, answer) = (request.encode_to_vec(), answer.encode_to_vec());
        Self {
            request,
            answer,
            context,
            caller,
            trace,
            is_verbose,
            has_shared_summary,
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
    if evidence.has_shared_summary {
        answer.summary.clone_from(&template.summary);
    }
    if !evidence.has_own_reference {
        answer.reference.clone_from(&evidence.reference);
    }
    let v1::Screening { snapshot, policy, engine, suppressors, ownership, lists, lists_used, .. } = template;
    Ok(v1::Screening {
        snapshot,
        policy,
        engine,
        suppressors,
        ownership,
        lists,
        lists_used,
        rules_run: template.rules_run,
        rules_skipped: template.rules_skipped,
        ..answer
    })
}

fn unreadable(number: u64, what: &str, why: &prost::DecodeError) -> Error {
    Error::Refused(format!("record {number}: its {what} cannot be read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_back_as_it_was() {
        let request = v1::Shipment { reference: "A-1".to_owned(), ..Default::default() };
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
                let template = template_of(&answer);
                let context = Context { template: template.encode_to_vec(), ..Default::default() };
                let screened = Screened {
                    request: request.clone(),
                    answer: answer.clone(),
                    caller: String::new(),
                    trace: String::new(),
                    is_verbose: false,
                    unread: None,
                    context: None,
                };
                let evidence = Evidence::of(screened, 0, &template);
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
