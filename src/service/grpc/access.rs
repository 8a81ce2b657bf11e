//! Who calls, and what each caller may do.
//!
//! A caller is known by an API key, of which only the SHA-256 is kept, or by a name in a certificate that TLS has
//! verified. A key is 256 random bits, so a plain hash is as good as a slow one. Bounds belong to the caller, not to
//! its connections.

use super::callers::{self, CallersError, Day, Spec};
use super::status::Failure;
use crate::config;
use arc_swap::ArcSwap;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};
use std::net::SocketAddr;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};
use tokio::sync::Semaphore;
use tonic::codegen::http::HeaderValue;

/// What a call needs to be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Scope {
    /// Screen shipments, compare names.
    Screen,
    /// Read the lists.
    Lists,
    /// Change what is in force.
    Admin,
}

impl Scope {
    /// The word of the callers file.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Lists => "lists",
            Self::Admin => "admin",
        }
    }
}

/// The other end of a connection.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    /// `None` when no certificate was shown. TLS has verified it before.
    pub(super) certificate: Option<Names>,
}

/// What a certificate is known by: `sha256:` and the hash of its bytes, then its DNS and URI names.
#[derive(Debug)]
pub(super) struct Names(Vec<String>);

/// One who calls, with the bounds that are theirs.
#[derive(Debug)]
pub(super) struct Caller {
    spec: Spec,
    calls: Option<DefaultDirectRateLimiter>,
    shipments: Option<DefaultDirectRateLimiter>,
    /// `None`: no bound but those of the service.
    pub(super) in_flight: Option<Arc<Semaphore>>,
    pub(super) streams: Option<Arc<Semaphore>>,
    /// How often it called, registered at its first call.
    pub(super) counted: OnceLock<metrics::Counter>,
}

/// The callers in force.
#[derive(Debug)]
pub(super) struct Access {
    options: config::Access,
    /// Somebody has to say who they are.
    must_identify: bool,
    known: ArcSwap<Known>,
    /// Who does not say who they are, and who shows a certificate that no callers file names.
    anonymous: Arc<Caller>,
    local: Arc<Caller>,
    certified: Arc<Caller>,
}

#[derive(Debug, Default)]
struct Known {
    callers: Vec<Arc<Caller>>,
    keys: Vec<([u8; 32], u32)>,
    certificates: FxHashMap<String, u32>,
}

impl Names {
    /// Of a certificate in DER.
    pub(super) fn of(certificate: &rustls::pki_types::CertificateDer<'_>) -> Self {
        let mut names = vec![format!("sha256:{}", callers::hex(&Sha256::digest(certificate)))];
        if let Ok(read) = webpki::EndEntityCert::try_from(certificate) {
            names.extend(read.valid_dns_names().chain(read.valid_uri_names()).map(str::to_owned));
        }
        Self(names)
    }
}

impl Caller {
    fn new(spec: Spec, options: &config::Access) -> Self {
        let limiter = |own: Option<u32>, default: usize| {
            let a_second = NonZero::new(own.unwrap_or(u32::try_from(default).unwrap_or(u32::MAX)))?;
            Some(RateLimiter::direct(Quota::per_second(a_second)))
        };
        let room = |own: Option<u32>, default: usize| {
            let n = own.map_or(default, |n| n as usize);
            (n > 0).then(|| Arc::new(Semaphore::new(n.min(Semaphore::MAX_PERMITS))))
        };
        Self {
            calls: limiter(spec.calls_per_second, options.calls_per_second),
            shipments: limiter(spec.shipments_per_second, options.shipments_per_second),
            in_flight: room(spec.max_in_flight, options.max_in_flight),
            streams: room(spec.max_streams, options.max_streams),
            counted: OnceLock::new(),
            spec,
        }
    }

    /// The name in the callers file.
    pub(super) fn name(&self) -> &str {
        &self.spec.name
    }

    /// Whether its last day has passed. The wall clock is asked only for those who have one.
    fn has_expired(&self) -> bool {
        self.spec.expires.is_some_and(|Day(last)| today() > last)
    }

    /// Whether the caller has the scope.
    pub(super) fn may(&self, scope: Scope) -> bool {
        self.spec.scopes.contains(&scope)
    }

    /// Charges a call.
    pub(super) fn charge_call(&self) -> Result<(), Failure> {
        charge(self.calls.as_ref(), 1, "calls")
    }

    /// Charges shipments.
    pub(super) fn charge_shipments(&self, n: usize) -> Result<(), Failure> {
        charge(self.shipments.as_ref(), n, "shipments")
    }
}

fn charge(limiter: Option<&DefaultDirectRateLimiter>, n: usize, what: &'static str) -> Result<(), Failure> {
    let (Some(limiter), Some(n)) = (limiter, NonZero::new(u32::try_from(n).unwrap_or(u32::MAX))) else {
        return Ok(());
    };
    match limiter.check_n(n) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(early)) => {
            let retry_in = early.wait_time_from(DefaultClock::default().now()).max(Duration::from_millis(1));
            Err(Failure::Quota { what, retry_in: Some(retry_in) })
        }
        // More than a whole second's worth would never be let in.
        Err(_) => Err(Failure::Quota { what, retry_in: None }),
    }
}

