//! Suppressors: findings that a person has looked at and does not want to stop for again.
//!
//! A suppressor has a reason and a last day, lowers what it takes in, and leaves its trace on the finding. It never
//! deletes one. The engine has no clock: the date is the record's `as_of`, and without it no suppressor applies.

use super::scope::{About, FieldKind, Scope};
use super::source::{Source, SuppressorRow};
use super::{Error, severity_word};
use crate::finding::{EntryReference, Finding, Reason, Severity, Suppression};
use crate::shipment::{Role, Shipment};
use crate::text::{Folded, Reading};
use jiff::civil::Date;
use toml::Spanned;

/// One suppressor of a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Suppressor {
    pub(super) id: String,
    pub(super) reason: String,
    pub(super) expires: Date,
    pub(super) text: Option<Phrase>,
    pub(super) entry: Option<String>,
    pub(super) rules: Vec<Reason>,
    pub(super) scope: Scope,
    pub(super) lower_to: Severity,
}

/// A phrase, as written and as compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) written: String,
    squeezed: String,
}

impl Phrase {
    /// Whether every span lies in an occurrence of the phrase; without spans, whether the text has it at all.
    fn covers(&self, text: &str, finding: &Finding) -> bool {
        let folded = Folded::of(text, Reading::Plain);
        let mut places: Vec<(u32, u32)> = Vec::new();
        for (start, _) in folded.squeezed().match_indices(self.squeezed.as_str()) {
            let end = start + self.squeezed.len();
            if folded.is_boundary(start) && folded.is_boundary(end) {
                places.push(folded.original(start, end));
            }
        }
        let covered = |start: u32, end: u32| places.iter().any(|&(s, e)| s <= start && end <= e);
        !places.is_empty() && finding.spans.iter().all(|s| covered(s.start, s.end))
    }
}

impl Suppressor {
    pub(super) fn read(source: &Source<'_>, row: &Spanned<SuppressorRow>) -> Result<Self, Error> {
        let given = row.get_ref();
        let key = |name: &str| format!("suppressor.{name}");
        let filled = |text: &Spanned<String>, name: &str| {
            if text.get_ref().trim().is_empty() {
                return Err(source.wrong(text, &key(name), "is blank, expected a text"));
            }
            Ok(text.get_ref().clone())
        };
        let text = given
            .text
            .as_ref()
            .map(|t| {
                let written = filled(t, "text")?;
                let squeezed = Folded::of(&written, Reading::Plain).squeezed().to_owned();
                if squeezed.is_empty() {
                    return Err(source.wrong(t, &key("text"), "has no letter or digit"));
                }
                Ok(Phrase { written, squeezed })
            })
            .transpose()?;
        let lists: Vec<_> = given.list.iter().cloned().collect();
        let scope = source.scope("suppressor", &lists, &[], &given.role, &given.field)?;
        let entry = given.entry.as_ref().map(|e| filled(e, "entry")).transpose()?;
        if let (Some(entry), None) = (&given.entry, &given.list) {
            return Err(source.wrong(
                entry,
                &key("entry"),
                "needs suppressor.list beside it: ids repeat between lists",
            ));
        }
        if text.is_none() && entry.is_none() && scope.nearness() == 0 {
            let what = "has no scope, expected at least one of text, list, entry, field, role";
            return Err(source.wrong(row, "suppressor", what));
        }
        let rules = given.rule.iter().map(|r| source.reason(r, &key("rule"))).collect::<Result<_, _>>()?;
        Ok(Self {
            id: filled(&given.id, "id")?,
            reason: filled(&given.reason, "reason")?,
            expires: source.date(&given.expires, &key("expires"))?,
            text,
            entry,
            rules,
            scope,
            lower_to: match &given.lower_to {
                Some(word) => source.severity(word, &key("lower_to"))?,
                None => Severity::Info,
            },
        })
    }

    /// Whether it takes in a whole list, role or field rather than a text or a row.
    pub(super) fn is_broad(&self) -> bool {
        self.text.is_none() && self.entry.is_none()
    }

    /// Lowers the finding when it takes it in, and says so on it.
    pub(super) fn apply(&self, finding: &mut Finding, shipment: &Shipment) {
        if !self.takes(finding, shipment) {
            return;
        }
        let not_applied = match shipment.as_of {
            None => "the record gives no asOf date, so that nobody can tell whether it has expired",
            Some(day) if self.expires < day => "it has expired",
            // A finding stands for every listing of its party; what somebody ruled about one row is not about the others.
            Some(_) if finding.also_listed.iter().any(|l| !self.names(&l.entry)) => {
                "the party has another listing, which the suppressor does not name"
            }
            Some(_) if finding.severity <= self.lower_to => "the finding asks for no more than that already",
            Some(_) => "",
        };
        let lowered_from = not_applied.is_empty().then_some(finding.severity);
        if lowered_from.is_some() {
            finding.severity = self.lower_to;
        }
        finding.suppressions.push(Suppression {
            id: self.id.clone(),
            reason: self.reason.clone(),
            expires: self.expires,
            lowered_from,
            not_applied,
        });
    }

    /// Whether its lists and entry take in this row too.
    fn names(&self, row: &EntryReference) -> bool {
        self.entry.as_ref().is_none_or(|id| *id == row.id)
            && (self.scope.lists.is_empty() || self.scope.lists.iter().any(|l| l == row.list.as_str()))
    }

    fn takes(&self, finding: &Finding, shipment: &Shipment) -> bool {
        if !self.rules.is_empty() && !self.rules.contains(&finding.reason) {
            return false;
        }
        if let Some(id) = &self.entry
            && finding.entry.as_ref().is_none_or(|e| e.id != *id)
        {
            return false;
        }
        let about = About {
            list: finding.entry.as_ref().map(|e| e.list.as_str()),
            effect: finding.entry.as_ref().map(|e| e.effect),
            role: role_of(&finding.field_path, shipment),
            field: FieldKind::of_path(&finding.field_path),
        };
        self.scope.takes(about)
            && self
                .text
                .as_ref()
                .is_none_or(|t| shipment.text_at(&finding.field_path).is_some_and(|text| t.covers(text, finding)))
    }

    /// One block for fingerprints and `policy show`.
    pub(super) fn block(&self) -> String {
        let mut out = format!(
            "[[suppressor]]\nid = {}\nreason = {}\nexpires = {}\n",
            quoted(&self.id),
            quoted(&self.reason),
            self.expires
        );
        if let Some(text) = &self.text {
            out.push_str(&format!("text = {}\n", quoted(&text.written)));
        }
        if let Some(list) = self.scope.lists.first() {
            out.push_str(&format!("list = {list:?}\n"));
        }
        if let Some(entry) = &self.entry {
            out.push_str(&format!("entry = {}\n", quoted(entry)));
        }
        let rules: Vec<&str> = self.rules.iter().map(|r| r.as_str()).collect();
        if !rules.is_empty() {
            out.push_str(&format!("rule = {rules:?}\n"));
        }
        out.push_str(&Scope { lists: Vec::new(), ..self.scope.clone() }.line());
        out.push_str(&format!("lower_to = {:?}\n", severity_word(self.lower_to)));
        out
    }
}

/// The role of the party a path leads to.
pub(super) fn role_of(path: &str, shipment: &Shipment) -> Option<Role> {
    let rest = path.strip_prefix("parties[")?;
    let at: usize = rest.split(']').next()?.parse().ok()?;
    shipment.parties.get(at)?.role
}

/// A TOML string of any text.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
