//! JSON over HTTP, and the console.

use super::oidc::Oidc;
use super::value::{absolute, seconds};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// JSON over HTTP, and the interfaces of others. Keys, limits and TLS are those of `server`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address and port; `None`: there is none.
    pub listen: Option<SocketAddr>,
    /// Origins whose pages may call from a browser, for example `https://desk.example`; default none.
    pub cors_origins: Vec<String>,
}

/// The console, on the HTTP port.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Console {
    /// File with the accounts; `None`: nobody has a password here.
    pub accounts: Option<PathBuf>,
    /// Sign-in by OpenID Connect.
    pub oidc: Oidc,
    /// Whether everyone on this machine may use it without signing in; default false.
    pub open: bool,
    /// Seconds after which a session ends in which nothing happens, 60..=86,400; default 1,800.
    #[serde(rename = "idle_seconds", deserialize_with = "seconds::<_, 60, 86_400>")]
    pub idle: Duration,
    /// Seconds after which a session ends in any case, 300..=604,800; default 43,200.
    #[serde(rename = "session_seconds", deserialize_with = "seconds::<_, 300, 604_800>")]
    pub session: Duration,
}

impl Default for Console {
    fn default() -> Self {
        Self {
            accounts: None,
            oidc: Oidc::default(),
            open: false,
            idle: Duration::from_secs(1800),
            session: Duration::from_secs(43_200),
        }
    }
}

impl Console {
    /// Whether there is one.
    pub fn is_on(&self) -> bool {
        self.open || self.accounts.is_some() || self.oidc.is_on()
    }

    pub(super) fn make_absolute(&mut self, folder: &Path) {
        absolute(&mut self.accounts, folder);
        self.oidc.make_absolute(folder);
    }

    /// Settings that contradict each other: the key to change, and why.
    pub(super) fn contradiction(&self, http: &Http) -> Option<(&'static str, &'static str)> {
        if self.open && (self.accounts.is_some() || self.oidc.is_on()) {
            return Some(("open", "console: give `accounts` or `oidc`, or `open = true`, not both"));
        }
        if self.open && http.listen.is_some_and(|at| !at.ip().is_loopback()) {
            return Some(("open", "console: `open` needs an `http.listen` of this machine, such as 127.0.0.1:8080"));
        }
        self.oidc.contradiction()
    }
}
