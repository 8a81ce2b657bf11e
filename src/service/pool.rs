//! The threads that screen.
//!
//! As many jobs run at once as there are processors for; [`turns`] says which. A job that screens asks at every check
//! whether its answer is still wanted; there it also gives way when another job should go first, and sleeps until its next
//! turn. So a large record holds nobody up for longer than from one check to the next, and a deadline ends work there.
//! A job that gave way keeps its thread and its [`Scratch`]; threads are added as they are needed, up to a bound, and some
//! are kept for jobs that are not heavy.
//! The queue needs no limit of its own: callers are admitted by count, and a batch or stream keeps few chunks in it.

mod turns;

pub(in crate::service) use turns::Lane;

use super::guard::failure::Failure;
use super::guard::share::Share;
use engine::screen::{Asked, Scratch, Stop};
use std::collections::VecDeque;
use std::future::Future;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::thread::ThreadId;
use std::time::Duration;
use std::{io, thread};
use tokio::sync::oneshot;
use tokio::time::Instant;
use turns::{MayBegin, Next, Turns, level};

/// How long a job works at the least before it gives way.
const SLICE: Duration = Duration::from_millis(1);
/// Threads beyond one for each job that runs: so many jobs may have given way at once.
const MORE_THREADS: usize = 8;
/// Jobs per thread that ask what it searched lately: several, because any free thread takes the next.
const ASKED_PER_THREAD: usize = 4;

/// What is to be done, and for whom.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) struct Ask {
    /// How much work it seems to be.
    pub(in crate::service) lane: Lane,
    /// Who asks.
    pub(in crate::service) share: Share,
    /// When the answer is no longer wanted.
    pub(in crate::service) deadline: Option<Instant>,
}

type Work = Box<dyn FnOnce(&mut Scratch) + Send>;

/// A job that has not begun.
struct Job {
    work: Work,
    wanted: Arc<Wanted>,
}

/// Threads and the queue they share. Dropping it ends the threads once they have finished their current job.
#[derive(Debug)]
pub(in crate::service) struct Pool {
    queue: Arc<Queue>,
}

struct Queue {
    state: Mutex<State>,
    /// Jobs in `State::chosen` have come.
    filled: Condvar,
    /// Jobs that wait, for a look without the lock.
    waiting: AtomicUsize,
    /// Jobs that run at once.
    slots: usize,
    most_threads: usize,
}

#[derive(Default)]
struct State {
    turns: Turns<Job, Arc<Wanted>>,
    /// Chosen, and waiting for a thread to take them.
    chosen: VecDeque<Job>,
    /// Jobs that run or are chosen.
    running: usize,
    threads: usize,
    /// Threads without a job.
    free: usize,
    /// Heavy jobs that have begun.
    heavy: usize,
    closed: bool,
}

/// The answer of a job, later. Dropping it cancels the job, started or not.
#[derive(Debug)]
pub(in crate::service) struct Answer<T> {
    waiting: oneshot::Receiver<Result<T, Failure>>,
    wanted: Arc<Wanted>,
}

/// Whether an answer is still wanted, and whether its job should give way; the engine asks it while it screens.
#[derive(Debug)]
pub(in crate::service) struct Wanted {
    is_given_up: AtomicBool,
    ask: Ask,
    queue: Arc<Queue>,
    /// Only the job's own thread works with it.
    turn: Mutex<Turn>,
    /// Whether a job that gave way has its turn again.
    is_granted: Mutex<bool>,
    granted: Condvar,
    myself: Weak<Self>,
}

/// The present turn of a job.
#[derive(Debug, Default)]
struct Turn {
    /// When it began; `None` while the job does not run.
    since: Option<Instant>,
    /// Work of the turns before.
    worked: Duration,
}

impl Stop for Wanted {
    fn is_due(&self) -> bool {
        let now = Instant::now();
        if self.is_over(now) {
            return true;
        }
        self.give_way(now) && self.is_over(Instant::now())
    }
}

