//! From a record of the log to rows of the index.

use super::cards::{cards_of, squeezed};
use super::rows::{FindingRow, RecordRow, Rows};
use super::tables::{Tables, Value};
use super::{cases, schema};
use crate::case::{AlertPart, Step};
use crate::error::{Error, Result};
use crate::log::frame::{Kind, Sealed};
use crate::record::{Hold, Rescreening, SettingsPut, Stamped};
use crate::settings::Settings;
use crate::vault::{Shown, Vault, time_of};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use wire::v1;
use wire::v1::finding::Severity;
use wire::v1::screening::Outcome;

/// Bytes of rows that are held before they are written.
const HELD: usize = 16 << 20;

/// Takes records in, within one transaction. What nobody asks meanwhile is written in the end, many rows at once.
pub(super) struct Taker<'a> {
    vault: &'a Vault,
    tables: &'a mut dyn Tables,
    settings: Arc<Settings>,
    /// Digest of the settings, where records put others into force.
    put_settings: Option<String>,
    /// The last record that says what was erased.
    erased: Option<u64>,
    /// Ids of words, which are few.
    words: HashMap<String, i64>,
    rows: Rows,
}

impl<'a> Taker<'a> {
    pub(super) fn new(vault: &'a Vault, tables: &'a mut dyn Tables, settings: Arc<Settings>) -> Self {
        let (words, rows) = (HashMap::new(), Rows::default());
        Self { vault, tables, settings, put_settings: None, erased: None, words, rows }
    }

    /// The settings in the end, and their digest where records put them into force.
    pub(super) fn into_settings(self) -> (Arc<Settings>, Option<String>) {
        (self.settings, self.put_settings)
    }

    /// The last record that says what was erased, of those that were taken in.
    pub(super) fn erased(&self) -> Option<u64> {
        self.erased
    }

    pub(super) fn take(&mut self, record: &Sealed) -> Result<()> {
        let taken = match record.kind {
            Kind::Screening => self.vault.shown(record).and_then(|shown| self.screening(record, shown)),
            Kind::Step => self.step(record),
            Kind::Settings => self.settings(record),
            Kind::Hold => self.hold(record),
            Kind::Rescreening => self.rescreening(record),
            Kind::Stamped => self.stamped(record),
            Kind::KeyDestroyed => {
                self.erased = Some(record.number);
                Ok(())
            }
            Kind::Genesis | Kind::Context | Kind::KeyMade | Kind::Kept | Kind::Dictionary => Ok(()),
        };
        match taken {
            // What is erased is not found.
            Err(Error::Erased { .. }) => Ok(()),
            Ok(()) if self.rows.bytes() >= HELD => self.write(),
            taken => taken,
        }
    }

    fn word(&mut self, text: &str) -> Result<i64> {
        if let Some(id) = self.words.get(text) {
            return Ok(*id);
        }
        let id = schema::word(self.tables, text)?;
        self.words.insert(text.to_owned(), id);
        Ok(id)
    }

    fn screening(&mut self, record: &Sealed, shown: Shown) -> Result<()> {
        let Shown { request, answer, caller, .. } = shown;
        let (number, day) = (record.number, day_of(record));
        let caller = self.word(&caller)?;
        for (at, part) in alert_parts(&request, &answer).iter().enumerate() {
            cases::alert(self.tables, &self.settings, part, (number, at), number, day, "a new alert")?;
        }
        for (at, finding) in (0..).zip(answer.findings) {
            let (list, entry) = finding.entry.map(|entry| (entry.list, entry.id)).unwrap_or_default();
            let list = self.word(&list)?;
            let (reason, severity) = (finding.reason, finding.severity);
            self.rows.finding(FindingRow { number, at, reason, severity, list, entry });
        }
        let (outcome, key, reference) = (answer.outcome, record.key.0, answer.reference);
        self.rows.record(RecordRow { number, outcome, caller, key, reference }, day);
        cards_of(request).into_iter().for_each(|card| self.rows.card(card, number));
        Ok(())
    }

    /// Writes what is held.
    pub(super) fn write(&mut self) -> Result<()> {
        std::mem::take(&mut self.rows).write(self.tables)
    }

