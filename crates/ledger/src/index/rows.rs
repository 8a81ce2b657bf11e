//! Rows that are held until many are written at once: what nobody asks for while records are taken in.

use super::cards::{CardKind, NewCard, distances};
use super::schema::clipped;
use super::tables::{Column, Tables, one};
use crate::bytes::{Digest, sha256};
use crate::error::Result;
use jiff::civil::Date;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// A row of the table `record`.
pub(super) struct RecordRow {
    pub(super) number: u64,
    pub(super) outcome: i32,
    pub(super) caller: i64,
    pub(super) key: u32,
    pub(super) reference: String,
}

/// A row of the table `finding`.
pub(super) struct FindingRow {
    pub(super) number: u64,
    pub(super) at: i64,
    pub(super) reason: i32,
    pub(super) severity: i32,
    pub(super) list: i64,
    pub(super) entry: String,
}

/// A card, and the records in which it was seen.
struct SeenCard {
    card: NewCard,
    /// 48 bits of its digest.
    print: i64,
    numbers: Vec<u64>,
}

/// Rows of several tables.
#[derive(Default)]
pub(super) struct Rows {
    records: Vec<RecordRow>,
    findings: Vec<FindingRow>,
    days: BTreeMap<(Date, i32), i64>,
    cards: Vec<SeenCard>,
    /// Where cards are among `cards`, by their digests.
    places: HashMap<Digest, usize>,
    /// Bytes of them all, about.
    bytes: usize,
}

impl Rows {
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn record(&mut self, row: RecordRow, day: Date) {
        *self.days.entry((day, row.outcome)).or_default() += 1;
        self.bytes += row.reference.len() + size_of::<RecordRow>();
        self.records.push(row);
    }

    pub(super) fn finding(&mut self, row: FindingRow) {
        self.bytes += row.entry.len() + size_of::<FindingRow>();
        self.findings.push(row);
    }

    /// A card that is seen in a record.
    pub(super) fn card(&mut self, card: NewCard, number: u64) {
        let digest = sha256(&[&[card.kind as u8], &card.bytes]);
        let place = *self.places.entry(digest).or_insert_with(|| {
            self.bytes += card.bytes.len() + card.squeezed.len() + size_of::<SeenCard>();
            let print = digest[..6].iter().fold(0, |print, byte| print << 8 | i64::from(*byte));
            self.cards.push(SeenCard { card, print, numbers: Vec::new() });
            self.cards.len() - 1
        });
        let numbers = &mut self.cards[place].numbers;
        // A party that stands twice in a record is seen in it once.
        if numbers.last() != Some(&number) {
            self.bytes += size_of::<u64>();
            numbers.push(number);
        }
    }

    /// Writes them all.
    pub(super) fn write(self, tables: &mut dyn Tables) -> Result<()> {
        let Self { records, findings, days, mut cards, .. } = self;
        write_records(tables, &records)?;
        write_findings(tables, &findings)?;
        write_days(tables, days)?;
        // In the order of the table, which is the fastest to search and to write.
        cards.sort_unstable_by_key(|seen| seen.print);
        let cards = with_ids(tables, cards)?;
        write_seen(tables, cards)
    }
}

fn write_records(tables: &mut dyn Tables, rows: &[RecordRow]) -> Result<()> {
    let numbers = |of: fn(&RecordRow) -> i64| Column::Numbers(rows.iter().map(of).collect());
    let columns = [
        numbers(|row| row.number as i64),
        numbers(|row| row.outcome.into()),
        numbers(|row| row.caller),
        numbers(|row| row.key.into()),
        Column::Texts(rows.iter().map(|row| &*row.reference).collect()),
    ];
    tables.run_each("INSERT INTO record VALUES (?, ?, ?, ?, ?)", &columns)
}

fn write_findings(tables: &mut dyn Tables, rows: &[FindingRow]) -> Result<()> {
    let numbers = |of: fn(&FindingRow) -> i64| Column::Numbers(rows.iter().map(of).collect());
    let entries: Vec<Cow<'_, str>> = rows.iter().map(|row| clipped(&row.entry)).collect();
    let columns = [
        numbers(|row| row.number as i64),
        numbers(|row| row.at),
        numbers(|row| row.reason.into()),
        numbers(|row| row.severity.into()),
        numbers(|row| row.list),
        Column::Texts(entries.iter().map(|entry| &**entry).collect()),
    ];
    tables.run_each("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?)", &columns)
}

