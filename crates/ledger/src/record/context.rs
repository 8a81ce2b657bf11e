//! What many screenings have in common, written once: what they were made with.

use prost::Message;

/// What screenings were made with. Screenings name the record that holds it.
#[derive(Clone, PartialEq, Message)]
pub struct Context {
    /// The part of the answer that all of them share, as a `v1.Screening`.
    #[prost(bytes = "vec", tag = "1")]
    pub template: Vec<u8>,
    /// The day of the screening, UTC, YYYY-MM-DD.
    #[prost(string, tag = "2")]
    pub today: String,
    /// Lists that were older than they may be.
    #[prost(message, repeated, tag = "3")]
    pub stale: Vec<ListAge>,
    /// Whether the ages of the lists were known.
    #[prost(bool, tag = "4")]
    pub knows_ages: bool,
    /// Digest of the kept lists; empty when they are not kept.
    #[prost(string, tag = "5")]
    pub lists: String,
    /// Digest of the kept policy.
    #[prost(string, tag = "6")]
    pub policy: String,
    /// Limits of the engine on a record: bytes of a field, goods lines, parties.
    #[prost(uint64, repeated, tag = "7")]
    pub limits: Vec<u64>,
    /// Fingerprint of the policy without the exceptions of this ledger.
    #[prost(string, tag = "8")]
    pub base_policy: String,
    /// Digest of the kept ownership file; empty when there is none.
    #[prost(string, tag = "9")]
    pub ownership: String,
    /// Digest of the rule packs that were added or switched off; empty when the rules are those that ship.
    #[prost(string, tag = "10")]
    pub packs: String,
    /// Digest of the kept file with these packs; empty when there are none.
    #[prost(string, tag = "11")]
    pub kept_packs: String,
    /// Whether the lists are those that were known on the day that the request gives as `known_on`, so that the dates of their
    /// entries did not decide.
    #[prost(bool, tag = "12")]
    pub is_as_known: bool,
    /// Whether the lists are those of a day in the past that the request names.
    #[prost(bool, tag = "13")]
    pub keeps_past: bool,
}

/// A list that was older than it may be.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ListAge {
    /// List id.
    #[prost(string, tag = "1")]
    pub list: String,
    /// Its title.
    #[prost(string, tag = "2")]
    pub title: String,
    /// Whole hours since it was last known to be current.
    #[prost(uint32, optional, tag = "3")]
    pub age_hours: Option<u32>,
    /// Hours it may be old.
    #[prost(uint32, tag = "4")]
    pub limit_hours: u32,
}
