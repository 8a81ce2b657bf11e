//! One shipment in, one screening out.

use super::engine::{ENGINE, Engine, Scratch};
use super::judge::Judge;
use super::{ran, stale};
use crate::explain::{self, Facts};
use crate::matcher::Stop;
use crate::place;
use jiff::civil::Date;
use model::finding::{ListsInForce, Outcome, Screening, StaleList};
use model::shipment::{Problem, Shipment};
use model::snapshot::count;
use std::sync::Arc;

/// What the caller's clock says. The engine has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now<'a> {
    /// The day, for what depends on one and where the record gives none: whether a suppressor has expired.
    pub today: Option<Date>,
    /// The ages of the lists.
    pub ages: Ages<'a>,
}

/// What the caller knows of the ages of the lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ages<'a> {
    /// Nobody asked how old the lists are: the answer does not speak of it.
    #[default]
    NotAsked,
    /// Somebody looked: these lists are older than they may be, and the others are not.
    Known {
        /// In the order of the answer; empty when no list is too old.
        stale: &'a [StaleList],
    },
}

/// A screening was given up; nothing is known about the shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the screening was given up")]
pub struct Stopped;

impl Engine {
    /// Screens one shipment. A shipment that is empty or beyond a limit is answered with [`Outcome::Refused`]. The
    /// answer knows neither the day nor the ages of the lists: see [`Engine::screen_now`].
    pub fn screen(&self, shipment: &Shipment, scratch: &mut Scratch) -> Screening {
        self.screen_now(shipment, Now::default(), scratch)
    }

    /// Screens one shipment by the caller's clock. A list that is older than it may be is a finding.
    pub fn screen_now(&self, shipment: &Shipment, now: Now<'_>, scratch: &mut Scratch) -> Screening {
        scratch.matcher.stop_check().set(None);
        self.screen_to_the_end(shipment, now, scratch)
    }

    /// As [`Engine::screen_now`], unless `stop` says on the way that nobody waits for the answer any more.
    ///
    /// # Errors
    /// [`Stopped`]: then nothing is known about the shipment.
    pub fn screen_until(
        &self,
        shipment: &Shipment,
        now: Now<'_>,
        stop: Arc<dyn Stop>,
        scratch: &mut Scratch,
    ) -> Result<Screening, Stopped> {
        scratch.matcher.stop_check().set(Some(stop));
        let screening = self.screen_to_the_end(shipment, now, scratch);
        if scratch.matcher.stop_check().take() { Err(Stopped) } else { Ok(screening) }
    }

    /// The answer, void when the stop came on the way.
    fn screen_to_the_end(&self, shipment: &Shipment, now: Now<'_>, scratch: &mut Scratch) -> Screening {
        let mut problems = self.limits().problems(shipment);
        if !problems.is_empty() {
            problems.extend(shipment.unread.iter().map(|field| field.problem.clone()));
            return self.refuse(shipment.reference.clone(), problems);
        }
        let mut screening = self.answer(shipment.reference.clone());
        let Scratch { matcher, prepared } = scratch;
        let mut judge = Judge::new(self, shipment, now.today, prepared);
        place::each(shipment, |place, text| {
            if !matcher.stop_check().is_due() {
                judge.field(place, text, matcher);
            }
        });
        judge.numbers();
        let judged = judge.finish(matcher.stop_check());
        if matcher.stop_check().is_due() {
            return screening;
        }
        let mut found = judged.found;
        ran::state(self, shipment, prepared, judged.ran, &mut screening);
        if let Ages::Known { stale } = now.ages {
            found.extend(stale::found(self.policy(), stale, &mut screening.rules_run));
        }
        let outcomes = found.iter().map(|f| self.policy().outcome_of(&f.finding));
        screening.outcome = outcomes.max().unwrap_or(Outcome::NoFinding);
        if !judged.truncated.is_empty() {
            // What was not looked at to the end is never "no finding".
            screening.outcome = screening.outcome.max(Outcome::Review);
        }
        if shipment.unread.iter().any(|field| field.needs_review) {
            // A rule did without what it needed: that is never "no finding".
            screening.outcome = screening.outcome.max(Outcome::Review);
        }
        screening.problems = shipment.unread.iter().map(|field| field.problem.clone()).collect();
        screening.problems.extend(judged.problems);
        screening.limits_reached = judged.truncated;
        let words = explain::explain(Facts {
            shipment,
            snapshot: self.snapshot(),
            found,
            outcome: screening.outcome,
            is_truncated: !screening.limits_reached.is_empty(),
        });
        screening.findings = words.findings;
        screening.summary = words.summary;
        screening
    }

    /// The answer to a record that could not even be read.
    pub fn refuse(&self, reference: String, problems: Vec<Problem>) -> Screening {
        let summary = explain::refused(&problems);
        Screening { outcome: Outcome::Refused, problems, summary, ..self.answer(reference) }
    }

    fn answer(&self, reference: String) -> Screening {
        Screening {
            reference,
            outcome: Outcome::NoFinding,
            findings: Vec::new(),
            problems: Vec::new(),
            rules_run: Vec::new(),
            rules_skipped: Vec::new(),
            cells: Vec::new(),
            limits_reached: Vec::new(),
            snapshot: self.snapshot().fingerprint().to_owned(),
            policy: self.policy_fingerprint(),
            suppressors: self.policy().suppressors_fingerprint().to_owned(),
            ownership: self.ownership().fingerprint().to_owned(),
            engine: ENGINE.to_owned(),
            summary: String::new(),
            lists_used: Vec::new(),
            lists: ListsInForce {
                count: count(self.snapshot().list_count()),
                entries: count(self.snapshot().entries().len()),
                oldest: None,
            },
        }
    }
}
