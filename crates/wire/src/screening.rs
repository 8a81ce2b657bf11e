//! House to wire: the answer.

mod cell;

use super::entry::{date_to_wire, effect_to_wire, entry_kind_to_wire};
use super::v1;
use model::finding::{
    EntryReference, Evidence, Finding, ListUsed, Listing, ListsInForce, Outcome, Reason, Screening, Severity,
    SkippedRule, Span, Suppression,
};
use model::shipment::Problem;

/// Puts a screening on the wire, moving its texts.
pub fn screening_to_wire(screening: Screening) -> v1::Screening {
    v1::Screening {
        reference: screening.reference,
        outcome: outcome_to_wire(screening.outcome) as i32,
        findings: findings_to_wire(screening.findings),
        problems: screening.problems.into_iter().map(problem_to_wire).collect(),
        rules_run: screening.rules_run.into_iter().map(|r| r.as_str().to_owned()).collect(),
        rules_skipped: screening.rules_skipped.into_iter().map(skipped_to_wire).collect(),
        cells: screening.cells.into_iter().map(cell::cell_to_wire).collect(),
        limits_reached: screening.limits_reached,
        snapshot: screening.snapshot,
        policy: screening.policy,
        engine: screening.engine,
        summary: screening.summary,
        suppressors: screening.suppressors,
        ownership: screening.ownership,
        lists_used: screening.lists_used.into_iter().map(used_to_wire).collect(),
        lists: Some(lists_to_wire(screening.lists)),
    }
}

/// The findings of a screening alone.
pub fn findings_to_wire(findings: Vec<Finding>) -> Vec<v1::Finding> {
    findings.into_iter().map(finding_to_wire).collect()
}

/// How many lists, and how old.
pub fn lists_to_wire(lists: ListsInForce) -> v1::ListsInForce {
    let ListsInForce { count, entries, oldest } = lists;
    let (oldest, oldest_days) = oldest.map_or_else(Default::default, |o| (o.since.to_string(), o.days));
    v1::ListsInForce { count, entries, oldest, oldest_days, each: Vec::new() }
}

fn used_to_wire(used: ListUsed) -> v1::ListUsed {
    let (published, fetched_at, sha256) = match used.publication {
        Some(p) => (date_to_wire(p.published), p.fetched_at, p.sha256),
        None => Default::default(),
    };
    v1::ListUsed { list: used.list.as_str().to_owned(), published, fetched_at, sha256 }
}

fn listing_to_wire(listing: Listing) -> v1::Listing {
    v1::Listing {
        entry: Some(reference_to_wire(listing.entry)),
        citations: listing.citations,
        licence_requirement: listing.licence_requirement,
        licence_policy: listing.licence_policy,
        effective: date_to_wire(listing.effective),
        published: date_to_wire(listing.published),
        linked_by: listing.linked_by,
    }
}

fn finding_to_wire(finding: Finding) -> v1::Finding {
    v1::Finding {
        reason: reason_to_wire(finding.reason) as i32,
        severity: severity_to_wire(finding.severity) as i32,
        score: u32::from(finding.score.get()),
        field_path: finding.field_path,
        spans: finding.spans.into_iter().map(span_to_wire).collect(),
        entry: finding.entry.map(reference_to_wire),
        matched_name: finding.matched_name,
        citations: finding.citations,
        licence_requirement: finding.licence_requirement,
        licence_policy: finding.licence_policy,
        effective: date_to_wire(finding.effective),
        published: date_to_wire(finding.published),
        evidence: finding.evidence.into_iter().map(evidence_to_wire).collect(),
        explanation: finding.explanation,
        also_listed: finding.also_listed.into_iter().map(listing_to_wire).collect(),
        is_shadow: finding.is_shadow,
        suppressions: finding.suppressions.into_iter().map(suppression_to_wire).collect(),
    }
}

fn suppression_to_wire(suppression: Suppression) -> v1::Suppression {
    v1::Suppression {
        id: suppression.id,
        reason: suppression.reason,
        expires: suppression.expires.to_string(),
        lowered_from: suppression.lowered_from.map_or(0, |s| severity_to_wire(s) as i32),
        not_applied: suppression.not_applied.to_owned(),
        as_of: date_to_wire(suppression.as_of),
    }
}

/// One thing that speaks for or against a match.
pub fn evidence_to_wire(evidence: Evidence) -> v1::Evidence {
    v1::Evidence { name: evidence.kind.as_str().to_owned(), points: evidence.points, detail: evidence.detail }
}

