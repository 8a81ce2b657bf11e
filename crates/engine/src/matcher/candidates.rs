//! Candidates: which names the words of a field lead to, before any comparison.

use super::hit::Field;
use super::name_record::NameRecord;
use super::vocabulary::WordId;
use model::ids::NameId;
use text::{Folded, Token};

/// Where a word of the lists was last found in the field.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WordPlace {
    pub(super) round: u32,
    /// Number of the token.
    pub(super) at: u32,
    /// The word itself, rather than one near it.
    pub(super) is_same: bool,
}

/// How much of a name was found in the field.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NameProgress {
    round: u32,
    /// The sum of the anchors' shares, in thousandths, rounded up.
    share: u16,
    pub(super) is_candidate: bool,
}

impl NameProgress {
    /// Notes that an anchor of the name was found. Returns whether the name is now worth a look; for a name field once in
    /// a round: its anchors count wherever they stand.
    pub(super) fn note_anchor(&mut self, share: u16, round: u32, shape: &FieldShape) -> bool {
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

    /// Notes that the letters of the field lead to the name. Returns whether nothing has made it a candidate yet.
    pub(super) fn note_letters(&mut self, round: u32) -> bool {
        if self.round != round {
            *self = Self { round, ..Self::default() };
        }
        !std::mem::replace(&mut self.is_candidate, true)
    }
}

/// A name that may stand in the field, and the first and last token of its anchors there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) name: NameId,
    pub(super) first: u32,
    pub(super) last: u32,
    /// The anchors found, a bit each.
    pub(super) mask: u8,
}

impl Candidate {
    /// A name that the letters of a whole field lead to, rather than its words.
    pub(super) fn of_whole_field(name: NameId) -> Self {
        Self { name, first: 0, last: 0, mask: 0 }
    }
}

/// The part of a name's anchor weight that a name field must hold, in hundredths; the lesser one is enough in a field
/// with initials.
const NEEDED: u32 = 45;
const BESIDE_INITIALS: u32 = 15;
/// Initials written as one word, at most.
const MOST_INITIALS: usize = 5;

/// What a field can hold, before any comparison.
pub(super) struct FieldShape {
    field: Field,
    /// Words of a name field that are no single letters.
    words: usize,
    /// Some of its words are initials, each alone or several in one.
    has_initials: bool,
    /// The least part of a name's anchor weight that a name field must hold, in thousandths; see [`FieldShape::is_enough`].
    least: u16,
}

impl FieldShape {
    /// The shape of a field.
    pub(super) fn of(folded: &Folded, field: Field) -> Self {
        let initials = folded.tokens().iter().filter(|t| is_initial(folded.text(**t))).count();
        let has_initials = initials > 0 || folded.tokens().iter().any(|token| are_dotted(folded, *token));
        let least = 10 * if has_initials { BESIDE_INITIALS } else { NEEDED } as u16;
        Self { field, words: folded.tokens().len() - initials, has_initials, least }
    }

    /// The name as a candidate, when enough of its anchors stand near the one found `here`.
    pub(super) fn candidate(
        &self,
        name: NameId,
        record: &NameRecord,
        here: WordPlace,
        places: &[WordPlace],
    ) -> Option<Candidate> {
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

    /// Whether the anchors found are worth a comparison.
    fn is_enough(&self, record: &NameRecord, mask: u8, is_same: bool) -> bool {
        let count = mask.count_ones();
        let at_least = |hundredths: u32| found_weight(record, mask) * 100 >= record.anchor_weight * hundredths;
        match self.field {
            Field::Name => {
                (at_least(NEEDED) && (count > 1 || is_same || at_least(60)))
                    || (self.has_initials && at_least(BESIDE_INITIALS))
            }
            // A near match in running text reports from a high threshold on, which the rest could not reach.
            Field::Text => count >= 2 && at_least(68),
        }
    }
}

/// Whether a word is a single letter, of any alphabet: an ideograph or a syllable of Hangul is a word.
fn is_initial(word: &str) -> bool {
    let mut letters = word.chars();
    matches!((letters.next(), letters.next()), (Some(c), None) if c < '\u{2e80}')
}

/// Whether a word is several initials with dots between them: `M.M.` folds to one word.
fn are_dotted(folded: &Folded, token: Token) -> bool {
    let letters = folded.text(token).chars().count();
    let (start, end) = folded.original(token.start as usize, token.end as usize);
    let left_out = (end - start).saturating_sub(token.end - token.start) as usize;
    (2..=MOST_INITIALS).contains(&letters) && left_out + 1 >= letters
}

/// The weight of the anchors found.
fn found_weight(record: &NameRecord, mask: u8) -> u32 {
    record.anchors.iter().enumerate().filter(|(at, _)| mask & (1 << at) != 0).map(|(_, w)| u32::from(*w)).sum()
}

/// The part of a name's anchor weight that was found, in hundredths.
pub(super) fn found_share(record: &NameRecord, mask: u8) -> u32 {
    found_weight(record, mask) * 100 / record.anchor_weight
}
