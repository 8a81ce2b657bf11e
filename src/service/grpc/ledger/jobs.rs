//! Work on the whole ledger over gRPC: one at a time, with progress, and ended when the caller goes.

use super::convert;
use crate::evidence::{Difference, Replayer};
use crate::service::admission::Asked;
use crate::service::guard::failure::{self, Failure};
use crate::service::shared::Shared;
use ::ledger::index::Query;
use ::ledger::{Error, Ledger, verify_watched};
use engine::policy::Policy;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use wire::v1;

/// Progress, and then what came of it.
pub(in crate::service::grpc) type Messages<T> = ReceiverStream<Result<T, Status>>;

/// How long the caller may be without news.
const NEWS: Duration = Duration::from_secs(1);
/// Messages that wait for a slow caller.
const WAITING: usize = 4;
/// The most records of a replay, and how many when nothing is said.
const MOST: u32 = 1_000_000;
const USUAL: u32 = 1_000;
/// Records of a replay that are told of in one message.
const TOLD: usize = 100;

/// The caller of a job, who may have gone.
struct Listener<T> {
    sender: mpsc::Sender<Result<T, Status>>,
    shared: Arc<Shared>,
    deadline: Option<Instant>,
    told: Instant,
}

impl<T> Listener<T> {
    /// Why nobody waits any more; `None`: the caller does.
    fn is_over(&self) -> Option<Failure> {
        if self.shared.room.open.is_closed() {
            return Some(Failure::Stopping);
        }
        let is_late = self.deadline.is_some_and(|deadline| deadline <= Instant::now());
        (is_late || self.sender.is_closed()).then_some(Failure::Expired)
    }

    /// Tells of the progress where it is time to; whether the caller still waits.
    fn goes_on(&mut self, message: impl FnOnce() -> T) -> bool {
        if self.told.elapsed() >= NEWS {
            self.told = Instant::now();
            // A caller that takes no messages is told the next one.
            let _full = self.sender.try_send(Ok(message()));
        }
        self.is_over().is_none()
    }

    /// Tells something that must not be missed; whether the caller still waits.
    fn tell(&mut self, message: T) -> bool {
        self.told = Instant::now();
        self.sender.blocking_send(Ok(message)).is_ok() && self.is_over().is_none()
    }
}

/// Runs a job on a thread of its own that yields to callers.
fn run<T: Send + 'static>(
    shared: &Arc<Shared>,
    asked: &Asked,
    job: impl FnOnce(&Ledger, &mut Listener<T>) -> Result<T, Error> + Send + 'static,
) -> Result<Messages<T>, Failure> {
    let recorder = shared.recorder.clone().ok_or(Failure::NoLedger)?;
    let busy = |_| Failure::Overloaded("the ledger is being verified, replayed or rescreened already");
    let turn = Arc::clone(&shared.ledger_jobs).try_acquire_owned().map_err(busy)?;
    let (sender, receiver) = mpsc::channel(WAITING);
    let mut listener = Listener { sender, shared: Arc::clone(shared), deadline: asked.deadline, told: Instant::now() };
    let has_begun = current::in_background("ledger job", move || {
        let done = job(recorder.ledger(), &mut listener);
        let last = match (done, listener.is_over()) {
            (Ok(last), _) => Ok(last),
            (Err(Error::Cancelled), Some(over)) => Err(Status::from(over)),
            (Err(error), _) => Err(Status::from(crate::service::ledger::failure(error))),
        };
        // Before the last message: whoever has it may ask again.
        drop(turn);
        let _gone = listener.sender.blocking_send(last);
    });
    // A stream that ends at once would look like one that was answered.
    if has_begun { Ok(ReceiverStream::new(receiver)) } else { Err(Failure::Panicked) }
}

/// Checks the ledger.
pub(super) fn verify(
    shared: &Arc<Shared>,
    asked: &Asked,
    request: v1::VerifyRequest,
) -> Result<Messages<v1::VerifyResponse>, Failure> {
    run(shared, asked, move |ledger, listener| {
        let total = ledger.size() - request.since.unwrap_or(0).min(ledger.size());
        let progress = |done| v1::VerifyResponse { done, total, report: None };
        let verified = verify_watched(ledger.layout(), request.since, &mut |done| listener.goes_on(|| progress(done)))?;
        let report = v1::VerifyReport {
            records: verified.records,
            sealed: verified.sealed,
            heads: verified.heads,
            erased: verified.erased,
            stamps: verified.stamps.iter().map(convert::stamp).collect(),
            faults: verified.faults.iter().map(Error::to_string).collect(),
        };
        Ok(v1::VerifyResponse { report: Some(report), ..progress(verified.records) })
    })
}

