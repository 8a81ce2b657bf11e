//! Room: the parts every call shares, the bounds on calls, streams and bytes, and deadlines.

use super::access::{Access, Caller};
use super::lists::Ages;
use super::meters::Meters;
use super::pool::Pool;
use super::status::Failure;
use crate::config;
use crate::current::{self, Current, Loaded, Reloaded};
use arc_swap::ArcSwapOption;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tonic::Request;
use tonic::codegen::http::{HeaderMap, HeaderValue};

/// Lines a second about callers turned away; the counters have all of them.
const LINES_A_SECOND: NonZero<u32> = NonZero::new(10).expect("it is not nought");

/// What every call shares.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) current: Current,
    pub(super) pool: Pool,
    pub(super) options: config::Server,
    pub(super) access: Access,
    pub(super) meters: Meters,
    pub(super) request_ids: RequestIds,
    /// Cancelled when streams must end now.
    pub(super) cut: CancellationToken,
    /// Open calls; the stop waits for them.
    pub(super) open: TaskTracker,
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    held: Arc<AtomicUsize>,
    /// The ages of the lists as they were last told.
    pub(super) ages: ArcSwapOption<Ages>,
    lines: DefaultDirectRateLimiter,
    reloading: Arc<Mutex<()>>,
}

/// A call let in; dropping it makes room for another.
#[derive(Debug)]
pub(super) struct Call {
    _permits: [Option<OwnedSemaphorePermit>; 2],
    _open: TaskTrackerToken,
    /// The bytes of its question.
    pub(super) held: Option<Arc<Held>>,
}

/// Bytes of the questions of one call, counted against all; given back when dropped.
#[derive(Debug)]
pub(super) struct Held {
    all: Arc<AtomicUsize>,
    most: usize,
    own: AtomicUsize,
    /// Of them, those that have come and are no message yet.
    coming: AtomicUsize,
    /// What a compressed message may come to; `None` where nothing is compressed.
    inflates_to: Option<usize>,
}

/// How much larger than sent a message of gzip can be: the format's own bound.
const INFLATES: usize = 1032;

