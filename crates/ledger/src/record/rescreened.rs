//! The past was asked again: what today's lists find in it.

use crate::case::AlertPart;
use serde::{Deserialize, Serialize};

/// The record of a rescreening, sealed: it names parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rescreening {
    /// Fingerprint of the lists before.
    pub from: String,
    /// Fingerprint of the lists after.
    pub to: String,
    /// Digest of the kept lists after.
    pub lists: String,
    /// The day of the change, for people: a publication's or today's.
    pub day: String,
    /// Entries that came or changed.
    pub entries: u64,
    /// Parties, vessels and goods texts they were asked against.
    pub cards: u64,
    /// What would now be found.
    pub found: Vec<Match>,
    /// Cases that rest on entries that went.
    pub released: Vec<Released>,
    /// Who asked.
    pub by: String,
}

/// A party of past shipments that a new or changed entry names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// The party as it stood in the requests.
    pub party: String,
    /// As it is compared.
    pub squeezed: String,
    /// The entry's list.
    pub list: String,
    /// Its id.
    pub entry: String,
    /// Its name.
    pub entry_name: String,
    /// 0..=1000.
    pub score: u32,
    /// Why, in a sentence.
    pub explanation: String,
    /// The records in which the party stands, oldest first.
    pub records: Vec<u64>,
}

/// A case whose entry is not listed any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Released {
    /// The case.
    pub case: String,
    /// The entry's list.
    pub list: String,
    /// Its id.
    pub entry: String,
}

impl Rescreening {
    /// Why cases were opened.
    pub(crate) fn why(&self) -> String {
        format!("found by the change of {}", self.day)
    }
}

impl Match {
    pub(crate) fn part(&self) -> AlertPart {
        AlertPart {
            party: self.party.clone(),
            squeezed: self.squeezed.clone(),
            list: self.list.clone(),
            entry: self.entry.clone(),
            entry_name: self.entry_name.clone(),
        }
    }
}
