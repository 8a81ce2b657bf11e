//! Webhooks: who is told what happened, and nobody else.

use super::value::{absolute, within};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// Folder of the queue; `None`: there are no targets.
    pub queue: Option<PathBuf>,
    /// Hours for which a delivery is tried, 1..=720; default 24.
    #[serde(deserialize_with = "within::<_, 1, 720>")]
    pub give_up_hours: usize,
    /// Who is told. Nothing is sent anywhere else.
    pub target: Vec<WebhookTarget>,
}

/// One target.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookTarget {
    /// Its name in logs and on pages: letters, digits and hyphens.
    pub name: String,
    /// Where to: https, or http on this machine.
    pub url: String,
    /// File with the secret that deliveries are signed with: 32 characters or more.
    pub secret_file: PathBuf,
    /// What it is told.
    pub events: Vec<WebhookEvent>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WebhookEvent {
    /// A screening asks for a person: REVIEW or HOLD.
    Alert,
    /// A step was taken in a case.
    Decision,
    /// Other lists came into force.
    List,
    /// A publication is kept out of force.
    Quarantine,
    /// A list has become older than it may be.
    Stale,
}

impl Default for Webhooks {
    fn default() -> Self {
        Self { queue: None, give_up_hours: 24, target: Vec::new() }
    }
}

impl Webhooks {
    pub(super) fn make_absolute(&mut self, folder: &Path) {
        absolute(&mut self.queue, folder);
        for target in &mut self.target {
            target.secret_file = folder.join(&target.secret_file);
        }
    }

    /// Settings that contradict each other: the key to change, and why.
    pub(super) fn contradiction(&self) -> Option<(&'static str, &'static str)> {
        if !self.target.is_empty() && self.queue.is_none() {
            return Some(("[webhooks]", "webhooks: targets need `queue`, a folder for what is to be sent"));
        }
        let is_name =
            |name: &str| (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if self.target.iter().any(|t| !is_name(&t.name)) {
            return Some((
                "[[webhooks",
                "webhooks.target: invalid name; expected up to 64 letters, digits and hyphens",
            ));
        }
        let mut names: Vec<&str> = self.target.iter().map(|t| t.name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Some(("[[webhooks", "webhooks.target: a name is given twice; expected it once"));
        }
        None
    }
}
