//! Findings as the columns of a table, and as records inside a column.

use super::answer::{Answer, Found, Listed};
use super::build::{Days, Lengths, Numbers, TextLists, Texts};
use crate::columns::Shape;
use arrow_array::ArrayRef;
use arrow_array::builder::BooleanBuilder;
use std::sync::Arc;

/// A column for each thing that a finding says.
#[derive(Debug)]
pub(super) struct Findings {
    reason: Texts,
    severity: Texts,
    score: Numbers,
    field: Texts,
    field_path: Texts,
    spans: Spans,
    listed: Listings,
    entry_kind: Texts,
    list_title: Texts,
    matched_name: Texts,
    explanation: Texts,
    evidence: Evidence,
    also_listed: AlsoListed,
    is_shadow: BooleanBuilder,
    suppressions: Suppressions,
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            reason: Texts::default(),
            severity: Texts::default(),
            score: Numbers::default(),
            field: Texts::default(),
            field_path: Texts::default(),
            spans: Spans::default(),
            listed: Listings::default(),
            entry_kind: Texts::default(),
            list_title: Texts::default(),
            matched_name: Texts::default(),
            explanation: Texts::default(),
            evidence: Evidence::default(),
            also_listed: AlsoListed::default(),
            is_shadow: BooleanBuilder::with_capacity(0),
            suppressions: Suppressions::default(),
        }
    }
}

impl Findings {
    /// Appends a finding in a shipment of this shape.
    pub(super) fn push(&mut self, finding: &impl Found, shape: &Shape) {
        self.reason.push(finding.reason());
        self.severity.push(finding.severity());
        self.score.push(finding.score());
        self.field.push(&shape.column(finding.field_path()));
        self.field_path.push(finding.field_path());
        self.spans.push(finding);
        let listed = finding.listing();
        self.listed.push(&listed);
        self.entry_kind.push_or_null(listed.entry.map_or("", |e| e.kind));
        self.list_title.push_or_null(listed.entry.map_or("", |e| e.list_title));
        self.matched_name.push_or_null(finding.matched_name());
        self.explanation.push(finding.explanation());
        self.evidence.push(finding);
        self.also_listed.push(finding);
        self.is_shadow.append_value(finding.is_shadow());
        self.suppressions.push(finding);
    }

    pub(super) fn columns(mut self) -> Vec<(&'static str, ArrayRef)> {
        let listed = self.listed;
        vec![
            ("reason", self.reason.finish()),
            ("severity", self.severity.finish()),
            ("score", self.score.finish()),
            ("field", self.field.finish()),
            ("field_path", self.field_path.finish()),
            ("spans", self.spans.finish()),
            ("list", listed.list.finish()),
            ("entry_id", listed.entry_id.finish()),
            ("entry_name", listed.entry_name.finish()),
            ("entry_kind", self.entry_kind.finish()),
            ("effect", listed.effect.finish()),
            ("list_title", self.list_title.finish()),
            ("matched_name", self.matched_name.finish()),
            ("effective", listed.effective.finish()),
            ("published", listed.published.finish()),
            ("citations", listed.citations.finish()),
            ("licence_requirement", listed.licence_requirement.finish()),
            ("licence_policy", listed.licence_policy.finish()),
            ("explanation", self.explanation.finish()),
            ("evidence", self.evidence.finish()),
            ("also_listed", self.also_listed.finish()),
            ("is_shadow", Arc::new(self.is_shadow.finish())),
            ("suppressions", self.suppressions.finish()),
        ]
    }
}

/// What a finding and another listing of its party both say of a listing.
#[derive(Debug, Default)]
struct Listings {
    list: Texts,
    entry_id: Texts,
    entry_name: Texts,
    effect: Texts,
    effective: Days,
    published: Days,
    citations: TextLists,
    licence_requirement: Texts,
    licence_policy: Texts,
}

impl Listings {
    fn push(&mut self, listed: &Listed<'_>) {
        let entry = listed.entry;
        self.list.push_or_null(entry.map_or("", |e| e.list));
        self.entry_id.push_or_null(entry.map_or("", |e| e.id));
        self.entry_name.push_or_null(entry.map_or("", |e| e.name));
        self.effect.push_or_null(entry.map_or("", |e| e.effect));
        self.effective.push(listed.effective);
        self.published.push(listed.published);
        self.citations.push(listed.citations);
        self.licence_requirement.push_or_null(listed.licence_requirement);
        self.licence_policy.push_or_null(listed.licence_policy);
    }
}

#[derive(Debug, Default)]
struct Spans {
    lengths: Lengths,
    start: Numbers,
    end: Numbers,
    text: Texts,
}

