//! Work on cases: steps are checked, recorded, and only then in force.

use super::Ledger;
use crate::case::{Action, Bound, Case, Decision, Exception, Stale, State, Step, Void};
use crate::error::{Error, Result};
use crate::index::{self, Alert, CaseQuery, Event, Found, Index, Query};
use crate::keep;
use crate::log::frame::Kind;
use crate::vault::time_of;
use crate::writer::Since;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use lists::Delta;
use model::party_fingerprint;
use model::snapshot::Snapshot;
use std::collections::BTreeSet;
use std::sync::PoisonError;
use wire::v1;

/// A ruling that is to be made.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The case.
    pub case: String,
    /// The revision of the case that was looked at.
    pub revision: u64,
    /// Who rules.
    pub by: String,
    /// What they say.
    pub note: String,
    /// Digests of kept files.
    pub attachments: Vec<String>,
    /// What is ruled.
    pub decision: Decision,
    /// Why, one of the reasons of the settings.
    pub reason: String,
    /// The last day of an exception for later findings; only for a false positive.
    pub exception_until: Option<Date>,
}

impl Ledger {
    /// Asks the index, which is brought up to the end of the log first. Where replicas share the ledger, to the end of theirs.
    pub(crate) fn with_index<T>(&self, ask: impl FnOnce(&mut Index) -> Result<T>) -> Result<T> {
        self.pull()?;
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        self.opened(&mut index)?.asked(&self.vault, &|size| self.pull_up_to(size), ask)
    }

