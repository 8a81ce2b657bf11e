//! Rescreening: what today's change of the lists means for what was screened before.
//!
//! The entries that came or changed are asked against every distinct party, vessel and goods text of the ledger, once each,
//! by whoever has an engine; here is what is asked and what comes of it. The work grows with the distinct cards and
//! not with the history.

use crate::error::{Error, Result};
use crate::index::{Card, CardKind, Query};
use crate::ledger::Ledger;
use crate::log::frame::Kind;
pub use crate::record::{Match, Released, Rescreening};
use std::collections::BTreeMap;
use wire::v1;
use wire::v1::finding::Severity;

/// Cards that are asked at once.
const CHUNK: usize = 4096;

/// What changed in the lists.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Fingerprint of the lists before.
    pub from: String,
    /// Fingerprint of the lists after.
    pub to: String,
    /// Digest of the kept lists after.
    pub lists: String,
    /// The day of the change, for people.
    pub day: String,
    /// How many entries came or changed.
    pub entries: u64,
    /// Entries that went, as list and id.
    pub removed: Vec<(String, String)>,
    /// Who asks.
    pub by: String,
}

impl Ledger {
    /// Digest of the kept lists up to which the past has been asked: those of the last rescreening or, before the first, of
    /// the last screening. `None`: there is no past.
    ///
    /// # Errors
    /// When the index cannot be read, or the last screening is damaged.
    pub fn asked_up_to(&self) -> Result<Option<String>> {
        if let Some(digest) = self.with_index(|index| index.asked_up_to())? {
            return Ok(Some(digest));
        }
        let last = self.find(&Query { limit: 1, ..Query::default() })?;
        let Some(last) = last.first() else { return Ok(None) };
        Ok(Some(self.show(last.number)?.context.lists.clone()).filter(|digest| !digest.is_empty()))
    }

    /// Asks the past again. `screen` says what an engine over the entries that came or changed finds in each of the cards'
    /// shipments, in order. `goes_on` hears how many cards are done, of how many, and says whether anybody still waits.
    ///
    /// The result is recorded, and cases are opened; with nothing to ask, nothing is.
    ///
    /// # Errors
    /// What `screen` says, what keeps the index from being read or the record from being written, and
    /// [`Error::Cancelled`] when nobody waits any more; then nothing is recorded.
    pub fn rescreen(
        &self,
        change: Change,
        mut screen: impl FnMut(&[Card]) -> std::result::Result<Vec<Vec<v1::Finding>>, String>,
        mut goes_on: impl FnMut(u64, u64) -> bool,
    ) -> Result<Rescreening> {
        let mut matches = BTreeMap::new();
        let (mut after, mut cards) = (0, 0);
        let of = self.with_index(|index| index.card_count())?;
        loop {
            // Without an entry to ask about there is nothing to ask.
            let most = if change.entries > 0 { CHUNK } else { 0 };
            let chunk = self.with_index(|index| index.cards(after, most))?;
            let Some(last) = chunk.last() else { break };
            after = last.id;
            cards += chunk.len() as u64;
            let answers = screen(&chunk).map_err(Error::Refused)?;
            if answers.len() != chunk.len() {
                return Err(Error::Refused(format!("{} answers to {} parties", answers.len(), chunk.len())));
            }
            for (card, findings) in chunk.iter().zip(answers) {
                self.gather(card, &findings, &mut matches)?;
            }
            if !goes_on(cards, of.max(cards)) {
                return Err(Error::Cancelled);
            }
        }
        let Change { from, to, lists, day, entries, removed, by } = change;
        let mut released = Vec::new();
        for (list, entry) in removed {
            let query = crate::index::CaseQuery { list, entry, limit: 100_000, ..Default::default() };
            for case in self.with_index(|index| index.cases(&query))? {
                released.push(Released { case: case.id, list: case.list, entry: case.entry });
            }
        }
        let found = matches.into_values().collect();
        let rescreening = Rescreening { from, to, lists, day, entries, cards, found, released, by };
        self.sealed_note(Kind::Rescreening, &rescreening, None)?;
        Ok(rescreening)
    }

    /// Gathers what one card was found to be, with the records in which it stands.
    fn gather(
        &self,
        card: &Card,
        findings: &[v1::Finding],
        matches: &mut BTreeMap<(String, String, String), Match>,
    ) -> Result<()> {
        let counts = |f: &&v1::Finding| f.severity() > Severity::Info && !f.is_shadow && f.entry.is_some();
        for finding in findings.iter().filter(counts) {
            let Some(entry) = &finding.entry else { continue };
            let party = match card.kind {
                CardKind::Party => card.shipment.parties[0].name.clone(),
                CardKind::Vessel => card.shipment.vessels[0].name.clone(),
                CardKind::Goods => finding.spans.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" "),
            };
            let squeezed = crate::index::squeezed(&party);
            let records = self.with_index(|index| index.seen(card.id))?;
            let key = (squeezed.clone(), entry.list.clone(), entry.id.clone());
            let found = matches.entry(key).or_insert_with(|| Match {
                party,
                squeezed,
                list: entry.list.clone(),
                entry: entry.id.clone(),
                entry_name: entry.name.clone(),
                score: finding.score,
                explanation: finding.explanation.clone(),
                records: Vec::new(),
            });
            found.score = found.score.max(finding.score);
            found.records.extend(records);
            found.records.sort_unstable();
            found.records.dedup();
        }
        Ok(())
    }
}