impl Wanted {
    fn is_over(&self, now: Instant) -> bool {
        self.is_given_up.load(Ordering::Relaxed) || self.ask.deadline.is_some_and(|deadline| deadline <= now)
    }

    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) {
        self.turn().since = Some(Instant::now());
    }

    /// Ends the turn; how long it was.
    fn end(&self) -> Duration {
        self.turn().since.take().map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn grant(&self) {
        *self.is_granted.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.granted.notify_one();
    }

    fn until_granted(&self) {
        let mut is_granted = self.is_granted.lock().unwrap_or_else(PoisonError::into_inner);
        while !std::mem::take(&mut *is_granted) {
            is_granted = self.granted.wait(is_granted).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets another job go first when one should; returns once it is this job's turn again, with whether it gave way.
    fn give_way(&self, now: Instant) -> bool {
        if self.queue.waiting.load(Ordering::Relaxed) == 0 {
            return false;
        }
        let (Some(myself), Some(level)) = (self.myself.upgrade(), self.settle(now)) else { return false };
        let mut state = self.queue.lock();
        if !state.turns.gives_way(level, self.ask.share, self.queue.may_begin(&state)) {
            return false;
        }
        state.turns.pause(level, self.ask.share, myself);
        state.running -= 1;
        self.queue.fill(&mut state);
        self.queue.call(&state);
        drop(state);
        self.until_granted();
        self.begin();
        true
    }

    /// Counts the work of the present turn, once there is enough of it to give way; the level that it comes to.
    fn settle(&self, now: Instant) -> Option<usize> {
        let mut turn = self.turn();
        let worked = now.saturating_duration_since(turn.since?);
        if worked < SLICE {
            return None;
        }
        turn.worked += worked;
        turn.since = Some(now);
        let level = level(self.ask.lane, turn.worked);
        drop(turn);
        self.queue.lock().turns.charge(self.ask.share, worked);
        Some(level)
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
        let slots = match threads {
            0 => thread::available_parallelism().map_or(1, NonZero::get),
            n => n,
        };
        let queue = Arc::new(Queue {
            state: Mutex::default(),
            filled: Condvar::new(),
            waiting: AtomicUsize::new(0),
            slots,
            most_threads: 2 * slots + MORE_THREADS,
        });
        for _ in 0..slots {
            queue.add_thread(&mut queue.lock())?;
        }
        Ok(Self { queue })
    }

    /// How many jobs run at once.
    pub(in crate::service) fn threads(&self) -> usize {
        self.queue.slots
    }

    /// How many jobs wait to begin: quick ones, and others.
    pub(in crate::service) fn waiting(&self) -> (usize, usize) {
        self.queue.lock().turns.waiting_new()
    }

    /// The names that the threads searched lately, each once, in order. Threads that are busy all the while are left out.
    pub(in crate::service) async fn asked(&self) -> Vec<Asked> {
        let answered: Arc<Mutex<Vec<ThreadId>>> = Arc::default();
        let threads = self.queue.lock().threads;
        let ask = Ask { lane: Lane::Quick, share: Share::default(), deadline: None };
        let answers: Vec<_> = (0..threads * ASKED_PER_THREAD)
            .map(|_| {
                let answered = Arc::clone(&answered);
                self.submit(ask, move |scratch, _| {
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
        ask: Ask,
        job: impl FnOnce(&mut Scratch, &Arc<Wanted>) -> Result<T, Failure> + Send + 'static,
    ) -> Answer<T> {
        let (answer, waiting) = oneshot::channel();
        let wanted = Arc::new_cyclic(|myself| Wanted {
            is_given_up: AtomicBool::new(false),
            ask,
            queue: Arc::clone(&self.queue),
            turn: Mutex::default(),
            is_granted: Mutex::new(false),
            granted: Condvar::new(),
            myself: Weak::clone(myself),
        });
        let asked = Arc::clone(&wanted);
        let work = Box::new(move |scratch: &mut Scratch| {
            // It fails when the answer was dropped, which is no fault.
            let _ =
                answer.send(if asked.is_over(Instant::now()) { Err(Failure::Expired) } else { job(scratch, &asked) });
        });
        self.queue.push(Job { work, wanted: Arc::clone(&wanted) });
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
    fn lock(&self) -> MutexGuard<'_, State> {
        // No job runs under the lock, so it cannot be left half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which new jobs find a thread. For jobs that are not heavy, one is kept for each that runs at once.
    fn may_begin(&self, state: &State) -> MayBegin {
        MayBegin {
            any: state.free > 0 || state.threads < self.most_threads,
            heavy: state.heavy < self.most_threads - self.slots,
        }
    }

    fn push(self: &Arc<Self>, job: Job) {
        let mut state = self.lock();
        let Ask { lane, share, .. } = job.wanted.ask;
        state.turns.add(lane, share, job);
        self.fill(&mut state);
        self.call(&state);
    }

    /// Chooses who runs, as long as there is room.
    fn fill(self: &Arc<Self>, state: &mut State) {
        while state.running < self.slots && state.turns.count() > 0 {
            if state.free == 0 && state.threads < self.most_threads {
                // Without another thread those that have begun go on.
                let _started = self.add_thread(state);
            }
            let may = MayBegin { any: state.free > 0, ..self.may_begin(state) };
            match state.turns.next(may) {
                None => break,
                Some(Next::Paused(job)) => job.grant(),
                Some(Next::New(lane, job)) => {
                    state.free -= 1;
                    state.heavy += usize::from(lane == Lane::Heavy);
                    state.chosen.push_back(job);
                }
            }
            state.running += 1;
        }
        self.waiting.store(state.turns.count(), Ordering::Relaxed);
    }

    /// Wakes threads for the jobs chosen.
    fn call(&self, state: &State) {
        for _ in &state.chosen {
            self.filled.notify_one();
        }
    }

    /// Starts a thread, which is free.
    fn add_thread(self: &Arc<Self>, state: &mut State) -> io::Result<()> {
        let queue = Arc::clone(self);
        thread::Builder::new().name(format!("screen {}", state.threads)).spawn(move || queue.work())?;
        state.threads += 1;
        state.free += 1;
        Ok(())
    }

    fn work(self: &Arc<Self>) {
        let mut scratch = Scratch::default();
        let mut state = self.lock();
        loop {
            let Some(Job { work, wanted }) = state.chosen.pop_front() else {
                if state.closed {
                    return;
                }
                state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            drop(state);
            wanted.begin();
            if catch_unwind(AssertUnwindSafe(|| work(&mut scratch))).is_err() {
                // The job may have left it half-changed.
                scratch = Scratch::default();
            }
            let worked = wanted.end();
            state = self.lock();
            let Ask { lane, share, .. } = wanted.ask;
            state.turns.charge(share, worked);
            state.running -= 1;
            state.free += 1;
            state.heavy -= usize::from(lane == Lane::Heavy);
            self.fill(&mut state);
            // This thread takes the first itself.
            for _ in state.chosen.iter().skip(1) {
                self.filled.notify_one();
            }
        }
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
