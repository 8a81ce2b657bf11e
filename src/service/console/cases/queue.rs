//! The page Cases: what waits, those that are due first.

use super::chosen::{Chosen, PAGE};
use super::say;
use crate::service::console::answer::severity;
use crate::service::console::desk::html;
use crate::service::console::form::Sent;
use crate::service::console::visit::Visit;
use crate::service::console::way::redirect;
use crate::service::console::words::shown;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::ledger::{ask, today};
use crate::service::web::query::Query;
use crate::wording::{counted, grouped};
use ::console::{CaseRow, Choice, Filter, QueuePage, StateLink, Tab};
use ::ledger::case::{Case, State};
use ::ledger::index::CaseQuery;
use ::ledger::{Ledger, Result as LedgerResult};
use axum::response::Response;
use jiff::Timestamp;
use wire::v1;

/// Characters of what is looked for; names have a few hundred at most.
const LONGEST: usize = 1000;

/// The page.
pub(in crate::service::console) async fn page(visit: Visit) -> Result<Response, Failure> {
    visit.needs(Scope::Ledger)?;
    let chosen = Chosen::of(&visit.query)?;
    let (asked, person) = (chosen.clone(), visit.person().to_owned());
    let done = visit.query.text("done").to_owned();
    let found = ask(&visit.console.web.shared, move |ledger| {
        let query = asked.query(&person, today());
        let counts = ledger.case_counts(&query)?;
        let rows = ledger.cases_from(&query, asked.at)?;
        let rows = (asked.at..).zip(&rows).map(|(at, case)| row(ledger, case, &asked.behind(at)));
        Ok((counts, rows.collect::<Vec<_>>(), queues(ledger), notice(ledger, &done)))
    });
    let (counts, rows, queues, notice) = found.await?;
    let (total, last) = (in_state(&counts, chosen.state), chosen.at + rows.len());
    Ok(html(&QueuePage {
        notice,
        states: states(&counts, &chosen, true),
        filters: filters(&visit, &chosen, queues),
        state: chosen.state_word().to_owned(),
        find: String::new(),
        is_filtered: chosen.is_filtered(),
        range: format!("{} to {} of {}", grouped(chosen.at as u64 + 1), grouped(last as u64), grouped(total)),
        earlier: if chosen.at > 0 { chosen.behind(chosen.at.saturating_sub(PAGE)).queue_url() } else { String::new() },
        later: if (last as u64) < total { chosen.behind(last).queue_url() } else { String::new() },
        rows,
        shell: visit.shell(Tab::Cases),
    }))
}

/// The page with the cases, in any state, of the shipment with this reference, or else of parties with this in their names.
pub(in crate::service::console) async fn find(Sent { visit, fields }: Sent) -> Result<Response, Failure> {
    visit.needs(Scope::Ledger)?;
    let find: String = fields.text("find").trim().chars().take(LONGEST).collect();
    let chosen = Chosen::of(&Query::default())?;
    if find.is_empty() {
        return Ok(redirect(&chosen.queue_url()));
    }
    let (asked, sought) = (chosen.clone(), find.clone());
    let found = ask(&visit.console.web.shared, move |ledger| {
        let any = CaseQuery { limit: PAGE, ..CaseQuery::default() };
        let mut query = CaseQuery { reference: sought.clone(), ..any.clone() };
        let mut cases = ledger.cases(&query)?;
        if cases.is_empty() {
            query = CaseQuery { party: sought, ..any.clone() };
            cases = ledger.cases(&query)?;
        }
        let total = in_state(&ledger.case_counts(&query)?, None);
        let rows = cases.iter().map(|case| row(ledger, case, &asked));
        Ok((total, rows.collect::<Vec<_>>(), ledger.case_counts(&any)?, queues(ledger)))
    });
    let (total, rows, counts, queues) = found.await?;
    let is_whole = total == rows.len() as u64;
    Ok(html(&QueuePage {
        notice: String::new(),
        states: states(&counts, &chosen, false),
        filters: filters(&visit, &chosen, queues),
        state: chosen.state_word().to_owned(),
        find,
        is_filtered: false,
        range: if is_whole {
            counted(total, "case in any state", "cases in any state")
        } else {
            format!("the first {} of {}; more of the name finds fewer", grouped(rows.len() as u64), grouped(total))
        },
        earlier: String::new(),
        later: String::new(),
        rows,
        shell: visit.shell(Tab::Cases),
    }))
}

/// The queues that the settings name.
fn queues(ledger: &Ledger) -> Vec<String> {
    let settings = ledger.settings();
    settings.decisions.queue.iter().map(|q| q.name.clone()).chain(["default".to_owned()]).collect()
}

