//! The threads that screen.
//!
//! Each owns its [`Scratch`] and takes jobs from two lanes: quick ones (one shipment, one look-up) go before chunks of
//! batches and streams, yet every [`QUICK_IN_A_ROW`] quick jobs one chunk is let through, so neither starves the other.
//! The queue needs no limit of its own: callers are admitted by count, and a batch or stream keeps few chunks in it.

use super::guard::failure::Failure;
use engine::screen::{Asked, Scratch, Stop};
use std::collections::VecDeque;
use std::future::Future;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::thread::ThreadId;
use std::{io, thread};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// After how many quick jobs a waiting chunk goes first.
const QUICK_IN_A_ROW: u32 = 16;

/// How urgent a job is.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) enum Lane {
    /// A caller waits for this single answer.
    Quick,
    /// Part of something larger.
    Bulk,
}

type Job = Box<dyn FnOnce(&mut Scratch) + Send>;

/// Threads and the queue they share. Dropping it ends the threads once they have finished their current job.
#[derive(Debug)]
pub(in crate::service) struct Pool {
    queue: Arc<Queue>,
    threads: usize,
}

#[derive(Default)]
struct Queue {
    lanes: Mutex<Lanes>,
    filled: Condvar,
}

#[derive(Default)]
struct Lanes {
    quick: VecDeque<Job>,
    bulk: VecDeque<Job>,
    quick_in_a_row: u32,
    closed: bool,
}

/// The answer of a job, later. Dropping it cancels the job, started or not.
#[derive(Debug)]
pub(in crate::service) struct Answer<T> {
    waiting: oneshot::Receiver<Result<T, Failure>>,
    wanted: Arc<Wanted>,
}

/// Jobs per thread that ask what it searched lately: several, because any free thread takes the next.
const ASKED_PER_THREAD: usize = 4;

/// Whether an answer is still wanted; the engine asks it while it screens.
#[derive(Debug)]
pub(in crate::service) struct Wanted {
    is_given_up: AtomicBool,
    deadline: Option<Instant>,
}

impl Stop for Wanted {
    fn is_due(&self) -> bool {
        self.is_given_up.load(Ordering::Relaxed) || self.deadline.is_some_and(|d| d <= Instant::now())
    }
}

impl<T> Drop for Answer<T> {
    fn drop(&mut self) {
        self.wanted.is_given_up.store(true, Ordering::Relaxed);
    }
}

impl Pool {
    /// Starts the threads; 0 means one for each processor.
    pub(in crate::service) fn start(threads: usize) -> io::Result<Self> {
        let threads = match threads {
            0 => thread::available_parallelism().map_or(1, NonZero::get),
            n => n,
        };
        let pool = Self { queue: Arc::default(), threads };
        for i in 0..threads {
            let queue = Arc::clone(&pool.queue);
            thread::Builder::new().name(format!("screen {i}")).spawn(move || queue.work())?;
        }
        Ok(pool)
    }

    /// How many threads there are.
    pub(in crate::service) fn threads(&self) -> usize {
        self.threads
    }

    /// How many jobs wait: quick ones, and chunks.
    pub(in crate::service) fn waiting(&self) -> (usize, usize) {
        let lanes = self.queue.lock();
        (lanes.quick.len(), lanes.bulk.len())
    }

    /// The names that the threads searched lately, each once, in order. Threads that are busy all the while are left out.
    pub(in crate::service) async fn asked(&self) -> Vec<Asked> {
        let answered: Arc<Mutex<Vec<ThreadId>>> = Arc::default();
        let answers: Vec<_> = (0..self.threads * ASKED_PER_THREAD)
            .map(|_| {
                let answered = Arc::clone(&answered);
                self.submit(Lane::Quick, None, move |scratch, _| {
                    let mut answered = answered.lock().unwrap_or_else(PoisonError::into_inner);
                    if answered.contains(&thread::current().id()) {
                        return Ok(Vec::new());
                    }
                    answered.push(thread::current().id());
                    drop(answered);
                    Ok(scratch.asked().collect())
                })
            })
            .collect();
        let mut asked = Vec::new();
        for answer in answers {
            asked.extend(answer.await.unwrap_or_default());
        }
        asked.sort_unstable();
        asked.dedup();
        asked
    }

    /// Queues a job. It is not started when its deadline has passed or its answer was dropped.
    pub(in crate::service) fn submit<T: Send + 'static>(
        &self,
        lane: Lane,
        deadline: Option<Instant>,
        job: impl FnOnce(&mut Scratch, &Arc<Wanted>) -> Result<T, Failure> + Send + 'static,
    ) -> Answer<T> {
        let (answer, waiting) = oneshot::channel();
        let wanted = Arc::new(Wanted { is_given_up: AtomicBool::new(false), deadline });
        let asked = Arc::clone(&wanted);
        self.queue.push(
            lane,
            Box::new(move |scratch| {
                // It fails when the answer was dropped, which is no fault.
                let _ = answer.send(if asked.is_due() { Err(Failure::Expired) } else { job(scratch, &asked) });
            }),
        );
        Answer { waiting, wanted }
    }
}

