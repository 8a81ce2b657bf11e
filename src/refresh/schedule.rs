//! When each publication is fetched next.

use super::pace::Pace;
use super::refresher::Refresher;
use super::report::Report;
use jiff::{SignedDuration, Timestamp};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Tells the time and waits for it; tests bring their own.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
    /// Waits until it is `at`.
    fn sleep_until(&self, at: Timestamp) -> impl Future<Output = ()> + Send;
}

/// The system clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn sleep_until(&self, at: Timestamp) {
        let wait = Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default();
        tokio::time::sleep(wait).await;
    }
}

/// Publications that are due within this are fetched together, so that the lists are compiled once.
const TOGETHER: SignedDuration = SignedDuration::from_secs(10);

/// Fetches every publication again and again, each at its own time, until told to stop. `after` gets the reports of
/// those that were fetched together, before the next are.
pub async fn run<C, F>(
    refresher: Arc<Refresher>,
    pace: Pace,
    clock: C,
    stop: CancellationToken,
    mut after: impl FnMut(Vec<Report>) -> F + Send,
) where
    C: Clock,
    F: Future<Output = ()> + Send,
{
    let start = clock.now();
    // Publications fetched lately wait for the rest of the interval; the others are due at once.
    let mut due: Vec<(Timestamp, u64)> = refresher
        .targets()
        .iter()
        .map(|target| {
            let checked = refresher.store().record(&target.id).ok().and_then(|r| r.checked_at);
            let wait = pace.spread(pace.interval, 10, &target.id, 0);
            (checked.map_or(start, |at| (at + wait).max(start)), 0)
        })
        .collect();
    while let Some(&(first, _)) = due.iter().min() {
        refresher.plan(due.iter().map(|&(at, _)| at));
        tokio::select! {
            () = clock.sleep_until(first) => {}
            () = stop.cancelled() => return,
        }
        let now = clock.now();
        let mut fetching = tokio::task::JoinSet::new();
        for (at, _) in due.iter().enumerate().filter(|(_, (when, _))| *when <= now + TOGETHER) {
            let refresher = Arc::clone(&refresher);
            fetching.spawn(async move { (at, refresher.fetch(at, now).await) });
        }
        let mut reports = Vec::new();
        loop {
            let next = tokio::select! {
                next = fetching.join_next() => next,
                // Downloads in progress end on their own threads; what came is kept.
                () = stop.cancelled() => return,
            };
            match next {
                None => break,
                Some(Ok((at, report))) => {
                    let count = due[at].1 + 1;
                    due[at] = (pace.next(&report, count), count);
                    reports.push(report);
                }
                Some(Err(_)) => {}
            }
        }
        refresher.plan(due.iter().map(|&(at, _)| at));
        reports.sort_by(|a, b| a.publication.cmp(&b.publication));
        after(reports).await;
    }
    stop.cancelled().await;
}
