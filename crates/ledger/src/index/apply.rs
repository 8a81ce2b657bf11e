//! From a record of the log to rows of the index.

use super::cards::{CardKind, NewCard, cards_of, distances, squeezed};
use super::{cases, schema};
use crate::bytes::sha256;
use crate::case::{AlertPart, Step};
use crate::error::Error;
use crate::log::frame::{Kind, Sealed};
use crate::record::{Hold, Rescreening, SettingsPut, Stamped};
use crate::settings::Settings;
use crate::vault::{Shown, Vault, time_of};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use wire::v1;
use wire::v1::finding::Severity;
use wire::v1::screening::Outcome;

/// What kept a record from being taken in.
pub(super) enum Fault {
    Ledger(Error),
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Ledger(error)
    }
}

/// Takes records in, within one transaction.
pub(super) struct Taker<'a> {
    vault: &'a Vault,
    db: &'a Connection,
    settings: Arc<Settings>,
    /// Ids of words, which are few.
    words: HashMap<String, i64>,
    /// The records in which cards were seen, by the card.
    seen: HashMap<i64, Vec<u64>>,
}

impl<'a> Taker<'a> {
    pub(super) fn new(vault: &'a Vault, db: &'a Connection, settings: Arc<Settings>) -> Self {
        Self { vault, db, settings, words: HashMap::new(), seen: HashMap::new() }
    }

    pub(super) fn into_settings(self) -> Arc<Settings> {
        self.settings
    }

    pub(super) fn take(&mut self, record: &Sealed) -> Result<(), Fault> {
        let taken = match record.kind {
            Kind::Screening => {
                self.vault.shown(record).map_err(Fault::Ledger).and_then(|shown| self.screening(record, shown))
            }
            Kind::Step => self.step(record),
            Kind::Settings => self.settings(record),
            Kind::Hold => self.hold(record),
            Kind::Rescreening => self.rescreening(record),
            Kind::Stamped => self.stamped(record),
            Kind::Genesis | Kind::Context | Kind::KeyMade | Kind::KeyDestroyed | Kind::Kept | Kind::Dictionary => {
                Ok(())
            }
        };
        match taken {
            // What is erased is not found.
            Err(Fault::Ledger(Error::Erased { .. })) => Ok(()),
            taken => taken,
        }
    }

    fn word(&mut self, text: &str) -> Result<i64, Fault> {
        if let Some(id) = self.words.get(text) {
            return Ok(*id);
        }
        let id = schema::word(self.db, text)?;
        self.words.insert(text.to_owned(), id);
        Ok(id)
    }

    fn screening(&mut self, record: &Sealed, shown: Shown) -> Result<(), Fault> {
        let Shown { request, answer, caller, .. } = shown;
        let caller = self.word(&caller)?;
        let number = record.number as i64;
        self.db.prepare_cached("INSERT INTO record VALUES (?, ?, ?, ?, ?)")?.execute(params![
            number,
            answer.outcome,
            caller,
            record.key.0,
            answer.reference
        ])?;
        let day = day_of(record);
        let one_more = "INSERT INTO day VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1";
        self.db.prepare_cached(one_more)?.execute(params![day.to_string(), answer.outcome])?;
        for (at, finding) in answer.findings.iter().enumerate() {
            let (list, entry) = finding.entry.as_ref().map_or(("", ""), |e| (&e.list, &e.id));
            let list = self.word(list)?;
            self.db.prepare_cached("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?)")?.execute(params![
                number,
                at as i64,
                finding.reason,
                finding.severity,
                list,
                entry
            ])?;
        }
        let parts = alert_parts(&request, &answer);
        for (at, part) in parts.iter().enumerate() {
            cases::alert(self.db, &self.settings, part, (record.number, at), record.number, day, "a new alert")?;
        }
        for card in cards_of(request) {
            let numbers = self.seen.entry(card_id(self.db, &card)?).or_default();
            // A party that stands twice in a record is seen in it once.
            if numbers.last() != Some(&record.number) {
                numbers.push(record.number);
            }
        }
        Ok(())
    }

    /// Writes down where cards were seen, each once for all records of the transaction.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        let mut seen: Vec<(i64, Vec<u64>)> = self.seen.drain().collect();
        // In the order of the table, which is the fastest to write.
        seen.sort_unstable();
        let mut put = self.db.prepare_cached("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)")?;
        for (card, numbers) in seen {
            put.execute(params![card, numbers[0] as i64, distances(&numbers)])?;
        }
        Ok(())
    }

    fn step(&mut self, record: &Sealed) -> Result<(), Fault> {
        let step: Step = self.vault.note(record)?;
        Ok(cases::step(self.db, &step, record.number, day_of(record), self.settings.decisions.due_days)?)
    }

    fn settings(&mut self, record: &Sealed) -> Result<(), Fault> {
        let SettingsPut { digest, .. } = self.vault.note(record)?;
        let text = self.vault.kept("the settings", &digest)?;
        let settings = Settings::read(&String::from_utf8_lossy(&text), "settings.toml")?;
        schema::put(self.db, "settings", &digest)?;
        self.settings = Arc::new(settings);
        Ok(())
    }

    fn hold(&mut self, record: &Sealed) -> Result<(), Fault> {
        let hold: Hold = self.vault.note(record)?;
        if hold.is_lifted {
            self.db.execute("DELETE FROM hold WHERE name = ?", [&hold.name])?;
        } else {
            let body = serde_json::to_string(&hold).expect("a hold has a JSON form");
            self.db.execute("INSERT OR REPLACE INTO hold VALUES (?, ?)", params![hold.name, body])?;
        }
        Ok(())
    }

    fn stamped(&mut self, record: &Sealed) -> Result<(), Fault> {
        let stamped: Stamped = self.vault.note(record)?;
        Ok(schema::put(self.db, "stamped", &serde_json::to_string(&stamped).expect("a note has a JSON form"))?)
    }

    fn rescreening(&mut self, record: &Sealed) -> Result<(), Fault> {
        let rescreening: Rescreening = self.vault.note(record)?;
        let (day, why) = (day_of(record), rescreening.why());
        if !rescreening.lists.is_empty() {
            schema::put(self.db, "asked_up_to", &rescreening.lists)?;
        }
        for (at, found) in rescreening.found.iter().enumerate() {
            let part = found.part();
            for number in &found.records {
                cases::alert(self.db, &self.settings, &part, (record.number, at), *number, day, &why)?;
            }
        }
        Ok(())
    }
}

/// The id of a card, which is put in where it is new.
fn card_id(db: &Connection, card: &NewCard) -> Result<i64, Fault> {
    let digest = sha256(&[&[card.kind as u8], &card.bytes]);
    let print = digest[..6].iter().fold(0, |print, byte| print << 8 | i64::from(*byte));
    let same = "SELECT id FROM print JOIN card ON card.id = print.card WHERE print = ? AND kind = ? AND card.card = ?";
    let mut find = db.prepare_cached(same)?;
    if let Some(id) = find.query_row(params![print, card.kind as i64, card.bytes], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    db.prepare_cached("INSERT INTO card (kind, card) VALUES (?, ?)")?.execute(params![card.kind as i64, card.bytes])?;
    let id = db.last_insert_rowid();
    db.prepare_cached("INSERT INTO print VALUES (?, ?)")?.execute(params![print, id])?;
    if card.kind != CardKind::Goods {
        db.prepare_cached("INSERT INTO name VALUES (?, ?)")?.execute(params![card.squeezed, id])?;
    }
    Ok(id)
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
