//! Watching the lists: one stream of events a caller.

use crate::service::guard::failure::Failure;
use crate::service::shared::Shared;
use current::{Event, RescreenCounts};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};
use wire::v1;
use wire::v1::watch_lists_response::Event as Kind;

/// How often a watch checks whether the service is stopping.
const STOP_CHECK: Duration = Duration::from_millis(200);

/// Events that wait for a slow caller.
const WAITING: usize = 4;

type Message = Result<v1::WatchListsResponse, Status>;

/// What is in force first, then every event until the service stops or the caller goes; `with_entries` adds the entries
/// that differ to each change.
pub(super) fn start(shared: Arc<Shared>, with_entries: bool) -> ReceiverStream<Message> {
    // Listening begins before the state is read, so that no event falls between.
    let mut events = shared.current.events();
    let (sender, receiver) = mpsc::channel(WAITING);
    let first = v1::WatchListsResponse {
        event: Kind::InForce as i32,
        at: shared.current.load().map(|l| l.loaded_at().to_string()).unwrap_or_default(),
        snapshot: fingerprint(&shared),
        ..Default::default()
    };
    tokio::spawn(async move {
        let mut next = Ok(first);
        loop {
            let is_last = next.is_err();
            if sender.send(next).await.is_err() || is_last {
                return;
            }
            let Some(message) = next_message(&shared, &mut events, &sender, with_entries).await else { return };
            next = message;
        }
    });
    ReceiverStream::new(receiver)
}

/// The next message, or why the watch ends; `None` when the caller has gone.
async fn next_message(
    shared: &Shared,
    events: &mut broadcast::Receiver<Event>,
    sender: &mpsc::Sender<Message>,
    with_entries: bool,
) -> Option<Message> {
    let event = loop {
        tokio::select! {
            event = events.recv() => break event,
            () = sender.closed() => return None,
            () = shared.cut.cancelled() => break Err(RecvError::Closed),
            // The stop waits for calls, and this one has no end of its own.
            () = tokio::time::sleep(STOP_CHECK) => {
                if shared.room.open.is_closed() {
                    break Err(RecvError::Closed);
                }
            }
        }
    };
    Some(match event {
        Ok(event) => Ok(event_to_wire(event, with_entries, || fingerprint(shared))),
        Err(RecvError::Closed) => Err(Failure::Stopping.into()),
        Err(RecvError::Lagged(skipped)) => {
            Err(Status::new(Code::DataLoss, format!("{skipped} events were skipped; watch again")))
        }
    })
}

/// The id of the snapshot in force; empty before the first.
fn fingerprint(shared: &Shared) -> String {
    shared.current.load().map(|l| l.engine().snapshot().fingerprint().to_owned()).unwrap_or_default()
}

fn event_to_wire(event: Event, with_entries: bool, in_force: impl FnOnce() -> String) -> v1::WatchListsResponse {
    match event {
        Event::Changed { at, delta } => v1::WatchListsResponse {
            event: Kind::Changed as i32,
            at: at.to_string(),
            snapshot: delta.to.clone(),
            previous: delta.from.clone(),
            lists: delta
                .lists
                .iter()
                .map(|l| v1::ListChange {
                    list: l.list.as_str().to_owned(),
                    added: count(l.added.len()),
                    removed: count(l.removed.len()),
                    changed: count(l.changed.len()),
                })
                .collect(),
            delta: with_entries.then(|| wire::delta_to_wire(&delta)),
            ..Default::default()
        },
        Event::Rescreened { at, from, to, counts } => {
            let RescreenCounts { entries, asked, found, shipments, released } = counts;
            v1::WatchListsResponse {
                event: Kind::Rescreened as i32,
                at: at.to_string(),
                snapshot: to,
                previous: from,
                rescreened: Some(v1::RescreenedCounts { entries, asked, found, shipments, released }),
                ..Default::default()
            }
        }
        Event::Quarantined { at, list, message } => v1::WatchListsResponse {
            event: Kind::Quarantined as i32,
            at: at.to_string(),
            snapshot: in_force(),
            list,
            message,
            ..Default::default()
        },
        Event::Failed { at, list, message } => v1::WatchListsResponse {
            event: Kind::Failed as i32,
            at: at.to_string(),
            snapshot: in_force(),
            list,
            message,
            ..Default::default()
        },
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
