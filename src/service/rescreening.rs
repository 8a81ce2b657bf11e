//! What today's lists mean for past shipments: asked by itself when lists change, and by whoever may.

use super::shared::Shared;
use crate::evidence::rescreen;
use current::{Event, Loaded, RescreenCounts};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::Error;
use ledger::keep::kept_snapshot;
use ledger::rescreen::Rescreening;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who asks when nobody does.
const BY_ITSELF: &str = "tidewaiter";

impl Shared {
    /// Asks the past against the lists that came into force, behind all other work of the ledger. Newer lists end it: they
    /// ask for both changes. What fails is in the log, and asked again with the next lists.
    pub(super) fn ask_the_past(self: &Arc<Self>, loaded: &Arc<Loaded>) {
        let Some(recorder) = self.recorder.clone().filter(|recorder| recorder.asks_the_past()) else { return };
        let (shared, loaded) = (Arc::clone(self), Arc::clone(loaded));
        tokio::spawn(async move {
            // One closed while it waits has nobody left to ask for.
            let Ok(turn) = Arc::clone(&shared.ledger_jobs).acquire_owned().await else { return };
            let asked = tokio::task::spawn_blocking(move || {
                let is_newest = || shared.current.load().is_some_and(|now| now.generation() == loaded.generation());
                let goes_on = || is_newest() && !shared.room.open.is_closed();
                if !goes_on() {
                    return;
                }
                match recorder.unasked(&loaded) {
                    Ok(None) => {}
                    Ok(Some(before)) => {
                        let day = Timestamp::now().to_zoned(TimeZone::UTC).date().to_string();
                        match shared.rescreen(&loaded, &before, (day, BY_ITSELF.to_owned()), |_, _| goes_on()) {
                            Ok(_) | Err(Error::Cancelled) => {}
                            Err(error) => {
                                tracing::error!(%error, "past shipments were not asked against the new lists");
                            }
                        }
                    }
                    Err(error) => tracing::error!(%error, "past shipments were not asked against the new lists"),
                }
                drop(turn);
            });
            if asked.await.is_err() {
                tracing::error!("asking past shipments against the new lists has panicked");
            }
        });
    }

    /// Asks the past against what changed from the kept lists `before` to those of `loaded`, on threads that yield to
    /// callers, and tells those who watch the lists how much was found.
    pub(super) fn rescreen(
        &self,
        loaded: &Loaded,
        before: &str,
        (day, by): (String, String),
        goes_on: impl FnMut(u64, u64) -> bool + Send,
    ) -> ledger::Result<Rescreening> {
        let none = || Error::Refused("this service keeps no ledger".to_owned());
        let recorder = self.recorder.as_ref().ok_or_else(none)?;
        let (ledger, engine) = (recorder.ledger(), loaded.engine());
        let done = current::yielding(|| {
            let before = kept_snapshot(ledger.layout(), before)?;
            rescreen(ledger, (&before, engine.snapshot()), Arc::clone(engine.policy()), (day, by), goes_on)
        })?;
        recorder.was_asked(&done.lists);
        let shipments: BTreeSet<u64> = done.found.iter().flat_map(|found| found.records.iter().copied()).collect();
        let counts = RescreenCounts {
            entries: done.entries,
            asked: done.cards,
            found: done.found.len() as u64,
            shipments: shipments.len() as u64,
            released: done.released.len() as u64,
        };
        tracing::info!(
            list.snapshot = done.to,
            list.entries = counts.entries,
            ledger.asked = counts.asked,
            ledger.found = counts.found,
            ledger.shipments = counts.shipments,
            ledger.released = counts.released,
            "past shipments asked against the entries that came or changed"
        );
        let (from, to) = (done.from.clone(), done.to.clone());
        self.current.publish(Event::Rescreened { at: Timestamp::now(), from, to, counts });
        Ok(done)
    }
}