fn write_days(tables: &mut dyn Tables, days: BTreeMap<(Date, i32), i64>) -> Result<()> {
    let names: Vec<String> = days.keys().map(|(day, _)| day.to_string()).collect();
    let columns = [
        Column::Texts(names.iter().map(|name| &**name).collect()),
        Column::Numbers(days.keys().map(|(_, outcome)| (*outcome).into()).collect()),
        Column::Numbers(days.into_values().collect()),
    ];
    let more = "INSERT INTO day VALUES (?, ?, ?) \
                ON CONFLICT (day, outcome) DO UPDATE SET count = day.count + excluded.count";
    tables.run_each(more, &columns)
}

/// Gives cards their ids; those that are new are put in.
fn with_ids(tables: &mut dyn Tables, cards: Vec<SeenCard>) -> Result<Vec<(i64, SeenCard)>> {
    let columns = [
        Column::Numbers(cards.iter().map(|seen| seen.print).collect()),
        Column::Numbers(cards.iter().map(|seen| seen.card.kind as i64).collect()),
        Column::Bytes(cards.iter().map(|seen| &*seen.card.bytes).collect()),
    ];
    let same = "SELECT card.id FROM print JOIN card ON card.id = print.card \
                WHERE print.print = ? AND card.kind = ? AND card.card = ?";
    let ids = tables.ask_each(same, &columns)?;
    let last = one(tables, "SELECT coalesce(max(id), 0) FROM card", &[], |row| row.number(0))?;
    let mut last = last.unwrap_or(0);
    let (mut all, mut new) = (Vec::with_capacity(cards.len()), Vec::new());
    for (card, id) in cards.into_iter().zip(ids) {
        match id {
            Some(id) => all.push((id, card)),
            None => {
                last += 1;
                new.push((last, card));
            }
        }
    }
    put_cards(tables, &new)?;
    all.append(&mut new);
    Ok(all)
}

fn put_cards(tables: &mut dyn Tables, cards: &[(i64, SeenCard)]) -> Result<()> {
    let ids = Column::Numbers(cards.iter().map(|(id, _)| *id).collect());
    let kinds = Column::Numbers(cards.iter().map(|(_, seen)| seen.card.kind as i64).collect());
    let bytes = Column::Bytes(cards.iter().map(|(_, seen)| &*seen.card.bytes).collect());
    let prints = Column::Numbers(cards.iter().map(|(_, seen)| seen.print).collect());
    tables.run_each("INSERT INTO card VALUES (?, ?, ?)", &[ids.clone(), kinds, bytes])?;
    tables.run_each("INSERT INTO print VALUES (?, ?)", &[prints, ids])?;
    let names: Vec<(Cow<'_, str>, i64)> = cards
        .iter()
        .filter(|(_, seen)| seen.card.kind != CardKind::Goods)
        .map(|(id, seen)| (clipped(&seen.card.squeezed), *id))
        .collect();
    let columns = [
        Column::Texts(names.iter().map(|(name, _)| &**name).collect()),
        Column::Numbers(names.iter().map(|(_, id)| *id).collect()),
    ];
    tables.run_each("INSERT INTO name VALUES (?, ?)", &columns)
}

/// Writes down where cards were seen, each once for all its records.
fn write_seen(tables: &mut dyn Tables, mut cards: Vec<(i64, SeenCard)>) -> Result<()> {
    cards.sort_unstable_by_key(|(id, _)| *id);
    let more: Vec<Vec<u8>> = cards.iter().map(|(_, seen)| distances(&seen.numbers)).collect();
    let columns = [
        Column::Numbers(cards.iter().map(|(id, _)| *id).collect()),
        Column::Numbers(cards.iter().map(|(_, seen)| seen.numbers[0] as i64).collect()),
        Column::Bytes(more.iter().map(|more| &**more).collect()),
    ];
    tables.run_each("INSERT INTO seen VALUES (?, ?, ?)", &columns)
}
