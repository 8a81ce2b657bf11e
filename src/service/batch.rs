//! Many shipments of one message: cut into chunks, screened in parallel, answered in order.
//!
//! A batch keeps only a few chunks in the queue and adds one as the first comes back, so that two batches share the
//! threads evenly and a cancelled one leaves little behind.

use super::admission::Asked;
use super::guard::failure::{self, Failure};
use super::guard::share::Share;
use super::pool::{Answer, Ask, Lane, Wanted};
use super::recording::{Recorded, Recording};
use super::shared::Shared;
use current::Loaded;
use current::answer;
use engine::screen::{Scratch, Stop, Stopped};
use model::finding::{Outcome, Screening};
use model::shipment::{Problem, Shipment};
use prost::Message as _;
use std::collections::VecDeque;
use std::future::Future as _;
use std::iter;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::time::Instant;
use wire::{self, v1};

/// Shipments of one chunk, and bytes after which it is closed. Some dozens of microseconds each, a chunk keeps a
/// thread about a millisecond: long compared with handing it over, short compared with what anybody waits for.
const CHUNK_SHIPMENTS: usize = 32;
const CHUNK_BYTES: usize = 64 * 1024;

/// How shipments are screened, and for whom.
#[derive(Clone, Copy, Debug)]
struct Terms {
    /// Whether rules and cells are in the answer.
    verbose: bool,
    /// Who asks.
    share: Share,
    /// When nobody waits any more.
    deadline: Option<Instant>,
}

/// One message of shipments in progress.
#[derive(Debug)]
pub(super) struct Batch {
    shared: Arc<Shared>,
    loaded: Arc<Loaded>,
    terms: Terms,
    rest: std::vec::IntoIter<v1::Shipment>,
    pending: VecDeque<Answer<(Vec<v1::Screening>, Recorded)>>,
    done: Vec<v1::Screening>,
    /// Chunks that are on their way into the ledger.
    recorded: VecDeque<Recorded>,
    recording: Recording,
}

impl Batch {
    /// Starts the work.
    pub(super) fn start(
        shared: &Arc<Shared>,
        asked: &Asked,
        shipments: Vec<v1::Shipment>,
        verbose: bool,
    ) -> Result<Self, Failure> {
        asked.caller.charge_shipments(shipments.len())?;
        let loaded = shared.loaded()?;
        let terms = Terms { verbose, share: asked.share, deadline: asked.deadline };
        let mut batch = Self {
            shared: Arc::clone(shared),
            recording: Recording::of(shared, &loaded, asked, verbose),
            recorded: VecDeque::new(),
            loaded,
            terms,
            done: Vec::with_capacity(shipments.len()),
            rest: shipments.into_iter(),
            pending: VecDeque::new(),
        };
        let window = 2 * shared.pool.threads();
        while batch.pending.len() < window && batch.submit_next() {}
        Ok(batch)
    }

    /// The lists that all of them are screened against.
    pub(super) fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// The screenings, in order, when all are done.
    pub(super) fn poll_finish(&mut self, cx: &mut Context<'_>) -> Poll<Result<Vec<v1::Screening>, Failure>> {
        while let Some(first) = self.pending.front_mut() {
            let (chunk, recorded) = ready!(Pin::new(first).poll(cx))?;
            self.pending.pop_front();
            self.recorded.push_back(recorded);
            if self.done.is_empty() && self.done.capacity() == chunk.len() {
                self.done = chunk;
            } else {
                self.done.extend(chunk);
            }
            self.submit_next();
        }
        while let Some(first) = self.recorded.front_mut() {
            ready!(Pin::new(first).poll(cx))?;
            self.recorded.pop_front();
        }
        Poll::Ready(Ok(mem::take(&mut self.done)))
    }

