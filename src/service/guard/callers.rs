//! The callers file: who may call, the hashes of their keys, their scopes and bounds.

use super::roster::{self, Roster, RosterError};
use crate::config::value::evidence;
use jiff::civil::Date;
use model::EvidenceMode;
use serde::{Deserialize, Deserializer, de};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::path::Path;

/// What a caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::service) enum Scope {
    /// Screen shipments, compare names.
    Screen,
    /// Read the lists.
    Lists,
    /// Read the ledger: recorded screenings, proofs, cases.
    Ledger,
    /// Work on cases.
    Decide,
    /// Change what is in force.
    Admin,
}

impl Scope {
    /// As the callers file writes it.
    pub(in crate::service) fn as_str(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Lists => "lists",
            Self::Ledger => "ledger",
            Self::Decide => "decide",
            Self::Admin => "admin",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    caller: Vec<toml::Spanned<Spec>>,
}

/// One caller.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::service) struct Spec {
    /// Its name in metrics and logs.
    pub(in crate::service) name: String,
    #[serde(default)]
    keys_sha256: Vec<KeyHash>,
    /// DNS or URI names of its certificates, or `sha256:` and the hash of one.
    #[serde(default)]
    pub(in crate::service) certificates: Vec<String>,
    pub(in crate::service) scopes: Vec<Scope>,
    /// The last day, UTC, on which its keys and certificates are valid.
    pub(in crate::service) expires: Option<Day>,
    pub(in crate::service) calls_per_second: Option<u32>,
    pub(in crate::service) shipments_per_second: Option<u32>,
    pub(in crate::service) max_in_flight: Option<u32>,
    pub(in crate::service) max_streams: Option<u32>,
    /// What its screenings ask for; `None`: what configuration and policy say.
    #[serde(default, deserialize_with = "evidence")]
    pub(in crate::service) evidence: Option<EvidenceMode>,
}

/// A date, written `2027-03-31`, as a TOML date or a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::service) struct Day(pub(in crate::service) Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        /// TOML's own date, or a string.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Date(toml::value::Datetime),
            Text(String),
        }
        let text = match Written::deserialize(input)? {
            Written::Date(date) => date.to_string(),
            Written::Text(text) => text,
        };
        let day = Some(text.as_str()).filter(|t| t.len() == 10).and_then(|t| t.parse().ok());
        day.map(Self).ok_or_else(|| de::Error::custom(format!("invalid date `{text}`; expected YYYY-MM-DD")))
    }
}

/// The SHA-256 of a key, 64 hexadecimal digits in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct KeyHash([u8; 32]);

impl<'de> Deserialize<'de> for KeyHash {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        unhex(&text).map(Self).ok_or_else(|| de::Error::custom("invalid hash; expected 64 hexadecimal digits"))
    }
}

impl Spec {
    /// A caller without a key or certificate.
    pub(in crate::service) fn of(name: &str, scopes: &[Scope]) -> Self {
        Self {
            name: name.to_owned(),
            keys_sha256: Vec::new(),
            certificates: Vec::new(),
            scopes: scopes.to_vec(),
            expires: None,
            calls_per_second: None,
            shipments_per_second: None,
            max_in_flight: None,
            max_streams: None,
            evidence: None,
        }
    }

    /// The hashes of its keys.
    pub(in crate::service) fn keys(&self) -> Vec<[u8; 32]> {
        self.keys_sha256.iter().map(|h| h.0).collect()
    }

    fn fault(&self) -> Option<String> {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if self.name.is_empty() || self.name.len() > 64 || !self.name.chars().all(is_allowed) {
            return Some(format!("invalid name `{}`; expected up to 64 letters, digits, `-`, `_` or `.`", self.name));
        }
        if self.scopes.is_empty() {
            return Some(format!(
                "caller `{}` has no scope; expected one or more of screen, lists, ledger, decide, admin",
                self.name
            ));
        }
        if self.keys_sha256.is_empty() && self.certificates.is_empty() {
            return Some(format!("caller `{}` has neither a key nor a certificate", self.name));
        }
        None
    }
}

/// A new API key of 256 random bits, and the hash by which a callers file knows it.
pub fn new_key() -> (String, String) {
    let key = format!("tw_{}", new_secret());
    let hash = hex(&Sha256::digest(&key));
    (key, hash)
}

/// A new secret of 256 random bits, as hexadecimal digits.
pub(in crate::service) fn new_secret() -> String {
    let mut bytes = [0; 32];
    let random = rustls::crypto::aws_lc_rs::default_provider().secure_random;
    random.fill(&mut bytes).expect("the system gives random bytes");
    hex(&bytes)
}

