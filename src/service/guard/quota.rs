//! A limit on how often something may happen.

use super::failure::Failure;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, RateLimiter};
use std::num::NonZero;
use std::time::Duration;

/// The shortest wait that a refusal suggests.
const LEAST_WAIT: Duration = Duration::from_millis(1);

/// So many units a second; a caller that waited may use a whole second's worth at once.
#[derive(Debug)]
pub(in crate::service) struct Quota {
    limiter: DefaultDirectRateLimiter,
    what: &'static str,
}

impl Quota {
    /// `None` for 0, which means no limit. `what` names the units in refusals, in the plural.
    pub(in crate::service) fn per_second(units: u32, what: &'static str) -> Option<Self> {
        let limiter = RateLimiter::direct(governor::Quota::per_second(NonZero::new(units)?));
        Some(Self { limiter, what })
    }

    /// Uses up `units`, or none when there are not enough.
    pub(in crate::service) fn charge(&self, units: usize) -> Result<(), Failure> {
        let Some(units) = NonZero::new(u32::try_from(units).unwrap_or(u32::MAX)) else { return Ok(()) };
        let what = self.what;
        match self.limiter.check_n(units) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(early)) => {
                let retry_in = early.wait_time_from(DefaultClock::default().now()).max(LEAST_WAIT);
                Err(Failure::Quota { what, retry_in: Some(retry_in) })
            }
            // More than a whole second's quota would never be let in.
            Err(_) => Err(Failure::Quota { what, retry_in: None }),
        }
    }
}
