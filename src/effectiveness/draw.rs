//! Which names are screened, how they are written, and in what text.

use super::choice::Choice;
use super::kind::{Field, Kind, Length, TYPES};
use super::manipulate::{broken, carried, written};
use super::words::Romanised;
use model::entry::{Entry, EntryKind};

/// One name to be screened in one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Case {
    pub(super) field: Field,
    pub(super) kind: Kind,
    /// Number of the entry in the snapshot.
    pub(super) entry: u32,
    /// Which of its names.
    pub(super) name: u16,
    /// The name as written.
    pub(super) written: String,
    /// The whole field.
    pub(super) text: String,
    /// The tables it counts in.
    pub(super) counts: Counts,
}

/// The tables a case counts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// All tables that take the names as they come.
    pub(super) overall: bool,
    /// The table by type.
    pub(super) by_type: bool,
    /// The table by length.
    pub(super) by_length: bool,
}

/// A type or a length has at least this part of the names of a kind, where the lists have as many.
const SHARE: usize = 10;

/// What names are drawn from and carried by.
pub(super) struct Drawing<'a> {
    pub(super) entries: &'a [Entry],
    pub(super) lines: &'a [String],
    pub(super) seed: u64,
    pub(super) count: usize,
}

/// Draws up to `count` names of every kind for every field, each name with the same chance and at most once a
/// kind. Both fields of a kind take the same names, written the same way, as far as the kind applies.
///
/// Ships and aircraft are few on any list, and so are very short names: for the tables by type and by length the
/// drawing goes on until each has a tenth of `count`. Those further names count in their own table only.
pub(super) fn draw(drawing: &Drawing<'_>) -> Vec<Case> {
    let names = |(at, entry): (usize, &Entry)| (0..entry.names.len()).map(move |name| (at, name)).collect::<Vec<_>>();
    let all: Vec<(usize, usize)> = drawing.entries.iter().enumerate().flat_map(names).collect();
    let romanised = Romanised::of(drawing.entries);
    let mut cases = Vec::new();
    for kind in Kind::ALL {
        let mut order = all.clone();
        Choice::new(drawing.seed, kind.as_str()).shuffle(&mut order);
        for field in Field::ALL {
            let mut quota = Quota::new(drawing.count);
            for &(at, name) in &order {
                if quota.is_full() {
                    break;
                }
                let entry = &drawing.entries[at];
                let listed = &entry.names[name].text;
                let wanted = quota.wanted(entry.kind, Length::of(listed));
                if wanted == Counts::default() {
                    continue;
                }
                if let Some((written, text)) = drawing.written(field, kind, (at, name), &romanised) {
                    quota.take(entry.kind, Length::of(listed), wanted);
                    let (entry, name) = (at as u32, name as u16);
                    cases.push(Case { field, kind, entry, name, written, text, counts: wanted });
                }
            }
        }
    }
    cases
}

impl Drawing<'_> {
    /// The name as written, and the whole field.
    fn written(
        &self,
        field: Field,
        kind: Kind,
        (at, name): (usize, usize),
        romanised: &Romanised,
    ) -> Option<(String, String)> {
        // A stream for each name: what one name takes from it disturbs no other.
        let mut choice = Choice::new(self.seed, &format!("{} {at} {name}", kind.as_str()));
        let entry = &self.entries[at];
        let listed = &entry.names[name].text;
        let line = |choice: &mut Choice| choice.of(self.lines).map_or("", |line| line.as_str());
        if (field, kind) == (Field::Text, Kind::LineBreak) {
            let line = line(&mut choice);
            return Some((listed.clone(), broken(line, listed, &mut choice)?));
        }
        let written = written(kind, listed, entry, romanised, &mut choice)?;
        let text = match field {
            Field::Party => written.clone(),
            Field::Text => carried(line(&mut choice), &written, &mut choice),
        };
        Some((written, text))
    }
}

/// How many names are still wanted.
struct Quota {
    overall: usize,
    types: [usize; TYPES.len()],
    lengths: [usize; Length::ALL.len()],
}

impl Quota {
    fn new(count: usize) -> Self {
        let share = count.div_ceil(SHARE);
        Self { overall: count, types: [share; TYPES.len()], lengths: [share; Length::ALL.len()] }
    }

    fn is_full(&self) -> bool {
        self.overall == 0 && self.types.iter().chain(&self.lengths).all(|left| *left == 0)
    }

    fn wanted(&self, of: EntryKind, length: Length) -> Counts {
        let overall = self.overall > 0;
        let by_type = TYPES.iter().zip(&self.types).any(|(known, left)| *known == of && *left > 0);
        let by_length = Length::ALL.iter().zip(&self.lengths).any(|(known, left)| *known == length && *left > 0);
        Counts { overall, by_type: overall || by_type, by_length: overall || by_length }
    }

    fn take(&mut self, of: EntryKind, length: Length, counts: Counts) {
        self.overall -= usize::from(counts.overall);
        for (_, left) in TYPES.iter().zip(&mut self.types).filter(|(known, _)| **known == of && counts.by_type) {
            *left = left.saturating_sub(1);
        }
        let lengths = Length::ALL.iter().zip(&mut self.lengths);
        for (_, left) in lengths.filter(|(known, _)| **known == length && counts.by_length) {
            *left = left.saturating_sub(1);
        }
    }
}
