//! Lists that are older than they may be: no screening against them is clear.

use super::Engine;
use crate::explain;
use crate::policy::Mode;
use model::finding::{Evidence, EvidenceKind, Finding, Outcome, Reason, Score, Screening, Severity, StaleList};

impl Engine {
    /// Adds what must be said of lists that are older than they may be. The engine has no clock: who calls it knows
    /// the ages. A record that was refused stays refused.
    pub fn add_stale(&self, screening: &mut Screening, stale: &[StaleList]) {
        if !self.policy.is_on(Reason::ListStale) || screening.outcome == Outcome::Refused {
            return;
        }
        if !screening.rules_run.contains(&Reason::ListStale) {
            screening.rules_run.push(Reason::ListStale);
        }
        let findings = stale.iter().map(|list| Finding {
            evidence: vec![Evidence {
                kind: EvidenceKind::ListAge,
                points: 0,
                detail: format!(
                    "{} hours old, {} allowed",
                    list.age_hours.map_or_else(|| "unknown".to_owned(), |h| h.to_string()),
                    list.limit_hours
                ),
            }],
            matched_name: list.list.as_str().to_owned(),
            explanation: explain::stale(list),
            is_shadow: self.policy.mode(Reason::ListStale) == Mode::Shadow,
            ..blank()
        });
        let before = screening.findings.len();
        screening.findings.extend(findings);
        let added = screening.findings[before..].iter().map(|f| self.policy.outcome_of(f)).max();
        screening.outcome = added.map_or(screening.outcome, |added| screening.outcome.max(added));
        screening.findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
    }
}

/// A finding of this kind that says nothing yet.
fn blank() -> Finding {
    Finding {
        reason: Reason::ListStale,
        severity: Severity::Medium,
        score: Score::FULL,
        field_path: String::new(),
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
