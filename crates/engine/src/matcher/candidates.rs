//! Candidates: which names the words met in a field lead to, before any comparison.

use super::compile::NameRecord;
use super::find::Field;
use super::vocabulary::WordId;
use text::Folded;

/// Where a word of the lists was last met in the field.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) round: u32,
    /// Number of the token.
    pub(super) at: u32,
    /// The word itself, rather than one near it.
    pub(super) is_same: bool,
}

/// How much of a name was met in the field.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    round: u32,
    /// The sum of the anchors' shares, in thousandths, rounded up.
    share: u16,
    pub(super) is_candidate: bool,
}

impl Mark {
    /// Notes that an anchor of the name was met. Returns whether the name is now worth a look, once in a round for a
    /// name field: its anchors count wherever they stand.
    pub(super) fn meets(&mut self, share: u16, round: u32, shape: &Shape) -> bool {
        if self.round != round {
            *self = Self { round, ..Self::default() };
        }
        let before = self.share;
        self.share = before.saturating_add(share);
        match shape.field {
            Field::Name => before < shape.least && self.share >= shape.least,
            Field::Text => !self.is_candidate,
        }
    }
}

/// A name that may stand in the field, and the tokens between which its anchors were met.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) name: u32,
    pub(super) first: u32,
    pub(super) last: u32,
    /// The anchors met.
    pub(super) mask: u8,
}

/// What of a name's anchor weight a name field must hold, in hundredths; in a field with initials, what is enough too.
const NEEDED: u32 = 45;
const BESIDE_INITIALS: u32 = 25;

/// What a field can hold, seen before any comparison.
pub(super) struct Shape {
    field: Field,
    /// Words of a name field that are no single letters.
    words: usize,
    has_initials: bool,
    /// What of a name must be met in a name field at the least, in thousandths; see [`Shape::is_enough`].
    least: u16,
}

impl Shape {
    pub(super) fn of(folded: &Folded, field: Field) -> Self {
        let initials = folded.tokens().iter().filter(|t| t.end - t.start == 1).count();
        let has_initials = initials > 0;
        let least = 10 * if has_initials { BESIDE_INITIALS } else { NEEDED } as u16;
        Self { field, words: folded.tokens().len() - initials, has_initials, least }
    }

    /// The name as a candidate, when enough of its anchors stand near the one met `here`.
    pub(super) fn candidate(&self, name: u32, record: &NameRecord, here: Place, places: &[Place]) -> Option<Candidate> {
        // In a person's name of several words a single listed word is found by the exact stage, or not at all.
        if self.field == Field::Name && record.is_person && record.word_count() == 1 && self.words > 1 {
            return None;
        }
        let reach = if self.field == Field::Text { record.word_count() as u32 + 3 } else { u32::MAX };
        let mut candidate = Candidate { name, first: here.at, last: here.at, mask: 0 };
        let mut is_same = false;
        for (anchor, word) in record.anchor_words.iter().enumerate().take_while(|(_, word)| **word != WordId::MAX) {
            let place = places[*word as usize];
            if place.round == here.round && place.at.abs_diff(here.at) <= reach {
                candidate.mask |= 1 << anchor;
                candidate.first = candidate.first.min(place.at);
                candidate.last = candidate.last.max(place.at);
                is_same |= place.is_same;
            }
        }
        self.is_enough(record, candidate.mask, is_same).then_some(candidate)
    }

    /// Whether the anchors met are worth a comparison.
    pub(super) fn is_enough(&self, record: &NameRecord, mask: u8, is_same: bool) -> bool {
        let count = mask.count_ones();
        let at_least = |hundredths: u32| met(record, mask) * 100 >= record.anchor_weight * hundredths;
        match self.field {
            Field::Name => {
                (at_least(NEEDED) && (count > 1 || is_same || at_least(60)))
                    || (self.has_initials && is_same && at_least(BESIDE_INITIALS))
            }
            // A near match in running text reports from a high threshold on, which the rest could not reach.
            Field::Text => count >= 2 && at_least(68),
        }
    }
}

/// The weight of the anchors met.
pub(super) fn met(record: &NameRecord, mask: u8) -> u32 {
    record.anchors.iter().enumerate().filter(|(at, _)| mask & (1 << at) != 0).map(|(_, w)| u32::from(*w)).sum()
}

/// The part of a name's anchor weight that was met, in hundredths.
pub(super) fn share(record: &NameRecord, mask: u8) -> u32 {
    met(record, mask) * 100 / record.anchor_weight
}
