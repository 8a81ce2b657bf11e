//! Suppressors: findings that a person has looked at and does not want to stop for again.
//!
//! A suppressor has a reason and a last day, lowers what it takes in, and leaves its trace on the finding. It never
//! deletes one. It is void, and says so, once the entry it was written for has changed or the party is another one than was
//! looked at. The engine has no clock: the day is the record's `as_of`, or else the one that the caller gives; without either no
//! suppressor applies.

use super::error::Error;
use super::scope::{About, FieldKind, Scope};
use super::source::{AlsoRow, Source, SuppressorRow};
use super::words::severity_word;
use jiff::civil::Date;
use model::finding::{EntryReference, Finding, Reason, Severity, Suppression};
use model::party_fingerprint;
use model::shipment::{Role, Shipment};
use model::snapshot::Snapshot;
use text::{Folded, Reading};
use toml::Spanned;

/// One suppressor of a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Suppressor {
    pub(super) id: String,
    pub(super) reason: String,
    pub(super) expires: Date,
    pub(super) text: Option<Phrase>,
    pub(super) entry: Option<String>,
    /// Of the entry as it was when somebody looked at it.
    entry_fingerprint: Option<String>,
    /// Other listings of the party that somebody looked at, each as it was then.
    also: Vec<Also>,
    /// The party's name as it was then.
    party: Option<Phrase>,
    /// Over all that the record said of the party then ([`party_fingerprint`]).
    party_fingerprint: Option<String>,
    pub(super) rules: Vec<Reason>,
    pub(super) scope: Scope,
    pub(super) lower_to: Severity,
}

/// Another listing of the party, as it was when somebody looked at it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Also {
    list: String,
    entry: String,
    fingerprint: String,
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

impl Also {
    fn of(row: &AlsoRow) -> Self {
        let [list, entry, fingerprint] = [&row.list, &row.entry, &row.entry_fingerprint].map(|t| t.get_ref().clone());
        Self { list, entry, fingerprint }
    }

    fn is(&self, entry: &EntryReference) -> bool {
        self.list == entry.list.as_str() && self.entry == entry.id
    }

