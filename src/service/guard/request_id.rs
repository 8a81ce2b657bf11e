//! Ids of calls: they stand in answers, log lines and traces.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use tonic::codegen::http::HeaderValue;

/// Ids of calls: the caller's own if it is valid, otherwise one that no other process gives.
#[derive(Debug)]
pub(in crate::service) struct RequestIds {
    process: u64,
    next: AtomicU64,
}

impl RequestIds {
    /// Ids that no other process gives.
    pub(in crate::service) fn new() -> Self {
        Self { process: RandomState::new().hash_one(std::process::id()), next: AtomicU64::new(1) }
    }

    /// The id that the header gives if it is valid (1 to 128 letters, digits, `-`, `_`, `.`, `:`), otherwise a new one.
    pub(in crate::service) fn of(&self, given: Option<&HeaderValue>) -> HeaderValue {
        let is_valid = |id: &&HeaderValue| {
            (1..=128).contains(&id.len())
                && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'))
        };
        given.filter(is_valid).cloned().unwrap_or_else(|| {
            let id = format!("{:016x}-{:x}", self.process, self.next.fetch_add(1, Ordering::Relaxed));
            HeaderValue::try_from(id).expect("hexadecimal digits make a valid header value")
        })
    }
}
