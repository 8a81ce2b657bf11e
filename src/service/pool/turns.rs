//! Whose turn it is: the order in which jobs get the processors.
//!
//! Jobs have levels. One that has worked little goes first, so that a short job passes a long one at the long one's next
//! check; a job sinks as it works. Within a level the caller who has had least of the processors goes first, so that a
//! caller with a thousand jobs gets no more than one with a single job. Every [`IN_A_ROW`] turns one of a deeper level is
//! let through, so that no job waits for ever.
//!
//! This is bookkeeping alone: no threads, no clock.

use crate::service::guard::share::Share;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// After how many turns of one level a waiting job of a deeper one goes first.
const IN_A_ROW: u32 = 16;
/// Levels: until 5 ms of work, until 50 ms, and beyond.
const LEVELS: usize = 3;
const FIRST_LEVEL: Duration = Duration::from_millis(5);
const SECOND_LEVEL: Duration = Duration::from_millis(50);
/// How much more a caller may have had than another one of the same level before it gives way in the middle of a job:
/// each change costs warm caches.
const AHEAD: Duration = Duration::from_millis(20);
/// Callers remembered at most; beyond, those are forgotten who would begin anew anyway.
const MOST_REMEMBERED: usize = 4096;

/// How much work a job seems to be when it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::service) enum Lane {
    /// A caller waits for this single answer, and it is small.
    Quick,
    /// Part of something larger.
    Bulk,
    /// A text or record so large that it will need many turns.
    Heavy,
}

/// Bytes of a request up to which it is quick, and from which it is heavy.
const QUICK_BYTES: usize = 16 << 10;
const HEAVY_BYTES: usize = 128 << 10;

impl Lane {
    /// Of a call for a single answer, by the bytes of its request.
    pub(in crate::service) fn of_call(bytes: usize) -> Self {
        if bytes <= QUICK_BYTES { Self::Quick } else { Self::of_part(bytes) }
    }

    /// Of a part of something larger.
    pub(in crate::service) fn of_part(bytes: usize) -> Self {
        if bytes <= HEAVY_BYTES { Self::Bulk } else { Self::Heavy }
    }
}

/// The level of a job that came in this lane and has worked so long.
pub(super) fn level(lane: Lane, worked: Duration) -> usize {
    let by_work = usize::from(worked >= FIRST_LEVEL) + usize::from(worked >= SECOND_LEVEL);
    by_work.max(lane as usize)
}

/// Jobs that wait: `N` for new ones, `P` for those that gave way.
#[derive(Debug)]
pub(super) struct Turns<N, P> {
    levels: [BTreeMap<Share, Waiting<N, P>>; LEVELS],
    /// What each caller has had of the processors, on a common scale.
    had: FxHashMap<Share, Duration>,
    /// What the caller whose turn was last had then: who comes anew begins there, without credit for having been away.
    now: Duration,
    in_a_row: u32,
    last_level: usize,
    count: usize,
    arrivals: u64,
}

#[derive(Debug)]
struct Waiting<N, P> {
    /// They have begun: they go before new ones of their caller, which makes their memory free sooner.
    paused: VecDeque<(u64, P)>,
    fresh: VecDeque<(u64, Lane, N)>,
}

/// What goes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<N, P> {
    /// A job that has not begun.
    New(Lane, N),
    /// A job that gave way.
    Paused(P),
}

/// Which new jobs may begin now.
#[derive(Clone, Copy, Debug)]
pub(super) struct MayBegin {
    pub(super) any: bool,
    pub(super) heavy: bool,
}

impl MayBegin {
    fn lane(self, lane: Lane) -> bool {
        self.any && (lane != Lane::Heavy || self.heavy)
    }
}

impl<N, P> Default for Turns<N, P> {
    fn default() -> Self {
        Self {
            levels: std::array::from_fn(|_| BTreeMap::new()),
            had: FxHashMap::default(),
            now: Duration::ZERO,
            in_a_row: 0,
            last_level: 0,
            count: 0,
            arrivals: 0,
        }
    }
}

