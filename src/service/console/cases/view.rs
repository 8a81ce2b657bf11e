//! The page of one case: side by side, what was decided, what happened, and what this person may do.

use super::chosen::Chosen;
use super::queue::{belongs, named, notice};
use super::{history, say, sides};
use crate::service::console::visit::Visit;
use crate::service::console::words::{self, shown};
use crate::service::console::{answer, desk::html, route};
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::ledger::{ask, today};
use crate::service::web::query::Query;
use crate::wording::{counted, grouped};
use ::console::{CasePage, Choice, Decided, DecisionChoice, Fact, RecordLink, Shell, Tab, Work};
use ::ledger::case::{Case, Decision, State};
use ::ledger::index::{CaseQuery, Event};
use ::ledger::settings::Decisions;
use ::ledger::{Error, Ledger, Result as LedgerResult};
use axum::extract::Path;
use axum::response::Response;
use current::Loaded;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use model::entry::Entry;
use std::sync::Arc;

/// Alerts that are named.
const ALERTS: usize = 25;

/// The page.
pub(in crate::service::console) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    visit.needs(Scope::Ledger)?;
    Ok(html(&model(&visit, id, Said::default()).await?))
}

/// What a page says beside the case: why a step was not taken, and what was typed for it.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) fault: String,
    pub(super) changed: Vec<String>,
    pub(super) typed: Query,
}

/// What the page of a case shows.
pub(super) async fn model(visit: &Visit, id: String, said: Said) -> Result<CasePage, Failure> {
    let looks = Looks {
        chosen: Chosen::of(&visit.query)?,
        person: visit.person().to_owned(),
        may_work: visit.may(Scope::Decide),
        may_approve: visit.session.role.may_approve(),
        has_accounts: !visit.console.is_open(),
        record: visit.query.parsed("record", "a number")?,
        done: visit.query.text("done").to_owned(),
        shell: visit.shell(Tab::Cases),
        loaded: visit.console.web.shared.in_force()?,
        said,
    };
    let asked = id.clone();
    let found = ask(&visit.console.web.shared, move |ledger| match ledger.case(&asked) {
        Ok((case, events, alerts)) => looks.page(ledger, case, &events, &alerts).map(Some),
        // The id is wrong; everything else is a fault.
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    });
    found.await?.ok_or_else(|| Failure::RecordNotFound("there is no such case".to_owned()))
}

/// Who looks, from where, and at what.
struct Looks {
    chosen: Chosen,
    person: String,
    may_work: bool,
    may_approve: bool,
    has_accounts: bool,
    record: Option<u64>,
    done: String,
    shell: Shell,
    loaded: Arc<Loaded>,
    said: Said,
}

impl Looks {
    fn page(self, ledger: &Ledger, case: Case, events: &[Event], alerts: &[u64]) -> LedgerResult<CasePage> {
        let (today, now) = (today(), Timestamp::now());
        let (earlier, later) = neighbours(ledger, &case.id, &self.chosen, &self.person, today)?;
        let engine = self.loaded.engine();
        let entry = engine.snapshot().entry(Some(&case.list), &case.entry);
        let number = self.record.filter(|number| alerts.contains(number)).unwrap_or(case.last);
        let mut page = CasePage {
            action: self.chosen.case_url(&case.id),
            attach: format!("/console/cases/{}/files", case.id),
            party: named(&case.party, &case.id),
            entry: shown(&case.entry_name),
            entry_url: entry.map(|_| words::entry_url(&case.list, &case.entry)).unwrap_or_default(),
            state: say::state(case.state),
            facts: facts(ledger, &case, today, now),
            is_late: case.state != State::Closed && case.due < today,
            why: if case.state == State::Closed { String::new() } else { shown(&say::sentence(&case.why)) },
            notice: notice(ledger, &self.done),
            back: self.chosen.behind(self.chosen.at / super::chosen::PAGE * super::chosen::PAGE).queue_url(),
            earlier,
            later,
            sides: Vec::new(),
            findings: Vec::new(),
            lost: String::new(),
            shown: String::new(),
            map: None,
            sent: Vec::new(),
            records: alerts.iter().rev().take(ALERTS).map(|&n| self.link(ledger, &case.id, n, n == number)).collect(),
            more_records: more(alerts.len(), ALERTS, "older alert", "older alerts"),
            history: history::history(ledger, &case.id, events),
            more_history: more(events.len(), history::MOST, "older event", "older events"),
            decided: case.decided.as_ref().map(decided),
            work: self.work(&case, &ledger.settings().decisions, today),
            fault: self.said.fault.clone(),
            changed: self.said.changed.iter().map(|c| shown(c)).collect(),
            id: case.id.clone(),
            shell: self.shell.clone(),
        };
        self.add_record(ledger, &case, entry, number, &mut page)?;
        Ok(page)
    }

