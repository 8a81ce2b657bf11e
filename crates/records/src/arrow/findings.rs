//! Findings as the columns of a table, and as records inside a column.

use super::build::{days, flags, lists, numbers, points, structure, text_lists, texts, texts_or_null};
use crate::columns::Shape;
use arrow_array::{Array as _, ArrayRef};
use std::sync::Arc;
use wire::v1;

/// A finding with the shape of the shipment that it is in.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) finding: &'a v1::Finding,
    pub(super) shape: &'a Shape,
}

/// A column for each thing that a finding says.
pub(super) fn columns(found: &[Found<'_>]) -> Vec<(&'static str, ArrayRef)> {
    let findings = || found.iter().map(|f| f.finding);
    let entry = || found.iter().map(|f| f.finding.entry.as_ref());
    let fields: Vec<_> = found.iter().map(|f| f.shape.column(&f.finding.field_path)).collect();
    vec![
        ("reason", texts(findings().map(|f| f.reason().as_str_name()))),
        ("severity", texts(findings().map(|f| f.severity().as_str_name()))),
        ("score", numbers(findings().map(|f| f.score))),
        ("field", texts(fields.iter().map(AsRef::as_ref))),
        ("field_path", texts(findings().map(|f| f.field_path.as_str()))),
        ("spans", spans(&findings().map(|f| f.spans.as_slice()).collect::<Vec<_>>())),
        ("list", texts_or_null(entry().map(|e| e.map(|e| e.list.as_str())))),
        ("entry_id", texts_or_null(entry().map(|e| e.map(|e| e.id.as_str())))),
        ("entry_name", texts_or_null(entry().map(|e| e.map(|e| e.name.as_str())))),
        ("entry_kind", texts_or_null(entry().map(|e| e.map(|e| e.kind().as_str_name())))),
        ("effect", texts_or_null(entry().map(|e| e.map(|e| e.effect().as_str_name())))),
        ("list_title", texts_or_null(entry().map(|e| e.map(|e| e.list_title.as_str())))),
        ("matched_name", texts_or_null(findings().map(|f| Some(f.matched_name.as_str())))),
        ("effective", days(findings().map(|f| f.effective.as_str()))),
        ("published", days(findings().map(|f| f.published.as_str()))),
        ("citations", text_lists(&findings().map(|f| f.citations.as_slice()).collect::<Vec<_>>())),
        ("licence_requirement", texts_or_null(findings().map(|f| Some(f.licence_requirement.as_str())))),
        ("licence_policy", texts_or_null(findings().map(|f| Some(f.licence_policy.as_str())))),
        ("explanation", texts(findings().map(|f| f.explanation.as_str()))),
        ("evidence", evidence(&findings().map(|f| f.evidence.as_slice()).collect::<Vec<_>>())),
        ("also_listed", listings(&findings().map(|f| f.also_listed.as_slice()).collect::<Vec<_>>())),
        ("is_shadow", flags(findings().map(|f| f.is_shadow))),
        ("suppressions", suppressions(&findings().map(|f| f.suppressions.as_slice()).collect::<Vec<_>>())),
    ]
}

/// For each record its findings.
pub(super) fn of_records(lengths: impl Iterator<Item = usize>, found: &[Found<'_>]) -> ArrayRef {
    list_of(lengths, columns(found), found.len())
}

/// For each row so many records that follow each other.
pub(super) fn list_of(
    lengths: impl Iterator<Item = usize>,
    columns: Vec<(&'static str, ArrayRef)>,
    count: usize,
) -> ArrayRef {
    let values = structure(columns, count);
    debug_assert_eq!(values.len(), count);
    lists(lengths, Arc::new(values))
}

fn spans(of: &[&[v1::Span]]) -> ArrayRef {
    let all = || of.iter().flat_map(|spans| spans.iter());
    let columns = vec![
        ("start", numbers(all().map(|s| s.start))),
        ("end", numbers(all().map(|s| s.end))),
        ("text", texts(all().map(|s| s.text.as_str()))),
    ];
    list_of(of.iter().map(|s| s.len()), columns, all().count())
}

fn evidence(of: &[&[v1::Evidence]]) -> ArrayRef {
    let all = || of.iter().flat_map(|evidence| evidence.iter());
    let columns = vec![
        ("name", texts(all().map(|e| e.name.as_str()))),
        ("points", points(all().map(|e| e.points))),
        ("detail", texts(all().map(|e| e.detail.as_str()))),
    ];
    list_of(of.iter().map(|e| e.len()), columns, all().count())
}

fn listings(of: &[&[v1::Listing]]) -> ArrayRef {
    let all = || of.iter().flat_map(|listings| listings.iter());
    let entry = || all().map(|l| l.entry.as_ref());
    let columns = vec![
        ("list", texts_or_null(entry().map(|e| e.map(|e| e.list.as_str())))),
        ("entry_id", texts_or_null(entry().map(|e| e.map(|e| e.id.as_str())))),
        ("entry_name", texts_or_null(entry().map(|e| e.map(|e| e.name.as_str())))),
        ("effect", texts_or_null(entry().map(|e| e.map(|e| e.effect().as_str_name())))),
        ("effective", days(all().map(|l| l.effective.as_str()))),
        ("published", days(all().map(|l| l.published.as_str()))),
        ("citations", text_lists(&all().map(|l| l.citations.as_slice()).collect::<Vec<_>>())),
        ("licence_requirement", texts_or_null(all().map(|l| Some(l.licence_requirement.as_str())))),
        ("licence_policy", texts_or_null(all().map(|l| Some(l.licence_policy.as_str())))),
        ("linked_by", texts(all().map(|l| l.linked_by.as_str()))),
    ];
    list_of(of.iter().map(|l| l.len()), columns, all().count())
}

fn suppressions(of: &[&[v1::Suppression]]) -> ArrayRef {
    let all = || of.iter().flat_map(|suppressions| suppressions.iter());
    let severity = |s: &v1::Suppression| {
        let severity = s.lowered_from();
        (severity != v1::finding::Severity::Unspecified).then(|| severity.as_str_name())
    };
    let columns = vec![
        ("id", texts(all().map(|s| s.id.as_str()))),
        ("reason", texts(all().map(|s| s.reason.as_str()))),
        ("expires", days(all().map(|s| s.expires.as_str()))),
        ("lowered_from", texts_or_null(all().map(severity))),
        ("not_applied", texts_or_null(all().map(|s| Some(s.not_applied.as_str())))),
        ("as_of", days(all().map(|s| s.as_of.as_str()))),
    ];
    list_of(of.iter().map(|s| s.len()), columns, all().count())
}

/// For each record what could not be read.
pub(super) fn problems(of: &[&[v1::Problem]]) -> ArrayRef {
    let all = || of.iter().flat_map(|problems| problems.iter());
    let columns = vec![
        ("field_path", texts(all().map(|p| p.field_path.as_str()))),
        ("description", texts(all().map(|p| p.description.as_str()))),
    ];
    list_of(of.iter().map(|p| p.len()), columns, all().count())
}

/// For each record which publications stood in for today's.
pub(super) fn lists_used(of: &[&[v1::ListUsed]]) -> ArrayRef {
    let all = || of.iter().flat_map(|used| used.iter());
    let columns = vec![
        ("list", texts(all().map(|u| u.list.as_str()))),
        ("published", days(all().map(|u| u.published.as_str()))),
        ("fetched_at", texts_or_null(all().map(|u| Some(u.fetched_at.as_str())))),
        ("sha256", texts_or_null(all().map(|u| Some(u.sha256.as_str())))),
    ];
    list_of(of.iter().map(|u| u.len()), columns, all().count())
}