    fn step(&mut self, record: &Sealed) -> Result<()> {
        let step: Step = self.vault.note(record)?;
        cases::step(self.tables, &step, record.number, day_of(record), self.settings.decisions.due_days)
    }

    fn settings(&mut self, record: &Sealed) -> Result<()> {
        let SettingsPut { digest, .. } = self.vault.note(record)?;
        let text = self.vault.kept("the settings", &digest)?;
        let settings = Settings::read(&String::from_utf8_lossy(&text), "settings.toml")?;
        schema::put(self.tables, "settings", &digest)?;
        self.settings = Arc::new(settings);
        self.put_settings = Some(digest);
        Ok(())
    }

    fn hold(&mut self, record: &Sealed) -> Result<()> {
        let hold: Hold = self.vault.note(record)?;
        let name = schema::clipped(&hold.name);
        if hold.is_lifted {
            self.tables.run("DELETE FROM hold WHERE name = ?", &[Value::Text(&name)])?;
        } else {
            let body = serde_json::to_string(&hold).expect("a hold has a JSON form");
            let sql = "INSERT INTO hold VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body";
            self.tables.run(sql, &[Value::Text(&name), Value::Text(&body)])?;
        }
        Ok(())
    }

    fn stamped(&mut self, record: &Sealed) -> Result<()> {
        let stamped: Stamped = self.vault.note(record)?;
        schema::put(self.tables, "stamped", &serde_json::to_string(&stamped).expect("a note has a JSON form"))
    }

    fn rescreening(&mut self, record: &Sealed) -> Result<()> {
        let rescreening: Rescreening = self.vault.note(record)?;
        let (day, why) = (day_of(record), rescreening.why());
        if !rescreening.lists.is_empty() {
            schema::put(self.tables, "asked_up_to", &rescreening.lists)?;
        }
        for (at, found) in rescreening.found.iter().enumerate() {
            let part = found.part();
            for number in &found.records {
                cases::alert(self.tables, &self.settings, &part, (record.number, at), *number, day, &why)?;
            }
        }
        Ok(())
    }
}

/// The day of a record, UTC.
fn day_of(record: &Sealed) -> Date {
    time_of(record).to_zoned(TimeZone::UTC).date()
}

/// The cases that an answer belongs to: one for each party and entry, and one for findings that rest on no entry.
fn alert_parts(request: &v1::Shipment, answer: &v1::Screening) -> Vec<AlertPart> {
    if !matches!(answer.outcome(), Outcome::Review | Outcome::Hold) {
        return Vec::new();
    }
    let counts = |f: &&v1::Finding| f.severity() > Severity::Info && !f.is_shadow;
    let mut keys = BTreeSet::new();
    let mut parts = Vec::new();
    for finding in answer.findings.iter().filter(counts) {
        let part = match &finding.entry {
            Some(entry) => {
                let party = named_at(request, finding);
                let (list, id, name) = (entry.list.clone(), entry.id.clone(), entry.name.clone());
                AlertPart { squeezed: squeezed(&party), party, list, entry: id, entry_name: name }
            }
            None => AlertPart {
                party: answer.reference.clone(),
                squeezed: format!("shipment {}", answer.reference),
                list: String::new(),
                entry: String::new(),
                entry_name: String::new(),
            },
        };
        if keys.insert((part.squeezed.clone(), part.list.clone(), part.entry.clone())) {
            parts.push(part);
        }
    }
    parts
}

/// Who a finding is about: the name of the party or vessel, or the words of a text.
fn named_at(request: &v1::Shipment, finding: &v1::Finding) -> String {
    let at = |what: &str| -> Option<usize> {
        finding.field_path.strip_prefix(what)?.strip_prefix('[')?.split(']').next()?.parse().ok()
    };
    let party = at("parties").and_then(|n| request.parties.get(n)).map(|p| p.name.clone());
    let vessel = || at("vessels").and_then(|n| request.vessels.get(n)).map(|v| v.name.clone());
    let words = || finding.spans.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ");
    party.or_else(vessel).filter(|name| !name.trim().is_empty()).unwrap_or_else(words)
}
