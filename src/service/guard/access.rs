//! Who calls, and what each caller may do.
//!
//! A caller is known by an API key, of which only the SHA-256 is kept, or by a name in a certificate that TLS has
//! verified. A key is 256 random bits, so a plain hash is as good as a slow one. Limits belong to the caller, not to
//! its connections.

use super::callers::{self, Day, Scope, Spec};
use super::failure::Failure;
use super::quota::Quota;
use super::roster::RosterError;
use super::seats::Seat;
use super::share::Share;
use crate::config;
use arc_swap::ArcSwap;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::EvidenceMode;
use rustc_hash::{FxHashMap, FxHasher};
use sha2::{Digest as _, Sha256};
use std::hash::{Hash as _, Hasher as _};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};
use tokio::sync::Semaphore;
use tonic::codegen::http::HeaderValue;

/// The other end of a connection.
#[derive(Debug)]
pub(in crate::service) struct Peer {
    pub(in crate::service) address: SocketAddr,
    /// `None` when no certificate was shown. TLS has verified it before.
    pub(in crate::service) certificate: Option<Names>,
    /// What the connection takes of the room for connections.
    pub(in crate::service) seat: Arc<Seat>,
}

/// What a certificate is known by: `sha256:` and the hash of its bytes, then its DNS and URI names.
#[derive(Debug)]
pub(in crate::service) struct Names(Vec<String>);

/// A caller, with its own limits.
#[derive(Debug)]
pub(in crate::service) struct Caller {
    spec: Spec,
    calls: Option<Quota>,
    shipments: Option<Quota>,
    /// `None`: only the limits of the service.
    pub(in crate::service) in_flight: Option<Arc<Semaphore>>,
    pub(in crate::service) streams: Option<Arc<Semaphore>>,
    /// Counts its calls; registered at its first call.
    pub(in crate::service) counted: OnceLock<metrics::Counter>,
}

/// The callers in force.
#[derive(Debug)]
pub(in crate::service) struct Access {
    options: config::Access,
    /// Whether screenings can be recorded at all.
    has_ledger: bool,
    /// Every caller must identify itself.
    must_identify: bool,
    known: ArcSwap<Known>,
    /// Callers without credentials, and callers with a certificate where there is no callers file.
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
    pub(in crate::service) fn of(certificate: &rustls::pki_types::CertificateDer<'_>) -> Self {
        let mut names = vec![format!("sha256:{}", callers::hex(&Sha256::digest(certificate)))];
        if let Ok(read) = webpki::EndEntityCert::try_from(certificate) {
            names.extend(read.valid_dns_names().chain(read.valid_uri_names()).map(str::to_owned));
        }
        Self(names)
    }
}

impl Caller {
    fn new(spec: Spec, options: &config::Access) -> Self {
        let quota = |own: Option<u32>, default: usize, what| {
            Quota::per_second(own.unwrap_or(u32::try_from(default).unwrap_or(u32::MAX)), what)
        };
        let room = |own: Option<u32>, default: usize| {
            let n = own.map_or(default, |n| n as usize);
            (n > 0).then(|| Arc::new(Semaphore::new(n.min(Semaphore::MAX_PERMITS))))
        };
        Self {
            calls: quota(spec.calls_per_second, options.calls_per_second, "calls"),
            shipments: quota(spec.shipments_per_second, options.shipments_per_second, "shipments"),
            in_flight: room(spec.max_in_flight, options.max_in_flight),
            streams: room(spec.max_streams, options.max_streams),
            counted: OnceLock::new(),
            spec,
        }
    }

    /// The name in the callers file.
    pub(in crate::service) fn name(&self) -> &str {
        &self.spec.name
    }

    /// Whether its last day has passed. Callers without one cost no look at the clock.
    fn has_expired(&self) -> bool {
        self.spec.expires.is_some_and(|Day(last)| today() > last)
    }

    /// What its screenings ask for; `None`: nothing of their own.
    pub(in crate::service) fn evidence(&self) -> Option<EvidenceMode> {
        self.spec.evidence
    }

    /// Whether the caller has the scope.
    pub(in crate::service) fn may(&self, scope: Scope) -> bool {
        self.spec.scopes.contains(&scope)
    }

    /// Charges a call.
    pub(in crate::service) fn charge_call(&self) -> Result<(), Failure> {
        self.calls.as_ref().map_or(Ok(()), |quota| quota.charge(1))
    }

    /// Charges shipments.
    pub(in crate::service) fn charge_shipments(&self, n: usize) -> Result<(), Failure> {
        self.shipments.as_ref().map_or(Ok(()), |quota| quota.charge(n))
    }
}

