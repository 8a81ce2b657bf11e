//! Words for cases: states, decisions, reasons, steps, ages.

use crate::service::console::words::shown;
use crate::wording::counted;
use ::console::CaseState;
use ::ledger::case::{Action, Decision, State};
use jiff::Timestamp;
use jiff::civil::Date;

/// Where a case stands.
pub(super) fn state(state: State) -> CaseState {
    match state {
        State::Open => CaseState::Open,
        State::Escalated => CaseState::Escalated,
        State::Pending => CaseState::Pending,
        State::Closed => CaseState::Closed,
    }
}

/// What was ruled, and what that means.
pub(in crate::service::console) fn decision(decision: Decision) -> (&'static str, &'static str) {
    match decision {
        Decision::FalsePositive => ("False positive", "The party is not the entry."),
        Decision::TrueMatch => ("True match", "The party is the entry."),
        Decision::Escalate => ("Escalate", "Somebody else must decide."),
        Decision::Release => ("Release", "It is the entry, and the shipment may go: licensed, or not subject."),
    }
}

/// A reason of the settings, in words.
pub(in crate::service::console) fn reason(word: &str) -> String {
    let words = shown(&word.replace('_', " "));
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What a step did.
pub(super) fn action(action: &Action) -> String {
    match action {
        Action::Assign { to } if to.is_empty() => "Gave it back to the queue".to_owned(),
        Action::Assign { to } => format!("Gave it to {}", shown(to)),
        Action::Due { on } => format!("Moved the day to {on}"),
        Action::Note => "Noted".to_owned(),
        Action::Decide { decision: ruled, reason: why, exception, needs_second, records } => {
            let some = match records.as_slice() {
                [] => String::new(),
                [one] => format!(" for record {one}"),
                many => format!(" for {} of its records", many.len()),
            };
            let until = exception.as_ref().map(|e| format!(", exception until {}", e.expires)).unwrap_or_default();
            let waits = if *needs_second { "; waits for a second person" } else { "" };
            format!("Decided{some}: {}, {}{until}{waits}", decision(*ruled).0, reason(why).to_lowercase())
        }
        Action::Approve => "Approved".to_owned(),
        Action::Reject => "Rejected".to_owned(),
        Action::Reopen { why } => format!("Opened it again: {}", shown(why)),
        Action::Void { void } => format!("The exception is void: {}", shown(&void.why())),
    }
}

/// A text of the ledger as a sentence.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let text: String = chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect());
    if text.is_empty() || text.ends_with('.') { text } else { text + "." }
}

/// A time to the minute, UTC.
pub(super) fn minute(time: Timestamp) -> String {
    time.to_string().get(..16).map(|at| format!("{} UTC", at.replace('T', " "))).unwrap_or_default()
}

/// How long ago a time is.
pub(super) fn age(then: Timestamp, now: Timestamp) -> String {
    let hours = (now.as_second() - then.as_second()).max(0) / 3600;
    match hours {
        0 => "under 1 hour".to_owned(),
        _ => crate::wording::ages::duration(u32::try_from(hours).unwrap_or(u32::MAX)),
    }
}

/// How far a day is ahead, or past.
pub(super) fn until(day: Date, today: Date) -> String {
    let days = today.until(day).map(|span| i64::from(span.get_days())).unwrap_or_default();
    match days {
        0 => "today".to_owned(),
        ..0 => format!("{} ago", counted(days.unsigned_abs(), "day", "days")),
        _ => format!("in {}", counted(days.unsigned_abs(), "day", "days")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_ages_are_in_words() {
        let today: Date = "2026-11-30".parse().unwrap();
        let at = |day: &str| until(day.parse().unwrap(), today);
        assert_eq!((at("2026-11-30").as_str(), at("2026-12-01").as_str()), ("today", "in 1 day"));
        assert_eq!((at("2026-11-28").as_str(), at("2027-11-30").as_str()), ("2 days ago", "in 365 days"));
        let now: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        assert_eq!(age("2026-11-30T11:30:00Z".parse().unwrap(), now), "under 1 hour");
        assert_eq!(age("2026-11-20T12:00:00Z".parse().unwrap(), now), "10 days");
        assert_eq!(reason("different_birth_date"), "Different birth date");
    }
}
