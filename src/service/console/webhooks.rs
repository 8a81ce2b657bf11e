//! The page Webhooks: who is told, and what could not be delivered; sending that again.

use super::desk::html;
use super::form::Sent;
use super::visit::Visit;
use super::way::redirect;
use super::words::shown;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::webhooks::{Board, Delivery, Notifier, TargetBoard};
use crate::wording::{counted, grouped};
use ::console::{DeadRow, Tab, TargetRow, WebhooksPage};
use axum::response::Response;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The page.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    visit.needs(Scope::Admin)?;
    show(&visit, String::new()).await
}

/// Sends a dead letter again.
pub(super) async fn revive(Sent { visit, fields }: Sent) -> Result<Response, Failure> {
    visit.needs(Scope::Admin)?;
    let (notifier, id) = (notifier(&visit)?, fields.text("id").to_owned());
    let revived = tokio::task::spawn_blocking(move || notifier.revive(&id)).await.map_err(|_| Failure::Panicked)?;
    match revived {
        Ok(()) => Ok(redirect("/console/webhooks")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            show(&visit, "This delivery is no dead letter any more.".to_owned()).await
        }
        Err(error) => {
            tracing::error!(%error, "a dead letter of the webhooks could not be sent again");
            show(&visit, "It could not be sent again; the log says why.".to_owned()).await
        }
    }
}

fn notifier(visit: &Visit) -> Result<Arc<Notifier>, Failure> {
    visit.console.web.shared.notifier.get().cloned().ok_or(Failure::PathUnknown)
}

async fn show(visit: &Visit, fault: String) -> Result<Response, Failure> {
    let notifier = notifier(visit)?;
    let board = tokio::task::spawn_blocking(move || notifier.board()).await.map_err(|_| Failure::Panicked)?;
    let board = board.unwrap_or_else(|error| {
        tracing::error!(%error, "the queue of the webhooks could not be read");
        Board::default()
    });
    let lost = match board.lost {
        0 => String::new(),
        n => format!(" {} could not even be written into the queue.", counted(n, "event", "events")),
    };
    Ok(html(&WebhooksPage {
        totals: format!("{}.{lost}", counted(board.all_dead as u64, "delivery", "deliveries")),
        targets: board.targets.iter().map(target).collect(),
        dead: board.dead.iter().map(dead).collect(),
        shell: visit.shell(Tab::Other),
        fault,
    }))
}

fn target(of: &TargetBoard) -> TargetRow {
    let events = of.events.iter().map(|e| serde_json::to_value(e).unwrap_or_default());
    let events: Vec<String> = events.map(|e| e.as_str().unwrap_or_default().to_owned()).collect();
    TargetRow {
        name: of.name.clone(),
        url: shown(&of.url),
        events: events.join(", "),
        pending: grouped(of.pending as u64),
    }
}

fn dead(of: &Delivery) -> DeadRow {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for event in &of.events {
        *kinds.entry(event.get("type").and_then(Value::as_str).unwrap_or("unknown")).or_default() += 1;
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, n)| format!("{kind} {n}")).collect();
    DeadRow {
        id: of.id.clone(),
        target: shown(&of.target),
        created: super::lists::minute(&of.created.to_string()),
        attempts: of.attempts,
        last: shown(&of.last),
        events: kinds.join(", "),
    }
}
