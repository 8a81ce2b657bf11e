//! Who is let in: the parts every call shares, the bounds on calls and streams, and deadlines.

use super::pool::Pool;
use super::status::Failure;
use crate::config;
use crate::current::{self, Current, Loaded, Reloaded};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tonic::{Request, Status};

/// What every call shares.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) current: Current,
    pub(super) pool: Pool,
    pub(super) options: config::Server,
    /// Cancelled when streams must end now.
    pub(super) cut: CancellationToken,
    /// Open calls; the stop waits for them.
    pub(super) open: TaskTracker,
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    reloading: Arc<Mutex<()>>,
}

/// A call let in; dropping it makes room for another.
#[derive(Debug)]
pub(super) struct Call {
    _permit: OwnedSemaphorePermit,
    _open: TaskTrackerToken,
}

impl Shared {
    pub(super) fn new(options: config::Server, current: Current) -> io::Result<Self> {
        Ok(Self {
            current,
            pool: Pool::start(options.workers)?,
            cut: CancellationToken::new(),
            open: TaskTracker::new(),
            calls: Arc::new(Semaphore::new(options.max_in_flight)),
            streams: Arc::new(Semaphore::new(options.max_streams)),
            reloading: Arc::default(),
            options,
        })
    }

    /// Lets a call in, or refuses at once: a queue that only grows helps nobody.
    pub(super) fn admit(&self) -> Result<Call, Failure> {
        self.enter(&self.calls, "too many calls at once")
    }

    /// Lets a stream in.
    pub(super) fn admit_stream(&self) -> Result<Call, Failure> {
        self.enter(&self.streams, "too many streams at once")
    }

    fn enter(&self, room: &Arc<Semaphore>, full: &'static str) -> Result<Call, Failure> {
        let permit = Arc::clone(room).try_acquire_owned().map_err(|_| Failure::Overloaded(full))?;
        Ok(Call { _permit: permit, _open: self.open.token() })
    }

    /// The set in force, for one request from start to end.
    pub(super) fn loaded(&self) -> Result<Arc<Loaded>, Failure> {
        self.current.load().ok_or(Failure::NotLoaded)
    }

    /// Loads anew on a thread that may block. Callers queue here, not on blocked threads; who asked logs a failure.
    pub(super) async fn reload(self: Arc<Self>) -> Result<Reloaded, current::Error> {
        let turn = Arc::clone(&self.reloading).lock_owned().await;
        let reloaded = tokio::task::spawn_blocking(move || {
            let reloaded = self.current.reload();
            // Held to the end of the work even when the caller has gone.
            drop(turn);
            reloaded
        });
        let reloaded = reloaded.await.unwrap_or(Err(current::Error::Panicked));
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

/// When the caller stops waiting, stamped as the request's headers arrive.
#[derive(Clone, Copy, Debug)]
struct Deadline(Instant);

/// Notes the deadline before the body is read. tonic has a timer of its own over the same header, but answers
/// CANCELLED; ours is set first and answers DEADLINE_EXCEEDED.
pub(super) fn stamp(mut request: Request<()>) -> Result<Request<()>, Status> {
    let timeout = request.metadata().get("grpc-timeout").and_then(|t| parse_timeout(t.to_str().ok()?));
    if let Some(at) = timeout.and_then(|t| Instant::now().checked_add(t)) {
        request.extensions_mut().insert(Deadline(at));
    }
    Ok(request)
}

/// The deadline of a request.
pub(super) fn deadline<T>(request: &Request<T>) -> Option<Instant> {
    request.extensions().get::<Deadline>().map(|d| d.0)
}

/// Waits no longer than the deadline.
pub(super) async fn until<T>(
    deadline: Option<Instant>,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match deadline {
        Some(at) => tokio::time::timeout_at(at, work).await.unwrap_or(Err(Failure::Expired)),
        None => work.await,
    }
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
