//! Retention: what is due to be erased, what holds it, and erasing itself.

use crate::error::{Error, Result};
use crate::keys::{KeyId, KeyInfo};
use crate::ledger::Ledger;
use crate::log::frame::Kind;
use crate::record::{Destroyed, Hold};
use crate::settings::Period;
use crate::writer::Since;
use jiff::ToSpan as _;
use jiff::civil::Date;

/// A data key, and when its records are due to be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which, and what for.
    pub info: KeyInfo,
    /// The first day on which its records may be erased; `None`: never.
    pub from: Option<Date>,
    /// The rule of its class.
    pub because: String,
    /// Screenings under it.
    pub records: u64,
    /// Legal holds that keep it.
    pub held_by: Vec<String>,
}

impl Due {
    /// Whether it is to be erased on this day.
    pub fn is_due(&self, today: Date) -> bool {
        self.from.is_some_and(|from| from <= today) && self.held_by.is_empty()
    }
}

impl Ledger {
    /// Every data key, with when it is due and what holds it.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn retention(&self) -> Result<Vec<Due>> {
        let settings = self.settings();
        let holds = self.holds()?;
        let held = |key: KeyId| -> Result<Vec<String>> {
            let mut names = Vec::new();
            for hold in &holds {
                if self.with_index(|index| index.keys_held(hold))?.contains(&key.0) {
                    names.push(hold.name.clone());
                }
            }
            Ok(names)
        };
        let mut dues = Vec::new();
        for info in self.keys()? {
            // A class that was taken out of the settings is kept: nobody says for how long.
            let class = settings.class(&info.class);
            let years = class.map(|c| c.years).filter(|years| *years > 0);
            let last = Period::last_day(&info.period);
            let from = years
                .zip(last)
                .map(|(years, last)| last.saturating_add(i64::from(years).years()).saturating_add(1.day()));
            dues.push(Due {
                from,
                because: class.map(|c| c.because.clone()).unwrap_or_default(),
                records: self.with_index(|index| index.records_under(info.key.0))?,
                held_by: held(info.key)?,
                info,
            });
        }
        Ok(dues)
    }

    /// Destroys the keys that are due on `today`; says which. What they encrypted cannot be read again by anybody. The log still
    /// verifies.
    ///
    /// # Errors
    /// When a key cannot be destroyed or that cannot be recorded; when a hold was laid or lifted meanwhile.
    pub fn erase_due(&self, today: Date, by: &str) -> Result<Vec<Due>> {
        let since = self.holds_since()?;
        let due: Vec<Due> = self.retention()?.into_iter().filter(|due| due.is_due(today)).collect();
        for Due { info, because, records, .. } in &due {
            let destroyed =
                Destroyed { info: info.clone(), by: by.to_owned(), rule: because.clone(), records: *records };
            // The record first: a crash between the two leaves a key that the next erasure destroys.
            self.note_unless(Kind::KeyDestroyed, &destroyed, since)?;
            self.vault.keys.destroy(info.key)?;
        }
        if !due.is_empty() {
            self.forget_index()?;
            self.seal()?;
        }
        Ok(due)
    }

    /// Lays a legal hold, or lifts one.
    ///
    /// # Errors
    /// When it says nothing, or there is none to lift.
    pub fn hold(&self, hold: &Hold) -> Result<u64> {
        let since = self.holds_since()?;
        let there = self.holds()?;
        let is_there = there.iter().any(|h| h.name == hold.name);
        let refuse = |why: String| Err(Error::Refused(why));
        match (hold.is_lifted, is_there) {
            (true, false) => return refuse(format!("there is no hold `{}` to lift", hold.name)),
            (false, true) => return refuse(format!("the hold `{}` is there already", hold.name)),
            _ => {}
        }
        if hold.name.trim().is_empty() || hold.reason.trim().is_empty() || hold.who.trim().is_empty() {
            return refuse("a hold needs a name, a reason and who lays it".to_owned());
        }
        self.sealed_note(Kind::Hold, hold, Some(since))
    }

    /// From here on a hold would be news.
    fn holds_since(&self) -> Result<Since> {
        Ok(Since { kind: Kind::Hold, number: self.with_index(|index| index.next())? })
    }

    /// The legal holds in force.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn holds(&self) -> Result<Vec<Hold>> {
        self.with_index(|index| index.holds())
    }
}