    /// The index, opened where it is now.
    fn opened<'a>(&self, index: &'a mut Option<Index>) -> Result<&'a mut Index> {
        if index.as_ref().is_some_and(|index| index.is_shared() != self.board.has_index()) {
            *index = None;
        }
        match index {
            Some(index) => Ok(index),
            none => Ok(none.insert(self.open_index()?)),
        }
    }

    /// Takes the index away and makes it again: pages of the old file may hold what is erased.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn forget_index(&self) -> Result<()> {
        self.pull()?;
        if self.board.has_index() {
            let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
            self.opened(&mut index)?.forget(&self.vault, &|size| self.pull_up_to(size))?;
        } else {
            self.close_index();
            index::remove(self.layout())?;
        }
        self.with_index(|_| Ok(()))
    }

    pub(crate) fn close_index(&self) {
        *self.index.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Brings the index up to the end of the log; says how many records it has.
    ///
    /// # Errors
    /// When a record is damaged, or the index cannot be written.
    pub fn catch_up(&self) -> Result<u64> {
        self.with_index(|index| index.next())
    }

    /// Finds screenings, the latest first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find(&self, query: &Query) -> Result<Vec<Found>> {
        self.with_index(|index| index.find(query))
    }

    /// The number of the first record that was written at a time or after it; the size of the ledger where there is none.
    ///
    /// # Errors
    /// When a record on the way is damaged.
    pub fn first_at(&self, time: Timestamp) -> Result<u64> {
        let (mut low, mut high) = (0, self.size());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.time_of(middle)? < time { low = middle + 1 } else { high = middle }
        }
        Ok(low)
    }

    /// When a record was written.
    ///
    /// # Errors
    /// When there is none, or it is damaged.
    pub fn time_of(&self, number: u64) -> Result<Timestamp> {
        Ok(time_of(&self.vault.log.read(number)?))
    }

    /// What a record says that is no screening, as JSON; empty for one that has no such form.
    ///
    /// # Errors
    /// When there is none, or it is damaged or erased.
    pub fn text_of(&self, number: u64) -> Result<(Kind, String)> {
        let sealed = self.vault.log.read(number)?;
        let message = match sealed.kind {
            Kind::Screening | Kind::Context | Kind::Dictionary => Vec::new(),
            _ => self.vault.opened(&sealed)?.message,
        };
        Ok((sealed.kind, String::from_utf8_lossy(&message).into_owned()))
    }

    /// Finds cases, those that are due first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn cases(&self, query: &CaseQuery) -> Result<Vec<Case>> {
        self.with_index(|index| index.cases(query))
    }

    /// As [`Ledger::cases`], behind the first `skip`.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn cases_from(&self, query: &CaseQuery, skip: usize) -> Result<Vec<Case>> {
        self.with_index(|index| index.cases_from(query, skip))
    }

    /// How many cases there are in each state, whatever state and limit the query names.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn case_counts(&self, query: &CaseQuery) -> Result<Vec<(State, u64)>> {
        self.with_index(|index| index.case_counts(query))
    }

    /// A case with what happened to it and its screenings.
    ///
    /// # Errors
    /// When there is none, or the index cannot be read.
    pub fn case(&self, id: &str) -> Result<(Case, Vec<Event>, Vec<u64>)> {
        self.with_index(|index| {
            let none = || Error::Refused(format!("there is no case {id}; `tidewaiter ledger case list` names them"));
            let case = index.case(id)?.ok_or_else(none)?;
            Ok((case, index.events(id, 0)?, index.alerts(id)?))
        })
    }

    /// The screenings of a case with what was ruled on each, oldest first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn rulings(&self, id: &str) -> Result<Vec<Alert>> {
        self.with_index(|index| index.rulings(id))
    }

    /// Takes a step, unless the case has changed since it was looked at.
    ///
    /// # Errors
    /// [`Error::Stale`] with what changed; a blank name; an attachment that is not kept.
    pub fn step(&self, step: &Step, today: Date) -> Result<Case> {
        if step.by.trim().is_empty() {
            return Err(Error::Refused("a step needs the name of whoever takes it".to_owned()));
        }
        for digest in &step.attachments {
            keep::kept(&self.vault.layout, "the attachment", digest)?;
        }
        // One after the other, so that nobody's step comes between the check and the record.
        let _turn = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let number = self.record_step(step, today)?;
        let (case, events, _) = self.case(&step.case)?;
        if events.iter().any(|event| event.number == number) {
            return Ok(case);
        }
        // An alert came between the check and the record, and the step does not fit the case any more.
        let changed = events.into_iter().filter(|e| e.revision > step.revision).map(|e| e.said).collect();
        Err(Stale::Changed { case: case.id, now: case.revision, then: step.revision, changed }.into())
    }

    /// Records a step that fits its case; where other replicas take steps meanwhile, it is checked again.
    fn record_step(&self, step: &Step, today: Date) -> Result<u64> {
        loop {
            let (checked, number) = self.with_index(|index| Ok((index.check_step(step, today)?, index.next()?)))?;
            checked?;
            let since = Since { kind: Kind::Step, number };
            match self.sealed_note(Kind::Step, step, Some(since)) {
                // Whoever came first has taken a step, so this ends.
                Err(Error::Moved { .. }) => {}
                done => return done,
            }
        }
    }

    /// Rules on all alerts of a case that are undecided.
    ///
    /// # Errors
    /// As [`Ledger::step`]; a reason that the settings do not have; an exception where none can be.
    pub fn decide(&self, ruling: Ruling, today: Date) -> Result<Case> {
        self.decide_some(ruling, &[], today)
    }

    /// Rules on some alerts of a case, by their records; the others stay as they are, and while one of them is undecided the
    /// case is open. Without any: as [`Ledger::decide`].
    ///
    /// # Errors
    /// As [`Ledger::decide`]; a record that is no undecided alert of the case.
    pub fn decide_some(&self, ruling: Ruling, records: &[u64], today: Date) -> Result<Case> {
        let records: BTreeSet<u64> = records.iter().copied().collect();
        let undecided: BTreeSet<u64> =
            self.rulings(&ruling.case)?.into_iter().filter(|a| a.ruled.is_none()).map(|a| a.number).collect();
        if let Some(other) = records.difference(&undecided).next() {
            let why = format!("record {other} is no undecided alert of case {}", ruling.case);
            return Err(Error::Refused(why));
        }
        if ruling.exception_until.is_some() && !records.is_empty() {
            let why = "an exception is for the party of the whole case: expected a decision on all of its alerts";
            return Err(Error::Refused(why.to_owned()));
        }
        let covered = if records.is_empty() { undecided.len() } else { records.len() };
        let settings = self.settings();
        let rules = &settings.decisions;
        if !rules.reasons.contains(&ruling.reason) {
            let message = format!("unknown reason `{}`; expected one of {}", ruling.reason, rules.reasons.join(", "));
            return Err(Error::Refused(message));
        }
        let exception = match ruling.exception_until {
            None => None,
            Some(_) if ruling.decision != Decision::FalsePositive => {
                return Err(Error::Refused("only a false positive can have an exception".to_owned()));
            }
            Some(until) => {
                let latest = today.saturating_add(i64::from(rules.exception_days).days());
                if until < today || until > latest {
                    let why = format!("an exception until {until}: expected a day from {today} to {latest}");
                    return Err(Error::Refused(why));
                }
                Some(Box::new(self.exception_for(&ruling.case, until)?))
            }
        };
        let asks = |word: &str| rules.second_person.iter().any(|w| w == word);
        let is_bulk = covered >= usize::from(rules.bulk_from);
        let needs_second = ruling.decision != Decision::Escalate
            && (asks(ruling.decision.as_str()) || exception.is_some() && asks("exception") || is_bulk && asks("bulk"));
        let records = records.into_iter().collect();
        let Ruling { case, revision, by, note, attachments, decision, reason, .. } = ruling;
        let action = Action::Decide { decision, reason, exception, needs_second, records };
        self.step(&Step { case, revision, by, note, attachments, action }, today)
    }

    /// The exception for the last alert of a case, bound to all that it rests on.
    fn exception_for(&self, id: &str, expires: Date) -> Result<Exception> {
        let (case, _, alerts) = self.case(id)?;
        let refuse = |why: &str| Error::Refused(format!("case {id} can have no exception: {why}"));
        let record = *alerts.last().ok_or_else(|| refuse("its screenings are erased"))?;
        let shown = self.show(record)?;
        let is_of_case = |f: &&v1::Finding| f.entry.as_ref().is_some_and(|e| e.list == case.list && e.id == case.entry);
        let finding = shown.answer.findings.iter().find(is_of_case);
        let finding =
            finding.ok_or_else(|| refuse("it was found by rescreening alone; screen the party again first"))?;
        let shipment = wire::shipment_from_wire(shown.request.clone());
        let at = finding.field_path.strip_prefix("parties[").and_then(|rest| rest.split(']').next()?.parse().ok());
        let party = at.and_then(|at: usize| shipment.parties.get(at));
        let party = party.ok_or_else(|| refuse("what was found is not a party's name"))?;
        if shown.context.lists.is_empty() {
            return Err(refuse("the lists that it was screened against are not kept"));
        }
        let lists = keep::kept_snapshot(&self.vault.layout, &shown.context.lists)?;
        let own = finding.entry.iter();
        let entries = own.chain(finding.also_listed.iter().filter_map(|l| l.entry.as_ref())).map(|reference| {
            let entry = lists.entry(Some(&reference.list), &reference.id);
            let entry = entry.ok_or_else(|| refuse("an entry is not in the lists that are kept"))?;
            let fingerprint = Snapshot::entry_fingerprint(entry);
            Ok(Bound { list: reference.list.clone(), id: reference.id.clone(), fingerprint })
        });
        Ok(Exception {
            party: party.name.clone(),
            party_fingerprint: party_fingerprint(party),
            role: party.role.map(|r| r.as_str().to_owned()).unwrap_or_default(),
            entries: entries.collect::<Result<_>>()?,
            policy: shown.context.base_policy.clone(),
            lists: shown.context.lists.clone(),
            expires,
            record,
        })
    }

    /// The exceptions in force, each with its case.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn exceptions(&self) -> Result<Vec<(Case, Exception)>> {
        let cases = self.with_index(|index| index.with_exception())?;
        Ok(cases.into_iter().filter_map(|case| case.exception().cloned().map(|e| (case, e))).collect())
    }

    /// The exceptions in force, as suppressors of a policy file.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn suppressors(&self) -> Result<String> {
        let block = |(case, exception): &(Case, Exception)| {
            let decided = case.decided.as_ref();
            let (reason, by) = decided.map_or(("", ""), |d| {
                (d.reason.as_str(), if d.approved_by.is_empty() { &d.by } else { &d.approved_by })
            });
            exception.suppressor(&case.id, reason, by)
        };
        Ok(self.exceptions()?.iter().map(block).collect())
    }

    /// Holds every exception against the lists and the policy of today; those that no longer hold are void, and their cases
    /// open again with the difference.
    ///
    /// # Errors
    /// When the index cannot be read or a step cannot be recorded.
    pub fn review_exceptions(&self, now: &Snapshot, base_policy: &str, today: Date) -> Result<Vec<(String, Void)>> {
        let mut voided = Vec::new();
        for (case, exception) in self.exceptions()? {
            let Some(void) = self.void(&exception, now, base_policy, today)? else { continue };
            let action = Action::Void { void: Box::new(void.clone()) };
            let step = Step {
                case: case.id.clone(),
                revision: case.revision,
                by: "tidewaiter".to_owned(),
                note: String::new(),
                attachments: Vec::new(),
                action,
            };
            match self.step(&step, today) {
                Ok(_) => voided.push((case.id, void)),
                // Somebody opened it meanwhile: the exception is out of force either way.
                Err(Error::Stale(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(voided)
    }

    fn void(&self, exception: &Exception, now: &Snapshot, base_policy: &str, today: Date) -> Result<Option<Void>> {
        if exception.expires < today {
            return Ok(Some(Void::Expired { on: exception.expires }));
        }
        if exception.policy != base_policy {
            return Ok(Some(Void::Policy { then: exception.policy.clone(), now: base_policy.to_owned() }));
        }
        for Bound { list, id, fingerprint } in &exception.entries {
            let (list_id, entry_id) = (list.clone(), id.clone());
            let Some(entry) = now.entry(Some(list), id) else {
                return Ok(Some(Void::Gone { list: list_id, id: entry_id }));
            };
            if Snapshot::entry_fingerprint(entry) == *fingerprint {
                continue;
            }
            let then = keep::kept_snapshot(&self.vault.layout, &exception.lists)?;
            let changes = match then.entry(Some(list), id) {
                Some(then) => difference(then, entry),
                None => Vec::new(),
            };
            return Ok(Some(Void::Entry { list: list_id, id: entry_id, changes }));
        }
        Ok(None)
    }
}

/// What differs between two states of one entry, each field in a sentence.
fn difference(then: &model::entry::Entry, now: &model::entry::Entry) -> Vec<String> {
    let alone = |entry: &model::entry::Entry| Snapshot::from_entries(vec![entry.clone()], Vec::new());
    let (Ok(then), Ok(now)) = (alone(then), alone(now)) else { return Vec::new() };
    let lists = Delta::between(&then, &now, None).lists;
    let changes = lists.into_iter().flat_map(|list| list.changed).flat_map(|change| change.fields);
    let sentence = |change: lists::FieldChange| {
        let values = |values: &[String]| if values.is_empty() { "nothing".to_owned() } else { values.join(", ") };
        format!("{}: from {} to {}", change.field, values(&change.removed), values(&change.added))
    };
    changes.map(sentence).collect()
}