fn span_to_wire(span: Span) -> v1::Span {
    v1::Span { start: span.start, end: span.end, text: span.text }
}

fn problem_to_wire(problem: Problem) -> v1::Problem {
    v1::Problem { field_path: problem.field_path, description: problem.description }
}

fn skipped_to_wire(skipped: SkippedRule) -> v1::SkippedRule {
    v1::SkippedRule { rule: skipped.rule.as_str().to_owned(), cause: skipped.cause.to_owned() }
}

fn reference_to_wire(reference: EntryReference) -> v1::EntryReference {
    v1::EntryReference {
        list: reference.list.as_str().to_owned(),
        id: reference.id,
        name: reference.name,
        kind: entry_kind_to_wire(reference.kind) as i32,
        effect: effect_to_wire(reference.effect) as i32,
        list_title: reference.list_title,
    }
}

/// The outcome as the protocol has it.
pub fn outcome_to_wire(outcome: Outcome) -> v1::screening::Outcome {
    use v1::screening::Outcome as W;
    match outcome {
        Outcome::NoFinding => W::NoFinding,
        Outcome::Review => W::Review,
        Outcome::Hold => W::Hold,
        Outcome::Refused => W::Refused,
    }
}

/// The reason of a finding as the protocol has it.
pub fn reason_to_wire(reason: Reason) -> v1::finding::Reason {
    use v1::finding::Reason as W;
    match reason {
        Reason::PartyListed => W::PartyListed,
        Reason::PartyListedWeak => W::PartyListedWeak,
        Reason::PartyIdentifier => W::PartyIdentifier,
        Reason::PartyWatch => W::PartyWatch,
        Reason::TextListed => W::TextListed,
        Reason::GoodsBrand => W::GoodsBrand,
        Reason::GoodsVague => W::GoodsVague,
        Reason::GoodsInvalidText => W::GoodsInvalidText,
        Reason::GoodsHsPriority => W::GoodsHsPriority,
        Reason::GoodsHsUav => W::GoodsHsUav,
        Reason::GoodsCodeConflict => W::GoodsCodeConflict,
        Reason::GoodsModel => W::GoodsModel,
        Reason::RouteEmbargo => W::RouteEmbargo,
        Reason::RouteTransshipment => W::RouteTransshipment,
        Reason::RouteDetour => W::RouteDetour,
        Reason::RouteListedPlace => W::RouteListedPlace,
        Reason::RoleForwarderFinal => W::RoleForwarderFinal,
        Reason::RoleBankConsignee => W::RoleBankConsignee,
        Reason::RoleToOrder => W::RoleToOrder,
        Reason::RoleMissing => W::RoleMissing,
        Reason::RoleDisputed => W::RoleDisputed,
        Reason::PartyPlaceholder => W::PartyPlaceholder,
        Reason::PartyAddress => W::PartyAddress,
        Reason::PartyOwnership => W::PartyOwnership,
        Reason::ReexportClauseMissing => W::ReexportClauseMissing,
        Reason::ListStale => W::ListStale,
        Reason::Combination => W::Combination,
        Reason::AttestedRedFlag => W::AttestedRedFlag,
    }
}

