//! Candidates: which names the words met in a field lead to, before any comparison.

use super::compile::NameRecord;
use super::find::Field;
use super::vocabulary::WordId;
use crate::text::Folded;

/// Where a word of the lists was last met in the field.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) round: u32,
    /// Number of the token.
    pub(super) at: u32,
    /// The word itself, rather than one near it.
    pub(super) is_same: bool,
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

/// What a field can hold, seen before any comparison.
pub(super) struct Shape {
    field: Field,
    /// Words of a name field that are no single letters.
    words: usize,
    has_initials: bool,
}

impl Shape {
    pub(super) fn of(folded: &Folded, field: Field) -> Self {
        let initials = folded.tokens().iter().filter(|t| t.end - t.start == 1).count();
        Self { field, words: folded.tokens().len() - initials, has_initials: initials > 0 }
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
                (at_least(45) && (count > 1 || is_same || at_least(60)))
                    || (self.has_initials && is_same && at_least(25))
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
