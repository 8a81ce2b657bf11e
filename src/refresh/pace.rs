//! How often publications are fetched, and how long is waited after a failure.

use super::report::{Done, Report};
use jiff::{SignedDuration, Timestamp};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

/// How often publications are fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Between two fetches of a publication.
    pub interval: Duration,
    /// After the first failure; twice as long after each further one, at most the interval.
    pub retry: Duration,
    /// Spreads the fetches of several processes; any number.
    pub seed: u64,
}

impl Pace {
    /// When a publication is due after this attempt, the `count`th.
    pub(super) fn next(&self, report: &Report, count: u64) -> Timestamp {
        let (wait, spread) = match report.done {
            Done::Failed(_, failures) => (self.after_failures(failures), 25),
            Done::Busy => (self.retry.min(self.interval), 25),
            Done::Unchanged | Done::Updated { .. } | Done::Quarantined(_) => (self.interval, 10),
        };
        report.at + self.spread(wait, spread, &report.publication, count)
    }

    /// How long to wait after so many failures in a row, at least one.
    pub(super) fn after_failures(&self, failures: u32) -> Duration {
        self.retry.saturating_mul(2u32.saturating_pow(failures.clamp(1, 20) - 1)).min(self.interval)
    }

    /// The wait, longer or shorter by at most so many percent.
    pub(super) fn spread(&self, wait: Duration, percent: u64, publication: &str, count: u64) -> SignedDuration {
        let mut hash = DefaultHasher::new();
        (self.seed, publication, count).hash(&mut hash);
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX / 200);
        let width = millis.saturating_mul(2 * percent) / 100;
        let least = millis - millis.saturating_mul(percent) / 100;
        let millis = least + if width == 0 { 0 } else { hash.finish() % width };
        SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}
