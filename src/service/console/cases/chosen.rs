//! Which cases are shown, as an address says it. Nothing of a shipment is in it.

use crate::service::guard::failure::Failure;
use crate::service::web::query::Query;
use ::ledger::case::State;
use ::ledger::index::CaseQuery;
use jiff::civil::Date;

/// Cases of one page.
pub(super) const PAGE: usize = 50;

/// Which cases are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    /// `None`: in any state.
    pub(super) state: Option<State>,
    pub(super) queue: String,
    pub(super) list: String,
    /// Only those of whoever looks.
    pub(super) mine: bool,
    /// Only those whose day has passed.
    pub(super) late: bool,
    /// How many stand before the first one shown, or before the one that is open.
    pub(super) at: usize,
}

impl Chosen {
    /// As an address says it; without a word, those that are open.
    ///
    /// # Errors
    /// When a value cannot be read.
    pub(super) fn of(query: &Query) -> Result<Self, Failure> {
        let state = match query.text("state") {
            "" => Some(State::Open),
            "all" => None,
            word => Some(State::ALL.into_iter().find(|s| s.as_str() == word).ok_or(Failure::PathUnknown)?),
        };
        let text = |name: &str| query.text(name).chars().take(100).collect();
        Ok(Self {
            state,
            queue: text("queue"),
            list: text("list"),
            mine: query.flag("mine")?,
            late: query.flag("late")?,
            at: query.parsed("at", "a number")?.unwrap_or_default(),
        })
    }

    /// What the ledger is asked for, by this person on this day.
    pub(super) fn query(&self, person: &str, today: Date) -> CaseQuery {
        let yesterday = today.yesterday().unwrap_or(today);
        CaseQuery {
            state: self.state.map_or("", State::as_str).to_owned(),
            assignee: if self.mine { person.to_owned() } else { String::new() },
            queue: self.queue.clone(),
            due_by: if self.late { yesterday.to_string() } else { String::new() },
            list: self.list.clone(),
            limit: PAGE,
            ..CaseQuery::default()
        }
    }

    /// The word of the state.
    pub(super) fn state_word(&self) -> &'static str {
        self.state.map_or("all", State::as_str)
    }

    /// Whether anything beside the state chooses.
    pub(super) fn is_filtered(&self) -> bool {
        self.mine || self.late || !self.queue.is_empty() || !self.list.is_empty()
    }

    /// The same cases in another state.
    pub(super) fn in_state(&self, state: Option<State>) -> Self {
        Self { state, at: 0, ..self.clone() }
    }

    /// The same cases behind so many.
    pub(super) fn behind(&self, at: usize) -> Self {
        Self { at, ..self.clone() }
    }

    /// What follows the `?`.
    fn encoded(&self) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.append_pair("state", self.state_word());
        for (name, value) in [("queue", &self.queue), ("list", &self.list)] {
            if !value.is_empty() {
                pairs.append_pair(name, value);
            }
        }
        for (name, is) in [("mine", self.mine), ("late", self.late)] {
            if is {
                pairs.append_pair(name, "1");
            }
        }
        if self.at > 0 {
            pairs.append_pair("at", &self.at.to_string());
        }
        pairs.finish()
    }

    /// The page of the queue.
    pub(super) fn queue_url(&self) -> String {
        format!("/console/cases?{}", self.encoded())
    }

    /// The page of a case, which knows its place in the queue.
    pub(super) fn case_url(&self, id: &str) -> String {
        format!("/console/cases/{id}?{}", self.encoded())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_shown_and_is_read_again() {
        let text = b"state=pending&queue=sea+%26+air&list=us-bis-el&mine=1&late=true&at=50";
        let chosen = Chosen::of(&Query::parse(text)).unwrap();
        let url = chosen.queue_url();
        assert_eq!(Chosen::of(&Query::parse(url.split_once('?').unwrap().1.as_bytes())).unwrap(), chosen);
        let asked = chosen.query("ann", "2026-11-30".parse().unwrap());
        assert_eq!((asked.assignee.as_str(), asked.due_by.as_str(), asked.limit), ("ann", "2026-11-29", PAGE));
        assert_eq!(Chosen::of(&Query::default()).unwrap().state, Some(State::Open));
        assert!(Chosen::of(&Query::parse(b"state=gone")).is_err() && Chosen::of(&Query::parse(b"at=-1")).is_err());
    }
}
