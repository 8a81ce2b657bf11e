//! Sign-ins that were begun and not ended: in memory, each for one use and a short time.

use crate::service::guard::callers::new_secret;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq as _;

/// How long a person may take at the provider.
pub(in crate::service::console) const LONGEST: Duration = Duration::from_secs(600);

/// Sign-ins under way at most; for a further one the oldest is forgotten.
const MOST: usize = 10_000;

/// What a sign-in needs when the browser comes back.
#[derive(Debug)]
pub(super) struct Begun {
    /// What redeems the code; the provider has its hash (PKCE).
    pub(super) verifier: String,
    /// What the ID token must bring back.
    pub(super) nonce: String,
    /// The page that was asked for.
    pub(super) next: String,
    /// The session that the browser had before.
    pub(super) old: Option<String>,
    at: Instant,
}

impl Begun {
    /// One that begins now.
    pub(super) fn new(next: &str, old: Option<&str>) -> Self {
        let (verifier, nonce) = (new_secret(), new_secret());
        Self { verifier, nonce, next: next.to_owned(), old: old.map(str::to_owned), at: Instant::now() }
    }
}

/// Those under way, by the hash of their state.
#[derive(Debug, Default)]
pub(super) struct Pending(Mutex<Known>);

/// Each with the hash of the browser's secret.
type Known = BTreeMap<[u8; 32], ([u8; 32], Begun)>;

impl Pending {
    fn lock(&self) -> MutexGuard<'_, Known> {
        // Nothing that can panic runs under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps one.
    pub(super) fn add(&self, state: &str, secret: &str, begun: Begun) {
        let mut known = self.lock();
        known.retain(|_, (_, begun)| begun.at.elapsed() < LONGEST);
        if known.len() >= MOST {
            let oldest = known.iter().min_by_key(|(_, (_, begun))| begun.at).map(|(key, _)| *key);
            oldest.and_then(|key| known.remove(&key));
        }
        known.insert(hash(state), (hash(secret), begun));
    }

    /// Takes one out, if this browser began it and not too long ago. Another browser's attempt uses it up too: its state
    /// has become known to somebody.
    pub(super) fn take(&self, state: &str, secret: &str) -> Option<Begun> {
        let (of_browser, begun) = self.lock().remove(&hash(state))?;
        let is_own: bool = of_browser.ct_eq(&hash(secret)).into();
        (is_own && begun.at.elapsed() < LONGEST).then_some(begun)
    }
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_used_once_and_by_its_browser_alone() {
        let pending = Pending::default();
        pending.add("state", "secret", Begun::new("/console/lists", None));
        assert_eq!(pending.take("state", "secret").map(|begun| begun.next).as_deref(), Some("/console/lists"));
        assert!(pending.take("state", "secret").is_none());
        pending.add("state", "secret", Begun::new("/console/lists", None));
        assert!(pending.take("state", "other").is_none() && pending.take("state", "secret").is_none());
    }

    #[test]
    fn what_takes_too_long_and_what_is_too_much_is_forgotten() {
        let pending = Pending::default();
        let Some(long_ago) = Instant::now().checked_sub(LONGEST) else { return };
        pending.add("old", "secret", Begun { at: long_ago, ..Begun::new("", None) });
        assert!(pending.take("old", "secret").is_none());
        for n in 0..=MOST {
            pending.add(&n.to_string(), "secret", Begun::new("", None));
        }
        assert_eq!(pending.lock().len(), MOST);
        assert!(pending.take("0", "secret").is_none() && pending.take("1", "secret").is_some());
    }
}
