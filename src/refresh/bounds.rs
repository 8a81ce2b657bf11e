//! Limits on a download.

use std::time::Duration;

/// Limits on a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most bytes of one file, as sent.
    pub bytes: u64,
    /// The longest time for one file, redirects and further tries included.
    pub total: Duration,
    /// The longest time without a byte.
    pub idle: Duration,
    /// The most redirects in a row.
    pub redirects: usize,
    /// Tries within one attempt, when the connection breaks or the server fails.
    pub tries: u32,
    /// Pause before the second try; twice as long before each further one.
    pub pause: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            bytes: 512 << 20,
            total: Duration::from_secs(900),
            idle: Duration::from_secs(30),
            redirects: 5,
            tries: 3,
            pause: Duration::from_millis(500),
        }
    }
}
