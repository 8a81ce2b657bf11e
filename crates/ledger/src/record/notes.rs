//! Records that are few and read by people: JSON.

use crate::keys::KeyInfo;
use serde::{Deserialize, Serialize};

/// The first record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// SHA-256 of ledger.json.
    pub about_sha256: String,
    /// SHA-256 of the file with the wrapped signing key.
    pub seal_sha256: String,
}

/// A data key was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyMade {
    /// Which, and what for.
    pub info: KeyInfo,
    /// SHA-256 of its file.
    pub file_sha256: String,
}

/// A data key was destroyed, and with it the records under it were erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Destroyed {
    /// Which.
    pub info: KeyInfo,
    /// Who asked for it.
    pub by: String,
    /// The rule that it follows.
    pub rule: String,
    /// Records that it takes away.
    pub records: u64,
}

/// A legal hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Its name.
    pub name: String,
    /// The records it holds, by what they have in common: `reference`, `party` or `case`.
    pub by: String,
    /// The reference, the name of the party, or the number of the case.
    pub value: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub who: String,
    /// Whether it is lifted by this record.
    pub is_lifted: bool,
}

/// Settings came into force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsPut {
    /// Digest of the kept file.
    pub digest: String,
    /// Who put them into force.
    pub by: String,
}

/// A file was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Its digest.
    pub digest: String,
}

/// Another house stamped a signed head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamped {
    /// How many records the head covers.
    pub head: u64,
    /// Its root, base64 as in the head.
    pub root: String,
    /// Digest of the kept token.
    pub token: String,
    /// Bytes of the token.
    pub bytes: u64,
}
