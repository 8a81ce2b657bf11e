//! The page Exceptions: rulings that lower later alerts, those that end first.

use super::say;
use crate::service::console::desk::html;
use crate::service::console::visit::Visit;
use crate::service::console::words::shown;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::ledger::{ask, today};
use crate::wording::counted;
use ::console::{ExceptionRow, ExceptionsPage, Tab};
use ::ledger::case::{Case, Exception};
use axum::response::Response;
use jiff::civil::Date;

/// Exceptions of one page.
const PAGE: usize = 100;

/// Days before its end from which one is marked.
const NEAR: i32 = 14;

/// The page.
pub(in crate::service::console) async fn page(visit: Visit) -> Result<Response, Failure> {
    visit.needs(Scope::Ledger)?;
    let at: usize = visit.query.parsed("at", "a number")?.unwrap_or_default();
    let mut found = ask(&visit.console.web.shared, |ledger| ledger.exceptions()).await?;
    found.sort_by(|(a, of_a), (b, of_b)| (of_a.expires, &a.id).cmp(&(of_b.expires, &b.id)));
    let (total, today) = (found.len(), today());
    let rows: Vec<_> = found.iter().skip(at).take(PAGE).map(|(case, of)| row(case, of, today)).collect();
    let near = found.iter().filter(|(_, of)| days_to(of.expires, today) <= NEAR).count() as u64;
    let page = |at: usize| format!("/console/exceptions?at={at}");
    Ok(html(&ExceptionsPage {
        totals: format!(
            "{}, {near} of them within {NEAR} days of its end.",
            counted(total as u64, "exception", "exceptions")
        ),
        earlier: if at > 0 { page(at.saturating_sub(PAGE)) } else { String::new() },
        later: if at + rows.len() < total { page(at + rows.len()) } else { String::new() },
        rows,
        shell: visit.shell(Tab::Cases),
    }))
}

fn days_to(day: Date, today: Date) -> i32 {
    today.until(day).map(|span| span.get_days()).unwrap_or_default()
}

fn row(case: &Case, of: &Exception, today: Date) -> ExceptionRow {
    let decided = case.decided.as_ref();
    let by = decided.map_or_else(String::new, |d| match d.approved_by.as_str() {
        "" => shown(&d.by),
        second => format!("{}, approved by {}", shown(&d.by), shown(second)),
    });
    ExceptionRow {
        url: format!("/console/cases/{}?state=closed", case.id),
        party: shown(&of.party),
        role: of.role.replace('_', " "),
        entries: of.entries.iter().map(|bound| shown(&format!("{}/{}", bound.list, bound.id))).collect(),
        until: of.expires.to_string(),
        left: say::until(of.expires, today),
        is_near: days_to(of.expires, today) <= NEAR,
        reason: decided.map_or_else(String::new, |d| say::reason(&d.reason)),
        by,
    }
}