/// Makes past answers again.
pub(super) fn replay(
    shared: &Arc<Shared>,
    asked: &Asked,
    request: v1::ReplayRequest,
) -> Result<Messages<v1::ReplayResponse>, Failure> {
    let v1::ReplayRequest { number, limit, policy } = request;
    let limit = match limit {
        0 => USUAL,
        1..=MOST => limit,
        _ => {
            let what = format!("is {limit}; expected at most {MOST}");
            return Err(Failure::field(failure::REQUEST_INVALID, "limit", what));
        }
    };
    let policy = match policy.as_str() {
        "" => None,
        text => {
            let policy = Policy::from_toml(text, "policy");
            Some(policy.map_err(|e| Failure::field(failure::REQUEST_INVALID, "policy", e.to_string()))?)
        }
    };
    run(shared, asked, move |ledger, listener| {
        let has_policy = policy.is_some();
        let mut replayer = Replayer::new(ledger, policy);
        let mut numbers: Vec<u64> = match number {
            Some(number) => vec![number],
            None => {
                let found = ledger.find(&Query { limit: limit as usize, ..Query::default() })?;
                found.into_iter().map(|found| found.number).collect()
            }
        };
        // Oldest first: neighbours rest on the same lists.
        numbers.reverse();
        let (total, mut sums, mut records) = (numbers.len() as u64, v1::ReplaySums::default(), Vec::new());
        for (done, number) in (1..).zip(numbers) {
            match replayer.replay(number) {
                Ok(replayed) if !replayed.was_screened => sums.unread += 1,
                Ok(replayed) => match replayed.difference {
                    None => sums.same += 1,
                    Some(difference) => {
                        sums.differ += 1;
                        if !has_policy || difference.says_more() {
                            records.push(replayed_record(number, difference));
                        }
                    }
                },
                Err(error) => {
                    sums.failed += 1;
                    records.push(v1::ReplayedRecord { number, failure: error.to_string(), ..Default::default() });
                }
            }
            let message = |records| v1::ReplayResponse { done, total, records, sums: None };
            let goes_on = match records.len() {
                TOLD => listener.tell(message(std::mem::take(&mut records))),
                _ => listener.goes_on(|| message(Vec::new())),
            };
            if !goes_on {
                return Err(Error::Cancelled);
            }
        }
        Ok(v1::ReplayResponse { done: total, total, records, sums: Some(sums) })
    })
}

fn replayed_record(number: u64, difference: Difference) -> v1::ReplayedRecord {
    let Difference { made_with, outcomes, gone, new } = difference;
    let (outcome_then, outcome_now) = outcomes.map_or((0, 0), |(then, now)| (then as i32, now as i32));
    v1::ReplayedRecord {
        number,
        made_with,
        outcome_then,
        outcome_now,
        removed: gone,
        added: new,
        failure: String::new(),
    }
}

/// Asks the past against the lists in force.
pub(super) fn rescreen(
    shared: &Arc<Shared>,
    asked: &Asked,
    request: v1::RescreenRequest,
) -> Result<Messages<v1::RescreenResponse>, Failure> {
    let v1::RescreenRequest { since_record, day, by } = request;
    let is_day = day.len() == 10 && day.parse::<Date>().is_ok();
    if !day.is_empty() && !is_day {
        let what = format!("invalid date `{day}`; expected YYYY-MM-DD");
        return Err(Failure::field(failure::REQUEST_INVALID, "day", what));
    }
    let day = if day.is_empty() { Timestamp::now().to_zoned(TimeZone::UTC).date().to_string() } else { day };
    let by = if by.is_empty() { asked.caller.name().to_owned() } else { by };
    let (loaded, of_shared) = (shared.loaded()?, Arc::clone(shared));
    run(shared, asked, move |ledger, listener| {
        let before = match since_record {
            Some(number) => Some(ledger.show(number)?.context.lists.clone()),
            None => ledger.asked_up_to()?,
        };
        let none = || Error::Refused("the ledger has no screening whose lists could be compared".to_owned());
        let before = before.filter(|digest| !digest.is_empty()).ok_or_else(none)?;
        let progress = |done, total| v1::RescreenResponse { done, total, report: None };
        let watch = |done, total| listener.goes_on(|| progress(done, total));
        let done = of_shared.rescreen(&loaded, &before, (day, by), watch)?;
        let (cards, report) = (done.cards, convert::rescreening(done));
        Ok(v1::RescreenResponse { report: Some(report), ..progress(cards, cards) })
    })
}