/// The severity of a finding as the protocol has it.
pub fn severity_to_wire(severity: Severity) -> v1::finding::Severity {
    use v1::finding::Severity as W;
    match severity {
        Severity::Info => W::Info,
        Severity::Low => W::Low,
        Severity::Medium => W::Medium,
        Severity::High => W::High,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::entry::{Effect, EntryKind, ListId};
    use model::finding::{EvidenceKind, Oldest, Score};

    #[test]
    fn outcomes_reasons_and_severities_keep_their_names() {
        for (number, outcome) in (1..).zip(Outcome::ALL) {
            let wire = outcome_to_wire(outcome);
            assert_eq!((wire as i32, wire.as_str_name()), (number, outcome.as_str()));
        }
        for (number, reason) in (1..).zip(Reason::ALL) {
            let wire = reason_to_wire(reason);
            assert_eq!((wire as i32, wire.as_str_name()), (number, reason.as_str()));
        }
        for (number, severity) in (1..).zip(Severity::ALL.into_iter().rev()) {
            assert_eq!(severity_to_wire(severity) as i32, number);
        }
        // A value added to the protocol must be given a counterpart here.
        assert!(v1::screening::Outcome::try_from(5).is_err());
        assert!(v1::finding::Reason::try_from(Reason::ALL.len() as i32 + 1).is_err());
        assert!(v1::finding::Severity::try_from(5).is_err());
    }

    /// The JSON form is a contract: every field is written, empty lists and texts included.
    #[test]
    fn the_json_form_writes_every_field() {
        let finding = Finding {
            reason: Reason::PartyListed,
            severity: Severity::High,
            score: Score::FULL,
            field_path: "parties[0].name".into(),
            spans: vec![Span { start: 0, end: 3, text: "DJI".into() }],
            entry: Some(EntryReference {
                list: ListId::new("us-bis-el"),
                list_title: "Entity List".into(),
                id: "7".into(),
                name: "SZ DJI Technology Co., Ltd.".into(),
                kind: EntryKind::Company,
                effect: Effect::Licence,
            }),
            matched_name: "DJI".into(),
            citations: vec!["85 FR 83416".into()],
            licence_requirement: "All items".into(),
            licence_policy: String::new(),
            effective: Some(jiff::civil::date(2020, 12, 18)),
            published: None,
            evidence: vec![Evidence { kind: EvidenceKind::Typo, points: -10, detail: "DJ1".into() }],
            explanation: "It is.".into(),
            is_shadow: false,
            suppressions: vec![Suppression {
                id: "a".into(),
                reason: "b".into(),
                expires: jiff::civil::date(2027, 1, 1),
                lowered_from: Some(Severity::High),
                not_applied: "",
                as_of: Some(jiff::civil::date(2026, 11, 29)),
            }],
            also_listed: vec![],
        };
        let screening = Screening {
            reference: "r1".into(),
            outcome: Outcome::Hold,
            findings: vec![finding],
            problems: vec![],
            rules_run: vec![Reason::PartyListed],
            rules_skipped: vec![SkippedRule { rule: Reason::GoodsBrand, cause: "no goods" }],
            cells: vec![],
            limits_reached: vec![],
            snapshot: "sha256:1".into(),
            policy: "sha256:2".into(),
            engine: "tidewaiter 0".into(),
            summary: "Hold: it is.".into(),
            suppressors: "sha256:3".into(),
            ownership: String::new(),
            lists_used: vec![],
            lists: ListsInForce {
                count: 2,
                entries: 9,
                oldest: Some(Oldest { since: jiff::civil::date(2026, 11, 22), days: 7 }),
            },
        };
        let json = serde_json::to_string(&screening_to_wire(screening.clone())).unwrap();
        let expected = concat!(
            r#"{"reference":"r1","outcome":"HOLD","findings":[{"reason":"PARTY_LISTED","severity":"HIGH","score":1000,"#,
            r#""fieldPath":"parties[0].name","spans":[{"start":0,"end":3,"text":"DJI"}],"#,
            r#""entry":{"list":"us-bis-el","id":"7","name":"SZ DJI Technology Co., Ltd.","kind":"COMPANY","#,
            r#""effect":"LICENCE","listTitle":"Entity List"},"matchedName":"DJI","citations":["85 FR 83416"],"#,
            r#""licenceRequirement":"All items","licencePolicy":"","effective":"2020-12-18","published":"","#,
            r#""evidence":[{"name":"typo","points":-10,"detail":"DJ1"}],"explanation":"It is.","alsoListed":[],"#,
            r#""isShadow":false,"suppressions":[{"id":"a","reason":"b","expires":"2027-01-01","loweredFrom":"HIGH","#,
            r#""notApplied":"","asOf":"2026-11-29"}]}],"problems":[],"#,
            r#""rulesRun":["PARTY_LISTED"],"rulesSkipped":[{"rule":"GOODS_BRAND","cause":"no goods"}],"cells":[],"#,
            r#""limitsReached":[],"snapshot":"sha256:1","policy":"sha256:2","engine":"tidewaiter 0","listsUsed":[],"#,
            r#""summary":"Hold: it is.","suppressors":"sha256:3","ownership":"","#,
            r#""lists":{"count":2,"entries":9,"oldest":"2026-11-22","oldestDays":7,"each":[]}}"#,
        );
        assert_eq!(json, expected);

        let bare = Screening { outcome: Outcome::NoFinding, findings: vec![], rules_run: vec![], ..screening };
        let json = serde_json::to_string(&screening_to_wire(bare)).unwrap();
        assert!(json.contains(r#""outcome":"NO_FINDING","findings":[],"problems":[],"rulesRun":[]"#), "{json}");
    }
}
