//! Sessions: who is signed in, known by a random cookie of which only the SHA-256 is kept.

use super::accounts::Role;
use crate::service::guard::access::Caller;
use crate::service::guard::callers::new_secret;
use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq as _;

/// Name of the cookie. It goes to the console alone.
const COOKIE: &str = "tidewaiter_console";

/// Name of the cookie of a browser that is away to sign in. It goes to the pages to sign in alone.
const AWAY: &str = "tidewaiter_sign_in";

/// Sessions at most; for a further one the one that was used longest ago ends.
const MOST: usize = 10_000;

/// By what a session was opened, and how long that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    /// By nothing: everyone on this machine may.
    Freely,
    /// By the password with this hash; while the account has it.
    Password(String),
    /// By the provider; while no account here has that name.
    Provider,
}

/// One session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) opened: Opened,
    /// What forms bring back.
    pub(super) csrf: String,
    pub(super) caller: Arc<Caller>,
    began: Instant,
    used: Mutex<Instant>,
}

impl Session {
    /// A session that begins now.
    pub(super) fn new(name: &str, role: Role, opened: Opened, caller: Arc<Caller>) -> Self {
        let now = Instant::now();
        Self { name: name.to_owned(), role, opened, csrf: new_secret(), caller, began: now, used: Mutex::new(now) }
    }

    /// Whether a form brought back the secret of this session.
    pub(super) fn is_own(&self, csrf: &str) -> bool {
        self.csrf.as_bytes().ct_eq(csrf.as_bytes()).into()
    }

    fn used(&self) -> MutexGuard<'_, Instant> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sessions that are open.
#[derive(Debug)]
pub(super) struct Sessions {
    open: Mutex<BTreeMap<[u8; 32], Arc<Session>>>,
    idle: Duration,
    longest: Duration,
}

impl Sessions {
    /// None yet. One ends when nothing happens in it for `idle`, and after `longest` in any case.
    pub(super) fn new(idle: Duration, longest: Duration) -> Self {
        Self { open: Mutex::default(), idle, longest }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Arc<Session>>> {
        // Nothing that can panic runs under the lock.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_over(&self, session: &Session) -> bool {
        session.began.elapsed() >= self.longest || session.used().elapsed() >= self.idle
    }

    /// Opens a session; its token, which is new each time.
    pub(super) fn open(&self, session: Session) -> String {
        let token = new_secret();
        let mut open = self.lock();
        open.retain(|_, known| !self.is_over(known));
        if open.len() >= MOST {
            let oldest = open.iter().min_by_key(|(_, known)| *known.used()).map(|(key, _)| *key);
            oldest.and_then(|key| open.remove(&key));
        }
        open.insert(key_of(&token), Arc::new(session));
        token
    }

    /// The session of a token.
    pub(super) fn find(&self, token: &str) -> Option<Arc<Session>> {
        let mut open = self.lock();
        let key = key_of(token);
        let session = Arc::clone(open.get(&key)?);
        if self.is_over(&session) {
            open.remove(&key);
            return None;
        }
        *session.used() = Instant::now();
        Some(session)
    }

    /// Ends the session of a token.
    pub(super) fn close(&self, token: &str) {
        self.lock().remove(&key_of(token));
    }
}

fn key_of(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// The token that a request shows.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    value(headers, COOKIE)
}

/// The secret of a browser that is away to sign in.
pub(super) fn away_secret(headers: &HeaderMap) -> Option<&str> {
    value(headers, AWAY)
}

fn value<'h>(headers: &'h HeaderMap, cookie: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = cookies.flat_map(|all| all.split(';')).filter_map(|one| one.trim().split_once('='));
    pairs.find(|(name, _)| *name == cookie).map(|(_, token)| token)
}

/// The cookie of a token, or with an empty one what takes it away. Scripts do not see it, and no other site sends it.
pub(super) fn cookie(token: &str, is_secure: bool) -> HeaderValue {
    let ends = if token.is_empty() { "; Max-Age=0" } else { "" };
    set(&format!("{COOKIE}={token}; Path=/console; HttpOnly; SameSite=Strict{ends}"), is_secure)
}

/// The cookie of a browser that is away to sign in, or with an empty secret what takes it away. It comes back with the link
/// from the provider, as one that no other site sends would not.
pub(super) fn away(secret: &str, longest: Duration, is_secure: bool) -> HeaderValue {
    let seconds = if secret.is_empty() { 0 } else { longest.as_secs() };
    set(&format!("{AWAY}={secret}; Path=/console/sign-in; HttpOnly; SameSite=Lax; Max-Age={seconds}"), is_secure)
}

fn set(cookie: &str, is_secure: bool) -> HeaderValue {
    let secure = if is_secure { "; Secure" } else { "" };
    HeaderValue::try_from(format!("{cookie}{secure}")).expect("hexadecimal digits make a valid header value")
}