impl Spans {
    fn push(&mut self, finding: &impl Found) {
        let spans = finding.spans();
        self.lengths.push(spans.len());
        for (start, end, text) in spans {
            self.start.push(start);
            self.end.push(end);
            self.text.push(text);
        }
    }

    fn finish(self) -> ArrayRef {
        let columns = vec![("start", self.start.finish()), ("end", self.end.finish()), ("text", self.text.finish())];
        self.lengths.finish_records(columns)
    }
}

#[derive(Debug, Default)]
struct Evidence {
    lengths: Lengths,
    name: Texts,
    points: Numbers,
    detail: Texts,
}

impl Evidence {
    fn push(&mut self, finding: &impl Found) {
        let evidence = finding.evidence();
        self.lengths.push(evidence.len());
        for (name, points, detail) in evidence {
            self.name.push(name);
            self.points.push_points(points);
            self.detail.push(detail);
        }
    }

    fn finish(self) -> ArrayRef {
        let columns =
            vec![("name", self.name.finish()), ("points", self.points.finish()), ("detail", self.detail.finish())];
        self.lengths.finish_records(columns)
    }
}

#[derive(Debug, Default)]
struct AlsoListed {
    lengths: Lengths,
    listed: Listings,
    linked_by: Texts,
}

impl AlsoListed {
    fn push(&mut self, finding: &impl Found) {
        let listings = finding.also_listed();
        self.lengths.push(listings.len());
        for (listed, linked_by) in listings {
            self.listed.push(&listed);
            self.linked_by.push(linked_by);
        }
    }

    fn finish(self) -> ArrayRef {
        let listed = self.listed;
        let columns = vec![
            ("list", listed.list.finish()),
            ("entry_id", listed.entry_id.finish()),
            ("entry_name", listed.entry_name.finish()),
            ("effect", listed.effect.finish()),
            ("effective", listed.effective.finish()),
            ("published", listed.published.finish()),
            ("citations", listed.citations.finish()),
            ("licence_requirement", listed.licence_requirement.finish()),
            ("licence_policy", listed.licence_policy.finish()),
            ("linked_by", self.linked_by.finish()),
        ];
        self.lengths.finish_records(columns)
    }
}

#[derive(Debug, Default)]
struct Suppressions {
    lengths: Lengths,
    id: Texts,
    reason: Texts,
    expires: Days,
    lowered_from: Texts,
    not_applied: Texts,
    as_of: Days,
}

impl Suppressions {
    fn push(&mut self, finding: &impl Found) {
        let suppressions = finding.suppressions();
        self.lengths.push(suppressions.len());
        for exception in suppressions {
            self.id.push(exception.id);
            self.reason.push(exception.reason);
            self.expires.push(exception.expires);
            self.lowered_from.push_or_null(exception.lowered_from.unwrap_or_default());
            self.not_applied.push_or_null(exception.not_applied);
            self.as_of.push(exception.as_of);
        }
    }

    fn finish(self) -> ArrayRef {
        let columns = vec![
            ("id", self.id.finish()),
            ("reason", self.reason.finish()),
            ("expires", self.expires.finish()),
            ("lowered_from", self.lowered_from.finish()),
            ("not_applied", self.not_applied.finish()),
            ("as_of", self.as_of.finish()),
        ];
        self.lengths.finish_records(columns)
    }
}

/// For each record what could not be read.
#[derive(Debug, Default)]
pub(super) struct Problems {
    lengths: Lengths,
    field_path: Texts,
    description: Texts,
}

impl Problems {
    pub(super) fn push(&mut self, answer: &impl Answer) {
        let problems = answer.problems();
        self.lengths.push(problems.len());
        for (field_path, description) in problems {
            self.field_path.push(field_path);
            self.description.push(description);
        }
    }

    pub(super) fn finish(self) -> ArrayRef {
        let columns = vec![("field_path", self.field_path.finish()), ("description", self.description.finish())];
        self.lengths.finish_records(columns)
    }
}

/// For each record which publications stood in for today's.
#[derive(Debug, Default)]
pub(super) struct ListsUsed {
    lengths: Lengths,
    list: Texts,
    published: Days,
    fetched_at: Texts,
    sha256: Texts,
}

impl ListsUsed {
    pub(super) fn push(&mut self, answer: &impl Answer) {
        let lists = answer.lists_used();
        self.lengths.push(lists.len());
        for used in lists {
            self.list.push(used.list);
            self.published.push(used.published);
            self.fetched_at.push_or_null(used.fetched_at);
            self.sha256.push_or_null(used.sha256);
        }
    }

    pub(super) fn finish(self) -> ArrayRef {
        let columns = vec![
            ("list", self.list.finish()),
            ("published", self.published.finish()),
            ("fetched_at", self.fetched_at.finish()),
            ("sha256", self.sha256.finish()),
        ];
        self.lengths.finish_records(columns)
    }
}
