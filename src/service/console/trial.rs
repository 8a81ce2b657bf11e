//! A changed policy, tried on stored records: who moves. Nothing comes into force, and nothing is recorded.

use super::answer;
use super::desk::html;
use super::form::Sent;
use super::visit::Visit;
use super::words::shown;
use crate::evidence::{Replayer, policy_with};
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::ledger::ask;
use crate::service::web::problem::status_of;
use crate::wording::{counted, grouped};
use ::console::{Choice, MoveRow, Outcome, Tab, TrialPage, TrialRow, Tried};
use ::ledger::index::Query;
use ::ledger::{Error, Ledger, Result as LedgerResult};
use axum::response::Response;
use engine::policy::Policy;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wire::v1;

/// How many records can be asked for.
const COUNTS: [usize; 3] = [100, 1_000, 10_000];
/// Records that are shown.
const MOST: usize = 50;
/// Findings of one record that are shown.
const FINDINGS: usize = 3;
/// How long a trial may take; what is not reached is said.
const TIME: Duration = Duration::from_secs(20);
/// Bytes of a policy.
const LONGEST: usize = 256 * 1024;

/// The page, with the policy in force.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    may(&visit)?;
    let policy = visit.console.web.shared.in_force()?.engine().policy().to_toml();
    Ok(html(&model(&visit, policy, COUNTS[0])))
}

/// Whoever screens and reads the ledger may try.
fn may(visit: &Visit) -> Result<(), Failure> {
    visit.needs(Scope::Screen)?;
    visit.needs(Scope::Ledger)?;
    if visit.console.web.shared.recorder.is_none() { Err(Failure::NoLedger) } else { Ok(()) }
}

fn model(visit: &Visit, policy: String, chosen: usize) -> TrialPage {
    let choice = |n: usize| Choice {
        value: n.to_string(),
        label: format!("the latest {}", counted(n as u64, "record", "records")),
        is_chosen: n == chosen,
    };
    TrialPage {
        policy,
        counts: COUNTS.map(choice).to_vec(),
        fault: String::new(),
        tried: None,
        shell: visit.shell(Tab::Policy),
    }
}

/// Tries what was typed.
pub(super) async fn attempt(Sent { visit, fields }: Sent) -> Result<Response, Failure> {
    may(&visit)?;
    let typed = fields.text("policy").replace("\r\n", "\n");
    let asked: usize = fields.parsed("records", "a number")?.unwrap_or(COUNTS[0]);
    let count = COUNTS.into_iter().find(|n| *n == asked).unwrap_or(COUNTS[0]);
    let mut page = model(&visit, typed.clone(), count);
    let refused = |mut page: TrialPage, why: &str| {
        page.fault = shown(why);
        let mut response = html(&page);
        *response.status_mut() = status_of(&Failure::Malformed(String::new()));
        Ok(response)
    };
    if typed.len() > LONGEST {
        return refused(page, "The policy is too long.");
    }
    let policy = match Policy::from_toml(&typed, "policy") {
        Ok(policy) => policy,
        Err(error) => return refused(page, &error.to_string()),
    };
    // Each compiles lists; two at once would leave nothing to those who screen.
    let Ok(_turn) = Arc::clone(&visit.console.trying).try_acquire_owned() else {
        return Err(Failure::Overloaded("somebody else tries a policy"));
    };
    let tried = ask(&visit.console.web.shared, move |ledger| {
        let whole = policy_with(&policy, &ledger.suppressors()?).map_err(|e| Error::Refused(e.to_string()))?;
        attempt_on(ledger, whole, count)
    });
    page.tried = Some(tried.await?);
    Ok(html(&page))
}

/// Makes the answers of the latest records again under another policy.
fn attempt_on(ledger: &Ledger, policy: Policy, count: usize) -> LedgerResult<Tried> {
    let found = ledger.find(&Query { limit: count, ..Query::default() })?;
    let mut replayer = Replayer::new(ledger, Some(policy));
    let (began, mut tally) = (Instant::now(), Tally::default());
    for one in &found {
        if began.elapsed() > TIME {
            break;
        }
        tally.done += 1;
        match replayer.replay(one.number) {
            Ok(replayed) => {
                let Some(difference) = replayed.difference else { continue };
                let is_other =
                    difference.outcomes.is_some() || !difference.gone.is_empty() || !difference.new.is_empty();
                if is_other {
                    let (then, now) = difference.outcomes.unwrap_or((one.outcome, one.outcome));
                    tally.moved(one.number, &one.reference, (then, now), (difference.gone, difference.new));
                }
            }
            // Erased, or of lists or packs that are not kept.
            Err(_) => tally.failed += 1,
        }
    }
    Ok(tally.into_tried(found.len() as u64))
}

/// What became of many records.
#[derive(Default)]
struct Tally {
    done: u64,
    failed: u64,
    moved: u64,
    moves: Vec<(v1::screening::Outcome, v1::screening::Outcome, u64)>,
    rows: Vec<TrialRow>,
}

impl Tally {
    fn moved(
        &mut self,
        number: u64,
        reference: &str,
        (then, now): (v1::screening::Outcome, v1::screening::Outcome),
        (gone, new): (Vec<String>, Vec<String>),
    ) {
        self.moved += 1;
        if then != now {
            match self.moves.iter_mut().find(|(a, b, _)| (*a, *b) == (then, now)) {
                Some((.., n)) => *n += 1,
                None => self.moves.push((then, now, 1)),
            }
        }
        if self.rows.len() < MOST {
            let (then, now) = (answer::outcome_of(then), answer::outcome_of(now));
            let lines = |lines: Vec<String>| -> Vec<String> {
                let rest = lines.len().saturating_sub(FINDINGS);
                let more = (rest > 0).then(|| format!("and {rest} more"));
                lines.iter().take(FINDINGS).map(|line| shown(line)).chain(more).collect()
            };
            let (gone, new) = (lines(gone), lines(new));
            self.rows.push(TrialRow { number, reference: shown(reference), then, now, gone, new });
        }
    }

    fn into_tried(self, asked: u64) -> Tried {
        let row = |(then, now, n): &(v1::screening::Outcome, v1::screening::Outcome, u64)| MoveRow {
            then: answer::outcome_of(*then),
            now: answer::outcome_of(*now),
            count: counted(*n, "time", "times"),
        };
        let mut moves: Vec<MoveRow> = self.moves.iter().map(row).collect();
        moves.sort_by_key(|m| std::cmp::Reverse(m.now == Outcome::Hold));
        let late = asked - self.done;
        let left = [
            (late > 0).then(|| format!("{} were not reached in {} seconds.", grouped(late), TIME.as_secs())),
            (self.failed > 0).then(|| {
                format!("{} cannot be made again: erased, or their lists or packs are not kept.", grouped(self.failed))
            }),
        ];
        let more = self.moved - self.rows.len() as u64;
        Tried {
            totals: format!(
                "{} of {} would be answered otherwise",
                grouped(self.moved),
                counted(self.done - self.failed, "record", "records")
            ),
            left_out: left.into_iter().flatten().collect::<Vec<_>>().join(" "),
            moves,
            rows: self.rows,
            more: if more > 0 {
                format!("{} more; `tidewaiter ledger replay --all --with-policy FILE` tries all.", grouped(more))
            } else {
                String::new()
            },
        }
    }
}