    /// Adds the alert that is shown: what was sent beside what is listed, what was found, and the whole record.
    fn add_record(
        &self,
        ledger: &Ledger,
        case: &Case,
        entry: Option<&Entry>,
        number: u64,
        page: &mut CasePage,
    ) -> LedgerResult<()> {
        let engine = self.loaded.engine();
        match ledger.show(number) {
            Ok(record) => {
                let found = record.answer.findings.iter().filter(|f| belongs(case, f));
                let found: Vec<_> = found.collect();
                if let Some(first) = found.first().filter(|_| !case.entry.is_empty()) {
                    page.sides = sides::sides(engine, &record.request, first, entry);
                }
                page.findings = found.iter().map(|f| answer::finding(&record.request, f)).collect();
                if found.is_empty() {
                    page.lost = "This record has no finding of the case: it was found by a change of the lists. \
                                 Screen the party again to compare it."
                        .to_owned();
                }
                page.map = route::map(engine, &record.request);
                page.sent = history::sent(&record.request);
                let caller =
                    if record.caller.is_empty() { String::new() } else { format!(", by {}", shown(&record.caller)) };
                page.shown = format!("Record {number} of {}{caller}.", say::minute(record.time));
            }
            Err(Error::Erased { .. }) => {
                page.lost = "This record was erased; its time to be kept has passed.".to_owned()
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn link(&self, ledger: &Ledger, id: &str, number: u64, is_here: bool) -> RecordLink {
        let url = format!("{}&record={number}", self.chosen.case_url(id));
        let time = ledger.time_of(number).map(say::minute).unwrap_or_default();
        RecordLink { url, number, time, is_here }
    }

    /// What this person may do with the case.
    fn work(&self, case: &Case, rules: &Decisions, today: Date) -> Work {
        let typed = &self.said.typed;
        let decided_by = case.decided.as_ref().map(|d| d.by.as_str()).filter(|_| case.state == State::Pending);
        let is_open = matches!(case.state, State::Open | State::Escalated);
        let choice = |(at, ruled): (usize, Decision)| {
            let (label, meaning) = say::decision(ruled);
            DecisionChoice {
                value: ruled.as_str().to_owned(),
                label: label.to_owned(),
                meaning: meaning.to_owned(),
                key: at,
                is_chosen: typed.text("decision") == ruled.as_str(),
            }
        };
        let reason = |word: &String| Choice {
            value: word.clone(),
            label: say::reason(word),
            is_chosen: typed.text("reason") == word,
        };
        let latest = today.saturating_add(i64::from(rules.exception_days).days());
        let may_approve = self.may_approve && decided_by.is_some_and(|by| by != self.person);
        Work {
            revision: case.revision,
            may_work: self.may_work && case.state != State::Closed,
            may_decide: self.may_work && is_open,
            may_approve,
            waits: decided_by.filter(|_| !may_approve).map(|by| self.waits(by)).unwrap_or_default(),
            may_reopen: self.may_work && case.state == State::Closed,
            is_mine: case.assignee == self.person,
            decisions: (1..).zip(Decision::ALL).map(choice).collect(),
            reasons: rules.reasons.iter().map(reason).collect(),
            note: typed.text("note").to_owned(),
            until: typed.text("until").to_owned(),
            days: (today.to_string(), latest.to_string()),
            may_except: !case.entry.is_empty(),
            second: second(rules),
            alerts: match case.alerts {
                1 => "This decides the one alert of this case.".to_owned(),
                n => format!("This decides all {} alerts of this case.", grouped(n)),
            },
            due: case.due.to_string(),
        }
    }

    /// Why this person cannot approve.
    fn waits(&self, by: &str) -> String {
        if !self.has_accounts {
            "It waits for a second person. Where nobody signs in there is none: give the console accounts.".to_owned()
        } else if by == self.person {
            "It waits for a second person with the role approver. You decided it.".to_owned()
        } else {
            "It waits for a second person with the role approver.".to_owned()
        }
    }
}

/// What needs a second person, in a sentence.
fn second(rules: &Decisions) -> String {
    let word = |word: &String| match word.as_str() {
        "exception" => "an exception".to_owned(),
        other => Decision::parse(other).map_or_else(String::new, |d| say::decision(d).0.to_lowercase()),
    };
    let words: Vec<String> = rules.second_person.iter().map(word).filter(|w| !w.is_empty()).collect();
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => format!("A second person must approve {only}."),
        Some((last, rest)) => format!("A second person must approve {} and {last}.", rest.join(", ")),
    }
}

fn facts(ledger: &Ledger, case: &Case, today: Date, now: Timestamp) -> Vec<Fact> {
    let opened = ledger.time_of(case.opened).map(|then| format!("{} ago", say::age(then, now))).unwrap_or_default();
    let fact = |label: &str, value: String| Fact { label: label.to_owned(), value };
    let all = [
        fact("Case", case.id.clone()),
        fact("Due", format!("{}, {}", case.due, say::until(case.due, today))),
        fact("Opened", opened),
        fact("Alerts", grouped(case.alerts)),
        fact("Queue", shown(&case.queue)),
        fact("Assigned to", if case.assignee.is_empty() { "nobody".to_owned() } else { shown(&case.assignee) }),
    ];
    all.into_iter().filter(|f| !f.value.is_empty() && (f.label != "Due" || case.state != State::Closed)).collect()
}

fn decided(decided: &::ledger::case::Decided) -> Decided {
    Decided {
        decision: say::decision(decided.decision).0.to_owned(),
        reason: say::reason(&decided.reason),
        by: shown(&decided.by),
        approved_by: shown(&decided.approved_by),
        until: decided.exception.as_ref().map(|e| e.expires.to_string()).unwrap_or_default(),
    }
}

fn more(all: usize, shown: usize, one: &str, many: &str) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        rest => format!("{} more.", counted(rest as u64, one, many)),
    }
}

/// The pages of the cases before and behind this one in the queue it was opened from. Where this one has left the queue,
/// the one that took its place is behind it.
pub(super) fn neighbours(
    ledger: &Ledger,
    id: &str,
    chosen: &Chosen,
    person: &str,
    today: Date,
) -> LedgerResult<(String, String)> {
    let from = chosen.at.saturating_sub(1);
    let query = CaseQuery { limit: 3, ..chosen.query(person, today) };
    let cases = ledger.cases_from(&query, from)?;
    let url = |at: usize| cases.get(at).map(|case| chosen.behind(from + at).case_url(&case.id)).unwrap_or_default();
    Ok(match cases.iter().position(|case| case.id == id) {
        Some(0) => (String::new(), url(1)),
        Some(at) => (url(at - 1), url(at + 1)),
        None if chosen.at > 0 => (url(0), url(1)),
        None => (String::new(), url(0)),
    })
}
