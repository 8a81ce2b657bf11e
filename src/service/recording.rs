//! Screenings on their way into the ledger: the answer waits for what the operator asked for.

use super::admission::Asked;
use super::guard::failure::Failure;
use super::shared::Shared;
use crate::evidence::{Recorder, public, refused, screened};
use current::Loaded;
use ledger::EvidenceMode;
use ledger::record::Received;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::sync::oneshot;
use wire::v1;

/// How the screenings of one call are recorded.
#[derive(Clone, Debug)]
pub(super) struct Recording {
    /// With when the answers leave; `None`: nothing is recorded.
    recorder: Option<(Arc<Recorder>, EvidenceMode)>,
    loaded: Arc<Loaded>,
    caller: Arc<str>,
    /// The id of the call.
    id: Arc<str>,
    verbose: bool,
}

impl Recording {
    /// Of a call, whose screenings are answered from `loaded`.
    pub(super) fn of(shared: &Shared, loaded: &Arc<Loaded>, asked: &Asked, verbose: bool) -> Self {
        let with_mode = |recorder: &Arc<Recorder>| (Arc::clone(recorder), recorder.mode(asked.caller.evidence()));
        let recorder = shared.recorder.as_ref().map(with_mode).filter(|(_, mode)| *mode != EvidenceMode::Off);
        let caller = if recorder.is_some() { asked.caller.name().into() } else { Arc::default() };
        Self { recorder, loaded: Arc::clone(loaded), caller, id: Arc::clone(&asked.id), verbose }
    }

    /// Of a call that is no screening, and is not recorded.
    pub(super) fn off(loaded: &Arc<Loaded>) -> Self {
        Self { recorder: None, loaded: Arc::clone(loaded), caller: Arc::default(), id: Arc::default(), verbose: false }
    }

    /// What is screened against.
    pub(super) fn loaded(&self) -> &Arc<Loaded> {
        &self.loaded
    }

    /// Whether rules and cells are in the answers.
    pub(super) fn verbose(&self) -> bool {
        self.verbose
    }

    /// A request as it will be recorded, made before it is screened; `None`: nothing is recorded.
    pub(super) fn request(&self, request: &mut v1::Shipment) -> Option<AsReceived> {
        self.recorder.is_some().then(|| AsReceived::Request(Received::of(request)))
    }

    /// A record that no request could be made of, as it was received; `None`: nothing is recorded.
    pub(super) fn unread(&self, received: &[u8]) -> Option<AsReceived> {
        self.recorder.is_some().then(|| AsReceived::Unread(received.to_vec()))
    }

    /// Hands screenings over. Done on a thread that screens: encryption costs time.
    pub(super) fn record<'a>(
        &self,
        answered: impl Iterator<Item = (Option<AsReceived>, &'a mut v1::Screening)>,
    ) -> Recorded {
        let Some((recorder, mode)) = &self.recorder else { return Recorded(None) };
        let by = (&*self.caller, &*self.id);
        let screened = |(received, answer): (Option<AsReceived>, _)| match received? {
            AsReceived::Request(request) => Some(screened(request, answer, by, self.verbose)),
            AsReceived::Unread(bytes) => Some(refused(bytes, answer, by, self.verbose)),
        };
        let screenings = answered.filter_map(screened).collect();
        let (tell, hear) = oneshot::channel();
        recorder.record_then(&self.loaded, screenings, *mode, move |recorded| drop(tell.send(recorded)));
        Recorded(Some(hear))
    }
}

/// What was received, as it will be recorded.
#[derive(Debug)]
pub(super) enum AsReceived {
    /// A request.
    Request(Received),
    /// Bytes that no request could be made of.
    Unread(Vec<u8>),
}

/// Becomes ready when the answers may leave.
#[derive(Debug)]
pub(super) struct Recorded(Option<oneshot::Receiver<ledger::Result<()>>>);

impl Recorded {
    /// Nothing was to be recorded.
    pub(super) const NOTHING: Self = Self(None);
}

impl Future for Recorded {
    type Output = Result<(), Failure>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(hear) = &mut self.0 else { return Poll::Ready(Ok(())) };
        let recorded = ready!(Pin::new(hear).poll(cx));
        self.0 = None;
        Poll::Ready(match recorded {
            Ok(recorded) => recorded.map_err(|error| Failure::NotRecorded(public(&error))),
            // The writer ended with the screening in its hands.
            Err(_) => Err(Failure::NotRecorded("the ledger has stopped".to_owned())),
        })
    }
}
