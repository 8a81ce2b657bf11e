//! One finding, and what it rests on.

use super::{Evidence, Reason, Severity};
use crate::entry::{Effect, Entry, EntryKind, ListId};
use crate::score::Score;
use jiff::civil::Date;

/// A byte range in the text of a field as sent, on character boundaries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The text between.
    pub text: String,
}

/// What a finding rests on: one entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryReference {
    /// List id.
    pub list: ListId,
    /// Title of the list.
    pub list_title: String,
    /// The publisher's own id.
    pub id: String,
    /// Primary name.
    pub name: String,
    /// What is listed.
    pub kind: EntryKind,
    /// What the listing means.
    pub effect: Effect,
}

impl EntryReference {
    /// Refers to `entry` of the list titled `list_title`.
    pub fn new(entry: &Entry, list_title: &str) -> Self {
        Self {
            list: entry.list.clone(),
            list_title: list_title.to_owned(),
            id: entry.id.clone(),
            name: entry.primary_name().to_owned(),
            kind: entry.kind,
            effect: entry.effect,
        }
    }
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Why it is reported.
    pub reason: Reason,
    /// How much attention it asks for.
    pub severity: Severity,
    /// How well it matches.
    pub score: Score,
    /// Path of the field.
    pub field_path: String,
    /// Where in the field.
    pub spans: Vec<Span>,
    /// The entry it rests on; `None` for findings that rest on a code table.
    pub entry: Option<EntryReference>,
    /// The spelling of the entry, or the brand, that matched.
    pub matched_name: String,
    /// Publications it rests on.
    pub citations: Vec<String>,
    /// Licence requirement of the entry, word for word.
    pub licence_requirement: String,
    /// Licence review policy of the entry, word for word.
    pub licence_policy: String,
    /// First day in force.
    pub effective: Option<Date>,
    /// Day of publication.
    pub published: Option<Date>,
    /// What speaks for and against.
    pub evidence: Vec<Evidence>,
    /// One sentence for the file.
    pub explanation: String,
    /// Further listings of the same party, strongest effect first, whether or not the text matches a name of theirs.
    pub also_listed: Vec<Listing>,
    /// Its rule runs in shadow mode: it is recorded, and the outcome does not depend on it.
    pub is_shadow: bool,
    /// Suppressors that took it in, applied or not, in the order of the policy.
    pub suppressions: Vec<Suppression>,
}

impl Finding {
    /// A finding of the full score in a field that says nothing more yet.
    pub fn new(reason: Reason, severity: Severity, field_path: impl Into<String>) -> Self {
        Self {
            reason,
            severity,
            score: Score::FULL,
            field_path: field_path.into(),
            spans: Vec::new(),
            entry: None,
            matched_name: String::new(),
            citations: Vec::new(),
            licence_requirement: String::new(),
            licence_policy: String::new(),
            effective: None,
            published: None,
            evidence: Vec::new(),
            explanation: String::new(),
            also_listed: Vec::new(),
            is_shadow: false,
            suppressions: Vec::new(),
        }
    }

    /// The same, resting on an entry of the list titled `list_title`: its citations, licence terms and dates.
    #[must_use]
    pub fn on_entry(self, entry: &Entry, list_title: &str) -> Self {
        Self {
            entry: Some(EntryReference::new(entry, list_title)),
            citations: entry.citations.clone(),
            licence_requirement: entry.licence_requirement.clone().unwrap_or_default(),
            licence_policy: entry.licence_policy.clone().unwrap_or_default(),
            effective: entry.effective,
            published: entry.published,
            ..self
        }
    }
}

/// What a suppressor of the policy made of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The suppressor.
    pub id: String,
    /// Why somebody wrote it.
    pub reason: String,
    /// Its last day.
    pub expires: Date,
    /// The severity before; `None` when it was not applied.
    pub lowered_from: Option<Severity>,
    /// Why it was not applied; empty when it was.
    pub not_applied: &'static str,
    /// The day that decided whether it has expired: that of the record, or else that of the caller's clock. `None` when
    /// neither gave one.
    pub as_of: Option<Date>,
}

/// One listing of a party that has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The entry.
    pub entry: EntryReference,
    /// Publications that the entry rests on.
    pub citations: Vec<String>,
    /// Licence requirement, word for word.
    pub licence_requirement: String,
    /// Licence review policy, word for word.
    pub licence_policy: String,
    /// First day in force.
    pub effective: Option<Date>,
    /// Day of publication.
    pub published: Option<Date>,
    /// What says that it is the same party.
    pub linked_by: String,
}

impl Listing {
    /// The listing of `entry` on the list titled `list_title`.
    pub fn new(entry: &Entry, list_title: &str, linked_by: String) -> Self {
        Self {
            entry: EntryReference::new(entry, list_title),
            citations: entry.citations.clone(),
            licence_requirement: entry.licence_requirement.clone().unwrap_or_default(),
            licence_policy: entry.licence_policy.clone().unwrap_or_default(),
            effective: entry.effective,
            published: entry.published,
            linked_by,
        }
    }
}
