//! Room: how many calls, streams and request bytes are let in at once, of each caller and of all together.

use super::access::Caller;
use super::failure::Failure;
use crate::config;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// The room of one service.
#[derive(Debug)]
pub(in crate::service) struct Room {
    /// Open calls; the stop waits for them.
    pub(in crate::service) open: TaskTracker,
    calls: Arc<Semaphore>,
    max_calls: usize,
    streams: Arc<Semaphore>,
    max_streams: usize,
    held: Arc<AtomicUsize>,
    max_held_bytes: usize,
    max_message_bytes: usize,
}

/// A call let in; dropping it makes room for another.
#[derive(Debug)]
pub(in crate::service) struct Call {
    _permits: [Option<OwnedSemaphorePermit>; 2],
    _open: TaskTrackerToken,
    /// The bytes of its request.
    _held: Option<Arc<Held>>,
}

impl Call {
    /// Keeps the account of its bytes until it ends.
    pub(in crate::service) fn holding(self, held: Option<Arc<Held>>) -> Self {
        Self { _held: held, ..self }
    }
}

impl Room {
    /// With the limits of the configuration.
    pub(in crate::service) fn new(options: &config::Server) -> Self {
        Self {
            open: TaskTracker::new(),
            calls: Arc::new(Semaphore::new(options.max_in_flight)),
            max_calls: options.max_in_flight,
            streams: Arc::new(Semaphore::new(options.max_streams)),
            max_streams: options.max_streams,
            held: Arc::default(),
            max_held_bytes: options.max_held_bytes,
            max_message_bytes: options.max_message_bytes,
        }
    }

    /// Lets a call in, or refuses at once: a queue that only grows helps nobody.
    pub(in crate::service) fn admit(&self, caller: &Caller) -> Result<Call, Failure> {
        self.enter(caller.in_flight.as_ref(), &self.calls, "too many calls at once")
    }

    /// Lets a stream in, or refuses at once.
    pub(in crate::service) fn admit_stream(&self, caller: &Caller) -> Result<Call, Failure> {
        self.enter(caller.streams.as_ref(), &self.streams, "too many streams at once")
    }

    /// The caller's own room first, so that a caller who has used it up takes none of the others'.
    fn enter(&self, own: Option<&Arc<Semaphore>>, all: &Arc<Semaphore>, full: &'static str) -> Result<Call, Failure> {
        let take =
            |room: &Arc<Semaphore>, full| Arc::clone(room).try_acquire_owned().map_err(|_| Failure::Overloaded(full));
        let own = own.map(|room| take(room, "too many calls or streams of this caller at once")).transpose()?;
        let permits = [own, Some(take(all, full)?)];
        Ok(Call { _permits: permits, _open: self.open.token(), _held: None })
    }

    /// An account for the bytes of one call.
    pub(in crate::service) fn hold(&self, is_compressed: bool) -> Arc<Held> {
        Arc::new(Held {
            all: Arc::clone(&self.held),
            most: self.max_held_bytes,
            own: AtomicUsize::new(0),
            coming: AtomicUsize::new(0),
            inflates_to: is_compressed.then_some(self.max_message_bytes),
        })
    }

    /// Calls in progress, streams not counted.
    pub(in crate::service) fn in_flight(&self) -> usize {
        self.max_calls.saturating_sub(self.calls.available_permits())
    }

    /// Streams open.
    pub(in crate::service) fn open_streams(&self) -> usize {
        self.max_streams.saturating_sub(self.streams.available_permits())
    }

    /// Bytes of requests held.
    pub(in crate::service) fn held_bytes(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }
}

/// Bytes of the requests of one call, counted against all; given back when dropped.
#[derive(Debug)]
pub(in crate::service) struct Held {
    all: Arc<AtomicUsize>,
    most: usize,
    own: AtomicUsize,
    /// Of them, those received that do not make a whole message yet.
    coming: AtomicUsize,
    /// Bytes that a compressed message may unpack to; `None`: not compressed.
    inflates_to: Option<usize>,
}

/// How many times larger than sent a gzip message can be: the limit of the format itself.
const INFLATES: usize = 1032;

impl Held {
    /// Counts more bytes as they come, or refuses them.
    ///
    /// Compressed bytes count as what they may unpack to: 16 kB of them can be 16 MB of message.
    pub(in crate::service) fn add(&self, bytes: usize) -> Result<(), Failure> {
        let bytes = match self.inflates_to {
            None => bytes,
            Some(most) => {
                let coming = self.coming.load(Ordering::Relaxed);
                bytes.saturating_mul(INFLATES).min(most.saturating_sub(coming)).max(bytes)
            }
        };
        self.coming.fetch_add(bytes, Ordering::Relaxed);
        self.charge(bytes)
    }

    /// Whether bytes count as more than were sent.
    pub(in crate::service) fn is_compressed(&self) -> bool {
        self.inflates_to.is_some()
    }

    /// A message is complete: its bytes now count as its real size.
    pub(in crate::service) fn whole(&self, bytes: usize) -> Result<(), Failure> {
        self.give_back(self.coming.swap(0, Ordering::Relaxed));
        self.charge(bytes)
    }

    /// A message of a stream has been answered.
    pub(in crate::service) fn give_back(&self, bytes: usize) {
        self.own.fetch_sub(bytes, Ordering::Relaxed);
        self.all.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Whether the bytes of all calls have reached the limit.
    pub(in crate::service) fn is_full(&self) -> bool {
        self.all.load(Ordering::Relaxed) >= self.most
    }

    fn charge(&self, bytes: usize) -> Result<(), Failure> {
        self.own.fetch_add(bytes, Ordering::Relaxed);
        if self.all.fetch_add(bytes, Ordering::Relaxed) + bytes > self.most {
            return Err(Failure::Overloaded("too many bytes of requests at once"));
        }
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.fetch_sub(*self.own.get_mut(), Ordering::Relaxed);
    }
}
