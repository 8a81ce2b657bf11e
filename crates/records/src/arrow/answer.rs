//! What the columns need to know of an answer, whichever form it has: that of the engine, or that of the wire.

use crate::columns::asks;
use jiff::civil::Date;
use model::finding as house;
use wire::v1;

/// An answer to a record.
pub trait Answer {
    /// Its findings.
    type Finding: Found;

    /// The name of the outcome.
    fn outcome(&self) -> &'static str;
    /// The outcome in a sentence.
    fn summary(&self) -> &str;
    /// What was found, strongest first.
    fn findings(&self) -> &[Self::Finding];
    /// Of each field that could not be read its path and why.
    fn problems(&self) -> impl ExactSizeIterator<Item = (&str, &str)>;
    /// The limits that were reached.
    fn limits_reached(&self) -> &[String];
    /// The publications that stood in for today's.
    fn lists_used(&self) -> impl ExactSizeIterator<Item = Used<'_>>;
    /// Fingerprint of the lists.
    fn snapshot(&self) -> &str;
}

/// A finding.
pub trait Found {
    /// The name of its reason.
    fn reason(&self) -> &'static str;
    /// The name of its severity.
    fn severity(&self) -> &'static str;
    /// Whether it asks for attention: one for the record does not, nor does one in shadow mode.
    fn asks(&self) -> bool;
    /// Its score in thousandths.
    fn score(&self) -> u32;
    /// The path of its field.
    fn field_path(&self) -> &str;
    /// Start, end and text of the places it is about.
    fn spans(&self) -> impl ExactSizeIterator<Item = (u32, u32, &str)>;
    /// The name that matched.
    fn matched_name(&self) -> &str;
    /// The listing that it rests on; without one its entry is `None` and the rest empty.
    fn listing(&self) -> Listed<'_>;
    /// What it says in words.
    fn explanation(&self) -> &str;
    /// Name, points and detail of what speaks for and against it.
    fn evidence(&self) -> impl ExactSizeIterator<Item = (&str, i32, &str)>;
    /// Other listings of the party, each with what links it.
    fn also_listed(&self) -> impl ExactSizeIterator<Item = (Listed<'_>, &str)>;
    /// Whether it only shows what a rule would find.
    fn is_shadow(&self) -> bool;
    /// The exceptions that were looked at.
    fn suppressions(&self) -> impl ExactSizeIterator<Item = Exception<'_>>;
}

/// A listing.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// What is listed.
    pub entry: Option<Entry<'a>>,
    /// Where it was published.
    pub citations: &'a [String],
    /// Since when it is in force.
    pub effective: Option<Date>,
    /// When it was published.
    pub published: Option<Date>,
    /// What needs a licence.
    pub licence_requirement: &'a str,
    /// How applications are decided.
    pub licence_policy: &'a str,
}

/// An entry of a list.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The id of the list.
    pub list: &'a str,
    /// The publisher's id of the entry.
    pub id: &'a str,
    /// Its primary name.
    pub name: &'a str,
    /// The name of its kind.
    pub kind: &'static str,
    /// The name of its effect.
    pub effect: &'static str,
    /// The title of the list.
    pub list_title: &'a str,
}

/// An exception that a finding was compared with.
#[derive(Clone, Copy, Debug)]
pub struct Exception<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its reason.
    pub reason: &'a str,
    /// The last day on which it holds.
    pub expires: Option<Date>,
    /// The name of the severity that it lowered; `None` where it did not.
    pub lowered_from: Option<&'static str>,
    /// Why it did not apply; empty where it did.
    pub not_applied: &'a str,
    /// The day for which that was decided.
    pub as_of: Option<Date>,
}

/// A publication that stood in for today's.
#[derive(Clone, Copy, Debug)]
pub struct Used<'a> {
    /// The id of the list.
    pub list: &'a str,
    /// When it was published.
    pub published: Option<Date>,
    /// When it was fetched; empty where that is not known.
    pub fetched_at: &'a str,
    /// Its digest; empty where that is not known.
    pub sha256: &'a str,
}

impl Answer for house::Screening {
    type Finding = house::Finding;

    fn outcome(&self) -> &'static str {
        self.outcome.as_str()
    }

    fn summary(&self) -> &str {
        &self.summary
    }

    fn findings(&self) -> &[house::Finding] {
        &self.findings
    }

    fn problems(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.problems.iter().map(|p| (p.field_path.as_str(), p.description.as_str()))
    }

    fn limits_reached(&self) -> &[String] {
        &self.limits_reached
    }

    fn lists_used(&self) -> impl ExactSizeIterator<Item = Used<'_>> {
        self.lists_used.iter().map(|used| {
            let publication = used.publication.as_ref();
            Used {
                list: used.list.as_str(),
                published: publication.and_then(|p| p.published),
                fetched_at: publication.map_or("", |p| &p.fetched_at),
                sha256: publication.map_or("", |p| &p.sha256),
            }
        })
    }

    fn snapshot(&self) -> &str {
        &self.snapshot
    }
}