impl Held {
    /// Counts more bytes as they come, or refuses them.
    ///
    /// What is compressed counts as what it may come to: 16 kB of it can be 16 MB of message.
    pub(super) fn add(&self, bytes: usize) -> Result<(), Failure> {
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

    /// Whether what comes counts as more than it is.
    pub(super) fn is_compressed(&self) -> bool {
        self.inflates_to.is_some()
    }

    /// A message is whole: what came for it now counts as what it holds.
    pub(super) fn whole(&self, bytes: usize) -> Result<(), Failure> {
        self.give_back(self.coming.swap(0, Ordering::Relaxed));
        self.charge(bytes)
    }

    /// A message of a stream has been answered.
    pub(super) fn give_back(&self, bytes: usize) {
        self.own.fetch_sub(bytes, Ordering::Relaxed);
        self.all.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Whether there is no room for more, of all calls.
    pub(super) fn is_full(&self) -> bool {
        self.all.load(Ordering::Relaxed) >= self.most
    }

    fn charge(&self, bytes: usize) -> Result<(), Failure> {
        self.own.fetch_add(bytes, Ordering::Relaxed);
        if self.all.fetch_add(bytes, Ordering::Relaxed) + bytes > self.most {
            return Err(Failure::Overloaded("too many bytes of questions at once"));
        }
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.fetch_sub(*self.own.get_mut(), Ordering::Relaxed);
    }
}

/// Ids of calls: the caller's own where it is a sound one, otherwise one that no other process gives.
#[derive(Debug)]
pub(super) struct RequestIds {
    process: u64,
    next: AtomicU64,
}

impl RequestIds {
    fn new() -> Self {
        Self { process: RandomState::new().hash_one(std::process::id()), next: AtomicU64::new(1) }
    }

    /// The id of a call, as its header gives it or as it shall be called.
    pub(super) fn of(&self, given: Option<&HeaderValue>) -> HeaderValue {
        let is_sound = |id: &&HeaderValue| {
            (1..=128).contains(&id.len())
                && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'))
        };
        given.filter(is_sound).cloned().unwrap_or_else(|| {
            let id = format!("{:016x}-{:x}", self.process, self.next.fetch_add(1, Ordering::Relaxed));
            HeaderValue::try_from(id).expect("hexadecimal digits are a header value")
        })
    }
}

impl Shared {
    pub(super) fn new(options: config::Server, access: Access, current: Current) -> io::Result<Self> {
        Ok(Self {
            current,
            pool: Pool::start(options.workers)?,
            access,
            meters: Meters::new(),
            request_ids: RequestIds::new(),
            cut: CancellationToken::new(),
            open: TaskTracker::new(),
            calls: Arc::new(Semaphore::new(options.max_in_flight)),
            streams: Arc::new(Semaphore::new(options.max_streams)),
            held: Arc::default(),
            ages: ArcSwapOption::empty(),
            lines: RateLimiter::direct(Quota::per_second(LINES_A_SECOND)),
            reloading: Arc::default(),
            options,
        })
    }

    /// Lets a call in, or refuses at once: a queue that only grows helps nobody.
    pub(super) fn admit(&self, caller: &Caller) -> Result<Call, Failure> {
        self.enter(caller.in_flight.as_ref(), &self.calls, "too many calls at once")
    }

    /// Lets a stream in.
    pub(super) fn admit_stream(&self, caller: &Caller) -> Result<Call, Failure> {
        self.enter(caller.streams.as_ref(), &self.streams, "too many streams at once")
    }

    /// The caller's own room first, so that one who has used it up takes none of the others'.
    fn enter(&self, own: Option<&Arc<Semaphore>>, all: &Arc<Semaphore>, full: &'static str) -> Result<Call, Failure> {
        let take =
            |room: &Arc<Semaphore>, full| Arc::clone(room).try_acquire_owned().map_err(|_| Failure::Overloaded(full));
        let own = own.map(|room| take(room, "too many calls or streams of this caller at once")).transpose()?;
        let permits = [own, Some(take(all, full)?)];
        Ok(Call { _permits: permits, _open: self.open.token(), held: None })
    }

    /// An account for the bytes of one call.
    pub(super) fn hold(&self, is_compressed: bool) -> Arc<Held> {
        let (all, most) = (Arc::clone(&self.held), self.options.max_held_bytes);
        let inflates_to = is_compressed.then_some(self.options.max_message_bytes);
        Arc::new(Held { all, most, own: AtomicUsize::new(0), coming: AtomicUsize::new(0), inflates_to })
    }

    /// Calls worked on.
    pub(super) fn in_flight(&self) -> usize {
        self.options.max_in_flight.saturating_sub(self.calls.available_permits())
    }

    /// Streams open.
    pub(super) fn open_streams(&self) -> usize {
        self.options.max_streams.saturating_sub(self.streams.available_permits())
    }

    /// Bytes of questions held.
    pub(super) fn held_bytes(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// Whether lists are loaded, not older than they may be where that matters, and the service is not stopping.
    pub(super) fn is_ready(&self) -> bool {
        !self.open.is_closed() && self.current.is_fit(Timestamp::now())
    }

    /// Whether one more line about somebody turned away may be written.
    pub(super) fn may_log(&self) -> bool {
        self.lines.check().is_ok()
    }

    /// The set in force, for one request from start to end.
    pub(super) fn loaded(&self) -> Result<Arc<Loaded>, Failure> {
        self.current.load().ok_or(Failure::NotLoaded)
    }

    /// Loads anew on a thread that may block. Callers queue here, not on blocked threads; who asked logs a failure.
    pub(super) async fn reload(self: Arc<Self>) -> Result<Reloaded, current::Error> {
        let turn = Arc::clone(&self.reloading).lock_owned().await;
        let shared = Arc::clone(&self);
        let runtime = tokio::runtime::Handle::current();
        let reloaded = tokio::task::spawn_blocking(move || {
            let reloaded = shared.current.reload_for(|| runtime.block_on(shared.pool.asked()));
            // Held to the end of the work even when the caller has gone.
            drop(turn);
            reloaded
        });
        let reloaded = reloaded.await.unwrap_or(Err(current::Error::Panicked));
        self.meters.reloaded(reloaded.is_ok());
        if let Ok(done) = &reloaded {
            let snapshot = done.now.engine().snapshot();
            tracing::info!(
                list.snapshot = snapshot.fingerprint(),
                list.entries = snapshot.entries().len(),
                list.generation = done.now.generation(),
                list.load_ms = u64::try_from(done.now.took().as_millis()).unwrap_or(u64::MAX),
                "lists loaded"
            );
        }
        reloaded
    }
}

/// When the caller stops waiting, set as the request's headers arrive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(pub(super) Instant);

/// How long the caller waits.
pub(super) fn timeout(headers: &HeaderMap) -> Option<Duration> {
    headers.get("grpc-timeout").and_then(|t| parse_timeout(t.to_str().ok()?))
}

/// The deadline of a request.
pub(super) fn deadline<T>(request: &Request<T>) -> Option<Instant> {
    request.extensions().get::<Deadline>().map(|d| d.0)
}

/// The account for the bytes of a call.
pub(super) fn held<T>(request: &Request<T>) -> Option<Arc<Held>> {
    request.extensions().get().cloned()
}

/// Who calls.
pub(super) fn caller<T>(request: &Request<T>) -> Option<Arc<Caller>> {
    request.extensions().get::<Arc<Caller>>().cloned()
}

/// Up to eight digits and a unit, as the gRPC protocol has it.
fn parse_timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(n * 3600),
        "M" => Duration::from_secs(n * 60),
        "S" => Duration::from_secs(n),
        "m" => Duration::from_millis(n),
        "u" => Duration::from_micros(n),
        "n" => Duration::from_nanos(n),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_the_protocol_has_them() {
        assert_eq!(parse_timeout("250m"), Some(Duration::from_millis(250)));
        assert_eq!(parse_timeout("99999999H"), Some(Duration::from_secs(99_999_999 * 3600)));
        for wrong in ["", "m", "1", "123456789S", "-1S", "1x", "1é"] {
            assert_eq!(parse_timeout(wrong), None, "{wrong}");
        }
    }
}
