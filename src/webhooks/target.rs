//! A target that may be told, and how a delivery to it is signed.

use super::error::Error;
use crate::config::{WebhookEvent, WebhookTarget};
use crate::refresh::place_of;
use aws_lc_rs::hmac;
use std::fmt;
use std::fs;

/// Characters of a secret at least.
const LEAST_SECRET: usize = 32;

/// A target of the configuration, checked.
pub(super) struct Target {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) events: Vec<WebhookEvent>,
    /// Whether it is on this machine, where no proxy leads.
    pub(super) is_own: bool,
    secret: hmac::Key,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("name", &self.name).field("url", &self.url).finish_non_exhaustive()
    }
}

impl Target {
    /// Checks a target and reads its secret.
    ///
    /// # Errors
    /// When its address is neither https nor on this machine, or its secret is missing or short.
    pub(super) fn of(given: &WebhookTarget) -> Result<Self, Error> {
        let wrong = |why: String| Error::Target { name: given.name.clone(), why };
        let place = place_of(&given.url).map_err(|why| wrong(format!("invalid address: {why}")))?;
        if !place.is_safe {
            return Err(wrong("expected https, or http on this machine".to_owned()));
        }
        if given.events.is_empty() {
            return Err(wrong(
                "no events; expected one or more of alert, decision, list, quarantine, stale".to_owned(),
            ));
        }
        let path = given.secret_file.clone();
        let secret = fs::read_to_string(&path).map_err(|source| Error::Io { path, source })?;
        let secret = secret.trim();
        if secret.chars().count() < LEAST_SECRET {
            return Err(wrong(format!("the secret is too short; expected at least {LEAST_SECRET} characters")));
        }
        Ok(Self {
            name: given.name.clone(),
            url: given.url.clone(),
            events: given.events.clone(),
            is_own: given.url.starts_with("http://"),
            secret: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()),
        })
    }

    /// The header that shows who sent a body, and when: HMAC-SHA-256 over the time, a dot and the body.
    pub(super) fn signature(&self, second: i64, body: &[u8]) -> String {
        let signed = [format!("{second}.").as_bytes(), body].concat();
        let tag = hmac::sign(&self.secret, &signed);
        let digits: String = tag.as_ref().iter().map(|b| format!("{b:02x}")).collect();
        format!("t={second},v1={digits}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str, secret: &str) -> Result<Target, Error> {
        let folder = tempfile::tempdir().unwrap();
        let secret_file = folder.path().join("secret");
        fs::write(&secret_file, secret).unwrap();
        let (name, events) = ("desk".to_owned(), vec![WebhookEvent::Alert]);
        Target::of(&WebhookTarget { name, url: url.to_owned(), secret_file, events })
    }

    #[test]
    fn only_https_and_this_machine_are_targets() {
        let secret = "s".repeat(32);
        assert!(target("https://desk.example/hook", &secret).is_ok());
        assert!(target("http://127.0.0.1:9/hook", &secret).is_ok());
        for wrong in
            ["http://desk.example/hook", "ftp://desk.example", "https://u:p@desk.example", "file:///etc/passwd"]
        {
            assert!(matches!(target(wrong, &secret), Err(Error::Target { .. })), "{wrong}");
        }
        assert!(target("https://desk.example", "short").unwrap_err().to_string().contains("at least 32"));
    }

    #[test]
    fn a_signature_is_that_of_rfc_2104() {
        // python3 -c "import hmac; print(hmac.new(b's'*32, b'1700000000.{}', 'sha256').hexdigest())"
        let signed = target("https://desk.example", &"s".repeat(32)).unwrap().signature(1_700_000_000, b"{}");
        assert_eq!(signed, "t=1700000000,v1=73b0c93d610ddd03ce2b853c7b6263d71114d7f83e5a29ed052cbd2a0fbddebc");
    }
}