impl Found for house::Finding {
    fn reason(&self) -> &'static str {
        self.reason.as_str()
    }

    fn severity(&self) -> &'static str {
        wire::severity_to_wire(self.severity).as_str_name()
    }

    fn asks(&self) -> bool {
        self.severity > house::Severity::Info && !self.is_shadow
    }

    fn score(&self) -> u32 {
        u32::from(self.score.get())
    }

    fn field_path(&self) -> &str {
        &self.field_path
    }

    fn spans(&self) -> impl ExactSizeIterator<Item = (u32, u32, &str)> {
        self.spans.iter().map(|s| (s.start, s.end, s.text.as_str()))
    }

    fn matched_name(&self) -> &str {
        &self.matched_name
    }

    fn listing(&self) -> Listed<'_> {
        Listed {
            entry: self.entry.as_ref().map(house_entry),
            citations: &self.citations,
            effective: self.effective,
            published: self.published,
            licence_requirement: &self.licence_requirement,
            licence_policy: &self.licence_policy,
        }
    }

    fn explanation(&self) -> &str {
        &self.explanation
    }

    fn evidence(&self) -> impl ExactSizeIterator<Item = (&str, i32, &str)> {
        self.evidence.iter().map(|e| (e.kind.as_str(), e.points, e.detail.as_str()))
    }

    fn also_listed(&self) -> impl ExactSizeIterator<Item = (Listed<'_>, &str)> {
        self.also_listed.iter().map(|listing| {
            let listed = Listed {
                entry: Some(house_entry(&listing.entry)),
                citations: &listing.citations,
                effective: listing.effective,
                published: listing.published,
                licence_requirement: &listing.licence_requirement,
                licence_policy: &listing.licence_policy,
            };
            (listed, listing.linked_by.as_str())
        })
    }

    fn is_shadow(&self) -> bool {
        self.is_shadow
    }

    fn suppressions(&self) -> impl ExactSizeIterator<Item = Exception<'_>> {
        self.suppressions.iter().map(|s| Exception {
            id: &s.id,
            reason: &s.reason,
            expires: Some(s.expires),
            lowered_from: s.lowered_from.map(|severity| wire::severity_to_wire(severity).as_str_name()),
            not_applied: s.not_applied,
            as_of: s.as_of,
        })
    }
}

fn house_entry(entry: &house::EntryReference) -> Entry<'_> {
    Entry {
        list: entry.list.as_str(),
        id: &entry.id,
        name: &entry.name,
        kind: wire::entry_kind_to_wire(entry.kind).as_str_name(),
        effect: wire::effect_to_wire(entry.effect).as_str_name(),
        list_title: &entry.list_title,
    }
}

impl Answer for v1::Screening {
    type Finding = v1::Finding;

    fn outcome(&self) -> &'static str {
        self.outcome().as_str_name()
    }

    fn summary(&self) -> &str {
        &self.summary
    }

    fn findings(&self) -> &[v1::Finding] {
        &self.findings
    }

    fn problems(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.problems.iter().map(|p| (p.field_path.as_str(), p.description.as_str()))
    }

    fn limits_reached(&self) -> &[String] {
        &self.limits_reached
    }

    fn lists_used(&self) -> impl ExactSizeIterator<Item = Used<'_>> {
        self.lists_used.iter().map(|used| Used {
            list: &used.list,
            published: day(&used.published),
            fetched_at: &used.fetched_at,
            sha256: &used.sha256,
        })
    }

    fn snapshot(&self) -> &str {
        &self.snapshot
    }
}

impl Found for v1::Finding {
    fn reason(&self) -> &'static str {
        self.reason().as_str_name()
    }

    fn severity(&self) -> &'static str {
        self.severity().as_str_name()
    }

    fn asks(&self) -> bool {
        asks(self)
    }

    fn score(&self) -> u32 {
        self.score
    }

    fn field_path(&self) -> &str {
        &self.field_path
    }

    fn spans(&self) -> impl ExactSizeIterator<Item = (u32, u32, &str)> {
        self.spans.iter().map(|s| (s.start, s.end, s.text.as_str()))
    }

    fn matched_name(&self) -> &str {
        &self.matched_name
    }

    fn listing(&self) -> Listed<'_> {
        Listed {
            entry: self.entry.as_ref().map(wire_entry),
            citations: &self.citations,
            effective: day(&self.effective),
            published: day(&self.published),
            licence_requirement: &self.licence_requirement,
            licence_policy: &self.licence_policy,
        }
    }

    fn explanation(&self) -> &str {
        &self.explanation
    }

    fn evidence(&self) -> impl ExactSizeIterator<Item = (&str, i32, &str)> {
        self.evidence.iter().map(|e| (e.name.as_str(), e.points, e.detail.as_str()))
    }

    fn also_listed(&self) -> impl ExactSizeIterator<Item = (Listed<'_>, &str)> {
        self.also_listed.iter().map(|listing| {
            let listed = Listed {
                entry: listing.entry.as_ref().map(wire_entry),
                citations: &listing.citations,
                effective: day(&listing.effective),
                published: day(&listing.published),
                licence_requirement: &listing.licence_requirement,
                licence_policy: &listing.licence_policy,
            };
            (listed, listing.linked_by.as_str())
        })
    }

    fn is_shadow(&self) -> bool {
        self.is_shadow
    }

    fn suppressions(&self) -> impl ExactSizeIterator<Item = Exception<'_>> {
        self.suppressions.iter().map(|s| {
            let lowered_from = s.lowered_from();
            let is_lowered = lowered_from != v1::finding::Severity::Unspecified;
            Exception {
                id: &s.id,
                reason: &s.reason,
                expires: day(&s.expires),
                lowered_from: is_lowered.then(|| lowered_from.as_str_name()),
                not_applied: &s.not_applied,
                as_of: day(&s.as_of),
            }
        })
    }
}

fn wire_entry(entry: &v1::EntryReference) -> Entry<'_> {
    Entry {
        list: &entry.list,
        id: &entry.id,
        name: &entry.name,
        kind: entry.kind().as_str_name(),
        effect: entry.effect().as_str_name(),
        list_title: &entry.list_title,
    }
}

/// A day written `YYYY-MM-DD`; `None` where there is none.
fn day(text: &str) -> Option<Date> {
    if text.is_empty() { None } else { text.parse().ok() }
}