    fn row(&self) -> String {
        let [list, entry, print] = [&self.list, &self.entry, &self.fingerprint].map(|text| quoted(text));
        format!("{{ list = {list}, entry = {entry}, entry_fingerprint = {print} }}")
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
        let phrase = |text: &Spanned<String>, name: &str| {
            let written = filled(text, name)?;
            let squeezed = Folded::of(&written, Reading::Plain).squeezed().to_owned();
            if squeezed.is_empty() {
                return Err(source.wrong(text, &key(name), "has no letter or digit"));
            }
            Ok(Phrase { written, squeezed })
        };
        let text = given.text.as_ref().map(|t| phrase(t, "text")).transpose()?;
        let party = given.party.as_ref().map(|p| phrase(p, "party")).transpose()?;
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
        if let (Some(print), None) = (&given.entry_fingerprint, &entry) {
            return Err(source.wrong(print, &key("entry_fingerprint"), "needs suppressor.entry beside it"));
        }
        if let (Some(first), None) = (given.also.first(), &entry) {
            return Err(source.wrong(first, &key("also"), "needs suppressor.entry beside it"));
        }
        let prints = given.entry_fingerprint.iter().map(|p| (p, "entry_fingerprint"));
        let prints =
            prints.chain(given.also.iter().map(|a| (&a.get_ref().entry_fingerprint, "also.entry_fingerprint")));
        for (print, name) in prints.chain(given.party_fingerprint.iter().map(|p| (p, "party_fingerprint"))) {
            let digits = print.get_ref().strip_prefix("sha256:").unwrap_or_default();
            if digits.len() != 64 || !digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                let what = "is not a fingerprint, expected sha256: and 64 hexadecimal digits (`tidewaiter policy check` prints it)";
                return Err(source.wrong(print, &key(name), what));
            }
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
            entry_fingerprint: given.entry_fingerprint.as_ref().map(|p| p.get_ref().clone()),
            also: given.also.iter().map(|row| Also::of(row.get_ref())).collect(),
            party,
            party_fingerprint: given.party_fingerprint.as_ref().map(|p| p.get_ref().clone()),
            rules,
            scope,
            lower_to: match &given.lower_to {
                Some(word) => source.severity(word, &key("lower_to"))?,
                None => Severity::Info,
            },
        })
    }

    /// Whether it takes in a whole list, role or field rather than a text or an entry.
    pub(super) fn is_broad(&self) -> bool {
        self.text.is_none() && self.entry.is_none()
    }

    /// Lowers the finding when it takes it in, and says so on it.
    /// `today` is the caller's day, for a record without one; `entry_now` gives the fingerprint of an entry as it is in
    /// the loaded lists.
    pub(super) fn apply(
        &self,
        finding: &mut Finding,
        shipment: &Shipment,
        today: Option<Date>,
        entry_now: impl Fn(&EntryReference) -> Option<String>,
    ) {
        if !self.takes(finding, shipment) {
            return;
        }
        let as_of = shipment.as_of.or(today);
        let not_applied = match as_of {
            None => "neither the record nor the caller gives a day, so that nobody can tell whether it has expired",
            Some(day) if self.expires < day => "it has expired",
            // A finding stands for every listing of its party; what somebody ruled about one entry is not about the others.
            Some(_) if finding.also_listed.iter().any(|l| !self.names(&l.entry)) => {
                "the party has another listing, which the suppressor does not name"
            }
            Some(_) if self.has_entry_changed(finding, entry_now) => {
                "it no longer applies: the entry has changed since it was examined"
            }
            Some(_) if !self.is_party(finding, shipment) => {
                "it no longer applies: the party is not the one that was examined"
            }
            Some(_) if finding.severity <= self.lower_to => "the finding's severity is no higher than that already",
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
            as_of,
        });
    }

    /// Whether its lists and entry take in this entry too, or it names the entry beside them.
    fn names(&self, entry: &EntryReference) -> bool {
        if self.also.iter().any(|also| also.is(entry)) {
            return true;
        }
        self.entry.as_ref().is_none_or(|id| *id == entry.id)
            && (self.scope.lists.is_empty() || self.scope.lists.iter().any(|l| l == entry.list.as_str()))
    }

    /// Whether the entry is another one than when the suppressor was written; without a fingerprint nobody can tell.
    fn has_entry_changed(&self, finding: &Finding, entry_now: impl Fn(&EntryReference) -> Option<String>) -> bool {
        let own = self.entry_fingerprint.iter().map(|then| (finding.entry.as_ref(), then));
        let listed = |also: &Also| finding.also_listed.iter().map(|l| &l.entry).find(|e| also.is(e));
        let others = self.also.iter().filter_map(|also| Some((Some(listed(also)?), &also.fingerprint)));
        own.chain(others).any(|(entry, then)| entry.and_then(&entry_now).as_ref() != Some(then))
    }

    /// Whether the finding is about the party that was looked at, by any name that the record gives it.
    fn is_party(&self, finding: &Finding, shipment: &Shipment) -> bool {
        let party = party_at(&finding.field_path).and_then(|at| shipment.parties.get(at));
        if let Some(then) = &self.party_fingerprint
            && party.map(party_fingerprint).as_ref() != Some(then)
        {
            return false;
        }
        let Some(then) = &self.party else { return true };
        let names = party.into_iter().flat_map(|p| std::iter::once(&p.name).chain(&p.other_names));
        let names: Vec<&String> = names.filter(|n| !n.trim().is_empty()).collect();
        // A further name of the party is something nobody has looked at.
        !names.is_empty() && names.iter().all(|n| Folded::of(n, Reading::Plain).squeezed() == then.squeezed)
    }

    /// Why it does not apply to these lists, or why that is not known; `None` when it applies.
    pub(super) fn void_for(&self, lists: &Snapshot) -> Option<String> {
        let (id, list) = (self.entry.as_deref()?, self.scope.lists.first()?);
        if !lists.lists().iter().any(|l| l.id.as_str() == list) {
            return Some(format!(
                "the list {list} is not loaded, so it is not known whether its entry {id} has changed"
            ));
        }
        let Some(entry) = lists.entry(Some(list), id) else {
            return Some(format!("it no longer applies: {list} has no entry {id} any more"));
        };
        let now = Snapshot::entry_fingerprint(entry);
        match &self.entry_fingerprint {
            None => Some(format!(
                "it applies to every version of {list}/{id}; to tie it to the present one: entry_fingerprint = \"{now}\""
            )),
            Some(then) if *then != now => Some(format!(
                "it no longer applies: {list}/{id} has changed since it was examined; its fingerprint is now {now}"
            )),
            Some(_) => None,
        }
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

    /// One block as `policy show` prints it.
    pub(super) fn block(&self) -> String {
        self.written("entry_fingerprint")
    }

    /// The block that fingerprints cover: with the key's old name, so that fingerprints made under it stay valid.
    pub(super) fn sealed(&self) -> String {
        self.written("row_fingerprint")
    }

    fn written(&self, print_key: &str) -> String {
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
        if let Some(print) = &self.entry_fingerprint {
            out.push_str(&format!("{print_key} = {print:?}\n"));
        }
        let also: Vec<String> = self.also.iter().map(Also::row).collect();
        if !also.is_empty() {
            out.push_str(&format!("also = [{}]\n", also.join(", ")));
        }
        if let Some(party) = &self.party {
            out.push_str(&format!("party = {}\n", quoted(&party.written)));
        }
        if let Some(print) = &self.party_fingerprint {
            out.push_str(&format!("party_fingerprint = {print:?}\n"));
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
    shipment.parties.get(party_at(path)?)?.role
}

/// The number of the party a path leads to.
fn party_at(path: &str) -> Option<usize> {
    path.strip_prefix("parties[")?.split(']').next()?.parse().ok()
}

/// A TOML string of any text.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