/// Checks the text of a callers file.
///
/// # Errors
/// What is wrong with them.
pub fn check_callers(text: &str) -> Result<(), RosterError> {
    parse(text, Path::new("callers")).map(drop)
}

/// Warnings: callers that have expired, or expire within [`NEAR_DAYS`].
pub(in crate::service) fn warnings(callers: &[Spec], today: Date) -> Vec<String> {
    let of = |spec: &Spec| {
        let Day(last) = spec.expires?;
        let left = today.until(last).ok()?.get_days();
        match left {
            ..0 => Some(format!("caller `{}` has expired: its last day was {last}", spec.name)),
            0..=NEAR_DAYS => Some(format!("caller `{}` expires: its last day is {last}", spec.name)),
            _ => None,
        }
    };
    callers.iter().filter_map(of).collect()
}

/// Days before its last day from which a warning is given.
const NEAR_DAYS: i32 = 30;

/// Reads and checks a callers file.
pub(in crate::service) fn read(path: &Path) -> Result<Vec<Spec>, RosterError> {
    parse(&roster::read(path)?, path)
}

fn parse(text: &str, path: &Path) -> Result<Vec<Spec>, RosterError> {
    let roster = Roster::new(text, path);
    let file: File = roster.parse()?;
    let mut used = BTreeSet::new();
    let mut callers = Vec::with_capacity(file.caller.len());
    for caller in file.caller {
        let at = caller.span().start;
        let spec = caller.into_inner();
        if let Some(fault) = spec.fault() {
            return Err(roster.invalid(at, fault));
        }
        let keys = spec.keys_sha256.iter().map(|k| format!("key {}", hex(&k.0)));
        let certificates = spec.certificates.iter().map(|c| format!("certificate {c}"));
        for word in keys.chain(certificates).chain([format!("name {}", spec.name)]) {
            if !used.insert(word.clone()) {
                return Err(roster.invalid(at, format!("{word} is given twice; expected it once")));
            }
        }
        callers.push(spec);
    }
    Ok(callers)
}

/// Hexadecimal digits.
pub(in crate::service) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named_by_line() {
        let key = "a".repeat(64);
        let one = |rest: &str| format!("# who\n[[caller]]\nname = 'erp'\n{rest}");
        let fault = |text: &str| parse(text, Path::new("c.toml")).unwrap_err().to_string();
        let whole = one(&format!("keys_sha256 = ['{key}']\nscopes = ['screen']\ncalls_per_second = 5"));
        assert_eq!(parse(&whole, Path::new("c")).unwrap()[0].calls_per_second, Some(5));
        let asks = format!("{whole}\nevidence = 'durable'");
        assert_eq!(parse(&asks, Path::new("c")).unwrap()[0].evidence, Some(EvidenceMode::Durable));
        let mode = fault(&format!("{whole}\nevidence = 'always'"));
        assert!(mode.starts_with("c.toml:7: unknown mode `always`; expected one of off, async, durable"), "{mode}");
        let short = fault(&one("keys_sha256 = ['ab']\nscopes = ['screen']"));
        assert!(short.starts_with("c.toml:4: invalid hash"), "{short}");
        let nothing = fault(&one("scopes = ['screen']"));
        assert!(nothing.starts_with("c.toml:2: caller `erp` has neither"), "{nothing}");
        assert!(fault(&one("keys_sha256 = []\nscopes = ['root']")).contains("unknown variant `root`"));
        assert!(fault(&one("key = 'plain'\nscopes = []")).contains("unknown field `key`"));
        let twice = fault(&format!("{whole}\n{}", whole.replace("erp", "wms")));
        assert!(twice.contains("is given twice"), "{twice}");
        let day = fault(&format!("{whole}\nexpires = '2027-02-30'"));
        assert!(day.contains("invalid date `2027-02-30`; expected YYYY-MM-DD"), "{day}");
    }

    #[test]
    fn expiry_is_announced_before_it_comes() {
        let key = "a".repeat(64);
        let text =
            format!("[[caller]]\nname = 'erp'\nkeys_sha256 = ['{key}']\nscopes = ['screen']\nexpires = 2027-03-31");
        let callers = parse(&text, Path::new("c.toml")).unwrap();
        let on = |day: &str| warnings(&callers, day.parse().unwrap());
        assert_eq!(on("2027-02-28"), [""; 0]);
        assert_eq!(on("2027-03-31"), ["caller `erp` expires: its last day is 2027-03-31"]);
        assert_eq!(on("2027-04-01"), ["caller `erp` has expired: its last day was 2027-03-31"]);
        assert_eq!(on("2029-04-01").len(), 1, "after years as well");
    }
}
