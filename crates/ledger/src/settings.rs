//! Settings of a ledger: classes and retention, decisions. They are part of the log: every change is a record.

use crate::error::{Error, Result};
use crate::layout::Layout;
use serde::Deserialize;
use std::fs;
use wire::v1;
use wire::v1::screening::Outcome;

/// The settings of a new ledger, and the reference text for every key.
pub const DEFAULT_SETTINGS: &str = include_str!("settings.default.toml");

/// Checked settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Classes of records; the first that fits is taken, and the last fits all.
    pub classes: Vec<Class>,
    /// How alerts are decided.
    pub decisions: Decisions,
}

/// A class of records that are kept equally long.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Years after the end of the period until its records are due to be erased; 0: never.
    pub years: u16,
    /// What one key covers.
    #[serde(default)]
    pub period: Period,
    /// Only these callers.
    #[serde(default)]
    pub callers: Vec<String>,
    /// Only these outcomes.
    #[serde(default)]
    pub outcomes: Vec<String>,
    /// Only records with a finding on one of these lists.
    #[serde(default)]
    pub lists: Vec<String>,
    /// The rule it follows.
    #[serde(default)]
    pub because: String,
}

/// What one key covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// A day.
    Day,
    /// A month.
    #[default]
    Month,
    /// A year.
    Year,
}

/// How alerts are decided.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// Why something was decided; a decision names one of them.
    pub reasons: Vec<String>,
    /// What takes effect only when a second person approves it.
    pub second_person: Vec<String>,
    /// Alerts from which on a decision about them at once is one in bulk; at least 2.
    pub bulk_from: u16,
    /// Days until a new case is due.
    pub due_days: u16,
    /// The most days an exception may last.
    pub exception_days: u16,
    /// Queues; the first whose list fits is taken.
    #[serde(default)]
    pub queue: Vec<Queue>,
}

/// Where cases wait.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Its lists; a * at the end stands for any rest.
    pub lists: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    class: Option<Vec<Class>>,
    decisions: Option<toml::Table>,
}

/// What may need a second person.
const DECISIONS: [&str; 5] = ["true_match", "release", "exception", "false_positive", "bulk"];

impl Default for Settings {
    fn default() -> Self {
        Self::read(DEFAULT_SETTINGS, "default settings").expect("the settings that ship are read by a test")
    }
}

impl Settings {
    /// Reads a file of settings; what it does not say is the default. `file` names it in errors.
    ///
    /// # Errors
    /// Unknown keys and words, values out of range, and classes of which none fits all records.
    pub fn read(text: &str, file: &str) -> Result<Self> {
        let wrong = |message: String| Error::Settings { file: file.to_owned(), message };
        let parse = |text: &str| -> Result<File> { toml::from_str(text).map_err(|e| wrong(e.to_string())) };
        let (given, default) = (parse(text)?, parse(DEFAULT_SETTINGS)?);
        let mut decisions = default.decisions.unwrap_or_default();
        decisions.extend(given.decisions.unwrap_or_default());
        let decisions = Decisions::deserialize(decisions).map_err(|e| wrong(format!("decisions: {e}")))?;
        let settings = Self { classes: given.class.or(default.class).unwrap_or_default(), decisions };
        settings.check().map_err(wrong)?;
        Ok(settings)
    }

    /// The settings in force in a folder.
    pub(crate) fn of(layout: &Layout) -> Result<Self> {
        let path = layout.settings();
        let text = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
        Self::read(&text, &path.display().to_string())
    }

    fn check(&self) -> std::result::Result<(), String> {
        let is_name = |text: &str| {
            !text.is_empty() && text.len() <= 40 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        for class in &self.classes {
            if !is_name(&class.name) {
                return Err(format!(
                    "class.name: invalid name `{}`; expected up to 40 letters, digits and hyphens",
                    class.name
                ));
            }
            if self.classes.iter().filter(|c| c.name == class.name).count() > 1 {
                return Err(format!("class.name: `{}` is given twice", class.name));
            }
            if let Some(wrong) = class.outcomes.iter().find(|o| Outcome::from_str_name(o).is_none()) {
                return Err(format!(
                    "class.outcomes: unknown outcome `{wrong}`; expected NO_FINDING, REVIEW, HOLD or REFUSED"
                ));
            }
        }
        if !self.classes.last().is_some_and(Class::fits_all) {
            return Err("class: the last class must fit all records: expected it without callers, outcomes and lists"
                .to_owned());
        }
        let decisions = &self.decisions;
        if let Some(wrong) = decisions.second_person.iter().find(|d| !DECISIONS.contains(&d.as_str())) {
            return Err(format!(
                "decisions.second_person: unknown decision `{wrong}`; expected one of {}",
                DECISIONS.join(", ")
            ));
        }
        if decisions.reasons.is_empty() {
            return Err("decisions.reasons: expected at least one reason".to_owned());
        }
        if decisions.bulk_from < 2 {
            return Err("decisions.bulk_from: expected at least 2".to_owned());
        }
        if decisions.exception_days == 0 {
            return Err("decisions.exception_days: expected at least 1".to_owned());
        }
        Ok(())
    }

    /// The class of a screening.
    pub fn class_of(&self, answer: &v1::Screening, caller: &str) -> &Class {
        let fits = |class: &&Class| class.fits(answer, caller);
        self.classes.iter().find(fits).or(self.classes.last()).expect("settings have a class")
    }

    /// The class of this name; `None` when it was taken out of the settings since.
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.classes.iter().find(|c| c.name == name)
    }
}

