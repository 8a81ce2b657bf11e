//! The page Lists: what is in force, how old it is, and what is kept out.

use super::desk::html;
use super::visit::Visit;
use super::words;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::questions;
use crate::wording::ages::{dated, duration};
use crate::wording::{counted, entries, grouped, names};
use ::console::{Fact, ListRow, ListsPage, PublicationRow, State as Standing, Tab};
use axum::response::Response;
use std::collections::BTreeSet;
use wire::v1;

/// The page.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    visit.needs(Scope::Lists)?;
    let status = questions::status(&visit.console.web.shared).await?;
    let totals = format!(
        "{} in {}, {}; {} of a party that another entry lists too. Loaded {}.",
        entries(status.entries.into()),
        counted(status.lists.iter().map(|l| &l.list).collect::<BTreeSet<_>>().len() as u64, "list", "lists"),
        names(status.names.into()),
        entries(status.linked.into()),
        minute(&status.loaded_at),
    );
    let faults = Some(status.last_failure.clone()).filter(|f| !f.is_empty()).into_iter().chain(status.missing.clone());
    let fact = |label: &str, value: &str| Fact { label: label.to_owned(), value: value.to_owned() };
    Ok(html(&ListsPage {
        shell: visit.shell(Tab::Lists),
        has_webhooks: visit.may(Scope::Admin) && visit.console.web.shared.notifier.get().is_some(),
        totals,
        lists: status.lists.iter().map(list).collect(),
        publications: status.publications.iter().map(publication).collect(),
        identity: vec![
            fact("Snapshot", &status.snapshot),
            fact("Policy", &status.policy),
            fact("Engine", &status.engine),
        ],
        faults: faults.map(|fault| words::shown(&fault)).collect(),
    }))
}

/// A time to the minute, UTC.
pub(super) fn minute(time: &str) -> String {
    time.get(..16).map(|at| format!("{} UTC", at.replace('T', " "))).unwrap_or_default()
}

fn list(list: &v1::ListStatus) -> ListRow {
    let age = list.age.as_ref();
    let state = match age {
        Some(age) if age.is_stale => Standing::Stale,
        Some(age) if age.is_old => Standing::Old,
        _ => Standing::Current,
    };
    let repairs: u64 = list.repairs.iter().map(|r| u64::from(r.count)).sum();
    let repaired = (repairs > 0).then(|| counted(repairs, "repair while reading", "repairs while reading"));
    let note = [Some(list.note.clone()).filter(|n| !n.is_empty()), repaired];
    let limit = |age: &v1::ListAge| match age.limit_hours {
        0 => String::new(),
        hours => format!(", may be {}", duration(hours)),
    };
    ListRow {
        id: list.list.clone(),
        title: list.title.clone(),
        publisher: list.publisher.clone(),
        entries: grouped(list.entries.into()),
        names: grouped(list.names.into()),
        published: list.published.clone(),
        age: age
            .filter(|a| !a.since.is_empty())
            .map(|a| duration(a.age_hours))
            .unwrap_or_else(|| "not known".to_owned()),
        basis: age.map(|a| format!("{}{}", dated(a), limit(a))).unwrap_or_default(),
        source: words::shown(&list.source),
        state,
        note: note.into_iter().flatten().collect::<Vec<_>>().join("; "),
    }
}

fn publication(of: &v1::PublicationStatus) -> PublicationRow {
    let (state, reason) = if !of.quarantined.is_empty() {
        (Standing::Quarantined, of.quarantined.clone())
    } else if of.failures > 0 {
        (
            Standing::Failing,
            format!("{} in a row: {}", counted(of.failures.into(), "failure", "failures"), of.last_failure),
        )
    } else if of.fetched_at.is_empty() {
        (Standing::Missing, String::new())
    } else {
        (Standing::Current, String::new())
    };
    PublicationRow {
        id: of.publication.clone(),
        lists: of.lists.join(", "),
        published: of.published.clone(),
        fetched: minute(&of.fetched_at),
        checked: minute(&of.checked_at),
        next: minute(&of.next_check),
        state,
        reason: words::shown(&reason),
    }
}
