//! The page Quality: alerts a day, decisions by reason, false positives by entry and by rule.

use super::cases::say;
use super::desk::html;
use super::visit::Visit;
use super::words::{self, shown};
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::ledger::{ask, today};
use crate::wording::{counted, grouped};
use ::console::{DayRow, QualityPage, ShareRow, Tab};
use ::ledger::case::{Case, Decided, Decision, State};
use ::ledger::index::{CaseQuery, Outcomes};
use ::ledger::{Ledger, Result as LedgerResult};
use axum::response::Response;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use wire::v1::finding::Reason;

/// Days that are shown.
const DAYS: usize = 30;
/// Entries and rules that are shown.
const MOST: usize = 20;
/// Closed cases that are looked at.
const CASES: usize = 100_000;

/// The page.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    visit.needs(Scope::Ledger)?;
    let found = ask(&visit.console.web.shared, |ledger| Ok((days(ledger, today())?, ruled(ledger)?)));
    let (days, ruled) = found.await?;
    let sum = |of: fn(&Outcomes) -> u64| days.iter().map(|(_, o)| of(o)).sum::<u64>();
    let alerts = sum(|o| o.review + o.hold);
    let most = days.iter().map(|(_, o)| o.review + o.hold).max().unwrap_or_default().max(1);
    Ok(html(&QualityPage {
        totals: format!(
            "{} of {} in {}.",
            counted(alerts, "alert", "alerts"),
            counted(sum(|o| o.screened), "screening", "screenings"),
            counted(days.len() as u64, "day", "days")
        ),
        days: days.iter().map(|(day, outcomes)| day_row(*day, outcomes, most)).collect(),
        decided: format!("Rests on {}.", counted(ruled.len() as u64, "closed case", "closed cases")),
        reasons: reasons(&ruled),
        entries: entries(&ruled),
        rules: rules(&ruled),
        shell: visit.shell(Tab::Quality),
    }))
}

/// The outcomes of the last days, the latest first; none of before the ledger began.
fn days(ledger: &Ledger, today: Date) -> LedgerResult<Vec<(Date, Outcomes)>> {
    let began = ledger.time_of(0)?.to_zoned(TimeZone::UTC).date();
    let shown = std::iter::successors(Some(today), |day| day.yesterday().ok().filter(|day| *day >= began));
    shown.take(DAYS).map(|day| Ok((day, ledger.outcomes(day)?))).collect()
}

fn day_row(day: Date, of: &Outcomes, most: u64) -> DayRow {
    let alerts = of.review + of.hold;
    DayRow {
        day: day.to_string(),
        screened: grouped(of.screened),
        review: grouped(of.review),
        hold: grouped(of.hold),
        rate: if of.screened == 0 {
            String::new()
        } else {
            format!("{:.1}", alerts as f64 * 1000.0 / of.screened as f64)
        },
        hold_bar: of.hold * 1000 / most,
        review_bar: of.review * 1000 / most,
    }
}

/// A closed case with what was decided, and the rules it rests on.
struct Ruled {
    case: Case,
    decided: Decided,
    rules: Vec<Reason>,
}

fn ruled(ledger: &Ledger) -> LedgerResult<Vec<Ruled>> {
    let closed = CaseQuery { state: State::Closed.as_str().to_owned(), limit: CASES, ..CaseQuery::default() };
    let mut rules: BTreeMap<String, Vec<Reason>> = BTreeMap::new();
    for (case, reason) in ledger.reasons_of_closed()? {
        rules.entry(case).or_default().push(reason);
    }
    let cases = ledger.cases(&closed)?.into_iter();
    Ok(cases
        .filter_map(|case| {
            let decided = case.decided.clone()?;
            let rules = rules.remove(&case.id).unwrap_or_default();
            Some(Ruled { case, decided, rules })
        })
        .collect())
}

fn percent(part: u64, whole: u64) -> String {
    (part * 100 + whole / 2).checked_div(whole).map_or_else(String::new, |share| format!("{share} %"))
}

fn reasons(ruled: &[Ruled]) -> Vec<ShareRow> {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for Ruled { decided, .. } in ruled {
        *counts.entry((decided.decision.as_str(), &decided.reason)).or_default() += 1;
    }
    let whole = ruled.len() as u64;
    let mut rows: Vec<(u64, ShareRow)> = Vec::new();
    for ((decision, reason), n) in counts {
        let label = Decision::parse(decision).map_or("", |d| say::decision(d).0).to_owned();
        let (share, bar) = (percent(n, whole), n * 1000 / whole.max(1));
        let (count, detail) = (grouped(n), say::reason(reason));
        rows.push((n, ShareRow { label, detail, url: String::new(), count, of: String::new(), share, bar }));
    }
    rows.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// How many of some decided cases were false positives.
#[derive(Default)]
struct Tally {
    wrong: u64,
    all: u64,
}

impl Tally {
    fn count(&mut self, ruled: &Ruled) {
        self.all += 1;
        self.wrong += u64::from(ruled.decided.decision == Decision::FalsePositive);
    }

    fn row(&self, label: String, detail: String, url: String) -> ShareRow {
        let (count, of) = (grouped(self.wrong), grouped(self.all));
        let (share, bar) = (percent(self.wrong, self.all), self.wrong * 1000 / self.all.max(1));
        ShareRow { label, detail, url, count, of, share, bar }
    }
}

/// The rows with false positives, most of them first.
fn noisiest<K>(tallies: BTreeMap<K, Tally>, row: impl Fn(&K, &Tally) -> ShareRow) -> Vec<ShareRow> {
    let mut found: Vec<(K, Tally)> = tallies.into_iter().filter(|(_, tally)| tally.wrong > 0).collect();
    found.sort_by_key(|(_, tally)| std::cmp::Reverse((tally.wrong, tally.all)));
    found.iter().take(MOST).map(|(key, tally)| row(key, tally)).collect()
}

fn entries(ruled: &[Ruled]) -> Vec<ShareRow> {
    let mut tallies: BTreeMap<(&str, &str, &str), Tally> = BTreeMap::new();
    for one in ruled.iter().filter(|one| !one.case.entry.is_empty()) {
        let Case { list, entry, entry_name, .. } = &one.case;
        tallies.entry((list, entry, entry_name)).or_default().count(one);
    }
    noisiest(tallies, |(list, entry, name), tally| {
        tally.row(shown(name), shown(&format!("{list}/{entry}")), words::entry_url(list, entry))
    })
}

fn rules(ruled: &[Ruled]) -> Vec<ShareRow> {
    let mut tallies: BTreeMap<i32, Tally> = BTreeMap::new();
    for one in ruled {
        for reason in &one.rules {
            tallies.entry(*reason as i32).or_default().count(one);
        }
    }
    noisiest(tallies, |reason, tally| {
        let reason = Reason::try_from(*reason).unwrap_or_default();
        tally.row(words::wire_reason(reason).to_owned(), reason.as_str_name().to_owned(), String::new())
    })
}
