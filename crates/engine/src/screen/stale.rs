//! Lists that are older than they may be: no screening against them is clear.

use crate::fact::{Fact, Found};
use crate::place::Place;
use crate::policy::{Mode, Policy};
use model::finding::{Evidence, EvidenceKind, Finding, Reason, Severity, StaleList};

/// One finding for each of these lists, in their order; notes that the rule ran.
pub(super) fn found(policy: &Policy, stale: &[StaleList], rules_run: &mut Vec<Reason>) -> Vec<Found> {
    if !policy.is_on(Reason::ListStale) {
        return Vec::new();
    }
    rules_run.push(Reason::ListStale);
    let is_shadow = policy.mode(Reason::ListStale) == Mode::Shadow;
    let finding = |list: &StaleList| {
        let age = list.age_hours.map_or_else(|| "unknown".to_owned(), |hours| hours.to_string());
        let detail = format!("{age} hours old, {} allowed", list.limit_hours);
        Finding {
            evidence: vec![Evidence::new(EvidenceKind::ListAge, 0, detail)],
            matched_name: list.list.as_str().to_owned(),
            is_shadow,
            ..Finding::new(Reason::ListStale, Severity::Medium, "")
        }
    };
    let found =
        stale.iter().map(|list| Found { place: Place::Lists, finding: finding(list), fact: Fact::Stale(list.clone()) });
    found.collect()
}
