//! Ownership rules as data: `lists/ownership.toml`, with the dated state of those that come and go.

use jiff::civil::Date;
use model::entry::{Effect, Entry};
use serde::Deserialize;
use std::sync::OnceLock;
use toml::value::Datetime;

const TEXT: &str = include_str!("../../../../../lists/ownership.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    regime: Vec<Row>,
    period: Vec<PeriodRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    title: String,
    lists: Vec<String>,
    effect: String,
    at_least: Option<u16>,
    more_than: Option<u16>,
    aggregate: bool,
    citation: String,
    #[serde(default)]
    source_url: String,
    #[serde(rename = "read")]
    _read: Datetime,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodRow {
    regime: String,
    from: Datetime,
    state: String,
    note: String,
}

/// A rule by which a listing reaches what the listed own.
#[derive(Clone, Debug)]
pub struct Regime {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What its lists mean.
    pub effect: Effect,
    /// Whether the shares of several listed owners are added up.
    pub aggregate: bool,
    /// Where the rule is published.
    pub citation: String,
    lists: Vec<String>,
    /// Thousandths that must be reached.
    least: u16,
    periods: Vec<(Date, State, String)>,
}

/// Whether a rule is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It did not exist yet.
    NotYet,
    /// It exists and does not apply for a time.
    Suspended,
    /// Nobody has checked.
    Unknown,
    /// It applies.
    InForce,
}

impl Regime {
    /// The regimes that ship.
    pub fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<Regime>> = OnceLock::new();
        ALL.get_or_init(|| read(TEXT).expect("the regimes that ship are read by a test"))
    }

    /// Whether an entry of a list is an owner that counts.
    pub fn counts(&self, entry: &Entry) -> bool {
        let list = entry.list.as_str();
        entry.effect == self.effect
            && self.lists.iter().any(|l| l.strip_suffix('*').map_or(list == l, |prefix| list.starts_with(prefix)))
    }

    /// Whether a share in thousandths reaches the threshold.
    pub fn is_reached(&self, thousandths: u32) -> bool {
        thousandths >= u32::from(self.least)
    }

    /// Whether its state depends on the day.
    pub fn is_dated(&self) -> bool {
        !self.periods.is_empty()
    }

    /// The threshold in words.
    pub fn threshold(&self) -> String {
        match self.least % 10 {
            0 => format!("{} percent or more", self.least / 10),
            _ => format!("more than {} percent", self.least / 10),
        }
    }

    /// The state on a day and what is known about it; without a day, the last one known.
    pub fn state(&self, day: Option<Date>) -> (State, &str) {
        if self.periods.is_empty() {
            return (State::InForce, "");
        }
        let known = self.periods.iter().rev().find(|(from, ..)| day.is_none_or(|day| *from <= day));
        known.map_or((State::NotYet, ""), |(_, state, note)| (*state, note.as_str()))
    }
}

fn read(text: &str) -> Result<Vec<Regime>, String> {
    let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
    let mut regimes = Vec::new();
    for row in file.regime {
        let least = match (row.at_least, row.more_than) {
            (Some(least), None) if (1..=1000).contains(&least) => least,
            (None, Some(over)) if over < 1000 => over + 1,
            _ => return Err(format!("{}: expected one of at_least and more_than, in thousandths", row.id)),
        };
        let effect = Effect::parse(&row.effect).ok_or_else(|| format!("{}: `{}` is no effect", row.id, row.effect))?;
        let citation =
            if row.source_url.is_empty() { row.citation } else { format!("{} <{}>", row.citation, row.source_url) };
        regimes.push(Regime {
            id: row.id,
            title: row.title,
            effect,
            aggregate: row.aggregate,
            citation,
            lists: row.lists,
            least,
            periods: Vec::new(),
        });
    }
    for row in file.period {
        let regime =
            regimes.iter_mut().find(|r| r.id == row.regime).ok_or_else(|| format!("no regime {}", row.regime))?;
        let state = match row.state.as_str() {
            "in_force" => State::InForce,
            "suspended" => State::Suspended,
            "unknown" => State::Unknown,
            other => return Err(format!("{}: `{other}` is no state", row.regime)),
        };
        let from: Date = row.from.to_string().parse().map_err(|e| format!("{}: {e}", row.regime))?;
        if regime.periods.last().is_some_and(|(last, ..)| *last >= from) {
            return Err(format!("{}: the periods are not in order", row.regime));
        }
        regime.periods.push((from, state, row.note));
    }
    Ok(regimes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_affiliates_rule_has_its_dated_states() {
        let regime = Regime::all().iter().find(|r| r.id == "bis-affiliates").unwrap();
        for (day, state) in [
            (Some(date(2025, 9, 28)), State::NotYet),
            (Some(date(2025, 9, 29)), State::InForce),
            (Some(date(2025, 11, 9)), State::InForce),
            (Some(date(2025, 11, 10)), State::Suspended),
            (Some(date(2026, 11, 9)), State::Suspended),
            (Some(date(2026, 11, 10)), State::Unknown),
            (None, State::Unknown),
        ] {
            assert_eq!(regime.state(day).0, state, "{day:?}");
        }
        assert_eq!(regime.threshold(), "50 percent or more");
        let uk = Regime::all().iter().find(|r| r.id == "uk-ownership").unwrap();
        assert!(uk.is_reached(501) && !uk.is_reached(500));
        assert_eq!((uk.threshold().as_str(), uk.state(None).0), ("more than 50 percent", State::InForce));
    }
}
