//! Candidates: which names the words of a field lead to, before any comparison.

use super::hit::Field;
use super::name_record::NameRecord;
use super::vocabulary::WordId;
use crate::name::budgets::{BESIDE_INITIALS, NEEDED, NEEDED_IN_TEXT, NEEDED_OF_ONE, RARE_BESIDE_INITIALS};
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
    pub(super) fn note_anchor(&mut self, share: u16, round: u32, shape: &FieldShape, leads: Leads) -> bool {
        if self.round != round {
            *self = Self { round, ..Self::default() };
        }
        let before = self.share;
        self.share = before.saturating_add(share);
        match shape.field {
            Field::Name => {
                let least = shape.least(leads);
                before < least && self.share >= least && !self.is_candidate
            }
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

/// How many names a word leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// As many as can all be looked at; see [`MOST_BY_WORD`].
    Few,
    /// More.
    Many,
}

impl Leads {
    /// Of a word that leads to so many names.
    pub(super) fn to(names: usize) -> Self {
        if names <= MOST_BY_WORD { Self::Few } else { Self::Many }
    }
}

/// Names that are compared because they have one word of a field, at most for each such word.
pub(super) const MOST_BY_WORD: usize = 200;

/// Initials written as one word, at most.
const MOST_INITIALS: usize = 5;

/// What a field can hold, before any comparison.
pub(super) struct FieldShape {
    field: Field,
    /// Words of a name field that are no single letters.
    words: usize,
    /// Some of its words are initials, each alone or several in one.
    has_initials: bool,
    /// It is romanised from a script that leaves vowels out, so that its short words lead nowhere.
    lacks_vowels: bool,
}

impl FieldShape {
    /// The shape of a field.
    pub(super) fn of(folded: &Folded, field: Field) -> Self {
        let initials = folded.tokens().iter().filter(|t| is_initial(folded.text(**t))).count();
        let has_initials = initials > 0 || folded.tokens().iter().any(|token| are_dotted(folded, *token));
        Self { field, words: folded.tokens().len() - initials, has_initials, lacks_vowels: folded.lacks_vowels() }
    }

    /// The least part of a name's anchor weight that a name field must hold, in thousandths; see
    /// [`FieldShape::is_enough`].
    fn least(&self, leads: Leads) -> u16 {
        let hundredths = match (self.has_initials, leads) {
            (false, _) => NEEDED,
            (true, Leads::Many) => BESIDE_INITIALS,
            (true, Leads::Few) => RARE_BESIDE_INITIALS,
        };
        10 * hundredths as u16
    }

    /// The name as a candidate, when enough of its anchors stand near the one found `here`.
    pub(super) fn candidate(
        &self,
        name: NameId,
        record: &NameRecord,
        (here, leads): (WordPlace, Leads),
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
        self.is_enough(record, candidate.mask, is_same, leads).then_some(candidate)
    }

    /// Whether the anchors found are worth a comparison.
    fn is_enough(&self, record: &NameRecord, mask: u8, is_same: bool, leads: Leads) -> bool {
        let count = mask.count_ones();
        let at_least = |hundredths: u32| found_weight(record, mask) * 100 >= record.anchor_weight * hundredths;
        match self.field {
            Field::Name => {
                (at_least(NEEDED) && (count > 1 || is_same || self.lacks_vowels || at_least(NEEDED_OF_ONE)))
                    || (self.has_initials && is_same && at_least(BESIDE_INITIALS))
                    || (self.has_initials && leads == Leads::Few && at_least(RARE_BESIDE_INITIALS))
            }
            // A near match in running text reports from a high threshold on, which the rest could not reach.
            Field::Text => count >= 2 && at_least(NEEDED_IN_TEXT),
        }
    }
}

/// Whether a word is a single letter, of any alphabet: an ideograph or a syllable of Hangul is a word.
fn is_initial(word: &str) -> bool {
    let mut letters = word.chars();
    matches!((letters.next(), letters.next()), (Some(c), None) if c < '\u{2e80}')
}

/// Whether a word is several initials with something between each two: `M.M.` folds to one word.
fn are_dotted(folded: &Folded, token: Token) -> bool {
    let word = folded.text(token);
    let place = |(at, letter): (usize, char)| {
        let start = token.start as usize + at;
        folded.original(start, start + letter.len_utf8())
    };
    let mut places = word.char_indices().map(place);
    let Some((_, mut last)) = places.next() else { return false };
    let mut count = 1;
    // Letters that one sign is romanised to have nothing between them.
    let are_parted = places.all(|(start, end)| {
        count += 1;
        count <= MOST_INITIALS && start > std::mem::replace(&mut last, end)
    });
    are_parted && count >= 2
}

/// The weight of the anchors found.
fn found_weight(record: &NameRecord, mask: u8) -> u32 {
    record.anchors.iter().enumerate().filter(|(at, _)| mask & (1 << at) != 0).map(|(_, w)| u32::from(*w)).sum()
}

/// The part of a name's anchor weight that was found, in hundredths.
pub(super) fn found_share(record: &NameRecord, mask: u8) -> u32 {
    found_weight(record, mask) * 100 / record.anchor_weight
}

#[cfg(test)]
mod tests {
    use super::*;
    use text::Reading;

    #[test]
    fn initials_are_single_letters_of_any_alphabet_and_dotted_ones() {
        let has = |text: &str, reading| FieldShape::of(&Folded::of(text, reading), Field::Name).has_initials;
        for text in ["J Smith", "J. R. Smith", "M.M. ABOU RAAS", "Ш. М. Алиев", "Ш.М. Алиев", "خ. س. المحمد"]
        {
            assert!(has(text, Reading::Plain), "{text}");
        }
        for text in ["Jo Smith", "O'Neil Smith", "Süheyda Eröz", "최 광수", "深圳 大疆"] {
            assert!(!has(text, Reading::Plain), "{text}");
        }
        // A sign is romanised to several letters, none of which is an initial.
        assert!(!has("福田 健一", Reading::Romanised));
    }
}
