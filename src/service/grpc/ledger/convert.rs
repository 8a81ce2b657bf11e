//! Cases and faults of the ledger, as the wire has them.

use ::ledger::Stamp;
use ::ledger::case::{Case, Decision, State};
use ::ledger::index::{Alert, Event};
use ::ledger::rescreen::{Match, Rescreening};
use wire::v1;

/// A case on the wire.
pub(super) fn case(case: Case) -> v1::Case {
    let decided = case.decided.as_ref();
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    v1::Case {
        state: state(case.state) as i32,
        decision: decided.map_or(v1::case::Decision::Unspecified, |d| decision(d.decision)) as i32,
        reason: text(decided.map(|d| &d.reason)),
        decided_by: text(decided.map(|d| &d.by)),
        approved_by: text(decided.map(|d| &d.approved_by)),
        exception_until: decided.and_then(|d| d.exception.as_ref()).map(|e| e.expires.to_string()).unwrap_or_default(),
        id: case.id,
        revision: case.revision,
        party: case.party,
        list: case.list,
        entry: case.entry,
        entry_name: case.entry_name,
        queue: case.queue,
        assignee: case.assignee,
        due: case.due.to_string(),
        why: case.why,
        alerts: case.alerts,
        undecided: case.undecided,
    }
}

pub(super) fn event(event: Event) -> v1::CaseEvent {
    v1::CaseEvent { revision: event.revision, number: event.number, said: event.said }
}

pub(super) fn alert(alert: Alert) -> v1::CaseAlert {
    let (ruled, step) = alert.ruled.map_or((v1::case::Decision::Unspecified, 0), |(d, step)| (decision(d), step));
    v1::CaseAlert { number: alert.number, decision: ruled as i32, step }
}

fn state(state: State) -> v1::case::State {
    match state {
        State::Open => v1::case::State::Open,
        State::Escalated => v1::case::State::Escalated,
        State::Pending => v1::case::State::Pending,
        State::Closed => v1::case::State::Closed,
    }
}

/// The word of a state; empty: any.
pub(super) fn state_word(state: v1::case::State) -> &'static str {
    match state {
        v1::case::State::Unspecified => "",
        v1::case::State::Open => State::Open.as_str(),
        v1::case::State::Escalated => State::Escalated.as_str(),
        v1::case::State::Pending => State::Pending.as_str(),
        v1::case::State::Closed => State::Closed.as_str(),
    }
}

fn decision(decision: Decision) -> v1::case::Decision {
    match decision {
        Decision::FalsePositive => v1::case::Decision::FalsePositive,
        Decision::TrueMatch => v1::case::Decision::TrueMatch,
        Decision::Escalate => v1::case::Decision::Escalate,
        Decision::Release => v1::case::Decision::Release,
    }
}

/// A decision of a request; `None` when it says none.
pub(super) fn decision_of(decision: v1::case::Decision) -> Option<Decision> {
    match decision {
        v1::case::Decision::Unspecified => None,
        v1::case::Decision::FalsePositive => Some(Decision::FalsePositive),
        v1::case::Decision::TrueMatch => Some(Decision::TrueMatch),
        v1::case::Decision::Escalate => Some(Decision::Escalate),
        v1::case::Decision::Release => Some(Decision::Release),
    }
}

/// A time stamp of a head.
pub(super) fn stamp(stamp: &Stamp) -> v1::HeadStamp {
    let (head, token) = (stamp.stamped.head, stamp.stamped.token.clone());
    v1::HeadStamp { number: stamp.number, time: stamp.time.to_string(), head, token }
}

/// What a rescreening found.
pub(super) fn rescreening(done: Rescreening) -> v1::RescreenReport {
    let found = |found: Match| v1::RescreenMatch {
        party: found.party,
        list: found.list,
        entry: found.entry,
        entry_name: found.entry_name,
        score: found.score,
        records: found.records,
    };
    v1::RescreenReport {
        from: done.from,
        to: done.to,
        entries: done.entries,
        found: done.found.into_iter().map(found).collect(),
        released: done.released.into_iter().map(|released| released.case).collect(),
    }
}