impl<N, P> Turns<N, P> {
    /// Adds a new job.
    pub(super) fn add(&mut self, lane: Lane, share: Share, job: N) {
        let arrival = self.arrive(share);
        self.waiting(lane as usize, share).fresh.push_back((arrival, lane, job));
    }

    /// Adds a job that gave way at this level.
    pub(super) fn pause(&mut self, level: usize, share: Share, job: P) {
        let arrival = self.arrive(share);
        self.waiting(level, share).paused.push_back((arrival, job));
    }

    /// Counts work against a caller.
    pub(super) fn charge(&mut self, share: Share, worked: Duration) {
        let now = self.now;
        *self.had.entry(share).or_insert(now) += worked;
    }

    /// Jobs that wait.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// New jobs that wait: quick ones, and others.
    pub(super) fn waiting_new(&self) -> (usize, usize) {
        let of = |level: &BTreeMap<Share, Waiting<N, P>>| level.values().map(|w| w.fresh.len()).sum::<usize>();
        (of(&self.levels[0]), self.levels[1..].iter().map(of).sum())
    }

    /// Whether a running job of this level and caller should give way now.
    pub(super) fn gives_way(&self, level: usize, share: Share, may: MayBegin) -> bool {
        let had = self.had(share);
        let is_first = |at: usize| self.first_of(at, may).is_some();
        if (0..level).any(is_first) {
            // It had its turn; the row of the shallower levels goes on until one of the deeper ones is due.
            return true;
        }
        self.first_of(level, may).is_some_and(|(first, _)| first != share && self.had(first) + AHEAD < had)
    }

    /// Takes what goes next, if anything may.
    pub(super) fn next(&mut self, may: MayBegin) -> Option<Next<N, P>> {
        let (level, share) = self.choose(may)?;
        if level == self.last_level {
            self.in_a_row = self.in_a_row.saturating_add(1);
        } else {
            (self.in_a_row, self.last_level) = (1, level);
        }
        self.now = self.now.max(self.had(share));
        let waiting = self.levels[level].get_mut(&share)?;
        let next = match waiting.paused.pop_front() {
            Some((_, paused)) => Next::Paused(paused),
            None => {
                let (_, lane, new) = waiting.fresh.pop_front()?;
                Next::New(lane, new)
            }
        };
        if waiting.paused.is_empty() && waiting.fresh.is_empty() {
            self.levels[level].remove(&share);
        }
        self.count -= 1;
        Some(next)
    }

    fn choose(&self, may: MayBegin) -> Option<(usize, Share)> {
        let firsts = || (0..LEVELS).filter_map(|at| Some((at, self.first_of(at, may)?.0)));
        let shallowest = firsts().next()?;
        if self.in_a_row >= IN_A_ROW && shallowest.0 == self.last_level {
            // Of the deeper levels the deepest: it has waited for all the others.
            return firsts().next_back();
        }
        Some(shallowest)
    }

    /// Of the callers with a job of this level that may go, the one who has had least; of equals, who came first.
    fn first_of(&self, level: usize, may: MayBegin) -> Option<(Share, Duration)> {
        let candidates = self.levels[level].iter().filter_map(|(share, waiting)| {
            let arrival = match (waiting.paused.front(), waiting.fresh.front()) {
                (Some((arrival, _)), _) => *arrival,
                (None, Some((arrival, lane, _))) if may.lane(*lane) => *arrival,
                _ => return None,
            };
            Some((self.had(*share), arrival, *share))
        });
        candidates.min().map(|(had, _, share)| (share, had))
    }

    /// What a caller has had, on the common scale.
    pub(super) fn had(&self, share: Share) -> Duration {
        self.had.get(&share).copied().unwrap_or(self.now)
    }

    fn waiting(&mut self, level: usize, share: Share) -> &mut Waiting<N, P> {
        self.count += 1;
        let empty = || Waiting { paused: VecDeque::new(), fresh: VecDeque::new() };
        self.levels[level].entry(share).or_insert_with(empty)
    }