impl<T> Future for Answer<T> {
    type Output = Result<T, Failure>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Without an answer the job unwound.
        Poll::Ready(ready!(Pin::new(&mut self.waiting).poll(cx)).unwrap_or(Err(Failure::Panicked)))
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.queue.lock().closed = true;
        self.queue.filled.notify_all();
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Lanes> {
        // No job runs under the lock, so it cannot be left half-changed.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, lane: Lane, job: Job) {
        let mut lanes = self.lock();
        match lane {
            Lane::Quick => lanes.quick.push_back(job),
            Lane::Bulk => lanes.bulk.push_back(job),
        }
        drop(lanes);
        self.filled.notify_one();
    }

    fn pop(&self) -> Option<Job> {
        let mut lanes = self.lock();
        loop {
            if lanes.closed {
                return None;
            }
            if let Some(job) = lanes.next() {
                return Some(job);
            }
            lanes = self.filled.wait(lanes).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn work(&self) {
        let mut scratch = Scratch::default();
        while let Some(job) = self.pop() {
            if catch_unwind(AssertUnwindSafe(|| job(&mut scratch))).is_err() {
                // The job may have left it half-changed.
                scratch = Scratch::default();
            }
        }
    }
}

impl Lanes {
    fn next(&mut self) -> Option<Job> {
        if self.quick_in_a_row < QUICK_IN_A_ROW
            && let Some(job) = self.quick.pop_front()
        {
            self.quick_in_a_row += 1;
            return Some(job);
        }
        self.quick_in_a_row = 0;
        self.bulk.pop_front().or_else(|| self.quick.pop_front())
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    /// A pool of one thread that is held until the sender is dropped, so that what is queued can be ordered.
    async fn held() -> (Pool, mpsc::Sender<()>, Answer<()>) {
        let pool = Pool::start(1).unwrap();
        let (release, wait) = mpsc::channel::<()>();
        let (started, has_started) = oneshot::channel();
        let first = pool.submit(Lane::Quick, None, move |_, _| {
            started.send(()).unwrap();
            let _ = wait.recv();
            Ok(())
        });
        has_started.await.unwrap();
        (pool, release, first)
    }

    #[tokio::test]
    async fn a_panic_is_one_failed_answer() {
        let pool = Pool::start(1).unwrap();
        let broken = pool.submit(Lane::Quick, None, |_, _| -> Result<(), Failure> { panic!("on purpose") }).await;
        assert!(matches!(broken, Err(Failure::Panicked)));
        assert_eq!(pool.submit(Lane::Bulk, None, |_, _| Ok(7)).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn what_is_expired_or_abandoned_is_not_started() {
        let (pool, release, first) = held().await;
        let expired = pool.submit(Lane::Quick, Some(Instant::now()), |_, _| -> Result<(), Failure> { unreachable!() });
        let (touched, was_touched) = oneshot::channel::<()>();
        drop(pool.submit(Lane::Quick, None, move |_, _| {
            touched.send(()).unwrap();
            Ok(())
        }));
        let later = Some(Instant::now() + Duration::from_secs(60));
        let last = pool.submit(Lane::Quick, later, |_, _| Ok(1));
        drop(release);
        first.await.unwrap();
        assert!(matches!(expired.await, Err(Failure::Expired)));
        assert_eq!(last.await.unwrap(), 1);
        was_touched.await.unwrap_err();
    }

    #[tokio::test]
    async fn quick_jobs_overtake_chunks_and_do_not_starve_them() {
        let (pool, release, first) = held().await;
        let (log, order) = mpsc::channel();
        let answers: Vec<_> = (0..50)
            .map(|i| {
                let log = log.clone();
                let lane = if i < 2 { Lane::Bulk } else { Lane::Quick };
                pool.submit(lane, None, move |_, _| {
                    log.send(i).unwrap();
                    Ok(())
                })
            })
            .collect();
        drop(release);
        first.await.unwrap();
        for answer in answers {
            answer.await.unwrap();
        }
        let order: Vec<u32> = order.try_iter().collect();
        let place = |i| order.iter().position(|&x| x == i).unwrap() as u32;
        assert!(place(2) < place(0), "quick first");
        assert!(place(0) <= QUICK_IN_A_ROW && place(1) <= 2 * QUICK_IN_A_ROW + 1, "{order:?}");
    }
}
