//! What webhooks are told: alerts, decisions, changes of the lists, quarantine, staleness. Nothing of a shipment but its
//! reference.

use super::shared::Shared;
use crate::config::WebhookEvent;
use ::ledger::case::Case;
use current::Event;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use wire::v1;
use wire::v1::screening::Outcome;

impl Shared {
    /// Counts answers, and tells of those that ask for a person.
    pub(super) fn screened(&self, answers: &[v1::Screening]) {
        self.meters.screened(answers);
        let Some(notifier) = self.notifier.get() else { return };
        for answer in answers {
            if matches!(answer.outcome(), Outcome::Review | Outcome::Hold) {
                notifier.tell(WebhookEvent::Alert, alert(answer));
            }
        }
    }

    /// Tells of a step in a case.
    pub(super) fn stepped(&self, case: &Case) {
        if let Some(notifier) = self.notifier.get() {
            notifier.tell(WebhookEvent::Decision, decision(case));
        }
    }

    /// Tells of lists that have become stale since `known`, which is brought up to date.
    pub(super) fn grown_old(&self, known: &mut BTreeSet<String>) {
        let Some((notifier, loaded)) = self.notifier.get().zip(self.current.load()) else { return };
        let ages = self.ages(&loaded);
        let stale: BTreeSet<String> = ages.iter().filter(|a| a.is_stale).map(|a| a.list.clone()).collect();
        for age in ages.iter().filter(|a| a.is_stale && !known.contains(&a.list)) {
            let data = json!({
                "list": age.list, "since": age.since, "ageHours": age.age_hours, "limitHours": age.limit_hours,
            });
            notifier.tell(WebhookEvent::Stale, data);
        }
        *known = stale;
    }
}

/// Tells of what happens to the lists, until told to stop.
pub(super) async fn listen(shared: Arc<Shared>, stop: CancellationToken) {
    let mut events = shared.current.events();
    loop {
        let event = tokio::select! {
            event = events.recv() => event,
            () = stop.cancelled() => return,
        };
        let Some(notifier) = shared.notifier.get() else { continue };
        match event {
            Ok(Event::Changed { delta, .. }) => {
                let of = |list: &lists::ListDelta| {
                    let (added, removed, changed) = (list.added.len(), list.removed.len(), list.changed.len());
                    json!({ "list": list.list.as_str(), "added": added, "removed": removed, "changed": changed })
                };
                let lists: Vec<Value> = delta.lists.iter().map(of).collect();
                notifier.tell(WebhookEvent::List, json!({ "from": delta.from, "to": delta.to, "lists": lists }));
            }
            Ok(Event::Rescreened { from, to, counts, .. }) if counts.found > 0 => {
                let (found, shipments) = (counts.found, counts.shipments);
                let data = json!({ "from": from, "to": to, "found": found, "shipments": shipments });
                notifier.tell(WebhookEvent::Alert, json!({ "rescreened": data }));
            }
            Ok(Event::Quarantined { list, message, .. }) => {
                notifier.tell(WebhookEvent::Quarantine, json!({ "publication": list, "message": message }));
            }
            Ok(Event::Rescreened { .. } | Event::Failed { .. }) => {}
            Err(RecvError::Lagged(missed)) => {
                tracing::error!(webhook.events = missed, "webhooks were not told of some changes of the lists");
            }
            Err(RecvError::Closed) => return,
        }
    }
}

fn alert(answer: &v1::Screening) -> Value {
    let counted = || answer.findings.iter().filter(|f| f.severity() > v1::finding::Severity::Info && !f.is_shadow);
    let reasons: BTreeSet<&str> = counted().map(|f| f.reason().as_str_name()).collect();
    let entries: BTreeSet<(&str, &str)> =
        counted().filter_map(|f| f.entry.as_ref()).map(|e| (e.list.as_str(), e.id.as_str())).collect();
    let entries: Vec<Value> = entries.iter().map(|(list, id)| json!({ "list": list, "id": id })).collect();
    json!({
        "reference": answer.reference,
        "outcome": answer.outcome().as_str_name(),
        "reasons": reasons,
        "entries": entries,
        "snapshot": answer.snapshot,
    })
}

fn decision(case: &Case) -> Value {
    let decided = case.decided.as_ref();
    json!({
        "case": case.id,
        "revision": case.revision,
        "state": case.state.as_str(),
        "list": case.list,
        "entry": case.entry,
        "alerts": case.alerts,
        "assignee": case.assignee,
        "decision": decided.map(|d| d.decision.as_str()),
        "reason": decided.map(|d| d.reason.as_str()),
        "by": decided.map(|d| d.by.as_str()),
        "approvedBy": decided.map(|d| d.approved_by.as_str()).filter(|by| !by.is_empty()),
        "exceptionUntil": decided.and_then(|d| d.exception.as_ref()).map(|e| e.expires.to_string()),
    })
}