    fn submit_next(&mut self) -> bool {
        let mut bytes = 0;
        let mut chunk = Vec::with_capacity(self.rest.len().min(CHUNK_SHIPMENTS));
        while bytes < CHUNK_BYTES && chunk.len() < CHUNK_SHIPMENTS {
            let Some(shipment) = self.rest.next() else { break };
            bytes += shipment.encoded_len();
            chunk.push(shipment);
        }
        if chunk.is_empty() {
            return false;
        }
        let Terms { verbose, share, deadline } = self.terms;
        let ask = Ask { lane: Lane::of_part(bytes), share, deadline };
        let (loaded, shared) = (Arc::clone(&self.loaded), Arc::clone(&self.shared));
        let recording = self.recording.clone();
        self.pending.push_back(self.shared.pool.submit(ask, move |scratch, wanted| {
            let received: Vec<_> = chunk.iter_mut().map(|shipment| recording.request(shipment)).collect();
            let screen = |shipment| screen(&loaded, shipment, verbose, wanted, scratch);
            let mut screenings: Vec<_> = chunk.into_iter().map(screen).collect::<Result<_, _>>()?;
            shared.screened(&screenings);
            let recorded = recording.record(received.into_iter().zip(&mut screenings));
            Ok((screenings, recorded))
        }));
        true
    }
}

/// Screens one of many: a shipment that cannot be screened is REFUSED in its place.
fn screen(
    loaded: &Loaded,
    mut shipment: v1::Shipment,
    verbose: bool,
    wanted: &Arc<Wanted>,
    scratch: &mut Scratch,
) -> Result<v1::Screening, Failure> {
    let reference = mem::take(&mut shipment.reference);
    let shipment = Shipment { reference, ..wire::shipment_from_wire(shipment) };
    let screening = until(loaded, &shipment, wanted, scratch)?;
    Ok(wire::screening_to_wire(answer::with_detail(screening, &shipment, verbose)))
}

/// A cancelled screening is a failure, never an answer; only a caller whose deadline passed sees it.
fn until(
    loaded: &Loaded,
    shipment: &Shipment,
    wanted: &Arc<Wanted>,
    scratch: &mut Scratch,
) -> Result<Screening, Failure> {
    loaded.screen_until(shipment, Arc::clone(wanted) as Arc<dyn Stop>, scratch).map_err(|Stopped| Failure::Expired)
}

/// Screens one shipment as [`screen_one`] does and hands it over to the ledger; the answer may leave when the second is
/// ready.
pub(super) fn screen_recorded(
    recording: &Recording,
    mut shipment: v1::Shipment,
    wanted: &Arc<Wanted>,
    scratch: &mut Scratch,
) -> Result<(v1::Screening, Recorded), Failure> {
    let received = recording.request(&mut shipment);
    let mut screening = screen_one(recording.loaded(), shipment, recording.verbose(), wanted, scratch)?;
    let recorded = recording.record(iter::once((received, &mut screening)));
    Ok((screening, recorded))
}

/// Screens the only one of a call: if it cannot be screened, the call fails.
fn screen_one(
    loaded: &Loaded,
    shipment: v1::Shipment,
    verbose: bool,
    wanted: &Arc<Wanted>,
    scratch: &mut Scratch,
) -> Result<v1::Screening, Failure> {
    let invalid = |reason, problems: Vec<Problem>| {
        let message = match problems.as_slice() {
            [] => "the shipment cannot be screened".to_owned(),
            [first, rest @ ..] => {
                let more = if rest.is_empty() { String::new() } else { format!(" (and {} more)", rest.len()) };
                let colon = if first.field_path.is_empty() { "" } else { ": " };
                format!("{}{colon}{}{more}", first.field_path, first.description)
            }
        };
        Failure::Invalid { reason, message, problems }
    };
    let shipment = wire::shipment_from_wire(shipment);
    let screening = until(loaded, &shipment, wanted, scratch)?;
    if screening.outcome == Outcome::Refused {
        // The engine refuses an empty record as a whole, and one beyond a limit by field.
        let too_large = screening.problems.first().is_some_and(|p| !p.field_path.is_empty());
        let reason = if too_large { failure::SHIPMENT_TOO_LARGE } else { failure::SHIPMENT_INVALID };
        return Err(invalid(reason, screening.problems));
    }
    Ok(wire::screening_to_wire(answer::with_detail(screening, &shipment, verbose)))
}