impl Access {
    /// Reads the callers file, where there is one.
    pub(super) fn load(options: &config::Access, asks_certificates: bool) -> Result<Self, CallersError> {
        use Scope::{Admin, Lists, Screen};
        let nobody = |name: &str, scopes: &[Scope]| Arc::new(Caller::new(Spec::of(name, scopes), options));
        let access = Self {
            must_identify: options.callers.is_some() || asks_certificates,
            known: ArcSwap::default(),
            anonymous: nobody("anonymous", &[Screen, Lists]),
            local: nobody("local", &[Screen, Lists, Admin]),
            certified: nobody("certificate", &[Screen, Lists, Admin]),
            options: options.clone(),
        };
        access.reload()?;
        Ok(access)
    }

    /// Nobody in particular: for probes.
    pub(super) fn nobody(&self) -> Arc<Caller> {
        Arc::clone(&self.anonymous)
    }

    /// The callers file.
    pub(super) fn file(&self) -> Option<&Path> {
        self.options.callers.as_deref()
    }

    /// How often to look whether files changed.
    pub(super) fn check_every(&self) -> Duration {
        self.options.check
    }

    /// Reads the file again. On a fault the old callers stay. Callers who did not change keep what they have used.
    pub(super) fn reload(&self) -> Result<(), CallersError> {
        let Some(path) = &self.options.callers else { return Ok(()) };
        let before = self.known.load();
        let mut known = Known::default();
        for (at, spec) in (0..).zip(callers::read(path)?) {
            known.keys.extend(spec.keys().iter().map(|key| (*key, at)));
            known.certificates.extend(spec.certificates.iter().map(|name| (name.clone(), at)));
            let same = before.callers.iter().find(|c| c.spec == spec);
            known.callers.push(same.map_or_else(|| Arc::new(Caller::new(spec, &self.options)), Arc::clone));
        }
        self.known.store(Arc::new(known));
        Ok(())
    }

    /// Who calls, unless their last day has passed.
    pub(super) fn identify(&self, key: Option<&HeaderValue>, peer: &Peer) -> Result<Arc<Caller>, Failure> {
        let caller = self.known_as(key, peer)?;
        if caller.has_expired() { Err(Failure::CredentialsExpired) } else { Ok(caller) }
    }

    /// What deserves a word before it happens.
    pub(super) fn warnings(&self) -> Vec<String> {
        let known = self.known.load();
        let specs: Vec<Spec> = known.callers.iter().map(|c| c.spec.clone()).collect();
        callers::warnings(&specs, today())
    }

    /// Who calls. A key, where one is sent, counts alone: a wrong one is not made good by a certificate.
    fn known_as(&self, key: Option<&HeaderValue>, peer: &Peer) -> Result<Arc<Caller>, Failure> {
        let known = self.known.load();
        if let (Some(key), Some(_)) = (key, &self.options.callers) {
            let bearer = key.as_bytes().strip_prefix(b"Bearer ").or_else(|| key.as_bytes().strip_prefix(b"bearer "));
            return bearer.and_then(|key| known.by_key(key)).ok_or(Failure::CredentialsInvalid);
        }
        match &peer.certificate {
            Some(_) if self.options.callers.is_none() => Ok(Arc::clone(&self.certified)),
            Some(names) => {
                let at = names.0.iter().find_map(|name| known.certificates.get(name));
                at.map(|&at| Arc::clone(&known.callers[at as usize])).ok_or(Failure::CallerUnknown)
            }
            None if self.must_identify => Err(Failure::CredentialsMissing),
            None if peer.address.ip().to_canonical().is_loopback() => Ok(Arc::clone(&self.local)),
            None => Ok(Arc::clone(&self.anonymous)),
        }
    }
}

impl Known {
    /// Every hash is compared, so that the time says nothing about which one came near.
    fn by_key(&self, key: &[u8]) -> Option<Arc<Caller>> {
        let hash: [u8; 32] = Sha256::digest(key).into();
        let (mut found, mut at) = (Choice::from(0), 0);
        for (known, caller) in &self.keys {
            let is_same = known.ct_eq(&hash);
            at.conditional_assign(caller, is_same);
            found |= is_same;
        }
        bool::from(found).then(|| Arc::clone(&self.callers[at as usize]))
    }
}

/// The day it is, everywhere the same.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// A file's size and time of change; `None` when it cannot be asked.
pub(super) fn stamp_of(path: &Path) -> Option<(PathBuf, u64, std::time::SystemTime)> {
    let meta = std::fs::metadata(path).ok()?;
    Some((path.to_owned(), meta.len(), meta.modified().ok()?))
}
