//! A screener whose answers leave when they are in the ledger.

use crate::recorder::{Recorder, refused, screened};
use current::Loaded;
use current::screener::{BoxError, Screener, Unread};
use ledger::EvidenceMode;
use ledger::record::Received;
use std::sync::Arc;
use wire::v1;

/// Records what another screener answers.
pub struct Recorded {
    inner: Box<dyn Screener>,
    recorder: Arc<Recorder>,
    loaded: Arc<Loaded>,
}

impl Recorded {
    /// Records what `inner` answers with the set `loaded`.
    pub fn new(inner: Box<dyn Screener>, recorder: Arc<Recorder>, loaded: Arc<Loaded>) -> Self {
        Self { inner, recorder, loaded }
    }
}

impl Screener for Recorded {
    fn screen(&mut self, mut shipments: Vec<v1::Shipment>, verbose: bool) -> Result<Vec<v1::Screening>, BoxError> {
        let mode = self.recorder.mode(None);
        if mode == EvidenceMode::Off {
            return self.inner.screen(shipments, verbose);
        }
        let received: Vec<_> = shipments.iter_mut().map(Received::of).collect();
        let mut answers = self.inner.screen(shipments, verbose)?;
        let pairs = received.into_iter().zip(&mut answers);
        let screenings = pairs.map(|(request, answer)| screened(request, answer, ("", "batch"), verbose)).collect();
        self.recorder.record(&self.loaded, screenings, mode)?;
        Ok(answers)
    }

    fn wants_refused(&self) -> bool {
        self.recorder.mode(None) != EvidenceMode::Off
    }

    fn refused(&mut self, unread: Vec<Unread>, verbose: bool) -> Result<(), BoxError> {
        let record = |Unread { received, answer }| refused(received, answer, ("", "batch"), verbose);
        let records = unread.into_iter().map(record).collect();
        Ok(self.recorder.record(&self.loaded, records, self.recorder.mode(None))?)
    }
}
