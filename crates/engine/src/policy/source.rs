//! A policy file's text as TOML, with the line of every value, so that a mistake is named by file, line and key.

use super::error::Error;
use super::scope::{FieldKind, Scope};
use super::words::{Mode, severity_word};
use jiff::civil::Date;
use model::entry::Effect;
use model::finding::{Outcome, Reason, Severity};
use model::shipment::Role;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) evidence: Option<Spanned<String>>,
    pub(super) thresholds: ThresholdRows,
    pub(super) threshold: Vec<Spanned<ThresholdRow>>,
    pub(super) effects: BTreeMap<Spanned<String>, Spanned<String>>,
    pub(super) outcomes: OutcomeRows,
    pub(super) rules: BTreeMap<Spanned<String>, Spanned<String>>,
    pub(super) switches: SwitchRows,
    pub(super) suppressor: Vec<Spanned<SuppressorRow>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ThresholdRows {
    pub(super) party_review: Option<Spanned<i64>>,
    pub(super) party_hold: Option<Spanned<i64>>,
    pub(super) text_review: Option<Spanned<i64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ThresholdRow {
    pub(super) list: Vec<Spanned<String>>,
    pub(super) effect: Vec<Spanned<String>>,
    pub(super) role: Vec<Spanned<String>>,
    pub(super) field: Vec<Spanned<String>>,
    pub(super) review: Option<Spanned<i64>>,
    pub(super) hold: Option<Spanned<i64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OutcomeRows {
    pub(super) high: Option<Spanned<String>>,
    pub(super) medium: Option<Spanned<String>>,
    pub(super) low: Option<Spanned<String>>,
    pub(super) info: Option<Spanned<String>>,
    pub(super) blocking: Option<EffectOutcomeRows>,
    pub(super) licence: Option<EffectOutcomeRows>,
    pub(super) investment: Option<EffectOutcomeRows>,
    pub(super) procurement: Option<EffectOutcomeRows>,
    pub(super) equipment: Option<EffectOutcomeRows>,
    pub(super) forced_labour: Option<EffectOutcomeRows>,
    pub(super) watch: Option<EffectOutcomeRows>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct EffectOutcomeRows {
    pub(super) high: Option<Spanned<String>>,
    pub(super) medium: Option<Spanned<String>>,
    pub(super) low: Option<Spanned<String>>,
    pub(super) info: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SwitchRows {
    pub(super) bis_affiliates: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SuppressorRow {
    pub(super) id: Spanned<String>,
    pub(super) reason: Spanned<String>,
    pub(super) expires: Spanned<Datetime>,
    pub(super) text: Option<Spanned<String>>,
    pub(super) list: Option<Spanned<String>>,
    pub(super) entry: Option<Spanned<String>>,
    /// `row_fingerprint` is its old name.
    #[serde(alias = "row_fingerprint")]
    pub(super) entry_fingerprint: Option<Spanned<String>>,
    pub(super) party: Option<Spanned<String>>,
    pub(super) party_fingerprint: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) also: Vec<Spanned<AlsoRow>>,
    #[serde(default)]
    pub(super) rule: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) field: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) role: Vec<Spanned<String>>,
    pub(super) lower_to: Option<Spanned<String>>,
}

/// Another listing of the party that the suppressor names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlsoRow {
    pub(super) list: Spanned<String>,
    pub(super) entry: Spanned<String>,
    pub(super) entry_fingerprint: Spanned<String>,
}

/// The text under reading.
pub(super) struct Source<'a> {
    pub(super) origin: &'a str,
    pub(super) text: &'a str,
}

