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

/// Why the table was refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Error {
    #[error("lists/ownership.toml: {0}")]
    Syntax(#[from] toml::de::Error),
    #[error("lists/ownership.toml: regime `{regime}`: `{key}`: expected {expected}")]
    Value { regime: String, key: &'static str, expected: &'static str },
}

fn wrong(regime: &str, key: &'static str, expected: &'static str) -> Error {
    Error::Value { regime: regime.to_owned(), key, expected }
}

fn read(text: &str) -> Result<Vec<Regime>, Error> {
    let file: File = toml::from_str(text)?;
    let mut regimes = file.regime.into_iter().map(regime).collect::<Result<Vec<_>, _>>()?;
    for row in file.period {
        let period = period(&row)?;
        let known = regimes.iter_mut().find(|r| r.id == row.regime);
        let periods = &mut known.ok_or_else(|| wrong(&row.regime, "regime", "the id of a [[regime]]"))?.periods;
        if periods.last().is_some_and(|(last, ..)| *last >= period.0) {
            return Err(wrong(&row.regime, "from", "a day after the period before it"));
        }
        periods.push(period);
    }
    Ok(regimes)
}

fn regime(row: Row) -> Result<Regime, Error> {
    let least = match (row.at_least, row.more_than) {
        (Some(least), None) if (1..=1000).contains(&least) => least,
        (None, Some(over)) if over < 1000 => over + 1,
        _ => return Err(wrong(&row.id, "at_least", "either at_least (1 to 1000) or more_than (0 to 999)")),
    };
    let effect = Effect::parse(&row.effect).ok_or_else(|| wrong(&row.id, "effect", "an effect, such as blocking"))?;
    let citation =
        if row.source_url.is_empty() { row.citation } else { format!("{} <{}>", row.citation, row.source_url) };
    Ok(Regime {
        id: row.id,
        title: row.title,
        effect,
        aggregate: row.aggregate,
        citation,
        lists: row.lists,
        least,
        periods: Vec::new(),
    })
}

fn period(row: &PeriodRow) -> Result<(Date, State, String), Error> {
    let state = match row.state.as_str() {
        "in_force" => State::InForce,
        "suspended" => State::Suspended,
        "unknown" => State::Unknown,
        _ => return Err(wrong(&row.regime, "state", "in_force, suspended or unknown")),
    };
    let from = row.from.to_string().parse().map_err(|_| wrong(&row.regime, "from", "a day, YYYY-MM-DD"))?;
    Ok((from, state, row.note.clone()))
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

    #[test]
    fn mistakes_are_named_by_regime_and_key() {
        let regime = "[[regime]]\nid = \"a\"\ntitle = \"A\"\nlists = [\"x\"]\neffect = \"blocking\"\nat_least = 500\n\
                      aggregate = true\ncitation = \"C\"\nread = 2026-01-01\n";
        let period = |regime: &str, from: &str, state: &str| {
            format!("[[period]]\nregime = \"{regime}\"\nfrom = {from}\nstate = \"{state}\"\nnote = \"\"\n")
        };
        let first = period("a", "2026-02-01", "in_force");
        assert_eq!(read(&format!("{regime}{first}")).map(|r| r[0].periods.len()), Ok(1));
        for (text, expected) in [
            (regime.replace("500", "1001") + &first, "regime `a`: `at_least`"),
            (regime.replace("500", "500\nmore_than = 500") + &first, "regime `a`: `at_least`"),
            (regime.replace("blocking", "stopping") + &first, "regime `a`: `effect`: expected an effect"),
            (format!("{regime}{}", period("b", "2026-02-01", "in_force")), "regime `b`: `regime`"),
            (format!("{regime}{}", period("a", "2026-02-01", "asleep")), "regime `a`: `state`: expected in_force"),
            (format!("{regime}{}", period("a", "12:00:00", "in_force")), "regime `a`: `from`: expected a day"),
            (format!("{regime}{first}{first}"), "regime `a`: `from`: expected a day after"),
            (format!("{regime}mystery = 1\n{first}"), "unknown field `mystery`"),
        ] {
            let error = read(&text).unwrap_err().to_string();
            assert!(error.starts_with("lists/ownership.toml: ") && error.contains(expected), "{error}");
        }
    }
}