impl Class {
    fn fits_all(&self) -> bool {
        self.callers.is_empty() && self.outcomes.is_empty() && self.lists.is_empty()
    }

    fn fits(&self, answer: &v1::Screening, caller: &str) -> bool {
        let lists = || answer.findings.iter().filter_map(|f| f.entry.as_ref()).map(|e| e.list.as_str());
        (self.callers.is_empty() || fits_any(&self.callers, caller))
            && (self.outcomes.is_empty() || self.outcomes.iter().any(|o| o == answer.outcome().as_str_name()))
            && (self.lists.is_empty() || lists().any(|list| fits_any(&self.lists, list)))
    }
}

/// Whether a text is one of these, where a * at the end stands for any rest.
pub(crate) fn fits_any(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|p| p.strip_suffix('*').map_or(p == text, |start| text.starts_with(start)))
}

impl Period {
    /// The period of a day.
    pub fn of(self, day: jiff::civil::Date) -> String {
        let text = day.to_string();
        match self {
            Self::Day => text,
            Self::Month => text[..7].to_owned(),
            Self::Year => text[..4].to_owned(),
        }
    }

    /// The last day of a period as [`Period::of`] writes it; `None` for any other text.
    pub fn last_day(period: &str) -> Option<jiff::civil::Date> {
        match period.len() {
            4 => format!("{period}-12-31").parse().ok(),
            7 => format!("{period}-01").parse().ok().map(jiff::civil::Date::last_of_month),
            _ => period.parse().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_whole_and_faults_are_named() {
        let default = Settings::default();
        assert_eq!((default.classes[0].years, default.decisions.due_days), (10, 3));
        let fault = |text: &str| Settings::read(text, "s.toml").unwrap_err().to_string();
        assert!(fault("[decisions]\nbulk_from = 1").contains("bulk_from: expected at least 2"));
        assert!(fault("[[class]]\nname = 'a'\nyears = 5\ncallers = ['x']").contains("the last class must fit all"));
        assert!(fault("[decisions]\nsecond_person = ['all']").contains("unknown decision `all`"));
        assert!(fault("[[class]]\nname = 'a'\nyear = 5").contains("unknown field `year`"));
        let given = Settings::read("[decisions]\ndue_days = 9", "s.toml").unwrap();
        assert_eq!((given.decisions.due_days, given.decisions.reasons), (9, default.decisions.reasons));
    }

    #[test]
    fn the_first_class_that_fits_is_taken() {
        let text = "[[class]]\nname = 'eu'\nyears = 5\ncallers = ['eu-*']\noutcomes = ['NO_FINDING']\n\
                    [[class]]\nname = 'ofac'\nyears = 10\nlists = ['us-ofac-*']\n[[class]]\nname = 'rest'\nyears = 5";
        let settings = Settings::read(text, "s").unwrap();
        let clear = v1::Screening { outcome: Outcome::NoFinding as i32, ..Default::default() };
        let entry = v1::EntryReference { list: "us-ofac-sdn".to_owned(), ..Default::default() };
        let found = v1::Screening {
            outcome: Outcome::Hold as i32,
            findings: vec![v1::Finding { entry: Some(entry), ..Default::default() }],
            ..Default::default()
        };
        assert_eq!(settings.class_of(&clear, "eu-erp").name, "eu");
        assert_eq!(settings.class_of(&found, "eu-erp").name, "ofac");
        assert_eq!(settings.class_of(&clear, "erp").name, "rest");
        assert_eq!(Period::last_day("2024-02").map(|d| d.to_string()).as_deref(), Some("2024-02-29"));
        assert_eq!(Period::Year.of("2020-11-30".parse().unwrap()), "2020");
    }
}