impl Access {
    /// Reads the callers file, where there is one. Without a ledger, a caller that asks for evidence is refused.
    pub(in crate::service) fn load(
        options: &config::Access,
        asks_certificates: bool,
        has_ledger: bool,
    ) -> Result<Self, RosterError> {
        use Scope::{Admin, Decide, Ledger, Lists, Screen};
        let unnamed = |name: &str, scopes: &[Scope]| Arc::new(Caller::new(Spec::of(name, scopes), options));
        let access = Self {
            has_ledger,
            must_identify: options.callers.is_some() || asks_certificates,
            known: ArcSwap::default(),
            anonymous: unnamed("anonymous", &[Screen, Lists]),
            local: unnamed("local", &[Screen, Lists, Ledger, Decide, Admin]),
            certified: unnamed("certificate", &[Screen, Lists, Ledger, Decide, Admin]),
            options: options.clone(),
        };
        access.reload()?;
        Ok(access)
    }

    /// The caller of probes, which need no credentials.
    pub(in crate::service) fn probe(&self) -> Arc<Caller> {
        Arc::clone(&self.anonymous)
    }

    /// A person at the console, with limits of their own.
    pub(in crate::service) fn person(&self, name: &str, scopes: &[Scope]) -> Arc<Caller> {
        Arc::new(Caller::new(Spec::of(name, scopes), &self.options))
    }

    /// Whose share of the processors a call takes: a caller of its own has one, whatever it connects from; callers that
    /// cannot be told apart by name are told apart by certificate or address.
    pub(in crate::service) fn share(&self, caller: &Arc<Caller>, peer: &Peer) -> Share {
        let mut hasher = FxHasher::default();
        if [&self.anonymous, &self.local, &self.certified].into_iter().any(|unnamed| Arc::ptr_eq(unnamed, caller)) {
            match &peer.certificate {
                Some(names) => names.0.first().hash(&mut hasher),
                None => peer.address.ip().to_canonical().hash(&mut hasher),
            }
        } else {
            caller.name().hash(&mut hasher);
        }
        Share(hasher.finish())
    }

    /// Whether callers must identify themselves.
    pub(in crate::service) fn must_identify(&self) -> bool {
        self.must_identify
    }

    /// The callers file.
    pub(in crate::service) fn file(&self) -> Option<&Path> {
        self.options.callers.as_deref()
    }

    /// How often files are checked for changes.
    pub(in crate::service) fn check_every(&self) -> Duration {
        self.options.check
    }

    /// Reads the file again. If it is invalid, the old callers stay in force. Callers that did not change keep
    /// the quota they have used.
    pub(in crate::service) fn reload(&self) -> Result<(), RosterError> {
        let Some(path) = &self.options.callers else { return Ok(()) };
        let before = self.known.load();
        let mut known = Known::default();
        for (at, spec) in (0..).zip(callers::read(path)?) {
            if let Some(mode) = spec.evidence.filter(|mode| *mode != EvidenceMode::Off && !self.has_ledger) {
                return Err(RosterError::NoLedger { path: path.clone(), caller: spec.name, mode });
            }
            known.keys.extend(spec.keys().iter().map(|key| (*key, at)));
            known.certificates.extend(spec.certificates.iter().map(|name| (name.clone(), at)));
            let same = before.callers.iter().find(|c| c.spec == spec);
            known.callers.push(same.map_or_else(|| Arc::new(Caller::new(spec, &self.options)), Arc::clone));
        }
        self.known.store(Arc::new(known));
        Ok(())
    }

    /// Who calls, unless their last day has passed.
    pub(in crate::service) fn identify(&self, key: Option<&HeaderValue>, peer: &Peer) -> Result<Arc<Caller>, Failure> {
        let caller = self.known_as(key, peer)?;
        if caller.has_expired() { Err(Failure::CredentialsExpired) } else { Ok(caller) }
    }

    /// Warnings about callers that have expired or soon will.
    pub(in crate::service) fn warnings(&self) -> Vec<String> {
        let known = self.known.load();
        let specs: Vec<Spec> = known.callers.iter().map(|c| c.spec.clone()).collect();
        callers::warnings(&specs, today())
    }

    /// Who calls. If a key is sent, only the key counts: a valid certificate does not make up for a wrong key.
    fn known_as(&self, key: Option<&HeaderValue>, peer: &Peer) -> Result<Arc<Caller>, Failure> {
        let known = self.known.load();
        if let (Some(key), Some(_)) = (key, &self.options.callers) {
            // `ApiKey` is what clients of yente send.
            let bearer =
                ["Bearer ", "bearer ", "ApiKey "].iter().find_map(|s| key.as_bytes().strip_prefix(s.as_bytes()));
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
    /// Compares every hash, so that the time taken reveals nothing about them.
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

/// Today, UTC.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