    /// Numbers an arrival. A caller who has been away gets no credit for it.
    fn arrive(&mut self, share: Share) -> u64 {
        if self.had.len() >= MOST_REMEMBERED {
            let now = self.now;
            self.had.retain(|_, had| *had > now);
        }
        let is_away = !self.levels.iter().any(|level| level.contains_key(&share));
        let had = self.had.entry(share).or_insert(self.now);
        if is_away {
            *had = (*had).max(self.now);
        }
        self.arrivals += 1;
        self.arrivals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: MayBegin = MayBegin { any: true, heavy: true };

    fn milliseconds(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    fn order(turns: &mut Turns<u32, u32>, each: Duration, of: impl Fn(u32) -> Share) -> Vec<u32> {
        let mut order = Vec::new();
        while let Some(next) = turns.next(ALL) {
            let (Next::New(_, job) | Next::Paused(job)) = next;
            turns.charge(of(job), each);
            order.push(job);
        }
        order
    }

    #[test]
    fn quick_jobs_overtake_others_and_do_not_starve_them() {
        let mut turns = Turns::default();
        let share = Share(1);
        turns.add(Lane::Heavy, share, 0);
        turns.add(Lane::Bulk, share, 1);
        (2..50).for_each(|job| turns.add(Lane::Quick, share, job));
        let order = order(&mut turns, milliseconds(1), |_| share);
        let place = |job| order.iter().position(|&j| j == job).unwrap() as u32;
        assert!(place(2) < place(0) && place(2) < place(1), "quick first");
        assert!(place(0) <= IN_A_ROW && place(1) <= 2 * IN_A_ROW + 1, "{order:?}");
    }

    #[test]
    fn a_caller_with_many_jobs_gets_no_more_than_one_with_few() {
        let mut turns = Turns::default();
        let of = |job: u32| Share(u64::from(job >= 1000));
        (0..100).for_each(|job| turns.add(Lane::Bulk, of(job), job));
        (1000..1003).for_each(|job| turns.add(Lane::Bulk, of(job), job));
        let order = order(&mut turns, milliseconds(3), of);
        let last = order.iter().position(|&job| job == 1002).unwrap();
        assert!(last <= 6, "three jobs of six turns: {order:?}");
    }

    #[test]
    fn who_was_away_has_no_credit() {
        let mut turns = Turns::<u32, u32>::default();
        let (busy, away) = (Share(1), Share(2));
        turns.add(Lane::Bulk, away, 9);
        turns.next(ALL).unwrap();
        turns.charge(away, milliseconds(1));
        for job in 0..100 {
            turns.add(Lane::Bulk, busy, job);
            turns.next(ALL).unwrap();
            turns.charge(busy, milliseconds(10));
        }
        (0..10).for_each(|job| turns.add(Lane::Bulk, busy, job));
        (100..110).for_each(|job| turns.add(Lane::Bulk, away, job));
        let order = order(&mut turns, milliseconds(10), |job| if job < 100 { busy } else { away });
        assert!(order[..8].iter().filter(|&&job| job < 100).count() >= 3, "they take turns: {order:?}");
    }

    #[test]
    fn a_long_job_gives_way_to_a_short_one_and_to_another_caller() {
        let mut turns = Turns::<u32, u32>::default();
        let (long, other) = (Share(1), Share(2));
        turns.charge(long, milliseconds(100));
        assert!(!turns.gives_way(2, long, ALL), "nobody waits");
        turns.add(Lane::Heavy, other, 1);
        assert!(turns.gives_way(2, long, ALL), "the other has had less");
        assert!(!turns.gives_way(2, long, MayBegin { any: true, heavy: false }), "it could not begin");
        assert!(!turns.gives_way(0, long, ALL), "a short job is not held up by a long one");
        turns.add(Lane::Quick, long, 2);
        assert!(turns.gives_way(2, long, MayBegin { any: true, heavy: false }), "a short one passes");
        assert!(!turns.gives_way(2, long, MayBegin { any: false, heavy: false }), "no thread for it");
    }

    #[test]
    fn a_job_sinks_as_it_works() {
        assert_eq!(level(Lane::Quick, milliseconds(1)), 0);
        assert_eq!(level(Lane::Quick, milliseconds(6)), 1);
        assert_eq!(level(Lane::Quick, milliseconds(60)), 2);
        assert_eq!(level(Lane::Heavy, milliseconds(0)), 2);
    }
}