impl Source<'_> {
    pub(super) fn parse(&self) -> Result<File, Error> {
        toml::from_str(self.text).map_err(|e| {
            let message = e.message().lines().collect::<Vec<_>>().join("; ");
            self.wrong_at(e.span().map_or(0, |s| s.start), "", &message)
        })
    }

    /// An error at a value.
    pub(super) fn wrong<T>(&self, at: &Spanned<T>, key: &str, what: &str) -> Error {
        self.wrong_at(at.span().start, key, what)
    }

    fn wrong_at(&self, at: usize, key: &str, what: &str) -> Error {
        let before = self.text.get(..at).unwrap_or(self.text);
        Error {
            origin: self.origin.to_owned(),
            line: before.bytes().filter(|b| *b == b'\n').count() + 1,
            key: key.to_owned(),
            what: what.to_owned(),
        }
    }

    /// A threshold in thousandths.
    pub(super) fn thousandths(&self, given: &Spanned<i64>, key: &str) -> Result<u16, Error> {
        let value = *given.get_ref();
        u16::try_from(value)
            .ok()
            .filter(|v| (500..=1000).contains(v))
            .ok_or_else(|| self.wrong(given, key, &format!("is {value}, expected 500 to 1000 thousandths")))
    }

    /// One of a set of words.
    pub(super) fn word<T: Copy>(
        &self,
        given: &Spanned<String>,
        key: &str,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Result<T, Error> {
        all.iter().copied().find(|&t| name(t) == given.get_ref()).ok_or_else(|| {
            let words: Vec<_> = all.iter().map(|&t| name(t)).collect();
            self.wrong(given, key, &format!("is `{}`, expected one of {}", given.get_ref(), words.join(", ")))
        })
    }

    pub(super) fn words<T: Copy + Ord>(
        &self,
        given: &[Spanned<String>],
        key: &str,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Result<Vec<T>, Error> {
        let mut read: Vec<T> = given.iter().map(|w| self.word(w, key, all, &name)).collect::<Result<_, _>>()?;
        read.sort_unstable();
        read.dedup();
        Ok(read)
    }

    pub(super) fn effect(&self, given: &Spanned<String>, key: &str) -> Result<Effect, Error> {
        self.word(given, key, &Effect::ALL, Effect::as_str)
    }

    pub(super) fn reason(&self, given: &Spanned<String>, key: &str) -> Result<Reason, Error> {
        Reason::ALL.into_iter().find(|r| r.as_str() == given.get_ref()).ok_or_else(|| {
            let what = format!("has the unknown rule `{}`; docs/policy.md lists the rules", given.get_ref());
            self.wrong(given, key, &what)
        })
    }

    pub(super) fn severity(&self, given: &Spanned<String>, key: &str) -> Result<Severity, Error> {
        self.word(given, key, &Severity::ALL, severity_word)
    }

    pub(super) fn mode(&self, given: &Spanned<String>, key: &str) -> Result<Mode, Error> {
        self.word(given, key, &[Mode::On, Mode::Off, Mode::Shadow], Mode::as_str)
    }

    pub(super) fn outcome(&self, given: &Spanned<String>, key: &str) -> Result<Outcome, Error> {
        let all = [Outcome::NoFinding, Outcome::Review, Outcome::Hold];
        self.word(given, key, &all, |o| match o {
            Outcome::NoFinding => "no_finding",
            Outcome::Review => "review",
            Outcome::Hold | Outcome::Refused => "hold",
        })
    }

    pub(super) fn list(&self, given: &Spanned<String>, key: &str) -> Result<String, Error> {
        let id = given.get_ref();
        let good = !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let what = || format!("is `{id}`, expected a list id such as us-bis-el (`tidewaiter lists status`)");
        if good { Ok(id.clone()) } else { Err(self.wrong(given, key, &what())) }
    }

    pub(super) fn scope(
        &self,
        key: &str,
        lists: &[Spanned<String>],
        effects: &[Spanned<String>],
        roles: &[Spanned<String>],
        fields: &[Spanned<String>],
    ) -> Result<Scope, Error> {
        let mut lists: Vec<String> =
            lists.iter().map(|l| self.list(l, &format!("{key}.list"))).collect::<Result<_, _>>()?;
        lists.sort_unstable();
        lists.dedup();
        Ok(Scope {
            lists,
            effects: self.words(effects, &format!("{key}.effect"), &Effect::ALL, Effect::as_str)?,
            roles: self.words(roles, &format!("{key}.role"), &Role::ALL, Role::as_str)?,
            fields: self.words(fields, &format!("{key}.field"), &FieldKind::ALL, FieldKind::as_str)?,
        })
    }

    pub(super) fn date(&self, given: &Spanned<Datetime>, key: &str) -> Result<Date, Error> {
        let value = given.get_ref();
        let read = || {
            let day = value.date.filter(|_| value.time.is_none() && value.offset.is_none())?;
            Date::new(day.year.try_into().ok()?, day.month.try_into().ok()?, day.day.try_into().ok()?).ok()
        };
        read().ok_or_else(|| self.wrong(given, key, &format!("is {value}, expected a date like 2027-06-30")))
    }
}
