//! Order, fairness and ends of jobs.

use super::*;
use std::sync::mpsc;

fn ask(lane: Lane, share: u64) -> Ask {
    Ask { lane, share: Share(share), deadline: None }
}

const QUICK: Ask = Ask { lane: Lane::Quick, share: Share(1), deadline: None };

/// A pool of one thread that is held until the sender is dropped, so that what is queued can be ordered.
async fn held() -> (Pool, mpsc::Sender<()>, Answer<()>) {
    let pool = Pool::start(1).unwrap();
    let (release, wait) = mpsc::channel::<()>();
    let (started, has_started) = oneshot::channel();
    let first = pool.submit(QUICK, move |_, _| {
        started.send(()).unwrap();
        let _ = wait.recv();
        Ok(())
    });
    has_started.await.unwrap();
    (pool, release, first)
}

/// Works, checking as the engine does, until it is told to end or is stopped.
fn busy(pool: &Pool, ask: Ask) -> (Answer<()>, mpsc::Sender<()>) {
    let (end, ended) = mpsc::channel::<()>();
    let answer = pool.submit(ask, move |_, wanted| {
        while ended.try_recv() == Err(mpsc::TryRecvError::Empty) {
            if wanted.is_due() {
                return Err(Failure::Expired);
            }
            thread::sleep(Duration::from_micros(200));
        }
        Ok(())
    });
    (answer, end)
}

#[tokio::test]
async fn a_panic_is_one_failed_answer() {
    let pool = Pool::start(1).unwrap();
    let broken = pool.submit(QUICK, |_, _| -> Result<(), Failure> { panic!("on purpose") }).await;
    assert!(matches!(broken, Err(Failure::Panicked)));
    assert_eq!(pool.submit(ask(Lane::Bulk, 1), |_, _| Ok(7)).await.unwrap(), 7);
}

#[tokio::test]
async fn what_is_expired_or_abandoned_is_not_started() {
    let (pool, release, first) = held().await;
    let until = |deadline| Ask { deadline: Some(deadline), ..QUICK };
    let expired = pool.submit(until(Instant::now()), |_, _| -> Result<(), Failure> { unreachable!() });
    let (touched, was_touched) = oneshot::channel::<()>();
    drop(pool.submit(QUICK, move |_, _| {
        touched.send(()).unwrap();
        Ok(())
    }));
    let last = pool.submit(until(Instant::now() + Duration::from_secs(60)), |_, _| Ok(1));
    drop(release);
    first.await.unwrap();
    assert!(matches!(expired.await, Err(Failure::Expired)));
    assert_eq!(last.await.unwrap(), 1);
    was_touched.await.unwrap_err();
}

#[tokio::test]
async fn small_jobs_pass_large_ones_that_run() {
    let pool = Pool::start(1).unwrap();
    let large: Vec<_> = (0..40).map(|share| busy(&pool, ask(Lane::Heavy, share))).collect();
    for _ in 0..100 {
        pool.submit(QUICK, |_, _| Ok(())).await.unwrap();
        pool.submit(ask(Lane::Bulk, 2), |_, _| Ok(())).await.unwrap();
    }
    {
        let state = pool.queue.lock();
        // One thread at the least is kept for jobs that are not heavy.
        let most = pool.queue.most_threads;
        assert!(state.threads <= most && (1..most).contains(&state.heavy), "{} of {most}", state.heavy);
    }
    // All of them: which has begun is not said, and one that has not waits for those that have.
    let (answers, ends): (Vec<_>, Vec<_>) = large.into_iter().unzip();
    drop(ends);
    for answer in answers {
        answer.await.unwrap();
    }
    // The last answer leaves a little before its thread is free.
    let start = Instant::now();
    while pool.queue.lock().running > 0 {
        assert!(start.elapsed() < Duration::from_secs(20), "a job still counts as running");
        thread::sleep(Duration::from_millis(1));
    }
}

#[tokio::test]
async fn callers_with_large_jobs_share_the_time() {
    let pool = Pool::start(1).unwrap();
    let many: Vec<_> = (0..6).map(|_| busy(&pool, ask(Lane::Heavy, 1))).collect();
    let (one, end) = busy(&pool, ask(Lane::Heavy, 2));
    thread::sleep(Duration::from_millis(600));
    let had = |share| pool.queue.lock().turns.had(Share(share)).as_secs_f64();
    let (first, second) = (had(1), had(2));
    assert!(second > first / 2.0 && first > second / 2.0, "{first} s and {second} s");
    drop(end);
    one.await.unwrap();
    drop(many);
}

#[tokio::test]
async fn a_deadline_and_a_dropped_answer_end_a_job_that_gave_way() {
    let pool = Pool::start(1).unwrap();
    let deadline = Instant::now() + Duration::from_millis(50);
    let (late, _end) = busy(&pool, Ask { deadline: Some(deadline), ..ask(Lane::Heavy, 1) });
    let (dropped, _end) = busy(&pool, ask(Lane::Heavy, 2));
    assert!(matches!(late.await, Err(Failure::Expired)));
    assert!(deadline.elapsed() < Duration::from_millis(500), "{:?}", deadline.elapsed());
    drop(dropped);
    pool.submit(ask(Lane::Heavy, 3), |_, _| Ok(())).await.unwrap();
}