/// How many cases there are in a state; `None`: in any.
fn in_state(counts: &[(State, u64)], state: Option<State>) -> u64 {
    counts.iter().filter(|(of, _)| state.is_none_or(|state| state == *of)).map(|(_, n)| n).sum()
}

/// The states with their counts; the one that is chosen stands out where its cases are shown.
fn states(counts: &[(State, u64)], chosen: &Chosen, is_shown: bool) -> Vec<StateLink> {
    let link = |state: Option<State>| StateLink {
        label: state.map_or("All", |s| say::state(s).label()).to_owned(),
        count: grouped(in_state(counts, state)),
        url: chosen.in_state(state).queue_url(),
        is_here: is_shown && state == chosen.state,
    };
    State::ALL.map(Some).into_iter().chain([None]).map(link).collect()
}

/// What was just done to a case; empty when there is no such case.
pub(super) fn notice(ledger: &Ledger, id: &str) -> String {
    let Some(case) = (!id.is_empty()).then(|| ledger.case(id).ok()).flatten().map(|(case, ..)| case) else {
        return String::new();
    };
    let of = |case: &Case| case.decided.as_ref().map_or("", |d| say::decision(d.decision).0).to_lowercase();
    match case.state {
        State::Closed => format!("{} is decided: {}.", shown(&case.party), of(&case)),
        State::Pending => format!("{} waits for a second person: {}.", shown(&case.party), of(&case)),
        State::Escalated => format!("{} is escalated.", shown(&case.party)),
        State::Open => format!("{} is open.", shown(&case.party)),
    }
}

fn filters(visit: &Visit, chosen: &Chosen, queues: Vec<String>) -> Vec<Filter> {
    let choice = |value: &str, label: &str, is_chosen: bool| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        is_chosen,
    };
    let any = choice("", "any", false);
    let queue = |name: &String| choice(name, name, *name == chosen.queue);
    let mut filters = vec![
        Filter {
            name: "mine",
            label: "Assigned to",
            options: vec![choice("", "anybody", false), choice("1", "me", chosen.mine)],
        },
        Filter { name: "late", label: "Due", options: vec![any.clone(), choice("1", "late", chosen.late)] },
    ];
    if let Some(loaded) = visit.console.web.shared.current.load() {
        let lists = loaded.engine().snapshot().lists().iter();
        let lists = lists.map(|list| choice(list.id.as_str(), &list.title, list.id.as_str() == chosen.list));
        filters.push(Filter { name: "list", label: "List", options: [any.clone()].into_iter().chain(lists).collect() });
    }
    if queues.len() > 1 {
        let queues = queues.iter().map(queue);
        filters.push(Filter { name: "queue", label: "Queue", options: [any].into_iter().chain(queues).collect() });
    }
    filters
}

/// One row. What its last alert says is left out where it cannot be read: the page of the case says why.
fn row(ledger: &Ledger, case: &Case, place: &Chosen) -> CaseRow {
    let now = Timestamp::now();
    let finding = last_finding(ledger, case).ok().flatten();
    let is_open = case.state != State::Closed;
    CaseRow {
        url: place.case_url(&case.id),
        party: named(&case.party, &case.id),
        entry: shown(&case.entry_name),
        list: case.list.clone(),
        severity: finding.as_ref().map(severity),
        score: finding.filter(|_| !case.entry.is_empty()).map(|f| f.score.to_string()).unwrap_or_default(),
        alerts: grouped(case.alerts),
        due: case.due.to_string(),
        is_late: is_open && case.due < today(),
        age: ledger.time_of(case.opened).map(|then| say::age(then, now)).unwrap_or_default(),
        state: say::state(case.state),
        assignee: shown(&case.assignee),
        why: shown(&say::sentence(&case.why)),
    }
}

/// The name of a party, or what stands for one that has none.
pub(super) fn named(party: &str, id: &str) -> String {
    if wire::is_blank(party) { format!("Case {id}") } else { shown(party) }
}

/// The strongest finding of the last alert that belongs to the case.
fn last_finding(ledger: &Ledger, case: &Case) -> LedgerResult<Option<v1::Finding>> {
    let shown = ledger.show(case.last)?;
    Ok(shown.answer.findings.into_iter().filter(|f| belongs(case, f)).max_by_key(|f| (f.severity, f.score)))
}

/// Whether a finding belongs to a case.
pub(super) fn belongs(case: &Case, finding: &v1::Finding) -> bool {
    match &finding.entry {
        Some(entry) => entry.list == case.list && entry.id == case.entry,
        None => case.entry.is_empty() && finding.severity() > v1::finding::Severity::Info,
    }
}
