//! Exceptions: a person's ruling that a party is not an entry, bound to everything that the ruling rests on.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A ruling that lowers later findings of one party and one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The party's name as it was examined.
    pub party: String,
    /// Over all that the request said of the party: names, address, country, numbers, dates.
    pub party_fingerprint: String,
    /// The role in which it was examined, as policies write it; empty: none was given.
    pub role: String,
    /// The entries that the finding named, the first of them the one of the case.
    pub entries: Vec<Bound>,
    /// Fingerprint of the policy, without exceptions, under which it was examined.
    pub policy: String,
    /// Digest of the kept lists in which the entries stood as they were examined.
    pub lists: String,
    /// The last day.
    pub expires: Date,
    /// Number of the record that was examined.
    pub record: u64,
}

/// An entry as it was when somebody examined it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// List id.
    pub list: String,
    /// Entry id.
    pub id: String,
    /// Over every field of the entry.
    pub fingerprint: String,
}

/// Why an exception no longer holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Void {
    /// An entry has changed.
    Entry {
        /// List id.
        list: String,
        /// Entry id.
        id: String,
        /// Each field with what went and what came, in a sentence.
        changes: Vec<String>,
    },
    /// An entry is not listed any more.
    Gone {
        /// List id.
        list: String,
        /// Entry id.
        id: String,
    },
    /// The policy is another one.
    Policy {
        /// Its fingerprint then.
        then: String,
        /// And now.
        now: String,
    },
    /// Its last day has passed.
    Expired {
        /// The last day.
        on: Date,
    },
}

impl Void {
    /// Why, in a sentence.
    pub fn why(&self) -> String {
        match self {
            Self::Entry { list, id, changes } => format!("the entry {list}/{id} has changed: {}", changes.join("; ")),
            Self::Gone { list, id } => format!("the entry {list}/{id} is not listed any more"),
            Self::Policy { then, now } => format!("the policy has changed from {then} to {now}"),
            Self::Expired { on } => format!("its last day was {on}"),
        }
    }
}

impl Exception {
    /// The exception as a suppressor of a policy file. `case` and `reason` name where it comes from.
    pub fn suppressor(&self, case: &str, reason: &str, approver: &str) -> String {
        let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let mut out = format!(
            "\n[[suppressor]]\nid = {}\nreason = {}\nexpires = {}\nparty = {}\nparty_fingerprint = {}\nlower_to = \"info\"\n",
            text(&format!("case {case}")),
            text(&format!("{reason}, ruled by {approver}")),
            self.expires,
            text(&self.party),
            text(&self.party_fingerprint),
        );
        if !self.role.is_empty() {
            out.push_str(&format!("role = [{}]\n", text(&self.role)));
        }
        let bound = |b: &Bound, between: &str| {
            let (list, entry, print) = (text(&b.list), text(&b.id), text(&b.fingerprint));
            format!("list = {list}{between}entry = {entry}{between}entry_fingerprint = {print}")
        };
        if let Some((first, others)) = self.entries.split_first() {
            out.push_str(&format!("{}\n", bound(first, "\n")));
            let others: Vec<String> = others.iter().map(|other| format!("{{ {} }}", bound(other, ", "))).collect();
            if !others.is_empty() {
                out.push_str(&format!("also = [{}]\n", others.join(", ")));
            }
        }
        out
    }
}
